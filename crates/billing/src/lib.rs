//! The rules of billing, and the words they are written in.
//!
//! Pure: no async, no I/O, no clock, no randomness. Time and entropy are arguments. State changes
//! are functions from a record and an event to a change or a reason.

pub mod account;
pub mod ageing;
pub mod attempt;
pub mod attempt_tries;
pub mod attempt_watch;
pub mod brand;
pub mod card_number;
pub mod contract;
pub mod credit;
pub mod credit_note;
pub mod domain;
pub mod entitlement;
pub mod gateway;
pub mod ids;
pub mod invoice;
pub mod ledger;
pub mod lines;
pub mod money;
pub mod network;
pub mod page;
pub mod pay_link;
pub mod payment;
pub mod payment_method;
pub mod permission;
pub mod refund;
pub mod report;
pub mod reversal;
pub mod script;
pub mod section;
pub mod session;
pub mod settings;
pub mod sign_up;
pub mod smtp;
pub mod subscription;
pub mod tax_id;
pub mod text;
pub mod totals;
pub mod voucher;

pub use ids::*;
pub use money::{Currency, Money};
pub use text::{CountryCode, EmailAddress, ExternalId, LanguageTag};

/// Arbitrary data that the organisation keeps with a record; returned as it was given.
pub type Metadata = std::collections::BTreeMap<String, String>;
