//! The site through its router, on a real core and database.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod basics;
mod batch;
mod brands;
mod docs;
mod domains;
mod hostile;
mod idempotency;
mod looks;
mod mailbox;
mod portal_sessions;
mod records;
mod site;
mod staff;
mod treli;
mod zenskar;
