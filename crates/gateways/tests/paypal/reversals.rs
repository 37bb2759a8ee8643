//! Refunds, and PayPal's own list of what it moved.

use jiff::Timestamp;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{Currency, Money};
use portico_gateways::{Declined, GatewayError, Movement, MovementKind, RefundOrder, Returned};
use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::{
    CAPTURE, LIST, READ, READ_CAPTURE, REFERENCE, amount, at, capture, completed, listing,
    not_found, unprocessable,
};

const REFUND: &str = "POST /v2/payments/captures/3C679366HH908993F/refund";
const OWN: &str = "0000000000000000000R";

pub fn refund(status: &str) -> Value {
    json!({
        "id": "1JU08902781691411",
        "status": status,
        "amount": amount("2.34"),
        "invoice_id": OWN,
        "custom_id": OWN,
        "create_time": "2026-06-02T09:00:00Z",
    })
}

fn order(reference: &Reference, now: Timestamp) -> RefundOrder<'_> {
    RefundOrder {
        reference,
        charge: CAPTURE,
        money: Money::new(234, Currency::EUR),
        charged: Money::new(1234, Currency::EUR),
        last4: None,
        since: at("2026-06-02T09:00:00Z"),
        now,
    }
}

async fn refunded(script: Vec<Reply>) -> Result<Returned, GatewayError> {
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let reference = OWN.parse().expect("a reference");
    let order = order(&reference, at("2026-06-02T09:00:00Z"));
    let returned = gateway.refunds().expect("refunds").refund(&order).await;
    let requests = peer.finish();
    assert_eq!(requests[0].header("paypal-request-id"), Some(OWN));
    let body = json!({ "amount": amount("2.34"), "custom_id": OWN, "invoice_id": OWN });
    assert_eq!(requests[0].json(), body);
    returned
}

fn done() -> Returned {
    Returned::Done {
        id: "1JU08902781691411".to_owned(),
        money: Money::new(234, Currency::EUR),
        at: at("2026-06-02T09:00:00Z"),
    }
}

fn pending() -> Returned {
    Returned::Pending { id: "1JU08902781691411".to_owned() }
}

#[tokio::test]
async fn pay_10_a_refund_is_ordered_once_by_its_reference() {
    assert_eq!(refunded(vec![(REFUND, 201, refund("COMPLETED"))]).await, Ok(done()));
    assert_eq!(refunded(vec![(REFUND, 201, refund("PENDING"))]).await, Ok(pending()));
    for (reply, reason, code) in [
        ((REFUND, 201, refund("FAILED")), DeclineReason::Declined, "FAILED"),
        (
            (REFUND, 422, unprocessable("CAPTURE_FULLY_REFUNDED")),
            DeclineReason::TooMuch,
            "CAPTURE_FULLY_REFUNDED",
        ),
        (
            (REFUND, 422, unprocessable("REFUND_FAILED_INSUFFICIENT_FUNDS")),
            DeclineReason::InsufficientFunds,
            "REFUND_FAILED_INSUFFICIENT_FUNDS",
        ),
        (
            (REFUND, 422, unprocessable("REFUND_TIME_LIMIT_EXCEEDED")),
            DeclineReason::Declined,
            "REFUND_TIME_LIMIT_EXCEEDED",
        ),
    ] {
        let declined = Declined { reason, code: code.to_owned() };
        assert_eq!(refunded(vec![reply]).await, Ok(Returned::Refused(declined)));
    }
}

#[tokio::test]
async fn pay_05_refunds_without_an_answer_are_unknown() {
    for (status, body) in [
        (0, Value::Null),
        (500, json!({})),
        (409, json!({ "name": "PREVIOUS_REQUEST_IN_PROGRESS" })),
        (422, unprocessable("DUPLICATE_INVOICE_ID")),
        (201, refund("NEW_WORD")),
    ] {
        let unknown = refunded(vec![(REFUND, status, body)]).await;
        assert!(matches!(unknown, Err(GatewayError::Unknown(_))), "{status}: {unknown:?}");
    }
    for (status, body) in [(404, not_found()), (400, json!({})), (403, json!({}))] {
        let refused = refunded(vec![(REFUND, status, body)]).await;
        assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{status}: {refused:?}");
    }
}

/// Looks the refund up at `now`.
async fn looked_up(now: &str, script: Vec<Reply>) -> Result<Option<Returned>, GatewayError> {
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let reference = OWN.parse().expect("a reference");
    let found =
        gateway.refunds().expect("refunds").look_up_refund(&order(&reference, at(now))).await;
    peer.finish();
    found
}

#[tokio::test]
async fn pay_05_a_refund_is_found_at_the_order_of_its_charge() {
    let now = "2026-06-02T09:10:00Z";
    let with = |refunds: Value| {
        let mut order = completed("PARTIALLY_REFUNDED");
        order["purchase_units"][0]["payments"]["refunds"] = refunds;
        vec![(READ_CAPTURE, 200, capture("PARTIALLY_REFUNDED")), (READ, 200, order)]
    };
    let mut other = refund("COMPLETED");
    other["id"] = json!("0AA00000AA0000000");
    other["invoice_id"] = json!("by hand");
    other["custom_id"] = Value::Null;
    let both = with(json!([other, refund("COMPLETED")]));
    assert_eq!(looked_up(now, both).await, Ok(Some(done())));
    for name in ["invoice_id", "custom_id"] {
        let mut half = refund("PENDING");
        half[name] = Value::Null;
        assert_eq!(looked_up(now, with(json!([half]))).await, Ok(Some(pending())), "{name}");
    }
    assert_eq!(looked_up(now, with(json!([other]))).await, Ok(None));
    let untouched =
        vec![(READ_CAPTURE, 200, capture("COMPLETED")), (READ, 200, completed("COMPLETED"))];
    assert_eq!(looked_up(now, untouched).await, Ok(None));
    // Something was given back, and what is not listed: the same refund is the way to know.
    let mut unlisted = with(json!([]));
    unlisted.push((REFUND, 200, refund("COMPLETED")));
    assert_eq!(looked_up(now, unlisted).await, Ok(Some(done())));
}

#[tokio::test]
async fn pay_05_where_the_order_is_gone_the_same_refund_is_sent_while_its_key_lives() {
    let gone = || vec![(READ_CAPTURE, 200, capture("REFUNDED")), (READ, 404, not_found())];
    let mut script = gone();
    script.push((REFUND, 200, refund("COMPLETED")));
    assert_eq!(looked_up("2026-07-10T09:00:00Z", script).await, Ok(Some(done())));
    let old = looked_up("2026-07-20T09:00:00Z", gone()).await;
    assert!(matches!(old, Err(GatewayError::Unknown(_))), "{old:?}");
}

#[tokio::test]
async fn pay_11_movements_are_listed_page_by_page_and_window_by_window() {
    let transaction = |code: &str, value: &str, id: &str, day: u8| {
        json!({ "transaction_info": {
            "transaction_id": id,
            "transaction_event_code": code,
            "transaction_status": "S",
            "transaction_initiation_date": format!("2026-01-{day:02}T00:00:00+0000"),
            "transaction_amount": amount(value),
            "paypal_reference_id": CAPTURE,
            "paypal_reference_id_type": "TXN",
            "invoice_id": OWN,
        }})
    };
    let reversals = json!([
        transaction("T1201", "-5.00", "D1", 4),
        transaction("T1107", "-2.34", "F1", 3),
        transaction("T0400", "-100.00", "W1", 2),
        { "transaction_info": { "transaction_event_code": "T0200" } },
    ]);
    let script = vec![
        (LIST, 200, json!({ "transaction_details": reversals, "page": 1, "total_pages": 2 })),
        (LIST, 200, json!({ "transaction_details": [], "page": 2, "total_pages": 2 })),
        (LIST, 200, listing(true)),
    ];
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let books = gateway.books().expect("books");
    let window = (at("2026-01-01T00:00:00Z"), at("2026-02-10T00:00:00Z"));
    let (first, cursor) = books.movements(window, None).await.expect("a page");
    let reversal = |kind, id: &str, minor, day: &str| Movement {
        kind,
        id: id.to_owned(),
        charge: Some(CAPTURE.to_owned()),
        reference: Some(OWN.to_owned()),
        money: Money::new(minor, Currency::EUR),
        fee: None,
        at: at(day),
    };
    let expected = vec![
        reversal(MovementKind::Refund, "F1", 234, "2026-01-03T00:00:00Z"),
        reversal(MovementKind::Dispute, "D1", 500, "2026-01-04T00:00:00Z"),
    ];
    assert_eq!(first, expected);
    let (second, cursor) = books.movements(window, cursor.as_deref()).await.expect("a page");
    assert_eq!(second, Vec::new());
    let (third, cursor) = books.movements(window, cursor.as_deref()).await.expect("a page");
    assert_eq!(cursor, None);
    assert_eq!(third.len(), 1);
    assert_eq!((third[0].kind, third[0].id.as_str()), (MovementKind::Payment, CAPTURE));
    assert_eq!(third[0].reference.as_deref(), Some(REFERENCE));
    assert_eq!(third[0].fee, Some(Money::new(78, Currency::EUR)));
    let queries: Vec<String> = peer.finish().into_iter().map(|request| request.query).collect();
    let query = |from: &str, until: &str, page: u8| {
        format!(
            "start_date={from}T00%3A00%3A00Z&end_date={until}T23%3A59%3A59.999Z\
             &fields=transaction_info&balance_affecting_records_only=Y&page_size=250&page={page}"
        )
    };
    let expected = [
        query("2026-01-01", "2026-01-31", 1),
        query("2026-01-01", "2026-01-31", 2),
        query("2026-02-01", "2026-02-09", 1),
    ];
    assert_eq!(queries, expected);
}

#[tokio::test]
async fn pay_11_a_window_with_too_much_in_it_is_halved() {
    let details = json!([{ "issue": "Result set size is greater than the maximum limit." }]);
    let fault = json!({ "name": "RESULTSET_TOO_LARGE", "details": details });
    let too_large = || (LIST, 400, fault.clone());
    let script = vec![too_large(), too_large(), (LIST, 200, listing(true))];
    let peer = Peer::start(script).await;
    let gateway = peer.gateway(&[]);
    let window = (at("2026-01-01T00:00:00Z"), at("2026-01-05T00:00:00Z"));
    let books = gateway.books().expect("books");
    let (movements, cursor) = books.movements(window, None).await.expect("a page");
    assert_eq!(movements.len(), 1);
    let next = "2026-01-02T00:00:00Z 2026-01-05T00:00:00Z 1";
    assert_eq!(cursor.as_deref(), Some(next));
    let over = books.movements((window.1, window.1), None).await;
    assert_eq!(over, Ok((Vec::new(), None)));
    let bad = books.movements(window, Some("elsewhere")).await;
    assert!(matches!(bad, Err(GatewayError::Refused { .. })), "{bad:?}");
    peer.finish();
}
