//! Credit notes: what takes back a part or all of what was invoiced.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CreditNoteId, Currency, CustomerId, ExternalId, InvoiceId};

/// The state of a credit note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditNoteStatus {
    /// In force.
    Issued,
    /// Cancelled.
    Void,
}

/// A credit note without its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    /// Identifier.
    pub id: CreditNoteId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The invoice that it corrects and settles; a free credit where absent.
    pub invoice_id: Option<InvoiceId>,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Number as printed.
    pub number: String,
    /// State.
    pub status: CreditNoteStatus,
    /// Currency of all figures.
    pub currency: Currency,
    /// Before tax, minor units.
    pub subtotal_minor: i64,
    /// Tax, minor units.
    pub tax_minor: i64,
    /// In all, minor units, positive.
    pub total_minor: i64,
    /// Why.
    pub reason: Option<String>,
    /// Date on the document.
    pub issued_on: Date,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
