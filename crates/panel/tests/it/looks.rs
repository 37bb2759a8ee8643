//! Looks and files: by API, and as the staff's forms send them.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::permission::OperatorRole;
use portico_ui::csrf;
use serde_json::{Value, json};

use crate::site::{Answer, Site};
use crate::staff::session;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <script>alert(1)</script><rect width='40' height='20' fill='#2f5bea'/></svg>";

/// The brand of the organisation that the key belongs to.
async fn brand(site: &Site) -> String {
    let listed = site.get("/api/v1/brands").send().await.json();
    listed["data"][0]["id"].as_str().expect("an id").to_owned()
}

async fn upload(site: &Site) -> Value {
    let body = json!({"name": "logo.svg", "kind": "logo", "content": STANDARD.encode(SVG)});
    let answer = site.post("/api/v1/files", &body).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

/// Somebody of the staff, with the token of its forms.
async fn owner(site: &Site) -> (String, String) {
    let (_, secret) = session(site, site.acme.id, OperatorRole::Owner).await;
    (format!("portico-panel={}", secret.expose()), csrf::token(secret.expose()))
}

async fn send(site: &Site, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_urlencoded::to_string(fields).expect("a form");
    let call = site.open(Method::POST, path).header("cookie", cookie);
    call.raw("application/x-www-form-urlencoded", body).send().await
}

#[tokio::test]
async fn looks_are_drafted_published_and_rolled_back_by_api() {
    let site = Site::new().await;
    let file = upload(&site).await;
    let path = format!("/api/v1/brands/{}/looks", brand(&site).await);
    let state = site.get(&path).send().await.json();
    assert_eq!((&state["published"], &state["draft"]), (&json!(0), &Value::Null));
    let mut looks = state["looks"].clone();
    looks["logo"] = file["id"].clone();
    looks["css"] = json!(".card { border: 0 }");
    let draft = json!({"base": state["base"], "looks": looks});
    let saved = site.call(Method::PUT, &path).json(&draft).send().await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    site.call(Method::PUT, &path).json(&draft).send().await.assert_problem(
        409,
        "conflict",
        &["base"],
    );
    let base = json!({"base": saved.json()["base"]});
    let shown = site.post(&format!("{path}/publish"), &base).send().await;
    assert_eq!(shown.json()["published"], json!(1), "{}", shown.text);
    let back = site.post(&format!("{path}/roll-back"), &json!({"version": 0})).send().await;
    assert_eq!(back.json()["published"], json!(2), "{}", back.text);
    assert_eq!(back.json()["looks"]["logo"], Value::Null);
    let gone = site.call(Method::DELETE, &path).send().await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.text);
}

#[tokio::test]
async fn inj_05_hostile_looks_are_refused_by_field() {
    let site = Site::new().await;
    let path = format!("/api/v1/brands/{}/looks", brand(&site).await);
    let base = site.get(&path).send().await.json()["base"].clone();
    for (looks, field) in [
        (json!({"accent": "red;}"}), "looks.accent"),
        (json!({"css": "@import url(https://evil.example)"}), "looks.css"),
        (json!({"css": "a { background: url(https://evil.example/a) }"}), "looks.css"),
        (json!({"script": "<script>alert(1)</script>"}), "looks.script"),
        (json!({"script": "<script src='https://evil.example/a.js'></script>"}), "looks.script"),
        (json!({"support_url": "javascript:alert(1)"}), "looks.support_url"),
        (json!({"origins": ["http://evil.example"]}), "looks.origins"),
        (json!({"legal_links": [{"label": "x", "url": "data:,x"}]}), "looks.legal_links[0].url"),
        (json!({"logo": "ast_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b"}), "looks.logo"),
    ] {
        let body = json!({"base": base, "looks": looks});
        let answer = site.call(Method::PUT, &path).json(&body).send().await;
        answer.assert_problem(422, "invalid", &[field]);
    }
}

#[tokio::test]
async fn inj_02_files_are_drawn_anew_and_served_as_pictures() {
    let site = Site::new().await;
    let file = upload(&site).await;
    assert_eq!(file["content_type"], "image/png");
    for content in ["<html>", "%PDF-1.7", "GIF89a<script>alert(1)</script>"] {
        let body = json!({"name": "a.png", "content": STANDARD.encode(content)});
        let answer = site.post("/api/v1/files", &body).send().await;
        answer.assert_problem(422, "invalid", &["content"]);
    }
    let (cookie, token) = owner(&site).await;
    let path = format!("/files/{}", file["id"].as_str().expect("an id"));
    let picture = site.open(Method::GET, &path).header("cookie", &cookie).send().await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert!(!picture.text.contains("alert"));
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"b.svg\"\r\n\r\n{SVG}\r\n\
         --x--\r\n"
    );
    let call = site.open(Method::POST, "/files").header("cookie", &cookie);
    let sent = call.raw("multipart/form-data; boundary=x", form).send().await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let listed = site.get("/api/v1/files").send().await.json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let removed = site.call(Method::DELETE, &format!("/api/v1{path}")).send().await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
}

#[tokio::test]
async fn the_tab_saves_a_draft_and_says_what_is_wrong() {
    let site = Site::new().await;
    let (cookie, token) = owner(&site).await;
    let path = format!("/brands/{}/looks", brand(&site).await);
    let good = [
        ("csrf", token.as_str()),
        ("accent", "#ffee00"),
        ("radius_px", "4"),
        ("font", "serif"),
        ("css", "a { color: red }"),
    ];
    let saved = send(&site, &cookie, &path, &good).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let page = site.open(Method::GET, &path).header("cookie", &cookie).send().await;
    assert!(page.text.contains("The accent colour was corrected"), "{}", page.text);
    assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    let late = send(&site, &cookie, &path, &good[..3]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    let bad = [("csrf", token.as_str()), ("accent", "#000000"), ("css", "a { color: red")];
    let bad = [&bad[..], &[("css", "@import 'x';"), ("radius_px", "99")]].concat();
    let refused = send(&site, &cookie, &path, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("@import cannot be used"), "{}", refused.text);
}

#[tokio::test]
async fn inj_05_the_preview_is_a_page_in_a_box() {
    let site = Site::new().await;
    let (cookie, token) = owner(&site).await;
    let path = format!("/brands/{}/looks/preview", brand(&site).await);
    let fields = [
        ("csrf", token.as_str()),
        ("accent", "#d62976"),
        ("script", "steal()"),
        ("css", "@import url(https://evil.example);"),
        ("preview_page", "sign-in"),
        ("preview_theme", "dark"),
    ];
    let page = send(&site, &cookie, &path, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.starts_with("sign-in Dark"), "{}", page.text);
    assert!(page.text.contains("custom_css_url: None, script: None"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("sandbox allow-same-origin"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; style-src 'self' data:; "), "{policy}");
    assert!(!policy.contains("script-src") && policy.contains("form-action 'none'"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    let forged = send(&site, &cookie, &path, &fields[1..]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}
