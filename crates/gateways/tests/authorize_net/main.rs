//! Authorize.Net against a peer that answers as the provider does: XML behind a byte order mark.
//! Each request and each answer is checked against the provider's own schema, where that is at
//! hand.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests do")]
#![expect(clippy::print_stderr, reason = "who skips says so")]

mod account;
mod answers;
mod books;
mod notices;
mod orders;
mod payments;
mod peer;
mod refunds;
mod reversals;
mod schema;
mod stored;
mod unknown;
