//! Records: one after the other, in lists, changed in parts.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::Site;

const PATH: &str = "/api/v1/customers";

#[tokio::test]
async fn sending_the_same_twice_changes_nothing() {
    let site = Site::new().await;
    let body = json!({ "external_id": "4711", "name": "Acme Robotics" });
    let first = site.post(PATH, &body).send().await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let second = site.post(PATH, &body).send().await;
    assert_eq!((second.status, second.text.as_str()), (StatusCode::OK, first.text.as_str()));
    let changed = site.post(PATH, &json!({ "external_id": "4711", "name": "Acme" })).send().await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(
        (&changed.json()["id"], &changed.json()["name"]),
        (&first.json()["id"], &json!("Acme"))
    );
}

#[tokio::test]
async fn a_record_is_found_by_all_its_names() {
    let site = Site::new().await;
    let customer = site.customer("a/b c", "ana@example.com").await;
    let id: portico_billing::CustomerId =
        customer["id"].as_str().expect("an id").parse().expect("one");
    for name in [id.to_string(), id.uuid().to_string(), "a%2Fb%20c".to_owned()] {
        let found = site.get(&format!("{PATH}/{name}")).send().await;
        assert_eq!((found.status, found.json()), (StatusCode::OK, customer.clone()), "{name}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let site = Site::new().await;
    for number in 0..7 {
        site.customer(&format!("c-{number}"), "ana@example.com").await;
    }
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = site.get(&format!("{PATH}?limit=3{cursor}")).send().await.json();
        seen.extend(page["data"].as_array().expect("records").iter().map(|it| it["id"].clone()));
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (3, 7));
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 7);
}

#[tokio::test]
async fn a_query_that_a_list_does_not_know_is_refused() {
    let site = Site::new().await;
    for (query, field) in [("sort=name", "sort"), ("limit=0", "limit"), ("cursor=-", "cursor")] {
        let answer = site.get(&format!("{PATH}?{query}")).send().await;
        answer.assert_problem(400, "malformed", &[field]);
    }
}

#[tokio::test]
async fn patch_changes_what_it_names_and_null_removes() {
    let site = Site::new().await;
    let body = json!({
        "external_id": "4711", "name": "Acme", "phone": "+34 600 000 000",
        "metadata": { "tier": "gold", "since": "2020" },
    });
    let before = site.post(PATH, &body).send().await.json();
    let patch = |body: Value| {
        let call = site.call(Method::PATCH, &format!("{PATH}/4711"));
        call.raw("application/merge-patch+json", body.to_string()).send()
    };
    let answer = patch(json!({ "name": "Acme 2", "metadata": { "since": null } })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut expected = before.clone();
    expected["name"] = json!("Acme 2");
    expected["metadata"] = json!({ "tier": "gold" });
    expected["updated_at"] = answer.json()["updated_at"].clone();
    assert_eq!(answer.json(), expected);
    let answer = patch(json!({ "phone": null })).await.json();
    assert_eq!(answer["phone"], Value::Null);
    assert_eq!(answer["external_id"], "4711");
    for body in [json!([]), json!("x"), json!(null)] {
        patch(body).await.assert_problem(422, "invalid", &[""]);
    }
    patch(json!({ "nmae": "x" })).await.assert_problem(422, "invalid", &["nmae"]);
    patch(json!({ "name": null })).await.assert_problem(422, "invalid", &["name"]);
}

#[tokio::test]
async fn put_replaces_and_makes_nothing_new() {
    let site = Site::new().await;
    let body = json!({ "external_id": "4711", "name": "Acme", "phone": "+34 600 000 000" });
    let before = site.post(PATH, &body).send().await.json();
    let put =
        |id: &str, body: Value| site.call(Method::PUT, &format!("{PATH}/{id}")).json(&body).send();
    let after = put("4711", json!({ "external_id": "4711", "name": "Acme 2" })).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.text);
    let after = after.json();
    assert_eq!((&after["id"], &after["name"]), (&before["id"], &json!("Acme 2")));
    assert_eq!(after["phone"], Value::Null);
    put("4712", json!({ "name": "x" })).await.assert_problem(404, "not-found", &[]);
}

#[tokio::test]
async fn every_noun_has_a_list() {
    let site = Site::new().await;
    for noun in [
        "customers",
        "contacts",
        "invoices",
        "credit-notes",
        "payments",
        "payment-methods",
        "subscriptions",
        "contracts",
        "entitlements",
    ] {
        let answer = site.get(&format!("/api/v1/{noun}")).send().await;
        assert_eq!(answer.json(), json!({ "data": [], "next_cursor": null }), "{noun}");
    }
}
