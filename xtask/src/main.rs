//! What developers run: `cargo xtask test | tidy | bench | gateway-sim | torture`.
#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

mod bench;
mod gateway_sim;
mod localstripe;
mod postgres;
mod test;
mod tidy;
mod tools;
mod torture;

use clap::Parser;

/// What developers run.
#[derive(Debug, Parser)]
enum Task {
    /// Everything that must pass: format, tidy, lints, tests on both engines, a real browser.
    Test(test::Options),
    /// The rules of the house that no compiler knows; takes about a second.
    Tidy,
    /// Measures a release build beside a static page served in the same run.
    Bench(bench::Options),
    /// Starts a stand-in for Stripe, PayPal and Authorize.Net; what follows is passed on to it.
    #[command(disable_help_flag = true)]
    GatewaySim(gateway_sim::Options),
    /// Kills Portico under load and judges its books.
    Torture(torture::Options),
    /// Serves the bytes of one file as a page: what the bench measures beside.
    #[command(hide = true)]
    StaticPage(bench::static_page::Options),
}

fn main() -> anyhow::Result<()> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
    match Task::parse() {
        Task::Test(options) => test::run(&options),
        Task::Tidy => tidy::run(),
        Task::Bench(options) => bench::run(&options),
        Task::GatewaySim(options) => gateway_sim::run(&options),
        Task::Torture(options) => torture::run(&options),
        Task::StaticPage(options) => bench::static_page::serve(&options),
    }
}
