//! What the staff does with payments by hand: released, allocated, confirmed, cancelled; and
//! invoices that are given up.

use super::refunds::{form, given, paid, payment, refund};
use super::*;
use portico_billing::PaymentId;
use portico_billing::invoice::InvoiceStatus;
use portico_billing::ledger::Account;
use portico_billing::payment::PaymentStatus;
use portico_core::records::payment::{PaymentDeed, PaymentRecord};
use portico_core::records::{Rejection, Sent};
use portico_core::refunds::{RefundInput, RefundTo};
use portico_testkit::both_engines;

async fn done(
    world: &World,
    (id, key): (PaymentId, &str),
    deed: PaymentDeed,
) -> Result<Sent, Rejection> {
    world.core.change_payment(&world.caller, &form(key), (id, &deed)).await
}

fn refused(result: Result<Sent, Rejection>) -> String {
    match result.expect_err("refused") {
        Rejection::Invalid(faults) => faults.into_iter().next().expect("a fault").field,
        Rejection::Conflict { field, .. } => field,
        other => panic!("{other}"),
    }
}

/// A payment that was recorded, with what it settles.
async fn recorded(world: &World, status: &str, parts: &[(InvoiceId, i64)]) -> PaymentId {
    let parts: Vec<Value> = parts
        .iter()
        .map(|(id, minor)| json!({"invoice_id": id.to_string(), "amount_minor": minor}))
        .collect();
    let input = json!({
        "customer_id": "c-1", "status": status, "amount_minor": 1_000, "currency": "EUR",
        "method": "check", "paid_at": "2026-03-02T09:00:00Z", "allocations": parts,
    });
    world.save::<PaymentRecord>(input).await.id
}

async fn open_of(world: &World, secret: &SessionSecret, ids: &[InvoiceId]) -> Vec<i64> {
    let mut open = Vec::new();
    for id in ids {
        open.push(due(world, secret, *id).await);
    }
    open
}

both_engines! {
    async fn what_is_released_is_credit_and_moves_no_money(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let before = account(&world, Account::Gateway(at)).await;
        let input =
            RefundInput { amount_minor: Some(400), to: RefundTo::Balance, reason: None };
        let name = RecordKey::new(id.to_string());
        let core = &world.core;
        let view = core.refund_payment(&world.caller, &form("f-1"), (&name, &input)).await;
        let view = view.expect("released");
        assert_eq!((view.to, view.id, view.amount.minor()), (RefundTo::Balance, None, 400));
        let again = core.refund_payment(&world.caller, &form("f-1"), (&name, &input)).await;
        assert!(again.is_ok(), "the same form: {again:?}");
        assert_eq!(due(&world, &secret, settled).await, 400);
        assert_eq!(live(&world, &secret).await, 0, "the balance stays as it is");
        assert_eq!(account(&world, Account::Gateway(at)).await, before);
        assert_eq!(payment(&world, id).await.refunded_minor, 0);
        for minor in [-1, 0, 601, i64::MAX] {
            let much = done(&world, (id, "f-2"), PaymentDeed::Release { amount_minor: minor });
            assert_eq!(refused(much.await), "amount_minor", "{minor}");
        }
        // The credit settles another invoice; what is left goes back to the method.
        let other = invoice(&world, "c-1", "A-2", 300).await;
        let parts = vec![(settled, 600), (other, 300)];
        done(&world, (id, "f-3"), PaymentDeed::Allocate { parts }).await.expect("allocated");
        assert_eq!(open_of(&world, &secret, &[settled, other]).await, [400, 0]);
        refund(&world, (id, "f-4"), Some(100)).await.expect("a refund");
        assert_eq!(open_of(&world, &secret, &[settled, other]).await, [400, 0], "it was free");
        assert_whole_ledger(&world).await;
    }

    async fn a_payment_is_allocated_whole_in_part_and_taken_off(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let first = invoice(&world, "c-1", "A-1", 700).await;
        let second = invoice(&world, "c-1", "A-2", 700).await;
        let id = recorded(&world, "succeeded", &[(first, 700)]).await;
        let deed = |parts: &[(InvoiceId, i64)]| PaymentDeed::Allocate { parts: parts.to_vec() };
        done(&world, (id, "1"), deed(&[(first, 200), (second, 700)])).await.expect("allocated");
        assert_eq!(open_of(&world, &secret, &[first, second]).await, [500, 0]);
        done(&world, (id, "2"), deed(&[])).await.expect("taken off");
        assert_eq!(open_of(&world, &secret, &[first, second]).await, [700, 700]);
        enter(&world, "c-2").await;
        let theirs = invoice(&world, "c-2", "B-1", 500).await;
        for (key, parts) in [
            ("3", vec![(first, 701)]),
            ("4", vec![(first, 700), (second, 301)]),
            ("5", vec![(theirs, 1)]),
            ("6", vec![(first, -1)]),
            ("7", vec![(first, i64::MAX)]),
            ("8", vec![(first, 400), (first, 400)]),
        ] {
            let field = refused(done(&world, (id, key), deed(&parts)).await);
            let said = field.starts_with("settle.") || field == "allocations";
            assert!(said, "{key}: {field}");
        }
        assert_eq!(open_of(&world, &secret, &[first, second]).await, [700, 700]);
        assert_eq!(live(&world, &secret).await, 1_000 - 1_400);
        let waits = recorded(&world, "processing", &[]).await;
        assert_eq!(refused(done(&world, (waits, "9"), deed(&[(first, 1)])).await), "status");
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_32_payments_of_one_invoice_settle_it_once(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 2_500).await;
        let mut tasks = Vec::new();
        for task in 0..32 {
            let payment = recorded(&world, "succeeded", &[]).await;
            let (core, caller) = (world.core.clone(), world.caller);
            tasks.push(tokio::spawn(async move {
                let deed = PaymentDeed::Allocate { parts: vec![(id, 1_000)] };
                core.change_payment(&caller, &form(&format!("{task}")), (payment, &deed)).await
            }));
        }
        let mut settled = 0;
        for task in tasks {
            settled += usize::from(task.await.expect("an answer").is_ok());
        }
        assert_eq!((settled, due(&world, &secret, id).await), (2, 500));
        assert_whole_ledger(&world).await;
    }

    async fn what_is_confirmed_counts_and_what_is_cancelled_counts_no_more(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let waits = recorded(&world, "processing", &[]).await;
        assert_eq!(live(&world, &secret).await, -1_000);
        let paid_at = world.core.now();
        let confirm = PaymentDeed::Confirm { paid_at, parts: vec![(id, 600)] };
        done(&world, (waits, "1"), confirm.clone()).await.expect("confirmed");
        assert_eq!((live(&world, &secret).await, due(&world, &secret, id).await), (0, 400));
        assert_eq!(refused(done(&world, (waits, "2"), confirm).await), "status", "once");

        let cancel = || PaymentDeed::Cancel { reason: "It bounced".to_owned() };
        done(&world, (waits, "3"), cancel()).await.expect("cancelled");
        assert_eq!((live(&world, &secret).await, due(&world, &secret, id).await), (-1_000, 1_000));
        assert_eq!(payment(&world, waits).await.status, PaymentStatus::Cancelled);
        assert_eq!(account(&world, Account::Recorded).await, 0);
        assert_eq!(refused(done(&world, (waits, "4"), cancel()).await), "status", "once");
        let same = done(&world, (waits, "3"), cancel()).await;
        assert!(matches!(same, Ok(Sent::Saved(_))), "the same form: {same:?}");
        let never = recorded(&world, "processing", &[]).await;
        done(&world, (never, "5"), cancel()).await.expect("cancelled");
        assert_eq!(live(&world, &secret).await, -1_000);
        assert_whole_ledger(&world).await;
    }

    async fn what_moved_through_a_gateway_is_not_cancelled(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let cancel = || PaymentDeed::Cancel { reason: String::new() };
        assert_eq!(refused(done(&world, (id, "1"), cancel()).await), "status");
        let made = refund(&world, (id, "f"), Some(100)).await.expect("a refund");
        let made = made.refund_id.expect("a refund");
        assert_eq!(refused(done(&world, (made, "2"), cancel()).await), "status");
        assert_eq!(given(&world, id).await.len(), 1);
        let missing = PaymentId::from(uuid::Uuid::nil());
        let absent = done(&world, (missing, "3"), cancel()).await;
        assert!(matches!(absent, Err(Rejection::NotFound(_))), "{absent:?}");
    }

    async fn an_invoice_is_given_up_once_and_its_rest_is_a_loss(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_500).await;
        recorded(&world, "succeeded", &[(id, 1_000)]).await;
        let (core, caller) = (&world.core, world.caller);
        let give_up = |key: &'static str, reason: &'static str| async move {
            core.write_off_invoice(&caller, &form(key), (id, reason)).await
        };
        assert_eq!(refused(give_up("1", " ").await), "reason");
        give_up("1", "Insolvent").await.expect("given up");
        let again = give_up("1", "Insolvent").await;
        assert!(matches!(again, Ok(Sent::Saved(_))), "the same form: {again:?}");
        assert_eq!(refused(give_up("2", "Insolvent").await), "status", "once");
        let invoice = core.invoice(&secret, id).await.expect("an invoice");
        assert_eq!(invoice.row.due.minor(), 0);
        let mut read = core.store().read(world.organisation.id).await.expect("a reader");
        let stored = read.invoice(id).await.expect("an answer").expect("an invoice");
        assert_eq!(stored.status, InvoiceStatus::Uncollectible);
        drop(read);
        assert_eq!(account(&world, Account::WriteOffs).await, -500);
        assert_eq!(live(&world, &secret).await, 0);
        let nowhere = InvoiceId::from(uuid::Uuid::nil());
        let absent = core.write_off_invoice(&world.caller, &form("3"), (nowhere, "x")).await;
        assert!(matches!(absent, Err(Rejection::NotFound(_))), "{absent:?}");
        assert_whole_ledger(&world).await;
    }
}
