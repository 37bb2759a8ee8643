//! `cargo xtask torture`: the crash campaign of `tools/torture`, and the tests of its judge.

use std::time::Instant;

use clap::ValueEnum;

use crate::postgres::Postgres;
use crate::tools;

/// Where it is.
const FOLDER: &str = "tools/torture";
/// The program that is built without optimisation, and the one that is released.
const DEBUG: &str = "target/debug/portico";
const RELEASE: &str = "target/release/portico";

/// How to torture.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Kills under load, on each engine.
    #[arg(long, default_value_t = 1_000)]
    kills: u32,
    /// Where the data is.
    #[arg(long, value_enum, default_value_t = Engine::Both)]
    engine: Engine,
    /// Draws wishes, faults and moments of kills; printed where it is not given.
    #[arg(long)]
    seed: Option<u32>,
    /// Clients that make the load.
    #[arg(long, default_value_t = 64)]
    clients: u32,
    /// Refunds and chargebacks that a provider made by itself must be in the books.
    #[arg(long)]
    reversals: bool,
    /// No kills: notices that are forged, in every order, at several addresses, and many.
    #[arg(long)]
    scenarios: bool,
}

/// Where the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
    Both,
}

impl Engine {
    const fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Both => "both",
        }
    }
}

/// Builds a release and tortures it.
pub fn run(options: &Options) -> anyhow::Result<()> {
    tools::run("cargo", &["build", "--release", "--locked", "--package", "portico"])?;
    let postgres = match options.engine {
        Engine::Sqlite => None,
        Engine::Postgres | Engine::Both => Some(Postgres::start()?),
    };
    let url = postgres.as_ref().map(Postgres::url);
    let [kills, clients] = [options.kills, options.clients].map(|count| count.to_string());
    let mut args = vec!["--kills", kills.as_str(), "--clients", clients.as_str()];
    let seed = options.seed.map(|seed| seed.to_string());
    if let Some(seed) = &seed {
        args.extend(["--seed", seed.as_str()]);
    }
    for (is_set, flag) in [(options.reversals, "--reversals"), (options.scenarios, "--scenarios")] {
        args.extend(is_set.then_some(flag));
    }
    start(RELEASE, options.engine, url.as_deref(), &args)
}

/// The judge's own tests.
pub fn test_judge() -> anyhow::Result<()> {
    let tests = format!("{FOLDER}/tests");
    tools::run("python3", &["-m", "unittest", "discover", "-q", "-s", &tests, "-t", FOLDER])
}

/// Some notices and kills, on the program that was built for the tests. `postgres` is the URL of a
/// server.
pub fn test(postgres: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let some = ["--scenarios", "--orders", "24"];
    start(DEBUG, Engine::Both, Some(postgres), &some)?;
    let notices = begun.elapsed().as_secs();
    // Built without optimisation, and beside its clients on two cores.
    let few = ["--kills", "50", "--clients", "24", "--restart-limit", "15"];
    start(DEBUG, Engine::Both, Some(postgres), &few)?;
    println!("── notices took {notices} s, kills {} s", begun.elapsed().as_secs() - notices);
    Ok(())
}

/// The figures of notices alone (WHK-07), of a released program on SQLite.
pub fn measure_notices() -> anyhow::Result<()> {
    start(RELEASE, Engine::Sqlite, None, &["--scenarios", "--only", "whk07"])
}

fn start(program: &str, engine: Engine, url: Option<&str>, more: &[&str]) -> anyhow::Result<()> {
    let script = format!("{FOLDER}/main.py");
    let mut args = vec![script.as_str(), "--program", program, "--engine", engine.word()];
    if let Some(url) = url {
        args.extend(["--postgres", url]);
    }
    args.extend(more);
    tools::run("python3", &args)
}
