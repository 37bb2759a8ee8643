//! `cargo xtask gateway-sim`: a stand-in for the payment providers, and the tests of it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, bail};

use crate::tools;

/// Where it is.
const FOLDER: &str = "tools/gateway-sim";
/// What it says before its address, once it can be asked.
const READY: &str = "gateway-sim: listening on ";

/// What is passed on.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Options of the simulator; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

/// Runs it until it is interrupted.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let mut child = tools::command("python3")
        .arg(format!("{FOLDER}/main.py"))
        .args(&options.options)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start python3")?;
    let output = child.stdout.take().context("what it prints")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some(address) = line.strip_prefix(READY) {
            explain(address);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the simulator failed ({status})");
    }
    Ok(())
}

/// Its own tests.
pub fn test() -> anyhow::Result<()> {
    let tests = format!("{FOLDER}/tests");
    tools::run("python3", &["-m", "unittest", "discover", "-q", "-s", &tests, "-t", FOLDER])
}

/// How to have gateways ask it.
fn explain(address: &str) {
    println!(
        "
Gateways in test mode ask it where their settings name it:

  stripe          base_url    {address}/stripe
  paypal          base_url    {address}/paypal
  authorize_net   base_url    {address}/authorizenet
                  hosted_url  {address}/authorizenet

and where Portico may connect to this machine. The demo may; else by portico.toml:

  [gateways]
  networks = [\"127.0.0.0/8\"]

Accounts, their keys and the addresses of their notices are told it at

  {address}/control/accounts

as {FOLDER}/README.md says."
    );
}
