//! What goes wrong inside, and what of it is told outside.

use portico_core_api::{EntryError, Refusal};
use portico_store::StoreError;

/// A fault of the machinery, not of the request. Logged once, where it is turned into an answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret at rest.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// Stored JSON of our own cannot be read or written.
    #[error("stored data cannot be read")]
    Json(#[from] serde_json::Error),
    /// Something that must exist does not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Data that the house itself wrote was refused.
    #[error("refused: {0}")]
    Refused(String),
    /// A document could not be made.
    #[error("a document could not be made: {0}")]
    Document(String),
}

impl Failure {
    /// Whether another unit of work was in the way: the same may work when it is tried again.
    pub(crate) const fn may_pass(&self) -> bool {
        matches!(self, Self::Store(StoreError::Busy(_)))
    }

    /// Writes the cause into the log; the answer is a reference to quote.
    #[must_use]
    pub fn report(&self) -> String {
        let reference = new_reference();
        let cause = match self {
            // Its own words repeat what was read.
            Self::Json(error) => {
                Some(format!("{:?} at column {}", error.classify(), error.column()))
            }
            _ => std::error::Error::source(self).map(ToString::to_string),
        };
        tracing::error!(%reference, error = %self, cause, "request failed");
        reference
    }
}

/// Eight hex digits to find the line in the log by. Not a secret, so the standard library's
/// per-instance hash keys are random enough.
fn new_reference() -> String {
    use std::hash::{BuildHasher, RandomState};
    let number = RandomState::new().hash_one("reference") & u64::from(u32::MAX);
    format!("{number:08x}")
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Unavailable { reference: failure.report() }
    }
}

impl From<Failure> for EntryError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable { reference: failure.report() }
    }
}
