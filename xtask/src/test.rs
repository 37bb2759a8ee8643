//! `cargo xtask test`: the whole gate, fastest step first.

use std::path::Path;
use std::time::Instant;

use crate::localstripe::Localstripe;
use crate::postgres::Postgres;
use crate::tools::{self, run as call, run_with};
use crate::{gateway_sim, tidy, torture};

/// The system's own Python: what Debian's packages are for.
const PYTHON: &str = "/usr/bin/python3";

/// What to leave out.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Leave the browser out.
    #[arg(long)]
    no_browser: bool,
    /// Scenarios and kills too: ten minutes more.
    #[arg(long)]
    torture: bool,
    /// Leave format, tidy and lints out.
    #[arg(long)]
    no_lints: bool,
}

/// Runs everything; the first step that fails ends it.
pub fn run_all(options: &Options) -> anyhow::Result<()> {
    require_tools(options)?;
    if !options.no_lints {
        call("cargo", &["fmt", "--all", "--check"])?;
        tidy::run()?;
        let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--"];
        call("cargo", &[lints.as_slice(), &["-D", "warnings"]].concat())?;
    }
    gateway_sim::test()?;
    torture::test_judge()?;
    let postgres = Postgres::start()?;
    let url = postgres.url();
    let stripe = Localstripe::start(PYTHON)?;
    let stripe = stripe.as_ref().map(Localstripe::address).unwrap_or_default();
    let tests = ["test", "--workspace", "--locked", "--quiet"];
    let peers = [("PORTICO_TEST_POSTGRES", url.as_str()), ("PORTICO_TEST_LOCALSTRIPE", &stripe)];
    run_with("cargo", &tests, &peers)?;
    // The program is there: the tests of its package are of it.
    if !options.no_browser {
        browser(&url)?;
    }
    if options.torture { torture::test(&url) } else { Ok(()) }
}

/// Runs everything and says how long it took.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let begun = Instant::now();
    run_all(options)?;
    println!("── all passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

fn require_tools(options: &Options) -> anyhow::Result<()> {
    let browser = !options.no_browser;
    tools::require(&[
        ("postgresql", tools::postgres_bin().is_some()),
        ("pebble", tools::exists("pebble")),
        ("chromium", !browser || tools::exists("chromium")),
        ("nodejs", !browser || tools::exists("node")),
        ("npm", !browser || tools::exists("npm")),
        ("curl", tools::exists("curl")),
        ("openssl", tools::exists("openssl")),
        ("python3-venv", tools::run_quietly(PYTHON, &["-c", "import ensurepip"])),
        ("python3-requests", tools::run_quietly(PYTHON, &["-c", "import requests"])),
        ("python3-aiosmtpd", tools::run_quietly(PYTHON, &["-c", "import aiosmtpd"])),
        ("poppler-utils", tools::exists("pdftotext")),
        ("strace", !options.torture || tools::exists("strace")),
    ])
}

/// The journeys of `e2e/`, on SQLite and on PostgreSQL.
fn browser(postgres: &str) -> anyhow::Result<()> {
    if !Path::new("e2e/node_modules/playwright-core").exists() {
        call("npm", &["ci", "--prefix", "e2e", "--no-audit", "--no-fund", "--silent"])?;
    }
    let mut journeys: Vec<String> = std::fs::read_dir("e2e/journeys")?
        .map(|entry| Ok(entry?.path().display().to_string()))
        .collect::<std::io::Result<_>>()?;
    journeys.sort();
    let mut args = vec!["--test", "--test-concurrency=1"];
    args.extend(journeys.iter().map(String::as_str));
    run_with("node", &args, &[("E2E_POSTGRES", postgres)])
}
