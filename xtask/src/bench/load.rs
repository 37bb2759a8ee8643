//! Load by wrk, with the CPU time that it costs the server.

use anyhow::Context;

use super::server::cpu;
use crate::tools;

/// What a load showed.
pub struct Load {
    /// Answers a second.
    pub per_second: f64,
    /// CPU of the server for one answer, milliseconds.
    pub cpu_ms: f64,
}

/// Asks for `url` on 16 connections.
pub fn run(url: &str, cookie: Option<&str>, seconds: u32, pid: u32) -> anyhow::Result<Load> {
    let duration = format!("{seconds}s");
    let cookie = format!("Cookie: {}", cookie.unwrap_or("none=1"));
    let before = cpu(pid)?;
    let args = ["-t1", "-c16", "-d", &duration, "-H", &cookie, url];
    let printed = tools::output("wrk", &args)?;
    let spent = cpu(pid)? - before;
    let requests: f64 = printed
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .and_then(|(count, _)| count.parse().ok())
        .with_context(|| format!("wrk printed: {printed}"))?;
    anyhow::ensure!(!printed.contains("Non-2xx"), "some answers were errors:\n{printed}");
    let per_second = requests / f64::from(seconds);
    Ok(Load { per_second, cpu_ms: spent.as_secs_f64() * 1_000.0 / requests })
}
