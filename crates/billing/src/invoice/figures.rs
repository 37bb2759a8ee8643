//! What an invoice comes to, what settled it, and the state that follows.

use serde::{Deserialize, Serialize};

use super::InvoiceStatus;

/// The figures of an invoice, minor units of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFigures {
    /// Lines and adjustments before tax.
    pub subtotal_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// What the invoice asks for in all.
    pub total_minor: i64,
    /// Settled by payments.
    pub paid_minor: i64,
    /// Settled by credit notes.
    pub credited_minor: i64,
    /// Paid before the document was issued, as it states (EN 16931 BT-113).
    pub prepaid_minor: i64,
    /// Paid on the organisation's word alone: settled, but by no payment that is known here.
    /// Payments that come to be known take its place.
    #[serde(default)]
    pub paid_elsewhere_minor: i64,
}

impl InvoiceFigures {
    /// What is still to be paid: total less all that settles it, never below zero.
    #[must_use]
    pub fn due_minor(self) -> i64 {
        self.unproven_minor().saturating_sub(self.paid_elsewhere_minor).max(0)
    }

    /// What payments may still be allocated to: what is due, and what counts as paid on the
    /// organisation's word alone.
    #[must_use]
    pub fn allocatable_minor(self) -> i64 {
        self.unproven_minor().max(0)
    }

    /// What credit notes may still take back.
    #[must_use]
    pub fn creditable_minor(self) -> i64 {
        self.total_minor.saturating_sub(self.credited_minor).max(0)
    }

    /// All that was paid, known here or not.
    #[must_use]
    pub fn paid_in_all_minor(self) -> i64 {
        self.paid_minor.saturating_add(self.paid_elsewhere_minor)
    }

    fn unproven_minor(self) -> i64 {
        self.total_minor
            .saturating_sub(self.paid_minor)
            .saturating_sub(self.credited_minor)
            .saturating_sub(self.prepaid_minor)
    }

    /// Whether credit notes took back all of it before anything was paid.
    pub(super) fn is_credited_whole(self) -> bool {
        let paid = self.paid_in_all_minor().saturating_add(self.prepaid_minor);
        self.total_minor > 0 && self.credited_minor >= self.total_minor && paid == 0
    }

    /// The state that the figures imply for an invoice that was issued as `status`.
    ///
    /// Draft, void and uncollectible stay as they are; the others follow the money. An invoice of
    /// which credit notes took back everything, and of which nothing was paid, is void.
    #[must_use]
    pub fn settle(self, status: InvoiceStatus) -> InvoiceStatus {
        use InvoiceStatus::{Draft, Open, Paid, PartiallyPaid, Uncollectible, Void};
        match status {
            Draft | Void | Uncollectible => status,
            Open | PartiallyPaid | Paid if self.is_credited_whole() => Void,
            Open | PartiallyPaid | Paid if self.due_minor() == 0 => Paid,
            Open | PartiallyPaid | Paid if self.due_minor() < self.total_minor => PartiallyPaid,
            Open | PartiallyPaid | Paid => Open,
        }
    }
}
