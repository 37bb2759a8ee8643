//! A brand's own mail server, beside the installation's: real servers receive the mails.

use std::io::Read as _;
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::mail::{Server, ask_for_link, python, serve_with};
use crate::program::{Installation, Program, free_port, wait_for};

const ALLOWED: &str = "allowed_networks = [\"127.0.0.0/8\"]\n";

fn api(
    program: &Program,
    installation: &Installation,
    method: &str,
    path: &str,
    body: &Value,
) -> Value {
    let reply = program.panel_call(method, path).key(installation).json(body).send();
    assert!(reply.status < 300, "{path}: {}", reply.text);
    serde_json::from_str(&reply.text).unwrap_or_default()
}

fn brand_id(program: &Program, installation: &Installation) -> String {
    let reply = program.panel_call("GET", "/api/v1/brands").key(installation).send();
    let brands: Value = serde_json::from_str(&reply.text).expect("JSON");
    brands["data"][0]["id"].as_str().expect("a brand").to_owned()
}

/// Gives the first brand a server of its own on this machine.
fn own_server(program: &Program, installation: &Installation, port: u16) -> String {
    let id = brand_id(program, installation);
    let settings = json!({
        "server": "127.0.0.1", "port": port, "security": "unencrypted",
        "from_address": "pay@brand.example", "from_name": "Brand \"Ñ\"", "falls_back": true,
    });
    api(program, installation, "PUT", &format!("/api/v1/brands/{id}/smtp"), &settings);
    id
}

#[test]
fn a_brands_mail_goes_by_its_own_server_in_its_own_words() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let (general, own) = (free_port(), free_port());
    let folder = tempfile::tempdir().expect("a folder");
    let theirs = Server::start(python, general, installation.path());
    let ours = Server::start(python, own, folder.path());
    let program = serve_with(&installation, general, ALLOWED);
    let id = own_server(&program, &installation, own);
    let words =
        json!({"subject": "Puerta de {{brand}}", "body": "Hola {{name}} <b>\n\n{{action_button}}"});
    let path = format!("/api/v1/brands/{id}/mail-templates/sign-in-link/en");
    api(&program, &installation, "PUT", &path, &words);
    let text = json!({"text": "Push & <enter>"});
    let path = format!("/api/v1/brands/{id}/texts/en/mail-sign-in-link-action");
    api(&program, &installation, "PUT", &path, &text);
    ask_for_link(&program);
    let mail = ours.mail(python);
    assert_eq!(
        (&mail["from"], &mail["sender"]),
        (&json!("pay@brand.example"), &json!("pay@brand.example"))
    );
    assert_eq!(mail["from_name"], "Brand \"Ñ\"");
    assert_eq!(mail["subject"], "Puerta de Acme & Söhne");
    let text = mail["text"].as_str().expect("a text");
    assert!(text.starts_with("Hola Zoë <b>\n\nhttp://localhost:"), "{text}");
    let html = mail["html"].as_str().expect("HTML");
    assert!(
        html.contains("Hola Zoë &lt;b&gt;") && html.contains("Push &amp; &lt;enter&gt;"),
        "{html}"
    );
    assert!(theirs.files().is_empty(), "the installation's server got it as well");
    program.stop();
}

#[test]
fn a_brands_mail_falls_back_to_the_installations_server() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let general = free_port();
    let server = Server::start(python, general, installation.path());
    let program = serve_with(&installation, general, ALLOWED);
    own_server(&program, &installation, free_port());
    ask_for_link(&program);
    let mail = server.mail(python);
    assert_eq!(
        (&mail["from"], &mail["from_name"]),
        (&json!("billing@acme.example"), &json!("Brand \"Ñ\""))
    );
    let source = std::fs::read_to_string(&server.files()[0]).expect("the mail");
    assert!(source.contains("Reply-To:") && source.contains("pay@brand.example"), "{source}");
    program.stop();
}

#[test]
fn ten_06_a_brand_whose_server_says_nothing_delays_no_other() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let general = free_port();
    let server = Server::start(python, general, installation.path());
    // It takes connections and never says a word.
    let silent = TcpListener::bind(("127.0.0.1", free_port())).expect("a port");
    let program = serve_with(&installation, general, ALLOWED);
    let made = json!({"name": "Silent", "host": "silent.localhost"});
    let brand = api(&program, &installation, "POST", "/api/v1/brands", &made);
    let id = brand["id"].as_str().expect("an id");
    let port = silent.local_addr().expect("an address").port();
    let settings = json!({
        "server": "127.0.0.1", "port": port, "security": "unencrypted",
        "from_address": "pay@silent.example", "falls_back": false,
    });
    api(&program, &installation, "PUT", &format!("/api/v1/brands/{id}/smtp"), &settings);
    let customer = json!({"external_id": "c-2", "name": "Silent", "brand_id": id});
    api(&program, &installation, "POST", "/api/v1/customers", &customer);
    for n in 0..30 {
        let contact = json!({
            "external_id": format!("s-{n}"), "customer_id": "c-2", "name": "S",
            "email": format!("s{n}@example.com"),
        });
        api(&program, &installation, "POST", "/api/v1/contacts", &contact);
    }
    let shown = program.portal_call("silent.localhost", "GET", "/sign-in").send();
    let token = crate::page::form_token(&shown.text);
    for n in 0..15 {
        let email = format!("s{n}@example.com");
        let sent = program
            .portal_call("silent.localhost", "POST", "/sign-in/link")
            .header("cookie", &shown.cookie())
            .form(&[("csrf", token.as_str()), ("email", &email)])
            .send();
        assert!(sent.status < 400, "{}", sent.text);
    }
    wait_for("a connection", || silent.accept().ok());
    ask_for_link(&program);
    let mail = server.mail(python);
    assert_eq!(mail["rcpt"], "zoe@example.com");
    program.stop();
}

#[test]
fn inj_06_test_mails_reach_no_server_of_the_inside() {
    let installation = Installation::new("localhost");
    let inside = TcpListener::bind(("127.0.0.1", free_port())).expect("a port");
    inside.set_nonblocking(true).expect("a listener");
    let port = inside.local_addr().expect("an address").port();
    let program = serve_with(&installation, free_port(), "");
    let id = brand_id(&program, &installation);
    for server in ["127.0.0.1", "localhost", "[::1]", "0177.0.0.1", "2130706433", "0.0.0.0"] {
        let settings = json!({
            "server": server, "port": port, "security": "starttls",
            "username": "x", "password": "canary", "from_address": "pay@brand.example",
        });
        let body = json!({"settings": settings, "to": "me@example.com"});
        let path = format!("/api/v1/brands/{id}/smtp/test");
        let answer = api(&program, &installation, "POST", &path, &body);
        assert_eq!(
            answer,
            json!({"sent": false, "reason": "not-public", "code": null}),
            "{server}"
        );
    }
    let refused = inside.accept().map(|(mut stream, _)| stream.read(&mut [0; 16]));
    assert!(refused.is_err(), "somebody connected");
    assert!(!program.log().contains("canary"));
    program.stop();
}

#[test]
fn a_test_mail_is_sent_by_settings_that_are_not_saved() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let port = free_port();
    let server = Server::start(python, port, installation.path());
    let program = serve_with(&installation, free_port(), ALLOWED);
    let id = brand_id(&program, &installation);
    let settings = json!({
        "server": "localhost", "port": port, "security": "unencrypted",
        "from_address": "pay@brand.example",
    });
    let path = format!("/api/v1/brands/{id}/smtp/test");
    let body = json!({"settings": settings, "to": "me@example.com", "language": "es"});
    let answer = api(&program, &installation, "POST", &path, &body);
    assert_eq!(answer["sent"], true, "{answer}");
    let mail = server.mail(python);
    assert_eq!(
        (&mail["from"], &mail["rcpt"]),
        (&json!("pay@brand.example"), &json!("me@example.com"))
    );
    assert!(
        mail["subject"].as_str().is_some_and(|it| it.starts_with("Correo de prueba")),
        "{mail}"
    );
    program.stop();
}
