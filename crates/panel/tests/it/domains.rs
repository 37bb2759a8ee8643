//! Domains of brands: by API, and as the staff's forms send them.

use std::net::SocketAddr;

use axum::http::{Method, StatusCode};
use portico_billing::permission::{OperatorRole, Permission, Permissions};
use portico_core::domains::{Dns, DomainSettings};
use portico_core::{Caller, NewApiKey};
use portico_testkit::TestDns;
use portico_ui::csrf;
use serde_json::{Value, json};

use crate::site::{Answer, Site};
use crate::staff::session;

const TARGET: &str = "portal.example.test";
const HOST: &str = "billing.brand.test";

/// A site that asks this DNS server.
async fn site_at(server: SocketAddr) -> Site {
    let dns = Dns::at(server).expect("a resolver");
    let cname_target = TARGET.to_owned();
    Site::with_domains(DomainSettings { cname_target, dns, orders_certificates: true }).await
}

/// A site that is not to ask any.
async fn site() -> Site {
    site_at(SocketAddr::from(([127, 0, 0, 1], 9))).await
}

async fn brand_of(site: &Site, key: &str) -> String {
    let listed = site.open(Method::GET, "/api/v1/brands").header("x-api-key", key).send().await;
    listed.json()["data"][0]["id"].as_str().expect("an id").to_owned()
}

/// The domains of Acme's brand, in the API and in the control panel.
async fn paths(site: &Site) -> (String, String) {
    let id = brand_of(site, &site.acme.key.expose()).await;
    (format!("/api/v1/brands/{id}/domains"), format!("/brands/{id}/domains"))
}

/// Every call of the API about a host.
fn calls(all: &str, host: &str) -> [(Method, String); 4] {
    [
        (Method::GET, all.to_owned()),
        (Method::POST, all.to_owned()),
        (Method::POST, format!("{all}/{host}/check")),
        (Method::DELETE, format!("{all}/{host}")),
    ]
}

/// Every page and form of the control panel about a host.
fn pages(all: &str, host: &str) -> [(Method, String); 5] {
    [
        (Method::GET, all.to_owned()),
        (Method::POST, all.to_owned()),
        (Method::POST, format!("{all}/{host}/check")),
        (Method::GET, format!("{all}/{host}/remove")),
        (Method::POST, format!("{all}/{host}/remove")),
    ]
}

/// Somebody of the staff: the cookie, and the token of the forms.
struct Visitor<'a> {
    site: &'a Site,
    cookie: String,
    token: String,
}

impl<'a> Visitor<'a> {
    async fn of_acme(site: &'a Site) -> Self {
        let (_, secret) = session(site, site.acme.id, OperatorRole::Owner).await;
        let cookie = format!("portico-panel={}", secret.expose());
        Self { site, cookie, token: csrf::token(secret.expose()) }
    }

    async fn call(&self, method: Method, path: &str) -> Answer {
        self.send(method, path, "new.brand.test").await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    async fn send(&self, method: Method, path: &str, host: &str) -> Answer {
        let fields = [("csrf", self.token.as_str()), ("host", host)];
        let form = serde_urlencoded::to_string(fields).expect("a form");
        let call = self.site.open(method, path).header("cookie", &self.cookie);
        call.raw("application/x-www-form-urlencoded", form).send().await
    }
}

async fn add(site: &Site, all: &str, host: &str) -> Value {
    let added = site.post(all, &json!({"host": host})).send().await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    added.json()
}

#[tokio::test]
async fn a_domain_is_added_proven_and_removed_by_api() {
    let Some(dns) = TestDns::start() else { return };
    let site = site_at(dns.address).await;
    let (all, _) = paths(&site).await;
    let added = add(&site, &all, HOST).await;
    assert_eq!(
        (&added["answers"], &added["certificate"]["state"]),
        (&json!(false), &json!("none"))
    );
    assert_eq!(added["claim"]["dns_state"], "unchecked");
    let target = added["claim"]["cname_target"].as_str().expect("a target").to_owned();
    assert!(target.ends_with(&format!(".{TARGET}")), "{target}");
    let check = format!("{all}/{HOST}/check");
    dns.set_address(HOST, "192.0.2.7");
    let direct = site.call(Method::POST, &check).send().await.json();
    assert_eq!(direct["claim"]["dns_state"], "address_record", "{direct}");
    assert_eq!(
        (&direct["claim"]["found"], &direct["answers"]),
        (&json!("192.0.2.7"), &json!(false))
    );
    dns.point(HOST, &target);
    let proven = site.call(Method::POST, &check).send().await.json();
    assert_eq!(
        (&proven["claim"]["dns_state"], &proven["answers"]),
        (&json!("points"), &json!(true))
    );
    assert_eq!(proven["certificate"]["state"], "ordering");
    let listed = site.get(&all).send().await.json();
    assert_eq!(listed["data"][0]["host"], "localhost");
    assert_eq!(listed["data"][0]["claim"], Value::Null, "it was set up on the command line");
    assert_eq!(listed["data"][1], proven);
    let gone = site.call(Method::DELETE, &format!("{all}/{HOST}")).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    site.call(Method::POST, &check).send().await.assert_problem(404, "not-found", &[]);
}

#[tokio::test]
async fn what_cannot_be_added_names_the_field() {
    let site = site().await;
    let (all, page) = paths(&site).await;
    add(&site, &all, HOST).await;
    let staff = Visitor::of_acme(&site).await;
    for (host, status, slug, text) in [
        ("https://a.test/", 422, "invalid", "Enter a name such as"),
        ("", 422, "invalid", "Enter a name such as"),
        (TARGET, 422, "invalid", "This name is the portal&#x27;s own"),
        ("x.portal.example.test", 422, "invalid", "This name is the portal&#x27;s own"),
        (HOST, 409, "conflict", "This domain is in use already"),
        ("other.localhost", 409, "conflict", "This domain is in use already"),
    ] {
        let refused = site.post(&all, &json!({"host": host})).send().await;
        refused.assert_problem(status, slug, &["host"]);
        let shown = staff.send(Method::POST, &page, host).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{host}");
        assert!(shown.text.contains(text), "{host}: {}", shown.text);
    }
    let typed = site.post(&all, &json!({"host": "a.test", "ttl": 60})).send().await;
    typed.assert_problem(422, "invalid", &["ttl"]);
    assert_eq!(site.get(&all).send().await.json()["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn each_call_asks_for_its_permission() {
    let site = site().await;
    let (all, page) = paths(&site).await;
    add(&site, &all, HOST).await;
    let key = NewApiKey {
        name: "reader".to_owned(),
        permissions: Permissions::of(&[Permission::Read]),
        expires_at: None,
    };
    let (_, key) =
        site.core.issue_api_key(&Caller::system(site.acme.id), key).await.expect("a key");
    for (method, path) in calls(&all, HOST) {
        let call = site.open(method.clone(), &path).header("x-api-key", &key.expose());
        let answer = call.json(&json!({"host": "new.brand.test"})).send().await;
        if method == Method::GET {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        } else {
            answer.assert_problem(403, "forbidden", &[]);
        }
    }
    for role in [OperatorRole::ReadOnly, OperatorRole::Support, OperatorRole::Billing] {
        let (_, secret) = session(&site, site.acme.id, role).await;
        let cookie = format!("portico-panel={}", secret.expose());
        let staff = Visitor { site: &site, cookie, token: csrf::token(secret.expose()) };
        for (method, path) in pages(&page, HOST) {
            let answer = staff.call(method.clone(), &path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?} {method} {path}");
        }
    }
    let left = site.get(&all).send().await.json();
    assert_eq!(left["data"].as_array().map(Vec::len), Some(2), "nothing was changed: {left}");
}

#[tokio::test]
async fn ten_01_brands_and_domains_of_others_are_not_there() {
    let site = site().await;
    let theirs = brand_of(&site, &site.other.key.expose()).await;
    let (ours, our_page) = paths(&site).await;
    let staff = Visitor::of_acme(&site).await;
    let found = ["other.localhost", "nobody.test"];
    for host in found {
        for (method, path) in calls(&format!("/api/v1/brands/{theirs}/domains"), host) {
            let answer = site.call(method, &path).json(&json!({"host": "new.brand.test"})).send();
            answer.await.assert_problem(404, "not-found", &[]);
        }
        for (method, path) in pages(&format!("/brands/{theirs}/domains"), host) {
            let answer = staff.call(method.clone(), &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
        // Neither by way of one's own brand.
        for (method, path) in calls(&ours, host).into_iter().skip(2) {
            let answer = site.call(method, &path).send().await;
            answer.assert_problem(404, "not-found", &[]);
        }
        for (method, path) in pages(&our_page, host).into_iter().skip(2) {
            let answer = staff.call(method.clone(), &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
    }
    let path = format!("/api/v1/brands/{theirs}/domains");
    let left = site.open(Method::GET, &path).header("x-api-key", &site.other.key.expose());
    let left = left.send().await.json();
    assert_eq!(left["data"].as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(left["data"][0]["host"], "other.localhost");
}

#[tokio::test]
async fn the_tab_shows_what_to_set_and_renews_itself() {
    let Some(dns) = TestDns::start() else { return };
    let site = site_at(dns.address).await;
    let (all, page) = paths(&site).await;
    let staff = Visitor::of_acme(&site).await;
    let calm = staff.get(&page).await;
    assert!(!calm.text.contains("hx-trigger=\"every"), "nothing is waited for: {}", calm.text);
    let added = staff.send(Method::POST, &page, HOST).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    assert_eq!(added.header("location"), page);
    let listed = site.get(&all).send().await.json();
    let target = listed["data"][1]["claim"]["cname_target"].as_str().expect("a target").to_owned();
    let waits = staff.get(&page).await;
    let renewed = format!("hx-get=\"{page}?renewal=1\"");
    for text in [target.as_str(), "Waits for its proof", "Not looked at yet", &renewed] {
        assert!(waits.text.contains(text), "{text}: {}", waits.text);
    }
    let last = staff.get(&format!("{page}?renewal=120")).await;
    assert!(!last.text.contains("hx-trigger=\"every"), "a forgotten page falls silent");
    dns.set_cname(HOST, "elsewhere.test");
    let check = format!("{page}/{HOST}/check");
    assert_eq!(staff.send(Method::POST, &check, "").await.status, StatusCode::SEE_OTHER);
    let wrong = staff.get(&page).await;
    assert!(wrong.text.contains("The name leads to elsewhere.test."), "{}", wrong.text);
    dns.point(HOST, &target);
    assert_eq!(staff.send(Method::POST, &check, "").await.status, StatusCode::SEE_OTHER);
    let proven = staff.get(&page).await;
    assert!(proven.text.contains("Being ordered"), "{}", proven.text);
    let remove = format!("{page}/{HOST}/remove");
    assert!(staff.get(&remove).await.text.contains(&format!("Remove {HOST}?")));
    let forged = site.open(Method::POST, &remove).header("cookie", &staff.cookie);
    let forged = forged.raw("application/x-www-form-urlencoded", "csrf=x").send().await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(staff.send(Method::POST, &remove, "").await.status, StatusCode::SEE_OTHER);
    assert!(!staff.get(&page).await.text.contains(HOST));
}

#[tokio::test]
async fn where_domains_are_not_proven_the_tab_says_how_to_switch_it_on() {
    let site = Site::new().await;
    let (_, page) = paths(&site).await;
    let staff = Visitor::of_acme(&site).await;
    assert_eq!(staff.send(Method::POST, &page, HOST).await.status, StatusCode::SEE_OTHER);
    let shown = staff.get(&page).await.text;
    assert!(shown.contains("cname_target") && shown.contains(HOST), "{shown}");
    assert!(!shown.contains("Check now") && !shown.contains("hx-trigger=\"every"), "{shown}");
}
