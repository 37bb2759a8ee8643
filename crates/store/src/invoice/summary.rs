//! What lists show of an invoice.

use portico_billing::Money;
use portico_billing::invoice::InvoiceSummary;
use uuid::Uuid;

use crate::{StoreError, column};

/// The columns of [`SummaryRow`]: a page costs what it reads.
macro_rules! summary_columns {
    () => {
        "id, number, status, currency, subtotal_minor, tax_minor, total_minor, due_minor, \
        issued_on, due_on, period_start_on, period_end_on, created_at"
    };
}
pub(super) use summary_columns;

#[derive(sqlx::FromRow)]
pub(super) struct SummaryRow {
    id: Uuid,
    number: Option<String>,
    status: String,
    currency: String,
    subtotal_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    due_minor: i64,
    issued_on: i64,
    due_on: i64,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
    created_at: i64,
}

impl TryFrom<SummaryRow> for InvoiceSummary {
    type Error = StoreError;

    fn try_from(row: SummaryRow) -> Result<Self, StoreError> {
        let currency = column::parse("invoice.currency", &row.currency)?;
        let money = |minor| Money::new(minor, currency);
        Ok(Self {
            id: row.id.into(),
            number: row.number,
            status: column::from_word("invoice.status", &row.status)?,
            subtotal: money(row.subtotal_minor),
            tax: money(row.tax_minor),
            total: money(row.total_minor),
            amount_due: money(row.due_minor),
            issued_on: column::date("invoice.issued_on", row.issued_on)?,
            due_on: column::date("invoice.due_on", row.due_on)?,
            period: column::period("invoice.period", row.period_start_on, row.period_end_on)?,
            created_at: column::time("invoice.created_at", row.created_at)?,
        })
    }
}
