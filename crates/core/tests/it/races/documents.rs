//! What the organisation's software sends at once: payments, refunds, credit notes, invoices.

use super::*;
use portico_billing::InvoiceId;
use portico_core::Caller;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Outcome, Record, Rejection, Target, parse_input};
use portico_testkit::both_engines;
use serde_json::{Value, json};

type Saved = Result<Outcome, Rejection>;

/// The first object with the members of the second.
fn with(mut value: Value, more: Value) -> Value {
    let (Some(object), Value::Object(more)) = (value.as_object_mut(), more) else {
        panic!("two objects")
    };
    object.extend(more);
    value
}

fn invoice(number: &str) -> Value {
    json!({
        "external_id": number, "number": number, "customer_id": "c-1", "status": "open",
        "currency": "EUR", "issued_on": "2026-02-01",
        "lines": [{"description": "Team plan", "amount_minor": 500}],
    })
}

fn payment(name: &str, minor: i64) -> Value {
    json!({
        "external_id": name, "customer_id": "c-1", "status": "succeeded", "currency": "EUR",
        "amount_minor": minor, "method": "card", "paid_at": "2026-03-01T12:00:00Z",
    })
}

/// What settles so much of an invoice.
fn part(number: &str, minor: i64) -> Value {
    json!([{"invoice_id": number, "amount_minor": minor}])
}

/// Records of a kind, one for each round, by one transaction.
async fn save_all<R: Record>(world: &World, input: impl Fn(usize) -> Value) {
    let (caller, inputs) = (Caller::system(world.organisation.id), (0..ROUNDS).map(input));
    let saved = world.core.save_batch::<R>(&caller, inputs.collect()).await.expect("a batch");
    assert!(saved.iter().all(|item| item.result.is_ok()));
}

/// A customer with an invoice over 500 for each round.
async fn world_with_invoices(db: portico_testkit::TestDatabase) -> World {
    let world = World::on(db).await;
    world.customer("c-1").await;
    save_all::<InvoiceRecord>(&world, |round| invoice(&format!("A-{round}"))).await;
    world
}

/// Saves a record each, all at once.
async fn save_at_once<R: Record>(world: &World, input: impl Fn(usize) -> Value) -> Vec<Saved> {
    at_once(|number| {
        let (core, caller) = (world.core.clone(), Caller::system(world.organisation.id));
        let input = parse_input::<R>(input(number)).expect("an input");
        async move {
            let saved = core.save_record::<R>(&caller, Target::New, input).await;
            saved.map(|saved| saved.outcome)
        }
    })
    .await
}

/// How many were saved. All others must have been refused: nobody is told of a failure of ours.
fn won<'a>(results: impl IntoIterator<Item = &'a Saved>) -> usize {
    let mut count = 0;
    for result in results {
        match result {
            Ok(_) => count += 1,
            Err(Rejection::Invalid(_) | Rejection::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    count
}

async fn due(world: &World, number: &str) -> i64 {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a connection");
    let found = read.invoice_by_number(number).await.expect("an answer").expect("an invoice");
    found.remaining().minor()
}

both_engines! {
    async fn pay_06_of_32_payments_only_what_is_due_is_settled(db: TestDatabase) {
        let world = world_with_invoices(db).await;
        for round in 0..ROUNDS {
            let number = format!("A-{round}");
            let parts = json!({"allocations": part(&number, 200)});
            let saved = save_at_once::<PaymentRecord>(&world, |task| {
                with(payment(&format!("{round}-{task}"), 200), parts.clone())
            });
            assert_eq!(won(&saved.await), 2, "round {round}");
            assert_eq!(due(&world, &number).await, 100, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_of_32_refunds_only_what_was_paid_goes_back(db: TestDatabase) {
        let world = world_with_invoices(db).await;
        save_all::<PaymentRecord>(&world, |round| {
            let parts = json!({"allocations": part(&format!("A-{round}"), 300)});
            with(payment(&format!("p-{round}"), 500), parts)
        })
        .await;
        for round in 0..ROUNDS {
            let number = format!("A-{round}");
            let back = json!({
                "kind": "refund", "payment_id": format!("p-{round}"),
                "unallocate": part(&number, 100),
            });
            let saved = save_at_once::<PaymentRecord>(&world, |task| {
                with(payment(&format!("{round}-{task}"), 200), back.clone())
            });
            assert_eq!(won(&saved.await), 2, "round {round}");
            assert_eq!(due(&world, &number).await, 400, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    /// Half of them would settle the one invoice, half the other: all of the credit goes to one.
    async fn pay_06_credit_is_spent_on_one_of_two_invoices(db: TestDatabase) {
        let world = world_with_invoices(db).await;
        save_all::<InvoiceRecord>(&world, |round| invoice(&format!("B-{round}"))).await;
        save_all::<PaymentRecord>(&world, |round| payment(&format!("p-{round}"), 500)).await;
        for round in 0..ROUNDS {
            let numbers = ["A", "B"].map(|series| format!("{series}-{round}"));
            let saved = save_at_once::<PaymentRecord>(&world, |task| {
                let parts = part(&numbers[task % 2], 500);
                with(payment(&format!("p-{round}"), 500), json!({"allocations": parts}))
            })
            .await;
            // Who wants what is so already is told that nothing changes.
            assert_eq!(won(&saved), TRIERS / 2, "round {round}");
            let changes = saved.iter().filter(|it| matches!(it, Ok(Outcome::Updated))).count();
            assert_eq!(changes, 1, "round {round}");
            let open = due(&world, &numbers[0]).await + due(&world, &numbers[1]).await;
            assert_eq!(open, 500, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_of_32_credit_notes_an_invoice_gives_what_it_asked_for(db: TestDatabase) {
        let world = world_with_invoices(db).await;
        for round in 0..ROUNDS {
            let number = format!("A-{round}");
            let saved = save_at_once::<CreditNoteRecord>(&world, |task| {
                let own = format!("C-{round}-{task}");
                json!({
                    "external_id": own, "number": own, "customer_id": "c-1", "invoice_id": number,
                    "issued_on": "2026-02-10",
                    "lines": [{"description": "Team plan", "amount_minor": 200}],
                })
            });
            assert_eq!(won(&saved.await), 2, "round {round}");
            assert_eq!(due(&world, &number).await, 100, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    /// Half of them cancel the invoice, half pay it: it is either cancelled or paid.
    async fn pay_06_an_invoice_is_cancelled_or_paid(db: TestDatabase) {
        let world = world_with_invoices(db).await;
        for round in 0..ROUNDS {
            let number = format!("A-{round}");
            let cancelled = with(invoice(&number), json!({"status": "void"}));
            let parts = json!({"allocations": part(&number, 200)});
            let saved = at_once(|task| {
                let (core, caller) = (world.core.clone(), Caller::system(world.organisation.id));
                let void = parse_input::<InvoiceRecord>(cancelled.clone()).expect("an input");
                let paid = with(payment(&format!("{round}-{task}"), 200), parts.clone());
                let pay = parse_input::<PaymentRecord>(paid).expect("an input");
                async move {
                    let outcome = if task % 2 == 0 {
                        let saved = core.save_record::<InvoiceRecord>(&caller, Target::New, void);
                        saved.await.map(|saved| saved.outcome)
                    } else {
                        let saved = core.save_record::<PaymentRecord>(&caller, Target::New, pay);
                        saved.await.map(|saved| saved.outcome)
                    };
                    (task % 2 == 0, outcome)
                }
            })
            .await;
            let of = |voids: bool| saved.iter().filter(move |it| it.0 == voids).map(|it| &it.1);
            let (voided, paid) = (won(of(true)), won(of(false)));
            assert!(matches!((voided, paid), (16, 0) | (0, 2)), "round {round}: {voided} {paid}");
        }
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_a_number_is_given_to_one_invoice(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        for round in 0..ROUNDS {
            let number = format!("A-{round}");
            let saved = save_at_once::<InvoiceRecord>(&world, |task| {
                with(invoice(&number), json!({"external_id": format!("{round}-{task}")}))
            });
            assert_eq!(won(&saved.await), 1, "round {round}");
        }
        let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
        let mut ids: Vec<InvoiceId> = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let found = read.invoice_by_number(&format!("A-{round}")).await.expect("an answer");
            ids.push(found.expect("an invoice").id);
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ROUNDS);
        drop(read);
        assert_whole_ledger(&world).await;
    }
}
