//! Everything that an address names × somebody of another organisation: it is not there, nothing of
//! it is told, and nothing is changed.
//!
//! The addresses are those of the program's own table: a new one is in the matrix at once, or fails
//! it until `belongings.rs` is told what its parameters are.

use axum::http::{Method, StatusCode};
use portico_panel::{Access, Route, table};
use serde_json::{Value, json};

use crate::belongings::{Belongings, NOUNS, noun, smtp, with};
use crate::site::{Answer, Site};

/// Enough for each form of the control panel to be read.
const FIELDS: &[(&str, &str)] = &[
    ("name", "Mallory"),
    ("email", "mallory@example.com"),
    ("role", "owner"),
    ("reason", "Because."),
    ("status", "inactive"),
    ("security", "starttls"),
    ("server", "mail.evil.example"),
    ("from_address", "mallory@evil.example"),
    ("host", "evil.example"),
    ("subject", "Mallory"),
    ("body", "Mallory {{action_button}}"),
    ("text", "Mallory"),
    ("amount", "1.00"),
    ("paid_on", "2026-11-20"),
    ("number", "M-1"),
    ("preview_page", "sign-in"),
    ("preview_theme", "dark"),
    ("step", "do"),
];

/// Pages and forms of the staff with an identifier in their address.
fn pages() -> Vec<Route> {
    let mut routes = table();
    routes.retain(|route| {
        let of_staff = matches!(route.access, Access::SignedIn | Access::Operator(_));
        of_staff && route.path.contains("{id}")
    });
    assert!(routes.len() > 60, "the table is not the whole control panel");
    routes
}

/// Calls of the organisation's software with an identifier in their address.
fn calls() -> Vec<Route> {
    let mut routes = table();
    routes.retain(|route| {
        let of_software = matches!(route.access, Access::ApiKey | Access::ApiKeyBatch);
        of_software && route.path.contains("{id}")
    });
    assert!(routes.len() > 40, "the table is not the whole API");
    routes
}

/// What stands for `{id}`: as it is, and as the staff's own links write it.
fn spellings(id: &str) -> Vec<String> {
    let mut all = vec![id.to_owned()];
    if let Some((_, digits)) = id.rsplit_once('_') {
        let uuid = digits.parse::<uuid::Uuid>().expect("a UUID");
        all.push(uuid.to_string());
    }
    all
}

/// An id of the same form that nobody has.
fn absent(id: &str) -> String {
    let (head, last) = id.split_at(id.len() - 1);
    format!("{head}{}", if last == "0" { "1" } else { "0" })
}

/// A body that would be taken, were the record one's own.
fn body(route: &Route, own: &Belongings<'_>) -> Value {
    let path = route.path.strip_prefix("/api/v1/").expect("the API");
    let whole = route.method == Method::PUT;
    match path {
        "brands/{id}/looks" => json!({"base": {"version": 1, "revision": 0}, "looks": {}}),
        "brands/{id}/looks/publish" => json!({"base": {"version": 1, "revision": 0}}),
        "brands/{id}/looks/roll-back" => json!({"version": 0}),
        "brands/{id}/smtp" => smtp("evil"),
        "brands/{id}/smtp/test" => json!({"settings": smtp("evil"), "to": "a@example.com"}),
        "brands/{id}/domains" => json!({"host": "evil.example"}),
        "brands/{id}/mail-templates/{kind}/{language}" => {
            json!({"subject": "Mallory", "body": "{{action_button}}"})
        }
        "brands/{id}/texts/{language}/{key}" => json!({"text": "Mallory"}),
        "brands/{id}/templates/{*name}" => json!({"text": "Mallory"}),
        "contacts/{id}/temporary-password" => json!({"password": "the lantern of Mallory"}),
        "invoices/{id}/pay-link" | "invoices/{id}/credit" => json!({}),
        "sign-ups/{id}/refusal" => json!({"reason": "Mallory"}),
        "payment-attempts/{id}/dismiss" => json!({"reason": "Mallory"}),
        "operators/{id}" => json!({"role": "owner"}),
        "payments/{id}/refund" => json!({"amount_minor": 100}),
        _ if whole => own.record(noun(&route.path)),
        _ => json!({"name": "Mallory"}),
    }
}

#[tokio::test]
async fn az_01_the_staff_of_another_organisation_finds_nothing() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    let (before, _sent) = (ours.everything().await, site.core.claim_mails(100).await);
    for page in pages() {
        let ask = async |id: &str| {
            let path = ours.address_with(&page.path, id);
            theirs.visit(page.method.clone(), &path, FIELDS).await
        };
        refused(&page, &ours, ask).await;
    }
    assert_eq!(ours.everything().await, before, "something of ours was changed");
    let sent = site.core.claim_mails(100).await.expect("mails");
    assert!(sent.is_empty(), "mails were sent: {sent:?}");
}

#[tokio::test]
async fn az_01_the_software_of_another_organisation_finds_nothing() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    let (before, _sent) = (ours.everything().await, site.core.claim_mails(100).await);
    for call in calls() {
        let ask = async |id: &str| {
            let path = ours.address_with(&call.path, id);
            theirs.call(call.method.clone(), &path, &body(&call, &theirs)).await
        };
        refused(&call, &ours, ask).await;
    }
    assert_eq!(ours.everything().await, before, "something of ours was changed");
    let sent = site.core.claim_mails(100).await.expect("mails");
    assert!(sent.is_empty(), "mails were sent: {sent:?}");
}

/// What is ours is answered as what does not exist.
async fn refused(route: &Route, ours: &Belongings<'_>, ask: impl AsyncFn(&str) -> Answer) {
    let own = ours.id(noun(&route.path));
    let nobodys = absent(own);
    let missing = ask(&nobodys).await;
    let what = format!("{} {}", route.method, route.path);
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{what}, absent: {}", missing.text);
    for id in spellings(own) {
        let answer = ask(&id).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what} with {id}: {}", answer.text);
        let [answered, expected] =
            [(&answer, &id), (&missing, &nobodys)].map(|(it, id)| it.text.replace(id, "{id}"));
        assert_eq!(answered, expected, "{what} is told from absent");
        ours.assert_untold(&answer, &what);
    }
}

#[tokio::test]
async fn az_01_whoever_has_it_finds_it() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    for page in pages() {
        // What can be done with an invoice depends on whether it is a draft.
        let is_of_drafts = page.path.ends_with("/edit") && page.path.starts_with("/invoices")
            || page.path.ends_with("/approve");
        let id = if is_of_drafts { "drafts" } else { noun(&page.path) };
        let path = ours.address_with(&page.path, ours.id(id));
        if page.method == Method::GET {
            let answer = ours.visit(page.method, &path, &[]).await;
            let is_there = answer.status.is_success() || answer.status == StatusCode::SEE_OTHER;
            assert!(is_there, "{path}: {} {}", answer.status, answer.text);
        } else if !page.path.ends_with("/end") {
            // A form that says nothing is refused or taken, and changes nothing else's presence.
            let answer = ours.visit(page.method, &path, &[("csrf", "x")]).await;
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn az_01_a_colleagues_session_is_its_own() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let role = portico_billing::permission::OperatorRole::Admin;
    let (_, colleague) = crate::staff::session(&site, site.acme.id, role).await;
    let token = portico_ui::csrf::token(colleague.expose());
    let path = ours.address("/account/sessions/{id}/end");
    let call = site.open(Method::POST, &path);
    let call = call.header("cookie", &format!("portico-panel={}", colleague.expose()));
    let form = format!("csrf={token}");
    let answer = call.raw("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    assert_eq!(ours.visit(Method::GET, "/account", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn az_03_ids_of_others_in_a_body_are_refused() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    let before = (ours.everything().await, theirs.everything().await);
    for record in NOUNS {
        let path = format!("/api/v1/{record}");
        let (foreign, own) = (ours.record(record), theirs.record(record));
        // Each id of a record of ours, one at a time, in a record of theirs.
        let fields = foreign.as_object().expect("a record").iter();
        let ids = fields.filter(|(name, _)| name.ends_with("_id") || *name == "allocations");
        for (name, id) in ids {
            let sly = with(own.clone(), json!({ name.as_str(): id, "number": null }));
            let what = format!("{record} with a foreign {name}");
            let one = theirs.call(Method::POST, &path, &sly).await;
            let refused = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];
            assert!(refused.contains(&one.status), "{what}: {} {}", one.status, one.text);
            ours.assert_untold(&one, &what);
            let many = json!({"data": [sly]});
            let many = theirs.call(Method::POST, &format!("{path}/batch"), &many).await;
            assert_eq!(many.json()["summary"]["rejected"], 1, "{what}: {}", many.text);
            ours.assert_untold(&many, &what);
            let id = theirs.id(record);
            let patch = json!({ name.as_str(): sly[name] });
            let changed = theirs.call(Method::PATCH, &format!("{path}/{id}"), &patch).await;
            // What a payment settled cannot be taken back, whoever asks.
            let is_settled = changed.status == StatusCode::CONFLICT;
            assert!(is_settled || refused.contains(&changed.status), "{what}: {}", changed.text);
            ours.assert_untold(&changed, &what);
        }
    }
    assert_eq!((ours.everything().await, theirs.everything().await), before);
}

#[tokio::test]
async fn az_03_ids_of_others_in_a_form_are_refused() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    let before = ours.everything().await;
    let settle = format!("settle.{}", spellings(ours.id("invoices"))[1]);
    let (logo, brand) = (ours.id("files"), ours.id("brands"));
    let template = ours.id("customers");
    let looks = theirs.address("/brands/{id}/looks");
    let cases: [(String, Vec<(&str, &str)>); 6] = [
        ("/customers/new".to_owned(), vec![("name", "Mallory"), ("brand_id", brand)]),
        (
            theirs.address("/customers/{id}/payments/new"),
            vec![("amount", "1.00"), ("method", "cash"), ("paid_on", "2026-11-20"), (&settle, "1")],
        ),
        (
            theirs.address("/payments/{id}/refund"),
            vec![("amount", "1.00"), ("paid_on", "2026-11-20"), (&settle, "1")],
        ),
        (looks.clone(), vec![("accent", "#2f5bea"), ("logo", logo), ("base", "1.0")]),
        (format!("{looks}/preview"), vec![("logo", logo), ("preview_page", "sign-in")]),
        (
            theirs.address("/brands/{id}"),
            vec![("name", "Mallory"), ("sign_up.template_id", template), ("template", template)],
        ),
    ];
    for (path, fields) in cases {
        for step in ["", "do"] {
            let fields = [fields.as_slice(), &[("step", step)]].concat();
            let answer = theirs.visit(Method::POST, &path, &fields).await;
            ours.assert_untold(&answer, &path);
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
        }
    }
    assert_eq!(ours.everything().await, before, "something of ours was changed");
    for (path, text) in theirs.everything().await {
        assert!(!text.contains(ours.canary), "{path} tells of another organisation");
        for noun in ["customers", "invoices", "files", "brands"] {
            assert!(!text.contains(ours.id(noun)), "{path} leads to {noun} of another one");
        }
    }
}

#[tokio::test]
async fn az_01_hosts_of_others_are_not_reached_through_a_brand_of_ones_own() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    let before = ours.everything().await;
    let routes = pages().into_iter().chain(calls());
    for route in routes.filter(|route| route.path.contains("{host}")) {
        let path = ours.address_with(&route.path, theirs.id("brands"));
        let answer = match route.access {
            Access::Operator(_) => theirs.visit(route.method, &path, FIELDS).await,
            _ => theirs.call(route.method, &path, &json!({})).await,
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text);
    }
    assert_eq!(ours.everything().await, before, "something of ours was changed");
}

#[tokio::test]
async fn az_02_searches_and_lists_find_nothing_of_others() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let theirs = Belongings::of(&site, &site.other, "canary-other").await;
    for route in table().into_iter().filter(|it| it.method == Method::GET) {
        if route.path.contains('{') {
            continue;
        }
        let query = "?q=canary&query=canary&search=canary&actor=canary&subject=canary";
        let path = format!("{}{query}", route.path);
        let answer = match route.access {
            Access::SignedIn | Access::Operator(_) => theirs.visit(Method::GET, &path, &[]).await,
            Access::ApiKey => theirs.call(Method::GET, &route.path, &Value::Null).await,
            _ => continue,
        };
        ours.assert_untold(&answer, &path);
    }
    let found = theirs.visit(Method::GET, "/search?q=canary", &[]).await;
    assert!(found.text.contains(theirs.canary), "the search finds nothing: {}", found.text);
}
