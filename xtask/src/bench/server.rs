//! The programs that are measured, and what the kernel says of them.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::postgres::free_port;

const PROGRAM: &str = "target/release/portico";

/// Ticks of the kernel's CPU accounting, a second (`getconf CLK_TCK` on Linux).
const TICKS: u64 = 100;

/// How a program comes to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At once, in the middle of what it does (SIGKILL).
    Kill,
    /// It is asked to stop, and finishes (SIGTERM).
    Orderly,
}

/// A running Portico.
pub struct Server {
    child: Child,
    portal: u16,
    panel: u16,
    tls: u16,
}

impl Server {
    /// Starts on free ports and waits for the first answer.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        Self::start_on(folder, None)
    }

    /// The same with the data in a PostgreSQL database, where its URL is given.
    pub fn start_on(folder: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let (portal, panel, tls) = (free_port()?, free_port()?, free_port()?);
        let child = Command::new(PROGRAM)
            .args(["serve", "--data-dir", &folder.display().to_string()])
            .args(database.map(|url| format!("--database={url}")))
            .args(["--portal-addr", &format!("127.0.0.1:{portal}")])
            .args(["--panel-addr", &format!("127.0.0.1:{panel}")])
            .env("PORTICO_LOG__LEVEL", "error")
            .env("PORTICO_PANEL__REQUESTS_PER_SECOND", "1000000")
            .env("PORTICO_TLS__ADDR", format!("127.0.0.1:{tls}"))
            .stderr(Stdio::inherit())
            .spawn()
            .context("cannot start the release build")?;
        let server = Self { child, portal, panel, tls };
        wait(&format!("{}/sign-in", server.portal()))?;
        Ok(server)
    }

    /// Ends it, and waits until it is gone.
    pub fn end(mut self, how: End) -> anyhow::Result<()> {
        match how {
            End::Kill => self.child.kill()?,
            End::Orderly => {
                crate::tools::output("kill", &["-TERM", &self.pid().to_string()])?;
            }
        }
        self.child.wait()?;
        Ok(())
    }

    /// Runs a command of the program that ends by itself; the answer is what it prints.
    pub fn command(folder: &Path, args: &[&str]) -> anyhow::Result<String> {
        Self::command_on(folder, None, args)
    }

    /// The same with the data in a PostgreSQL database, where its URL is given.
    pub fn command_on(
        folder: &Path,
        database: Option<&str>,
        args: &[&str],
    ) -> anyhow::Result<String> {
        let folder = folder.display().to_string();
        let mut all = vec!["--data-dir", folder.as_str()];
        if let Some(url) = database {
            all.extend(["--database", url]);
        }
        all.extend(args);
        crate::tools::output(PROGRAM, &all)
    }

    /// Address of the portal.
    pub fn portal(&self) -> String {
        format!("http://localhost:{}", self.portal)
    }

    /// Address of the APIs.
    pub fn panel(&self) -> String {
        format!("http://localhost:{}", self.panel)
    }

    /// Port of TLS.
    pub const fn tls(&self) -> u16 {
        self.tls
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory now.
    pub fn resident_mb(&self) -> anyhow::Result<u64> {
        status_kb(self.pid(), "VmRSS:").map(|kb| kb / 1_024)
    }

    /// The most memory that was resident at once.
    pub fn peak_mb(&self) -> anyhow::Result<u64> {
        status_kb(self.pid(), "VmHWM:").map(|kb| kb / 1_024)
    }

    /// CPU time used so far.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        cpu(self.pid())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A child that is gone already is what is wanted.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A server of one page.
pub struct StaticPage {
    child: Child,
    port: u16,
    _file: tempfile::NamedTempFile,
}

impl StaticPage {
    /// Serves `body`.
    pub fn start(body: &[u8]) -> anyhow::Result<Self> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), body)?;
        let port = free_port()?;
        let child = Command::new("target/release/xtask")
            .arg("static-page")
            .arg(format!("127.0.0.1:{port}"))
            .arg(file.path())
            .spawn()
            .context("cannot start the static page")?;
        let page = Self { child, port, _file: file };
        wait(&page.url())?;
        Ok(page)
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for StaticPage {
    fn drop(&mut self) {
        // A child that is gone already is what is wanted.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// CPU time, user and system, of a process with all its threads (proc(5), fields 14 and 15).
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit(')').next().context("a process name")?;
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

fn status_kb(pid: u32, field: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).context("a field")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn wait(url: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if super::client::get(url, None).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("{url} does not answer")
}
