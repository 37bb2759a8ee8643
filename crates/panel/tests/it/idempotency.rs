//! `Idempotency-Key`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

const PATH: &str = "/api/v1/customers";

async fn send(site: &Site, key: &str, body: &Value) -> Answer {
    site.post(PATH, body).header("idempotency-key", key).send().await
}

async fn count(site: &Site) -> usize {
    site.get(PATH).send().await.json()["data"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn the_same_request_is_done_once_and_answered_alike() {
    let site = Site::new().await;
    let body = json!({ "name": "Once" });
    let first = send(&site, "k-1", &body).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, ""));
    let second = send(&site, "k-1", &body).await;
    assert_eq!((second.status, &second.text), (StatusCode::CREATED, &first.text));
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(second.header("content-type"), "application/json");
    assert_eq!(count(&site).await, 1);
}

#[tokio::test]
async fn an_altered_request_with_the_same_key_is_refused() {
    let site = Site::new().await;
    send(&site, "k-1", &json!({ "name": "Once" })).await;
    let altered = send(&site, "k-1", &json!({ "name": "Twice" })).await;
    altered.assert_problem(422, "idempotency-key-reused", &[]);
    let elsewhere = site.post("/api/v1/contacts", &json!({ "name": "Once" }));
    let elsewhere = elsewhere.header("idempotency-key", "k-1").send().await;
    elsewhere.assert_problem(422, "idempotency-key-reused", &[]);
    assert_eq!(count(&site).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_at_once_one_is_done() {
    let site = Site::new().await;
    let body = json!({ "name": "Once" });
    let calls: Vec<_> = (0..16)
        .map(|_| tokio::spawn(site.post(PATH, &body).header("idempotency-key", "race").send()))
        .collect();
    let mut created = 0;
    for call in calls {
        let answer = call.await.expect("an answer");
        match answer.status {
            StatusCode::CREATED => created += 1,
            _ => answer.assert_problem(409, "request-in-flight", &[]),
        }
    }
    assert!(created >= 1);
    assert_eq!(count(&site).await, 1);
}

#[tokio::test]
async fn a_refused_request_may_be_mended_under_its_key() {
    let site = Site::new().await;
    send(&site, "k-1", &json!({ "nmae": "x" })).await.assert_problem(422, "invalid", &["nmae"]);
    let mended = send(&site, "k-1", &json!({ "name": "x" })).await;
    assert_eq!(mended.status, StatusCode::CREATED, "{}", mended.text);
}

#[tokio::test]
async fn keys_belong_to_the_api_key_that_sent_them() {
    let site = Site::new().await;
    let body = json!({ "name": "Once" });
    let first = send(&site, "k-1", &body).await.json();
    for tenant in [&site.acme, &site.other] {
        let key = site.core.create_api_key(tenant.id, "second", None).await.expect("a key");
        let call = site.open(Method::POST, PATH).json(&body).header("x-api-key", &key.expose());
        let answer = call.header("idempotency-key", "k-1").send().await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_ne!(answer.json()["id"], first["id"]);
    }
}

#[tokio::test]
async fn a_key_has_a_form() {
    let site = Site::new().await;
    let body = json!({ "name": "Once" });
    for key in [String::new(), "a b".to_owned(), "x".repeat(256)] {
        let answer = send(&site, &key, &body).await;
        answer.assert_problem(400, "malformed", &["Idempotency-Key"]);
    }
    assert_eq!(send(&site, &"x".repeat(255), &body).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_session_link_is_answered_alike_but_not_kept_in_the_clear() {
    let site = Site::new().await;
    site.customer("4711", "ana@example.com").await;
    let send = || {
        let call = site.post("/api/v1/portal-sessions", &json!({ "customer_id": "4711" }));
        call.header("idempotency-key", "link").send()
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((second.status, &second.text), (StatusCode::CREATED, &first.text));
    let sessions = site.get("/api/v1/portal-sessions").send().await.json();
    assert_eq!(sessions["data"].as_array().map(Vec::len), Some(1));
    let url = first.json()["url"].as_str().expect("an address").to_owned();
    let token = url.rsplit('/').next().expect("a token");
    for file in [site.database.address.clone(), format!("{}-wal", site.database.address)] {
        let bytes = std::fs::read(&file).expect("the database");
        let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!found, "{file} has the link");
    }
}
