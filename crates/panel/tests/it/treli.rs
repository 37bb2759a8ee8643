//! Treli's dialect, literally.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Answer, Call, Site};

const PATH: &str = "/wp-json/api/portal/sessions/create";

fn call(site: &Site) -> Call {
    let key = &site.acme.key;
    site.open(Method::POST, PATH).basic(&key.id.to_string(), &key.secret)
}

async fn send(site: &Site, body: &Value) -> Answer {
    call(site).json(body).send().await
}

#[tokio::test]
async fn the_documented_request_is_answered_as_documented() {
    let site = Site::new().await;
    let customer = site.customer("4711", "ana@example.com").await;
    let answer = send(
        &site,
        &json!({
            "customer_email": "Ana@Example.com",
            "return_url": "https://acme.example",
            "forward": "customer_invoices",
        }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    let created = site.core.now().as_second();
    let id = customer["id"].as_str().expect("an id");
    let url = body["auth_url"].as_str().expect("an address").to_owned();
    let rest =
        url.strip_prefix("http://localhost:9080/p/authenticate?forward=customer_invoices&token=");
    let (token, customer_id) = rest.and_then(|rest| rest.split_once("&customer_id=")).expect(&url);
    assert_eq!((token.len(), customer_id), (43, id));
    assert!(id.starts_with("cus_"));
    let expected = json!({
        "status": "success",
        "customer_id": id,
        "created": created,
        "valid_until": created + 1_800,
        "return_url": "https://acme.example",
        "forward": "customer_invoices",
        "auth_url": url,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn key_as_user_alone_and_forms_are_taken() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let call = site.open(Method::POST, PATH).basic(&site.acme.key.expose(), "");
    let form = "customer_email=ana%40example.com&return_url=https%3A%2F%2Facme.example";
    let answer = call.raw("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    assert_eq!(body["forward"], Value::Null);
    let url = body["auth_url"].as_str().expect("an address");
    assert!(url.starts_with("http://localhost:9080/p/authenticate?token="), "{url}");
}

#[tokio::test]
async fn two_customers_with_one_address_get_no_session() {
    let site = Site::new().await;
    site.customer("1", "shared@example.com").await;
    site.customer("2", "shared@example.com").await;
    let answer = send(&site, &json!({ "customer_email": "shared@example.com" })).await;
    let expected = json!({
        "code": "rest_customer_ambiguous",
        "message": "More than one customer has this e-mail address; no session was made.",
        "data": { "status": 409 },
    });
    assert_eq!((answer.status.as_u16(), answer.json()), (409, expected));
    let sessions = site.get("/api/v1/portal-sessions").send().await.json();
    assert_eq!(sessions["data"], json!([]));
}

#[tokio::test]
async fn faults_are_told_as_by_wordpress() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let known = "ana@example.com";
    for (body, status, code, params) in [
        (json!({}), 400, "rest_missing_callback_param", json!(["customer_email"])),
        (
            json!({ "customer_email": "" }),
            400,
            "rest_missing_callback_param",
            json!(["customer_email"]),
        ),
        (
            json!({ "customer_email": "ana" }),
            400,
            "rest_invalid_param",
            json!({ "customer_email": "customer_email is not a valid e-mail address." }),
        ),
        (
            json!({ "customer_email": known, "forward": "home" }),
            400,
            "rest_invalid_param",
            json!({ "forward": "forward is not one of customer_update_address, \
                customer_invoices, and subscription_update_payment." }),
        ),
        (
            json!({ "customer_email": known, "forward": "subscription_update_payment" }),
            400,
            "rest_missing_callback_param",
            json!(["subscription_id"]),
        ),
        (
            json!({ "customer_email": known, "return_url": "https://evil.example" }),
            400,
            "rest_invalid_param",
            json!({ "return_url":
                "return_url `https://evil.example` is not among the allowed origins of \
                this brand." }),
        ),
        (
            json!({ "customer_email": "eve@example.com" }),
            404,
            "rest_customer_not_found",
            Value::Null,
        ),
        (
            json!({ "customer_email": known, "forward": "subscription_update_payment",
                "subscription_id": 12_345 }),
            404,
            "rest_subscription_not_found",
            Value::Null,
        ),
    ] {
        let answer = send(&site, &body).await;
        let found = answer.json();
        assert_eq!((answer.status.as_u16(), &found["code"]), (status, &json!(code)), "{found}");
        assert_eq!((&found["data"]["status"], &found["data"]["params"]), (&json!(status), &params));
        assert!(found["message"].is_string());
    }
    let broken = call(&site).raw("application/json", "{\"customer_email\":").send().await;
    assert_eq!(broken.json()["code"], "rest_invalid_json");
}

#[tokio::test]
async fn a_subscription_of_their_own_number_is_opened_at_its_payment_method() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let subscription = json!({
        "external_id": "12345", "customer_id": "4711", "plan": "Pro", "status": "active",
        "currency": "EUR", "amount_minor": 4_900, "interval_unit": "month", "interval_count": 1,
        "started_on": "2026-01-01",
    });
    let subscription = site.post("/api/v1/subscriptions", &subscription).send().await;
    assert_eq!(subscription.status, StatusCode::CREATED, "{}", subscription.text);
    for number in [json!(12_345), json!("12345"), subscription.json()["id"].clone()] {
        let body = json!({
            "customer_email": "ana@example.com",
            "forward": "subscription_update_payment",
            "subscription_id": number,
        });
        let answer = send(&site, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let sessions = site.get("/api/v1/portal-sessions").send().await.json();
    let expected = json!({
        "page": "subscription_payment_method", "subscription_id": subscription.json()["id"],
    });
    for session in sessions["data"].as_array().expect("sessions") {
        assert_eq!(session["forward"], expected);
    }
}
