//! The use cases, on both engines: the verbs of customers, of the staff and of the workers.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod brand_mail;
mod brands;
mod common;
mod configuration;
mod customers;
mod domains;
mod entry;
mod extremes;
mod gateways;
mod holdings;
mod invoices;
mod ledger;
mod looks;
mod mail_budget;
mod management;
mod operators;
mod pay;
mod payments;
mod profile;
mod races;
mod sign_up;
mod statement_papers;
mod statements;
mod temporary_password;
mod unknown_addresses;
mod vouchers;
