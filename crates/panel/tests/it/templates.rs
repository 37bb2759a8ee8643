//! Templates of brands, by API and as the staff is told of them.

use std::fs;

use axum::http::{Method, StatusCode};
use portico_billing::permission::OperatorRole;
use serde_json::{Value, json};

use crate::belongings::TEMPLATE;
use crate::site::{Answer, Site};
use crate::staff::session;

/// The brand of the organisation that the key belongs to.
async fn brand(site: &Site) -> String {
    let listed = site.get("/api/v1/brands").send().await.json();
    listed["data"][0]["id"].as_str().expect("an id").to_owned()
}

async fn put(site: &Site, path: &str, text: &str) -> Answer {
    site.call(Method::PUT, path).json(&json!({ "text": text })).send().await
}

/// How the template stands in the list.
async fn listed(site: &Site, path: &str) -> Value {
    let all = site.get(path).send().await.json();
    let found = all["data"].as_array().expect("templates").iter();
    found.clone().find(|it| it["name"] == TEMPLATE).expect("the template").clone()
}

#[tokio::test]
async fn a_template_is_put_read_and_removed() {
    let site = Site::new().await;
    let brand = brand(&site).await;
    let all = format!("/api/v1/brands/{brand}/templates");
    let one = format!("{all}/{TEMPLATE}");
    assert_eq!(listed(&site, &all).await["state"], "shipped");
    let shipped = site.get(&one).send().await.json();
    assert_eq!(shipped["text"], Value::Null);
    assert!(shipped["shipped_text"].as_str().is_some_and(|text| text.contains("block")));
    let saved = put(&site, &one, "<h1>{{ status }}</h1>").await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(
        (&saved.json()["state"], &saved.json()["text"]),
        (&json!("own"), &json!("<h1>{{ status }}</h1>"))
    );
    let encoded = format!("{all}/{}", TEMPLATE.replace('/', "%2F"));
    assert_eq!(site.get(&encoded).send().await.json(), saved.json(), "slashes may be encoded");
    let file = site.templates.path().join(&brand).join(TEMPLATE);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "<h1>{{ status }}</h1>");
    put(&site, &one, "<h1>{{ status }}</h1>").await;
    let noted = site.noted("brand_template.saved").await;
    assert_eq!(noted.len(), 1, "the second one changed nothing: {noted:?}");
    assert_eq!(noted[0]["after"]["name"], TEMPLATE);
    assert!(noted[0]["after"]["sha256"].as_str().is_some_and(|hash| hash.len() == 64));
    let gone = site.call(Method::DELETE, &one).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    assert!(!file.exists());
    assert_eq!(listed(&site, &all).await["state"], "shipped");
    site.call(Method::DELETE, &one).send().await.assert_problem(404, "not-found", &[]);
}

#[tokio::test]
async fn a_change_is_noted_although_nobody_waits_for_the_answer() {
    let site = Site::new().await;
    let brand = brand(&site).await;
    let one = format!("/api/v1/brands/{brand}/templates/{TEMPLATE}");
    let file = site.templates.path().join(&brand).join(TEMPLATE);
    let written = async {
        while !file.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = written => {}
        answer = put(&site, &one, "<h1>{{ status }}</h1>") => assert_eq!(answer.status, 200),
    }
    // Waits for its turn behind the one that was given up.
    let next = put(&site, &one, "<h2>{{ status }}</h2>").await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.text);
    assert_eq!(site.noted("brand_template.saved").await.len(), 2);
}

#[tokio::test]
async fn inj_04_what_cannot_be_shown_is_refused_with_line_and_reason() {
    let site = Site::new().await;
    let brand = brand(&site).await;
    let one = format!("/api/v1/brands/{brand}/templates/{TEMPLATE}");
    let shipped = site.get(&one).send().await.json()["shipped_text"].clone();
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    let large = "x".repeat(256 * 1024 + 1);
    for (text, reason) in [
        ("\n{% if %}", "line 2: syntax error"),
        ("\n\n{{ nobody.name }}", "line 3: undefined value"),
        ("{% include '/etc/passwd' %}", "line 1: "),
        (endless, "fuel"),
        (large.as_str(), "must not have more than 262144 bytes"),
        (shipped.as_str().expect("a text"), "is the shipped text"),
    ] {
        let answer = put(&site, &one, text).await;
        answer.assert_problem(422, "invalid", &["text"]);
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.contains(reason), "{reason}: {message}");
    }
    let nothing = site.call(Method::PUT, &one).json(&json!({})).send().await;
    nothing.assert_problem(422, "invalid", &["text"]);
    assert!(!site.templates.path().join(&brand).exists(), "nothing was written");
}

#[tokio::test]
async fn inj_04_only_shipped_templates_have_a_name() {
    let site = Site::new().await;
    let all = format!("/api/v1/brands/{}/templates", brand(&site).await);
    fs::write(site.templates.path().join("secret.html"), "SECRET").expect("a file");
    for name in [
        "portal/error/none.html",
        "mail/layout.html",
        "panel/home.html",
        "portico-templates.json",
        "%2e%2e%2fsecret.html",
        "portal%2F..%2F..%2F..%2Fsecret.html",
        "portal/error/error.html/",
        "%2Fetc%2Fpasswd",
        "portal%5Cerror%5Cerror.html",
        "%00",
    ] {
        let one = format!("{all}/{name}");
        for method in [Method::GET, Method::DELETE] {
            let answer = site.call(method, &one).send().await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{one}: {}", answer.text);
            assert!(!answer.text.contains("SECRET"));
        }
        let answer = put(&site, &one, "{{ status }}").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{one}: {}", answer.text);
    }
    let made = fs::read_dir(site.templates.path()).expect("the folder").count();
    assert_eq!(made, 1, "nothing was written");
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let site = Site::with_templates_to_look_at().await;
    let one = format!("/api/v1/brands/{}/templates/{TEMPLATE}", brand(&site).await);
    assert_eq!(site.get(&one).send().await.status, StatusCode::OK);
    let closed = put(&site, &one, "{{ status }}").await;
    closed.assert_problem(409, "conflict", &[]);
    assert!(closed.text.contains("templates.edit_by_api"), "{}", closed.text);
    let closed = site.call(Method::DELETE, &one).send().await;
    closed.assert_problem(409, "conflict", &[]);

    let site = Site::new().await;
    let one = format!("/api/v1/brands/{}/templates/{TEMPLATE}", brand(&site).await);
    fs::remove_dir_all(site.templates.path()).expect("removed");
    let absent = put(&site, &one, "{{ status }}").await;
    absent.assert_problem(409, "conflict", &[]);
    assert!(absent.text.contains("templates.dir"), "{}", absent.text);
    assert_eq!(site.noted("brand_template.saved").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_broken_template_is_told_to_the_staff() {
    let site = Site::new().await;
    let brand = brand(&site).await;
    let (_, secret) = session(&site, site.acme.id, OperatorRole::Owner).await;
    let page = async |path: &str| {
        let call = site.open(Method::GET, path);
        call.header("cookie", &format!("portico-panel={}", secret.expose())).send().await.text
    };
    let window = format!("/brands/{brand}");
    assert!(!page(&window).await.contains("cannot be used"));
    let file = site.templates.path().join(&brand).join(TEMPLATE);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(&file, "\n\n{{ nobody.name }}").expect("a file");
    let state = listed(&site, &format!("/api/v1/brands/{brand}/templates")).await;
    assert_eq!((&state["state"], &state["faults"][0]["line"]), (&json!("broken"), &json!(3)));
    for path in [window.clone(), format!("{window}/domains")] {
        let shown = page(&path).await.replace("&#x2f;", "/");
        assert!(shown.contains("A template of this portal cannot be used"), "{path}: {shown}");
        assert!(shown.contains(&format!("{TEMPLATE}:3")) && shown.contains("undefined value"));
    }
    assert!(page("/brands").await.contains("Broken templates"));
}
