//! The settings of a mail server as they are typed, and what is wrong with them.

use std::fmt;

use portico_billing::smtp::{SmtpSecurity, is_this_machine};
use portico_billing::text::check_line;
use portico_billing::{EmailAddress, brand};

/// Most characters of a user name, a password, a name.
const LINE_MAX: usize = 200;

/// The settings of a mail server as they are typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SmtpInput {
    /// Its name or address.
    pub server: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// How the way to it is secured.
    pub security: SmtpSecurity,
    /// Who signs in to it; empty where it wants nobody to.
    pub username: String,
    /// With which password; empty to keep the one that is there.
    pub password: String,
    /// The address that mail comes from.
    pub from_address: String,
    /// The name before it; empty for the brand's.
    pub from_name: String,
    /// Whether the installation's server sends where this one cannot be reached.
    pub falls_back: bool,
}

impl fmt::Debug for SmtpInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpInput").field("port", &self.port).finish_non_exhaustive()
    }
}

/// What is wrong with a field of a brand's mail settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordedFault {
    /// The field.
    pub field: &'static str,
    /// The end of the key of its text, `smtp-fault-…`.
    pub word: &'static str,
    /// The same for software, in English.
    pub message: &'static str,
}

impl WordedFault {
    pub(crate) const fn new(
        field: &'static str,
        (word, message): (&'static str, &'static str),
    ) -> Self {
        Self { field, word, message }
    }
}

const REQUIRED: (&str, &str) = ("required", "must not be empty");
const HOST: (&str, &str) = ("host", "must be the name or the address of a server, without port");
const LINE: (&str, &str) = ("line", "must be one line of at most 200 characters");
const EMAIL: (&str, &str) = ("email", "must be an e-mail address");
const PLAIN: (&str, &str) =
    ("plain", "plain text is for a server on this machine that wants no password");
const NO_PASSWORD: (&str, &str) = ("password", "a user name needs a password");
pub(super) const PASSWORD_AGAIN: (&str, &str) =
    ("password-again", "must be given again where server, security or user name change");
pub(super) const PASSWORD_LOST: (&str, &str) =
    ("password-lost", "was sealed with another key and must be given again");

/// Settings that were checked, without the password.
pub(super) struct Checked {
    pub(super) server: String,
    pub(super) port: u16,
    pub(super) username: Option<String>,
    pub(super) from_address: EmailAddress,
    pub(super) from_name: Option<String>,
}

impl SmtpInput {
    /// Checks all fields but the password, which may be one that is kept.
    pub(super) fn check(&self) -> Result<Checked, Vec<WordedFault>> {
        let mut faults = Vec::new();
        let server = self.check_server(&mut faults);
        let username = line("username", &self.username, &mut faults);
        let from_name = line("from_name", &self.from_name, &mut faults);
        line("password", &self.password, &mut faults);
        if self.security == SmtpSecurity::Unencrypted && username.is_some() {
            faults.push(WordedFault::new("security", PLAIN));
        }
        let from_address = self.from_address.parse::<EmailAddress>();
        match from_address {
            Ok(from_address) if faults.is_empty() => Ok(Checked {
                server,
                port: if self.port == 0 { self.security.usual_port() } else { self.port },
                username,
                from_address,
                from_name,
            }),
            Ok(_) => Err(faults),
            Err(_) => {
                let empty = self.from_address.trim().is_empty();
                faults.push(WordedFault::new("from_address", if empty { REQUIRED } else { EMAIL }));
                Err(faults)
            }
        }
    }

    fn check_server(&self, faults: &mut Vec<WordedFault>) -> String {
        let typed = self.server.trim();
        if typed.is_empty() {
            faults.push(WordedFault::new("server", REQUIRED));
            return String::new();
        }
        let Some(host) = brand::host(typed) else {
            faults.push(WordedFault::new("server", HOST));
            return String::new();
        };
        if self.security == SmtpSecurity::Unencrypted && !is_this_machine(&host) {
            faults.push(WordedFault::new("security", PLAIN));
        }
        host
    }
}

/// One line; an empty one is none. What could end a header or a command is refused (INJ-08).
fn line(field: &'static str, text: &str, faults: &mut Vec<WordedFault>) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    if text.chars().count() > LINE_MAX || check_line(text).is_err() {
        faults.push(WordedFault::new(field, LINE));
    }
    Some(text.trim().to_owned())
}

/// The fault of a user name without a password.
pub(super) const fn without_password() -> WordedFault {
    WordedFault::new("password", NO_PASSWORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> SmtpInput {
        SmtpInput {
            server: "Mail.Acme.example".to_owned(),
            from_address: "billing@acme.example".to_owned(),
            ..SmtpInput::default()
        }
    }

    #[test]
    fn what_is_left_open_is_decided() {
        let checked = input().check().unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!((checked.server.as_str(), checked.port), ("mail.acme.example", 587));
        assert_eq!((checked.username, checked.from_name), (None, None));
    }

    #[test]
    fn inj_08_nothing_that_ends_a_line_is_taken() {
        let evil = "x\r\nRCPT TO:<all@example>";
        let forged = [
            ("server", SmtpInput { server: format!("mail.example{evil}"), ..input() }),
            ("server", SmtpInput { server: "mail.example:25".to_owned(), ..input() }),
            ("server", SmtpInput { server: "user@mail.example".to_owned(), ..input() }),
            ("server", SmtpInput { server: "/run/mail.sock".to_owned(), ..input() }),
            ("username", SmtpInput { username: evil.to_owned(), ..input() }),
            ("password", SmtpInput { password: evil.to_owned(), ..input() }),
            ("from_name", SmtpInput { from_name: evil.to_owned(), ..input() }),
            ("from_address", SmtpInput { from_address: format!("a@b.c{evil}"), ..input() }),
            ("from_address", SmtpInput { from_address: "a@b.c, d@e.f".to_owned(), ..input() }),
        ];
        for (field, input) in forged {
            let faults = input.check().err().unwrap_or_default();
            assert_eq!(faults.first().map(|fault| fault.field), Some(field), "{faults:?}");
        }
    }

    #[test]
    fn plain_text_stays_on_this_machine_and_holds_no_password() {
        let plain = SmtpInput { security: SmtpSecurity::Unencrypted, ..input() };
        let here = SmtpInput { server: "127.0.0.1".to_owned(), ..plain.clone() };
        assert!(here.check().is_ok_and(|checked| checked.port == 25));
        let secret = SmtpInput { username: "acme".to_owned(), ..here };
        for refused in [plain, secret] {
            let faults = refused.check().err().unwrap_or_default();
            assert_eq!(faults, [WordedFault::new("security", PLAIN)]);
        }
    }
}
