//! What was taken from a payment past Portico, and what came back of it.

use portico_gateways::{Gateway, GatewayError, MovementKind, Reversals, Reversed};
use serde_json::{Value, json};

use crate::objects::{Desk, SINCE_SECONDS, at, euros, list, reference};
use crate::peer::{Peer, error, json};

fn refund(id: &str, status: &str) -> Value {
    json!({
        "id": id, "object": "refund", "amount": 500, "currency": "eur", "status": status,
        "created": SINCE_SECONDS, "payment_intent": "pi_1", "charge": "ch_1", "metadata": {},
    })
}

fn dispute(moved: &Value) -> Value {
    json!({
        "id": "du_1", "object": "dispute", "amount": 734, "currency": "eur",
        "status": "needs_response", "payment_intent": "pi_1", "charge": "ch_1",
        "balance_transactions": moved,
    })
}

fn withdrawn(amount: i64, seconds: i64) -> Value {
    json!({ "id": "txn_1", "object": "balance_transaction", "amount": amount, "fee": 1500,
        "created": SINCE_SECONDS + seconds, "currency": "eur" })
}

fn reversals(gateway: &dyn Gateway) -> &dyn Reversals {
    gateway.reversals().expect("reversals")
}

async fn told(refunds: &[Value], disputes: &[Value]) -> Result<Reversed, GatewayError> {
    let answers = [list(refunds, false), list(disputes, false)];
    let peer = Peer::new(answers.iter().map(|answer| json(200, answer)).collect()).await;
    let gateway = peer.gateway();
    let reversed = reversals(&*gateway).reversals(&Desk::new().taken("pi_1", &[])).await;
    let asked = peer.asked();
    let lines: Vec<&str> = asked.iter().map(|it| it.line.as_str()).collect();
    assert_eq!(lines, ["GET /v1/refunds", "GET /v1/disputes"]);
    assert!(asked.iter().all(|it| it.field("payment_intent") == Some("pi_1")));
    reversed
}

fn kinds(reversed: &Reversed) -> Vec<(MovementKind, &str, i64)> {
    reversed.movements.iter().map(|it| (it.kind, it.id.as_str(), it.money.minor())).collect()
}

#[tokio::test]
async fn pay_10_refunds_and_disputes_are_told_with_what_came_back() {
    use MovementKind::{Dispute, DisputeWon, Refund, RefundFailed};
    let mut ours = refund("re_2", "succeeded");
    ours["metadata"] = json!({"portico_reference": reference()});
    let refunds = [refund("re_3", "failed"), ours, refund("re_1", "pending")];
    let moved = json!([withdrawn(-734, 60), withdrawn(734, 120)]);
    let reversed = told(&refunds, &[dispute(&moved)]).await.expect("an answer");
    let expected = [
        (Refund, "re_2", 500),
        (Refund, "re_3", 500),
        (RefundFailed, "re_3", 500),
        (Dispute, "du_1", 734),
        (DisputeWon, "du_1", 734),
    ];
    assert_eq!(kinds(&reversed), expected);
    assert_eq!(reversed.until, at("2026-09-21T13:00:00Z"));
    let [first, .., won] = &reversed.movements[..] else { panic!("{reversed:?}") };
    assert_eq!(first.reference.as_deref(), Some("0123456789ABCDEFGHJK"));
    assert_eq!((first.charge.as_deref(), first.money), (Some("pi_1"), euros(500)));
    assert_eq!(won.at.as_second(), SINCE_SECONDS + 120);
}

#[tokio::test]
async fn an_inquiry_and_a_dispute_that_moved_nothing_take_nothing() {
    let mut bare = dispute(&Value::Null);
    bare.as_object_mut().expect("an object").remove("balance_transactions");
    for it in [dispute(&json!([])), bare] {
        let reversed = told(&[], &[it]).await.expect("an answer");
        assert_eq!(kinds(&reversed), []);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_nothing() {
    let peer = Peer::new(vec![json(200, &list(&[], false)), error(500, "api_error", "x")]).await;
    let gateway = peer.gateway();
    let reversed = reversals(&*gateway).reversals(&Desk::new().taken("ch_1", &[])).await;
    assert!(matches!(reversed, Err(GatewayError::Unknown(_))), "{reversed:?}");
    assert_eq!(peer.asked()[0].field("charge"), Some("ch_1"));
    let mut odd = refund("re_1", "succeeded");
    odd["currency"] = json!("zzz");
    let peer = Peer::new(vec![json(200, &list(&[odd], false)), json(200, &list(&[], false))]).await;
    let gateway = peer.gateway();
    let reversed = reversals(&*gateway).reversals(&Desk::new().taken("pi_1", &[])).await;
    assert!(reversed.is_err(), "{reversed:?}");
}
