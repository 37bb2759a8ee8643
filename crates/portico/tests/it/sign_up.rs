//! Signing up as a person does: the form, a mail by a real server, the link in it, a password; and
//! the account that comes of it.

use serde_json::{Value, json};

use crate::brand_mail::{ALLOWED, api, brand_id, own_server};
use crate::mail::{Server, python, submit};
use crate::page;
use crate::program::{Installation, Program, free_port};

const PASSWORD: &str = "tr4verse-mill-lantern";

/// What the template customer has, beside its own fields: path, and a record of it.
fn template_records() -> Vec<(&'static str, Value)> {
    vec![
        (
            "payments",
            json!({
                "external_id": "p-1", "status": "succeeded", "amount_minor": 500,
                "currency": "USD", "method": "other", "method_label": "Starting credit",
                "description": "Welcome", "paid_at": "2020-01-01T00:00:00Z",
            }),
        ),
        (
            "subscriptions",
            json!({
                "external_id": "s-1", "plan": "Starter", "status": "active", "currency": "USD",
                "amount_minor": 900, "interval_unit": "month", "started_on": "2020-01-01",
                "period_start": "2020-01-01", "period_end_exclusive": "2020-02-01",
            }),
        ),
        (
            "entitlements",
            json!({
                "external_id": "e-1", "subscription_id": "s-1", "name": "Minutes",
                "kind": "quantity", "status": "active", "unit": "min", "used": "17",
                "limit": "100",
            }),
        ),
        (
            "contracts",
            json!({
                "external_id": "k-1", "name": "Terms", "status": "active",
                "starts_on": "2020-01-01", "body": "First.\n\nSecond.",
            }),
        ),
    ]
}

/// Makes the template customer, and opens the brand to customers made from it.
fn open(program: &Program, installation: &Installation) {
    let post = |path: &str, body: &Value| {
        api(program, installation, "POST", &format!("/api/v1/{path}"), body);
    };
    let template = json!({
        "external_id": "template", "name": "Template", "currency": "USD",
        "debit_limit_minor": 2_500, "time_zone": "Europe/Madrid", "metadata": {"plan": "starter"},
    });
    post("customers", &template);
    for (path, mut record) in template_records() {
        record["customer_id"] = json!("template");
        post(path, &record);
    }
    let sign_up = json!({
        "customers": true, "template_customer": "template", "currencies": ["USD"],
    });
    let brand = format!("/api/v1/brands/{}", brand_id(program, installation));
    api(program, installation, "PATCH", &brand, &json!({ "sign_up": sign_up }));
}

/// All records of a kind that a customer has.
fn of_customer(
    program: &Program,
    installation: &Installation,
    path: &str,
    customer: &str,
) -> Vec<Value> {
    let path = format!("/api/v1/{path}?customer_id={customer}");
    let reply = program.panel_call("GET", &path).key(installation).send();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply.json()["data"].as_array().expect("a list").clone()
}

/// The one customer of this name.
fn customer_named(program: &Program, installation: &Installation, name: &str) -> Option<Value> {
    let reply = program.panel_call("GET", "/api/v1/customers").key(installation).send();
    let all = reply.json()["data"].as_array().expect("a list").clone();
    let mut found: Vec<Value> = all.into_iter().filter(|it| it["name"] == name).collect();
    assert!(found.len() < 2, "{found:?}");
    found.pop()
}

fn assert_has_all_of_the_template(program: &Program, installation: &Installation) {
    let made = customer_named(program, installation, "Northwind").expect("a customer");
    assert_eq!(made["status"], "active");
    assert_eq!(made["debit_limit_minor"], 2_500);
    assert_eq!((&made["time_zone"], &made["currency"]), (&json!("Europe/Madrid"), &json!("USD")));
    assert_eq!(made["metadata"]["plan"], "starter");
    let id = made["id"].as_str().expect("an id");
    let has = |path: &str| of_customer(program, installation, path, id);
    for (path, template) in template_records() {
        let records = has(path);
        assert_eq!(records.len(), 1, "{path}: {records:?}");
        for field in ["plan", "name", "amount_minor", "currency", "method_label", "limit"] {
            if let Some(wanted) = template.get(field) {
                assert_eq!(&records[0][field], wanted, "{path}: {field}");
            }
        }
    }
    assert_eq!(has("payments")[0]["status"], "succeeded");
    let contacts = has("contacts");
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert_eq!(contacts[0]["email"], "ana@northwind.example");
}

#[test]
fn a_sign_up_by_a_mailed_link_ends_with_all_that_the_template_has() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let port = free_port();
    let server = Server::start(python, port, installation.path());
    let program = installation.serve(&format!("[mail]\n{ALLOWED}"));
    own_server(&program, &installation, port);
    open(&program, &installation);

    let shown = program.portal_call("localhost", "GET", "/sign-up").send();
    let fields = [
        ("company", "Northwind"),
        ("name", "Ana Núñez"),
        ("email", "ana@northwind.example"),
        ("country", "ES"),
    ];
    let sent = submit(&program, &shown, "/sign-up", &fields);
    assert!(sent.status < 400, "{}", sent.text);
    let mail = server.mail(python);
    assert_eq!(
        (&mail["rcpt"], &mail["from"]),
        (&json!("ana@northwind.example"), &json!("pay@brand.example"))
    );
    let none = customer_named(&program, &installation, "Northwind");
    assert_eq!(none, None, "it was made before the address was proven");

    let text = mail["text"].as_str().expect("a text");
    let beginning = format!("http://localhost:{}/sign-up", program.portal);
    let link = page::link_in(text, &beginning).expect("a link");
    let path = &link[link.find("/sign-up").expect("a path")..];
    let shown = program.portal_call("localhost", "GET", path).send();
    assert!(shown.text.contains("Northwind"), "{}", shown.text);
    let none = customer_named(&program, &installation, "Northwind");
    assert_eq!(none, None, "looking at the link was enough");

    let token = path.split_once("token=").expect("a token").1;
    let weak = submit(&program, &shown, "/sign-up/confirm", &[("token", token)]);
    assert_eq!((weak.status, weak.session_cookie()), (422, None), "a password must be chosen");
    let fields = [("token", token), ("password", PASSWORD)];
    let entered = submit(&program, &shown, "/sign-up/confirm", &fields);
    assert_eq!(entered.status, 303, "{}", entered.text);
    let home = program.portal_call("localhost", "GET", "/").header("cookie", &entered.cookie());
    assert!(home.send().text.contains("Northwind"));
    assert_has_all_of_the_template(&program, &installation);

    let again = submit(&program, &shown, "/sign-up/confirm", &fields);
    assert_ne!(again.status, 303, "a link is used once");
    assert_has_all_of_the_template(&program, &installation);
    program.stop();
}
