//! `demo.json`: where the demonstration is found and how one signs in.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use portico_core::Core;
use serde::{Deserialize, Serialize};

/// What the demonstration tells about itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sheet {
    portal_url: String,
    panel_url: String,
    organisations: Vec<OrganisationEntry>,
}

/// One organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrganisationEntry {
    pub id: String,
    pub name: String,
    pub api_key: String,
    pub treli_user: String,
    pub treli_password: String,
    pub operators: Vec<OperatorEntry>,
    pub brands: Vec<BrandEntry>,
}

/// Somebody who can sign in to the control panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OperatorEntry {
    pub email: String,
    pub password: String,
    pub role: String,
}

/// One brand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BrandEntry {
    pub name: String,
    pub url: String,
    pub return_url: String,
    pub contacts: Vec<ContactEntry>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContactEntry {
    pub email: String,
    pub password: String,
    pub customer_id: String,
    pub external_id: String,
}

impl Sheet {
    /// A sheet without addresses yet.
    pub fn new(organisations: Vec<OrganisationEntry>) -> Self {
        Self { portal_url: String::new(), panel_url: String::new(), organisations }
    }

    /// The sheet of an earlier start, if there was one.
    pub fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        match std::fs::read(file) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// Whether it describes the organisations that are in the database.
    pub async fn matches(&self, core: &Core) -> anyhow::Result<bool> {
        let there = core.organisations().await?;
        let described = |id: &String| self.organisations.iter().any(|known| known.id == *id);
        Ok(!there.is_empty() && there.iter().all(|it| described(&it.id.to_string())))
    }

    /// Puts the addresses of this start in.
    pub fn set_addresses(&mut self, portal: SocketAddr, panel: SocketAddr) {
        self.portal_url = format!("http://localhost:{}", portal.port());
        self.panel_url = format!("http://localhost:{}", panel.port());
        for brand in self.organisations.iter_mut().flat_map(|it| &mut it.brands) {
            let host =
                brand.url.trim_start_matches("http://").split(':').next().unwrap_or_default();
            brand.url = format!("http://{host}:{}", portal.port());
        }
    }

    /// Writes the file; it holds keys, so only its owner may read it.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut out = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(file)
            .with_context(|| format!("cannot write {}", file.display()))?;
        out.write_all(&serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }

    /// What is printed at the start.
    pub fn greeting(&self, file: &Path) -> String {
        let mut text = String::from("\nPortico is running.\n\n");
        for organisation in &self.organisations {
            for brand in &organisation.brands {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "  {:<22}{}", brand.name, brand.url);
                for contact in brand.contacts.iter().take(2) {
                    let _ = writeln!(text, "  {:<22}{}  {}", "", contact.email, contact.password);
                }
            }
        }
        let _ = writeln!(text, "\n  {:<22}{}", "Control panel", self.panel_url);
        for organisation in &self.organisations {
            for operator in organisation.operators.iter().take(1) {
                let _ = writeln!(text, "  {:<22}{}  {}", "", operator.email, operator.password);
            }
        }
        let _ = writeln!(text, "\n  {:<22}{}/api/docs", "API documentation", self.panel_url);
        let _ = writeln!(text, "  {:<22}{}/mailbox", "Mailbox", self.panel_url);
        let _ = writeln!(text, "  {:<22}{}", "Keys and sign-ins", file.display());
        let _ = writeln!(text, "\nCtrl-C stops it; the data is kept.");
        text
    }
}
