//! Payment gateways, by the Management API and in the control panel.

use axum::http::{Method, StatusCode};
use portico_billing::permission::OperatorRole;
use serde_json::{Value, json};

use crate::site::Site;
use crate::staff::Operator;

const API: &str = "/api/v1/gateways";
const PAGES: &str = "/settings/gateways";
const CANARY: &str = "sk_test_canaryHunter2";

fn stripe() -> Value {
    json!({
        "provider": "stripe", "name": "Card", "test": true,
        "currencies": [{"currency": "EUR", "surcharge_percent": "1.5"}],
        "settings": {"secret_key": CANARY, "base_url": "http://127.0.0.1:9"},
    })
}

#[tokio::test]
async fn prv_04_the_api_makes_changes_tests_and_removes_gateways_and_tells_no_secret() {
    let site = Site::new().await;
    let made = site.post(API, &stripe()).send().await;
    assert_eq!(made.status, 201, "{}", made.text);
    let gateway = made.json();
    let fields = (&gateway["secrets_set"], &gateway["settings"], &gateway["position"]);
    let address = json!({"base_url": "http://127.0.0.1:9"});
    assert_eq!(fields, (&json!(["secret_key"]), &address, &json!(1)));
    assert_eq!(gateway["currencies"][0]["surcharge_percent"], "1.5");
    assert_eq!((&gateway["stores_methods"], &gateway["refunds"]), (&json!(true), &json!(true)));
    let one = format!("{API}/{}", gateway["id"].as_str().expect("an id"));
    assert_eq!(site.get(&one).send().await.json(), gateway);
    let enable = json!({"enabled": true});
    let patch = |body: &Value| site.call(Method::PATCH, &one).json(body).send();
    patch(&enable).await.assert_problem(422, "invalid", &["settings.webhook_secret"]);
    let whole = json!({"enabled": true, "settings": {"webhook_secret": "whsec_canary"}});
    let patched = patch(&whole).await;
    assert_eq!(patched.json()["secrets_set"], json!(["secret_key", "webhook_secret"]));
    assert_eq!(patched.json()["enabled"], true);
    patch(&json!({"colour": "red"})).await.assert_problem(422, "invalid", &["colour"]);
    let tested = site.post(&format!("{one}/test"), &Value::Null).send().await;
    assert_eq!(tested.json()["outcome"], "not_reached", "{}", tested.text);
    let list = site.get(API).send().await;
    assert_eq!(list.json()["data"], json!([patched.json()]));
    let log = site.get("/api/v1/audit-log").send().await;
    for told in [&made, &patched, &tested, &list, &log] {
        assert!(!told.text.contains("canary"), "{}", told.text);
    }
    for action in ["gateway.created", "gateway.updated", "gateway.tested"] {
        assert!(log.text.contains(action), "{action}");
    }
    let removed = site.call(Method::DELETE, &one).send().await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
    site.get(&one).send().await.assert_problem(404, "not-found", &[]);
}

const FORM: &[(&str, &str)] = &[
    ("provider", "stripe"),
    ("name", "Card"),
    ("mode", "test"),
    ("password.secret_key", CANARY),
    ("settings.base_url", "http://127.0.0.1:9"),
    ("currencies.0.currency", "EUR"),
    ("currencies.0.percent", "2,5"),
];

#[tokio::test]
async fn prv_04_a_form_is_drawn_filled_in_and_never_shows_a_secret() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Admin).await;
    assert!(desk.get(PAGES).await.text.contains("No payment gateways yet"));
    assert!(desk.get(&format!("{PAGES}/new")).await.text.contains("?provider=authorize_net"));
    let form = desk.get(&format!("{PAGES}/new?provider=stripe")).await;
    assert!(form.text.contains("password.webhook_secret"), "{}", form.text);
    // Something else is wrong: the secret is not shown again.
    let faulty = [&FORM[..1], &[("name", "")], &FORM[2..]].concat();
    let refused = desk.post(&format!("{PAGES}/new"), &faulty).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains("canary"), "{}", refused.text);
    let made = desk.post(&format!("{PAGES}/new"), FORM).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.header("location").split('?').next().expect("a path").to_owned();
    let shown = desk.get(&page).await;
    assert!(shown.text.contains("localhost:9090&#x2f;gateways&#x2f;"), "{}", shown.text);
    assert!(shown.text.contains("A value is stored") && !shown.text.contains("canary"));
    let incomplete = desk.post(&format!("{page}/switch"), &[("enabled", "true")]).await;
    assert_eq!(incomplete.status, StatusCode::SEE_OTHER);
    assert!(incomplete.header("location").starts_with(&page));
    let all = [&FORM[..3], &FORM[4..], &[("enabled", "true"), ("currencies.1.currency", "EUR")]];
    let refused = desk.post(&page, &all.concat()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("f-password.webhook_secret-fault"), "{}", refused.text);
    assert!(refused.text.contains("f-currencies.1.currency-fault"), "{}", refused.text);
    let whole = [&FORM[..3], &FORM[4..], &[("password.webhook_secret", "whsec_canary")]].concat();
    let saved = desk.post(&page, &whole).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let enabled = desk.post(&format!("{page}/switch"), &[("enabled", "true")]).await;
    assert_eq!(enabled.header("location").split('?').next(), Some(PAGES));
    assert!(desk.get(PAGES).await.text.contains("Enabled"));
    let tested = desk.post(&format!("{page}/test"), &[]).await;
    assert!(tested.text.contains("Stripe was not reached"), "{}", tested.text);
    assert!(desk.get(&format!("{page}/remove")).await.text.contains("Remove this gateway"));
    let removed = desk.post(&format!("{page}/remove"), &[]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
    assert_eq!(desk.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_not_set_gateways_up_sees_the_list_alone() {
    let site = Site::new().await;
    site.post(API, &stripe()).send().await;
    let desk = Operator::of(&site, OperatorRole::ReadOnly).await;
    let list = desk.get(PAGES).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text.contains("Card") && !list.text.contains(&format!("{PAGES}/new")));
    assert_eq!(desk.get(&format!("{PAGES}/new")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.post(&format!("{PAGES}/new"), FORM).await.status, StatusCode::FORBIDDEN);
}
