//! The whole configuration by API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

const PATH: &str = "/api/v1/configuration";

async fn read(site: &Site) -> Value {
    let answer = site.get(PATH).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn put(site: &Site, query: &str, body: &Value) -> Answer {
    site.call(Method::PUT, &format!("{PATH}{query}")).json(body).send().await
}

#[tokio::test]
async fn it_is_read_tried_and_applied() {
    let site = Site::new().await;
    let mut configuration = read(&site).await;
    assert_eq!(configuration["format"], 1);
    let same = put(&site, "", &configuration).await.json();
    assert_eq!(same, json!({"applied": false, "differences": [], "removals": []}));
    configuration["brands"][0]["looks"]["css"] = json!(".card {\n  border: 0;\n}");
    configuration["brands"][0]["mail_templates"]["sign-in-link"]["es"] =
        json!({"subject": "Entra en {{brand}}", "body": "Hola {{name}}:\n\n{{action_button}}"});
    let shown = put(&site, "?dry_run=true", &configuration).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let shown = shown.json();
    assert_eq!(shown["applied"], false);
    let paths: Vec<&str> = shown["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .map(|it| it["path"].as_str().expect("a path"))
        .collect();
    let mail = "brands.Acme.mail_templates.sign-in-link.es";
    let (subject, body) = (format!("{mail}.subject"), format!("{mail}.body"));
    assert_eq!(paths, ["brands.Acme.looks.css", &subject, &body]);
    let applied = put(&site, "", &configuration).await.json();
    assert_eq!(applied["differences"], shown["differences"]);
    assert_eq!(read(&site).await, configuration);
    assert_eq!(put(&site, "", &configuration).await.json()["applied"], false);
}

/// A mail in own words.
fn mail(subject: &str, body: &str) -> Value {
    json!({"sign-in-link": {"en": {"subject": subject, "body": body}}})
}

#[tokio::test]
async fn inj_04_hostile_values_are_refused_by_their_paths() {
    let site = Site::new().await;
    let before = read(&site).await;
    for (at, value, path) in [
        ("/looks/css", json!("a { background: url(https://evil.example/x) }"), "looks.css"),
        ("/looks/css", json!("@import 'https://evil.example/x.css';"), "looks.css"),
        ("/looks/css", json!("a { background: url(/brand/files/{x}) }"), "looks.css"),
        ("/looks/script", json!("</script><script>alert(1)"), "looks.script"),
        ("/looks/logo", json!("ast_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b"), "looks.logo"),
        (
            "/mail_templates",
            mail("x", "{{#name}} {{action_button}}"),
            "mail_templates.sign-in-link.en.body",
        ),
        (
            "/mail_templates",
            mail("x", "{{password}} {{action_button}}"),
            "mail_templates.sign-in-link.en.body",
        ),
        ("/mail_templates", mail("x", "no way in"), "mail_templates.sign-in-link.en.body"),
        (
            "/mail_templates",
            mail("a\r\nBcc: x@evil.example", "{{action_button}}"),
            "mail_templates.sign-in-link.en.subject",
        ),
        (
            "/mail_templates",
            json!({"nothing": {"en": {"subject": "x", "body": "y"}}}),
            "mail_templates.nothing.en",
        ),
        ("/texts", json!({"en": {"nothing-such": "x"}}), "texts.en.nothing-such"),
        ("/texts", json!({"xx": {"fault-required": "x"}}), "texts.xx.fault-required"),
        ("/texts", json!({"en": {"fault-required": "{ $secret }"}}), "texts.en.fault-required"),
        (
            "/smtp",
            json!({"server": "mail.example", "from_address": "a@b.example",
            "password_from": {"env": "PATH"}}),
            "smtp.password_from",
        ),
        (
            "/sign_up",
            json!({"template_customer": "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b"}),
            "sign_up.template_customer",
        ),
        ("/looks", json!({"colour": "red"}), "looks.colour"),
    ] {
        let mut wanted = before.clone();
        wanted["organisation"]["name"] = json!("Mallory");
        let (parent, key) = at.rsplit_once('/').expect("a path");
        wanted["brands"][0].pointer_mut(parent).expect("a table")[key] = value;
        let answer = put(&site, "", &wanted).await;
        answer.assert_problem(422, "invalid", &[&format!("brands.0.{path}")]);
    }
    assert_eq!(read(&site).await, before);
}

#[tokio::test]
async fn what_is_removed_must_be_asked_for() {
    let site = Site::new().await;
    let before = read(&site).await;
    let mut more = before.clone();
    let brands = more["brands"].as_array_mut().expect("brands");
    brands.push(json!({"name": "Second", "domains": ["second.localhost"]}));
    assert_eq!(put(&site, "", &more).await.status, StatusCode::OK);
    put(&site, "", &before).await.assert_problem(409, "conflict", &["remove"]);
    let removed = put(&site, "?remove=true", &before).await;
    assert_eq!(removed.json()["removals"], json!(["brand Second"]), "{}", removed.text);
    assert_eq!(read(&site).await, before);
    put(&site, "?force=true", &before).await.assert_problem(400, "malformed", &["force"]);
    put(&site, "?remove=maybe", &before).await.assert_problem(400, "malformed", &["remove"]);
}

#[tokio::test]
async fn hosts_and_pictures_of_others_stay_theirs() {
    let site = Site::new().await;
    let mut wanted = read(&site).await;
    wanted["brands"][0]["domains"] = json!(["localhost", "other.localhost"]);
    let answer = put(&site, "", &wanted).await;
    answer.assert_problem(409, "conflict", &["brands.0.domains.1"]);
    let other = site.open(Method::GET, PATH).header("x-api-key", &site.other.key.expose());
    assert_eq!(other.send().await.json()["brands"][0]["domains"], json!(["other.localhost"]));
}
