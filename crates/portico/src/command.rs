//! The command line.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use crate::config::{Config, DEFAULTS, Flags};
use crate::config_file::{ApplyOptions, ExportOptions};
use crate::operator::OperatorCommand;
use crate::templates::TemplatesCommand;

/// A self-hosted customer portal for billing.
#[derive(Debug, clap::Parser)]
#[command(name = "portico", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Run the customers' site, the APIs and the workers.
    Serve,
    /// The same with two sample organisations, on SQLite in the data folder.
    Demo(DemoOptions),
    /// Bring records in from files: JSON Lines, CSV, UBL and CII invoices.
    Import(ImportOptions),
    /// Organisations of this installation.
    Organisation {
        #[command(subcommand)]
        what: OrganisationCommand,
    },
    /// Operators: the people who sign in to the control panel.
    Operator {
        #[command(subcommand)]
        what: OperatorCommand,
    },
    /// The ledger: whether it is what was written.
    Ledger {
        #[command(subcommand)]
        what: LedgerCommand,
    },
    /// The configuration: of the program, and of an organisation as a file.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// The pages' templates, which a brand may replace.
    Templates {
        #[command(subcommand)]
        what: TemplatesCommand,
    },
    /// List every route with who may call it.
    Routes,
}

/// Options of `portico demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoOptions {
    /// Address that the Core API will listen on once portals can run apart; not used yet.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:3080")]
    pub core_addr: std::net::SocketAddr,
    /// Throw the sample data away and make it anew (SQLite only).
    #[arg(long)]
    pub reset: bool,
}

/// Options of `portico import`.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportOptions {
    /// The organisation: its identifier.
    #[arg(long, value_name = "ID")]
    pub organisation: portico_billing::OrganisationId,
    /// What the records are, where a file does not say it by its name (`customers.jsonl`).
    #[arg(long, value_name = "NOUN")]
    pub kind: Option<String>,
    /// Files: .jsonl, .ndjson, .csv, .xml.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Verbs of `portico organisation`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum OrganisationCommand {
    /// Make an organisation with one brand and an API key, which is shown once.
    Create {
        /// Name of the organisation and of its first brand.
        #[arg(long)]
        name: String,
        /// Host that the brand answers on.
        #[arg(long, default_value = "localhost")]
        host: String,
        /// Language of the brand where neither session nor contact nor browser says one.
        #[arg(long, default_value = "en")]
        language: portico_billing::LanguageTag,
        /// Currency of new customers.
        #[arg(long, default_value = "EUR")]
        currency: portico_billing::Currency,
        /// IANA time zone in which its days begin.
        #[arg(long, default_value = "UTC")]
        time_zone: String,
        /// Origin that customers may be sent back to; can be given several times.
        #[arg(long, value_name = "URL")]
        return_origin: Vec<String>,
    },
    /// List organisations and their brands.
    List,
}

/// Verbs of `portico ledger`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum LedgerCommand {
    /// Follow each chain of entries and compare the sums. While one is broken, the organisation's
    /// money is not touched; a check that finds nothing ends that.
    Check {
        /// One organisation's alone.
        #[arg(long, value_name = "ID")]
        organisation: Option<portico_billing::OrganisationId>,
    },
}

/// Verbs of `portico config`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum ConfigCommand {
    /// Print every key with its meaning and default.
    Show,
    /// Read all sources and say what is wrong, if anything is.
    Check,
    /// Write the settings of an organisation and its brands as a TOML file.
    Export(ExportOptions),
    /// Make an organisation and its brands what such a file says, as a whole or not at all.
    Apply(ApplyOptions),
}

/// `portico config show`
pub fn show_defaults() -> anyhow::Result<()> {
    say(DEFAULTS)
}

/// `portico config check`
pub fn check(flags: &Flags) -> anyhow::Result<()> {
    let config = Config::load(flags)?;
    say(&format!("The configuration is fine; the database is {}.\n", {
        let address = config.database_address();
        url::Url::parse(&address).map_or(address, |mut url| {
            // A password in the address is nobody's business on a terminal.
            let _ignored = url.set_password(None);
            url.to_string()
        })
    }))
}

/// `portico routes`
pub fn routes() -> anyhow::Result<()> {
    let mut text = String::new();
    for route in portico_portal::table() {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "portal {:<6} {:?} {}", route.method, route.access, route.path);
    }
    for route in portico_panel::table() {
        let _ = writeln!(text, "panel  {:<6} {:?} {}", route.method, route.access, route.path);
    }
    say(&text)
}

/// Prints to the terminal.
pub fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints an error with its causes.
pub fn complain(error: &anyhow::Error) {
    // Where even this cannot be written there is nobody to tell.
    let _ignored = writeln!(std::io::stderr(), "portico: {error:#}");
}
