//! `cargo xtask torture`: the crash campaign of `tools/torture`, its scenarios, and the tests of
//! its judge.

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
    /// All that providers took by themselves must be in the books, whether they told of it or not.
    #[arg(long)]
    reversals: bool,
    /// No kills: notices, silent providers, disks, clocks, and an end at each commit and request.
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

/// Scenarios that any program plays, in less than a minute each.
const QUICK: [&str; 8] = ["whk01", "whk03", "whk05", "whk07", "pay03", "dur04", "dur05", "dur09"];
/// Those that take longer.
const LONG: [&str; 1] = ["pay17"];
/// Those for which the program must be built without optimisation.
const UNRELEASED: [&str; 2] = ["pay02", "clock"];

/// Builds a release and tortures it.
pub fn run(options: &Options) -> anyhow::Result<()> {
    tools::run("cargo", &["build", "--release", "--locked", "--package", "portico"])?;
    let postgres = match options.engine {
        Engine::Sqlite => None,
        Engine::Postgres | Engine::Both => Some(Postgres::start()?),
    };
    let url = postgres.as_ref().map(Postgres::url);
    let seed = options.seed.map(|seed| seed.to_string());
    let seed: Vec<&str> = seed.iter().flat_map(|seed| ["--seed", seed.as_str()]).collect();
    let on = (options.engine, url.as_deref());
    if options.scenarios {
        return scenarios(on, &seed);
    }
    let [kills, clients] = [options.kills, options.clients].map(|count| count.to_string());
    let mut args = vec!["--kills", kills.as_str(), "--clients", clients.as_str()];
    args.extend(seed);
    args.extend(options.reversals.then_some("--reversals"));
    start(RELEASE, on, &args)
}

/// All of them.
fn scenarios(on: (Engine, Option<&str>), seed: &[&str]) -> anyhow::Result<()> {
    let names: Vec<&str> = QUICK.into_iter().chain(LONG).collect();
    start(RELEASE, on, &[only(&names).as_slice(), seed].concat())?;
    tools::run("cargo", &["build", "--locked", "--package", "portico"])?;
    start(DEBUG, on, &[only(&UNRELEASED).as_slice(), seed, &["--thorough"]].concat())
}

/// The arguments that choose scenarios.
fn only<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["--only", *name]).collect()
}

/// The judge's own tests.
pub fn test_judge() -> anyhow::Result<()> {
    let tests = format!("{FOLDER}/tests");
    tools::run("python3", &["-m", "unittest", "discover", "-q", "-s", &tests, "-t", FOLDER])
}

/// Some scenarios and kills, on the program that was built for the tests. `postgres` is the URL of
/// a server.
pub fn test(postgres: &str) -> anyhow::Result<()> {
    let both = (Engine::Both, Some(postgres));
    let mut took = Vec::new();
    let mut timed = |name: &str, on, args: &[&str]| -> anyhow::Result<()> {
        let begun = Instant::now();
        start(DEBUG, on, args)?;
        took.push(format!("{name} {} s", begun.elapsed().as_secs()));
        Ok(())
    };
    timed("scenarios", both, &[only(&QUICK).as_slice(), &["--orders", "24"]].concat())?;
    timed("ends at each point", (Engine::Sqlite, None), &["--only", "pay02"])?;
    // Built without optimisation, which takes a second to set a receipt, and beside its clients on
    // two cores.
    let few = ["--kills", "50", "--clients", "24", "--restart-limit", "15", "--mailed", "4"];
    timed("kills", both, &few)?;
    println!("── torture: {}", took.join(", "));
    Ok(())
}

/// The figures of notices alone (WHK-07), of a released program on SQLite.
pub fn measure_notices() -> anyhow::Result<()> {
    start(RELEASE, (Engine::Sqlite, None), &["--only", "whk07"])
}

fn start(
    program: &str,
    (engine, url): (Engine, Option<&str>),
    more: &[&str],
) -> anyhow::Result<()> {
    let script = format!("{FOLDER}/main.py");
    let mut args = vec![script.as_str(), "--program", program, "--engine", engine.word()];
    if let Some(url) = url {
        args.extend(["--postgres", url]);
    }
    args.extend(more);
    tools::run("python3", &args)
}
