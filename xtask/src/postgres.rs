//! A throw-away PostgreSQL server for tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::tools;

/// A running server; it is stopped and removed when this goes.
pub struct Postgres {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a cluster in a temporary folder and starts it on a free port of the loopback.
    pub fn start() -> anyhow::Result<Self> {
        let bin = tools::postgres_bin().context("PostgreSQL's server programs are not found")?;
        let folder = tempfile::Builder::new().prefix("portico-postgres").tempdir()?;
        let server = Self { folder, bin, port: free_port()? };
        if tools::is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user of its own.
            tools::output("chown", &["postgres", &server.path().display().to_string()])?;
        }
        let data = server.data();
        server.call("initdb", &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8"])?;
        let options = format!(
            "-h 127.0.0.1 -p {} -k {} -c fsync=off -c max_connections=300",
            server.port,
            server.path().display(),
        );
        let log = server.path().join("log").display().to_string();
        server.call("pg_ctl", &["-D", &data, "-o", &options, "-l", &log, "-w", "start"])?;
        Ok(server)
    }

    /// URL of a superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> String {
        self.path().join("data").display().to_string()
    }

    fn call(&self, program: &str, args: &[&str]) -> anyhow::Result<()> {
        let program = self.bin.join(program);
        let mut command = if tools::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        // The started server inherits the streams: a pipe would be waited for until it ends.
        let status = command
            .args(args)
            .current_dir("/")
            .stdout(std::process::Stdio::null())
            .status()
            .with_context(|| format!("cannot start {}", program.display()))?;
        ensure!(status.success(), "{} failed ({status})", program.display());
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The folder goes in any case.
        let _stopped = self.call("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

/// A port that is free at this moment.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
