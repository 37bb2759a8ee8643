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
    let people = "text/html,application/xhtml+xml,*/*;q=0.8";
    let call = site.open(Method::GET, "/nothing").header("accept", people);
    let page = call.header("accept-language", "es").send().await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("<html lang=\"es\"") && page.text.contains("</title>"));
    let answer = site.open(Method::DELETE, "/customers").send().await;
    assert_eq!(answer.text, "The path does not have this method");
    let page = site.open(Method::DELETE, "/customers").header("accept", people).send().await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.header("allow"), "GET,HEAD");
    assert!(page.text.contains("<h1") && page.text.contains("Go back"), "{}", page.text);
    site.get("/api/v1/nothing").header("accept", people).send().await.assert_problem(
        404,
        "not-found",
        &[],
    );
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
async fn what_is_missing_to_sign_in_is_named_at_its_field() {
    let site = Site::new().await;
    let page = site.open(Method::GET, "/sign-in").send().await;
    let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let token = page.attributes("input[name=csrf]", "value").remove(0);
    for (email, faulty) in [("", &["email", "password"][..]), ("ana@x.example", &["password"])] {
        let form = [("csrf", token.as_str()), ("email", email), ("password", "")];
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let call = site.open(Method::POST, "/sign-in").header("cookie", &cookie);
        let answer = call.raw("application/x-www-form-urlencoded", form).send().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.attributes("[aria-invalid]", "name"), faulty);
        assert_eq!(answer.attributes("input[name=email]", "value"), [email]);
        let links = answer.links();
        let to_fields = links.iter().filter(|link| link.starts_with("#f-")).count();
        assert_eq!(to_fields, faulty.len(), "{links:?}");
        assert!(!answer.text.contains("do not match"), "nothing was compared");
    }
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
