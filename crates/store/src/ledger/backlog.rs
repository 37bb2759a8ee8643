//! Posting the documents of releases that had no ledger, so that statements begin with the first.

use jiff::Timestamp;
use portico_billing::ledger::{Booking, Posting};
use portico_billing::{CustomerId, OrganisationId};
use uuid::Uuid;

use crate::credit_note::CreditNoteFilter;
use crate::invoice::InvoiceFilter;
use crate::payment::PaymentFilter;
use crate::{Position, Store, StoreError, Write};

/// Documents that are posted at a time.
const CHUNK: u16 = 1_000;

statements! {
    NEXT = "SELECT organisation_id, customer_id FROM ledger_backlog \
        ORDER BY organisation_id, customer_id LIMIT 1000";
    TAKE = "DELETE FROM ledger_backlog WHERE organisation_id = $1 AND customer_id = $2";
}

impl Store {
    /// Posts what waits, one customer at a time: where it is interrupted, it goes on with the next.
    /// To be done before the database is worked with.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn post_backlog(&self, now: Timestamp) -> Result<(), StoreError> {
        loop {
            let nobody = OrganisationId::from(Uuid::nil());
            let mut read = self.read(nobody).await?;
            let waiting = fetch_all!(read.conn, (Uuid, Uuid), NEXT)?;
            drop(read);
            if waiting.is_empty() {
                return Ok(());
            }
            for (organisation, customer) in waiting {
                let mut write = self.write(organisation.into()).await?;
                if execute!(write.conn, TAKE, organisation, customer)? == 1 {
                    write.post_documents(customer.into(), now).await?;
                }
                write.commit().await?;
            }
        }
    }
}

impl Write {
    async fn post_documents(
        &mut self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut after = Position::START;
        loop {
            let filter = InvoiceFilter {
                customer: Some(customer),
                status: None,
                issued_from: None,
                issued_until: None,
                after,
            };
            let invoices = self.invoices(&filter, CHUNK).await?;
            let Some(last) = invoices.last() else { break };
            after = Position::behind(last.created_at, last.id.uuid());
            self.post_first(customer, invoices.iter().map(Booking::of_invoice), now).await?;
        }
        let mut after = Position::START;
        loop {
            let filter = CreditNoteFilter { customer: Some(customer), after };
            let notes = self.credit_notes(&filter, CHUNK).await?;
            let Some(last) = notes.last() else { break };
            after = Position::behind(last.created_at, last.id.uuid());
            self.post_first(customer, notes.iter().map(Booking::of_credit_note), now).await?;
        }
        let mut after = Position::START;
        loop {
            let filter = PaymentFilter { customer: Some(customer), ..PaymentFilter::default() };
            let payments = self.payments(&filter, after, CHUNK).await?;
            let Some(last) = payments.last() else { return Ok(()) };
            after = Position::behind(last.created_at, last.id.uuid());
            self.post_first(customer, payments.iter().map(Booking::of_payment), now).await?;
        }
    }

    async fn post_first(
        &mut self,
        customer: CustomerId,
        bookings: impl Iterator<Item = Booking>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let posting = |it: Booking| (customer, it.posting(None, now));
        let postings: Vec<(CustomerId, Posting)> = bookings.map(posting).collect();
        self.post(postings, now).await
    }
}
