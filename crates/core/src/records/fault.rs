//! Why a record was refused, for the people who write the software that sent it.

use portico_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Failure, Forbidden};

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InputFault {
    /// The field: `lines.0.quantity`. Empty for the record as a whole.
    pub field: String,
    /// What is wrong, in English, a sentence without the field's name.
    pub message: String,
}

/// Why a record was refused.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// The input has faults; nothing was changed.
    #[error("{}", summary(.0))]
    Invalid(Vec<InputFault>),
    /// What it names does not exist (in this organisation).
    #[error("{0} was not found")]
    NotFound(String),
    /// It would contradict what is there: a number in use, a state that forbids the change.
    #[error("{field}: {message}")]
    Conflict {
        /// The field that is in the way.
        field: String,
        /// Why.
        message: String,
    },
    /// The caller may not do this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Rejection {
    /// One fault at `field`.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![InputFault { field: field.into(), message: message.into() }])
    }

    /// Whether another unit of work may have been in the way: two that add the same record at
    /// once, two that wait for each other.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Conflict { .. } => true,
            Self::Failure(failure) => failure.may_pass(),
            Self::Invalid(_) | Self::NotFound(_) | Self::Forbidden(_) => false,
        }
    }

    /// A conflict at `field`.
    #[must_use]
    pub fn conflict(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Conflict { field: field.into(), message: message.into() }
    }
}

impl From<StoreError> for Rejection {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate { .. } => {
                Self::conflict("", "a record with the same value exists already")
            }
            StoreError::TooLarge { what } => {
                Self::field("", format!("{what} would become too large"))
            }
            other => Self::Failure(other.into()),
        }
    }
}

fn summary(faults: &[InputFault]) -> String {
    let texts: Vec<String> = faults
        .iter()
        .map(|fault| match fault.field.as_str() {
            "" => fault.message.clone(),
            field => format!("{field}: {}", fault.message),
        })
        .collect();
    texts.join("; ")
}
