//! Credit that settles invoices: alone, beside a payment, by the staff.

use super::*;
use portico_billing::invoice::InvoiceStatus;
use portico_billing::permission::{Permission, Permissions};
use portico_billing::{CreditUseId, PaymentId};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Rejection, SentForm};
use portico_core::{CreditInput, CreditUseOutput, NewVoucherBatch};
use portico_core_api::{Begun, CreditUseView};
use portico_testkit::both_engines;

/// A payment that settles nothing.
async fn paid_in(world: &World, name: &str, minor: i64) -> PaymentId {
    let input = json!({
        "external_id": name, "customer_id": "c-1", "status": "succeeded", "currency": "EUR",
        "amount_minor": minor, "method": "cash", "paid_at": "2026-02-01T12:00:00Z",
    });
    world.save::<PaymentRecord>(input).await.id
}

/// A credit note for no invoice.
async fn free_note(world: &World, number: &str, minor: i64) {
    world
        .save::<CreditNoteRecord>(json!({
            "external_id": number, "customer_id": "c-1", "number": number, "currency": "EUR",
            "issued_on": "2026-03-01",
            "lines": [{"description": "Goodwill", "amount_minor": minor}],
        }))
        .await;
}

async fn void_note(world: &World, number: &str) -> Result<(), Rejection> {
    let (caller, key) = (Caller::system(world.organisation.id), RecordKey::new(number));
    let void = json!({"status": "void"});
    world.core.patch_record::<CreditNoteRecord>(&caller, &key, &void).await.map(drop)
}

/// A voucher that gives so much at once.
async fn redeem(world: &World, secret: &SessionSecret, minor: i64) {
    let new = NewVoucherBatch {
        series: "CREDIT".to_owned(),
        count: 1,
        currency: Currency::EUR,
        minimum_minor: 0,
        multiplier: None,
        addition_minor: minor,
        ceiling_minor: None,
        expires_at: None,
        wait_days: None,
        note: String::new(),
    };
    let caller = Caller::system(world.organisation.id);
    let batch = world.core.make_voucher_batch(&caller, new).await.expect("a batch");
    let codes = world.core.export_voucher_codes(&caller, batch.id).await.expect("codes");
    world.core.redeem_voucher(secret, &codes[0].code, origin()).await.expect("redeemed");
}

/// What a form sends that uses credit and names no way.
fn by_credit(key: &str, invoices: &[InvoiceId]) -> PayOrder {
    let nowhere = GatewayId::from(uuid::Uuid::nil());
    PayOrder { credit: true, gateway: None, ..order(key, nowhere, invoices) }
}

async fn used(world: &World, secret: &SessionSecret, order: PayOrder) -> CreditUseView {
    match world.core.pay(secret, order, origin()).await.expect("an order") {
        Begun::Credit(id) => world.core.credit_use(secret, id).await.expect("a use of credit"),
        Begun::Attempt(id) => panic!("{id} was begun"),
    }
}

fn form(key: &str) -> SentForm {
    SentForm::new(key, [("form", "credit")].into_iter())
}

/// The staff uses credit, by a form of this key.
async fn settle(
    world: &World,
    key: &str,
    (invoice, amount_minor): (InvoiceId, Option<i64>),
) -> Result<CreditUseOutput, Rejection> {
    let (caller, invoice) = (Caller::system(world.organisation.id), invoice.to_string());
    let asked = (&RecordKey::new(invoice), CreditInput { amount_minor });
    world.core.settle_by_credit(&caller, &form(key), asked).await
}

fn parts(it: &CreditUseOutput) -> Vec<(&str, i64)> {
    it.parts.iter().map(|part| (part.kind, part.amount_minor)).collect()
}

async fn remaining(world: &World, secret: &SessionSecret, id: InvoiceId) -> i64 {
    world.core.invoice(secret, id).await.expect("an invoice").remaining.minor()
}

/// What a payment settles, by the number of the invoice.
async fn settled_by(world: &World, secret: &SessionSecret, id: PaymentId) -> Vec<(String, i64)> {
    let row = world.core.payment(secret, id).await.expect("a payment").row;
    let mut settled: Vec<_> =
        row.settled.into_iter().map(|it| (it.number, it.amount.minor())).collect();
    settled.sort_unstable();
    settled
}

async fn credit(world: &World, secret: &SessionSecret) -> i64 {
    world.core.pay_offer(secret, None).await.expect("an offer").credit.minor()
}

/// The balance is the credit there is, less what is to be paid; and the ledger is whole.
async fn assert_books(world: &World, secret: &SessionSecret, balance: i64) {
    let offer = world.core.pay_offer(secret, None).await.expect("an offer");
    let told = offer.credit.minor() - offer.remaining.minor();
    assert_eq!((live(world, secret).await, told), (balance, balance));
    assert_whole_ledger(world).await;
}

both_engines! {
    async fn credit_settles_alone_what_it_covers_and_moves_no_money(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let payment = paid_in(&world, "p-1", 1_000).await;
        let [first, second] =
            [invoice(&world, "c-1", "A-1", 600).await, invoice(&world, "c-1", "A-2", 300).await];
        assert_books(&world, &secret, 100).await;
        let it = used(&world, &secret, by_credit("k-1", &[first])).await;
        assert_eq!(it.amount.minor(), 600);
        let settled = [(first, Some("A-1".to_owned()), it.amount)];
        assert_eq!(it.invoices, settled);
        assert_books(&world, &secret, 100).await;
        // It is enough: the way that was chosen is not asked.
        let order = PayOrder { gateway: Some(at), ..by_credit("k-2", &[second]) };
        assert_eq!(used(&world, &secret, order).await.amount.minor(), 300);
        assert_books(&world, &secret, 100).await;
        let expected = [("A-1".to_owned(), 600), ("A-2".to_owned(), 300)];
        assert_eq!(settled_by(&world, &secret, payment).await, expected);
        let shown = world.core.payment(&secret, payment).await.expect("a payment");
        assert_eq!(shown.unallocated.minor(), 100);
        let uses = world.core.credit_uses(&secret).await.expect("uses");
        let mut uses: Vec<i64> = uses.iter().map(|it| it.amount.minor()).collect();
        uses.sort_unstable();
        assert_eq!(uses, [300, 600]);
        assert_eq!(world.core.invoice(&secret, first).await.expect("it").payments.len(), 1);
    }

    async fn what_credit_does_not_cover_needs_a_way(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        paid_in(&world, "p-1", 200).await;
        let id = invoice(&world, "c-1", "A-1", 600).await;
        let pay = async |order| world.core.pay(&secret, order, origin()).await;
        assert_eq!(pay(by_credit("k", &[id])).await, invalid("way", Fault::Required));
        let refill = PayOrder { amount_minor: Some(100), ..by_credit("k", &[]) };
        assert_eq!(pay(refill).await, invalid("way", Fault::Required), "it is no refill");
        let none = PayOrder { credit: false, ..by_credit("k", &[id]) };
        assert_eq!(pay(none).await, invalid("way", Fault::Required));
        for minor in [0, -1, 601, i64::MIN, i64::MAX] {
            let odd = PayOrder { amount_minor: Some(minor), ..by_credit("k", &[id]) };
            let refused = pay(odd).await;
            assert!(matches!(refused, Err(Refusal::Invalid { .. })), "{minor}: {refused:?}");
        }
        let part = PayOrder { amount_minor: Some(200), ..by_credit("k", &[id]) };
        assert_eq!(used(&world, &secret, part.clone()).await.amount.minor(), 200);
        assert_eq!(remaining(&world, &secret, id).await, 400);
        let altered = PayOrder { amount_minor: Some(100), ..part };
        assert_eq!(pay(altered).await, invalid("form", Fault::Unchanged));
        assert_books(&world, &secret, -400).await;
    }

    async fn credit_comes_first_and_the_rest_is_paid(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({"surcharge_minor": 10})).await;
        let secret = enter(&world, "c-1").await;
        paid_in(&world, "p-1", 250).await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let both = |key| PayOrder { gateway: Some(at), ..by_credit(key, &[id]) };
        let declined = pay(&world, &secret, both("k-1"), "decline").await;
        assert_eq!(declined.state, AttemptState::Failed);
        assert_eq!((declined.amount.minor(), declined.charged.minor()), (750, 760));
        assert_eq!(credit(&world, &secret).await, 250, "nothing was used");
        assert_eq!(remaining(&world, &secret, id).await, 1_000);
        let part = PayOrder { amount_minor: Some(300), ..both("k-2") };
        let view = pay(&world, &secret, part, "pay").await;
        assert_eq!((view.amount.minor(), view.credit.minor()), (50, 250));
        assert!(succeeded(&view), "{view:?}");
        assert_eq!((credit(&world, &secret).await, remaining(&world, &secret, id).await), (0, 700));
        let uses = world.core.credit_uses(&secret).await.expect("uses");
        assert_eq!(uses.iter().map(|it| it.amount.minor()).collect::<Vec<_>>(), [250]);
        let rest = pay(&world, &secret, both("k-3"), "pay").await;
        assert_eq!((rest.amount.minor(), rest.credit.minor()), (700, 0), "there is no more");
        assert_books(&world, &secret, 0).await;
    }

    async fn credit_that_is_gone_when_the_payment_arrives_is_not_used_twice(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        paid_in(&world, "p-1", 250).await;
        let [first, second] =
            [invoice(&world, "c-1", "A-1", 1_000).await, invoice(&world, "c-1", "A-2", 180).await];
        let order = PayOrder { gateway: Some(at), ..by_credit("k-1", &[first]) };
        let attempt = begin(&world, &secret, order).await.expect("an attempt");
        assert_eq!(credit(&world, &secret).await, 250, "nothing is held before it is paid");
        settle(&world, "f-1", (second, None)).await.expect("settled");
        choose(&world, &secret, attempt, "pay").await;
        let view = look(&world, &secret, attempt).await;
        assert!(succeeded(&view), "{view:?}");
        assert_eq!(remaining(&world, &secret, first).await, 1_000 - 750 - 70);
        assert_books(&world, &secret, -180).await;
    }

    async fn the_oldest_credit_is_used_first_whatever_it_comes_from(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        paid_in(&world, "p-1", 200).await;
        free_note(&world, "N-1", 100).await;
        world.wait(60);
        redeem(&world, &secret, 500).await;
        let [first, second] =
            [invoice(&world, "c-1", "A-1", 250).await, invoice(&world, "c-1", "A-2", 1_000).await];
        let it = settle(&world, "f-1", (first, None)).await.expect("settled");
        assert_eq!(parts(&it), [("payment", 200), ("credit_note", 50)]);
        let it = settle(&world, "f-2", (second, None)).await.expect("settled");
        assert_eq!(parts(&it), [("credit_note", 50), ("voucher", 500)]);
        assert_eq!(remaining(&world, &secret, second).await, 450);
        assert_books(&world, &secret, -450).await;
        let shown = world.core.invoice(&secret, second).await.expect("an invoice");
        let mut credits: Vec<_> = shown.credits.iter().map(|it| it.amount.minor()).collect();
        credits.sort_unstable();
        assert_eq!((credits, shown.paid.minor(), shown.credited.minor()), (vec![50, 500], 550, 0));
        assert!(shown.credits.iter().all(|it| it.name.is_some()), "{shown:?}");
        // What a credit note had settled is open again where it is cancelled.
        void_note(&world, "N-1").await.expect("void");
        assert_eq!(remaining(&world, &secret, first).await, 50);
        assert_eq!(remaining(&world, &secret, second).await, 500);
        assert_books(&world, &secret, -550).await;
    }

    async fn what_settles_an_invoice_beyond_its_amount_is_credit(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let payment = paid_in(&world, "p-1", 500).await;
        let [first, second] =
            [invoice(&world, "c-1", "A-1", 500).await, invoice(&world, "c-1", "A-2", 150).await];
        used(&world, &secret, by_credit("k-1", &[first])).await;
        assert_eq!(credit(&world, &secret).await, 0);
        world
            .save::<CreditNoteRecord>(json!({
                "external_id": "N-1", "customer_id": "c-1", "number": "N-1", "invoice_id": "A-1",
                "issued_on": "2026-03-01",
                "lines": [{"description": "Goodwill", "amount_minor": 200}],
            }))
            .await;
        assert_eq!(credit(&world, &secret).await, 200);
        assert_eq!(used(&world, &secret, by_credit("k-2", &[second])).await.amount.minor(), 150);
        let expected = [("A-1".to_owned(), 350), ("A-2".to_owned(), 150)];
        assert_eq!(settled_by(&world, &secret, payment).await, expected);
        let first = world.core.invoice(&secret, first).await.expect("an invoice");
        assert_eq!(first.remaining.minor(), 0, "it stays paid");
        assert_books(&world, &secret, 50).await;
    }

    async fn the_staff_uses_no_more_than_there_is_and_each_form_once(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 300).await;
        let conflict = |refused: Result<CreditUseOutput, Rejection>| match refused {
            Err(Rejection::Conflict { field, .. }) => field,
            other => panic!("expected a conflict, got {other:?}"),
        };
        let none = settle(&world, "f", (id, None)).await;
        assert_eq!(conflict(none), "amount_minor");
        paid_in(&world, "p-1", 120).await;
        for minor in [0, -1, 121, i64::MIN, i64::MAX] {
            let refused = settle(&world, "f", (id, Some(minor))).await;
            assert_eq!(conflict(refused), "amount_minor", "{minor}");
        }
        // A form that was refused may be sent again.
        let it = settle(&world, "f", (id, Some(50))).await.expect("settled");
        assert_eq!((it.invoice_id, it.amount_minor), (id, 50));
        let again = settle(&world, "f", (id, Some(50))).await.expect("sent again");
        assert_eq!(again, it, "it is the same use");
        let caller = Caller::system(world.organisation.id);
        let key = RecordKey::new("A-1");
        let other = SentForm::new("f", [("form", "other")].into_iter());
        let asked = || (&key, CreditInput::default());
        assert_eq!(conflict(world.core.settle_by_credit(&caller, &other, asked()).await), "form");
        assert_eq!(remaining(&world, &secret, id).await, 250);
        let most = settle(&world, "f-2", (id, None)).await.expect("settled");
        assert_eq!(most.amount_minor, 70, "as far as credit goes");
        let usable = world.core.usable_credit(&caller, (customer_id(&world).await, Currency::EUR));
        assert_eq!(usable.await.expect("an answer").minor(), 0);

        let reader = Caller { permissions: Permissions::of(&[Permission::Read]), ..caller };
        let refused = world.core.settle_by_credit(&reader, &form("r"), asked()).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");
        let elsewhere = crate::common::organisation(&world.core, "Other").await;
        let stranger = Caller { organisation_id: elsewhere.id, ..caller };
        let refused = world.core.settle_by_credit(&stranger, &form("s"), asked()).await;
        assert!(matches!(refused, Err(Rejection::NotFound(_))), "{refused:?}");
        let theirs = enter(&world, "c-2").await;
        let foreign = world.core.credit_use(&theirs, it.id).await;
        assert_eq!(foreign, Err(Refusal::NotFound));
        let absent = world.core.credit_use(&secret, CreditUseId::from(id.uuid())).await;
        assert_eq!(absent, Err(Refusal::NotFound));
        assert_books(&world, &secret, -180).await;
    }

    /// A long walk of all that makes credit, uses it and takes it back.
    async fn pay_08_credit_is_what_the_books_say_after_each_step(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let (mut dice, mut open, mut notes) = (Dice(20_260_302), Vec::new(), Vec::new());
        for step in 0..120 {
            let minor = i64::from(dice.roll(900)) + 1;
            let some = |dice: &mut Dice, all: &[InvoiceId]| {
                all.get(dice.roll(12) as usize).or(all.last()).copied()
            };
            match dice.roll(7) {
                0 => {
                    paid_in(&world, &format!("p-{step}"), minor).await;
                }
                1 => {
                    free_note(&world, &format!("N-{step}"), minor).await;
                    notes.push(format!("N-{step}"));
                }
                2 if notes.len() > 2 => {
                    let note = notes.swap_remove(dice.roll(3) as usize);
                    void_note(&world, &note).await.expect("void");
                }
                3 | 4 => {
                    let id = some(&mut dice, &open);
                    let Some(id) = id else { continue };
                    let settled = settle(&world, &format!("f-{step}"), (id, Some(minor))).await;
                    let refused = matches!(settled, Err(Rejection::Conflict { .. }));
                    assert!(settled.is_ok() || refused, "{settled:?}");
                }
                5 => {
                    let Some(id) = some(&mut dice, &open) else { continue };
                    let note = json!({
                        "external_id": format!("T-{step}"), "customer_id": "c-1",
                        "number": format!("T-{step}"), "invoice_id": id.to_string(),
                        "issued_on": "2026-03-01",
                        "lines": [{"description": "Goodwill", "amount_minor": 1}],
                    });
                    let input = portico_core::records::parse_input::<CreditNoteRecord>(note);
                    let caller = Caller::system(world.organisation.id);
                    let new = portico_core::records::Target::New;
                    let saved = world
                        .core
                        .save_record::<CreditNoteRecord>(&caller, new, input.expect("an input"))
                        .await;
                    // Of an invoice that is credited whole, nothing more is.
                    match saved {
                        Ok(_) | Err(Rejection::Invalid(_) | Rejection::Conflict { .. }) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                }
                _ => open.push(invoice(&world, "c-1", &format!("A-{step}"), minor).await),
            }
            let balance = live(&world, &secret).await;
            let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
            let told = offer.credit.minor() - offer.remaining.minor();
            assert_eq!(told, balance, "step {step}");
        }
        assert!(!open.is_empty() && !notes.is_empty());
        assert_whole_ledger(&world).await;
    }
}

async fn customer_id(world: &World) -> portico_billing::CustomerId {
    world.customer("c-1").await.id
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(sides.max(1))).unwrap_or(0)
    }
}

#[tokio::test]
async fn an_invoice_that_credit_settled_cannot_be_cancelled() {
    let world = World::new().await;
    let secret = enter(&world, "c-1").await;
    free_note(&world, "N-1", 100).await;
    let id = invoice(&world, "c-1", "A-1", 300).await;
    settle(&world, "f", (id, None)).await.expect("settled");
    let (caller, key) = (Caller::system(world.organisation.id), RecordKey::new("A-1"));
    let void = json!({"status": "void"});
    let refused = world.core.patch_record::<InvoiceRecord>(&caller, &key, &void).await;
    assert!(matches!(refused, Err(Rejection::Conflict { .. })), "{refused:?}");
    let it = world.core.find_record::<InvoiceRecord>(&caller, &key).await.expect("the invoice");
    assert_eq!((it.status, it.paid_minor), (InvoiceStatus::PartiallyPaid, 100));
    assert_books(&world, &secret, -200).await;
}
