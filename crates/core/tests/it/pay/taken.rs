//! Money that a provider took by itself, and what came back of it. The sandbox takes what the last
//! two digits of the payment say (`portico_gateways::sandbox::PaymentFate`).

use super::refunds::{form, given, paid, payment, refund};
use super::*;
use portico_billing::PaymentId;
use portico_billing::ledger::Account;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::reversal::TakenBy;
use portico_core::records::Sent;
use portico_core::records::payment::{PaymentDeed, PaymentRecord};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::both_engines;

async fn looked(world: &World, id: PaymentId) -> Option<usize> {
    world.core.look_at_reversals(&world.caller, id).await.expect("an answer")
}

async fn flagged(world: &World) -> Vec<(PaymentId, TakenBy, bool)> {
    let found = world.core.flagged_reversals(&world.caller, (None, 50)).await.expect("a list");
    let (rows, next) = found;
    assert_eq!(next, None);
    rows.into_iter().map(|it| (it.payment_id, it.taken_by, it.back_at.is_some())).collect()
}

both_engines! {
    async fn pay_10_a_refund_at_the_providers_own_site_is_booked_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_081)).await;
        assert_eq!(looked(&world, id).await, Some(1));
        assert_eq!(looked(&world, id).await, Some(0), "once");
        let made = given(&world, id).await;
        assert_eq!(made.iter().map(|it| it.amount_minor).collect::<Vec<_>>(), [1_081]);
        assert_eq!(live(&world, &secret).await, -1_081);
        assert_eq!(due(&world, &secret, settled).await, 1_081);
        assert_eq!(account(&world, Account::Gateway(at)).await, 0);
        assert_eq!(flagged(&world).await, [], "somebody here did that");
        let none = refund(&world, (id, "f"), None).await;
        assert!(none.is_err(), "nothing is left: {none:?}");
        assert_whole_ledger(&world).await;
    }

    async fn pay_10_a_dispute_takes_the_money_and_is_flagged(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_082)).await;
        assert_eq!(looked(&world, id).await, Some(1));
        assert_eq!(live(&world, &secret).await, -1_082);
        assert_eq!(due(&world, &secret, settled).await, 1_082, "it is due again");
        assert_eq!(flagged(&world).await, [(id, TakenBy::Dispute, false)]);
        let detail = world.core.payment(&secret, id).await.expect("the payment");
        assert!(detail.refunds[0].disputed);
        let returns = world.core.payment_returns(&world.caller, id).await.expect("returns");
        assert_eq!(returns.taken.len(), 1);
        assert!(returns.taken[0].is_flagged && returns.left.credited_minor == 0);

        world.core.mark_reversals_seen(&world.caller, id).await.expect("seen");
        assert_eq!(flagged(&world).await, []);
        assert_eq!(looked(&world, id).await, Some(0));
        assert_eq!(flagged(&world).await, [], "nothing new");
        let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
        let log = read.audit_entries(AuditFilter::default(), Position::START, 200).await;
        let log = log.expect("the log");
        for action in ["payment.disputed", "payment.looked_at"] {
            assert!(log.iter().any(|line| line.action == action), "{action}");
        }
        drop(read);
        assert_whole_ledger(&world).await;
    }

    async fn pay_10_a_dispute_that_is_won_restores_what_it_took(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_083)).await;
        assert_eq!(looked(&world, id).await, Some(1));
        assert_eq!(payment(&world, id).await.refunded_minor, 1_083);
        assert_eq!(looked(&world, id).await, Some(1), "it was won");
        assert_eq!(looked(&world, id).await, Some(0));
        assert_eq!((live(&world, &secret).await, due(&world, &secret, settled).await), (0, 0));
        assert_eq!(payment(&world, id).await.refunded_minor, 0);
        assert_eq!(account(&world, Account::Gateway(at)).await, -1_083);
        let detail = world.core.payment(&secret, id).await.expect("the payment");
        let statuses: Vec<_> = detail.refunds.iter().map(|it| it.status).collect();
        assert_eq!(statuses, [PaymentStatus::Cancelled]);
        let again = refund(&world, (id, "f"), Some(83)).await.expect("it can be given back again");
        assert!(again.refund_id.is_some());
        assert_whole_ledger(&world).await;
    }

    async fn i07_what_others_settled_meanwhile_is_not_settled_again(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_083)).await;
        assert_eq!(looked(&world, id).await, Some(1));
        let refill = PayOrder { amount_minor: Some(900), ..order("k", at, &[settled]) };
        assert!(succeeded(&pay(&world, &secret, refill, "pay").await));
        assert_eq!(due(&world, &secret, settled).await, 183);
        assert_eq!(looked(&world, id).await, Some(1), "won");
        assert_eq!(due(&world, &secret, settled).await, 0);
        assert_eq!(live(&world, &secret).await, 900, "what is too much is credit");
        let returns = world.core.payment_returns(&world.caller, id).await.expect("returns");
        let parts: Vec<i64> = returns.settled.iter().map(|(_, _, minor)| *minor).collect();
        assert_eq!((parts, returns.free_minor), (vec![183], 900));
        assert_whole_ledger(&world).await;
    }

    async fn pay_10_a_refund_that_did_not_arrive_counts_no_more(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_000)).await;
        let made = refund(&world, (id, "f"), Some(597)).await.expect("a refund");
        let made = made.refund_id.expect("a refund");
        assert_eq!(due(&world, &secret, settled).await, 597);
        assert_eq!(looked(&world, id).await, Some(1));
        assert_eq!(looked(&world, id).await, Some(0));
        assert_eq!(payment(&world, made).await.status, PaymentStatus::Failed);
        assert_eq!((live(&world, &secret).await, due(&world, &secret, settled).await), (0, 0));
        assert_eq!(flagged(&world).await, [(id, TakenBy::Refund, true)]);
        let other = refund(&world, (id, "g"), None).await.expect("another way");
        assert_eq!(other.amount.minor(), 1_000);
        // What the gateway says is not for the API to change.
        let patch = json!({"status": "succeeded"});
        let key = RecordKey::new(made.to_string());
        let changed = world.core.patch_record::<PaymentRecord>(&world.caller, &key, &patch).await;
        assert!(changed.is_err(), "{changed:?}");
        assert_whole_ledger(&world).await;
    }

    async fn pay_10_a_chargeback_after_a_refund_leaves_a_debt(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let (id, settled) = paid(&world, &secret, (at, "A-1", 1_082)).await;
        refund(&world, (id, "f"), Some(500)).await.expect("a refund");
        assert_eq!(looked(&world, id).await, Some(1));
        let it = payment(&world, id).await;
        assert_eq!(it.refunded_minor, it.amount_minor, "refunded is at most what was captured");
        assert_eq!(live(&world, &secret).await, -1_082 - 500, "and the rest is owed");
        assert_eq!(due(&world, &secret, settled).await, 1_082);
        assert_eq!(account(&world, Account::Gateway(at)).await, 500);
        assert_eq!(flagged(&world).await, [(id, TakenBy::Dispute, false)]);
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_32_who_learn_of_a_dispute_at_once_book_it_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        for round in 0..3 {
            let number = format!("A-{round}");
            let (id, _) = paid(&world, &secret, (at, &number, 1_083)).await;
            let mut tasks = Vec::new();
            for task in 0..32 {
                let (core, caller) = (world.core.clone(), world.caller);
                tasks.push(tokio::spawn(async move {
                    // Refunds at the same time: what goes back is bounded all the same.
                    if task % 4 == 0 {
                        let input = portico_core::refunds::RefundInput {
                            amount_minor: Some(400),
                            ..portico_core::refunds::RefundInput::default()
                        };
                        let name = RecordKey::new(id.to_string());
                        let key = format!("f-{round}-{task}");
                        let _ = core.refund_payment(&caller, &form(&key), (&name, &input)).await;
                        return 0;
                    }
                    core.look_at_reversals(&caller, id).await.expect("looked").expect("told")
                }));
            }
            let mut new = 0;
            for task in tasks {
                new += task.await.expect("an answer");
            }
            new += looked(&world, id).await.expect("told");
            new += looked(&world, id).await.expect("told");
            assert_eq!(new, 2, "taken once, won once");
            let it = payment(&world, id).await;
            assert!(it.refunded_minor <= it.amount_minor, "{it:?}");
            let given: i64 = given(&world, id).await.iter().map(|it| it.amount_minor).sum();
            assert_eq!(it.refunded_minor, given);
        }
        assert_whole_ledger(&world).await;
    }

    async fn money_by_hand_is_not_asked_about(db: TestDatabase) {
        let world = World::on(db).await;
        enter(&world, "c-1").await;
        let input = json!({
            "customer_id": "c-1", "status": "succeeded", "amount_minor": 1_082, "currency": "EUR",
            "method": "cash", "paid_at": "2026-03-02T09:00:00Z",
        });
        let it = world.save::<PaymentRecord>(input).await;
        assert_eq!((it.kind, looked(&world, it.id).await), (PaymentKind::Payment, Some(0)));
        let none = refund(&world, (it.id, "f"), None).await;
        assert!(none.is_err(), "there is no gateway to ask: {none:?}");
        let deed = PaymentDeed::Cancel { reason: String::new() };
        let done = world.core.change_payment(&world.caller, &form("c"), (it.id, &deed)).await;
        assert!(matches!(done, Ok(Sent::Saved(_))), "{done:?}");
    }
}
