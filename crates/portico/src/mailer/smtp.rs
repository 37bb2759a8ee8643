//! The server of outgoing mail: how it is reached, and what may be told of its troubles.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context;
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use portico_core::mail::ProbeFault;
use url::{Host, Url};

/// A server's connection, made when the first mail leaves.
pub type Server = AsyncSmtpTransport<Tokio1Executor>;

/// How long one answer of the server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Said of an address that would let mails, and the server's password, be read on the way.
const PLAIN_TEXT: &str = "mail.smtp_url must not allow plain text: take `?tls=opportunistic` off \
    the URL, so that STARTTLS is required, or use smtps://. Plain text is for a server on this \
    machine that wants no password (smtp://127.0.0.1:25)";

/// The server at this address. Only a server on this machine that wants no password is spoken to
/// in plain text; with all others TLS comes first, or no mail leaves.
///
/// Errors do not repeat the address: it may hold a password.
pub fn server(address: &str) -> anyhow::Result<Server> {
    let url = secured(address)?;
    let builder = Server::from_url(url.as_str());
    let builder = builder.ok().context("mail.smtp_url is not a URL of an SMTP server")?;
    Ok(builder.timeout(Some(PATIENCE)).build())
}

/// The address with what it leaves open decided.
fn secured(address: &str) -> anyhow::Result<Url> {
    let parsed = Url::parse(address).ok().filter(|url| url.host().is_some());
    let mut url = parsed.context("mail.smtp_url is not a URL of an SMTP server")?;
    if url.scheme() != "smtp" {
        return Ok(url);
    }
    let secret = url.password().is_some() || !url.username().is_empty();
    let may_be_plain = is_this_machine(&url) && !secret;
    let wish = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, wish)| wish.into_owned());
    match wish.as_deref() {
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

/// What went wrong, in words of our own: what the server says is repeated to nobody, because it
/// may hold what it was told, and because it may be no mail server at all (INJ-06, PRV-02).
pub fn fault(error: &Error) -> ProbeFault {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        return match code {
            454 | 530 | 534 | 535 | 538 => ProbeFault::SignIn(code),
            _ if error.is_permanent() => ProbeFault::Refused(code),
            _ => ProbeFault::PutOff(code),
        };
    }
    if error.is_timeout() {
        return ProbeFault::TooSlow;
    }
    if error.is_tls() {
        return ProbeFault::NoTls;
    }
    if error.is_response() {
        return ProbeFault::NotSmtp;
    }
    if error.is_client() {
        let source = std::error::Error::source(error).map(ToString::to_string);
        let of_sign_in = source.is_some_and(|source| source.contains("authentication"));
        return if of_sign_in { ProbeFault::SignIn(504) } else { ProbeFault::NoTls };
    }
    ProbeFault::Unreachable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(address: &str) -> anyhow::Result<Option<String>> {
        let url = secured(address)?;
        let tls = url.query_pairs().find(|(key, _)| key == "tls");
        Ok(tls.map(|(_, wish)| wish.into_owned()))
    }

    // The connections are closed where they run.
    #[tokio::test]
    async fn only_this_machine_without_a_password_is_spoken_to_in_plain_text() {
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
            let told = format!("{:#}", server(address).expect_err(address));
            assert!(told.contains("smtps://") && told.contains("STARTTLS"), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
        for address in ["", "mail.example", "http://mail.example", "smtp://h?tls=no", "smtp:"] {
            assert!(server(address).is_err(), "{address}");
        }
    }
}
