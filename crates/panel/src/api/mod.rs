//! The Management API under `/api/v1`.

pub mod access;
pub mod body;
pub mod idempotency;
pub mod organisation;
pub mod path;
pub mod portal_sessions;
pub mod problem;
pub mod query;
pub mod records;
pub mod room;

pub use problem::{Problem, ProblemKind};
