//! Portico: a customer portal for billing, in one program.
//!
//! The binary wires the crates together and is the only reader of the environment, the machine's
//! clock and its randomness.

mod acme;
mod command;
mod config;
mod config_file;
#[cfg(debug_assertions)]
mod crash;
mod demo;
mod import;
mod ledger;
mod listen;
mod logging;
mod machine;
mod mailer;
mod measure;
mod operator;
mod organisation;
mod process;
mod seal_key;
mod styles;
mod templates;
mod tls;

use std::process::ExitCode;

use clap::Parser;

use crate::command::{Cli, Command, ConfigCommand};

/// Rows are read on one thread and written into a page on another: the allocator of glibc has them
/// wait for each other, which costs a sixth of a page.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match &cli.command {
        Command::Config { what: ConfigCommand::Show } => return command::show_defaults(),
        Command::Config { what: ConfigCommand::Check } => return command::check(&cli.flags),
        _ => {}
    }
    if matches!(cli.command, Command::Routes) {
        return command::routes();
    }
    if let Command::Templates { what } = &cli.command {
        return templates::run(what);
    }
    #[cfg(debug_assertions)]
    crash::get_ready();
    let config = config::Config::load(&cli.flags)?;
    logging::start(&config.log, &cli.command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => process::serve(&config).await,
            Command::Demo(options) => demo::run(config, &options).await,
            Command::Import(options) => import::run(&config, &options).await,
            Command::Organisation { what } => organisation::run(&config, what).await,
            Command::Ledger { what } => ledger::run(&config, &what).await,
            Command::Operator { what } => operator::run(&config, what).await,
            Command::Config { what } => config_file::run(&config, &what).await,
            Command::Routes | Command::Templates { .. } => Ok(()),
        }
    })
}
