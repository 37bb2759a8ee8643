//! Credit that settles invoices, and invoices in instalments: by the Management API, and by the
//! staff.

use axum::http::{Method, StatusCode};
use portico_billing::permission::OperatorRole;
use serde_json::{Value, json};

use crate::forms::{Desk, bare, with};
use crate::site::{Answer, Site};
use crate::staff::session;

/// A payment of the customer `c-1` that settles nothing.
async fn pay_in(site: &Site, minor: i64) {
    let body = json!({
        "customer_id": "c-1", "status": "succeeded", "amount_minor": minor, "currency": "EUR",
        "method": "cash", "paid_at": "2026-11-02T00:00:00Z",
    });
    let answer = site.post("/api/v1/payments", &body).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

/// An invoice over 90 EUR in three parts: overdue, due today, and due in December.
fn in_parts() -> Value {
    let part = |day: &str| json!({"due_on": day, "amount_minor": 3_000});
    json!({
        "external_id": "i-1", "customer_id": "c-1", "number": "INV-7", "status": "open",
        "issued_on": "2026-10-01", "lines": [{"description": "Team", "unit_price": "90"}],
        "instalments": [part("2026-11-01"), part("2026-11-20"), part("2026-12-20")],
    })
}

async fn stored(site: &Site, id: &str) -> Value {
    site.get(&format!("/api/v1/invoices/{id}")).send().await.json()
}

async fn settle(site: &Site, key: &str, body: &Value) -> Answer {
    let call = site.post("/api/v1/invoices/i-1/credit", body);
    call.header("idempotency-key", key).send().await
}

#[tokio::test]
async fn software_sends_instalments_and_reads_what_is_due() {
    let site = Site::new().await;
    site.customer("c-1", "ana@acme.example").await;
    let sent = site.post("/api/v1/invoices", &in_parts()).send().await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    let it = sent.json();
    let sums = |it: &Value| (it["due_minor"].as_i64(), it["remaining_minor"].as_i64());
    assert_eq!(sums(&it), (Some(6_000), Some(9_000)));
    assert_eq!((&it["due_on"], &it["next_due_on"]), (&json!("2026-12-20"), &json!("2026-11-01")));
    let states: Vec<_> = it["instalments"].as_array().expect("parts").iter().collect();
    let states: Vec<_> = states.iter().map(|it| (&it["state"], &it["open_minor"])).collect();
    let open = json!(3_000);
    let [overdue, due, upcoming] = ["overdue", "due", "upcoming"].map(|word| json!(word));
    assert_eq!(states, [(&overdue, &open), (&due, &open), (&upcoming, &open)]);
    let again = site.post("/api/v1/invoices", &in_parts()).send().await;
    assert_eq!(again.status, StatusCode::OK, "it is there already: {}", again.text);
    let mut odd = in_parts();
    odd["instalments"][2]["amount_minor"] = json!(2_999);
    let refused = site.post("/api/v1/invoices", &odd).send().await;
    refused.assert_problem(422, "invalid", &["instalments"]);
}

#[tokio::test]
async fn pay_04_software_settles_by_credit_once_and_by_no_more_than_there_is() {
    let site = Site::new().await;
    site.customer("c-1", "ana@acme.example").await;
    site.post("/api/v1/invoices", &in_parts()).send().await;
    settle(&site, "none", &json!({})).await.assert_problem(409, "conflict", &["amount_minor"]);
    pay_in(&site, 4_000).await;
    let odd = settle(&site, "odd", &json!({"amount": 1})).await;
    odd.assert_problem(422, "invalid", &["amount"]);
    let body = json!({"amount_minor": 2_500});
    let first = settle(&site, "one", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let it = first.json();
    assert_eq!((&it["amount_minor"], &it["currency"]), (&json!(2_500), &json!("EUR")));
    assert_eq!(it["parts"][0]["kind"], "payment");
    let again = settle(&site, "one", &body).await;
    assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
    assert_eq!(stored(&site, "i-1").await["remaining_minor"], 6_500, "it was used once");
    let more = settle(&site, "more", &json!({"amount_minor": 1_501})).await;
    more.assert_problem(409, "conflict", &["amount_minor"]);
    let rest = settle(&site, "rest", &json!({})).await.json();
    assert_eq!(rest["amount_minor"], 1_500, "as far as it goes");
    assert_eq!(stored(&site, "i-1").await["next_due_on"], "2026-11-20", "the first is settled");
}

#[tokio::test]
async fn the_staff_sees_instalments_and_uses_credit_by_a_form() {
    let desk = Desk::new().await;
    let invoice = desk.site.post("/api/v1/invoices", &in_parts()).send().await.json();
    let own = format!("/invoices/{}", bare(&invoice));
    let page = format!("{own}/use-credit");
    let shown = desk.get(&own).await;
    assert!(shown.text.contains("Instalments") && shown.text.contains("Due today"));
    assert!(!shown.links().contains(&page), "there is no credit");
    assert!(desk.get(&page).await.text.contains("There is nothing to settle"));
    pay_in(&desk.site, 2_000).await;
    assert!(desk.get(&own).await.links().contains(&page));
    let form = desk.form(&page).await;
    for typed in ["20.01", "0", "x"] {
        let faulty = desk.send(&page, &with(&form, &[("amount", typed)])).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(faulty.attributes("[aria-invalid=true]", "name"), ["amount"], "{typed}");
    }
    let some = with(&form, &[("amount", "5,00")]);
    let (one, two) = tokio::join!(desk.send(&page, &some), desk.send(&page, &some));
    for answer in [one, two] {
        assert_eq!(answer.header("location"), own, "{}", answer.text);
    }
    assert_eq!(stored(&desk.site, "i-1").await["remaining_minor"], 8_500);
    let rest = desk.send(&page, &desk.form(&page).await).await;
    assert_eq!(rest.header("location"), own, "{}", rest.text);
    assert_eq!(stored(&desk.site, "i-1").await["remaining_minor"], 7_000);
    assert!(!desk.get(&own).await.links().contains(&page), "it is used up");
    assert_eq!(desk.site.noted("credit.used").await.len(), 2);
}

#[tokio::test]
async fn az_01_who_may_only_look_uses_no_credit() {
    let desk = Desk::new().await;
    let id = desk.invoice(Some("INV-1")).await;
    pay_in(&desk.site, 2_000).await;
    let (_, secret) = session(&desk.site, desk.site.acme.id, OperatorRole::ReadOnly).await;
    let cookie = format!("portico-panel={}", secret.expose());
    let get = |path: String| desk.site.open(Method::GET, &path).header("cookie", &cookie).send();
    let page = format!("/invoices/{id}/use-credit");
    assert!(!get(format!("/invoices/{id}")).await.links().contains(&page));
    assert_eq!(get(page).await.status, StatusCode::FORBIDDEN);
}
