//! A brand's own mail server: how it is reached, and as whom it is written from.

use serde::{Deserialize, Serialize};

/// How mail is kept from being read on its way to the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// TLS from the start (RFC 8314); port 465 as a rule.
    Tls,
    /// STARTTLS, without which nothing is sent; port 587 as a rule.
    #[default]
    Starttls,
    /// Nothing: for a server on this machine that wants no password.
    Unencrypted,
}

impl SmtpSecurity {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Starttls, Self::Tls, Self::Unencrypted];

    /// Its word in data and texts: `starttls`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Starttls => "starttls",
            Self::Unencrypted => "unencrypted",
        }
    }

    /// The port where none is named.
    #[must_use]
    pub const fn usual_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::Unencrypted => 25,
        }
    }
}

/// Whether a host can be this machine alone, by its name.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || host.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_data() {
        for security in SmtpSecurity::ALL {
            let word = serde_json::to_value(security).expect("a word");
            assert_eq!(word, security.word());
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.example", "127.0.0.1.example", "10.0.0.1", "", "[::2]"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
