//! Sections about domains of brands and their certificates.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use portico_billing::{brand, domain};
use serde::{Deserialize, Serialize};

/// `[tls]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Where to listen; empty for nowhere.
    pub addr: String,
    /// Seconds for a handshake.
    pub handshake_timeout_seconds: u64,
    /// Seconds that a connection may be idle.
    pub idle_timeout_seconds: u64,
}

impl Default for Tls {
    fn default() -> Self {
        Self { addr: String::new(), handshake_timeout_seconds: 10, idle_timeout_seconds: 60 }
    }
}

impl Tls {
    /// Where to listen, if anywhere.
    pub fn listens_at(&self) -> anyhow::Result<Option<SocketAddr>> {
        if self.addr.is_empty() {
            return Ok(None);
        }
        self.addr.parse().map(Some).context("tls.addr must be an address with a port")
    }
}

/// `[domains]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domains {
    /// What CNAMEs lead to; empty where domains are not proven.
    pub cname_target: String,
    /// Server that is asked; empty for the system's.
    pub resolver: String,
}

impl Domains {
    /// The server that is asked, unless it is the system's.
    pub fn resolver(&self) -> anyhow::Result<Option<SocketAddr>> {
        if self.resolver.is_empty() {
            return Ok(None);
        }
        self.resolver.parse().map(Some).context("domains.resolver must be an address with a port")
    }

    pub(super) fn check(&self) -> anyhow::Result<()> {
        let target = self.cname_target.as_str();
        let is_name = brand::host(target).is_some_and(|host| host == target);
        anyhow::ensure!(
            target.is_empty() || is_name && domain::is_public_name(target),
            "domains.cname_target must be a name in lower case, such as portal.example.com"
        );
        self.resolver().map(drop)
    }
}

/// `[acme]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Acme {
    /// Directory of the certificate authority; empty where no certificates are ordered.
    pub directory_url: String,
    /// E-mail address that the authority may write to.
    pub contact: String,
    /// File with the certificate of the authority that the directory itself is proven by.
    pub root_certificates: PathBuf,
}

impl Default for Acme {
    fn default() -> Self {
        Self {
            directory_url: "https://acme-v02.api.letsencrypt.org/directory".to_owned(),
            contact: String::new(),
            root_certificates: PathBuf::new(),
        }
    }
}

impl Acme {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.directory_url.is_empty() || self.directory_url.starts_with("https://"),
            "acme.directory_url must begin with https://"
        );
        Ok(())
    }
}
