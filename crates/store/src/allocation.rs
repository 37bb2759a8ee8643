//! Allocations: which part of a payment settles which invoice, and which part a refund reopens.

use jiff::civil::Date;
use portico_billing::payment::Allocation;
use portico_billing::{InvoiceId, Money, PaymentId};
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    DELETE = "DELETE FROM allocation WHERE organisation_id = $1 AND payment_id = $2";
    OF_PAYMENT = "SELECT payment_id, invoice_id, amount_minor FROM allocation \
        WHERE organisation_id = $1 AND payment_id = $2 ORDER BY invoice_id";
    ALLOCATED = "SELECT payment_id, invoice_id, number, issued_on, currency, amount_minor \
        FROM (SELECT a.payment_id, a.invoice_id, i.number, i.issued_on, i.currency, \
        a.amount_minor, ROW_NUMBER() OVER (PARTITION BY a.payment_id \
        ORDER BY a.amount_minor DESC, a.invoice_id) AS place \
        FROM allocation AS a JOIN invoice AS i \
        ON i.organisation_id = a.organisation_id AND i.id = a.invoice_id \
        WHERE a.organisation_id = $1 AND a.payment_id IN ($3/*+list*/)) AS ranked \
        WHERE place <= $2 ORDER BY payment_id, place";
    /// What refunds that succeeded reopened of what the payment had settled.
    REOPENED = "SELECT payment_id, invoice_id, amount_minor FROM allocation \
        WHERE organisation_id = $1 AND payment_id IN (SELECT id FROM payment \
        WHERE organisation_id = $1 AND parent_id = $2 AND status = 'succeeded')";
}

/// Payments, or allocations, of one statement.
const CHUNK: usize = 1_000;

#[derive(sqlx::FromRow)]
struct Row {
    payment_id: Uuid,
    invoice_id: Uuid,
    amount_minor: i64,
}

impl From<Row> for Allocation {
    fn from(row: Row) -> Self {
        Self {
            payment_id: row.payment_id.into(),
            invoice_id: row.invoice_id.into(),
            amount_minor: row.amount_minor,
        }
    }
}

/// An allocation with what people read of the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocatedInvoice {
    /// The payment or refund.
    pub payment_id: PaymentId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: Option<String>,
    /// Its date.
    pub issued_on: Date,
    /// The part.
    pub amount: Money,
}

#[derive(sqlx::FromRow)]
struct AllocatedRow {
    payment_id: Uuid,
    invoice_id: Uuid,
    number: Option<String>,
    issued_on: i64,
    currency: String,
    amount_minor: i64,
}

impl TryFrom<AllocatedRow> for AllocatedInvoice {
    type Error = StoreError;

    fn try_from(row: AllocatedRow) -> Result<Self, StoreError> {
        let currency = column::parse("invoice.currency", &row.currency)?;
        Ok(Self {
            payment_id: row.payment_id.into(),
            invoice_id: row.invoice_id.into(),
            number: row.number,
            issued_on: column::date("invoice.issued_on", row.issued_on)?,
            amount: Money::new(row.amount_minor, currency),
        })
    }
}

impl Read {
    /// The allocations of one payment or refund, by invoice.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn allocations(&mut self, id: PaymentId) -> Result<Vec<Allocation>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, OF_PAYMENT, tenant, id.uuid())?;
        Ok(rows.into_iter().map(Allocation::from).collect())
    }

    /// What refunds that succeeded reopened of what a payment had settled: their allocations.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn reopened_allocations(
        &mut self,
        id: PaymentId,
    ) -> Result<Vec<Allocation>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, REOPENED, tenant, id.uuid())?;
        Ok(rows.into_iter().map(Allocation::from).collect())
    }

    /// The allocations of many payments and refunds with their invoices, the largest of each
    /// payment first, at most `most` of each.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn allocated_invoices(
        &mut self,
        payments: &[PaymentId],
        most: u16,
    ) -> Result<Vec<AllocatedInvoice>, StoreError> {
        let tenant = self.tenant();
        let mut found = Vec::new();
        for chunk in payments.chunks(CHUNK) {
            let (most, ids) = (i64::from(most), chunk.iter().map(|id| id.uuid()));
            let rows = fetch_listed!(self.conn, AllocatedRow, ALLOCATED, [tenant, most], ids)?;
            for row in rows {
                found.push(row.try_into()?);
            }
        }
        Ok(found)
    }
}

impl Write {
    /// Replaces the allocations of one payment or refund; what the invoices are settled by is the
    /// caller's to change.
    ///
    /// # Errors
    /// `Duplicate` where an invoice is named twice, or where the database fails.
    pub async fn put_allocations(
        &mut self,
        payment: PaymentId,
        allocations: &[Allocation],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE, tenant, payment.uuid())?;
        self.insert_allocations(allocations).await
    }

    /// Adds the allocations of payments and refunds that have none.
    ///
    /// # Errors
    /// `Duplicate` where an invoice is named twice, or where the database fails.
    pub async fn insert_allocations(&mut self, them: &[Allocation]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in them.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO allocation (organisation_id, payment_id, invoice_id, amount_minor) ",
                chunk,
                |tuple, it| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(it.payment_id.uuid())
                        .push_bind(it.invoice_id.uuid())
                        .push_bind(it.amount_minor);
                }
            )?;
        }
        Ok(())
    }
}
