//! The Management API under `/api/v1`.

pub mod access;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod body;
pub mod brand_mail;
pub mod brand_texts;
pub mod brands;
pub mod configuration;
pub mod credit;
pub mod domains;
pub mod files;
pub mod gateways;
pub mod idempotency;
pub mod looks;
pub mod operators;
pub mod organisation;
pub mod password_links;
pub mod path;
pub mod pay_links;
pub mod payments;
pub mod portal_sessions;
pub mod problem;
pub mod query;
pub mod records;
pub mod room;
pub mod sign_ups;
pub mod statements;
pub mod templates;
pub mod temporary_passwords;
pub mod vouchers;

pub use problem::{Problem, ProblemKind};
