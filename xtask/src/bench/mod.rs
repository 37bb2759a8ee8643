//! `cargo xtask bench`: what a release build costs, beside a static page of the same bytes.
//!
//! Figures of one machine at one moment; the ratios last. Nothing here fails by the clock.

#![expect(clippy::float_arithmetic, reason = "rates of a measurement, not money")]

mod client;
mod data;
mod handshakes;
mod load;
mod payments;
mod server;
pub mod static_page;

use std::time::{Duration, Instant};

use anyhow::Context;

use crate::{tools, torture};
use client::Api;
use server::{End, Server, StaticPage};

/// How large, and for how long.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Invoices of the largest organisation.
    #[arg(long, default_value_t = 1_000_000)]
    invoices: u32,
    /// Seconds of each load.
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Measure the release build that is there.
    #[arg(long)]
    no_build: bool,
    /// URL of a PostgreSQL server: payments are measured on a database of their own there, too.
    #[arg(long)]
    postgres: Option<String>,
    /// Keep the data of this folder, and use what an earlier run left there.
    #[arg(long)]
    keep: Option<std::path::PathBuf>,
}

/// Measures everything and prints it.
pub fn run(options: &Options) -> anyhow::Result<()> {
    tools::require(&[("wrk", tools::exists("wrk"))])?;
    if !options.no_build {
        // One by one: built together, each would be built with what the other needs.
        for package in ["portico", "xtask"] {
            tools::run("cargo", &["build", "--release", "--locked", "--package", package])?;
        }
    }
    let temporary = tempfile::tempdir()?;
    let folder = options.keep.as_deref().unwrap_or(temporary.path());
    let ready = folder.join("bench.json");
    let prepared = if ready.exists() {
        serde_json::from_slice(&std::fs::read(&ready)?)?
    } else {
        let prepared = data::prepare(folder, options.invoices)?;
        std::fs::write(&ready, serde_json::to_vec(&prepared)?)?;
        prepared
    };
    start(folder)?;
    let server = Server::start(folder)?;
    println!("memory, fresh: {} MB resident", server.resident_mb()?);
    let api = Api::new(&server, &prepared.key);
    lists(&server, &api, &prepared, options)?;
    sessions(&server, &api, &prepared)?;
    pdf(&server, &api, &prepared)?;
    handshakes::run(&server)?;
    println!("memory, after all loads: {} MB resident", server.resident_mb()?);
    server.end(End::Orderly)?;
    payments::run(options.postgres.as_deref())?;
    torture::measure_notices()
}

/// From the start of the process to its first answer, with existing data.
fn start(folder: &std::path::Path) -> anyhow::Result<()> {
    for (how, after) in [(End::Kill, "a kill"), (End::Orderly, "an orderly stop")] {
        Server::start(folder)?.end(how)?;
        let mut times = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let server = Server::start(folder)?;
            times.push(begun.elapsed());
            server.end(how)?;
        }
        println!(
            "start to first answer after {after}: {} ms (median of 5)",
            millis(median(&mut times))
        );
    }
    Ok(())
}

fn lists(
    server: &Server,
    api: &Api,
    prepared: &data::Prepared,
    options: &Options,
) -> anyhow::Result<()> {
    println!("\ninvoice list, 50 rows, signed in, 16 connections, {} s each", options.seconds);
    for customer in &prepared.customers {
        let cookie = api.sign_in(&customer.id)?;
        let url = format!("{}/invoices", server.portal());
        let page = client::get(&url, Some(&cookie))?;
        let first = first_page(&url, &cookie)?;
        let statics = StaticPage::start(&page.body)?;
        let plain = load::run(&statics.url(), None, options.seconds, statics.pid())?;
        let ours = load::run(&url, Some(&cookie), options.seconds, server.pid())?;
        println!(
            "  {:>9} invoices: {:>6.0} req/s, {:.3} ms CPU a request, {:.2} ms alone, {} KB; \
             static page {:>6.0} req/s: ratio 1/{:.1}",
            customer.invoices,
            ours.per_second,
            ours.cpu_ms,
            first.as_secs_f64() * 1_000.0,
            page.body.len() / 1_024,
            plain.per_second,
            plain.per_second / ours.per_second,
        );
    }
    println!("memory, under load: {} MB resident at most", server.peak_mb()?);
    Ok(())
}

/// The median time of the first page by one visitor alone.
fn first_page(url: &str, cookie: &str) -> anyhow::Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        client::get(url, Some(cookie))?;
        times.push(begun.elapsed());
    }
    Ok(median(&mut times))
}

fn sessions(server: &Server, api: &Api, prepared: &data::Prepared) -> anyhow::Result<()> {
    let customer = prepared.customers.first().context("a customer")?;
    let count = 2_000_u32;
    let before = server.cpu()?;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    (0..count / 16).try_for_each(|_| api.open_session(&customer.id).map(drop))
                })
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("a thread died")))
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0 / f64::from(count);
    println!("session creation: {:.0} a second, {cpu:.3} ms CPU", f64::from(count) / seconds);
    Ok(())
}

fn pdf(server: &Server, api: &Api, prepared: &data::Prepared) -> anyhow::Result<()> {
    let customer = prepared.customers.first().context("a customer")?;
    let cookie = api.sign_in(&customer.id)?;
    let invoice = api.first_invoice(&customer.id)?;
    let url = format!("{}/invoices/{invoice}/pdf", server.portal());
    let begun = Instant::now();
    client::get(&url, Some(&cookie))?;
    let cold = begun.elapsed();
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..30 {
        let begun = Instant::now();
        bytes = client::get(&url, Some(&cookie))?.body.len();
        times.push(begun.elapsed());
    }
    println!(
        "one-page PDF: {} ms warm (median of 30), {} ms first, {} KB",
        millis(median(&mut times)),
        millis(cold),
        bytes / 1_024,
    );
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}
