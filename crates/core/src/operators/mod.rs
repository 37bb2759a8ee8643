//! The organisation's people: who they are, how they sign in, what they may do.

mod visit;

pub use visit::{OperatorSecret, OperatorVisit};
