//! The data of the bench, sent by the Management API: ingest is measured on the way.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::Api;
use super::server::Server;

/// Objects of one call.
const BATCH: u32 = 1_000;

/// What the measurements need to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct Prepared {
    /// A key of the organisation.
    pub key: String,
    /// Customers, by how many invoices they have.
    pub customers: Vec<Prospect>,
}

/// A customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Prospect {
    /// External id.
    pub id: String,
    /// How many invoices.
    pub invoices: u32,
}

/// Fills the database: customers of 1,000, 10,000, a tenth of `most`, and `most` invoices.
pub fn prepare(folder: &Path, most: u32) -> anyhow::Result<Prepared> {
    let create = ["organisation", "create", "--name", "Bench", "--host", "localhost"];
    let printed = Server::command(folder, &create)?;
    let key = printed
        .lines()
        .find_map(|line| line.strip_prefix("API key"))
        .context("a key")?
        .trim()
        .to_owned();
    let server = Server::start(folder)?;
    let api = Api::new(&server, &key);
    let mut customers = Vec::new();
    let mut sizes = vec![1_000, 10_000, most / 10, most];
    sizes.dedup();
    for size in sizes {
        let id = format!("bench-{size}");
        api.post("/customers", &json!({ "external_id": id, "name": format!("Bench {size}") }))?;
        let begun = Instant::now();
        for from in (0..size).step_by(BATCH as usize) {
            let invoices: Vec<Value> =
                (from..size.min(from + BATCH)).map(|number| invoice(&id, number)).collect();
            let answer = api.post("/invoices/batch", &json!({ "data": invoices }))?;
            let rejected = &answer["summary"]["rejected"];
            anyhow::ensure!(rejected == 0, "{rejected} rejected: {}", answer["data"][0]);
        }
        let rate = f64::from(size) / begun.elapsed().as_secs_f64();
        println!("ingest: {size} invoices of two lines at {rate:.0} a second");
        customers.push(Prospect { id, invoices: size });
    }
    Ok(Prepared { key, customers })
}

fn invoice(customer: &str, number: u32) -> Value {
    let month = number % 12 + 1;
    let day = number % 28 + 1;
    json!({
        "external_id": format!("{customer}-{number}"),
        "customer_id": customer,
        "number": format!("{customer}-{number:07}"),
        "status": "open",
        "currency": "EUR",
        "issued_on": format!("2025-{month:02}-{day:02}"),
        "due_on": format!("2026-{month:02}-{day:02}"),
        "lines": [
            { "description": "Plan", "quantity": "1", "unit_price": "49.00", "tax_rate": "21" },
            { "description": "Usage", "quantity": (number % 900 + 1).to_string(),
              "unit_price": "0.25", "tax_rate": "21" },
        ],
    })
}
