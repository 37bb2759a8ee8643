//! Money going back: by the Management API, and by the staff.

use axum::http::{Method, StatusCode};
use portico_billing::Currency;
use portico_billing::gateway::Reference;
use portico_billing::permission::OperatorRole;
use portico_core::gateways::GatewayInput;
use portico_core::records::RecordKey;
use portico_core::{Caller, CustomerRef, NewPortalSession};
use portico_core_api::{CoreApi, Origin, PayApi, PayOrder};
use serde_json::{Value, json};
use url::Url;

use crate::forms::{Desk, SURE, bare, fields, with};
use crate::site::{Answer, Site};
use crate::staff::session;

/// An invoice of the customer `c-1` over 50 EUR that they paid through the sandbox: the payment's
/// identifier, and the invoice's.
async fn paid(site: &Site) -> (String, String) {
    let caller = Caller::system(site.acme.id);
    let input = json!({
        "provider": "sandbox", "name": "Card", "enabled": true, "test": true,
        "currencies": [{"currency": "EUR"}],
    });
    let input: GatewayInput = serde_json::from_value(input).expect("an input");
    let gateway = site.core.create_gateway(&caller, &input).await.expect("a gateway").id;
    let body = json!({
        "customer_id": "c-1", "number": "INV-9", "status": "open", "issued_on": "2026-11-01",
        "lines": [{"description": "Team", "unit_price": "50"}],
    });
    let invoice = site.post("/api/v1/invoices", &body).send().await.json();
    let invoice = invoice["id"].as_str().expect("an id").to_owned();
    let new = NewPortalSession::of(CustomerRef::Customer(RecordKey::new("c-1")));
    let session = site.core.create_portal_session(&caller, new).await.expect("a session");
    let address = "192.0.2.1".parse().expect("an address");
    let origin = Origin { address, user_agent: None };
    let (brand, link) = (session.brand.id, &session.link);
    let entered = site.core.enter_by_session_link(brand, link, origin.clone()).await;
    let secret = entered.expect("a visit").secret;
    let order = PayOrder {
        form_key: "k".to_owned(),
        invoices: vec![invoice.parse().expect("an identifier")],
        currency: Currency::EUR,
        amount_minor: None,
        whole: false,
        credit: false,
        gateway: Some(gateway),
        method: None,
        keep: false,
        site: Url::parse("https://pay.test").expect("an address"),
    };
    let begun = site.core.pay(&secret, order, origin).await.expect("an order");
    let id = begun.attempt().expect("an attempt");
    let reference = Reference::of(id);
    site.core.choose_in_sandbox(&secret, &reference, "pay").await.expect("a choice");
    let view = site.core.look_at_attempt(&secret, id).await.expect("an attempt");
    (view.payment.expect("a payment").to_string(), invoice)
}

async fn site() -> Site {
    let site = Site::new().await;
    site.customer("c-1", "ana@acme.example").await;
    site
}

async fn send(site: &Site, payment: &str, body: &Value) -> Answer {
    site.post(&format!("/api/v1/payments/{payment}/refund"), body).send().await
}

async fn stored(site: &Site, noun: &str, id: &str) -> Value {
    site.get(&format!("/api/v1/{noun}/{id}")).send().await.json()
}

#[tokio::test]
async fn pay_04_a_request_that_is_sent_again_gives_back_once() {
    let site = site().await;
    let (payment, invoice) = paid(&site).await;
    let path = format!("/api/v1/payments/{payment}/refund");
    let with_key = |body: Value| site.post(&path, &body).header("idempotency-key", "k-1").send();
    let body = json!({"amount_minor": 2_000, "reason": "Broken # seen by Bo"});
    let first = with_key(body.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let made = first.json();
    assert_eq!((&made["status"], &made["to"]), (&json!("succeeded"), &json!("method")));
    assert_eq!((&made["amount_minor"], &made["currency"]), (&json!(2_000), &json!("EUR")));
    assert_eq!((&made["payment_id"], &made["failure_code"]), (&json!(payment), &Value::Null));
    let again = with_key(body).await;
    assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
    let altered = with_key(json!({"amount_minor": 2_001})).await;
    altered.assert_problem(422, "idempotency-key-reused", &[]);
    assert_eq!(stored(&site, "payments", &payment).await["refunded_minor"], 2_000);
    let refund = stored(&site, "payments", made["refund_id"].as_str().expect("an id")).await;
    assert_eq!((&refund["kind"], &refund["payment_id"]), (&json!("refund"), &json!(payment)));
    assert_eq!(stored(&site, "invoices", &invoice).await["due_minor"], 2_000);

    let rest = send(&site, &payment, &json!({})).await.json();
    assert_eq!(rest["amount_minor"], 3_000, "all that is left");
    assert_eq!(site.noted("refund.ordered").await.len(), 2);
}

#[tokio::test]
async fn pay_05_what_is_not_known_yet_is_said_so() {
    let site = site().await;
    let (payment, _) = paid(&site).await;
    let slow = send(&site, &payment, &json!({"amount_minor": 1_092})).await;
    assert_eq!((slow.status, &slow.json()["status"]), (StatusCode::CREATED, &json!("processing")));
    assert_eq!(slow.json()["refund_id"], Value::Null);
    let refused = send(&site, &payment, &json!({"amount_minor": 1_091})).await.json();
    let said = (&refused["status"], &refused["failure_code"]);
    assert_eq!(said, (&json!("failed"), &json!("refused")));
    let much = send(&site, &payment, &json!({"amount_minor": 4_000})).await;
    much.assert_problem(422, "invalid", &["amount_minor"]);
}

#[tokio::test]
async fn what_goes_to_the_balance_moves_no_money() {
    let site = site().await;
    let (payment, invoice) = paid(&site).await;
    let made = send(&site, &payment, &json!({"to": "balance", "amount_minor": 1_500})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["id"], &made["status"]), (&Value::Null, &json!("succeeded")));
    assert_eq!(stored(&site, "invoices", &invoice).await["due_minor"], 1_500);
    assert_eq!(stored(&site, "payments", &payment).await["refunded_minor"], 0);
    let rest = send(&site, &payment, &json!({"to": "balance"})).await.json();
    assert_eq!(rest["amount_minor"], 3_500);
    let none = send(&site, &payment, &json!({"to": "balance", "amount_minor": 1})).await;
    none.assert_problem(422, "invalid", &["amount_minor"]);
}

#[tokio::test]
async fn what_cannot_be_given_back_is_refused() {
    let site = site().await;
    let (payment, _) = paid(&site).await;
    for (body, field) in [
        (json!({"amount_minor": 0}), "amount_minor"),
        (json!({"amount_minor": -1}), "amount_minor"),
        (json!({"amount_minor": 5_001}), "amount_minor"),
        (json!({"amount_minor": i64::MAX}), "amount_minor"),
        (json!({"to": "cash"}), "to"),
        (json!({"reason": "4242 4242 4242 4242"}), "reason"),
        (json!({"amount": "1.00"}), "amount"),
    ] {
        send(&site, &payment, &body).await.assert_problem(422, "invalid", &[field]);
    }
    let absent = "pay_00000000000000000000000000000000";
    send(&site, absent, &json!({})).await.assert_problem(404, "not-found", &[]);
    let cash = json!({
        "customer_id": "c-1", "status": "succeeded", "amount_minor": 900, "currency": "EUR",
        "method": "cash", "paid_at": "2026-11-02T00:00:00Z",
    });
    let cash = site.post("/api/v1/payments", &cash).send().await.json();
    let cash = cash["id"].as_str().expect("an id");
    send(&site, cash, &json!({})).await.assert_problem(409, "conflict", &["to"]);
    assert_eq!(stored(&site, "payments", &payment).await["refunded_minor"], 0);
}

#[tokio::test]
async fn pay_04_the_staff_gives_a_payment_back_once() {
    let desk = Desk::new().await;
    let (id, _) = paid(&desk.site).await;
    let here = format!("/payments/{}", bare(&json!({"id": id})));
    let page = format!("{here}/return");
    assert!(desk.get(&here).await.links().contains(&page));
    let shown = desk.form(&page).await;
    assert_eq!(shown["amount"], "50.00");
    let much = desk.send(&page, &with(&shown, &[("amount", "50.01"), SURE])).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", much.text);
    let kept = fields(&much);
    assert_eq!((kept["amount"].as_str(), &kept["once"]), ("50.01", &shown["once"]));
    let typed = with(&shown, &[("amount", "20"), ("reason", "Broken")]);
    let asked = desk.send(&page, &typed).await;
    assert_eq!((asked.status, desk.count("payments").await), (StatusCode::OK, 1));
    let sure = with(&fields(&asked), &[SURE]);
    let (one, two) = tokio::join!(desk.send(&page, &sure), desk.send(&page, &sure));
    for answer in [&one, &two] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("location"), here);
    }
    assert_eq!(desk.count("payments").await, 2);
    assert!(desk.told(&one).await.contains("20.00"));
    let altered = desk.send(&page, &with(&sure, &[("amount", "21")])).await;
    assert_eq!(altered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(altered.text.contains("sent before"), "{}", altered.text);
    assert_eq!(stored(&desk.site, "payments", &id).await["refunded_minor"], 2_000);
}

#[tokio::test]
async fn what_a_payment_settles_is_changed_once() {
    let desk = Desk::new().await;
    let (id, invoice) = paid(&desk.site).await;
    let here = format!("/payments/{}", bare(&json!({"id": id})));
    let part = format!("settle.{}", bare(&json!({"id": invoice})));
    for (verb, field, typed, due) in
        [("release", "amount", "20", 2_000), ("allocations", part.as_str(), "45", 500)]
    {
        let page = format!("{here}/{verb}");
        let form = desk.form(&page).await;
        let much = desk.send(&page, &with(&form, &[(field, "50.01"), SURE])).await;
        assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY, "{verb}: {}", much.text);
        assert_eq!(fields(&much)[field], "50.01");
        let sure = with(&form, &[(field, typed), SURE]);
        for _ in 0..2 {
            let answer = desk.send(&page, &sure).await;
            assert_eq!(answer.header("location"), here, "{verb}: {}", answer.text);
        }
        assert_eq!(stored(&desk.site, "invoices", &invoice).await["due_minor"], due, "{verb}");
    }
}

#[tokio::test]
async fn pay_07_what_stands_in_a_field_of_another_language_reads_back() {
    let desk = Desk::new().await;
    let (id, invoice) = paid(&desk.site).await;
    let page = format!("/payments/{}/release", bare(&json!({"id": id})));
    let form = fields(&desk.get_in_spanish(&page).await);
    assert_eq!(form["amount"], "50,00");
    let answer = desk.send(&page, &with(&form, &[SURE])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(stored(&desk.site, "invoices", &invoice).await["due_minor"], 5_000);
}

/// A payment by hand of 9 EUR.
async fn by_hand(desk: &Desk, status: &str) -> String {
    let body = json!({
        "customer_id": "c-1", "status": status, "amount_minor": 900, "currency": "EUR",
        "method": "bank_transfer", "paid_at": "2026-11-02T00:00:00Z",
    });
    let made = desk.site.post("/api/v1/payments", &body).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn payments_by_hand_are_confirmed_and_cancelled_once() {
    let desk = Desk::new().await;
    for (before, verb, after, typed) in [
        ("processing", "confirm", "succeeded", SURE),
        ("processing", "cancel", "cancelled", ("reason", "Bounced")),
        ("succeeded", "cancel", "cancelled", ("reason", "")),
    ] {
        let id = by_hand(&desk, before).await;
        let here = format!("/payments/{}", bare(&json!({"id": id})));
        let page = format!("{here}/{verb}");
        assert!(desk.get(&here).await.links().contains(&page), "{verb}");
        let form = with(&desk.form(&page).await, &[typed]);
        let (one, two) = tokio::join!(desk.send(&page, &form), desk.send(&page, &form));
        for answer in [one, two] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{verb}: {}", answer.text);
        }
        assert_eq!(stored(&desk.site, "payments", &id).await["status"], after, "{verb}");
        let other = desk.send(&page, &with(&desk.form(&page).await, &[typed])).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{verb} of what is over");
    }
    let (through, _) = paid(&desk.site).await;
    let page = format!("/payments/{}/cancel", bare(&json!({"id": through})));
    let refused = desk.send(&page, &desk.form(&page).await).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "money moved by it");
}

#[tokio::test]
async fn an_invoice_is_given_up_once_and_with_a_reason() {
    let desk = Desk::new().await;
    let id = desk.invoice(Some("INV-1")).await;
    let page = format!("/invoices/{id}/write-off");
    assert!(desk.get(&format!("/invoices/{id}")).await.links().contains(&page));
    let form = desk.form(&page).await;
    let faulty = desk.send(&page, &form).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(faulty.attributes("[aria-invalid=true]", "name"), ["reason"]);
    let form = with(&form, &[("reason", "Gone bankrupt")]);
    for _ in 0..2 {
        let answer = desk.send(&page, &form).await;
        assert_eq!(answer.header("location"), format!("/invoices/{id}"), "{}", answer.text);
    }
    let stored = stored(&desk.site, "invoices", &id).await;
    assert_eq!((&stored["status"], &stored["due_minor"]), (&json!("uncollectible"), &json!(0)));
    assert_eq!(desk.site.noted("invoice.written_off").await.len(), 1);
    let other = desk.form(&page).await;
    let other = desk.send(&page, &with(&other, &[("reason", "Again")])).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is due");
}

#[tokio::test]
async fn az_01_who_may_only_look_moves_no_money() {
    let desk = Desk::new().await;
    let (id, _) = paid(&desk.site).await;
    let (_, secret) = session(&desk.site, desk.site.acme.id, OperatorRole::ReadOnly).await;
    let cookie = format!("portico-panel={}", secret.expose());
    let here = format!("/payments/{}", bare(&json!({"id": id})));
    let get = |path: String| desk.site.open(Method::GET, &path).header("cookie", &cookie).send();
    let shown = get(here.clone()).await;
    assert_eq!(shown.status, StatusCode::OK);
    for verb in ["return", "release", "allocations", "cancel"] {
        let page = format!("{here}/{verb}");
        assert!(!shown.links().contains(&page), "{verb}");
        assert_eq!(get(page).await.status, StatusCode::FORBIDDEN, "{verb}");
    }
}
