//! Configuration: defaults, then the file, then the environment, then flags.

mod domains;
mod sections;

use std::path::{Path, PathBuf};

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub use domains::{Acme, Domains, Tls};
pub use sections::{
    Database, Gateways, Http, Log, LogFormat, Mail, Panel, Portal, Security, Templates,
};

/// The commented defaults, which are the reference.
pub const DEFAULTS: &str = include_str!("../../../../portico.default.toml");

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the embedded database and the key file.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Database,
    /// The customers' site.
    pub portal: Portal,
    /// Panel and APIs.
    pub panel: Panel,
    /// What both sites' listeners have in common.
    pub http: Http,
    /// Outgoing mail.
    pub mail: Mail,
    /// Payment providers.
    pub gateways: Gateways,
    /// What is written to the log.
    pub log: Log,
    /// Keys.
    pub security: Security,
    /// The customers' site by TLS.
    pub tls: Tls,
    /// Domains of brands.
    pub domains: Domains,
    /// Where their certificates come from.
    pub acme: Acme,
    /// Templates that brands replace.
    pub templates: Templates,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database: Database::default(),
            portal: Portal::default(),
            panel: Panel::default(),
            http: Http::default(),
            mail: Mail::default(),
            gateways: Gateways::default(),
            log: Log::default(),
            security: Security::default(),
            tls: Tls::default(),
            domains: Domains::default(),
            acme: Acme::default(),
            templates: Templates::default(),
        }
    }
}

/// What flags say; absent ones leave what the other sources say.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct Flags {
    /// Configuration file; `portico.toml` is read where it exists.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Folder of the embedded database and the key file.
    #[arg(long, value_name = "FOLDER", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Database: path of an SQLite file, or postgres://…
    #[arg(long, value_name = "URL", global = true)]
    pub database: Option<String>,
    /// Address of the customers' site.
    #[arg(long, value_name = "ADDR", global = true)]
    pub portal_addr: Option<String>,
    /// Address of panel and APIs.
    #[arg(long, value_name = "ADDR", global = true)]
    pub panel_addr: Option<String>,
}

impl Config {
    /// Reads all sources.
    ///
    /// # Errors
    /// Where a file is missing or has faults (with the line), or a variable or flag has.
    pub fn load(flags: &Flags) -> anyhow::Result<Self> {
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file(flags) {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            // Read strictly by itself first: this parser names the line of a fault.
            toml::from_str::<Self>(&text).with_context(|| format!("in {}", file.display()))?;
            sources = sources.merge(Toml::string(&text));
        }
        let of_tests =
            ["test_clock", "test_crashes", "test_data", "test_localstripe", "test_postgres"];
        let environment = Env::prefixed("PORTICO_").ignore(&of_tests).split("__");
        sources = sources.merge(environment);
        for (key, value) in flags.values() {
            sources = sources.merge(Serialized::default(key, value));
        }
        let config: Self = sources.extract().map_err(|error| {
            anyhow::anyhow!("{error}; `portico config show` lists every key with its default")
        })?;
        config.check()?;
        Ok(config)
    }

    /// What opens the database.
    #[must_use]
    pub fn database_address(&self) -> String {
        match self.database.url.as_str() {
            "" => self.data_dir.join("portico.sqlite").display().to_string(),
            url => url.to_owned(),
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.database.connections > 0, "database.connections must be at least 1");
        anyhow::ensure!(
            matches!(self.portal.public_scheme.as_str(), "http" | "https"),
            "portal.public_scheme must be \"http\" or \"https\""
        );
        self.panel.check()?;
        self.mail.check()?;
        self.tls.listens_at()?;
        self.domains.check()?;
        self.acme.check()
    }
}

impl Flags {
    fn values(&self) -> Vec<(&'static str, String)> {
        let folder = self.data_dir.as_ref().map(|path| path.display().to_string());
        [
            ("data_dir", folder),
            ("database.url", self.database.clone()),
            ("portal.addr", self.portal_addr.clone()),
            ("panel.addr", self.panel_addr.clone()),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }
}

fn file(flags: &Flags) -> Option<PathBuf> {
    let usual = Path::new("portico.toml");
    flags.config.clone().or_else(|| usual.exists().then(|| usual.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        let read: Config = toml::from_str(DEFAULTS).expect("the defaults parse");
        assert_eq!(read, Config::default());
    }

    #[test]
    fn a_fault_in_the_file_is_reported_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.toml");
        std::fs::write(&path, "[portal]\naddr = \"127.0.0.1:1\"\nadress = 1\n").expect("written");
        let flags = Flags { config: Some(path), ..Flags::default() };
        let error = format!("{:#}", Config::load(&flags).expect_err("an unknown key"));
        assert!(error.contains("line 3") && error.contains("adress"), "{error}");
    }

    #[test]
    fn a_value_out_of_its_range_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.toml");
        for (key, value) in [
            ("answer_timeout_seconds", 0),
            ("requested_per_hour", 99),
            ("requested_per_hour", 20_001),
        ] {
            std::fs::write(&path, format!("[mail]\n{key} = {value}\n")).expect("written");
            let flags = Flags { config: Some(path.clone()), ..Flags::default() };
            let error = format!("{:#}", Config::load(&flags).expect_err("out of range"));
            assert!(error.contains(key) && error.contains("from 1"), "{error}");
        }
    }

    #[test]
    fn flags_win_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.toml");
        std::fs::write(&path, "[panel]\naddr = \"127.0.0.1:1\"\n").expect("written");
        let flags = Flags {
            config: Some(path),
            panel_addr: Some("127.0.0.1:2".to_owned()),
            ..Flags::default()
        };
        let config = Config::load(&flags).expect("a configuration");
        assert_eq!(config.panel.addr.to_string(), "127.0.0.1:2");
    }
}
