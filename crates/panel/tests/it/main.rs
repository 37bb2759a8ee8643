//! The site through its router, on a real core and database.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod basics;
mod batch;
mod docs;
mod hostile;
mod idempotency;
mod mailbox;
mod portal_sessions;
mod records;
mod site;
mod treli;
mod zenskar;
