//! The check against the published schemas is one: it refuses what PayPal would. What the peer of
//! these tests answers is what PayPal would.

use serde_json::{Value, json};

use crate::schemas::{answer_complaints, are_there, complaints};
use crate::{REFERENCE, amount, capture, completed, order, reversals, wallets};

fn good() -> Value {
    json!({
        "intent": "CAPTURE",
        "purchase_units": [{ "custom_id": REFERENCE, "amount": amount("12.34") }],
        "payment_source": { "paypal": { "experience_context": {
            "return_url": "https://portal.example.test/return",
            "user_action": "PAY_NOW",
        }}},
    })
}

/// The good body with another value at `pointer`.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = good();
    *body.pointer_mut(pointer).expect("a place") = value;
    body
}

#[expect(clippy::print_stderr, reason = "who runs the tests is told what they leave out")]
fn are_missing() -> bool {
    if !are_there() {
        eprintln!("skipped: there are no published schemas; say by PORTICO_TEST_DATA where");
    }
    !are_there()
}

#[test]
fn broken_bodies_are_refused_by_the_published_schemas() {
    if are_missing() {
        return;
    }
    let make = |body: &Value| complaints("POST", "/v2/checkout/orders", body);
    assert_eq!(make(&good()), Vec::<String>::new());
    let context = "/payment_source/paypal/experience_context";
    let unit = "/purchase_units/0";
    for (broken, why) in [
        (json!({}), "nothing in it"),
        (json!([]), "no object"),
        (with("/intent", json!("TAKE")), "no such intent"),
        (with("/purchase_units", json!([])), "no unit"),
        (with(&format!("{unit}/amount"), json!({ "value": "1" })), "no currency"),
        (with(&format!("{unit}/amount/value"), json!(12.34)), "a number"),
        (with(&format!("{unit}/amount/value"), json!("12,34")), "a comma"),
        (with(&format!("{unit}/custom_id"), json!("x".repeat(128))), "too long"),
        (with(&format!("{context}/user_action"), json!("PAY")), "no such action"),
        (with(&format!("{context}/return_url"), json!("no address")), "no address"),
        (with(context, json!({ "retrun_url": "https://a.test/" })), "a slip in a name"),
        (with(unit, json!({ "amount": amount("1.00"), "costum_id": "x" })), "a slip in a unit"),
    ] {
        assert!(!make(&broken).is_empty(), "{why} passes");
    }
    let refund = "/v2/payments/captures/3C679366HH908993F/refund";
    let whole = json!({ "amount": amount("1.00"), "invoice_id": REFERENCE });
    assert!(complaints("POST", refund, &whole).is_empty());
    assert!(!complaints("POST", refund, &json!({ "amount": "1.00" })).is_empty());
    let exchange = "/v3/vault/payment-tokens";
    let token = |kind: &str| json!({ "payment_source": { "token": { "id": "A1", "type": kind } } });
    assert!(complaints("POST", exchange, &token("SETUP_TOKEN")).is_empty());
    assert!(!complaints("POST", exchange, &token("CARD")).is_empty());
}

#[test]
fn the_peer_answers_as_paypal_does() {
    if are_missing() {
        return;
    }
    let (orders, order_path) = ("/v2/checkout/orders", "/v2/checkout/orders/5O190127TN364715T");
    let taken = "/v2/checkout/orders/5O190127TN364715T/capture";
    let captured = "/v2/payments/captures/3C679366HH908993F";
    let refunded = "/v2/payments/captures/3C679366HH908993F/refund";
    let vault = "/v3/vault";
    for (method, path, status, body) in [
        ("POST", orders.to_owned(), 201, order("PAYER_ACTION_REQUIRED")),
        ("POST", orders.to_owned(), 200, completed("COMPLETED")),
        ("GET", order_path.to_owned(), 200, order("APPROVED")),
        ("GET", order_path.to_owned(), 200, completed("PENDING")),
        ("POST", taken.to_owned(), 201, completed("DECLINED")),
        ("GET", captured.to_owned(), 200, capture("PARTIALLY_REFUNDED")),
        ("POST", refunded.to_owned(), 201, reversals::refund("PENDING")),
        ("POST", format!("{vault}/setup-tokens"), 201, wallets::set_up_token("APPROVED")),
        ("GET", format!("{vault}/setup-tokens/x"), 200, wallets::set_up_token("TOKENIZED")),
        ("POST", format!("{vault}/payment-tokens"), 201, wallets::lasting()),
    ] {
        let complaints = answer_complaints(method, &path, status, &body);
        assert!(complaints.is_empty(), "{method} {path} {status}: {complaints:#?}");
    }
    let broken = answer_complaints("GET", order_path, 200, &order("PAID"));
    assert!(!broken.is_empty());
}
