//! The largest amounts: what is too large is refused by name, and nothing is lost on the way.

use crate::common::World;
use portico_billing::Currency;
use portico_billing::money::MAX_MINOR;
use portico_billing::totals::MAX_SUM_MINOR;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::subscription::SubscriptionRecord;
use portico_core::records::{Record, RecordKey, Rejection, Target, parse_input};
use portico_core::{Caller, CustomerRef};
use portico_core_api::CoreApi;
use portico_testkit::both_engines;
use serde_json::{Value, json};

async fn save<R: Record>(world: &World, input: Value) -> Result<(), Rejection> {
    let input = parse_input::<R>(input)?;
    let saved = world
        .core
        .save_record::<R>(&Caller::system(world.organisation.id), Target::New, input)
        .await;
    saved.map(drop)
}

fn payment(external_id: &str, day: &str) -> Value {
    json!({
        "external_id": external_id, "customer_id": "c-1", "status": "succeeded",
        "amount_minor": MAX_MINOR, "currency": "EUR", "method": "card",
        "paid_at": format!("{day}T12:00:00Z"),
    })
}

/// What the customer has paid, as the portal shows it.
async fn paid(world: &World) -> i64 {
    let link = world.link_for(CustomerRef::Customer(RecordKey::new("c-1"))).await.link;
    let secret = world.enter(&link).await.secret;
    let overview = world.core.overview(&secret).await.expect("an overview");
    let totals = overview.totals.iter().find(|it| it.currency == Currency::EUR);
    totals.expect("totals").sums.paid
}

fn is_told<T>(result: &Result<T, Rejection>) -> bool {
    matches!(result, Err(Rejection::Invalid(faults)) if !faults.is_empty())
}

both_engines! {
    async fn pay_07_a_sum_that_would_become_too_large_is_refused_and_nothing_is_lost(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let most = usize::try_from(MAX_SUM_MINOR / MAX_MINOR).expect("a number");
        let day = "2026-02-20";
        let batch = (0..most + 2).map(|n| payment(&format!("p-{n}"), day)).collect();
        let caller = Caller::system(world.organisation.id);
        let items = world.core.save_batch::<PaymentRecord>(&caller, batch).await;
        let items = items.expect("a batch");
        let saved = items.iter().filter(|item| item.result.is_ok()).count();
        assert_eq!(saved, most);
        assert!(items[most..].iter().all(|item| is_told(&item.result)), "by the one that is");
        assert_eq!(paid(&world).await, MAX_SUM_MINOR);

        let one_more = save::<PaymentRecord>(&world, payment("one-more", day)).await;
        assert!(is_told(&one_more), "{one_more:?}");
        let key = RecordKey::new("one-more");
        let caller = Caller::system(world.organisation.id);
        let found = world.core.find_record::<PaymentRecord>(&caller, &key).await;
        assert!(matches!(found, Err(Rejection::NotFound(_))), "half of it was kept");
        assert_eq!(paid(&world).await, MAX_SUM_MINOR);
        save::<PaymentRecord>(&world, payment("elsewhen", "2026-01-20")).await.expect("saved");
        assert_eq!(paid(&world).await, MAX_SUM_MINOR + MAX_MINOR);
    }

    async fn pay_07_amounts_beyond_the_largest_are_refused_by_name(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let line = |more: Value| {
            let mut line = json!({"description": "x", "quantity": "1"});
            line.as_object_mut().expect("it").extend(more.as_object().expect("it").clone());
            line
        };
        let invoice = |number: &str, lines: Vec<Value>, more: Value| {
            let mut invoice = json!({
                "number": number, "customer_id": "c-1", "status": "open", "currency": "EUR",
                "issued_on": "2026-02-01", "due_on": "2026-03-01", "lines": lines,
            });
            invoice.as_object_mut().expect("it").extend(more.as_object().expect("it").clone());
            invoice
        };
        let plain = line(json!({"amount_minor": 100}));
        let kept = invoice("kept", vec![line(json!({"amount_minor": MAX_MINOR}))], json!({}));
        save::<InvoiceRecord>(&world, kept).await.expect("the largest amount");
        for minor in [MAX_MINOR + 1, i64::MAX - 1, i64::MAX, -MAX_MINOR - 1, i64::MIN] {
            let amount = line(json!({"amount_minor": minor}));
            let invoices = [
                invoice("1", vec![amount.clone()], json!({})),
                invoice("2", vec![amount.clone(), amount.clone()], json!({})),
                invoice("3", vec![plain.clone()], json!({"prepaid_minor": minor})),
                invoice("4", vec![plain.clone()], json!({"paid_elsewhere_minor": minor})),
                invoice("5", vec![plain.clone()], json!({"total_minor": minor})),
                invoice("6", vec![plain.clone()], json!({"taxes": [
                    {"name": "VAT", "rate": "21", "taxable_minor": minor, "tax_minor": minor},
                ]})),
            ];
            for input in invoices {
                let result = save::<InvoiceRecord>(&world, input.clone()).await;
                assert!(is_told(&result), "{input}: {result:?}");
            }
            let mut pays = payment("p", "2026-02-20");
            pays["amount_minor"] = json!(minor);
            let result = save::<PaymentRecord>(&world, pays).await;
            assert!(is_told(&result), "{minor}: {result:?}");
            let mut pays = payment("p", "2026-02-20");
            let part = |minor: i64| json!({"invoice_id": "kept", "amount_minor": minor});
            pays["allocations"] = json!([part(minor), part(minor)]);
            let result = save::<PaymentRecord>(&world, pays).await;
            let refused = matches!(result, Err(Rejection::Invalid(_) | Rejection::Conflict { .. }));
            assert!(refused, "{minor}: {result:?}");
            let note = json!({
                "number": "N", "invoice_id": "kept", "issued_on": "2026-02-21",
                "lines": [amount.clone(), amount],
            });
            assert!(is_told(&save::<CreditNoteRecord>(&world, note).await), "{minor}");
            let subscription = json!({
                "customer_id": "c-1", "plan": "x", "status": "active", "currency": "EUR",
                "amount_minor": minor, "interval_unit": "month", "started_on": "2025-01-01",
            });
            assert!(is_told(&save::<SubscriptionRecord>(&world, subscription).await), "{minor}");
            let customer = json!({"name": "Acme", "debit_limit_minor": minor});
            assert!(is_told(&save::<CustomerRecord>(&world, customer).await), "{minor}");
        }
        let many: Vec<Value> =
            (0..100).map(|_| line(json!({"amount_minor": MAX_MINOR}))).collect();
        assert!(is_told(&save::<InvoiceRecord>(&world, invoice("7", many, json!({}))).await));
    }
}
