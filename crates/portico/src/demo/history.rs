//! Two years of a sample company's business, written as the records that an API would send.
//!
//! The same for every start on the same day: the dice are seeded by the company's prefix.

mod billing;
mod holdings;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::company::{Company, SampleCustomer};

/// Months of invoices.
const MONTHS: i32 = 24;

/// Records of each noun, in an order in which they can be saved.
#[derive(Default)]
pub struct History {
    pub customers: Vec<Value>,
    pub contacts: Vec<Value>,
    pub payment_methods: Vec<Value>,
    pub subscriptions: Vec<Value>,
    pub entitlements: Vec<Value>,
    pub contracts: Vec<Value>,
    pub invoices: Vec<Value>,
    pub credit_notes: Vec<Value>,
    pub payments: Vec<Value>,
}

/// What all parts of the history need.
struct Scene<'a> {
    company: &'a Company,
    today: Date,
    dice: StdRng,
    history: History,
    invoice_number: u32,
    credit_note_number: u32,
    payment_number: u32,
}

/// Writes the history that ends at `now`.
pub fn write(company: &Company, now: Timestamp) -> History {
    let seed = company.prefix.bytes().fold(7_u64, |seed, byte| seed * 31 + u64::from(byte));
    let mut scene = Scene {
        company,
        today: now.to_zoned(TimeZone::UTC).date(),
        dice: StdRng::seed_from_u64(seed),
        history: History::default(),
        invoice_number: 0,
        credit_note_number: 0,
        payment_number: 0,
    };
    for (index, customer) in company.customers.iter().enumerate() {
        scene.account(index, customer);
        scene.holdings(index, customer);
    }
    for back in (0..MONTHS).rev() {
        let month = scene.today.first_of_month().saturating_sub(back.months());
        for (index, customer) in company.customers.iter().enumerate() {
            scene.bill(index, customer, month);
        }
    }
    if let Some(project) = &company.project {
        scene.bill_project(project);
    }
    scene.history
}

/// External id of a customer.
pub fn customer_key(company: &Company, index: usize) -> String {
    format!("{}-C{:03}", company.prefix, index + 1)
}

/// External id of a customer's first contact.
pub fn contact_key(company: &Company, index: usize) -> String {
    format!("{}-P{:03}", company.prefix, index + 1)
}

impl Scene<'_> {
    /// The day on which the history begins.
    fn beginning(&self) -> Date {
        self.today.first_of_month().saturating_sub((MONTHS + 1).months())
    }

    fn key(&self, letter: char, index: usize) -> String {
        format!("{}-{letter}{:03}", self.company.prefix, index + 1)
    }

    fn account(&mut self, index: usize, customer: &SampleCustomer) {
        let key = customer_key(self.company, index);
        let [kind, value] = customer.tax_id;
        let tax_ids =
            if kind.is_empty() { json!([]) } else { json!([{ "kind": kind, "value": value }]) };
        let began = moment(self.beginning(), index);
        self.history.customers.push(json!({
            "external_id": key,
            "name": customer.name,
            "legal_name": customer.legal_name,
            "email": customer.email,
            "language": customer.language,
            "currency": customer.currency,
            "billing_address": {
                "line1": customer.street, "postal_code": customer.postal_code,
                "city": customer.city, "country": customer.country,
            },
            "tax_ids": tax_ids,
            "created_at": began,
        }));
        self.history.contacts.push(json!({
            "external_id": contact_key(self.company, index),
            "customer_id": key,
            "name": customer.person,
            "email": customer.email,
            "role": "owner",
            "created_at": began,
        }));
        if index < 3 {
            let domain = customer.email.split('@').nth(1).unwrap_or("example.com");
            self.history.contacts.push(json!({
                "external_id": self.key('Q', index),
                "customer_id": key,
                "name": if customer.language == "es" { "Contabilidad" } else { "Accounts payable" },
                "email": format!("accounts@{domain}"),
                "role": "viewer",
                "created_at": began,
            }));
        }
    }
}

/// Some morning hour of a day.
fn moment(day: Date, index: usize) -> String {
    let minute = i8::try_from(index * 7 % 60).unwrap_or(0);
    day.at(7, minute, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_or_else(|_| String::new(), |zoned| zoned.timestamp().to_string())
}
