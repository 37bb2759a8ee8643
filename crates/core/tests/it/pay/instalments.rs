//! Invoices that are paid in parts: what is due of them on which day, and how they are paid.

use super::*;
use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::invoice::{InstalmentState, InvoiceStatus, ShownStatus};
use portico_billing::page::Direction;
use portico_core::NewPayLink;
use portico_core::records::{InputFault, Rejection, Target};
use portico_core_api::{
    InvoiceDetail, InvoiceQuery, InvoiceRow, InvoiceSort, LinkHolder, LinkedOrder, PayLinkApi,
    PayLinkSecret,
};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;

/// What an invoice is sent as that is paid in these parts.
fn sent_in_parts(customer: &str, number: &str, parts: &[(&str, i64)]) -> Value {
    let total: i64 = parts.iter().map(|(_, minor)| minor).sum();
    let part = |(day, minor): &(&str, i64)| json!({"due_on": day, "amount_minor": minor});
    json!({
        "external_id": number, "number": number, "customer_id": customer, "status": "open",
        "currency": "EUR", "issued_on": "2026-01-05",
        "instalments": parts.iter().map(part).collect::<Vec<_>>(),
        "lines": [{"description": "Plan", "amount_minor": total}],
    })
}

async fn in_parts(world: &World, customer: &str, number: &str, parts: &[(&str, i64)]) -> InvoiceId {
    world.save::<InvoiceRecord>(sent_in_parts(customer, number, parts)).await.id
}

/// Due in February, today and in April: the test's day is the second of March.
const PARTS: &[(&str, i64)] = &[("2026-02-01", 300), ("2026-03-02", 200), ("2026-04-01", 500)];

async fn detail(world: &World, secret: &SessionSecret, id: InvoiceId) -> InvoiceDetail {
    world.core.invoice(secret, id).await.expect("an invoice")
}

/// The states of the parts, and what of each is open.
fn parts(it: &InvoiceDetail) -> Vec<(InstalmentState, i64)> {
    it.instalments.iter().map(|part| (part.state, part.open.minor())).collect()
}

/// Due now, due in all.
fn sums(it: &InvoiceDetail) -> (i64, i64) {
    (it.row.due.minor(), it.remaining.minor())
}

async fn rows(world: &World, secret: &SessionSecret, query: InvoiceQuery) -> Vec<InvoiceRow> {
    world.core.invoices(secret, query).await.expect("a page").rows
}

fn faults(refused: Rejection) -> Vec<String> {
    match refused {
        Rejection::Invalid(faults) => {
            faults.into_iter().map(|InputFault { field, .. }| field).collect()
        }
        other => panic!("expected faults, got {other}"),
    }
}

async fn patch(world: &World, id: InvoiceId, patch: Value) -> Result<(), Rejection> {
    let (caller, key) = (Caller::system(world.organisation.id), RecordKey::new(id.to_string()));
    world.core.patch_record::<InvoiceRecord>(&caller, &key, &patch).await.map(drop)
}

both_engines! {
    async fn what_is_due_is_paid_then_the_next_one_then_all_that_remains(db: TestDatabase) {
        use InstalmentState::{Due, Overdue, Paid, Upcoming};
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = in_parts(&world, "c-1", "A-1", PARTS).await;
        let it = detail(&world, &secret, id).await;
        assert_eq!((it.row.status, it.row.due_on), (ShownStatus::Overdue, date(2026, 2, 1)));
        assert_eq!((sums(&it), it.next_payment.minor()), ((500, 1_000), 500));
        assert_eq!(parts(&it), [(Overdue, 300), (Due, 200), (Upcoming, 500)]);
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        assert_eq!((offer.due.minor(), offer.remaining.minor()), (500, 1_000));
        let row = &offer.invoices[0];
        assert_eq!((row.due.minor(), row.is_due, row.remaining.minor()), (500, true, 1_000));

        let part = PayOrder { amount_minor: Some(120), ..order("k-1", at, &[id]) };
        assert!(succeeded(&pay(&world, &secret, part, "pay").await));
        let it = detail(&world, &secret, id).await;
        assert_eq!(parts(&it), [(Overdue, 180), (Due, 200), (Upcoming, 500)], "the oldest first");
        assert!(succeeded(&pay(&world, &secret, order("k-2", at, &[id]), "pay").await));
        let it = detail(&world, &secret, id).await;
        assert_eq!(sums(&it), (0, 500));
        assert_eq!(parts(&it), [(Paid, 0), (Paid, 0), (Upcoming, 500)]);
        let row = (it.row.status, it.row.due_on);
        assert_eq!(row, (ShownStatus::PartiallyPaid, date(2026, 4, 1)));
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        assert_eq!((offer.due.minor(), offer.remaining.minor()), (0, 500));
        let row = &offer.invoices[0];
        assert_eq!((row.due.minor(), row.is_due, row.overdue), (500, false, false));

        // Nothing is due: the next instalment can be paid, and the last cent with it or without.
        let most = PayOrder { amount_minor: Some(501), ..order("k-3", at, &[id]) };
        let range = Fault::OutOfRange { min: "0.01".to_owned(), max: "5.00".to_owned() };
        assert_eq!(begin(&world, &secret, most).await, invalid("amount", range));
        let whole = PayOrder { whole: true, ..order("k-4", at, &[id]) };
        let view = pay(&world, &secret, whole, "pay").await;
        assert!(succeeded(&view) && view.amount.minor() == 500, "{view:?}");
        let it = detail(&world, &secret, id).await;
        assert_eq!((sums(&it), it.row.status), ((0, 0), ShownStatus::Paid));
        assert_eq!(live(&world, &secret).await, 0);
        assert_whole_ledger(&world).await;
    }

    async fn all_that_remains_of_several_goes_to_the_days_in_their_order(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let plans = [
            [("2026-03-01", 100), ("2026-05-01", 400)],
            [("2026-03-02", 50), ("2026-04-01", 250)],
        ];
        let first = in_parts(&world, "c-1", "A-1", &plans[0]).await;
        let second = in_parts(&world, "c-1", "A-2", &plans[1]).await;
        let plain = invoice(&world, "c-1", "A-3", 70).await;
        let all = [first, second, plain];
        let due = pay(&world, &secret, order("k-1", at, &all), "pay").await;
        assert_eq!(due.amount.minor(), 220, "what is due of each");
        let remaining = async || {
            let mut sums = Vec::new();
            for id in all {
                sums.push(detail(&world, &secret, id).await.remaining.minor());
            }
            sums
        };
        assert_eq!(remaining().await, [400, 250, 0]);
        let both = &all[..2];
        let part = PayOrder { amount_minor: Some(300), ..order("k-2", at, both) };
        assert!(succeeded(&pay(&world, &secret, part, "pay").await));
        assert_eq!(remaining().await, [350, 0, 0], "April comes before May");
        assert_whole_ledger(&world).await;
    }

    async fn the_minimum_of_a_way_keeps_nobody_from_paying_what_is_due(db: TestDatabase) {
        let world = World::on(db).await;
        let terms = json!({"minimum_minor": 400, "maximum_minor": 900});
        let at = gateway(&world, "Card", terms).await;
        let secret = enter(&world, "c-1").await;
        let id = in_parts(&world, "c-1", "A-1", &[("2026-03-01", 150), ("2026-05-01", 850)]).await;
        let range = |min: &str| {
            Fault::OutOfRange { min: min.to_owned(), max: "9.00".to_owned() }
        };
        let less = PayOrder { amount_minor: Some(149), ..order("k", at, &[id]) };
        assert_eq!(begin(&world, &secret, less).await, invalid("amount", range("1.50")));
        let whole = PayOrder { whole: true, ..order("k", at, &[id]) };
        assert_eq!(begin(&world, &secret, whole).await, invalid("amount", range("1.50")));
        let due = pay(&world, &secret, order("k-1", at, &[id]), "pay").await;
        assert!(succeeded(&due) && due.amount.minor() == 150, "{due:?}");
        let next = PayOrder { amount_minor: Some(399), ..order("k-2", at, &[id]) };
        let range = Fault::OutOfRange { min: "4.00".to_owned(), max: "8.50".to_owned() };
        assert_eq!(begin(&world, &secret, next).await, invalid("amount", range));
    }

    /// The day is that of the organisation: Madrid, where summer time begins on the 29th of March.
    async fn at_midnight_an_instalment_is_due_and_at_the_next_one_overdue(db: TestDatabase) {
        let world = World::on(db).await;
        let plan = [("2026-04-01", 600), ("2026-05-01", 400)];
        world.customer("c-1").await;
        let id = in_parts(&world, "c-1", "A-1", &plan).await;
        for (at, due, status, next) in [
            ("2026-03-31T21:59:59Z", 0, ShownStatus::Open, Some(600)),
            ("2026-03-31T22:00:00Z", 600, ShownStatus::Open, Some(600)),
            ("2026-04-01T21:59:59Z", 600, ShownStatus::Open, Some(600)),
            ("2026-04-01T22:00:00Z", 600, ShownStatus::Overdue, None),
            ("2026-04-30T21:59:59Z", 600, ShownStatus::Overdue, None),
            ("2026-04-30T22:00:00Z", 1_000, ShownStatus::Overdue, None),
        ] {
            world.clock.set(at.parse::<Timestamp>().expect("a time"));
            let secret = enter(&world, "c-1").await;
            let it = detail(&world, &secret, id).await;
            assert_eq!((sums(&it), it.row.status), ((due, 1_000), status), "{at}");
            let of_status = InvoiceQuery { status: Some(status), ..InvoiceQuery::default() };
            let of_status = rows(&world, &secret, of_status).await;
            assert_eq!(of_status, std::slice::from_ref(&it.row), "{at}");
            let overview = world.core.overview(&secret).await.expect("an overview");
            let totals = overview.totals[0];
            let counted = i64::from(due > 0);
            assert_eq!((totals.due.minor(), totals.due_invoices), (due, counted), "{at}");
            assert_eq!((totals.sums.due, totals.sums.balance()), (1_000, -1_000), "{at}");
            assert_eq!(overview.next_due.map(|row| row.due.minor()), next, "{at}");
            let overdue = overview.overdue.iter().map(|it| it.amount.minor()).sum::<i64>();
            assert_eq!(overdue, if status == ShownStatus::Overdue { 600 } else { 0 }, "{at}");
            let key = RecordKey::new(id.to_string());
            let caller = Caller::system(world.organisation.id);
            let told = world.core.find_record::<InvoiceRecord>(&caller, &key).await.expect("it");
            assert_eq!((told.due_minor, told.remaining_minor), (due, 1_000), "{at}");
        }
    }

    async fn lists_go_by_what_is_due_and_by_the_next_day(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let plans =
            [[("2026-06-01", 900), ("2026-07-01", 1)], [("2026-03-02", 30), ("2026-12-01", 5_000)]];
        let later = in_parts(&world, "c-1", "A-1", &plans[0]).await;
        let now = in_parts(&world, "c-1", "A-2", &plans[1]).await;
        let plain = invoice(&world, "c-1", "A-3", 40).await;
        let ids = async |sort, direction| {
            let query = InvoiceQuery { sort, direction, ..InvoiceQuery::default() };
            let rows = rows(&world, &secret, query).await;
            rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        use Direction::{Asc, Desc};
        assert_eq!(ids(InvoiceSort::AmountDue, Asc).await, [later, now, plain]);
        assert_eq!(ids(InvoiceSort::AmountDue, Desc).await, [plain, now, later]);
        assert_eq!(ids(InvoiceSort::DueDate, Asc).await, [plain, now, later]);
        let status = Some(ShownStatus::Overdue);
        let query = InvoiceQuery { status, ..InvoiceQuery::default() };
        let overdue = rows(&world, &secret, query).await;
        assert_eq!(overdue.iter().map(|row| row.id).collect::<Vec<_>>(), [plain]);
    }

    async fn what_is_planned_can_be_planned_anew_and_the_log_tells(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let id = in_parts(&world, "c-1", "A-1", PARTS).await;
        let part = |day: &str, minor: i64| json!({"due_on": day, "amount_minor": minor});
        let anew = json!({"instalments": [part("2026-03-02", 400), part("2026-09-01", 600)]});
        patch(&world, id, anew.clone()).await.expect("planned anew");
        let it = detail(&world, &secret, id).await;
        assert_eq!((sums(&it), it.row.due_on), ((400, 1_000), date(2026, 3, 2)));
        let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
        let about = AuditFilter { subject: Some(id.uuid()), ..AuditFilter::default() };
        let lines = read.audit_entries(about, Position::START, 10).await.expect("the log");
        drop(read);
        let line = lines.iter().find(|line| line.action == "invoice.updated").expect("a line");
        assert_eq!(line.actor_kind, "system");
        assert!(format!("{:?}", line.after).contains("2026-09-01"), "{line:?}");
        // The figures stand, whatever is planned.
        let fewer = json!({"instalments": [part("2026-03-02", 400)]});
        assert_eq!(faults(patch(&world, id, fewer).await.expect_err("refused")), ["instalments"]);
        let other_day = json!({"due_on": "2026-10-01"});
        assert_eq!(faults(patch(&world, id, other_day).await.expect_err("refused")), ["due_on"]);
        let none = json!({"instalments": null, "due_on": "2026-10-01"});
        patch(&world, id, none).await.expect("payable at once");
        let it = detail(&world, &secret, id).await;
        assert_eq!((sums(&it), it.row.due_on), ((1_000, 1_000), date(2026, 10, 1)));
        assert!(it.instalments.is_empty());
        // Sent as it was at first, it is as it was at first; sent again, nothing changes.
        for outcome in ["Updated", "Unchanged"] {
            let input = sent_in_parts("c-1", "A-1", PARTS);
            let input = portico_core::records::parse_input::<InvoiceRecord>(input).expect("it");
            let (caller, new) = (Caller::system(world.organisation.id), Target::New);
            let saved = world.core.save_record::<InvoiceRecord>(&caller, new, input).await;
            let saved = saved.expect("saved");
            assert_eq!(format!("{:?}", saved.outcome), outcome);
            assert_eq!((saved.output.due_on, saved.output.due_minor), (date(2026, 4, 1), 500));
        }
        assert_whole_ledger(&world).await;
    }

    async fn a_draft_keeps_its_plan_when_it_is_approved(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let mut draft = sent_in_parts("c-1", "A-1", PARTS);
        (draft["status"], draft["number"]) = (json!("draft"), Value::Null);
        let draft = world.save::<InvoiceRecord>(draft).await;
        assert_eq!((draft.due_minor, draft.remaining_minor), (0, 0));
        assert!(draft.instalments.iter().all(|it| it.state == InstalmentState::Closed));
        let caller = Caller::system(world.organisation.id);
        let approved = world.core.approve_invoice(&caller, draft.id, None).await.expect("approved");
        assert_eq!(approved.status, InvoiceStatus::Open);
        assert_eq!(sums(&detail(&world, &secret, draft.id).await), (500, 1_000));
    }

    async fn by_a_link_what_comes_next_is_paid_or_all_that_remains(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = in_parts(&world, "c-1", "A-1", PARTS).await;
        let made = world.core.make_pay_link(&world.caller, id, NewPayLink::default()).await;
        let url = made.expect("a link").url;
        let (_, link) = url.rsplit_once('/').expect("a path");
        let holder = LinkHolder {
            brand_id: world.brand.id, secret: PayLinkSecret::new(link.to_owned()), link: None,
        };
        let pay = async |key: &str, due_minor| {
            let order = LinkedOrder {
                form_key: key.to_owned(), due_minor, gateway: at,
                site: Url::parse("https://pay.test/linked").expect("an address"),
            };
            world.core.pay_linked(&holder, order, origin()).await
        };
        let shown = world.core.linked_invoice(&holder).await.expect("an invoice");
        assert_eq!((shown.due.minor(), shown.remaining.minor()), (500, 1_000));
        assert_eq!((shown.instalments.len(), shown.overdue), (3, true));
        for minor in [0, 499, 501, 999, 1_001] {
            assert_eq!(pay("odd", minor).await, invalid("amount", Fault::NotAChoice), "{minor}");
        }
        for (key, minor, remaining) in [("one", 500, 500), ("two", 500, 0)] {
            let attempt = pay(key, minor).await.expect("an attempt");
            let reference = Reference::of(attempt);
            let chosen = world.core.choose_in_linked_sandbox(&holder, &reference, "pay").await;
            assert_eq!(chosen, Ok(attempt));
            let it = world.core.look_at_linked_attempt(&holder, attempt).await.expect("it");
            assert!(succeeded(&it.view) && it.open == (remaining > 0), "{it:?}");
            assert_eq!(detail(&world, &secret, id).await.remaining.minor(), remaining);
        }
        assert_eq!(world.core.linked_invoice(&holder).await, Err(Refusal::NotFound));
        assert_whole_ledger(&world).await;
    }
}
