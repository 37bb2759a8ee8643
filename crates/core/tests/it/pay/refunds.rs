//! Payments given back through their gateway. The sandbox does what the last two digits of the
//! amount say (`portico_gateways::sandbox::RefundFate`).

use std::pin::pin;
use std::time::Duration;

use super::*;
use portico_billing::gateway::DeclineReason;
use portico_billing::ledger::Account;
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::permission::Permissions;
use portico_billing::refund::RefundState;
use portico_billing::{Money, PaymentId, RefundId};
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Rejection, SentForm, Target, parse_input};
use portico_core::refunds::{RefundInput, RefundTo, RefundView};
use portico_store::payment_refund::PaymentRefund;
use portico_testkit::both_engines;

/// A form that nobody has sent.
pub(super) fn form(key: &str) -> SentForm {
    SentForm::new(key, [("form", key)].into_iter())
}

/// A payment of an invoice over so many cents, by a gateway.
pub(super) async fn paid(
    world: &World,
    secret: &SessionSecret,
    (at, number, minor): (GatewayId, &str, i64),
) -> (PaymentId, InvoiceId) {
    let id = invoice(world, "c-1", number, minor).await;
    let view = pay(world, secret, order(number, at, &[id]), "pay").await;
    assert!(succeeded(&view), "{view:?}");
    (view.payment.expect("a payment"), id)
}

pub(super) async fn payment(world: &World, id: PaymentId) -> Payment {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
    read.payment(id).await.expect("an answer").expect("the payment")
}

pub(super) async fn refund(
    world: &World,
    (id, key): (PaymentId, &str),
    amount_minor: Option<i64>,
) -> Result<RefundView, Rejection> {
    let input = RefundInput { amount_minor, to: RefundTo::Method, reason: None };
    let name = RecordKey::new(id.to_string());
    world.core.refund_payment(&world.caller, &form(key), (&name, &input)).await
}

/// The refunds that count.
pub(super) async fn given(world: &World, id: PaymentId) -> Vec<Payment> {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
    let mut all = read.refunds_of_payment(id).await.expect("refunds");
    all.retain(|it| it.status == PaymentStatus::Succeeded);
    all
}

async fn orders(world: &World, id: PaymentId) -> Vec<PaymentRefund> {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
    read.refund_orders_of(id).await.expect("orders")
}

/// The clock alone asks, for so many seconds.
async fn watch(world: &World, seconds: i64) {
    for _ in 0..(seconds / 60 + 1) {
        world.wait(60);
        world.core.look_at_refunds().await.expect("looked");
    }
}

fn field(rejection: &Rejection) -> Option<&str> {
    match rejection {
        Rejection::Invalid(faults) => faults.first().map(|fault| fault.field.as_str()),
        Rejection::Conflict { field, .. } => Some(field),
        _ => None,
    }
}

both_engines! {
    async fn a_payment_goes_back_to_where_it_came_from(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 12_100)).await;
        let view = refund(&world, (id, "f-1"), Some(2_100)).await.expect("a refund");
        assert_eq!((view.state, view.amount.minor()), (RefundState::Succeeded, 2_100));
        assert_eq!(live(&world, &secret).await, -2_100);
        assert_eq!(due(&world, &secret, settled).await, 2_100, "it is due again");
        assert_eq!(account(&world, Account::Gateway(at)).await, -10_000);
        let made = payment(&world, view.refund_id.expect("a refund")).await;
        assert_eq!((made.kind, made.parent_id), (PaymentKind::Refund, Some(id)));
        let charge = made.charge.expect("a charge");
        assert_eq!((charge.gateway_id, charge.charged_minor), (at, 2_100));
        let detail = world.core.payment(&secret, id).await.expect("the payment");
        assert_eq!(detail.row.refunded.minor(), 2_100);
        assert_eq!((detail.refunds.len(), detail.returning.minor()), (1, 0));
        assert!(!detail.refunds[0].disputed);

        let rest = refund(&world, (id, "f-2"), None).await.expect("a refund");
        assert_eq!(rest.amount.minor(), 10_000, "all that is left");
        let none = refund(&world, (id, "f-3"), None).await.expect_err("nothing is left");
        assert_eq!(field(&none), Some("amount_minor"));
        assert_eq!(live(&world, &secret).await, -12_100);
        assert_eq!(account(&world, Account::Gateway(at)).await, 0);
        assert_whole_ledger(&world).await;
    }

    async fn what_is_free_goes_before_invoices_are_due_again(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let first = invoice(&world, "c-1", "A-1", 1_000).await;
        let second = invoice(&world, "c-1", "A-2", 1_000).await;
        let both = pay(&world, &secret, order("k", at, &[first, second]), "pay").await;
        let id = both.payment.expect("a payment");
        refund(&world, (id, "f-1"), Some(400)).await.expect("a refund");
        let open = [due(&world, &secret, first).await, due(&world, &secret, second).await];
        assert_eq!(open, [0, 400], "the newest first");
        refund(&world, (id, "f-2"), Some(800)).await.expect("a refund");
        let open = [due(&world, &secret, first).await, due(&world, &secret, second).await];
        assert_eq!(open, [200, 1_000]);
        let refill = PayOrder { amount_minor: Some(700), ..order("k-2", at, &[]) };
        let refill = pay(&world, &secret, refill, "pay").await.payment.expect("a payment");
        refund(&world, (refill, "f-3"), Some(700)).await.expect("a refund");
        let open = [due(&world, &secret, first).await, due(&world, &secret, second).await];
        assert_eq!(open, [200, 1_000], "it had settled nothing");
        assert_whole_ledger(&world).await;
    }

    async fn pay_08_surcharges_go_back_last(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({"surcharge_minor": 35})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let part = refund(&world, (id, "f-1"), Some(600)).await.expect("a refund");
        assert_eq!(part.state, RefundState::Succeeded);
        assert_eq!(account(&world, Account::Surcharges).await, 35);
        let much = refund(&world, (id, "f-2"), Some(436)).await.expect_err("too much");
        assert_eq!(field(&much), Some("amount_minor"));
        let rest = refund(&world, (id, "f-3"), Some(435)).await.expect("a refund");
        let rest = payment(&world, rest.refund_id.expect("a refund")).await;
        assert_eq!((rest.amount_minor, rest.charge.expect("a charge").charged_minor), (400, 435));
        assert_eq!(account(&world, Account::Surcharges).await, 0);
        assert_eq!(account(&world, Account::Gateway(at)).await, 0);
        assert_eq!(live(&world, &secret).await, -1_000);
        assert_whole_ledger(&world).await;
    }

    async fn pay_05_an_order_is_unknown_until_the_gateway_tells(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 10_000)).await;
        let slow = refund(&world, (id, "slow"), Some(592)).await.expect("an order");
        assert_eq!(slow.state, RefundState::Processing);
        let lost = refund(&world, (id, "lost"), Some(593)).await.expect("an order");
        assert_eq!(lost.state, RefundState::Unknown);
        let gone = refund(&world, (id, "gone"), Some(594)).await.expect("an order");
        assert_eq!(gone.state, RefundState::Unknown);
        assert_eq!(live(&world, &secret).await, 0, "nothing is booked before it is known");
        let detail = world.core.payment(&secret, id).await.expect("the payment");
        assert_eq!(detail.returning.minor(), 592 + 593 + 594);
        world.wait(20);
        world.core.look_at_refunds().await.expect("looked");
        assert!(given(&world, id).await.is_empty());
        watch(&world, 120).await;
        let amounts: Vec<i64> = given(&world, id).await.iter().map(|it| it.amount_minor).collect();
        assert_eq!(amounts.iter().sum::<i64>(), 592 + 593, "{amounts:?}");
        assert_eq!(amounts.len(), 2, "once each");
        watch(&world, 900).await;
        let states: Vec<_> = orders(&world, id).await.iter().map(|it| it.state).collect();
        assert!(states.iter().all(|state| state.is_over()), "{states:?}");
        let absent = orders(&world, id).await.into_iter().find(|it| Some(it.id) == gone.id);
        let decline = absent.expect("the order").decline;
        assert_eq!(decline, Some((DeclineReason::Unavailable, "absent".to_owned())));
        assert_eq!(live(&world, &secret).await, -(592 + 593));
        assert_eq!(world.core.look_at_refunds().await.expect("looked"), 0, "nothing is left");
        assert_whole_ledger(&world).await;
    }

    async fn what_is_refused_gives_the_amount_free_again(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let refused = refund(&world, (id, "f-1"), Some(991)).await.expect("an order");
        let declined = Some((DeclineReason::Declined, "refused".to_owned()));
        assert_eq!((refused.state, refused.decline), (RefundState::Failed, declined));
        let away = refund(&world, (id, "f-2"), Some(996)).await.expect("an order");
        assert_eq!(away.decline.map(|(_, code)| code).as_deref(), Some("not_reached"));
        let made = refund(&world, (id, "f-3"), Some(1_000)).await.expect("a refund");
        assert_eq!(made.state, RefundState::Succeeded);
        assert_eq!(given(&world, id).await.len(), 1);
    }

    async fn pay_10_what_differs_is_booked_by_nobody_until_somebody_has_looked(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let odd = refund(&world, (id, "f-1"), Some(595)).await.expect("an order");
        assert!(!odd.state.is_over() && odd.mismatch.is_some(), "{odd:?}");
        watch(&world, 600).await;
        assert!(given(&world, id).await.is_empty());
        assert_eq!(live(&world, &secret).await, 0);
        let listed = world.core.mismatched_refunds(&world.caller).await.expect("orders");
        assert_eq!(listed.iter().map(|it| it.id).collect::<Vec<_>>(), [odd.id]);
        let much = refund(&world, (id, "f-2"), Some(500)).await.expect_err("it is reserved");
        assert_eq!(field(&much), Some("amount_minor"));
        assert_eq!(world.core.accept_refunds(&world.caller, id).await.expect("looked"), 1);
        assert_eq!(live(&world, &secret).await, -594, "as the provider says");
        assert!(world.core.mismatched_refunds(&world.caller).await.expect("orders").is_empty());
        assert_eq!(world.core.accept_refunds(&world.caller, id).await.expect("looked"), 0);
        assert_whole_ledger(&world).await;
    }

    async fn pay_04_a_form_that_is_sent_twice_orders_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 10_000)).await;
        let mut tasks = Vec::new();
        for _ in 0..32 {
            let (core, caller) = (world.core.clone(), world.caller);
            tasks.push(tokio::spawn(async move {
                let input = RefundInput { amount_minor: Some(700), ..RefundInput::default() };
                let name = RecordKey::new(id.to_string());
                core.refund_payment(&caller, &form("f-1"), (&name, &input)).await
            }));
        }
        let mut seen: Vec<Option<RefundId>> = Vec::new();
        for task in tasks {
            seen.push(task.await.expect("an answer").expect("an order").id);
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(given(&world, id).await.len(), 1);
        let input = RefundInput { amount_minor: Some(701), ..RefundInput::default() };
        let name = RecordKey::new(id.to_string());
        let altered = SentForm::new("f-1", [("form", "altered")].into_iter());
        let altered = world.core.refund_payment(&world.caller, &altered, (&name, &input)).await;
        assert_eq!(field(&altered.expect_err("other values")), Some("form"));
        assert_eq!(live(&world, &secret).await, -700);
    }

    async fn pay_06_32_refunds_at_once_never_give_back_more_than_there_is(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({"surcharge_minor": 50})).await;
        let secret = enter(&world, "c-1").await;
        for round in 0..3 {
            let number = format!("A-{round}");
            let (id, _) = paid(&world, &secret, (at, &number, 1_000)).await;
            let mut tasks = Vec::new();
            for task in 0..32 {
                let (core, caller) = (world.core.clone(), world.caller);
                let key = format!("f-{round}-{task}");
                // Some are made, some are slow: both count.
                let minor = if task % 2 == 0 { 100 } else { 192 };
                tasks.push(tokio::spawn(async move {
                    let input = RefundInput { amount_minor: Some(minor), ..RefundInput::default() };
                    let name = RecordKey::new(id.to_string());
                    core.refund_payment(&caller, &form(&key), (&name, &input)).await
                }));
            }
            let mut ordered = 0;
            for task in tasks {
                match task.await.expect("an answer") {
                    Ok(view) => ordered += view.amount.minor(),
                    Err(rejection) => assert_eq!(field(&rejection), Some("amount_minor")),
                }
            }
            watch(&world, 300).await;
            let given = given(&world, id).await;
            let charged = given.iter().filter_map(|it| it.charge.as_ref());
            assert_eq!(charged.map(|it| it.charged_minor).sum::<i64>(), ordered);
            // Whatever came first: at the end less than the smallest was left.
            assert!((951..=1_050).contains(&ordered), "{ordered}");
            let credited: i64 = given.iter().map(|it| it.amount_minor).sum();
            assert_eq!(payment(&world, id).await.refunded_minor, credited);
            assert!(credited <= 1_000);
        }
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_what_is_on_its_way_back_is_reserved_for_all(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        refund(&world, (id, "f-1"), Some(592)).await.expect("an order");
        let by_hand = |minor: i64| {
            let input = json!({
                "customer_id": "c-1", "kind": "refund", "payment_id": id.to_string(),
                "status": "succeeded", "amount_minor": minor, "currency": "EUR",
                "method": "cash", "paid_at": "2026-03-02T11:00:00Z",
            });
            let input = parse_input::<PaymentRecord>(input).expect("an input");
            world.core.save_record::<PaymentRecord>(&world.caller, Target::New, input)
        };
        let much = by_hand(409).await.expect_err("it is reserved");
        assert_eq!(field(&much), Some("amount_minor"));
        by_hand(408).await.expect("recorded");
        watch(&world, 60).await;
        assert_eq!(payment(&world, id).await.refunded_minor, 1_000);
        assert_eq!(live(&world, &secret).await, -1_000);
        assert_whole_ledger(&world).await;
    }

    async fn pay_01_a_stop_at_any_moment_neither_loses_nor_doubles_a_refund(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 100_000)).await;
        for round in 0..24_u64 {
            let key = format!("f-{round}");
            {
                // Given up after a while, as by a program that is killed.
                let asked = pin!(refund(&world, (id, &key), Some(1_000)));
                let _ = tokio::time::timeout(Duration::from_micros(round * 400), asked).await;
            }
            watch(&world, 600).await;
            let open = orders(&world, id).await.iter().filter(|it| !it.state.is_over()).count();
            assert_eq!(open, 0, "round {round}");
            // Sent again: it finds what it ordered, or orders it.
            let again = refund(&world, (id, &key), Some(1_000)).await.expect("an order");
            assert_eq!(again.state, RefundState::Succeeded);
            assert_eq!(given(&world, id).await.len() as u64, round + 1, "once each");
        }
        let secret = enter(&world, "c-1").await;
        assert_eq!(live(&world, &secret).await, -24_000);
        assert_whole_ledger(&world).await;
    }

    async fn pay_05_an_order_that_was_stored_and_not_asked_for_is_looked_up(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let customer_id = payment(&world, id).await.customer_id;
        let now = world.core.now();
        // As a program leaves them that stopped between the two. Of one the provider knows nothing.
        for (bytes, minor) in [([1; 10], 594), ([2; 10], 300)] {
            let order = PaymentRefund {
                id: RefundId::new(now, bytes),
                payment_id: id,
                customer_id,
                gateway_id: at,
                state: RefundState::Sent,
                amount: Money::new(minor, Currency::EUR),
                credited_minor: minor,
                reason: None,
                handle: None,
                decline: None,
                mismatch: None,
                refund_id: None,
                asked_at: now,
                next_look_at: Some(now),
                updated_at: now,
            };
            let mut write = world.core.store().write(world.organisation.id).await.expect("work");
            write.insert_payment_refund(&order).await.expect("an order");
            write.commit().await.expect("a commit");
        }
        watch(&world, 900).await;
        let amounts: Vec<i64> = given(&world, id).await.iter().map(|it| it.amount_minor).collect();
        assert_eq!(amounts, [300]);
        assert!(orders(&world, id).await.iter().all(|it| it.state.is_over()));
        assert_whole_ledger(&world).await;
    }

    async fn pay_07_amounts_that_cannot_be_are_refused(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        for minor in [i64::MIN, -1_000, -1, 0, 1_001, i64::MAX] {
            let refused = refund(&world, (id, "f"), Some(minor)).await.expect_err("refused");
            assert_eq!(field(&refused), Some("amount_minor"), "{minor}");
        }
        let card = RefundInput { reason: Some("4242 4242 4242 4242".to_owned()), ..all() };
        let name = RecordKey::new(id.to_string());
        let refused = world.core.refund_payment(&world.caller, &form("f"), (&name, &card)).await;
        assert_eq!(field(&refused.expect_err("refused")), Some("reason"), "prv_01");
        let made = refund(&world, (id, "f"), Some(100)).await.expect("a refund");
        let refund_id = made.refund_id.expect("a refund");
        let twice = refund(&world, (refund_id, "g"), Some(1)).await.expect_err("a refund");
        assert_eq!(field(&twice), Some("status"));
        assert_eq!(live(&world, &secret).await, -100);
    }

    async fn az_01_only_who_may_gives_back_and_only_what_is_the_organisations(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let name = RecordKey::new(id.to_string());
        let nobody = Caller { permissions: Permissions::NONE, ..world.caller };
        let refused = world.core.refund_payment(&nobody, &form("f"), (&name, &all())).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");
        let refused = world.core.look_at_reversals(&nobody, id).await;
        assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");
        let other = crate::common::organisation(&world.core, "Other").await;
        let stranger = Caller::system(other.id);
        let absent = world.core.refund_payment(&stranger, &form("f"), (&name, &all())).await;
        assert!(matches!(absent, Err(Rejection::NotFound(_))), "{absent:?}");
        for absent in [
            world.core.look_at_reversals(&stranger, id).await.map(drop),
            world.core.accept_refunds(&stranger, id).await.map(drop),
            world.core.mark_reversals_seen(&stranger, id).await,
            world.core.payment_returns(&stranger, id).await.map(drop),
        ] {
            assert!(matches!(absent, Err(Rejection::NotFound(_))), "{absent:?}");
        }
        assert!(given(&world, id).await.is_empty());
    }
}

fn all() -> RefundInput {
    RefundInput::default()
}
