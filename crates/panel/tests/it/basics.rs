//! Health, unknown paths, wrong methods, headers, the first page.

use axum::http::{Method, StatusCode};
use portico_billing::permission::OperatorRole;

use crate::site::Site;
use crate::staff::session;

#[tokio::test]
async fn health_tells_of_the_process_and_of_the_database() {
    let site = Site::new().await;
    let alive = site.open(Method::GET, "/healthz").send().await;
    assert_eq!((alive.status, alive.text.as_str()), (StatusCode::OK, "ok"));
    assert_eq!(site.open(Method::GET, "/readyz").send().await.status, StatusCode::OK);
    site.readiness.begin_shutdown();
    let ready = site.open(Method::GET, "/readyz").send().await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.open(Method::GET, "/healthz").send().await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_no_handler_answers_has_the_form_of_its_part_of_the_site() {
    let site = Site::new().await;
    for path in ["/api", "/api/v2/customers", "/api/v1/nothing", "/api/v1/customers/a/b"] {
        site.get(path).send().await.assert_problem(404, "not-found", &[]);
    }
    let answer = site.call(Method::DELETE, "/api/v1/customers").send().await;
    answer.assert_problem(405, "method-not-allowed", &[]);
    assert_eq!(answer.header("allow"), "POST,GET,HEAD");
    let answer = site.open(Method::GET, "/wp-json/other").send().await;
    assert_eq!(answer.json()["code"], "rest_no_route");
    assert_eq!(answer.json()["data"]["status"], 404);
    let answer = site.open(Method::DELETE, "/customer/session").send().await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.json()["detail"].is_string());
    let answer = site.open(Method::GET, "/nothing").send().await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, "Not found"));
}

#[tokio::test]
async fn every_answer_has_the_security_headers_and_is_not_stored() {
    let site = Site::new().await;
    for path in ["/", "/api/docs", "/api/v1/customers", "/nothing", "/api/openapi.json"] {
        let answer = site.get(path).send().await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_first_page_leads_to_sign_in_and_the_staff_to_the_documentation() {
    let site = Site::new().await;
    let first = site.open(Method::GET, "/").send().await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    assert_eq!(first.header("location"), "/sign-in");
    let page = site.open(Method::GET, "/sign-in").header("accept-language", "es-CO").send().await;
    assert!(page.text.contains("Iniciar sesión"), "{}", page.text);
    let (_, secret) = session(&site, site.acme.id, OperatorRole::ReadOnly).await;
    let cookie = format!("portico-panel={}", secret.expose());
    let home = site.open(Method::GET, "/").header("cookie", &cookie).send().await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.text);
    assert!(home.links().iter().any(|link| link == "/api/docs"), "{:?}", home.links());
    assert!(!home.links().iter().any(|link| link == "/mailbox"), "{:?}", home.links());
}

#[tokio::test]
async fn a_key_that_sends_too_much_is_told_to_wait() {
    let site = Site::with_rate(1, 3).await;
    for _ in 0..3 {
        assert_eq!(site.get("/api/v1/organisation").send().await.status, StatusCode::OK);
    }
    let answer = site.get("/api/v1/organisation").send().await;
    answer.assert_problem(429, "too-many-requests", &[]);
    assert_eq!(answer.header("retry-after"), "1");
    let other = site.open(Method::GET, "/api/v1/organisation");
    let other = other.header("x-api-key", &site.other.key.expose()).send().await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn the_organisation_and_its_brands_can_be_read() {
    let site = Site::new().await;
    let organisation = site.get("/api/v1/organisation").send().await.json();
    assert_eq!(organisation["id"], site.acme.id.to_string());
    assert_eq!((&organisation["name"], &organisation["currency"]), (&"Acme".into(), &"EUR".into()));
    let brands = site.get("/api/v1/brands").send().await.json();
    assert_eq!(brands["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(brands["data"][0]["return_origins"][0], "https://acme.example");
    assert_eq!(brands["next_cursor"], serde_json::Value::Null);
}
