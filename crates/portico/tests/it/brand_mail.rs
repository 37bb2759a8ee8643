//! A brand's own mail server, beside the installation's: real servers receive the mails.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use portico_billing::account::CustomerKind;
use portico_billing::permission::OperatorRole;
use portico_core::mail::{MailContent, MailRoute};
use portico_core::{FixedClock, NewOperator};
use portico_core_api::{CoreApi as _, NewSignUp, Origin};
use serde_json::{Value, json};

use crate::mail::{Server, ask_for_link, python, serve_with};
use crate::program::{Installation, Program, free_port, wait_for};

pub const ALLOWED: &str = "allowed_networks = [\"127.0.0.0/8\"]\n";

pub fn api(
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

pub fn brand_id(program: &Program, installation: &Installation) -> String {
    let reply = program.panel_call("GET", "/api/v1/brands").key(installation).send();
    let brands: Value = serde_json::from_str(&reply.text).expect("JSON");
    brands["data"][0]["id"].as_str().expect("a brand").to_owned()
}

/// Gives the first brand a server of its own on this machine.
pub fn own_server(program: &Program, installation: &Installation, port: u16) -> String {
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
fn the_shipped_words_of_a_mail_are_shown_with_the_brands_texts() {
    let installation = Installation::new("localhost");
    let program = serve_with(&installation, free_port(), "");
    let id = brand_id(&program, &installation);
    let text = json!({"text": "Howdy { $name }!"});
    let path = format!("/api/v1/brands/{id}/texts/en/mail-greeting");
    api(&program, &installation, "PUT", &path, &text);
    let path = format!("/api/v1/brands/{id}/mail-templates");
    let shown = program.panel_call("GET", &path).key(&installation).send().json();
    let all = shown["data"].as_array().expect("mails");
    for (language, greeting) in [("en", "Howdy {{name}}!\n"), ("es", "Hola")] {
        let mail = all.iter().find(|it| it["kind"] == "sign-in-link" && it["language"] == language);
        let body = mail.expect("a mail")["wording"]["body"].as_str().expect("a text");
        assert!(body.starts_with(greeting), "{body}");
    }
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

/// How a server ends that got a whole mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It says nothing more.
    Hangs,
    /// It closes the connection.
    Dies,
    /// It says that it took the mail.
    Answers,
}

/// Serves so many mails, each to its end, and then is gone; what it got is reported.
fn serve_mails(listener: TcpListener, ends: Vec<End>) -> mpsc::Receiver<String> {
    let (got, mails) = mpsc::channel();
    std::thread::spawn(move || {
        // Kept open: who hangs does not hang up.
        let mut open = Vec::new();
        for end in ends {
            let (stream, _) = listener.accept().expect("a connection");
            let _whole = serve_mail(&stream, end, &got);
            open.extend((end == End::Hangs).then_some(stream));
        }
        drop(listener);
        std::thread::sleep(Duration::from_secs(60));
    });
    mails
}

fn serve_mail(mut stream: &TcpStream, end: End, got: &mpsc::Sender<String>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let mut said = "220 hello";
    loop {
        stream.write_all(format!("{said}\r\n").as_bytes()).ok()?;
        if said.starts_with("354") {
            let text: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            got.send(text.join("\n")).ok()?;
            if end != End::Answers {
                return None;
            }
            return stream.write_all(b"250 taken\r\n").ok();
        }
        said = if lines.next()?.starts_with("DATA") { "354 go on" } else { "250 fine" };
    }
}

/// Longest wait for a mail.
const PATIENCE: Duration = Duration::from_secs(30);

fn message_id(mail: &str) -> &str {
    mail.lines().find(|line| line.starts_with("Message-ID:")).expect("an identifier")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_may_have_been_taken_is_never_given_to_another_server() {
    let Some(python) = python() else { return };
    for end in [End::Hangs, End::Dies] {
        let installation = Installation::new("localhost");
        let (general, own) = (free_port(), free_port());
        let other = Server::start(python, general, installation.path());
        let listener = TcpListener::bind(("127.0.0.1", own)).expect("a port");
        let first = serve_mails(listener, vec![end]);
        let more = format!("{ALLOWED}answer_timeout_seconds = 1\n");
        let program = serve_with(&installation, general, &more);
        own_server(&program, &installation, own);
        ask_for_link(&program);
        let sent = first.recv_timeout(PATIENCE).expect("a mail");
        let doubt = "a mail server does not say what it took";
        wait_for("the doubt", || program.log().contains(doubt).then_some(()));
        program.stop();
        // Its server is gone at the second try, and there again at the third.
        let clock = Arc::new(FixedClock::at(later()));
        take_and_give_back(&installation, &clock).await;
        let program = program_again(&installation);
        wait_for("a try in vain", || {
            program.log().contains("mail could not be sent").then_some(())
        });
        program.stop();
        take_and_give_back(&installation, &clock).await;
        let listener = TcpListener::bind(("127.0.0.1", own)).expect("a port");
        let again = serve_mails(listener, vec![End::Answers]);
        let program = program_again(&installation);
        let again = again.recv_timeout(PATIENCE).expect("the mail again");
        assert_eq!(message_id(&again), message_id(&sent));
        program.stop();
        assert!(other.files().is_empty(), "the installation's server got it as well");
    }
}

/// Nobody wants to wait for the next try: takes the mail, as if its time had come, and gives it
/// back as one that failed long ago.
async fn take_and_give_back(installation: &Installation, clock: &Arc<FixedClock>) {
    clock.set(later());
    let core = installation.core(clock).await;
    let kept = core.claim_mails(10).await.expect("mails");
    assert_eq!(kept.len(), 1, "the mail is lost");
    assert_eq!(kept[0].bound_to, Some(MailRoute::Brand));
    clock.set(Timestamp::UNIX_EPOCH);
    core.mail_failed(&kept[0], "not yet").await.expect("given back");
}

fn later() -> Timestamp {
    "2100-01-01T00:00:00Z".parse().expect("a time")
}

/// The program with the configuration that is there.
fn program_again(installation: &Installation) -> Program {
    Program::start(installation.path(), &["serve"])
}

#[test]
fn a_server_that_puts_mails_off_is_passed_over() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let (general, own) = (free_port(), free_port());
    let other = Server::start(python, general, installation.path());
    let busy = TcpListener::bind(("127.0.0.1", own)).expect("a port");
    std::thread::spawn(move || {
        for mut stream in busy.incoming().flatten() {
            let _gone = stream.write_all(b"421 busy\r\n");
        }
    });
    let program = serve_with(&installation, general, ALLOWED);
    own_server(&program, &installation, own);
    ask_for_link(&program);
    let mail = other.mail(python);
    // The same identifier as by the brand's own server.
    assert!(mail["id"].as_str().is_some_and(|id| id.ends_with("@brand.example>")), "{mail}");
    program.stop();
}

/// Signs somebody up while the program is not there, up to where the staff is to be told.
async fn sign_up_that_waits(installation: &Installation, brand: &str) {
    let past = "2020-01-01T00:00:00Z".parse::<Timestamp>().expect("a time");
    let core = installation.core(&Arc::new(FixedClock::at(past))).await;
    let organisation = core.organisations().await.expect("organisations")[0].id;
    let (email, name) = ("boss@acme.example".parse().expect("an address"), "Bo".to_owned());
    let boss = NewOperator { email, name, role: OperatorRole::Owner, password: None };
    core.create_operator(organisation, boss).await.expect("an operator");
    let new = NewSignUp {
        kind: CustomerKind::Customer,
        company: "Northwind".to_owned(),
        name: "Ana".to_owned(),
        email: "ana@northwind.example".to_owned(),
        country: "ES".to_owned(),
        currency: String::new(),
        language: "en".parse().expect("a language"),
        guest: None,
    };
    let origin = Origin { address: [192, 0, 2, 1].into(), user_agent: None };
    let brand = brand.parse().expect("an identifier");
    core.sign_up(brand, new, origin.clone()).await.expect("taken");
    let mail = core.claim_mails(1).await.expect("mails").remove(0);
    core.mail_done(&mail).await.expect("done");
    let MailContent::SignUpConfirm { url, .. } = mail.message.content else { panic!("another") };
    let token = url.split_once("token=").expect("a token").1;
    core.confirm_sign_up(brand, token, "tr4verse-mill-lantern", origin).await.expect("confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_hears_of_sign_ups_by_the_brands_server_where_there_is_no_other() {
    let Some(python) = python() else { return };
    for has_other in [false, true] {
        let installation = Installation::new("localhost");
        let (general, own) = (free_port(), free_port());
        let folder = tempfile::tempdir().expect("a folder");
        let ours = Server::start(python, own, folder.path());
        let theirs = Server::start(python, general, installation.path());
        let program = installation.serve(&format!("[mail]\n{ALLOWED}"));
        let id = own_server(&program, &installation, own);
        let wishes = json!({"sign_up": {"customers": true, "needs_approval": true}});
        api(&program, &installation, "PATCH", &format!("/api/v1/brands/{id}"), &wishes);
        program.stop();
        sign_up_that_waits(&installation, &id).await;
        let url = match has_other {
            true => {
                format!("smtp_url = \"smtp://127.0.0.1:{general}\"\nfrom = \"b@acme.example\"\n")
            }
            false => String::new(),
        };
        let program = installation.serve(&format!("[mail]\n{url}{ALLOWED}"));
        let (to, other) = if has_other { (&theirs, &ours) } else { (&ours, &theirs) };
        let mail = to.mail(python);
        assert_eq!(mail["rcpt"], "boss@acme.example");
        let text = mail["text"].as_str().expect("a text");
        assert!(text.contains("/approvals") && text.contains("Northwind"), "{text}");
        assert!(other.files().is_empty(), "it went by both");
        program.stop();
    }
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
