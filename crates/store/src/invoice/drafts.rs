//! A customer's invoices that are not issued yet: the staff's alone to see.

use portico_billing::CustomerId;
use portico_billing::invoice::InvoiceSummary;

use super::summary::{SummaryRow, summary_columns};
use crate::{Read, StoreError};

statements! {
    /// Answered by the index `invoice_draft`.
    DRAFTS = concat!("SELECT ", summary_columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND customer_id = $2 AND status = 'draft' ORDER BY created_at DESC, id DESC LIMIT $3");
}

impl Read {
    /// The newest drafts of a customer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn draft_invoices(
        &mut self,
        customer: CustomerId,
        limit: u16,
    ) -> Result<Vec<InvoiceSummary>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, SummaryRow, DRAFTS, tenant, customer.uuid(), limit)?;
        self.summaries(rows).await
    }
}
