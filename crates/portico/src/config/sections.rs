//! The sections of the configuration; `portico.default.toml` says what each key means.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use portico_core::mail::MailBudget;
use serde::{Deserialize, Serialize};

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Empty for SQLite in the data folder.
    pub url: String,
    /// Connections at most.
    pub connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: String::new(), connections: 16 }
    }
}

/// `[portal]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Portal {
    /// Where to listen.
    pub addr: SocketAddr,
    /// Scheme of links to hosts that are not this machine.
    pub public_scheme: String,
    /// Port of such links; 0 for the scheme's own.
    pub public_port: u16,
}

impl Default for Portal {
    fn default() -> Self {
        Self { addr: local(9080), public_scheme: "https".to_owned(), public_port: 0 }
    }
}

/// `[panel]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Panel {
    /// Where to listen.
    pub addr: SocketAddr,
    /// How people reach it; empty for `http://localhost` with the port that it listens on.
    pub public_url: String,
    /// Requests that one API key may send a second.
    pub requests_per_second: NonZeroU32,
}

impl Default for Panel {
    fn default() -> Self {
        Self {
            addr: local(9090),
            public_url: String::new(),
            requests_per_second: const { NonZeroU32::new(200).unwrap() },
        }
    }
}

impl Panel {
    /// What links to the control panel begin with, without a slash at the end.
    pub fn url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://localhost:{}", self.addr.port());
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// # Errors
    /// Where links cannot begin with the configured address.
    pub fn check(&self) -> anyhow::Result<()> {
        let fits = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let fine = self.public_url.is_empty() || url::Url::parse(&self.public_url).is_ok_and(fits);
        anyhow::ensure!(fine, "panel.public_url must be an address like https://panel.example.com");
        Ok(())
    }
}

/// `[http]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Seconds for the headers of a request.
    pub header_timeout_seconds: u64,
    /// Seconds to finish when stopping.
    pub shutdown_seconds: u64,
}

impl Default for Http {
    fn default() -> Self {
        Self { trusted_proxies: Vec::new(), header_timeout_seconds: 15, shutdown_seconds: 30 }
    }
}

/// `[mail]`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Server of outgoing mail; may hold a password.
    pub smtp_url: String,
    /// File with the same.
    pub smtp_url_file: String,
    /// Address that mail comes from.
    pub from: String,
    /// Networks beside the public internet in which brands' own servers may be.
    pub allowed_networks: Vec<IpNet>,
    /// Seconds that a server may take to say that it took a mail.
    pub answer_timeout_seconds: u64,
    /// Mails that people can ask one organisation for within an hour.
    pub requested_per_hour: u32,
}

impl Mail {
    /// How long a server may take to say that it took a mail.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        Duration::from_secs(self.answer_timeout_seconds)
    }

    /// How many mails people can ask one organisation for.
    #[must_use]
    pub fn budget(&self) -> MailBudget {
        MailBudget::new(self.requested_per_hour)
    }

    /// Checks what depends on other values.
    ///
    /// # Errors
    /// Where a mail could take longer than it is locked for, or where too few or too many could be
    /// asked for.
    pub fn check(&self) -> anyhow::Result<()> {
        let fine = (1..=60).contains(&self.answer_timeout_seconds);
        anyhow::ensure!(fine, "mail.answer_timeout_seconds must be from 1 to 60");
        let (least, most) = MailBudget::RANGE.into_inner();
        let fine = (least..=most).contains(&self.requested_per_hour);
        anyhow::ensure!(fine, "mail.requested_per_hour must be from {least} to {most}");
        Ok(())
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_url: String::new(),
            smtp_url_file: String::new(),
            from: "billing@localhost".to_owned(),
            allowed_networks: Vec::new(),
            answer_timeout_seconds: 60,
            requested_per_hour: MailBudget::default().per_hour(),
        }
    }
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

/// `[templates]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Templates {
    /// Folder with a folder for each brand that replaces templates; empty: none does.
    pub dir: PathBuf,
    /// Whether the Management API may change them.
    pub edit_by_api: bool,
}

/// `[gateways]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateways {
    /// Networks beside the public internet in which payment providers may be.
    pub networks: Vec<IpNet>,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Form of the lines.
    pub format: LogFormat,
    /// What is written.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// Form of the log's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[security]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Security {
    /// Key of secrets at rest; empty for `seal.key` in the data folder.
    pub seal_key_file: PathBuf,
}

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
