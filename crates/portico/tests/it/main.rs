//! The whole program: the access matrix of its real core, and the binary as it is run.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod authority;
mod brand_mail;
mod configuration;
mod demo;
mod domains;
mod import;
mod mail;
mod matrix;
mod page;
mod program;
mod serve;
mod sign_up;
mod templates;
