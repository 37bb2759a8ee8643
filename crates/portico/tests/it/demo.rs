//! `portico demo`, by the real binary.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::page;
use crate::program::{Program, portico, printed};

fn sheet(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("data/demo.json")).expect("demo.json");
    serde_json::from_slice(&text).expect("JSON")
}

#[track_caller]
fn assert_keys(object: &Value, keys: &[&str]) {
    let mut found: Vec<&str> =
        object.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut keys = keys.to_vec();
    found.sort_unstable();
    keys.sort_unstable();
    assert_eq!(found, keys);
}

/// Everything but the addresses, which follow the ports.
fn lasting(mut sheet: Value) -> Value {
    for key in ["portal_url", "panel_url"] {
        sheet[key] = Value::Null;
    }
    for organisation in sheet["organisations"].as_array_mut().expect("a list") {
        for brand in organisation["brands"].as_array_mut().expect("a list") {
            brand["url"] = Value::Null;
        }
    }
    sheet
}

#[test]
fn the_demonstration_describes_itself_and_keeps_what_it_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), &["demo"]);
    let first = sheet(folder.path());
    assert_keys(&first, &["portal_url", "panel_url", "organisations"]);
    assert_eq!(first["portal_url"], format!("http://localhost:{}", program.portal));
    assert_eq!(first["panel_url"], format!("http://localhost:{}", program.panel));
    let organisations = first["organisations"].as_array().expect("a list");
    assert_eq!(organisations.len(), 2);
    let own = ["id", "name", "api_key", "treli_user", "treli_password", "operators", "brands"];
    for (organisation, host) in organisations.iter().zip(["localhost", "voxtel.localhost"]) {
        assert_keys(organisation, &own);
        let brand = &organisation["brands"][0];
        assert_keys(brand, &["name", "url", "return_url", "contacts"]);
        assert_eq!(brand["url"], format!("http://{host}:{}", program.portal));
        let contacts = brand["contacts"].as_array().expect("a list");
        assert!(!contacts.is_empty());
        for contact in contacts {
            assert_keys(contact, &["email", "password", "customer_id", "external_id"]);
        }
        sign_in(&program, host, &contacts[0]);
        open_session(&program, organisation);
    }
    let mode = std::fs::metadata(folder.path().join("data/demo.json")).expect("it").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    program.stop();

    let program = Program::start(folder.path(), &["demo"]);
    let second = sheet(folder.path());
    assert_eq!(second["portal_url"], format!("http://localhost:{}", program.portal));
    let url = &second["organisations"][1]["brands"][0]["url"];
    assert_eq!(*url, format!("http://voxtel.localhost:{}", program.portal));
    assert_ne!(first["portal_url"], second["portal_url"]);
    assert_eq!(lasting(first), lasting(second.clone()));
    open_session(&program, &second["organisations"][0]);
    program.stop();
}

/// The password in the sheet opens the portal.
fn sign_in(program: &Program, host: &str, contact: &Value) {
    let shown = program.portal_call(host, "GET", "/sign-in").send();
    let token = page::form_token(&shown.text);
    let field = |name: &str| contact[name].as_str().expect("a text");
    let fields = [("email", field("email")), ("password", field("password")), ("csrf", &token)];
    let entered = program
        .portal_call(host, "POST", "/sign-in")
        .header("cookie", &shown.cookie())
        .form(&fields)
        .send();
    assert_eq!(entered.status, 303, "{}", entered.text);
    assert!(entered.session_cookie().is_some());
}

/// The key in the sheet opens sessions, and the brand allows the address in it.
fn open_session(program: &Program, organisation: &Value) {
    let brand = &organisation["brands"][0];
    let body = serde_json::json!({
        "customer_id": brand["contacts"][0]["external_id"], "return_url": brand["return_url"],
    });
    let key = organisation["api_key"].as_str().expect("a key");
    let call = program.panel_call("POST", "/api/v1/portal-sessions").header("x-api-key", key);
    let made = call.json(&body).send();
    assert_eq!(made.status, 201, "{}", made.text);
}

#[test]
fn a_database_that_is_not_the_demonstrations_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = portico(folder.path())
        .args(["organisation", "create", "--name", "Mine"])
        .output()
        .expect("the program");
    assert!(made.status.success(), "{}", printed(&made));
    let refused = portico(folder.path()).arg("demo").output().expect("the program");
    assert_eq!(refused.status.code(), Some(1));
    assert!(printed(&refused).contains("--reset"), "{}", printed(&refused));
    let listed = portico(folder.path()).args(["organisation", "list"]).output().expect("it");
    assert!(printed(&listed).contains("Mine"), "{}", printed(&listed));
}
