//! The Stripe provider against peers that say what Stripe says, and what nobody should.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests do")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod books;
mod faults;
mod independent;
mod notices;
mod objects;
mod payments;
mod peer;
mod refunds;
mod reversals;
mod stored;
