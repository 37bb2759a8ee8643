//! The organisation's invoices, newest first.

use jiff::civil::Date;
use portico_billing::CustomerId;
use portico_billing::invoice::{Invoice, InvoiceStatus};

use super::page::day_range;
use super::{Row, columns};
use crate::{Position, Read, StoreError};

/// Which of the organisation's invoices, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// One customer's alone.
    pub customer: Option<CustomerId>,
    /// Stored state.
    pub status: Option<InvoiceStatus>,
    /// Issued on this day or later.
    pub issued_from: Option<Date>,
    /// Issued on this day or earlier.
    pub issued_until: Option<Date>,
    /// Where the list goes on.
    pub after: Position,
}

statements! {
    ALL = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND (created_at, id) < ($2, $3) AND ($4 = '' OR status = $4) \
        AND +issued_on >= $5 AND +issued_on <= $6 ORDER BY created_at DESC, id DESC LIMIT $7");
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND (created_at, id) < ($2, $3) AND ($4 = '' OR status = $4) \
        AND +issued_on >= $5 AND +issued_on <= $6 AND customer_id = $8 \
        ORDER BY created_at DESC, id DESC LIMIT $7");
}

impl Read {
    /// The organisation's invoices, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoices(
        &mut self,
        filter: &InvoiceFilter,
        limit: u16,
    ) -> Result<Vec<Invoice>, StoreError> {
        let tenant = self.tenant();
        let (time, id) = (filter.after.micros(), filter.after.id());
        let status = filter.status.map_or("", InvoiceStatus::as_str);
        let (first, last) = day_range(filter.issued_from, filter.issued_until);
        let limit = i64::from(limit);
        let rows = match filter.customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, ALL, tenant, time, id, status, first, last, limit),
            Some(customer) => fetch_all!(
                self.conn,
                Row,
                OF_CUSTOMER,
                tenant,
                time,
                id,
                status,
                first,
                last,
                limit,
                customer,
            ),
        }?;
        self.whole(rows).await
    }
}
