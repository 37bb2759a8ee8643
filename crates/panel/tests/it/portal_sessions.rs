//! Portal sessions in our own words.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::Site;

const PATH: &str = "/api/v1/portal-sessions";

#[tokio::test]
async fn a_session_is_opened_listed_read_and_revoked() {
    let site = Site::new().await;
    let customer = site.customer("4711", "ana@example.com").await;
    let body = json!({
        "customer_id": "4711",
        "return_url": "https://acme.example/account",
        "idle_timeout": 3_600,
        "forward": "invoices",
        "locale": "es",
    });
    let answer = site.post(PATH, &body).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let mut created = answer.json();
    let id = created["id"].as_str().expect("an id").to_owned();
    let url =
        created.as_object_mut().and_then(|created| created.remove("url")).expect("an address");
    let token = url.as_str().and_then(|url| url.strip_prefix("http://localhost:9080/session/"));
    assert_eq!(token.map(str::len), Some(43), "{url}");
    let expected = json!({
        "id": id,
        "state": "waiting",
        "customer_id": customer["id"],
        "contact_id": null,
        "brand_id": customer["brand_id"],
        "return_url": "https://acme.example/account",
        "forward": { "page": "invoices" },
        "locale": "es",
        "idle_timeout": 3_600,
        "created_at": "2026-11-20T12:00:00Z",
        "link_expires_at": "2026-11-20T12:05:00Z",
        "started_at": null,
        "last_seen_at": null,
        "expires_at": null,
        "ended_at": null,
    });
    assert_eq!(created, expected);
    assert_eq!(site.get(&format!("{PATH}/{id}")).send().await.json(), expected);
    let list = site.get(&format!("{PATH}?customer_id=4711")).send().await.json();
    assert_eq!(list, json!({ "data": [expected], "next_cursor": null }));
    let none = site.get(&format!("{PATH}?customer_id=4712")).send().await.json();
    assert_eq!(none["data"], json!([]));
    for _ in 0..2 {
        let ended = site.call(Method::DELETE, &format!("{PATH}/{id}")).send().await;
        assert_eq!(ended.status, StatusCode::OK);
        let ended = ended.json();
        assert_eq!(
            (&ended["state"], &ended["ended_at"]),
            (&json!("ended"), &json!("2026-11-20T12:00:00Z"))
        );
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    for (body, field) in [
        (json!({}), "customer_id"),
        (json!({ "customer_id": "4711", "contact_id": "c" }), "contact_id"),
        (json!({ "customer_id": "4711", "idle_timeout": 59 }), "idle_timeout"),
        (json!({ "customer_id": "4711", "idle_timeout": -1 }), "idle_timeout"),
        (json!({ "customer_id": "4711", "return_url": "https://evil.example" }), "return_url"),
        (json!({ "customer_id": "4711", "return_url": "javascript:alert(1)" }), "return_url"),
        (json!({ "customer_id": "4711", "locale": "not a tag" }), "locale"),
        (json!({ "customer_id": "4711", "retrun_url": "x" }), "retrun_url"),
        (json!({ "customer_id": "4711", "forward": "home" }), "forward"),
        (json!({ "customer_id": "4711", "forward": { "page": "home" } }), "forward.page"),
        (
            json!({ "customer_id": "4711", "forward": { "page": "subscription_payment_method" } }),
            "forward.subscription_id",
        ),
        (
            json!({ "customer_id": "4711",
                "forward": { "page": "subscription_payment_method", "subscription_id": "s" } }),
            "forward.subscription_id",
        ),
        (json!({ "customer_id": "4711", "forward": { "page": "invoices", "x": 1 } }), "forward.x"),
    ] {
        site.post(PATH, &body).send().await.assert_problem(422, "invalid", &[field]);
    }
    let unknown = site.post(PATH, &json!({ "customer_id": "4712" })).send().await;
    unknown.assert_problem(404, "not-found", &["customer_id"]);
    let unknown = site.post(PATH, &json!({ "contact_id": "4712" })).send().await;
    unknown.assert_problem(404, "not-found", &["contact_id"]);
}

#[tokio::test]
async fn a_session_of_a_contact_names_its_customer() {
    let site = Site::new().await;
    let customer = site.customer("4711", "ana@example.com").await;
    let contact = json!({
        "external_id": "person-1", "customer_id": "4711", "name": "Ana", "email": "ana@example.com",
    });
    let contact = site.post("/api/v1/contacts", &contact).send().await.json();
    let answer = site.post(PATH, &json!({ "contact_id": "person-1" })).send().await.json();
    assert_eq!(answer["contact_id"], contact["id"]);
    assert_eq!(answer["customer_id"], customer["id"]);
    assert_eq!(answer["forward"], json!({ "page": "overview" }));
    assert_eq!(
        (&answer["return_url"], &answer["locale"]),
        (&json!("https://acme.example"), &Value::Null)
    );
}
