//! Bodies that nobody well-meaning sends.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::site::Site;

const PATH: &str = "/api/v1/customers";

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let site = Site::new().await;
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for (body, place) in [
        ("", "the body is empty"),
        ("   ", "the body is empty"),
        ("{", "line 1 column 1"),
        ("{\n  \"name\": \"x\",\n}", "line 3 column 1"),
        ("{\"name\": \"x\"} trailing", "line 1 column 15"),
        ("{\"name\": \"a\", \"name\": \"b\"}", "given twice"),
        ("{\"name\": \"a\\u0000b\"}", "U+0000"),
        ("{\"name\": NaN}", "line 1"),
        ("{\"name\": 1e999}", "number out of range"),
        (deep.as_str(), "recursion limit"),
        ("\u{feff}{}", "line 1"),
    ] {
        for path in [PATH.to_owned(), format!("{PATH}/batch"), "/api/v1/portal-sessions".to_owned()]
        {
            let call = site.call(Method::POST, &path).raw("application/json", body.to_owned());
            let answer = call.send().await;
            answer.assert_problem(400, "malformed", &[]);
            let detail = answer.json()["detail"].to_string();
            assert!(detail.contains(place), "{body:?} → {detail}");
        }
    }
    let invalid_utf8 = vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}'];
    let answer = site.call(Method::POST, PATH).raw("application/json", invalid_utf8).send().await;
    answer.assert_problem(400, "malformed", &[]);
}

#[tokio::test]
async fn wrong_types_and_unknown_fields_are_named() {
    let site = Site::new().await;
    for (body, field) in [
        (json!([]), ""),
        (json!("x"), ""),
        (json!({}), "name"),
        (json!({ "name": null }), "name"),
        (json!({ "name": ["x"] }), "name"),
        (json!({ "name": "x", "admin": true }), "admin"),
        (
            json!({ "name": "x", "debit_limit_minor": 99_999_999_999_999_999_999_999_f64 }),
            "debit_limit_minor",
        ),
        (json!({ "name": "x", "debit_limit_minor": "1" }), "debit_limit_minor"),
        (json!({ "name": "x", "debit_limit_minor": 1.5 }), "debit_limit_minor"),
        (json!({ "name": "x", "billing_address": { "planet": "Mars" } }), "billing_address.planet"),
        (json!({ "name": "x", "tax_ids": [{ "kind": "eu_vat" }] }), "tax_ids.0.value"),
        (json!({ "name": "x", "metadata": { "a": 1 } }), "metadata.a"),
    ] {
        let answer = site.post(PATH, &body).send().await;
        answer.assert_problem(422, "invalid", &[field]);
    }
}

#[tokio::test]
async fn bodies_have_a_size_and_a_type() {
    let site = Site::new().await;
    let large = json!({ "name": "x".repeat(2 * 1024 * 1024) });
    site.post(PATH, &large).send().await.assert_problem(413, "too-large", &[]);
    let two_megabytes_of_batch = json!({ "data": [large] });
    let answer = site.post(&format!("{PATH}/batch"), &two_megabytes_of_batch).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["summary"]["rejected"], 1);
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"]
    {
        let answer = site.call(Method::POST, PATH).raw(kind, "{\"name\":\"x\"}").send().await;
        answer.assert_problem(415, "unsupported-media-type", &[]);
    }
    let zipped = site.post(PATH, &json!({ "name": "x" })).header("content-encoding", "gzip");
    zipped.send().await.assert_problem(415, "unsupported-media-type", &[]);
    let claims = site.call(Method::POST, PATH).raw("application/json", "{}");
    let claims = claims.header("content-length", "99999999999").send().await;
    claims.assert_problem(413, "too-large", &[]);
}

#[tokio::test]
async fn odd_paths_and_queries_find_nothing_and_break_nothing() {
    let site = Site::new().await;
    for id in ["%00", "%20", "..%2F..", "'%20OR%201=1--", &"x".repeat(4_000), "%F0%9F%92%A9"] {
        let answer = site.get(&format!("{PATH}/{id}")).send().await;
        answer.assert_problem(404, "not-found", &[]);
    }
    let answer = site.get(&format!("{PATH}/%FF")).send().await;
    answer.assert_problem(400, "malformed", &[]);
    for query in ["external_id=%00", "limit=%00", "cursor=%00"] {
        assert_eq!(
            site.get(&format!("{PATH}?{query}")).send().await.status,
            StatusCode::BAD_REQUEST
        );
    }
}
