//! Contracts and their immutable revisions.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ContractId, CustomerId, ExternalId, Metadata};

/// The state of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    /// Not in force yet.
    Draft,
    /// In force.
    Active,
    /// Halted.
    Paused,
    /// Over.
    Expired,
    /// In dispute.
    Disputed,
}

impl ContractStatus {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Expired => "expired",
            Self::Disputed => "disputed",
        }
    }
}

/// An agreement with a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Identifier.
    pub id: ContractId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Title.
    pub name: String,
    /// State.
    pub status: ContractStatus,
    /// First day in force.
    pub starts_on: Option<Date>,
    /// Day after the last one in force; open where absent.
    pub ends_on: Option<Date>,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// Who signed it.
    pub signed_by: Option<String>,
    /// Number of the newest revision, from 1; 0 where no text was given.
    pub revision: u32,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The text of a contract as it stood from some moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractRevision {
    /// From 1.
    pub revision: u32,
    /// Plain text; blank lines part paragraphs.
    pub body: String,
    /// When it was added.
    pub created_at: Timestamp,
}
