//! An invoice in a list.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Instalments, Invoice, InvoiceStatus, Period, ShownStatus};
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
    /// What is still to be paid in all; nothing for drafts, void and uncollectible invoices.
    pub remaining: Money,
    /// Date on the document.
    pub issued_on: Date,
    /// Last day to pay what is to be paid next.
    pub due_on: Date,
    /// Which part is to be paid by which day, while some of them are open.
    pub instalments: Instalments,
    /// Billing period.
    pub period: Option<Period>,
    /// When the record was made: "Generated On".
    pub created_at: Timestamp,
}

impl InvoiceSummary {
    /// What is to be paid by `day`: all that remains where there are no instalments.
    #[must_use]
    pub fn due(&self, day: Date) -> Money {
        let minor = self.instalments.due_minor(self.remaining.minor(), day);
        Money::new(minor, self.remaining.currency())
    }

    /// What customers read as the state on the day `today`.
    #[must_use]
    pub fn shown(&self, today: Date) -> ShownStatus {
        self.status.shown(self.due_on, today)
    }
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
            remaining: invoice.remaining(),
            issued_on: invoice.issued_on,
            due_on: invoice.next_due_on(),
            instalments: match invoice.remaining().is_positive() {
                true => invoice.instalments.clone(),
                false => Instalments::default(),
            },
            period: invoice.period,
            created_at: invoice.created_at,
        }
    }
}
