//! localstripe, a fake of Stripe that others wrote: what speaks to Stripe is tested against it.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::postgres::free_port;
use crate::tools;

/// The version whose gaps the tests know.
const PACKAGE: &str = "localstripe==1.15.10";
const FOLDER: &str = "target/localstripe";
/// For how long its start is waited for.
const START: Duration = Duration::from_secs(20);

/// A running server; it is stopped when this goes.
pub struct Localstripe {
    child: Child,
    port: u16,
}

impl Localstripe {
    /// Installs it below `target`, where it is not there yet, and starts it on a free port. Nothing
    /// where Python's registry cannot be reached: the tests say then that they are skipped.
    pub fn start(python: &str) -> anyhow::Result<Option<Self>> {
        let program = format!("{FOLDER}/bin/localstripe");
        if !std::path::Path::new(&program).exists() {
            tools::run(python, &["-m", "venv", FOLDER])?;
            let install = ["install", "--quiet", "--disable-pip-version-check", PACKAGE];
            if let Err(error) = tools::run(&format!("{FOLDER}/bin/pip"), &install) {
                println!("without localstripe: {error}");
                return Ok(None);
            }
        }
        let port = free_port()?;
        let child = Command::new(program)
            .args(["--from-scratch", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start localstripe")?;
        let server = Self { child, port };
        let begun = Instant::now();
        while TcpStream::connect(server.address()).is_err() {
            if begun.elapsed() > START {
                bail!("localstripe does not listen after {} s", START.as_secs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(Some(server))
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Localstripe {
    fn drop(&mut self) {
        // It keeps nothing.
        let _killed = self.child.kill();
        let _reaped = self.child.wait();
    }
}
