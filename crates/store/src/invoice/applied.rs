//! The payments that settled an invoice.

use jiff::Timestamp;
use portico_billing::{InvoiceId, PaymentId};
use uuid::Uuid;

use crate::{Read, StoreError, column};

statements! {
    /// What a refund reopened counts against what its payment settled.
    APPLIED_PAYMENTS = "SELECT payment.id, payment.paid_at, payment.method, payment.method_label, \
        CASE WHEN payment.kind = 'refund' THEN -allocation.amount_minor \
        ELSE allocation.amount_minor END AS amount_minor FROM allocation JOIN payment \
        ON payment.organisation_id = allocation.organisation_id \
        AND payment.id = allocation.payment_id \
        WHERE allocation.organisation_id = $1 AND allocation.invoice_id = $2 \
        AND payment.status = 'succeeded' ORDER BY payment.paid_at, payment.id LIMIT 1000";
}

/// A payment that settled a part of an invoice, or a refund that reopened one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedPayment {
    /// The payment.
    pub id: PaymentId,
    /// When the money moved.
    pub paid_at: Timestamp,
    /// Kind of method.
    pub method: String,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// The part, minor units of the invoice's currency; negative where it was reopened.
    pub amount_minor: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    paid_at: i64,
    method: String,
    method_label: Option<String>,
    amount_minor: i64,
}

impl Read {
    /// The payments that settled an invoice and the refunds that reopened it, oldest first, at most
    /// 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments_of_invoice(
        &mut self,
        invoice: InvoiceId,
    ) -> Result<Vec<AppliedPayment>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, APPLIED_PAYMENTS, tenant, invoice.uuid())?;
        rows.into_iter()
            .map(|row| {
                Ok(AppliedPayment {
                    id: row.id.into(),
                    paid_at: column::time("payment.paid_at", row.paid_at)?,
                    method: row.method,
                    method_label: row.method_label,
                    amount_minor: row.amount_minor,
                })
            })
            .collect()
    }
}
