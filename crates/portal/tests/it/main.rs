//! The site through its router, over a core of the tests' own.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests do")]

mod access;
mod browser;
mod entry;
mod fake;
mod forms;
mod linked;
mod lists;
mod looks;
mod pay;
mod sign_up;
mod vouchers;
