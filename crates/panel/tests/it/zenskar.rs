//! Zenskar's dialect, literally.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Answer, Call, Site};

/// The request of the guide, with our ids in it.
fn call(site: &Site, path: &str, body: &Value) -> Call {
    let call = site.call(Method::POST, path).json(body);
    call.header("organisation", &site.acme.id.uuid().to_string())
}

/// Splits `redirect_url` into what it is made of.
fn parts(answer: &Answer) -> (String, String, String, String) {
    let body = answer.json();
    let url = body["redirect_url"].as_str().expect("an address");
    let rest = url.strip_prefix("http://localhost:9080/session/").expect("our portal");
    let (path, query) = rest.split_once("?return_url=").expect("where to return");
    let mut parts = path.splitn(3, '_').map(str::to_owned);
    let mut next = || parts.next().expect("a part");
    (next(), next(), next(), query.to_owned())
}

#[tokio::test]
async fn the_guides_own_request_works_at_both_paths_by_all_ids() {
    let site = Site::new().await;
    let customer = site.customer("4711", "ana@example.com").await;
    let id: portico_billing::CustomerId =
        customer["id"].as_str().expect("an id").parse().expect("one");
    let uuid = id.uuid().to_string();
    for path in ["/customer/session", "/customers/session"] {
        for key in [uuid.clone(), id.to_string(), "4711".to_owned()] {
            let body = json!({
                "customer_id": key, "return_url": "https://acme.example", "idle_timeout": 86_400,
            });
            let answer = call(&site, path, &body).send().await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            let (organisation, customer, token, back) = parts(&answer);
            assert_eq!(organisation, site.acme.id.uuid().to_string());
            assert_eq!((customer, back.as_str()), (uuid.clone(), "https://acme.example"));
            assert_eq!(token.len(), 43);
            let body = answer.json();
            assert_eq!(body["session_token"], token);
            assert_eq!(body["is_guest_session"], false);
            assert_eq!(body.as_object().map(serde_json::Map::len), Some(3));
        }
    }
}

#[tokio::test]
async fn the_session_idles_as_long_as_was_asked_for() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    for (body, seconds) in [
        (json!({ "customer_id": "4711" }), 3_600),
        (json!({ "customer_id": "4711", "idle_timeout": null }), 3_600),
        (json!({ "customer_id": "4711", "idle_timeout": "120" }), 120),
        (json!({ "customer_id": "4711", "idle_timeout": 86_400 }), 86_400),
    ] {
        let answer = call(&site, "/customer/session", &body).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        // Without a `return_url` the brand's own site is where the logo leads.
        assert_eq!(parts(&answer).3, "https://acme.example");
        let sessions = site.get("/api/v1/portal-sessions?limit=1").send().await.json();
        let found = sessions["data"][0]["idle_timeout"].as_u64();
        let all = site.get("/api/v1/portal-sessions").send().await.json();
        let all: Vec<u64> = all["data"]
            .as_array()
            .expect("sessions")
            .iter()
            .filter_map(|session| session["idle_timeout"].as_u64())
            .collect();
        assert!(found.is_some() && all.contains(&seconds), "{all:?} lacks {seconds}");
    }
}

#[tokio::test]
async fn get_with_a_body_is_taken_as_the_newer_guide_sends_it() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let body = json!({ "customer_id": "4711", "return_url": "https://acme.example/a?b=c&d=e" });
    let get = site.call(Method::GET, "/customers/session").json(&body);
    let answer = get.header("organisation", &site.acme.id.to_string()).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(parts(&answer).3, "https://acme.example/a?b=c%26d=e");
}

#[tokio::test]
async fn faults_are_told_in_the_originals_form() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let fault = |field: &str, message: &str, kind: &str| {
        let fault = json!({ "loc": ["body", field], "msg": message, "type": kind });
        json!({ "detail": [fault] })
    };
    let cases = [
        (json!({}), fault("customer_id", "field required", "value_error.missing")),
        (
            json!({ "customer_id": 4711 }),
            fault("customer_id", "str type expected", "type_error.str"),
        ),
        (
            json!({ "customer_id": "4711", "idle_timeout": "soon" }),
            fault("idle_timeout", "value is not a valid integer", "type_error.integer"),
        ),
        (
            json!({ "customer_id": "4711", "idle_timeout": 59 }),
            fault(
                "idle_timeout",
                "ensure this value is greater than or equal to 60",
                "value_error.number.not_ge",
            ),
        ),
        (
            json!({ "customer_id": "4711", "idle_timeout": 86_401 }),
            fault(
                "idle_timeout",
                "ensure this value is less than or equal to 86400",
                "value_error.number.not_le",
            ),
        ),
        (
            json!({ "is_guest_session": true, "return_url": "https://acme.example" }),
            fault(
                "is_guest_session",
                "sign-up is switched off for every brand of this organisation",
                "value_error",
            ),
        ),
        (
            json!({ "is_guest_session": true, "customer_id": "4711" }),
            fault("customer_id", "must be null for guest sessions", "value_error"),
        ),
        (
            json!({ "customer_id": "4711", "return_url": "https://evil.example" }),
            fault(
                "return_url",
                "`https://evil.example` is not among the allowed origins of this brand",
                "value_error.url",
            ),
        ),
        (json!([]), fault("body", "value is not a valid dict", "type_error.dict")),
    ];
    for (body, expected) in cases {
        let answer = call(&site, "/customer/session", &body).send().await;
        assert_eq!((answer.status.as_u16(), answer.json()), (422, expected), "{body}");
    }
    let answer = call(&site, "/customer/session", &json!({ "customer_id": "4712" })).send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (404, json!({ "detail": "Customer not found" }))
    );
    let broken = site.call(Method::POST, "/customer/session").raw("application/json", "{");
    let broken = broken.header("organisation", &site.acme.id.to_string()).send().await;
    assert_eq!(broken.status.as_u16(), 422);
    assert_eq!(broken.json()["detail"][0]["type"], "value_error.jsondecode");
}

#[tokio::test]
async fn a_guest_is_sent_to_the_form_of_signing_up() {
    let site = Site::new().await;
    let mut write = site.database.store.write(site.acme.id).await.expect("a unit of work");
    let mut brand = write.default_brand().await.expect("an answer").expect("a brand");
    brand.sign_up.customers = true;
    write.update_brand(&brand).await.expect("updated");
    write.commit().await.expect("committed");
    let body = json!({
        "customer_id": null, "is_guest_session": true, "return_url": "https://acme.example/done",
        "idle_timeout": 3_600,
    });
    for path in ["/customer/session", "/customers/session"] {
        let answer = call(&site, path, &body).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let answer = answer.json();
        let token = answer["session_token"].as_str().expect("a token");
        let url = format!("http://localhost:9080/sign-up?guest={token}");
        assert_eq!(answer["redirect_url"], url);
        assert_eq!(answer["is_guest_session"], true);
        assert_eq!(answer.as_object().map(serde_json::Map::len), Some(3));
        assert!(!answer.to_string().contains("acme.example"), "what it holds is sealed");
    }
    let foreign = json!({ "is_guest_session": true, "return_url": "https://evil.example" });
    let answer = call(&site, "/customer/session", &foreign).send().await;
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "return_url"]));
}

#[tokio::test]
async fn the_organisation_header_must_be_the_keys() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let body = json!({ "customer_id": "4711", "return_url": "https://acme.example" });
    let with = |organisation: &str| {
        let call = site.call(Method::POST, "/customer/session").json(&body);
        call.header("organisation", organisation).send()
    };
    assert_eq!(with(&site.other.id.uuid().to_string()).await.status, StatusCode::FORBIDDEN);
    let answer = with("acme").await;
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["header", "organisation"]));
    let answer = site.post("/customer/session", &body).send().await;
    let missing = json!({ "detail": [{
        "loc": ["header", "organisation"], "msg": "field required", "type": "value_error.missing",
    }] });
    assert_eq!((answer.status.as_u16(), answer.json()), (422, missing));
}
