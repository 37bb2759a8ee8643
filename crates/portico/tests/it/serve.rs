//! `portico serve`, by the real binary: how it starts, listens, and stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use crate::page;
use crate::program::{Installation, Program, connect, printed, wait_for};

/// What comes until the other side closes the connection.
#[track_caller]
fn until_closed(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end as well; running out of patience is not.
    if let Err(error) = stream.read_to_end(&mut bytes) {
        let reset = error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(reset, "the connection stays open: {error}");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path of a new session link.
fn link(installation: &Installation, program: &Program) -> String {
    let customer = json!({"external_id": "c-1", "name": "Ana"});
    let call = program.panel_call("POST", "/api/v1/customers").key(installation);
    assert!(call.json(&customer).send().status < 300);
    let call = program.panel_call("POST", "/api/v1/portal-sessions").key(installation);
    let made = call.json(&json!({"customer_id": "c-1"})).send().json();
    let url = made["url"].as_str().expect("a link");
    url[url.find("/session/").expect("a path")..].to_owned()
}

#[test]
fn it_starts_with_no_configuration_and_again_on_the_same_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(folder.path(), &["serve"]);
    for path in ["/healthz", "/readyz", "/metrics", "/api/docs"] {
        assert_eq!(program.panel_call("GET", path).send().status, 200, "{path}");
    }
    program.stop();
    let key = folder.path().join("data/seal.key");
    let first = std::fs::read(&key).expect("a key");
    let mode = std::fs::metadata(&key).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "sup_06");
    let program = Program::start(folder.path(), &["serve"]);
    assert_eq!(std::fs::read(&key).expect("a key"), first);
    program.stop();
}

#[test]
fn sessions_outlive_a_restart() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    let link = link(&installation, &program);
    let entered = program.portal_call("localhost", "GET", &link).send();
    assert_eq!((entered.status, entered.location.as_str()), (303, "/"));
    program.stop();
    let program = installation.serve("");
    let call = program.portal_call("localhost", "GET", "/").header("cookie", &entered.cookie());
    assert_eq!(call.send().status, 200);
    let again = program.portal_call("localhost", "GET", &link).send();
    assert_eq!(again.status, 410, "ses_01: a link is used once, also over a restart");
}

#[test]
fn when_asked_to_stop_it_finishes_what_is_under_way() {
    let installation = Installation::new("localhost");
    let mut program = installation.serve("");
    let shown = program.portal_call("localhost", "GET", "/sign-in").send();
    let body = format!("email=a%40b.example&password=x&csrf={}", page::form_token(&shown.text));
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        shown.cookie(),
        body.len(),
    );
    let (begin, rest) = body.split_at(10);
    let mut slow = connect(program.portal);
    slow.write_all(format!("{head}{begin}").as_bytes()).expect("sent");
    let under_way = "portico_http_requests_under_way{site=\"portal\"} 1";
    wait_for("the request to be under way", || {
        let figures = program.panel_call("GET", "/metrics").send().text;
        figures.contains(under_way).then_some(())
    });
    program.terminate();
    wait_for("readiness to turn red", || {
        (program.panel_call("GET", "/readyz").send().status == 503).then_some(())
    });
    assert_eq!(program.panel_call("GET", "/healthz").send().status, 200);
    wait_for("new connections to be refused", || {
        TcpStream::connect(("127.0.0.1", program.portal)).is_err().then_some(())
    });
    slow.write_all(rest.as_bytes()).expect("sent");
    let answer = until_closed(&mut slow);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("</html>"), "the page is not whole: {answer}");
    assert!(program.wait().success(), "{}", program.log());
    assert!(program.log().contains("stopped"), "{}", program.log());
}

#[test]
fn connections_that_do_not_come_to_the_point_are_closed() {
    let installation = Installation::new("localhost");
    let program = installation.serve("[http]\nheader_timeout_seconds = 1\n");
    let mut half = connect(program.portal);
    half.write_all(b"GET /sign-in HTTP/1.1\r\nhost: loc").expect("sent");
    let mut silent = connect(program.portal);
    let mut idle = connect(program.portal);
    idle.write_all(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let mut dripping = connect(program.portal);
    dripping.write_all(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n").expect("sent");
    wait_for("the drip to be cut off", || {
        std::thread::sleep(Duration::from_millis(200));
        dripping.write_all(b"x-a: b\r\n").is_err().then_some(())
    });
    let answer = until_closed(&mut half);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(until_closed(&mut silent).is_empty());
    assert!(until_closed(&mut idle).starts_with("HTTP/1.1 200 "));
    assert_eq!(program.portal_call("localhost", "GET", "/sign-in").send().status, 200);
}

#[test]
fn bodies_that_are_too_large_or_too_slow_are_refused() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    let head = "POST /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: application/x-www-form-urlencoded\r\n";
    let mut slow = connect(program.portal);
    slow.write_all(format!("{head}content-length: 1000\r\n\r\nemail=").as_bytes()).expect("sent");
    let mut large = connect(program.portal);
    large.write_all(format!("{head}content-length: 9000000000\r\n\r\n").as_bytes()).expect("sent");
    let answer = until_closed(&mut large);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let mut chunked = connect(program.portal);
    chunked
        .write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes())
        .expect("sent");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..5 {
        // It may have answered and closed already.
        let _ignored = chunked.write_all(chunk.as_bytes());
    }
    let answer = until_closed(&mut chunked);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let mut record = connect(program.panel);
    let head = "POST /api/v1/customers HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: application/json\r\ncontent-length: 9000000000\r\n";
    write!(record, "{head}x-api-key: {}\r\n\r\n", installation.key).expect("sent");
    let answer = until_closed(&mut record);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let answer = until_closed(&mut slow);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn plain_http_holds_sessions_on_this_machine_alone() {
    let installation = Installation::new("pay.example");
    let program = installation.serve("");
    let forwarded = |program: &Program, path: &str| {
        let call = program.portal_call("pay.example", "GET", path);
        call.header("x-forwarded-proto", "https").send()
    };
    let path = link(&installation, &program);
    let plain = program.portal_call("pay.example", "GET", &path).send();
    assert_eq!((plain.status, plain.cookies), (403, Vec::new()));
    let believed = forwarded(&program, &path);
    assert_eq!((believed.status, believed.cookies), (403, Vec::new()), "a stranger is believed");
    program.stop();

    let program = installation.serve("[http]\ntrusted_proxies = [\"127.0.0.0/8\"]\n");
    let entered = forwarded(&program, &path);
    let cookie = entered.session_cookie().expect("a session").to_owned();
    assert_eq!(entered.status, 303, "{}", entered.text);
    assert!(cookie.starts_with("__Host-portico="), "{cookie}");
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let path = link(&installation, &program);
    let plain = program.portal_call("pay.example", "GET", &path).send();
    assert_eq!((plain.status, plain.cookies), (403, Vec::new()));
}

#[test]
fn unknown_hosts_get_no_brand() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    for host in ["evil.example", "127.0.0.1", "localhost.evil.example", "www.localhost"] {
        let answer = program.portal_call(host, "GET", "/sign-in").send();
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.text.contains("Acme"), "{host} names the brand");
    }
    let mut stream = connect(program.portal);
    stream
        .write_all(
            b"GET http://evil.example/sign-in HTTP/1.1\r\nhost: localhost\r\n\
                     connection: close\r\n\r\n",
        )
        .expect("sent");
    let answer = until_closed(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    let mut stream = connect(program.portal);
    stream.write_all(b"GET /sign-in HTTP/1.1\r\nconnection: close\r\n\r\n").expect("sent");
    let answer = until_closed(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

/// Whoever invites somebody hands the link over where no mail does.
#[test]
fn an_invitation_says_whether_it_is_mailed() {
    let installation = Installation::new("localhost");
    let organisation = installation.organisation.to_string();
    let invite = |email: &str| {
        let args = ["operator", "invite", "--organisation", &organisation, "--email", email];
        let output = installation.run(&args);
        let text = printed(&output);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("/invitation/"), "the link is printed: {text}");
        text
    };
    let text = invite("eva@acme.example");
    assert!(text.contains("it is not mailed") && text.contains("mail.smtp_url"), "{text}");
    installation.write("portico.toml", "[mail]\nsmtp_url = \"smtp://127.0.0.1:25\"\n");
    let text = invite("ben@acme.example");
    assert!(text.contains("is mailed as well") && !text.contains("not mailed"), "{text}");
}
