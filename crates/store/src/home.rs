//! What the staff's first page shows of the organisation. What it costs does not depend on how much
//! there is: sums are of so many rows at most, and say so.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Currency, CustomerId, Money, PaymentId};
use uuid::Uuid;

use crate::invoice::due_by;
use crate::{Read, StoreError, column};

statements! {
    /// Answered by the index `invoice_payable_by_due` alone, the longest overdue first.
    PAYABLE = concat!("SELECT currency, COUNT(*) AS invoices, \
        CAST(SUM(due_minor) AS BIGINT) AS due_minor, \
        CAST(SUM(CASE WHEN due_on < $2 THEN 1 ELSE 0 END) AS BIGINT) AS overdue, \
        CAST(SUM(CASE WHEN due_on < $2 THEN late_minor ELSE 0 END) AS BIGINT) AS overdue_minor \
        FROM (SELECT due_on, currency, due_minor, ", due_by!("$2 - 1"), " AS late_minor \
        FROM invoice WHERE organisation_id = $1 AND status IN ('open', 'partially_paid') \
        ORDER BY due_on, currency, due_minor LIMIT $3) \
        AS payable GROUP BY currency ORDER BY currency");
    COUNT_NEW = "SELECT COUNT(*) FROM (SELECT 1 FROM customer WHERE organisation_id = $1 \
        AND created_at >= $2 LIMIT $3) AS new";
    COUNT_WAITING = "SELECT COUNT(*) FROM (SELECT 1 FROM customer WHERE organisation_id = $1 \
        AND status = 'pending_approval' LIMIT $2) AS waiting";
    NEWEST_PAYMENTS = "SELECT p.id, p.customer_id, c.name AS customer_name, p.kind, p.status, \
        p.amount_minor, p.currency, p.method, p.method_label, p.paid_at FROM payment p \
        JOIN customer c ON c.organisation_id = p.organisation_id AND c.id = p.customer_id \
        WHERE p.organisation_id = $1 ORDER BY p.created_at DESC, p.id DESC LIMIT $2";
}

/// Most invoices that are added up.
const MOST_PAYABLE: i64 = 9_000;
/// Most customers that are counted.
pub const MOST_COUNTED: u32 = 1_000;

/// What all customers together have to pay in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayableTotal {
    /// What is to be paid, due or not.
    pub due: Money,
    /// How many invoices that are.
    pub invoices: u32,
    /// What of it should have been paid before today.
    pub overdue: Money,
    /// How many invoices that are.
    pub overdue_invoices: u32,
    /// Whether there may be more than were added up.
    pub at_least: bool,
}

/// A payment or refund with the name of who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestPayment {
    /// Identifier.
    pub id: PaymentId,
    /// Who paid.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Payment or refund.
    pub kind: PaymentKind,
    /// State.
    pub status: PaymentStatus,
    /// Amount, positive for refunds too.
    pub amount: Money,
    /// Kind of method.
    pub method: String,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// When the money moved.
    pub paid_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct PayableRow {
    currency: String,
    invoices: i64,
    due_minor: i64,
    overdue: i64,
    overdue_minor: i64,
}

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: Uuid,
    customer_id: Uuid,
    customer_name: String,
    kind: String,
    status: String,
    amount_minor: i64,
    currency: String,
    method: String,
    method_label: Option<String>,
    paid_at: i64,
}

impl TryFrom<PaymentRow> for NewestPayment {
    type Error = StoreError;

    fn try_from(row: PaymentRow) -> Result<Self, StoreError> {
        let currency = column::parse("payment.currency", &row.currency)?;
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            customer_name: row.customer_name,
            kind: column::from_word("payment.kind", &row.kind)?,
            status: column::from_word("payment.status", &row.status)?,
            amount: Money::new(row.amount_minor, currency),
            method: row.method,
            method_label: row.method_label,
            paid_at: column::time("payment.paid_at", row.paid_at)?,
        })
    }
}

impl Read {
    /// What all customers have to pay, per currency, with what of it was due before `today`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payable_totals(&mut self, today: Date) -> Result<Vec<PayableTotal>, StoreError> {
        let (tenant, day) = (self.tenant(), column::days(today));
        let rows = fetch_all!(self.conn, PayableRow, PAYABLE, tenant, day, MOST_PAYABLE)?;
        let at_least = rows.iter().map(|row| row.invoices).sum::<i64>() >= MOST_PAYABLE;
        let total = |row: PayableRow| {
            let currency: Currency = column::parse("invoice.currency", &row.currency)?;
            Ok(PayableTotal {
                due: Money::new(row.due_minor, currency),
                invoices: column::narrow("invoice.count", row.invoices)?,
                overdue: Money::new(row.overdue_minor, currency),
                overdue_invoices: column::narrow("invoice.count", row.overdue)?,
                at_least,
            })
        };
        rows.into_iter().map(total).collect()
    }

    /// How many customers were made since, counted up to [`MOST_COUNTED`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_new_customers(&mut self, since: Timestamp) -> Result<u32, StoreError> {
        let (tenant, since) = (self.tenant(), column::micros(since));
        let most = i64::from(MOST_COUNTED);
        let row = fetch_optional!(self.conn, (i64,), COUNT_NEW, tenant, since, most)?;
        column::narrow("customer.count", row.map_or(0, |(count,)| count))
    }

    /// How many customers wait for approval, counted up to [`MOST_COUNTED`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_waiting_customers(&mut self) -> Result<u32, StoreError> {
        let (tenant, most) = (self.tenant(), i64::from(MOST_COUNTED));
        let row = fetch_optional!(self.conn, (i64,), COUNT_WAITING, tenant, most)?;
        column::narrow("customer.count", row.map_or(0, |(count,)| count))
    }

    /// The newest payments and refunds of all customers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_payments(&mut self, limit: u16) -> Result<Vec<NewestPayment>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, PaymentRow, NEWEST_PAYMENTS, tenant, limit)?;
        rows.into_iter().map(NewestPayment::try_from).collect()
    }
}
