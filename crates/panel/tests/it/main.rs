//! The site through its router, on a real core and database.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod attempts;
mod basics;
mod batch;
mod belongings;
mod brands;
mod configuration;
mod credit;
mod credit_notes;
mod docs;
mod domains;
mod forms;
mod gateways;
mod hostile;
mod idempotency;
mod looks;
mod mailbox;
mod organisation;
mod papers;
mod permissions;
mod portal_sessions;
mod records;
mod refunds;
mod site;
mod staff;
mod strangers;
mod templates;
mod treli;
mod voucher_api;
mod vouchers;
mod zenskar;
