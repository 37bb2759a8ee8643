//! The store, on both engines.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod attempts;
mod common;
mod credit;
mod domains;
mod entry;
mod gateways;
mod holdings;
mod instalments;
mod invoice_plans;
mod invoices;
mod ledger;
mod pay_links;
mod plans;
mod refunds;
mod schema;
