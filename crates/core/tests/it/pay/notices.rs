//! Money that went back past Portico, as a provider tells of it by itself. A notice proves nothing:
//! whatever comes in, however often and in whatever order, what the provider answers is booked.

use std::slice::from_ref;

use super::peer::{Peer, tell};
use super::refunds::{form, given, payment};
use super::*;
use portico_billing::PaymentId;
use portico_billing::ledger::Account;
use portico_billing::refund::RefundState;
use portico_billing::reversal::TakenBy;
use portico_core::refunds::RefundInput;
use portico_testkit::both_engines;

fn session(number: &str, status: &str, intent: Value) -> Value {
    json!({
        "id": format!("cs_test_{number}"), "object": "checkout.session", "mode": "payment",
        "status": status, "url": format!("https://checkout.stripe.test/{number}"),
        "client_reference_id": null, "livemode": false, "payment_intent": intent,
        "setup_intent": null,
    })
}

/// An invoice that a customer has just paid at Stripe. Nobody here knows of the payment
/// (`pi_` and the number) yet.
async fn paid_there(
    world: &World,
    secret: &SessionSecret,
    (peer, at): (&Peer, GatewayId),
    (number, minor): (&str, i64),
) -> (AttemptId, InvoiceId) {
    let id = invoice(world, "c-1", number, minor).await;
    peer.says("POST /v1/checkout/sessions", 200, session(number, "open", Value::Null));
    let attempt = begin(world, secret, order(number, at, &[id])).await.expect("an attempt");
    let intent = json!({
        "id": format!("pi_{number}"), "object": "payment_intent", "amount": minor,
        "amount_received": minor, "currency": "eur", "status": "succeeded",
        "created": world.core.now().as_second(), "livemode": false, "metadata": {},
    });
    let line = format!("GET /v1/checkout/sessions/cs_test_{number}");
    peer.says(&line, 200, session(number, "complete", intent));
    peer.took(&[], &[]);
    (attempt, id)
}

/// The same of which everybody knows.
async fn paid(
    world: &World,
    secret: &SessionSecret,
    at: (&Peer, GatewayId),
    what: (&str, i64),
) -> (PaymentId, InvoiceId) {
    let (attempt, settled) = paid_there(world, secret, at, what).await;
    let view = look(world, secret, attempt).await;
    assert!(succeeded(&view), "{view:?}");
    (view.payment.expect("a payment"), settled)
}

fn refund(world: &World, (id, number): (&str, &str), minor: i64) -> Value {
    json!({
        "id": id, "object": "refund", "amount": minor, "currency": "eur", "status": "succeeded",
        "created": world.core.now().as_second(), "payment_intent": format!("pi_{number}"),
        "metadata": {},
    })
}

/// A dispute that took the money, and where it was won gave it back.
fn dispute(world: &World, (id, number): (&str, &str), minor: i64, is_won: bool) -> Value {
    let created = world.core.now().as_second();
    let moved = |amount: i64| json!({"id": "txn_1", "amount": amount, "created": created});
    let moved = if is_won { vec![moved(-minor), moved(minor)] } else { vec![moved(-minor)] };
    json!({
        "id": id, "object": "dispute", "amount": minor, "currency": "eur",
        "payment_intent": format!("pi_{number}"), "balance_transactions": moved,
    })
}

async fn work(world: &World) -> usize {
    world.core.work_on_notices().await.expect("worked")
}

async fn amounts(world: &World, id: PaymentId) -> Vec<i64> {
    given(world, id).await.iter().map(|it| it.amount_minor).collect()
}

/// All orders of four.
fn orders_of_four() -> Vec<[usize; 4]> {
    let codes = (0..256).map(|code| [code % 4, code / 4 % 4, code / 16 % 4, code / 64]);
    codes.filter(|order| (0..4).all(|it| order.contains(&it))).collect()
}

both_engines! {
    async fn whk_03_what_is_told_before_its_payment_is_known_waits_for_it(db: TestDatabase) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let secret = enter(&world, "c-1").await;
        let (attempt, settled) = paid_there(&world, &secret, (&peer, at), ("a1", 1_000)).await;
        let made = refund(&world, ("re_1", "a1"), 400);
        peer.took(from_ref(&made), &[]);
        tell(&world, &key, ("evt_1", "refund.created"), &made).await;
        assert_eq!(work(&world).await, 1);
        assert_eq!(live(&world, &secret).await, -1_000, "nothing is known of a payment");
        let id = look(&world, &secret, attempt).await.payment.expect("a payment");
        assert_eq!(live(&world, &secret).await, 0);
        world.wait(60);
        assert_eq!(work(&world).await, 1);
        assert_eq!(amounts(&world, id).await, [400]);
        assert_eq!(due(&world, &secret, settled).await, 400);
        assert_eq!(account(&world, Account::Gateway(at)).await, -600);
        world.wait(3_600);
        assert_eq!(work(&world).await, 0, "it is done");
        assert_whole_ledger(&world).await;
    }

    async fn whk_03_late_repeated_and_reordered_notices_book_each_movement_once(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let secret = enter(&world, "c-1").await;
        for (round, places) in orders_of_four().into_iter().enumerate() {
            let number = format!("a{round}");
            let (attempt, settled) =
                paid_there(&world, &secret, (&peer, at), (&number, 1_000)).await;
            let made = refund(&world, (&format!("re_{round}"), &number), 300);
            let won = dispute(&world, (&format!("du_{round}"), &number), 700, true);
            peer.took(from_ref(&made), from_ref(&won));
            let told = [
                ("checkout.session.completed", session(&number, "complete", Value::Null)),
                ("refund.created", made),
                ("charge.dispute.created", won.clone()),
                ("charge.dispute.closed", won),
            ];
            for place in places {
                let (kind, object) = &told[place];
                let event = format!("evt_{round}_{place}");
                tell(&world, &key, (&event, kind), object).await;
                tell(&world, &key, (&event, kind), object).await;
                work(&world).await;
            }
            world.wait(60);
            work(&world).await;
            world.wait(60);
            assert_eq!(work(&world).await, 0, "{places:?}: all of them are done");
            let view = world.core.attempt(&secret, attempt).await.expect("a view");
            let id = view.payment.expect("a payment");
            assert_eq!(amounts(&world, id).await, [300], "{places:?}");
            assert_eq!(payment(&world, id).await.refunded_minor, 300);
            assert_eq!(due(&world, &secret, settled).await, 300);
            let returns = world.core.payment_returns(&world.caller, id).await.expect("returns");
            let mut taken: Vec<_> =
                returns.taken.iter().map(|it| (it.by, it.back_at.is_some())).collect();
            taken.sort_by_key(|(by, _)| by.as_str());
            assert_eq!(taken, [(TakenBy::Dispute, true), (TakenBy::Refund, false)], "{places:?}");
        }
        assert_eq!(live(&world, &secret).await, -24 * 300);
        assert_eq!(account(&world, Account::Gateway(at)).await, -24 * 700);
        assert_whole_ledger(&world).await;
    }

    async fn whk_05_two_gateways_of_one_account_tell_of_the_same(db: TestDatabase) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let (_, other_key) = peer.gateway(&world, "Another card").await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (&peer, at), ("a1", 1_000)).await;
        let lost = dispute(&world, ("du_1", "a1"), 1_000, false);
        peer.took(&[], from_ref(&lost));
        for key in [&other_key, &key] {
            tell(&world, key, ("evt_1", "charge.dispute.created"), &lost).await;
        }
        assert_eq!(work(&world).await, 2);
        assert_eq!(amounts(&world, id).await, [1_000]);
        let (flagged, _) =
            world.core.flagged_reversals(&world.caller, (None, 50)).await.expect("a list");
        assert_eq!(flagged.len(), 1);
        assert_eq!(account(&world, Account::Gateway(at)).await, 0);
        assert_whole_ledger(&world).await;
    }

    async fn pay_05_a_notice_tells_what_an_order_came_to_that_was_not_answered(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (&peer, at), ("a1", 1_000)).await;
        peer.says("POST /v1/refunds", 500, json!({}));
        let input = RefundInput {
            amount_minor: Some(400),
            reason: Some("Goodwill".to_owned()),
            ..RefundInput::default()
        };
        let name = RecordKey::new(id.to_string());
        let ordered = world.core.refund_payment(&world.caller, &form("f"), (&name, &input)).await;
        let ordered = ordered.expect("an order");
        assert_eq!(ordered.state, RefundState::Unknown);

        let mut made = refund(&world, ("re_1", "a1"), 400);
        let reference = Reference::of_refund(ordered.id.expect("an order"));
        made["metadata"] = json!({"portico_reference": reference});
        peer.took(from_ref(&made), &[]);
        for event in 0..32 {
            tell(&world, &key, (&format!("evt_{event}"), "refund.updated"), &made).await;
        }
        let mut tasks = Vec::new();
        for task in 0..16 {
            let core = world.core.clone();
            tasks.push(tokio::spawn(async move {
                match task % 2 {
                    0 => core.work_on_notices().await.expect("worked"),
                    _ => core.look_at_refunds().await.expect("looked"),
                }
            }));
        }
        for task in tasks {
            task.await.expect("an answer");
        }
        world.wait(600);
        work(&world).await;
        work(&world).await;
        world.core.look_at_refunds().await.expect("looked");
        let given = given(&world, id).await;
        let facts: Vec<_> =
            given.iter().map(|it| (it.amount_minor, it.description.as_deref())).collect();
        assert_eq!(facts, [(400, Some("Goodwill"))], "once, and as it was ordered");
        let again = world.core.refund_payment(&world.caller, &form("f"), (&name, &input)).await;
        let again = again.expect("the order");
        assert_eq!((again.state, again.refund_id), (RefundState::Succeeded, Some(given[0].id)));
        let returns = world.core.payment_returns(&world.caller, id).await.expect("returns");
        assert_eq!((returns.orders.len(), returns.left.all_minor()), (0, 600));
        assert_whole_ledger(&world).await;
    }

    async fn whk_07_what_cannot_be_asked_now_is_asked_later(db: TestDatabase) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (&peer, at), ("a1", 1_000)).await;
        let made = refund(&world, ("re_1", "a1"), 1_000);
        peer.says("GET /v1/refunds", 503, json!({}));
        tell(&world, &key, ("evt_1", "refund.created"), &made).await;
        assert_eq!(work(&world).await, 1);
        assert_eq!(amounts(&world, id).await, [0_i64; 0]);
        assert_eq!(work(&world).await, 0, "not at once");
        peer.took(&[made], &[]);
        world.wait(60);
        assert_eq!(work(&world).await, 1);
        assert_eq!(amounts(&world, id).await, [1_000]);
        assert_whole_ledger(&world).await;
    }

    async fn whk_04_what_is_told_of_others_or_in_another_currency_books_nothing(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        let peer = Peer::new().await;
        let (at, key) = peer.gateway(&world, "Card").await;
        let secret = enter(&world, "c-1").await;
        let (id, _) = paid(&world, &secret, (&peer, at), ("a1", 1_000)).await;
        let mut dollars = refund(&world, ("re_1", "a1"), 400);
        dollars["currency"] = json!("usd");
        let nothing = refund(&world, ("re_2", "a1"), 0);
        let less = refund(&world, ("re_3", "a1"), -400);
        peer.took(&[dollars.clone(), nothing, less], &[]);
        tell(&world, &key, ("evt_1", "refund.created"), &dollars).await;
        let others = refund(&world, ("re_9", "theirs"), 400);
        tell(&world, &key, ("evt_2", "refund.created"), &others).await;
        assert_eq!(work(&world).await, 2);
        let told = world.core.look_at_reversals(&world.caller, id).await.expect("an answer");
        assert_eq!(told, None, "somebody has to look");
        assert_eq!(amounts(&world, id).await, [0_i64; 0]);
        for _ in 0..24 {
            world.wait(3_600);
            work(&world).await;
        }
        world.wait(86_400);
        assert_eq!(work(&world).await, 0, "what is never ours is given up");
        let secret = enter(&world, "c-1").await;
        assert_eq!(live(&world, &secret).await, 0);
        assert_whole_ledger(&world).await;
    }
}
