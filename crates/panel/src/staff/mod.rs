//! The control panel: the pages of the organisation's people. One folder per section, handlers
//! beside the data of their pages.
//!
//! A page is registered in `routes.rs` with the permission that it takes; its handler gets a
//! [`Staff`], which cannot be had without that permission. What a form may change is asked again
//! by the core's verb.

pub mod account;
pub mod answer;
pub mod approvals;
pub mod attempts;
pub mod brands;
pub mod choices;
pub mod contacts;
pub mod credit_notes;
pub mod customers;
mod deeds;
mod difference;
pub mod entry;
pub mod faults;
pub mod files;
pub mod gateways;
pub mod here;
pub mod home;
pub mod invoices;
mod leading;
pub mod ledger;
pub mod listing;
mod once;
mod params;
pub mod path_names;
pub mod paths;
pub mod payments;
pub mod refusal;
pub mod returns;
pub mod search;
pub mod settings;
mod signed_in;
pub mod sure;
pub mod vouchers;

pub use answer::Answer;
pub use here::Here;
pub use signed_in::{Staff, require};
