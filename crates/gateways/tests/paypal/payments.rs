//! Payments that the customer agrees to on PayPal's pages.

use portico_billing::gateway::DeclineReason;
use portico_billing::payment_method::PaymentMethodKind;
use portico_billing::{Currency, Money};
use portico_gateways::answer::Way;
use portico_gateways::{Checkout, Declined, GatewayError, Kept, Paid, Progress, Sight};
use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::{
    APPROVE, CAPTURE, LIST, MAKE, MERCHANT, ORDER, READ, READ_CAPTURE, REFERENCE, Scene, TAKE, at,
    capture, completed, listing, not_found, order, unprocessable, url,
};

fn paid() -> Paid {
    Paid {
        charge: CAPTURE.to_owned(),
        money: Money::new(1234, Currency::EUR),
        reference: Some(REFERENCE.to_owned()),
        recipient: Some(MERCHANT.to_owned()),
        test: true,
        fee: Some(Money::new(78, Currency::EUR)),
        at: at("2026-06-01T12:09:00Z"),
        method: Kept {
            token: None,
            profile: None,
            kind: PaymentMethodKind::Paypal,
            brand: None,
            last4: None,
            expiry: None,
            holder: Some("ada@example.test".to_owned()),
        },
    }
}

fn is_paid() -> Result<Sight, GatewayError> {
    Ok(Sight::There(Progress::Paid(Box::new(paid()))))
}

fn is_pending() -> Result<Sight, GatewayError> {
    Ok(Sight::There(Progress::Pending { handle: Some(ORDER.to_owned()) }))
}

fn is_declined(reason: DeclineReason, code: &str) -> Result<Sight, GatewayError> {
    let declined = Declined { reason, code: code.to_owned() };
    Ok(Sight::There(Progress::Declined(declined)))
}

/// Looks the order up ten minutes after it began.
async fn resumed(script: Vec<Reply>) -> Result<Sight, GatewayError> {
    let peer = Peer::start(script).await;
    let sight = peer.gateway(&[]).resume(&Scene::new().sought(Some(ORDER))).await;
    peer.finish();
    sight
}

#[tokio::test]
async fn a_checkout_makes_an_order_and_sends_the_customer_there() {
    let answer = order("PAYER_ACTION_REQUIRED");
    let peer = Peer::start(vec![(MAKE, 201, answer.clone()), (MAKE, 200, answer)]).await;
    let gateway = peer.gateway(&[]);
    let scene = Scene::new();
    let away = Progress::Away { handle: ORDER.to_owned(), way: Way::Go(url(APPROVE)) };
    assert_eq!(gateway.begin(&scene.checkout(false)).await, Ok(away.clone()));
    assert_eq!(gateway.begin(&scene.checkout(true)).await, Ok(away));
    assert_eq!(peer.tokens(), 1);
    let requests = peer.finish();
    for request in &requests {
        assert_eq!(request.header("paypal-request-id"), Some(REFERENCE));
        assert_eq!(request.header("prefer"), Some("return=representation"));
        assert_eq!(request.header("authorization"), Some("Bearer token-1"));
    }
    let body = requests[0].json();
    let unit = json!({
        "reference_id": REFERENCE,
        "custom_id": REFERENCE,
        "invoice_id": REFERENCE,
        "amount": { "currency_code": "EUR", "value": "12.34" },
        "description": "Invoices R-12, R-13",
    });
    assert_eq!(body["intent"], "CAPTURE");
    assert_eq!(body["purchase_units"], json!([unit]));
    let wallet = json!({ "experience_context": {
        "return_url": "https://portal.example.test/payments/1/return",
        "cancel_url": "https://portal.example.test/payments/1/cancel",
        "shipping_preference": "NO_SHIPPING",
        "locale": "de",
        "user_action": "PAY_NOW",
    }});
    assert_eq!(body["payment_source"]["paypal"], wallet);
    let vault = json!({
        "store_in_vault": "ON_SUCCESS",
        "usage_type": "MERCHANT",
        "permit_multiple_payment_tokens": true,
    });
    let kept = requests[1].json();
    assert_eq!(kept["payment_source"]["paypal"]["attributes"], json!({ "vault": vault }));
}

#[tokio::test]
async fn what_the_customer_agreed_to_is_captured_by_a_key_of_its_own() {
    let script = vec![(READ, 200, order("APPROVED")), (TAKE, 201, completed("COMPLETED"))];
    let peer = Peer::start(script).await;
    let sight = peer.gateway(&[]).resume(&Scene::new().sought(Some(ORDER))).await;
    assert_eq!(sight, is_paid());
    let requests = peer.finish();
    let key = format!("{REFERENCE}-capture");
    assert_eq!(requests[1].header("paypal-request-id"), Some(key.as_str()));
    assert_eq!(requests[1].body, b"{}");
}

#[tokio::test]
async fn a_begun_order_that_was_agreed_to_meanwhile_is_captured() {
    let script = vec![(MAKE, 200, order("APPROVED")), (TAKE, 201, completed("COMPLETED"))];
    let peer = Peer::start(script).await;
    let progress = peer.gateway(&[]).begin(&Scene::new().checkout(false)).await;
    assert_eq!(progress, Ok(Progress::Paid(Box::new(paid()))));
    peer.finish();
}

#[tokio::test]
async fn a_capture_that_was_done_before_is_read() {
    for issue in ["ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"] {
        let script = vec![
            (READ, 200, order("APPROVED")),
            (TAKE, 422, unprocessable(issue)),
            (READ, 200, completed("COMPLETED")),
        ];
        assert_eq!(resumed(script).await, is_paid(), "{issue}");
    }
    // It says so, and does not tell more: nothing is captured a second time.
    let script = vec![
        (READ, 200, order("APPROVED")),
        (TAKE, 422, unprocessable("ORDER_COMPLETION_IN_PROGRESS")),
        (READ, 200, order("APPROVED")),
    ];
    assert_eq!(resumed(script).await, is_pending());
    assert_eq!(resumed(vec![(READ, 200, completed("COMPLETED"))]).await, is_paid());
}

#[tokio::test]
async fn short_answers_are_read_in_full() {
    let short = json!({ "id": ORDER, "status": "COMPLETED" });
    let script = vec![
        (READ, 200, order("APPROVED")),
        (TAKE, 201, short),
        (READ, 200, completed("COMPLETED")),
    ];
    assert_eq!(resumed(script).await, is_paid());
    let agreed = vec![
        (READ, 200, json!({ "id": ORDER, "status": "APPROVED" })),
        (READ, 200, order("APPROVED")),
        (TAKE, 201, completed("COMPLETED")),
    ];
    assert_eq!(resumed(agreed).await, is_paid());
}

#[tokio::test]
async fn pay_05_an_answer_that_is_missing_is_unknown() {
    for (status, body) in [(0, Value::Null), (500, json!({})), (200, json!("?"))] {
        let script = vec![(READ, 200, order("APPROVED")), (TAKE, status, body)];
        let sight = resumed(script).await;
        assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{status}: {sight:?}");
    }
    let in_progress = json!({ "name": "PREVIOUS_REQUEST_IN_PROGRESS" });
    let script = vec![(READ, 200, order("APPROVED")), (TAKE, 409, in_progress)];
    let unknown = GatewayError::Unknown("PREVIOUS_REQUEST_IN_PROGRESS".to_owned());
    assert_eq!(resumed(script).await, Err(unknown));
    // It was captured, and how it stands cannot be read: not "nothing happened".
    for (status, body) in [(429, json!({})), (404, not_found()), (0, Value::Null)] {
        let script = vec![
            (READ, 200, order("APPROVED")),
            (TAKE, 422, unprocessable("ORDER_ALREADY_CAPTURED")),
            (READ, status, body),
        ];
        let sight = resumed(script).await;
        assert!(matches!(sight, Err(GatewayError::Unknown(_))), "{status}: {sight:?}");
    }
    let busy = vec![(READ, 429, json!({}))];
    assert_eq!(resumed(busy).await, Err(GatewayError::TooMany));
}

#[tokio::test]
async fn what_paypal_declines_is_an_answer() {
    for (issue, reason) in [
        ("INSTRUMENT_DECLINED", DeclineReason::Declined),
        ("PAYER_CANNOT_PAY", DeclineReason::Declined),
        ("TRANSACTION_LIMIT_EXCEEDED", DeclineReason::TooMuch),
    ] {
        let script = vec![(READ, 200, order("APPROVED")), (TAKE, 422, unprocessable(issue))];
        assert_eq!(resumed(script).await, is_declined(reason, issue));
    }
    let declined = vec![(READ, 200, order("APPROVED")), (TAKE, 201, completed("DECLINED"))];
    assert_eq!(resumed(declined).await, is_declined(DeclineReason::Declined, "DECLINED"));
    let closed = unprocessable("PAYEE_ACCOUNT_LOCKED_OR_CLOSED");
    let refused = resumed(vec![(READ, 200, order("APPROVED")), (TAKE, 422, closed)]).await;
    assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn captures_that_wait_or_were_given_back_later_are_told_as_they_are() {
    assert_eq!(resumed(vec![(READ, 200, completed("PENDING"))]).await, is_pending());
    for status in ["REFUNDED", "PARTIALLY_REFUNDED"] {
        assert_eq!(resumed(vec![(READ, 200, completed(status))]).await, is_paid());
    }
    let strange = resumed(vec![(READ, 200, completed("NEW_WORD"))]).await;
    assert!(matches!(strange, Err(GatewayError::Unknown(_))), "{strange:?}");
}

#[tokio::test]
async fn pay_05_another_order_than_the_one_begun_is_not_captured() {
    let mut others = [(); 4].map(|()| order("APPROVED"));
    others[0]["purchase_units"][0]["custom_id"] = json!("0000000000000000000Z");
    others[1]["purchase_units"][0]["amount"]["value"] = json!("1.00");
    others[2]["purchase_units"][0]["amount"]["currency_code"] = json!("USD");
    let unit = others[3]["purchase_units"][0].clone();
    others[3]["purchase_units"] = json!([unit, unit]);
    for other in others {
        let sight = resumed(vec![(READ, 200, other)]).await;
        let code = "ANOTHER_ORDER";
        assert!(
            matches!(&sight, Err(GatewayError::Refused { code: it, .. }) if it == code),
            "{sight:?}"
        );
    }
}

#[tokio::test]
async fn orders_that_nobody_agrees_to_end() {
    let away = Progress::Away { handle: ORDER.to_owned(), way: Way::Go(url(APPROVE)) };
    let waiting = order("PAYER_ACTION_REQUIRED");
    let sight = resumed(vec![(READ, 200, waiting.clone())]).await;
    assert_eq!(sight, Ok(Sight::There(away)));
    let voided = resumed(vec![(READ, 200, order("VOIDED"))]).await;
    assert_eq!(voided, is_declined(DeclineReason::Abandoned, "VOIDED"));
    let peer = Peer::start(vec![(READ, 200, waiting)]).await;
    let scene = Scene::new();
    let mut sought = scene.sought(Some(ORDER));
    sought.now = at("2026-06-05T12:00:00Z");
    let late = peer.gateway(&[]).resume(&sought).await;
    assert_eq!(late, is_declined(DeclineReason::Abandoned, "PAYER_ACTION_REQUIRED"));
    peer.finish();
}

/// Looks a payment up that PayPal has no order of, so many hours after it began.
async fn without_order(handle: Option<&str>, hours: i64, list: Vec<Reply>) -> Sight {
    let mut script = list;
    if handle.is_some() {
        script.push((READ, 404, not_found()));
    }
    let peer = Peer::start(script).await;
    let scene = Scene::new();
    let mut sought = scene.sought(handle);
    sought.now = sought.since + jiff::SignedDuration::from_hours(hours);
    let sight = peer.gateway(&[]).resume(&sought).await.expect("an answer");
    for request in peer.finish().iter().filter(|request| request.line == LIST) {
        assert!(request.query.contains("start_date=2026-06-01T11%3A55%3A00Z"), "{}", request.query);
        let end = format!("end_date=2026-06-01T{}%3A59%3A59.999Z", 11 + hours);
        assert!(request.query.contains(&end), "{}", request.query);
    }
    sight
}

#[tokio::test]
async fn pay_05_a_payment_without_an_order_is_looked_for_in_the_books() {
    let with_order = vec![
        (LIST, 200, listing(true)),
        (READ_CAPTURE, 200, capture("COMPLETED")),
        (READ, 200, completed("COMPLETED")),
    ];
    assert_eq!(Ok(without_order(None, 1, with_order).await), is_paid());
    for recipient in [None, Some(MERCHANT)] {
        let mut lone = capture("COMPLETED");
        lone["payee"] = json!({ "merchant_id": recipient });
        let list = vec![(LIST, 200, listing(true)), (READ_CAPTURE, 200, lone)];
        let method = Kept { holder: None, ..paid().method };
        let alone = Paid { recipient: recipient.map(str::to_owned), method, ..paid() };
        let sight = without_order(Some(ORDER), 1, list).await;
        assert_eq!(sight, Sight::There(Progress::Paid(Box::new(alone))));
    }
    for handle in [None, Some(ORDER)] {
        let pending = Progress::Pending { handle: handle.map(str::to_owned) };
        let list = || vec![(LIST, 200, listing(false))];
        assert_eq!(without_order(handle, 5, list()).await, Sight::There(pending));
    }
    let nothing = without_order(None, 7, vec![(LIST, 200, listing(false))]).await;
    assert_eq!(nothing, Sight::Absent);
    let left = without_order(Some(ORDER), 7, vec![(LIST, 200, listing(false))]).await;
    assert_eq!(Ok(left), is_declined(DeclineReason::Abandoned, "RESOURCE_NOT_FOUND"));
}

#[tokio::test]
async fn a_list_that_is_not_written_yet_is_empty() {
    let message = "Data for the given start date is not available.";
    let early = json!({ "name": "INVALID_REQUEST", "message": message, "details": [] });
    let pending = Sight::There(Progress::Pending { handle: None });
    assert_eq!(without_order(None, 1, vec![(LIST, 400, early)]).await, pending);
    // By a clock that is behind, it has not begun yet.
    assert_eq!(without_order(None, -1, Vec::new()).await, pending);
    let wrong = json!({ "name": "INVALID_REQUEST", "message": "Invalid date.", "details": [] });
    let peer = Peer::start(vec![(LIST, 400, wrong)]).await;
    let error = peer.gateway(&[]).resume(&Scene::new().sought(None)).await;
    assert!(matches!(error, Err(GatewayError::Refused { .. })), "{error:?}");
    peer.finish();
}

#[tokio::test]
async fn pay_01_a_double_of_the_same_reference_is_found_not_paid_twice() {
    let script = vec![
        (READ, 200, order("APPROVED")),
        (TAKE, 422, unprocessable("DUPLICATE_INVOICE_ID")),
        (LIST, 200, listing(true)),
        (READ_CAPTURE, 200, capture("COMPLETED")),
    ];
    let sight = resumed(script).await;
    assert!(matches!(sight, Ok(Sight::There(Progress::Paid(_)))), "{sight:?}");
}

#[tokio::test]
async fn a_wallet_that_was_stored_by_a_payment_is_told() {
    let mut answer = completed("COMPLETED");
    answer["payment_source"]["paypal"]["attributes"] = json!({ "vault": {
        "id": "nkq2y9g", "status": "VAULTED", "customer": { "id": "695922590" },
    }});
    let sight = resumed(vec![(READ, 200, answer.clone())]).await;
    let Ok(Sight::There(Progress::Paid(it))) = sight else { panic!("{sight:?}") };
    assert_eq!(it.method.token.as_deref(), Some("nkq2y9g"));
    assert_eq!(it.method.profile.as_deref(), Some("695922590"));
    // Not stored yet: PayPal tells of it later.
    answer["payment_source"]["paypal"]["attributes"]["vault"]["status"] = json!("APPROVED");
    assert_eq!(resumed(vec![(READ, 200, answer)]).await, is_paid());
}

#[tokio::test]
async fn pay_07_what_paypal_does_not_take_is_not_sent() {
    let peer = Peer::start(Vec::new()).await;
    let gateway = peer.gateway(&[]);
    let scene = Scene::new();
    for (minor, currency) in [(1000, Currency::KWD), (0, Currency::EUR), (-1, Currency::USD)] {
        let money = Money::new(minor, currency);
        let refused = gateway.begin(&Checkout { money, ..scene.checkout(false) }).await;
        assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{money}: {refused:?}");
    }
    let refused = gateway.resume(&scene.sought(Some("../../v1/x"))).await;
    assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{refused:?}");
    assert_eq!(peer.tokens(), 0);
    assert!(peer.finish().is_empty());
}
