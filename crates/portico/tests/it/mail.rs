//! Mails through a real SMTP server to a real reader of mails.
//!
//! Both are Python's: Debian's package `python3-aiosmtpd`, and the library's own parser.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use portico_core::FixedClock;
use serde_json::{Value, json};

use crate::page;
use crate::program::{Installation, Program, Reply, free_port, printed, wait_for};

/// Prints what a mail reader makes of a file.
const READER: &str = "
import email, email.policy, json, sys
mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
sender = mail['from'].addresses[0]
print(json.dumps({
    'kind': mail.get_content_type(),
    'from': sender.addr_spec, 'from_name': sender.display_name,
    'to': [it.addr_spec for it in mail['to'].addresses],
    'rcpt': mail['x-rcptto'], 'sender': mail['x-mailfrom'],
    'subject': mail['subject'], 'id': mail['message-id'], 'date': mail['date'],
    'parts': [part.get_content_type() for part in mail.iter_parts()],
    'files': [[part.get_filename(), part.get_content()[:5].decode()]
              for part in mail.iter_attachments()],
    'text': mail.get_body(('plain',)).get_content(),
    'html': mail.get_body(('html',)).get_content(),
}))
";

/// A Python that has the server; Debian's own where another one comes first.
pub fn python() -> Option<&'static str> {
    let found = ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let tried =
            Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        eprintln!("skipped: there is no SMTP server; install python3-aiosmtpd");
    }
    found
}

/// An SMTP server and its mailbox. It is killed when this goes.
pub struct Server {
    child: Child,
    mailbox: PathBuf,
}

impl Server {
    pub fn start(python: &str, port: u16, folder: &Path) -> Self {
        let mailbox = folder.join("mailbox");
        let child = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&mailbox)
            .spawn()
            .expect("the server");
        wait_for("the SMTP server", || TcpStream::connect(("127.0.0.1", port)).ok());
        Self { child, mailbox }
    }

    pub fn files(&self) -> Vec<PathBuf> {
        let Ok(found) = std::fs::read_dir(self.mailbox.join("new")) else { return Vec::new() };
        found.map(|entry| entry.expect("a file").path()).collect()
    }

    /// The one mail that comes.
    pub fn mail(&self, python: &str) -> Value {
        wait_for("a mail", || (!self.files().is_empty()).then_some(()));
        // Whoever sends a mail twice does it at the next look into the outbox.
        std::thread::sleep(Duration::from_millis(1_500));
        let files = self.files();
        assert_eq!(files.len(), 1);
        let read = Command::new(python).args(["-c", READER]).arg(&files[0]).output().expect("it");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        serde_json::from_slice(&read.stdout).expect("JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ignored = self.child.kill();
        let _ignored = self.child.wait();
    }
}

fn serve(installation: &Installation, smtp: u16) -> Program {
    serve_with(installation, smtp, "")
}

pub fn serve_with(installation: &Installation, smtp: u16, more: &str) -> Program {
    let program = installation.serve(&format!(
        "[mail]\nsmtp_url = \"smtp://127.0.0.1:{smtp}\"\nfrom = \"billing@acme.example\"\n{more}"
    ));
    let call = |path: &str, body: Value| {
        let made = program.panel_call("POST", path).key(installation).json(&body).send();
        assert!(made.status < 300, "{}", made.text);
    };
    call("/api/v1/customers", json!({"external_id": "c-1", "name": "Zoë's Büro"}));
    let contact = json!({
        "external_id": "p-1", "customer_id": "c-1", "name": "Zoë", "email": "zoe@example.com",
    });
    call("/api/v1/contacts", contact);
    program
}

/// Sends the form of a page; with the headers that a forger would send.
pub fn submit(program: &Program, shown: &Reply, path: &str, fields: &[(&str, &str)]) -> Reply {
    let token = page::form_token(&shown.text);
    let fields = [fields, &[("csrf", token.as_str())]].concat();
    program
        .portal_call("localhost", "POST", path)
        .header("cookie", &shown.cookie())
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .form(&fields)
        .send()
}

pub fn ask_for_link(program: &Program) {
    let shown = program.portal_call("localhost", "GET", "/sign-in").send();
    let sent = submit(program, &shown, "/sign-in/link", &[("email", "zoe@example.com")]);
    assert!(sent.status < 400, "{}", sent.text);
}

/// Follows the link as a person does, who reads the page and presses the button.
fn enter(program: &Program, link: &str) {
    let path = &link[link.find("/sign-in").expect("a path")..];
    let shown = program.portal_call("localhost", "GET", path).send();
    assert_eq!((shown.status, shown.session_cookie()), (200, None));
    let secret = path.split_once("token=").expect("a token").1;
    let entered = submit(program, &shown, "/sign-in/link/enter", &[("token", secret)]);
    assert_eq!(entered.status, 303, "{}", entered.text);
    let home = program.portal_call("localhost", "GET", "/").header("cookie", &entered.cookie());
    let home = home.send();
    assert_eq!(home.status, 200);
    assert!(home.text.contains("Büro"), "{}", home.text);
}

#[test]
fn a_mailed_link_arrives_once_and_signs_in() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let port = free_port();
    let server = Server::start(python, port, installation.path());
    let program = serve(&installation, port);
    ask_for_link(&program);
    let mail = server.mail(python);
    assert_eq!(mail["kind"], "multipart/alternative");
    assert_eq!(mail["parts"], json!(["text/plain", "text/html"]));
    assert_eq!(mail["from"], "billing@acme.example");
    assert_eq!(mail["from_name"], "Acme & Söhne");
    assert_eq!(mail["sender"], "billing@acme.example");
    assert_eq!(
        (&mail["to"], &mail["rcpt"]),
        (&json!(["zoe@example.com"]), &json!("zoe@example.com"))
    );
    assert!(mail["date"].is_string(), "{mail}");
    let text = |key: &str| mail[key].as_str().expect("a text");
    assert!(text("id").ends_with("@acme.example>"), "{mail}");
    assert!(text("subject").contains("Acme & Söhne"), "{mail}");
    let own = format!("http://localhost:{}/sign-in/link?token=", program.portal);
    let link = page::link_in(text("text"), &own).expect("a link in the text");
    assert!(page::links(text("html")).contains(&link), "{mail}");
    assert!(!format!("{mail}").contains("evil.example"), "ten_01: {mail}");
    enter(&program, &link);
    program.stop();
}

#[expect(clippy::disallowed_methods, reason = "receipts are of payments of these days")]
#[test]
fn a_receipt_arrives_with_its_file() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let port = free_port();
    let server = Server::start(python, port, installation.path());
    let program = serve(&installation, port);
    let call = |method: &str, path: &str, body: Value| {
        let answer = program.panel_call(method, path).key(&installation).json(&body).send();
        assert!(answer.status < 300, "{}", answer.text);
    };
    let brands = program.panel_call("GET", "/api/v1/brands").key(&installation).send().json();
    let brand = brands["data"][0]["id"].as_str().expect("a brand").to_owned();
    let wish = json!({"paying": {"receipts": "all"}});
    call("PATCH", &format!("/api/v1/brands/{brand}"), wish);
    let payment = json!({
        "external_id": "pay-1", "customer_id": "c-1", "status": "succeeded", "method": "card",
        "amount_minor": 12_100, "currency": "EUR", "paid_at": Timestamp::now().to_string(),
        "reference": "R-1",
    });
    call("POST", "/api/v1/payments", payment);
    let mail = server.mail(python);
    assert_eq!(mail["kind"], "multipart/mixed");
    assert_eq!(mail["parts"], json!(["multipart/alternative", "application/pdf"]));
    assert_eq!(mail["files"], json!([["receipt-R-1.pdf", "%PDF-"]]));
    let text = |key: &str| mail[key].as_str().expect("a text");
    assert!(text("subject").contains("€121.00"), "{mail}");
    let own = format!("http://localhost:{}/payments/pay_", program.portal);
    let link = page::link_in(text("text"), &own).expect("a link in the text");
    assert!(page::links(text("html")).contains(&link), "{mail}");
    program.stop();
}

/// A server that repeats whom a mail is for, and a line of it, when it refuses the mail.
fn rude_server(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        let mut lines = BufReader::new(stream.try_clone().expect("a copy")).lines();
        let say = |text: &str| (&stream).write_all(format!("{text}\r\n").as_bytes());
        let mut told = say("220 rude");
        while told.is_ok() {
            let Some(Ok(line)) = lines.next() else { break };
            told = if line.starts_with("RCPT") {
                say("550 5.1.1 <zoe@example.com>: no such Zoë (canary chatter)")
            } else {
                say("250 fine")
            };
        }
    }
}

/// All that the outbox says of its mails.
fn outbox(installation: &Installation) -> String {
    const READER: &str = "
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute('SELECT kind, attempts, last_error FROM outbox'):
    print(row)
";
    let data = installation.path().join("data/portico.sqlite");
    let read = Command::new("python3").args(["-c", READER]).arg(data).output().expect("python");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("a text")
}

#[test]
fn prv_02_what_a_server_says_of_people_is_neither_logged_nor_kept() {
    let installation = Installation::new("localhost");
    let listener = TcpListener::bind(("127.0.0.1", free_port())).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || rude_server(&listener));
    let program = serve_with(&installation, port, "[log]\nlevel = \"trace\"\n");
    ask_for_link(&program);
    wait_for("the first try", || program.log().contains("mail could not be sent").then_some(()));
    let log = program.log();
    program.stop();
    let kept = outbox(&installation);
    for text in [&log, &kept] {
        assert!(text.contains("the server refuses the mail (550)"), "{text}");
        for canary in ["zoe@example.com", "Zoë", "canary"] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}

#[test]
fn a_server_of_mail_that_allows_plain_text_is_refused_at_the_start() {
    let installation = Installation::new("localhost");
    let url = "smtp://acme:canary@mail.example:587?tls=opportunistic";
    installation.write("portico.toml", &format!("[mail]\nsmtp_url = \"{url}\"\n"));
    let output = installation.run(&["serve"]);
    let told = printed(&output);
    assert!(!output.status.success(), "{told}");
    assert!(told.contains("smtps://") && told.contains("STARTTLS"), "{told}");
    assert!(!told.contains("canary"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_cannot_be_sent_yet_is_kept_and_sent_later() {
    let Some(python) = python() else { return };
    let installation = Installation::new("localhost");
    let port = free_port();
    let program = serve(&installation, port);
    ask_for_link(&program);
    wait_for("the first try", || program.log().contains("mail could not be sent").then_some(()));
    program.stop();
    let server = Server::start(python, port, installation.path());
    let program = serve(&installation, port);
    // Nobody wants to wait a minute for the second try: take the mail, as if its time had come, and
    // give it back as one that failed long ago.
    let clock = Arc::new(FixedClock::at("2100-01-01T00:00:00Z".parse::<Timestamp>().expect("it")));
    let core = installation.core(&clock).await;
    let kept = core.claim_mails(10).await.expect("mails");
    assert_eq!(kept.len(), 1, "the mail is lost");
    clock.set(Timestamp::UNIX_EPOCH);
    core.mail_failed(&kept[0], "not yet").await.expect("given back");
    let mail = server.mail(python);
    let text = mail["text"].as_str().expect("a text");
    let link = page::link_in(text, "http://localhost:").expect("a link");
    assert_eq!(mail["id"], format!("<{}@acme.example>", kept[0].id));
    enter(&program, &link);
    program.stop();
}
