//! The OpenAPI document and the page that shows it.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use portico_panel::{Access, table};
use serde_json::Value;

use crate::site::Site;

async fn document() -> Value {
    Site::new().await.open(Method::GET, "/api/openapi.json").send().await.json()
}

#[tokio::test]
async fn every_route_is_documented_and_nothing_else() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().expect("paths");
    let documented: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let routes: BTreeSet<String> = table()
        .iter()
        .filter(|route| {
            use Access::{ApiKey, ApiKeyBatch, Treli, Zenskar};
            matches!(route.access, ApiKey | ApiKeyBatch | Treli | Zenskar)
        })
        // What takes slashes as well is a parameter like any other in the document.
        .map(|route| format!("{} {}", route.method, route.path.replace("{*", "{")))
        .collect();
    assert_eq!(documented, routes);
}

#[tokio::test]
async fn operations_have_names_of_their_own_and_references_lead_somewhere() {
    let document = document().await;
    let mut names = BTreeSet::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("operations").values() {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} is there twice");
            assert!(operation["security"].is_array() && operation["summary"].is_string());
        }
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere_and_has_every_problem() {
    let site = Site::new().await;
    let page = site.open(Method::GET, "/api/docs").send().await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let html = scraper::Html::parse_document(&page.text);
    let select = |text: &str| scraper::Selector::parse(text).expect("a selector");
    for element in html.select(&select("[src], link[href]")) {
        let address = element.attr("src").or_else(|| element.attr("href")).expect("an address");
        assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
        let answer = site.open(Method::GET, address).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
    }
    for slug in ["malformed", "unauthenticated", "invalid", "too-many-requests"] {
        assert!(html.select(&select(&format!("#problem-{slug}"))).next().is_some(), "{slug}");
    }
    let start = site.open(Method::GET, "/api/docs/swagger-initializer.js").send().await;
    assert!(
        start.text.contains("/api/openapi.json") && !start.text.contains("{{"),
        "{}",
        start.text
    );
    let other = site.open(Method::GET, "/api/docs/oauth2-redirect.html").send().await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}
