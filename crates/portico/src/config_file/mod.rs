//! `portico config export` and `portico config apply`: the configuration of an organisation as one
//! file, to be kept, compared and brought elsewhere.

mod show;
mod text;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use portico_billing::OrganisationId;
use portico_core::configuration::{self, Configuration, SecretSource};
use portico_core::records::Rejection;
use portico_core::{Caller, Core};
use portico_panel::BrandRules;
use portico_ui::Ui;

use crate::command::{ConfigCommand, say};
use crate::config::Config;
use crate::process;

/// Largest file that is read: twice the bytes of all pictures of an organisation in Base64.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most bytes of a secret in a file of its own.
const SECRET_MAX: u64 = 4_096;

/// Options of `portico config export`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportOptions {
    /// The organisation: its identifier. Not needed where there is only one.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
    /// Where to write it; to the terminal where it is absent.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Options of `portico config apply`.
#[derive(Debug, Clone, clap::Args)]
pub struct ApplyOptions {
    /// The file, as `export` writes it; `-` for what comes in by a pipe.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The organisation: its identifier. Not needed where there is only one.
    #[arg(long, value_name = "ID")]
    organisation: Option<OrganisationId>,
    /// Show what would differ, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Remove brands, domains and gateways that the file does not name, and mail servers of empty
    /// tables.
    #[arg(long)]
    remove: bool,
}

/// Runs what needs the database of `portico config`.
pub async fn run(config: &Config, what: &ConfigCommand) -> anyhow::Result<()> {
    match what {
        ConfigCommand::Export(options) => export(config, options).await,
        ConfigCommand::Apply(options) => apply(config, options).await,
        ConfigCommand::Show | ConfigCommand::Check => Ok(()),
    }
}

/// `portico config export`
async fn export(config: &Config, options: &ExportOptions) -> anyhow::Result<()> {
    let (core, _) = open(config).await?;
    let caller = caller(&core, options.organisation).await?;
    let configuration = core.configuration(&caller).await?;
    core.store().close().await;
    let text = text::write(&configuration)?;
    match &options.output {
        None => say(&text),
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
        }
    }
}

/// `portico config apply`
async fn apply(config: &Config, options: &ApplyOptions) -> anyhow::Result<()> {
    let text = read(&options.file)?;
    let name = options.file.display();
    let mut configuration =
        text::read(&text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    configuration.resolve_secrets(secret)?;
    let (core, ui) = open(config).await?;
    let caller = caller(&core, options.organisation).await?;
    let outcome = apply_to(&core, (&caller, ui), &configuration, options).await;
    core.store().close().await;
    let applied = outcome.map_err(|rejection| refused(&options.file, &text, rejection))?;
    say(&show::outcome(&applied, options.dry_run))
}

async fn apply_to(
    core: &Core,
    (caller, ui): (&Caller, Ui),
    configuration: &Configuration,
    options: &ApplyOptions,
) -> Result<configuration::Applied, Rejection> {
    let (dry_run, remove) = (options.dry_run, options.remove);
    let how = configuration::ApplyOptions { dry_run, remove };
    core.apply_configuration(caller, configuration, how, &BrandRules::new(ui)).await
}

async fn open(config: &Config) -> anyhow::Result<(Core, Ui)> {
    let ui = process::ui(config)?;
    Ok((process::core(config, &ui).await?, ui))
}

/// Who runs the program, for the organisation that is meant.
async fn caller(core: &Core, named: Option<OrganisationId>) -> anyhow::Result<Caller> {
    const LIST: &str = "`portico organisation list` shows all";
    let known = core.organisations().await?;
    let id = match (named, &known[..]) {
        (Some(id), _) => id,
        (None, [only]) => only.id,
        (None, []) => {
            anyhow::bail!("there is no organisation; `portico organisation create` makes one")
        }
        (None, _) => {
            anyhow::bail!("there are several organisations: say --organisation ID; {LIST}")
        }
    };
    anyhow::ensure!(known.iter().any(|it| it.id == id), "there is no organisation {id}; {LIST}");
    Ok(Caller::system(id))
}

fn read(file: &Path) -> anyhow::Result<String> {
    let context = || format!("cannot read {}", file.display());
    let source: Box<dyn std::io::Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(context)?)
    };
    let mut text = String::new();
    // One byte too many says that it is too large.
    source.take(BYTES_MAX + 1).read_to_string(&mut text).with_context(context)?;
    let fits = text.len() as u64 <= BYTES_MAX;
    anyhow::ensure!(fits, "{} has more than {BYTES_MAX} bytes", file.display());
    Ok(text)
}

/// A secret from where the file says that it is.
fn secret(source: &SecretSource) -> anyhow::Result<String> {
    let secret = match source {
        SecretSource::Env(name) => variable(name)?,
        SecretSource::File(path) => {
            let context = || format!("cannot read the secret in {path}");
            let mut text = String::new();
            let file = std::fs::File::open(path).with_context(context)?;
            file.take(SECRET_MAX).read_to_string(&mut text).with_context(context)?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    anyhow::ensure!(!secret.is_empty(), "the secret in {source:?} is empty");
    Ok(secret)
}

#[expect(clippy::disallowed_methods, reason = "the file names the variable of a secret")]
fn variable(name: &str) -> anyhow::Result<String> {
    // Of a variable that is no text the message would show what is in it.
    std::env::var(name)
        .map_err(|_| anyhow::anyhow!("the variable {name} of the environment holds no secret"))
}

/// The faults with the lines that they are in.
fn refused(file: &Path, text: &str, rejection: Rejection) -> anyhow::Error {
    let name = file.display();
    match rejection {
        Rejection::Invalid(faults) => {
            let mut lines = vec!["nothing was changed:".to_owned()];
            for fault in faults {
                let line = text::line_of(text, &fault.field).unwrap_or(1);
                lines.push(format!("{name}:{line}: {}: {}", fault.field, fault.message));
            }
            anyhow::anyhow!(lines.join("\n"))
        }
        Rejection::Conflict { field, message } if field == "remove" => {
            anyhow::anyhow!("nothing was changed: {message}; say --remove where that is meant")
        }
        Rejection::Conflict { field, message } => {
            let line = text::line_of(text, &field).unwrap_or(1);
            anyhow::anyhow!("nothing was changed:\n{name}:{line}: {field}: {message}")
        }
        other => anyhow::Error::new(other).context("nothing was changed"),
    }
}
