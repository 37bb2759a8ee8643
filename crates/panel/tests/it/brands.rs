//! Brands in the Management API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::Site;

const PATH: &str = "/api/v1/brands";

async fn created(site: &Site) -> Value {
    let body =
        json!({"host": "pay.voxtel.test", "name": "Voxtel", "hidden_sections": ["contracts"]});
    let answer = site.post(PATH, &body).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_brand_is_made_read_and_changed_in_parts() {
    let site = Site::new().await;
    let brand = created(&site).await;
    assert_eq!(brand["hosts"], json!(["pay.voxtel.test"]));
    assert_eq!((&brand["is_default"], &brand["name"]), (&json!(false), &json!("Voxtel")));
    assert_eq!(brand["editable_fields"].as_array().map(Vec::len), Some(6), "all are open");
    let one = format!("{PATH}/{}", brand["id"].as_str().expect("an id"));
    assert_eq!(site.get(&one).send().await.json(), brand);
    let patch = json!({
        "hidden_sections": ["exports", "balance"],
        "sign_up": {"customers": true, "currencies": ["eur", "USD"]},
        "report_columns": {"cdr": ["charge", "call_time"]},
        "paying": {"receipts": "all"},
    });
    let changed = site.call(Method::PATCH, &one).json(&patch).send().await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let changed = changed.json();
    assert_eq!(changed["hidden_sections"], json!(["balance", "exports"]));
    assert_eq!(changed["sign_up"]["currencies"], json!(["EUR", "USD"]));
    assert_eq!(changed["report_columns"]["cdr"], json!(["charge", "call_time"]));
    assert_eq!(changed["paying"], json!({"receipts": "all", "link_lines": false}));
    assert_eq!(changed["name"], "Voxtel", "what is not named stays");
    assert_eq!(site.get(&one).send().await.json(), changed);
    let listed = site.get(PATH).send().await.json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn what_is_wrong_names_its_fields() {
    let site = Site::new().await;
    let brand = created(&site).await;
    let one = format!("{PATH}/{}", brand["id"].as_str().expect("an id"));
    for (patch, field) in [
        (json!({"name": ""}), "name"),
        (json!({"hidden_sections": ["secrets"]}), "hidden_sections.0"),
        (json!({"hosts": ["evil.test"]}), "hosts"),
        (json!({"home_url": "https://evil.test/"}), "home_url"),
        (json!({"sign_up": {"template_customer": "nobody"}}), "template_customer"),
        (json!({"report_columns": {"breakout": ["profit"]}}), "breakout"),
        (json!({"paying": {"receipts": "some"}}), "paying.receipts"),
        (json!(["name"]), ""),
    ] {
        let answer = site.call(Method::PATCH, &one).json(&patch).send().await;
        answer.assert_problem(422, "invalid", &[field]);
    }
    assert_eq!(site.get(&one).send().await.json(), brand, "nothing was changed");
    let taken = json!({"host": "pay.voxtel.test", "name": "Thief"});
    site.post(PATH, &taken).send().await.assert_problem(422, "invalid", &["host"]);
    site.post(PATH, &json!({"name": "x"})).send().await.assert_problem(422, "invalid", &["host"]);
    let other = site.get(&format!("{PATH}/brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")).send().await;
    other.assert_problem(404, "not-found", &[]);
}

#[tokio::test]
async fn a_brand_is_removed_while_nobody_has_it() {
    let site = Site::new().await;
    let brand = created(&site).await;
    let id = brand["id"].as_str().expect("an id");
    let one = format!("{PATH}/{id}");
    let customer = json!({"name": "C", "brand_id": id, "portal_access": {"hide": ["payments"]}});
    let customer = site.post("/api/v1/customers", &customer).send().await.json();
    assert_eq!(customer["portal_access"], json!({"show": [], "hide": ["payments"]}));
    site.call(Method::DELETE, &one).send().await.assert_problem(409, "conflict", &[""]);
    let default = site.get(PATH).send().await.json()["data"][0]["id"].clone();
    let customer = format!("/api/v1/customers/{}", customer["id"].as_str().expect("an id"));
    let both = json!({"portal_access": {"show": ["payments"], "hide": ["payments"]}});
    let refused = site.call(Method::PATCH, &customer).json(&both).send().await;
    refused.assert_problem(422, "invalid", &["portal_access"]);
    let moved = site.call(Method::PATCH, &customer).json(&json!({"brand_id": default})).send();
    assert_eq!(moved.await.status, StatusCode::OK);
    let gone = site.call(Method::DELETE, &one).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    site.get(&one).send().await.assert_problem(404, "not-found", &[]);
}
