//! The installation's server of outgoing mail, and how it is reached.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::way::{Endpoint, Way};

/// Said of an address that is none.
const NO_SERVER: &str = "mail.smtp_url is not a URL of an SMTP server";

/// Said of an address that would let mails, and the server's password, be read on the way.
const PLAIN_TEXT: &str = "mail.smtp_url must not allow plain text: take `?tls=opportunistic` off \
    the URL, so that STARTTLS is required, or use smtps://. Plain text is for a server on this \
    machine that wants no password (smtp://127.0.0.1:25)";

/// The server at this address. Only a server on this machine that wants no password is spoken to
/// in plain text; with all others TLS comes first, or no mail leaves.
///
/// Errors do not repeat the address: it may hold a password.
pub fn server(address: &str, patience: Duration) -> anyhow::Result<Way> {
    Ok(Way::new(endpoint(address, patience)?))
}

fn endpoint(address: &str, patience: Duration) -> anyhow::Result<Endpoint> {
    let url = secured(address)?;
    let host = url.host_str().context(NO_SERVER)?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let parameters = || TlsParameters::new(host.clone()).ok().context(NO_SERVER);
    let (usual_port, tls) = match (url.scheme(), wish(&url).as_deref()) {
        ("smtps", _) => (SUBMISSIONS_PORT, Tls::Wrapper(parameters()?)),
        ("smtp", None) => (SMTP_PORT, Tls::None),
        ("smtp", Some("required")) => (SUBMISSION_PORT, Tls::Required(parameters()?)),
        ("smtp", Some(_)) => (SUBMISSION_PORT, Tls::Opportunistic(parameters()?)),
        _ => anyhow::bail!(NO_SERVER),
    };
    let port = url.port().unwrap_or(usual_port);
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(String::from);
    let credentials = match url.password() {
        Some(password) => {
            let both = decoded(url.username()).and_then(|user| Ok((user, decoded(password)?)));
            let (username, password) = both.ok().context(NO_SERVER)?;
            Some(Credentials::new(username, password))
        }
        None => None,
    };
    Ok(Endpoint { host, port, tls, credentials, patience })
}

/// What an address says of TLS.
fn wish(url: &Url) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == "tls").map(|(_, wish)| wish.into_owned())
}

/// The address with what it leaves open decided.
fn secured(address: &str) -> anyhow::Result<Url> {
    let parsed = Url::parse(address).ok().filter(|url| url.host().is_some());
    let mut url = parsed.context(NO_SERVER)?;
    if url.scheme() != "smtp" {
        return Ok(url);
    }
    let secret = url.password().is_some() || !url.username().is_empty();
    let may_be_plain = is_this_machine(&url) && !secret;
    match wish(&url).as_deref() {
        None if may_be_plain => {}
        None => {
            url.query_pairs_mut().append_pair("tls", "required");
        }
        Some("opportunistic") if !may_be_plain => anyhow::bail!(PLAIN_TEXT),
        Some("opportunistic" | "required") => {}
        Some(_) => anyhow::bail!("in mail.smtp_url, tls is `required` or left out"),
    }
    Ok(url)
}

/// Of a scheme that is not of the web, a URL keeps addresses as names.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(address: &str) -> anyhow::Result<Option<String>> {
        Ok(wish(&secured(address)?))
    }

    fn server(address: &str) -> anyhow::Result<Endpoint> {
        endpoint(address, Duration::from_secs(1))
    }

    fn told(refused: anyhow::Result<Endpoint>) -> String {
        refused.map_or_else(|error| format!("{error:#}"), |_| panic!("it was taken"))
    }

    #[test]
    fn an_address_says_host_port_tls_and_who_signs_in() {
        for (address, host, port) in [
            ("smtp://127.0.0.1", "127.0.0.1", 25),
            ("smtp://[::1]:2525", "::1", 2_525),
            ("smtp://mail.example", "mail.example", 587),
            ("smtps://mail.example", "mail.example", 465),
        ] {
            let found = server(address).expect(address);
            assert_eq!((found.host.as_str(), found.port), (host, port), "{address}");
            assert!(found.credentials.is_none(), "{address}");
        }
        let signed_in = server("smtps://acme%40mail.example:p%25%2F%C3%B1@mail.example:1465");
        let signed_in = signed_in.expect("a server");
        assert!(matches!(signed_in.tls, Tls::Wrapper(_)));
        let wanted = Credentials::new("acme@mail.example".to_owned(), "p%/ñ".to_owned());
        assert_eq!((signed_in.port, signed_in.credentials), (1_465, Some(wanted)));
    }

    #[test]
    fn only_this_machine_without_a_password_is_spoken_to_in_plain_text() {
        for plain in ["smtp://127.0.0.1:2525", "smtp://localhost", "smtp://[::1]:25"] {
            assert_eq!(tls(plain).expect(plain), None, "{plain}");
        }
        let secured = [
            "smtp://mail.example",
            "smtp://10.0.0.1:25",
            "smtp://127.0.0.1.example",
            "smtp://user:secret@127.0.0.1:25",
            "smtp://user@localhost",
            "smtp://user:secret@mail.example:587",
            "smtp://user:secret@mail.example:587?tls=required",
        ];
        for address in secured {
            assert_eq!(tls(address).expect(address).as_deref(), Some("required"), "{address}");
            server(address).expect(address);
        }
        server("smtps://user:secret@mail.example").expect("TLS from the start");
        server("smtp://localhost?tls=opportunistic").expect("a relay on this machine");
    }

    #[test]
    fn an_address_that_allows_plain_text_is_refused_and_says_what_to_do() {
        let bad = [
            "smtp://user:secret@mail.example?tls=opportunistic",
            "smtp://user:secret@localhost?tls=opportunistic",
            "smtp://mail.example?tls=opportunistic",
        ];
        for address in bad {
            let told = told(server(address));
            assert!(told.contains("smtps://") && told.contains("STARTTLS"), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
        for address in ["", "mail.example", "http://mail.example", "smtp://h?tls=no", "smtp:"] {
            assert!(server(address).is_err(), "{address}");
        }
    }
}
