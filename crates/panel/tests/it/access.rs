//! Every route, asked by those who may not.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use portico_panel::{Access, Route, table};
use serde_json::json;

use crate::site::Site;

/// A path of the table with something in place of its parameters.
fn path(route: &Route, id: &str) -> String {
    let path = route.path.replace("{file}", "swagger-ui.css");
    let part = |part: &str| if part.starts_with('{') { id.to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn without_a_key_in_force_nothing_is_told() {
    let site = Site::new().await;
    let good = site.acme.key.expose();
    let unknown = "key_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b.secret";
    let (id, _) = good.split_once('.').expect("two parts");
    let wrong_secret = format!("{id}.{}", "x".repeat(43));
    for (number, route) in (0_u16..).zip(table()) {
        // Each from an address of its own: wrong keys from one are soon too many.
        let [high, low] = number.to_be_bytes();
        let peer = SocketAddr::from(([198, 18, high, low], 9_000));
        for key in [None, Some(""), Some("x"), Some(unknown), Some(wrong_secret.as_str())] {
            let call = site.open(route.method.clone(), &path(&route, "x"));
            let mut call = call.extension(ConnectInfo(peer)).json(&json!({}));
            if let Some(key) = key {
                call = match route.access {
                    Access::Treli => call.basic(key, ""),
                    _ => call.header("x-api-key", key),
                };
            }
            let answer = call.send().await;
            match route.access {
                Access::Public | Access::Entrance => {
                    assert_ne!(answer.status, StatusCode::UNAUTHORIZED);
                }
                // No key opens a page of the staff.
                Access::Waiting | Access::Enrolling | Access::SignedIn | Access::Operator(_) => {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{route:?}");
                }
                Access::Local => assert_eq!(answer.status, StatusCode::NOT_FOUND),
                Access::ApiKey | Access::ApiKeyBatch => {
                    answer.assert_problem(401, "unauthenticated", &[]);
                    assert!(answer.header("www-authenticate").starts_with("Bearer"));
                }
                Access::Zenskar => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
                    assert!(answer.json()["detail"].is_string());
                }
                Access::Treli => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
                    assert_eq!(answer.json()["code"], "rest_forbidden");
                    assert!(answer.header("www-authenticate").starts_with("Basic"));
                }
            }
        }
    }
}

#[tokio::test]
async fn dos_05_who_guesses_keys_has_to_wait_and_nobody_else() {
    let site = Site::new().await;
    let from = |address: &str, key: &str| {
        let peer: SocketAddr = address.parse().expect("an address");
        let call = site.open(Method::GET, "/api/v1/organisation").header("x-api-key", key);
        call.extension(ConnectInfo(peer)).send()
    };
    let good = site.acme.key.expose();
    for last in 0..600 {
        let answer = from(&format!("[2001:db8::{last}]:4711"), "key_x.y").await;
        answer.assert_problem(401, "unauthenticated", &[]);
    }
    let waits = from("[2001:db8::ffff]:4711", "key_x.y").await;
    waits.assert_problem(429, "too-many-requests", &[]);
    assert_eq!(waits.header("retry-after"), "1");
    assert_eq!(from("[2001:db8::ffff]:4711", &good).await.status, StatusCode::OK);
    let elsewhere = from("[2001:db8:0:1::1]:4711", "key_x.y").await;
    elsewhere.assert_problem(401, "unauthenticated", &[]);
    let peer: SocketAddr = "[2001:db8::1]:4711".parse().expect("an address");
    for (path, name, key) in [
        ("/customers/session", "x-api-key", "key_x.y"),
        ("/wp-json/api/portal/sessions/create", "authorization", "Basic eDp5"),
    ] {
        let call = site.open(Method::POST, path).json(&json!({})).header(name, key);
        let answer = call.extension(ConnectInfo(peer)).send().await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(answer.header("retry-after"), "1", "{path}");
    }
}

#[tokio::test]
async fn revoked_keys_and_bearer_tokens() {
    let site = Site::new().await;
    let bearer = |key: &str| {
        let call = site.open(Method::GET, "/api/v1/organisation");
        call.header("authorization", &format!("Bearer {key}")).send()
    };
    let key = site.core.create_api_key(site.acme.id, "second", None).await.expect("a key");
    assert_eq!(bearer(&key.expose()).await.status, StatusCode::OK);
    let caller = portico_core::Caller::system(site.acme.id);
    site.core.withdraw_api_key(&caller, key.id).await.expect("revoked");
    bearer(&key.expose()).await.assert_problem(401, "unauthenticated", &[]);
}

#[tokio::test]
async fn another_organisations_records_are_as_if_absent() {
    let site = Site::new().await;
    let customer = site.customer("c-1", "ana@example.com").await;
    let id = customer["id"].as_str().expect("an id").to_owned();
    let session = json!({ "customer_id": id, "return_url": "https://acme.example" });
    let session = site.post("/api/v1/portal-sessions", &session).send().await.json();
    let session = session["id"].as_str().expect("an id").to_owned();
    let other = site.other.key.expose();
    let list = site.open(Method::GET, "/api/v1/customers").header("x-api-key", &other);
    assert_eq!(list.send().await.json()["data"], json!([]));
    let still = site.get(&format!("/api/v1/portal-sessions/{session}")).send().await.json();
    assert_eq!(still["state"], "waiting", "somebody else's key must not revoke it");
    let open =
        site.open(Method::POST, "/api/v1/portal-sessions").json(&json!({ "customer_id": id }));
    let answer = open.header("x-api-key", &other).send().await;
    answer.assert_problem(404, "not-found", &["customer_id"]);
}
