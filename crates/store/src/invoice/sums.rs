//! What a customer still has to pay.

use jiff::civil::Date;
use portico_billing::invoice::Invoice;
use portico_billing::{Currency, CustomerId, Money};

use super::{Row, columns, due_by};
use crate::{Read, StoreError, column};

statements! {
    /// Answered by the index `invoice_payable` alone, the longest overdue first; of instalments
    /// those alone that are overdue.
    OVERDUE = concat!("SELECT currency, COUNT(*) AS invoices, \
        CAST(SUM(late_minor) AS BIGINT) AS due_minor \
        FROM (SELECT currency, ", due_by!("$3 - 1"), " AS late_minor FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 \
        AND status IN ('open', 'partially_paid') AND due_on < $3 \
        ORDER BY due_on, currency, due_minor LIMIT $4) AS overdue \
        GROUP BY currency ORDER BY currency");
    NEXT_DUE = concat!("SELECT ", columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 \
        AND status IN ('open', 'partially_paid') AND due_on >= $3 \
        ORDER BY due_on, currency, due_minor LIMIT 1");
    /// Along the index `invoice_payable`: an engine that compares the currency by itself takes
    /// another order than that of the index for the same one, and sorts.
    PAYABLE = concat!("SELECT ", columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency || '' = $3 \
        AND status IN ('open', 'partially_paid') ORDER BY due_on, currency, due_minor LIMIT $4");
    /// The same, answered by the index alone; of instalments each that is open.
    OPEN_DUES = "SELECT due_on, due_minor FROM (SELECT due_on, due_minor FROM invoice \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency || '' = $3 \
        AND status IN ('open', 'partially_paid') AND instalments = 0 \
        ORDER BY due_on, currency, due_minor LIMIT $4) AS at_once \
        UNION ALL SELECT part.due_on, CASE WHEN invoice.due_minor - part.rest_minor \
        < part.amount_minor THEN invoice.due_minor - part.rest_minor ELSE part.amount_minor END \
        FROM invoice JOIN invoice_instalment AS part \
        ON part.organisation_id = invoice.organisation_id AND part.invoice_id = invoice.id \
        AND part.rest_minor < invoice.due_minor \
        WHERE invoice.organisation_id = $1 AND invoice.customer_id = $2 \
        AND invoice.currency || '' = $3 AND invoice.status IN ('open', 'partially_paid') \
        AND invoice.instalments > 0 LIMIT $4";
}

/// Most overdue invoices that are added up: what the first page costs must not depend on how many
/// there are. So many of the largest amounts fit 64 bits.
pub const MOST_OVERDUE: u32 = 9_000;

/// What is to be paid in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayableSum {
    /// How much.
    pub due: Money,
    /// How many invoices.
    pub count: u32,
    /// Whether there may be more than were added up.
    pub at_least: bool,
}

#[derive(sqlx::FromRow)]
struct SumRow {
    currency: String,
    invoices: i64,
    due_minor: i64,
}

fn payable_sums(rows: Vec<SumRow>) -> Result<Vec<PayableSum>, StoreError> {
    let most = i64::from(MOST_OVERDUE);
    let at_least = rows.iter().map(|row| row.invoices).sum::<i64>() >= most;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = column::parse("invoice.currency", &row.currency)?;
            let count = column::narrow("invoice.count", row.invoices)?;
            let due = Money::new(row.due_minor, currency);
            Ok(PayableSum { due, count, at_least })
        })
        .collect()
}

impl Read {
    /// What a customer should have paid before `today`, per currency. Of more than
    /// [`MOST_OVERDUE`] invoices those that are overdue for longest.
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
        let most = i64::from(MOST_OVERDUE);
        let rows = fetch_all!(self.conn, SumRow, OVERDUE, tenant, customer.uuid(), day, most)?;
        payable_sums(rows)
    }

    /// A customer's invoices of one currency that money is expected for, due first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payable_invoices(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        limit: u16,
    ) -> Result<Vec<Invoice>, StoreError> {
        let (tenant, customer, limit) = (self.tenant(), customer.uuid(), i64::from(limit));
        let code = currency.code();
        let rows = fetch_all!(self.conn, Row, PAYABLE, tenant, customer, code, limit)?;
        self.whole(rows).await
    }

    /// Of invoices of one currency that money is expected for: the last day to pay, and what is to
    /// be paid in minor units; of instalments each that is open. At most `limit` of both together.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn open_dues(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        limit: u32,
    ) -> Result<Vec<(Date, i64)>, StoreError> {
        let (tenant, customer, limit) = (self.tenant(), customer.uuid(), i64::from(limit));
        let code = currency.code();
        let rows = fetch_all!(self.conn, (i64, i64), OPEN_DUES, tenant, customer, code, limit)?;
        rows.into_iter()
            .map(|(day, minor)| Ok((column::date("invoice.due_on", day)?, minor)))
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
        self.whole_one(row).await
    }
}
