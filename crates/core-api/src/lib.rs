//! The Core API: everything that a customer-facing site may ask of the core, declared once.
//!
//! The site holds a [`CoreApi`] and knows nothing of the database. Every call on behalf of a
//! visitor carries the session's secret; the core resolves it and decides. All types here can be
//! sent over a wire, so that a site may run on a machine of its own.

mod account;
mod api;
mod balance;
mod document;
mod entry;
mod listing;
mod pay_link;
mod paying;
mod refusal;
mod sign_up;
mod voucher;

pub use account::*;
pub use api::CoreApi;
pub use balance::*;
pub use document::*;
pub use entry::*;
pub use listing::*;
pub use pay_link::*;
pub use paying::*;
pub use refusal::*;
pub use sign_up::*;
pub use voucher::*;
