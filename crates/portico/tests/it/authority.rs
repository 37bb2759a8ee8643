//! Requests that no browser sends, as bytes to the real program: whatever they say of where they
//! go, it is one portal's host, or nobody's.

use std::io::{Read as _, Write as _};

use crate::program::{Installation, Program, connect};

/// What the program answers to these bytes, until it closes the connection.
fn answer(program: &Program, head: &str) -> String {
    let mut stream = connect(program.portal);
    // It may have refused and closed before the last line.
    let _sent = stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes());
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{head:?} is waited for");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn ten_01_a_request_names_one_host_or_is_refused() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    let get = "GET /sign-in HTTP/1.1\r\n";
    for (head, expected) in [
        (format!("{get}host: localhost\r\n"), ["200", "200"]),
        (format!("{get}Host: LOCALHOST\r\n"), ["200", "200"]),
        (format!("{get}host: localhost.:9080\r\n"), ["200", "200"]),
        (format!("{get}host: localhost:1\r\nx-forwarded-host: evil.example\r\n"), ["200", "200"]),
        (format!("{get}host: localhost\r\nforwarded: host=evil.example\r\n"), ["200", "200"]),
        // Two of them, in either order, or twice the same.
        (format!("{get}host: localhost\r\nhost: evil.example\r\n"), ["400", "400"]),
        (format!("{get}host: evil.example\r\nhost: localhost\r\n"), ["400", "400"]),
        (format!("{get}host: localhost\r\nhost: localhost\r\n"), ["400", "400"]),
        (format!("{get}host: localhost\r\nHost: evil.example\r\n"), ["400", "400"]),
        (format!("{get}host: localhost, evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: localhost evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: evil.example@localhost\r\n"), ["400", "421"]),
        (format!("{get}host: localhost@evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: localhost#@evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: localhost/..//evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: localhost:evil\r\n"), ["400", "421"]),
        (format!("{get}host: localhost:99999\r\n"), ["400", "421"]),
        (format!("{get}host: localhost\u{0}.evil.example\r\n"), ["400", "421"]),
        (format!("{get}host: locälhost\r\n"), ["400", "421"]),
        (format!("{get}host: ｌocalhost\r\n"), ["400", "421"]),
        (format!("{get}host: localhost..\r\n"), ["400", "421"]),
        (format!("{get}host: .localhost\r\n"), ["400", "421"]),
        (format!("{get}host: [::1]\r\n"), ["400", "421"]),
        (format!("{get}host: [::1]localhost\r\n"), ["400", "421"]),
        (format!("{get}host:\r\n"), ["400", "421"]),
        (format!("{get}host : localhost\r\n"), ["400", "421"]),
        (format!("{get}host: evil.example\r\n localhost\r\n"), ["400", "421"]),
        (get.to_owned(), ["400", "400"]),
        ("GET /sign-in HTTP/1.0\r\n".to_owned(), ["400", "400"]),
    ] {
        let answer = answer(&program, &head);
        let status = status(&answer);
        assert!(expected.contains(&status), "{head:?}: {answer}");
        assert_eq!(answer.contains("Acme"), status == "200", "{head:?}: {answer}");
        assert!(status != "200" || !answer.contains("evil"), "{head:?}: {answer}");
    }
}

#[test]
fn ten_01_an_absolute_target_decides_over_the_host() {
    let installation = Installation::new("localhost");
    let program = installation.serve("");
    for (target, host, expected) in [
        ("http://localhost/sign-in", "localhost", "200"),
        ("http://localhost/sign-in", "evil.example", "200"),
        ("https://localhost:443/sign-in", "localhost", "200"),
        ("HTTP://LOCALHOST./sign-in", "localhost", "200"),
        ("http://evil.example/sign-in", "localhost", "421"),
        ("http://evil.example@localhost/sign-in", "localhost", "400"),
        ("http://localhost@evil.example/sign-in", "localhost", "400"),
        ("http://localhost.evil.example/sign-in", "localhost", "421"),
        ("http://localhost\\@evil.example/sign-in", "localhost", "400"),
        ("//evil.example/sign-in", "localhost", "404"),
        ("http:///sign-in", "localhost", "400"),
    ] {
        let answer = answer(&program, &format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n"));
        assert_eq!(status(&answer), expected, "{target} at {host}: {answer}");
        let is_own = expected == "200";
        assert!(!is_own || answer.contains("Acme"), "{target} at {host}: {answer}");
        assert!(!is_own || !answer.contains("evil"), "{target} at {host}: {answer}");
    }
}
