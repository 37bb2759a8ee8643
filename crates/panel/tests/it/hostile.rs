//! Bodies that nobody well-meaning sends.

use axum::http::{Method, StatusCode};
use portico_panel::{Access, table};
use serde_json::json;

use crate::belongings::Belongings;
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

/// At the end of each text: what would run in an element, in an attribute, in a script, in a text
/// area, in a style sheet, in a comment.
const MARKUP: &str = "'\"></title></textarea></style></script>--><script>alert(1)</script>\
    <img src=x onerror=alert(1)><svg/onload=alert(1)>";

#[tokio::test]
async fn inj_01_no_text_is_markup_on_a_page_of_the_staff() {
    let site = Site::new().await;
    let ours = Belongings::with_texts(&site, &site.acme, ("canary-acme", MARKUP)).await;
    let mut showing = 0;
    for page in table().into_iter().filter(|page| page.method == Method::GET) {
        if !matches!(page.access, Access::SignedIn | Access::Operator(_)) {
            continue;
        }
        let has_id = page.path.contains("{id}");
        let path = if has_id { ours.address(&page.path) } else { page.path.clone() };
        let answer = ours.visit(Method::GET, &path, &[]).await;
        if !answer.header("content-type").starts_with("text/html") {
            let policy = answer.header("x-content-type-options");
            assert!(answer.status.is_redirection() || policy == "nosniff", "{path}");
            continue;
        }
        // The preview is a stand-in here: a text that is no page.
        if page.path.ends_with("/looks/preview") {
            continue;
        }
        showing += usize::from(answer.text.contains("canary-acme"));
        for raw in ["<script>alert", "<img src=x", "<svg/onload", "</textarea></style"] {
            assert!(!answer.text.contains(raw), "{path} has {raw}: {}", answer.text);
        }
        let markup = scraper::Html::parse_document(&answer.text);
        let any = scraper::Selector::parse("[onerror], [onload], [src=x]").expect("a selector");
        assert_eq!(markup.select(&any).count(), 0, "{path}: {}", answer.text);
    }
    assert!(showing > 25, "only {showing} pages show what was written");
}

#[tokio::test]
async fn inj_05_looks_that_are_edited_stay_in_their_fields() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let path = ours.address("/brands/{id}/looks");
    for (name, value) in [
        ("css", "a::after{content:'</textarea><script>alert(1)</script>'}"),
        ("script", "x = '</script><script>alert(1)</script></textarea><img src=x onerror=y>'"),
        ("footer", MARKUP),
        ("support_url", "https://acme.example/?\"><script>alert(1)</script>"),
        ("legal_links.0.label", MARKUP),
        ("accent", MARKUP),
    ] {
        let answer = ours.visit(Method::POST, &path, &[(name, value), ("base", "1.0")]).await;
        let shown = ours.visit(Method::GET, &path, &[]).await;
        let preview = format!("{path}/preview");
        let fields = [(name, value), ("preview_page", "sign-in"), ("preview_theme", "light")];
        let tried = ours.visit(Method::POST, &preview, &fields).await;
        for page in [&answer, &shown, &tried] {
            let raw = page.text.contains("<script>alert") || page.text.contains("<img src=x");
            let is_page = page.text.contains("<html");
            assert!(!raw || !is_page, "{name}: {}", page.text);
        }
    }
}
