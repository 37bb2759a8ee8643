//! Payments, refunds and what they settle.

use std::collections::{BTreeMap, HashSet};

use crate::common::{World, brand, organisation};
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::totals::{self, Sums};
use portico_billing::{Currency, PaymentId};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::{PaymentFilter, PaymentOutput, PaymentRecord};
use portico_core::records::{
    InputFault, Outcome, Record, RecordKey, Rejection, Saved, Sent, SentForm, Target, parse_input,
};
use portico_core::{Caller, Core, CustomerRef, Entropy};
use portico_core_api::{
    CoreApi, PaymentQuery, PaymentRow, PaymentSort, Refusal, SessionSecret, TableFormat,
};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_store::invoice::InvoiceFilter;
use portico_testkit::both_engines;
use serde_json::{Value, json};

type Tried<R> = Result<Saved<<R as Record>::Output>, Rejection>;

async fn save<R: Record>(world: &World, input: Value) -> Tried<R> {
    let input = parse_input::<R>(input)?;
    world.core.save_record::<R>(&Caller::system(world.organisation.id), Target::New, input).await
}

fn payment(external_id: &str, amount_minor: i64) -> Value {
    json!({
        "external_id": external_id, "customer_id": "c-1", "status": "succeeded",
        "amount_minor": amount_minor, "currency": "EUR", "method": "card",
        "paid_at": "2026-03-01T12:00:00Z",
    })
}

fn refund(external_id: &str, of: &str, amount_minor: i64) -> Value {
    with(payment(external_id, amount_minor), json!({"kind": "refund", "payment_id": of}))
}

/// The first object with the members of the second.
fn with(mut value: Value, more: Value) -> Value {
    let (Some(object), Value::Object(more)) = (value.as_object_mut(), more) else {
        panic!("two objects")
    };
    object.extend(more);
    value
}

async fn invoice(world: &World, customer: &str, number: &str, total_minor: i64) {
    let input = json!({
        "external_id": number, "customer_id": customer, "number": number, "status": "open",
        "currency": "EUR", "issued_on": "2026-02-01",
        "lines": [{"description": "Team plan", "amount_minor": total_minor}],
    });
    world.save::<InvoiceRecord>(input).await;
}

async fn due(world: &World, number: &str) -> i64 {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let found = read.invoice_by_number(number).await.expect("an answer").expect("an invoice");
    found.remaining().minor()
}

fn faults<T>(result: Result<T, Rejection>) -> Vec<(String, String)> {
    match result {
        Err(Rejection::Invalid(faults)) => {
            faults.into_iter().map(|InputFault { field, message }| (field, message)).collect()
        }
        Err(other) => panic!("expected faults, got {other:?}"),
        Ok(_) => panic!("expected faults, it was saved"),
    }
}

fn conflict<T>(result: Result<T, Rejection>) -> String {
    match result {
        Err(Rejection::Conflict { field, .. }) => field,
        Err(other) => panic!("expected a conflict, got {other:?}"),
        Ok(_) => panic!("expected a conflict, it was saved"),
    }
}

async fn visit(world: &World, customer: &str) -> SessionSecret {
    let link = world.link_for(CustomerRef::Customer(RecordKey::new(customer))).await.link;
    world.enter(&link).await.secret
}

async fn total(world: &World) -> Sums {
    let key = RecordKey::new("c-1");
    let customer = world
        .core
        .find_record::<CustomerRecord>(&Caller::system(world.organisation.id), &key)
        .await;
    let customer = customer.expect("the customer").id;
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let totals = read.customer_totals(customer).await.expect("totals");
    totals
        .into_iter()
        .find(|(currency, _)| *currency == Currency::EUR)
        .map_or_else(Sums::default, |(_, sums)| sums)
}

/// What the log says of the last change with this action.
async fn last_change(world: &World, action: &str) -> (Value, Value) {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let lines = read.audit_entries(AuditFilter::default(), Position::START, 500).await;
    let line = lines.expect("lines").into_iter().find(|line| line.action == action);
    let line = line.unwrap_or_else(|| panic!("no {action}"));
    (line.before.unwrap_or_default(), line.after.unwrap_or_default())
}

/// All payments and refunds.
async fn count(world: &World) -> usize {
    let caller = Caller::system(world.organisation.id);
    let all = PaymentFilter::default();
    let all = world.core.list_records::<PaymentRecord>(&caller, &all, None, 100).await;
    all.expect("payments").0.len()
}

both_engines! {
    async fn a_form_records_once_however_often_it_is_sent(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let send = |key: &'static str, minor: i64| {
            let (core, caller) = (world.core.clone(), Caller::system(world.organisation.id));
            let input = with(payment("", minor), json!({"external_id": null}));
            let input = parse_input::<PaymentRecord>(input).expect("an input");
            tokio::spawn(async move {
                let typed = minor.to_string();
                let form = SentForm::new(key, [("amount", typed.as_str())].into_iter());
                core.save_form::<PaymentRecord>(&caller, &form, input).await
            })
        };
        let first = send("one", 500).await.expect("a task").expect("saved");
        assert!(matches!(first, Sent::Saved(_)));
        assert_eq!(send("one", 500).await.expect("a task").expect("saved"), first);
        let other = send("one", 700).await.expect("a task").expect("an answer");
        assert_eq!(other, Sent::Otherwise);
        assert_eq!((count(&world).await, total(&world).await.paid), (1, 500));

        let refused = send("two", -1).await.expect("a task");
        assert_eq!(faults(refused).len(), 1);
        let at_once: Vec<_> = (0..6).map(|_| send("two", 900)).collect();
        let mut ids = HashSet::new();
        for sent in at_once {
            match sent.await.expect("a task").expect("saved") {
                Sent::Saved(id) => ids.insert(id),
                Sent::Otherwise => panic!("it is the same form"),
            };
        }
        assert_eq!((ids.len(), count(&world).await), (1, 2), "a refused form may be sent again");
        send("three", 900).await.expect("a task").expect("saved");
        assert_eq!(count(&world).await, 3, "another form");
    }

    async fn the_audit_log_tells_what_a_payment_was_and_became(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        invoice(&world, "c-1", "INV-1", 1_000).await;
        let processing = with(payment("p-1", 400), json!({"status": "processing"}));
        save::<PaymentRecord>(&world, processing.clone()).await.expect("saved");
        let more = with(processing, json!({"amount_minor": 600, "status": "succeeded"}));
        let caller = Caller::system(world.organisation.id);
        let batch = world.core.save_batch::<PaymentRecord>(&caller, vec![more.clone()]).await;
        assert_eq!(batch.expect("a batch").len(), 1);
        let (before, after) = last_change(&world, "payment.updated").await;
        assert_eq!(before, json!({"status": "processing", "amount_minor": 400}));
        let expected = json!({"status": "succeeded", "amount_minor": 600, "currency": "EUR"});
        assert_eq!(after, expected);

        let parts = json!([{"invoice_id": "INV-1", "amount_minor": 250}]);
        let settles = with(more.clone(), json!({"allocations": parts}));
        world.wait(1);
        save::<PaymentRecord>(&world, settles.clone()).await.expect("saved");
        let (before, after) = last_change(&world, "payment.updated").await;
        assert_eq!(before, json!({"allocations": []}));
        assert_eq!(after["allocations"][0]["amount_minor"], json!(250));
        assert_eq!(after["currency"], json!("EUR"));

        save::<PaymentRecord>(&world, refund("r-1", "p-1", 100)).await.expect("saved");
        let noted = with(refund("r-1", "p-1", 100), json!({"reference": "BANK-7"}));
        save::<PaymentRecord>(&world, noted).await.expect("saved");
        let (before, after) = last_change(&world, "refund.updated").await;
        assert_eq!((before, after), (json!({"reference": null}), json!({"reference": "BANK-7"})));
    }

    async fn the_audit_log_tells_what_settled_an_invoice(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        invoice(&world, "c-1", "INV-1", 1_000).await;
        let part = |name: &str, minor: i64| {
            json!({name: [{"invoice_id": "INV-1", "amount_minor": minor}]})
        };
        let paid = with(payment("p-1", 400), part("allocations", 400));
        save::<PaymentRecord>(&world, paid).await.expect("saved");
        let (before, after) = last_change(&world, "invoice.updated").await;
        assert_eq!(before, json!({"status": "open", "paid_minor": 0, "due_minor": 1_000}));
        let expected = json!({
            "status": "partially_paid", "paid_minor": 400, "due_minor": 600, "currency": "EUR",
        });
        assert_eq!(after, expected);

        world.wait(1);
        let back = with(refund("r-1", "p-1", 100), part("unallocate", 100));
        save::<PaymentRecord>(&world, back).await.expect("saved");
        let (before, after) = last_change(&world, "invoice.updated").await;
        assert_eq!(before, json!({"paid_minor": 400, "due_minor": 600}));
        assert_eq!(after, json!({"paid_minor": 300, "due_minor": 700, "currency": "EUR"}));

        world.wait(1);
        let note = json!({
            "external_id": "n-1", "customer_id": "c-1", "invoice_id": "INV-1", "number": "CN-1",
            "currency": "EUR", "issued_on": "2026-02-03",
            "lines": [{"description": "Team plan", "amount_minor": 700}],
        });
        save::<CreditNoteRecord>(&world, note).await.expect("saved");
        let (before, after) = last_change(&world, "invoice.updated").await;
        let expected = json!({"status": "partially_paid", "credited_minor": 0, "due_minor": 700});
        assert_eq!(before, expected);
        let expected =
            json!({"status": "paid", "credited_minor": 700, "due_minor": 0, "currency": "EUR"});
        assert_eq!(after, expected);
    }

    async fn pages_go_forth_and_back_without_gaps_in_every_order(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for count in 0_i64..23 {
            let day = 1 + count % 4;
            let more = json!({"paid_at": format!("2026-01-0{day}T00:00:00Z")});
            let input = with(payment(&format!("p-{count}"), 100 + count % 5), more);
            world.save::<PaymentRecord>(input).await;
        }
        let secret = visit(&world, "c-1").await;
        for sort in [PaymentSort::PaidAt, PaymentSort::Amount] {
            for direction in [Direction::Asc, Direction::Desc] {
                for size in [1, 5, 23, 50] {
                    let size = PageSize::try_from(size).expect("a size");
                    let query = PaymentQuery { sort, direction, size, ..PaymentQuery::default() };
                    walk(&world.core, &secret, query).await;
                }
            }
        }
    }

    async fn filters_find_what_customers_may_read(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let text = "Mayo ÑANDÚ 50% # called twice";
        let described = json!({"description": text, "reference": "TX_1"});
        world.save::<PaymentRecord>(with(payment("p-1", 100), described)).await;
        let late = json!({"paid_at": "2026-03-01T23:59:59.999999Z", "method_label": "Visa 4242"});
        world.save::<PaymentRecord>(with(payment("p-2", 200), late)).await;
        let next = json!({"paid_at": "2026-03-02T00:00:00Z", "status": "processing"});
        world.save::<PaymentRecord>(with(payment("p-3", 300), next)).await;
        world.save::<PaymentRecord>(refund("p-4", "p-1", 40)).await;
        let secret = visit(&world, "c-1").await;
        let found = async |query: PaymentQuery| {
            let page = world.core.payments(&secret, query).await.expect("a page");
            let mut amounts: Vec<i64> = page.rows.iter().map(|row| row.amount.minor()).collect();
            amounts.sort_unstable();
            amounts
        };
        let search = |text: &str| PaymentQuery { search: text.to_owned(), ..Default::default() };
        assert_eq!(found(search("ñandú 50%")).await, [100]);
        assert_eq!(found(search("tx_1")).await, [100]);
        assert_eq!(found(search("visa")).await, [200]);
        assert_eq!(found(search("called")).await, [0_i64; 0]);
        assert_eq!(found(search("%")).await, [100]);
        let day = "2026-03-01".parse().ok();
        let query = PaymentQuery { from: day, until: day, ..Default::default() };
        assert_eq!(found(query).await, [40, 100, 200]);
        let query = PaymentQuery { kind: Some(PaymentKind::Refund), ..Default::default() };
        assert_eq!(found(query).await, [40]);
        let status = Some(PaymentStatus::Processing);
        assert_eq!(found(PaymentQuery { status, ..Default::default() }).await, [300]);
        let page = world.core.payments(&secret, search("ñandú")).await.expect("a page");
        assert_eq!(page.rows[0].description.as_deref(), Some("Mayo ÑANDÚ 50%"));
    }

    async fn the_same_payment_sent_32_times_at_once_counts_once(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        invoice(&world, "c-1", "INV-1", 500).await;
        world.save::<PaymentRecord>(with(payment("p", 500), json!({"status": "processing"}))).await;
        let part = json!({"allocations": [{"invoice_id": "INV-1", "amount_minor": 200}]});
        at_once(&world, |_| with(payment("p", 500), part.clone())).await;
        assert_eq!(due(&world, "INV-1").await, 300);
        assert_eq!(total(&world).await, recomputed(&world).await);
    }

    async fn totals_are_what_the_documents_add_up_to(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for number in 0..4 {
            invoice(&world, "c-1", &format!("INV-{number}"), 1_000).await;
        }
        let random = Entropy::from_seed([5; 32]);
        let mut outcomes = BTreeMap::new();
        for _ in 0..150 {
            let [kind, id, of, status, amount, part, number, month] = random.bytes::<8>();
            let states = ["processing", "succeeded", "succeeded", "failed"];
            let status = states[usize::from(status % 4)];
            let (amount, part) = (i64::from(amount) + 1, i64::from(part) + 1);
            let list = json!([{"invoice_id": format!("INV-{}", number % 4), "amount_minor": part}]);
            let paid_at = format!("2026-0{}-01T00:00:00Z", month % 3 + 1);
            let input = if kind % 3 == 0 {
                let input = refund(&format!("r-{}", id % 12), &format!("p-{}", of % 20), amount);
                with(input, json!({"unallocate": list}))
            } else {
                with(payment(&format!("p-{}", id % 20), amount), json!({"allocations": list}))
            };
            let input = with(input, json!({"status": status, "paid_at": paid_at}));
            let saved = save::<PaymentRecord>(&world, input).await;
            *outcomes.entry(saved.is_ok()).or_insert(0) += 1;
        }
        assert!(outcomes.len() == 2, "{outcomes:?}");
        assert_eq!(total(&world).await, recomputed(&world).await);
    }
}

/// Saves 32 payments at once; the answer is how many were not refused.
async fn at_once(world: &World, input: impl Fn(usize) -> Value) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..32 {
        let (core, organisation) = (world.core.clone(), world.organisation.id);
        let input = parse_input::<PaymentRecord>(input(task)).expect("an input");
        tasks.spawn(async move {
            core.save_record::<PaymentRecord>(&Caller::system(organisation), Target::New, input)
                .await
        });
    }
    let results = tasks.join_all().await;
    for result in &results {
        let expected = matches!(result, Ok(_) | Err(Rejection::Invalid(_)));
        assert!(expected, "{:?}", result.as_ref().err());
    }
    results.iter().filter(|result| result.is_ok()).count()
}

/// The sums of all documents of the one customer, added up anew.
async fn recomputed(world: &World) -> Sums {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let payments = read.payments(&Default::default(), Position::START, 1_000).await;
    let all = InvoiceFilter {
        customer: None,
        status: None,
        issued_from: None,
        issued_until: None,
        after: Position::START,
    };
    let invoices = read.invoices(&all, 1_000).await.expect("invoices");
    let payments: Vec<Payment> = payments.expect("payments");
    let of_payments = payments.iter().map(|it| totals::of_payment(it).sums);
    let of_invoices = invoices.iter().map(|it| totals::of_invoice(it).sums);
    of_payments.chain(of_invoices).fold(Sums::default(), Sums::plus)
}

/// Reads the list from its first page to the last and back.
async fn walk(core: &Core, secret: &SessionSecret, query: PaymentQuery) {
    let mut pages: Vec<Page<PaymentRow>> = Vec::new();
    let mut cursor = None;
    loop {
        let page = core.payments(secret, PaymentQuery { cursor, ..query.clone() }).await;
        let page = page.expect("a page");
        assert_eq!(page.previous.is_some(), !pages.is_empty(), "{query:?}");
        cursor = page.next.clone();
        pages.push(page);
        if cursor.is_none() {
            break;
        }
    }
    let rows = pages.iter().flat_map(|page| &page.rows).map(|row| match query.sort {
        PaymentSort::PaidAt => (row.paid_at.as_microsecond(), row.id),
        PaymentSort::Amount => (row.amount.minor(), row.id),
    });
    let rows: Vec<(i64, PaymentId)> = rows.collect();
    let mut sorted = rows.clone();
    sorted.sort();
    sorted.dedup();
    if query.direction == Direction::Desc {
        sorted.reverse();
    }
    assert_eq!(sorted.len(), 23, "{query:?}");
    assert_eq!(rows, sorted, "{query:?}");
    for pair in pages.windows(2).rev() {
        let cursor = pair[1].previous.clone();
        let back = core.payments(secret, PaymentQuery { cursor, ..query.clone() }).await;
        let back = back.expect("a page");
        assert_eq!(back.rows, pair[0].rows, "{query:?}");
        assert_eq!(back.previous.is_some(), pair[0].previous.is_some(), "{query:?}");
        assert!(back.next.is_some(), "{query:?}");
    }
}

#[tokio::test]
async fn an_allocation_has_limits_and_the_fault_names_them() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    invoice(&world, "c-1", "INV-1", 12_100).await;
    invoice(&world, "c-2", "INV-2", 12_100).await;
    let pay =
        async |more: Value| save::<PaymentRecord>(&world, with(payment("p", 20_000), more)).await;
    let list = |invoice: &str, minor: i64| {
        let part = json!({"invoice_id": invoice, "amount_minor": minor});
        json!({"allocations": [part]})
    };
    let found = faults(pay(list("INV-1", 15_000)).await);
    assert_eq!(found[0].0, "allocations.0.amount_minor");
    assert!(found[0].1.contains("150.00 EUR") && found[0].1.contains("121.00 EUR"), "{found:?}");
    for (more, field) in [
        (list("INV-2", 1), "allocations.0.invoice_id"),
        (list("INV-9", 1), "allocations.0.invoice_id"),
        (list("INV-1", 0), "allocations.0.amount_minor"),
        (list("INV-1", 20_001), "allocations"),
        (with(list("INV-1", 1), json!({"currency": "USD"})), "allocations.0.invoice_id"),
        (json!({"unallocate": [{"invoice_id": "INV-1", "amount_minor": 1}]}), "unallocate"),
        (json!({"payment_id": "p"}), "payment_id"),
        (json!({"customer_id": "c-9"}), "customer_id"),
        (json!({"payment_method_id": "m-9"}), "payment_method_id"),
        (json!({"amount_minor": 0}), "amount_minor"),
        (json!({"method": "barter"}), "method"),
        (json!({"reference": "a\u{7}"}), "reference"),
    ] {
        let found = faults(pay(more.clone()).await);
        assert!(found.iter().any(|(name, _)| name == field), "{more}: {found:?}");
    }
    let twice = json!({"allocations": [
        {"invoice_id": "INV-1", "amount_minor": 1}, {"invoice_id": "INV-1", "amount_minor": 1},
    ]});
    assert_eq!(faults(pay(twice).await)[0].0, "allocations.1.invoice_id");
    let many = json!({"method": "barter", "amount_minor": -1, "customer_id": "c-9"});
    let fields: Vec<String> = faults(pay(many).await).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["amount_minor", "method", "customer_id"]);
    assert_eq!(due(&world, "INV-1").await, 12_100);
    assert_eq!(total(&world).await.paid, 0);
}

#[tokio::test]
async fn only_what_succeeded_counts_and_it_is_not_undone() {
    let world = World::new().await;
    world.customer("c-1").await;
    invoice(&world, "c-1", "INV-1", 500).await;
    let part = json!({"allocations": [{"invoice_id": "INV-1", "amount_minor": 200}]});
    let input =
        |status: &str| with(payment("p", 300), with(part.clone(), json!({"status": status})));
    world.save::<PaymentRecord>(input("processing")).await;
    assert_eq!((due(&world, "INV-1").await, total(&world).await.paid), (500, 0));
    world.save::<PaymentRecord>(input("failed")).await;
    assert_eq!(conflict(save::<PaymentRecord>(&world, input("processing")).await), "status");
    world.save::<PaymentRecord>(input("succeeded")).await;
    assert_eq!((due(&world, "INV-1").await, total(&world).await.paid), (300, 300));
    for (more, field) in [
        (json!({"status": "failed"}), "status"),
        (json!({"amount_minor": 400}), "amount_minor"),
        (json!({"allocations": []}), "allocations"),
    ] {
        let input = with(input("succeeded"), more);
        assert_eq!(conflict(save::<PaymentRecord>(&world, input).await), field);
    }
    let more = json!({"allocations": [{"invoice_id": "INV-1", "amount_minor": 300}]});
    world.save::<PaymentRecord>(with(input("succeeded"), more)).await;
    let plain = save::<PaymentRecord>(&world, payment("p", 300)).await.expect("saved");
    assert_eq!(plain.outcome, Outcome::Unchanged);
    assert_eq!(plain.output.allocations[0].amount_minor, 300);
    assert_eq!((due(&world, "INV-1").await, total(&world).await.paid), (200, 300));
}

#[tokio::test]
async fn pay_10_a_refund_gives_back_what_was_paid_and_reopens_what_it_is_told_to() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    invoice(&world, "c-1", "INV-1", 500).await;
    let part = json!({"allocations": [{"invoice_id": "INV-1", "amount_minor": 500}]});
    world.save::<PaymentRecord>(with(payment("p", 500), part)).await;
    world.save::<PaymentRecord>(refund("r-1", "p", 100)).await;
    assert_eq!((due(&world, "INV-1").await, total(&world).await.balance()), (0, -100));
    let back = |minor: i64| json!({"unallocate": [{"invoice_id": "INV-1", "amount_minor": minor}]});
    world.save::<PaymentRecord>(with(refund("r-2", "p", 300), back(300))).await;
    assert_eq!((due(&world, "INV-1").await, total(&world).await.refunded), (300, 400));
    for (input, field) in [
        (refund("r-3", "p", 101), "amount_minor"),
        (refund("r-3", "r-1", 1), "payment_id"),
        (with(refund("r-3", "p", 1), json!({"customer_id": "c-2"})), "payment_id"),
        (with(refund("r-3", "p", 1), json!({"currency": "USD"})), "currency"),
        (with(refund("r-3", "p", 100), back(101)), "unallocate"),
        (with(payment("r-3", 1), json!({"kind": "refund"})), "payment_id"),
    ] {
        let found = faults(save::<PaymentRecord>(&world, input.clone()).await);
        assert!(found.iter().any(|(name, _)| name == field), "{input}: {found:?}");
    }
    let again = save::<PaymentRecord>(&world, with(refund("r-2", "p", 300), back(300))).await;
    assert_eq!(again.expect("saved").outcome, Outcome::Unchanged);
    let secret = visit(&world, "c-1").await;
    let id = output(&world, "p").await.id;
    let detail = world.core.payment(&secret, id).await.expect("a payment");
    assert_eq!(detail.row.refunded.minor(), 400);
    assert_eq!(detail.refunds.len(), 2);
    assert_eq!(detail.row.settled[0].amount.minor(), 500);
    assert_eq!(total(&world).await, recomputed(&world).await);
}

#[tokio::test]
async fn az_01_nobody_else_sees_a_payment_or_pays_with_it() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    let mine = world.save::<PaymentRecord>(payment("p", 500)).await;
    let other = visit(&world, "c-2").await;
    assert_eq!(world.core.payment(&other, mine.id).await, Err(Refusal::NotFound));
    assert_eq!(world.core.receipt_pdf(&other, mine.id).await, Err(Refusal::NotFound));
    let page = world.core.payments(&other, PaymentQuery::default()).await.expect("a page");
    assert!(page.rows.is_empty());
    let stranger = organisation(&world.core, "Other").await;
    brand(&world.core, stranger.id, "other.test").await;
    let key = RecordKey::new(mine.id.to_string());
    let found = world.core.find_record::<PaymentRecord>(&Caller::system(stranger.id), &key).await;
    assert!(matches!(found, Err(Rejection::NotFound(_))));
}

#[tokio::test]
async fn receipts_are_for_what_succeeded_and_tables_hold_the_rest() {
    let world = World::new().await;
    world.customer("c-1").await;
    invoice(&world, "c-1", "INV-1", 500).await;
    let part = json!({"allocations": [{"invoice_id": "INV-1", "amount_minor": 500}]});
    let paid = world.save::<PaymentRecord>(with(payment("p", 500), part)).await;
    let waiting = json!({"status": "processing", "description": "=1+1 # secret"});
    let waiting = world.save::<PaymentRecord>(with(payment("q", 700), waiting)).await;
    world.save::<PaymentRecord>(refund("r", "p", 200)).await;
    let secret = visit(&world, "c-1").await;
    let receipt = world.core.receipt_pdf(&secret, paid.id).await.expect("a receipt");
    assert!(receipt.bytes.starts_with(b"%PDF"));
    assert_eq!(world.core.receipt_pdf(&secret, waiting.id).await, Err(Refusal::NotFound));
    let query = PaymentQuery::default();
    let table = world.core.export_payments(&secret, query, TableFormat::Csv).await;
    let table = table.expect("a table");
    let text = String::from_utf8(table.document.bytes).expect("text");
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.contains("-2.00") && text.contains("INV-1") && !text.contains("secret"), "{text}");
    assert!(!text.contains(",=1+1"), "{text}");
    assert!(!table.truncated);
}

async fn output(world: &World, key: &str) -> PaymentOutput {
    let key = RecordKey::new(key);
    world
        .core
        .find_record::<PaymentRecord>(&Caller::system(world.organisation.id), &key)
        .await
        .expect("a payment")
}
