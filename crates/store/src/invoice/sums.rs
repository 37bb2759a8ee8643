//! What a customer still has to pay.

use jiff::civil::Date;
use portico_billing::invoice::Invoice;
use portico_billing::{Currency, CustomerId, Money};

use super::{Row, columns};
use crate::{Read, StoreError, column};

statements! {
    /// Answered by the index `invoice_payable` alone.
    OVERDUE = "SELECT currency, COUNT(*) AS invoices, CAST(SUM(due_minor) AS BIGINT) AS due_minor \
        FROM invoice WHERE organisation_id = $1 AND customer_id = $2 \
        AND status IN ('open', 'partially_paid') AND due_on < $3 \
        GROUP BY currency ORDER BY currency";
    NEXT_DUE = concat!("SELECT ", columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 \
        AND status IN ('open', 'partially_paid') AND due_on >= $3 \
        ORDER BY due_on, currency, due_minor LIMIT 1");
}

/// What is to be paid in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayableSum {
    /// How much.
    pub due: Money,
    /// How many invoices.
    pub count: u32,
}

#[derive(sqlx::FromRow)]
struct SumRow {
    currency: String,
    invoices: i64,
    due_minor: i64,
}

impl Read {
    /// What a customer should have paid before `today`, per currency.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_sums(
        &mut self,
        customer: CustomerId,
        today: Date,
    ) -> Result<Vec<PayableSum>, StoreError> {
        let tenant = self.tenant();
        let day = column::days(today);
        let rows = fetch_all!(self.conn, SumRow, OVERDUE, tenant, customer.uuid(), day)?;
        rows.into_iter()
            .map(|row| {
                let currency: Currency = column::parse("invoice.currency", &row.currency)?;
                let count = column::narrow("invoice.count", row.invoices)?;
                Ok(PayableSum { due: Money::new(row.due_minor, currency), count })
            })
            .collect()
    }

    /// The payable invoice that is due next, `today` or later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_due_invoice(
        &mut self,
        customer: CustomerId,
        today: Date,
    ) -> Result<Option<Invoice>, StoreError> {
        let tenant = self.tenant();
        let day = column::days(today);
        let row = fetch_optional!(self.conn, Row, NEXT_DUE, tenant, customer.uuid(), day)?;
        row.map(Invoice::try_from).transpose()
    }
}
