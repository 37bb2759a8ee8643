//! PayPal, against a peer that answers by a script. Each body that is sent is checked against
//! PayPal's published schemas, where they are at hand.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests do")]

mod notices;
mod payments;
mod peer;
mod published;
mod reversals;
mod schemas;
mod taken;
mod tokens;
mod wallets;

use jiff::Timestamp;
use portico_billing::gateway::Reference;
use portico_billing::{Currency, Money};
use portico_gateways::{Checkout, Payer, Sought};
use serde_json::{Value, json};
use url::Url;

const REFERENCE: &str = "00000000000000000001";
const ORDER: &str = "5O190127TN364715T";
const CAPTURE: &str = "3C679366HH908993F";
const MERCHANT: &str = "7LFUVCDKEARH4";
const APPROVE: &str = "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T";

const MAKE: &str = "POST /v2/checkout/orders";
const READ: &str = "GET /v2/checkout/orders/5O190127TN364715T";
const TAKE: &str = "POST /v2/checkout/orders/5O190127TN364715T/capture";
const READ_CAPTURE: &str = "GET /v2/payments/captures/3C679366HH908993F";
const LIST: &str = "GET /v1/reporting/transactions";

fn reference() -> Reference {
    REFERENCE.parse().expect("a reference")
}

fn url(text: &str) -> Url {
    text.parse().expect("an address")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn money() -> Money {
    Money::new(1234, Currency::EUR)
}

fn payer(profile: Option<&str>) -> Payer<'_> {
    Payer { customer: "c-1", name: "Ada", email: Some("ada@example.test"), profile }
}

/// A payment of 12.34 EUR, handed to `run`.
struct Scene {
    reference: Reference,
    back: Url,
    cancel: Url,
}

impl Scene {
    fn new() -> Self {
        Self {
            reference: reference(),
            back: url("https://portal.example.test/payments/1/return"),
            cancel: url("https://portal.example.test/payments/1/cancel"),
        }
    }

    fn checkout(&self, keep: bool) -> Checkout<'_> {
        Checkout {
            reference: &self.reference,
            money: money(),
            description: "Invoices R-12, R-13",
            payer: payer(None),
            locale: "de",
            return_url: &self.back,
            cancel_url: &self.cancel,
            keep,
        }
    }

    /// Looked for ten minutes after it began.
    fn sought<'a>(&'a self, handle: Option<&'a str>) -> Sought<'a> {
        Sought {
            reference: &self.reference,
            handle,
            money: Some(money()),
            since: at("2026-06-01T12:00:00Z"),
            now: at("2026-06-01T12:10:00Z"),
        }
    }
}

fn amount(value: &str) -> Value {
    json!({ "currency_code": "EUR", "value": value })
}

/// The order as PayPal tells it.
fn order(status: &str) -> Value {
    json!({
        "id": ORDER,
        "status": status,
        "intent": "CAPTURE",
        "payment_source": { "paypal": { "email_address": "ada@example.test" } },
        "purchase_units": [{
            "reference_id": REFERENCE,
            "custom_id": REFERENCE,
            "amount": amount("12.34"),
            "payee": { "email_address": "shop@example.test", "merchant_id": MERCHANT },
        }],
        "links": [
            { "rel": "self", "href": "https://api.sandbox.paypal.com/v2/checkout/orders/x" },
            { "rel": "payer-action", "href": APPROVE },
        ],
    })
}

fn capture(status: &str) -> Value {
    json!({
        "id": CAPTURE,
        "status": status,
        "amount": amount("12.34"),
        "custom_id": REFERENCE,
        "invoice_id": REFERENCE,
        "seller_receivable_breakdown": {
            "gross_amount": amount("12.34"),
            "paypal_fee": amount("0.78"),
            "net_amount": amount("11.56"),
        },
        "supplementary_data": { "related_ids": { "order_id": ORDER } },
        "create_time": "2026-06-01T12:09:00Z",
    })
}

/// The order after its capture.
fn completed(status: &str) -> Value {
    let mut order = order("COMPLETED");
    order["purchase_units"][0]["payments"] = json!({ "captures": [capture(status)] });
    order
}

fn unprocessable(issue: &str) -> Value {
    json!({
        "name": "UNPROCESSABLE_ENTITY",
        "message": "The requested action could not be performed.",
        "debug_id": "90957fca61718",
        "details": [{ "issue": issue, "description": "why" }],
    })
}

fn not_found() -> Value {
    json!({ "name": "RESOURCE_NOT_FOUND", "details": [{ "issue": "INVALID_RESOURCE_ID" }] })
}

/// A page of the list of transactions with the payment, or without any.
fn listing(with_payment: bool) -> Value {
    let payment = json!({ "transaction_info": {
        "transaction_id": CAPTURE,
        "transaction_event_code": "T0006",
        "transaction_status": "S",
        "transaction_initiation_date": "2026-06-01T12:09:00+0000",
        "transaction_amount": amount("12.34"),
        "fee_amount": amount("-0.78"),
        "invoice_id": REFERENCE,
        "custom_field": REFERENCE,
    }});
    let details = if with_payment { vec![payment] } else { Vec::new() };
    json!({ "transaction_details": details, "page": 1, "total_pages": 1 })
}
