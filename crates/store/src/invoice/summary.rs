//! What lists show of an invoice.

use portico_billing::Money;
use portico_billing::invoice::{Instalments, InvoiceSummary};
use uuid::Uuid;

use crate::{StoreError, column};

/// The columns of [`SummaryRow`]: a page costs what it reads.
macro_rules! summary_columns {
    () => {
        "id, number, status, currency, subtotal_minor, tax_minor, total_minor, due_minor, \
        issued_on, due_on, instalments, period_start_on, period_end_on, created_at"
    };
}
pub(super) use summary_columns;

#[derive(sqlx::FromRow)]
pub(super) struct SummaryRow {
    pub(super) id: Uuid,
    number: Option<String>,
    status: String,
    currency: String,
    subtotal_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    due_minor: i64,
    issued_on: i64,
    due_on: i64,
    instalments: i64,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
    created_at: i64,
}

impl SummaryRow {
    /// Whether some of it may not be due yet.
    pub(super) const fn puts_off(&self) -> bool {
        self.instalments > 0 && self.due_minor > 0
    }

    /// What is shown of it, with its instalments while some of them are open.
    pub(super) fn with(self, instalments: Instalments) -> Result<InvoiceSummary, StoreError> {
        let currency = column::parse("invoice.currency", &self.currency)?;
        let money = |minor| Money::new(minor, currency);
        Ok(InvoiceSummary {
            id: self.id.into(),
            number: self.number,
            status: column::from_word("invoice.status", &self.status)?,
            subtotal: money(self.subtotal_minor),
            tax: money(self.tax_minor),
            total: money(self.total_minor),
            remaining: money(self.due_minor),
            issued_on: column::date("invoice.issued_on", self.issued_on)?,
            due_on: column::date("invoice.due_on", self.due_on)?,
            instalments,
            period: column::period("invoice.period", self.period_start_on, self.period_end_on)?,
            created_at: column::time("invoice.created_at", self.created_at)?,
        })
    }
}
