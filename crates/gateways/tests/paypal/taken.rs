//! What was taken from a capture past Portico, and what came back of it.

use portico_billing::{Currency, Money};
use portico_gateways::{GatewayError, MovementKind, Reversed, Taken};
use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::reversals::refund;
use crate::{CAPTURE, LIST, READ, READ_CAPTURE, amount, at, capture, completed, not_found};

const READ_REFUND: &str = "GET /v2/payments/refunds/0AA00000AA0000000";
const NOW: &str = "2026-06-03T12:00:00Z";

/// A transaction of the list.
fn transaction(code: &str, id: &str, of: &str, value: &str) -> Value {
    json!({ "transaction_info": {
        "transaction_id": id,
        "transaction_event_code": code,
        "transaction_status": "S",
        "transaction_initiation_date": "2026-06-03T08:00:00+0000",
        "transaction_amount": amount(value),
        "paypal_reference_id": of,
        "paypal_reference_id_type": "TXN",
    }})
}

fn listed(details: &[Value]) -> Reply {
    (LIST, 200, json!({ "transaction_details": details, "page": 1, "total_pages": 1 }))
}

/// The capture and its order, with these refunds.
fn with_refunds(refunds: &[Value]) -> Vec<Reply> {
    let mut order = completed("PARTIALLY_REFUNDED");
    order["purchase_units"][0]["payments"]["refunds"] = json!(refunds);
    vec![(READ_CAPTURE, 200, capture("PARTIALLY_REFUNDED")), (READ, 200, order)]
}

async fn told(script: Vec<Reply>, known: &[&str]) -> Result<Reversed, GatewayError> {
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let known: Vec<String> = known.iter().map(|id| (*id).to_owned()).collect();
    let taken = Taken {
        charge: CAPTURE,
        charged: Money::new(1234, Currency::EUR),
        known: &known,
        since: at("2026-06-02T12:00:00Z"),
        now: at(NOW),
    };
    let reversed = gateway.reversals().expect("reversals").reversals(&taken).await;
    peer.finish();
    reversed
}

fn kinds(reversed: &Reversed) -> Vec<(MovementKind, &str, i64)> {
    reversed.movements.iter().map(|it| (it.kind, it.id.as_str(), it.money.minor())).collect()
}

#[tokio::test]
async fn pay_10_refunds_are_told_at_once_and_reversals_when_they_are_listed() {
    use MovementKind::{Dispute, DisputeWon, Refund};
    let mut script = with_refunds(&[refund("COMPLETED")]);
    script.push(listed(&[
        transaction("T1107", "1JU08902781691411", CAPTURE, "-2.34"),
        transaction("T1201", "D1", CAPTURE, "-10.00"),
        transaction("T1202", "D2", "D1", "10.00"),
        transaction("T1201", "D3", "another", "-10.00"),
        transaction("T0006", "P9", CAPTURE, "12.34"),
    ]));
    let reversed = told(script, &[]).await.expect("an answer");
    let expected = [
        (Refund, "1JU08902781691411", 234),
        (Refund, "1JU08902781691411", 234),
        (Dispute, "D1", 1_000),
        (DisputeWon, "D2", 1_000),
    ];
    assert_eq!(kinds(&reversed), expected);
    // What is newer may be listed later.
    assert!(reversed.until < at("2026-06-03T09:00:00Z"), "{reversed:?}");
}

#[tokio::test]
async fn pay_10_a_refund_that_failed_brings_back_what_it_took() {
    let mut waits = refund("PENDING");
    waits["id"] = json!("0BB00000BB0000000");
    let script = with_refunds(&[refund("FAILED"), waits]).into_iter().chain([listed(&[])]);
    let script = script.collect();
    let reversed = told(script, &[]).await.expect("an answer");
    assert_eq!(kinds(&reversed), [(MovementKind::RefundFailed, "1JU08902781691411", 234)]);
}

#[tokio::test]
async fn where_the_order_is_gone_what_is_known_is_read() {
    let gone = || vec![(READ_CAPTURE, 200, capture("REFUNDED")), (READ, 404, not_found())];
    let mut found = refund("COMPLETED");
    found["id"] = json!("0AA00000AA0000000");
    let script = gone().into_iter().chain([(READ_REFUND, 200, found), listed(&[])]).collect();
    let reversed = told(script, &["0AA00000AA0000000"]).await.expect("an answer");
    assert_eq!(kinds(&reversed), [(MovementKind::Refund, "0AA00000AA0000000", 234)]);
    let script = gone().into_iter().chain([(READ_REFUND, 404, not_found()), listed(&[])]);
    let reversed = told(script.collect(), &["0AA00000AA0000000"]).await.expect("an answer");
    assert_eq!(kinds(&reversed), []);
}

#[tokio::test]
async fn without_the_list_refunds_are_told_and_nothing_is_called_complete() {
    let refused = || (LIST, 403, json!({ "name": "NOT_AUTHORIZED" }));
    let mut script = with_refunds(&[refund("COMPLETED")]);
    script.push(refused());
    let reversed = told(script, &[]).await.expect("an answer");
    assert_eq!(reversed.movements.len(), 1);
    assert!(reversed.until <= at("2026-06-02T12:00:00Z"), "{reversed:?}");
    let mut script = with_refunds(&[]);
    script.push(refused());
    let reversed = told(script, &[]).await;
    assert!(matches!(reversed, Err(GatewayError::Refused { .. })), "{reversed:?}");
}
