//! Payments a second through the sandbox gateway: from the form to the attempt that is paid, over
//! HTTP and on disk. Beside it, how many writes the same disk makes last in a second.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

use super::client::Api;
use super::server::Server;
use crate::tools;

/// Customers, and payments of each: nobody may begin more than 30 within an hour, and one of them
/// is to store the method.
const CUSTOMERS: u32 = 96;
const PAYMENTS: u32 = 28;
/// Customers who pay at the same moment.
const AT_ONCE: usize = 16;
/// For how long the disk is tried.
const TRIAL: Duration = Duration::from_secs(2);
/// What is written there at a time: a page of SQLite's.
const PAGE: [u8; 4_096] = [0x5a; 4_096];
/// Payments a second that are asked for on SQLite.
const ASKED: u32 = 300;

/// What is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Refill,
    Invoice,
}

/// A customer who is there, with a method that pays by itself.
struct Payer {
    cookie: String,
    csrf: String,
    way: String,
    invoices: Vec<String>,
}

/// An attempt, and whose it is.
struct Attempt<'a> {
    cookie: &'a str,
    path: String,
}

/// Measures on SQLite, and on a PostgreSQL server where there is one.
pub fn run(postgres: Option<&str>) -> anyhow::Result<()> {
    // Not among temporary files, which may be in memory.
    let folder = tempfile::tempdir_in("target")?;
    let limit = durable_writes(folder.path())?;
    println!(
        "\npayments through the sandbox, from the form to the paid attempt, {AT_ONCE} customers at \
         once; {limit:.0} writes a second last on this disk"
    );
    measure(folder.path(), None, limit)?;
    let Some(server) = postgres else { return Ok(()) };
    let name = format!("portico_bench_{}", std::process::id());
    let base = server.rsplit_once('/').context("the URL of a server ends in a database")?.0;
    tools::output("psql", &[server, "-qc", &format!("CREATE DATABASE {name}")])?;
    let folder = tempfile::tempdir_in("target")?;
    let measured = measure(folder.path(), Some(&format!("{base}/{name}")), limit);
    tools::output("psql", &[server, "-qc", &format!("DROP DATABASE {name} WITH (FORCE)")])?;
    measured
}

/// How many small writes a second this folder's disk confirms, one after the other.
fn durable_writes(folder: &Path) -> anyhow::Result<f64> {
    let mut file = File::create(folder.join("writes"))?;
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < TRIAL {
        file.write_all(&PAGE)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

fn measure(folder: &Path, database: Option<&str>, limit: f64) -> anyhow::Result<()> {
    let create = ["organisation", "create", "--name", "Bench", "--host", "localhost"];
    let printed = Server::command_on(folder, database, &create)?;
    let key = printed.lines().find_map(|line| line.strip_prefix("API key")).context("a key")?;
    let server = Server::start_on(folder, database)?;
    let api = Api::new(&server, key.trim());
    let gateway = json!({
        "provider": "sandbox", "name": "Sandbox", "enabled": true, "test": true,
        "currencies": [{ "currency": "EUR" }],
    });
    let gateway = api.post("/gateways", &gateway)?;
    let gateway = gateway["id"].as_str().context("a gateway")?;
    for kind in [Kind::Refill, Kind::Invoice] {
        let payers: Vec<Payer> = (0..CUSTOMERS)
            .map(|number| payer(&server, &api, (kind, number), gateway))
            .collect::<anyhow::Result<_>>()?;
        let (before, begun) = (server.cpu()?, Instant::now());
        let attempts = pay(&server.portal(), kind, &payers)?;
        let seconds = begun.elapsed().as_secs_f64();
        let count = f64::from(CUSTOMERS * PAYMENTS);
        let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0 / count;
        all_are_paid(&server.portal(), &attempts)?;
        let what = match kind {
            Kind::Refill => "refill",
            Kind::Invoice => "pay an invoice",
        };
        let (engine, asked) = match database {
            None => ("SQLite", format!(" (asked: {ASKED})")),
            Some(_) => ("PostgreSQL", String::new()),
        };
        let rate = count / seconds;
        println!(
            "  {engine}, {what}: {rate:.0} a second{asked}, {:.2} of the disk's limit, {cpu:.2} ms \
             CPU each",
            rate / limit,
        );
    }
    Ok(())
}

/// A customer with a stored method, and with invoices where they are to be paid.
fn payer(
    server: &Server,
    api: &Api,
    (kind, number): (Kind, u32),
    gateway: &str,
) -> anyhow::Result<Payer> {
    let name = format!("{kind:?}-{number}");
    api.post("/customers", &json!({ "external_id": name, "name": name, "currency": "EUR" }))?;
    let invoices = match kind {
        Kind::Refill => Vec::new(),
        Kind::Invoice => invoices(api, &name)?,
    };
    let (cookie, agent) = (api.sign_in(&name)?, agent());
    let form = get(&agent, &server.portal(), "/refill", &cookie)?;
    let csrf = between(&form, "name=\"csrf\" value=\"", "\"")?.to_owned();
    let fields = [
        ("csrf", csrf.as_str()),
        ("key", "keep"),
        ("currency", "EUR"),
        ("sum", "other"),
        ("amount", "1.00"),
        ("way", gateway),
        ("keep", gateway),
    ];
    let attempt = post(&agent, &server.portal(), "/refill", &cookie, &fields)?;
    // As the page writes it, an address has other slashes.
    let page = get(&agent, &server.portal(), &attempt, &cookie)?.replace("&#x2f;", "/");
    let sandbox = format!("/sandbox/{}", between(&page, "/sandbox/", "\"")?);
    let chosen = [("csrf", csrf.as_str()), ("choice", "pay")];
    let back = post(&agent, &server.portal(), &sandbox, &cookie, &chosen)?;
    get(&agent, &server.portal(), &back, &cookie)?;
    let form = get(&agent, &server.portal(), "/refill", &cookie)?;
    let method = between(&form, &format!("value=\"{gateway}:"), "\"")?;
    let way = format!("{gateway}:{method}");
    Ok(Payer { cookie, csrf, way, invoices })
}

/// Invoices of a customer, one for each payment.
fn invoices(api: &Api, customer: &str) -> anyhow::Result<Vec<String>> {
    let invoice = |number: u32| {
        let name = format!("{customer}-{number}");
        json!({
            "external_id": name, "number": name, "customer_id": customer, "status": "open",
            "currency": "EUR", "issued_on": "2026-01-05",
            "lines": [{ "description": "Plan", "quantity": "1", "unit_price": "49.00" }],
        })
    };
    let all: Vec<Value> = (0..PAYMENTS).map(invoice).collect();
    let answer = api.post("/invoices/batch", &json!({ "data": all }))?;
    let lines = answer["data"].as_array().context("invoices")?;
    lines.iter().map(|line| Ok(line["id"].as_str().context("an invoice")?.to_owned())).collect()
}

/// All payments of all of them, several customers at once.
fn pay<'a>(portal: &str, kind: Kind, payers: &'a [Payer]) -> anyhow::Result<Vec<Attempt<'a>>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = payers
            .chunks(payers.len().div_ceil(AT_ONCE))
            .map(|some| scope.spawn(move || pay_in_turn(portal, kind, some)))
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().unwrap_or_else(|_| bail!("a thread died"))?);
        }
        Ok(all)
    })
}

fn pay_in_turn<'a>(
    portal: &str,
    kind: Kind,
    payers: &'a [Payer],
) -> anyhow::Result<Vec<Attempt<'a>>> {
    let (agent, mut attempts) = (agent(), Vec::new());
    for number in 0..PAYMENTS {
        let key = format!("bench-{number}");
        for payer in payers {
            let mut fields = vec![
                ("csrf", payer.csrf.as_str()),
                ("key", key.as_str()),
                ("currency", "EUR"),
                ("way", payer.way.as_str()),
            ];
            let path = match kind {
                Kind::Refill => {
                    fields.extend([("sum", "other"), ("amount", "1.00")]);
                    "/refill"
                }
                Kind::Invoice => {
                    let own = payer.invoices.get(number as usize).context("an invoice")?;
                    fields.push(("invoices", own.as_str()));
                    "/pay"
                }
            };
            let path = post(&agent, portal, path, &payer.cookie, &fields)?;
            attempts.push(Attempt { cookie: &payer.cookie, path });
        }
    }
    Ok(attempts)
}

fn all_are_paid(portal: &str, attempts: &[Attempt<'_>]) -> anyhow::Result<()> {
    let agent = agent();
    for attempt in attempts {
        let path = attempt.path.split('?').next().unwrap_or_default();
        let state = get(&agent, portal, &format!("{path}/state"), attempt.cookie)?;
        ensure!(state == "succeeded", "{path} is {state}");
    }
    Ok(())
}

/// One connection, which follows nothing by itself.
fn agent() -> Agent {
    Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into()
}

fn get(agent: &Agent, portal: &str, path: &str, cookie: &str) -> anyhow::Result<String> {
    let mut response = agent.get(format!("{portal}{path}")).header("Cookie", cookie).call()?;
    let (status, text) = (response.status(), response.body_mut().read_to_string()?);
    ensure!(status == 200 || status == 303, "{path}: {status}");
    Ok(text)
}

/// Sends a form; the answer is where it leads.
fn post(
    agent: &Agent,
    portal: &str,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
) -> anyhow::Result<String> {
    let request = agent.post(format!("{portal}{path}")).header("Cookie", cookie);
    let mut response = request.send_form(fields.iter().copied())?;
    let location = response.headers().get("location").and_then(|it| it.to_str().ok());
    let location = location.map(str::to_owned);
    let status = response.status();
    let text = response.body_mut().read_to_string()?;
    ensure!(status == 303, "{path}: {status}: {text}");
    location.context("a way on")
}

/// What stands between two texts.
fn between<'a>(text: &'a str, start: &str, end: &str) -> anyhow::Result<&'a str> {
    let rest = text.split_once(start).with_context(|| format!("{start} is not on the page"))?.1;
    Ok(rest.split_once(end).with_context(|| format!("{start} has no end"))?.0)
}
