//! Objects as Stripe describes them, and orders to go with them.

use jiff::Timestamp;
use portico_billing::gateway::Reference;
use portico_billing::{Currency, Money};
use portico_gateways::{Charge, Checkout, Payer, RefundOrder, SetUp, Sought, Taken};
use serde_json::{Value, json};
use url::Url;

/// When the tests' attempts began.
pub const SINCE: &str = "2026-09-21T12:00:00Z";

/// Stripe's seconds of [`SINCE`].
pub const SINCE_SECONDS: i64 = 1_789_992_000;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub fn reference() -> Reference {
    "0123456789ABCDEFGHJK".parse().expect("a reference")
}

pub fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub fn url(text: &str) -> Url {
    text.parse().expect("an address")
}

/// The values that orders borrow.
pub struct Desk {
    pub reference: Reference,
    pub back: Url,
    pub cancel: Url,
}

impl Desk {
    pub fn new() -> Self {
        Self {
            reference: reference(),
            back: url("https://pay.example.com/return?a=1&b=2"),
            cancel: url("https://pay.example.com/invoices"),
        }
    }

    pub fn payer<'a>(&self, profile: Option<&'a str>) -> Payer<'a> {
        let email = Some("jo@example.com");
        Payer { customer: "0199", name: "Jo Weber", email, profile }
    }

    pub fn checkout(&self, money: Money) -> Checkout<'_> {
        Checkout {
            reference: &self.reference,
            money,
            description: "Invoices R-12, R-13 & Söhne",
            payer: self.payer(None),
            locale: "de-AT",
            return_url: &self.back,
            cancel_url: &self.cancel,
            keep: false,
        }
    }

    pub fn set_up(&self) -> SetUp<'_> {
        SetUp {
            reference: &self.reference,
            payer: self.payer(None),
            currency: Currency::EUR,
            locale: "en",
            return_url: &self.back,
            cancel_url: &self.cancel,
        }
    }

    pub fn charge(&self) -> Charge<'_> {
        Charge {
            reference: &self.reference,
            money: euros(1234),
            description: "Invoice R-12",
            payer: self.payer(Some("cus_1")),
            token: "pm_1",
            now: at(SINCE),
            return_url: None,
        }
    }

    pub fn refund<'a>(&'a self, charge: &'a str) -> RefundOrder<'a> {
        RefundOrder {
            reference: &self.reference,
            charge,
            money: euros(500),
            charged: euros(1234),
            last4: None,
            since: at(SINCE),
            now: at("2026-09-21T13:00:00Z"),
        }
    }

    /// What was taken of 12.34 EUR, asked an hour later.
    pub fn taken<'a>(&self, charge: &'a str, known: &'a [String]) -> Taken<'a> {
        let (since, now) = (at(SINCE), at("2026-09-21T13:00:00Z"));
        Taken { charge, charged: euros(1234), known, since, now }
    }

    pub fn sought<'a>(&'a self, handle: Option<&'a str>, now: &str) -> Sought<'a> {
        let money = Some(euros(1234));
        Sought { reference: &self.reference, handle, money, since: at(SINCE), now: at(now) }
    }
}

/// A page of a list.
pub fn list(items: &[Value], has_more: bool) -> Value {
    json!({"object": "list", "data": items, "has_more": has_more})
}

/// A card that is stored with `cus_1`.
pub fn stored_card() -> Value {
    json!({
        "id": "pm_1", "object": "payment_method", "type": "card", "customer": "cus_1",
        "billing_details": {"name": "Jo Weber"},
        "card": {"brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2031},
    })
}

/// A PaymentIntent of 12.34 EUR.
pub fn intent(status: &str) -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "amount": 1234, "amount_received": 0,
        "currency": "eur", "status": status, "created": SINCE_SECONDS, "livemode": false,
        "customer": null, "metadata": {"portico_reference": reference()},
        "last_payment_error": null, "next_action": null, "cancellation_reason": null,
        "payment_method": null, "latest_charge": null, "on_behalf_of": null, "transfer_data": null,
    })
}

/// One that was paid by the stored card, with what it did to the balance.
pub fn paid_intent() -> Value {
    let mut intent = intent("succeeded");
    intent["amount_received"] = json!(1234);
    intent["customer"] = json!("cus_1");
    intent["payment_method"] = stored_card();
    intent["latest_charge"] = json!({
        "id": "ch_1", "object": "charge", "created": SINCE_SECONDS + 60,
        "balance_transaction": {"id": "txn_1", "fee": 59, "currency": "eur",
            "created": SINCE_SECONDS + 61},
        "payment_method_details": {"type": "card", "card": {"last4": "4242"}},
    });
    intent
}

/// A Checkout Session of a payment.
pub fn session(status: &str, intent: Option<Value>) -> Value {
    let url = (status == "open").then_some("https://checkout.stripe.test/c/pay/cs_test_1#x");
    json!({
        "id": "cs_test_1", "object": "checkout.session", "mode": "payment", "status": status,
        "url": url, "client_reference_id": reference(), "livemode": false,
        "payment_intent": intent, "setup_intent": null,
    })
}

/// A Checkout Session of the storing of a method.
pub fn set_up_session(status: &str, set_up: Option<Value>) -> Value {
    let mut session = session(status, None);
    session["mode"] = json!("setup");
    session["setup_intent"] = json!(set_up);
    session
}

/// A SetupIntent.
pub fn set_up(status: &str) -> Value {
    json!({
        "id": "seti_1", "object": "setup_intent", "status": status, "customer": "cus_1",
        "last_setup_error": null, "cancellation_reason": null, "payment_method": null,
        "latest_attempt": null, "metadata": {"portico_reference": reference()},
    })
}
