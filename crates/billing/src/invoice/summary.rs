//! An invoice in a list.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Invoice, InvoiceStatus, Period};
use crate::{InvoiceId, Money};

/// What lists show of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSummary {
    /// Identifier.
    pub id: InvoiceId,
    /// Number as printed; drafts may have none.
    pub number: Option<String>,
    /// State as stored.
    pub status: InvoiceStatus,
    /// Before tax.
    pub subtotal: Money,
    /// Tax.
    pub tax: Money,
    /// Invoice total.
    pub total: Money,
    /// What is still to be paid; nothing for drafts, void and uncollectible invoices.
    pub amount_due: Money,
    /// Date on the document.
    pub issued_on: Date,
    /// Last day to pay.
    pub due_on: Date,
    /// Billing period.
    pub period: Option<Period>,
    /// When the record was made: "Generated On".
    pub created_at: Timestamp,
}

impl From<&Invoice> for InvoiceSummary {
    fn from(invoice: &Invoice) -> Self {
        let money = |minor| Money::new(minor, invoice.currency);
        Self {
            id: invoice.id,
            number: invoice.number.clone(),
            status: invoice.status,
            subtotal: money(invoice.figures.subtotal_minor),
            tax: money(invoice.figures.tax_minor),
            total: invoice.total(),
            amount_due: invoice.amount_due(),
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            period: invoice.period,
            created_at: invoice.created_at,
        }
    }
}
