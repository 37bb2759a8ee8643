//! Credit notes.

use jiff::civil::Date;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::InvoiceBody;
use portico_billing::page::{Direction, Page};
use portico_billing::{CreditNoteId, CustomerId, ExternalId, InvoiceId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::seek::Seek;
use crate::{Position, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, invoice_id, external_id, number, status, currency, subtotal_minor, \
        tax_minor, total_minor, reason, issued_on, created_at, updated_at"
    };
}

/// A page of a customer's: `"<", "DESC"`, or `">", "ASC"` where it is read backwards.
macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM credit_note WHERE organisation_id = $1 AND customer_id = $2 \
            AND (status = $3 OR $3 IS NULL) AND issued_on >= $4 AND issued_on <= $5 \
            AND (LOWER(number) LIKE $6 ESCAPE '\\' OR LOWER(external_id) LIKE $6 ESCAPE '\\') \
            AND (created_at, id) ",
            $beyond,
            " ($7, $8) ORDER BY created_at ",
            $direction,
            ", id ",
            $direction,
            " LIMIT $9"
        )
    };
}

statements! {
    INSERT = "INSERT INTO credit_note (organisation_id, id, customer_id, invoice_id, external_id, \
        number, status, currency, subtotal_minor, tax_minor, total_minor, reason, issued_on, body, \
        created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    UPDATE = "UPDATE credit_note SET customer_id = $3, invoice_id = $4, external_id = $5, \
        number = $6, status = $7, currency = $8, subtotal_minor = $9, tax_minor = $10, \
        total_minor = $11, reason = $12, issued_on = $13, body = $14, created_at = $15, \
        updated_at = $16 WHERE organisation_id = $1 AND id = $2";
    FIND = concat!("SELECT ", columns!(), " FROM credit_note \
        WHERE organisation_id = $1 AND id = $2");
    /// Changes nothing, but holds the row until the transaction ends.
    LOCK = concat!("UPDATE credit_note SET updated_at = updated_at \
        WHERE organisation_id = $1 AND id = $2 RETURNING ", columns!());
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM credit_note \
        WHERE organisation_id = $1 AND external_id = $2");
    FIND_OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM credit_note \
        WHERE organisation_id = $1 AND customer_id = $2 AND id = $3");
    OF_INVOICE = concat!("SELECT ", columns!(), " FROM credit_note \
        WHERE organisation_id = $1 AND invoice_id = $2 AND status = 'issued' \
        ORDER BY issued_on, id LIMIT 1000");
    BODY = "SELECT body FROM credit_note WHERE organisation_id = $1 AND id = $2";
    NUMBER_IN_USE = "SELECT id FROM credit_note WHERE organisation_id = $1 AND number = $2";
    ALL = concat!("SELECT ", columns!(), " FROM credit_note WHERE organisation_id = $1 \
        AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4");
    ALL_OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM credit_note \
        WHERE organisation_id = $1 AND (created_at, id) < ($2, $3) AND customer_id = $5 \
        ORDER BY created_at DESC, id DESC LIMIT $4");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
}

/// Which of a customer's credit notes, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreditNoteListFilter {
    /// Part of the number or the external id, in any case.
    pub search: String,
    /// State.
    pub status: Option<CreditNoteStatus>,
    /// Issued on this day or later.
    pub from: Option<Date>,
    /// Issued on this day or earlier.
    pub until: Option<Date>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Which of the organisation's credit notes, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNoteFilter {
    /// One customer's alone.
    pub customer: Option<CustomerId>,
    /// Where the list goes on.
    pub after: Position,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    invoice_id: Option<Uuid>,
    external_id: Option<String>,
    number: String,
    status: String,
    currency: String,
    subtotal_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    reason: Option<String>,
    issued_on: i64,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for CreditNote {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            invoice_id: row.invoice_id.map(InvoiceId::from),
            external_id: column::parse_opt("credit_note.external_id", row.external_id)?,
            number: row.number,
            status: column::from_word("credit_note.status", &row.status)?,
            currency: column::parse("credit_note.currency", &row.currency)?,
            subtotal_minor: row.subtotal_minor,
            tax_minor: row.tax_minor,
            total_minor: row.total_minor,
            reason: row.reason,
            issued_on: column::date("credit_note.issued_on", row.issued_on)?,
            created_at: column::time("credit_note.created_at", row.created_at)?,
            updated_at: column::time("credit_note.updated_at", row.updated_at)?,
        })
    }
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order.
macro_rules! write_credit_note {
    ($write:expr, $sql:expr, $it:expr, $body:expr) => {{
        let (tenant, it) = ($write.tenant(), $it);
        execute!(
            $write.conn,
            $sql,
            tenant,
            it.id.uuid(),
            it.customer_id.uuid(),
            it.invoice_id.map(InvoiceId::uuid),
            it.external_id.as_ref().map(ExternalId::as_str),
            &it.number,
            column::word(&it.status),
            it.currency.code(),
            it.subtotal_minor,
            it.tax_minor,
            it.total_minor,
            &it.reason,
            column::days(it.issued_on),
            Json($body),
            column::micros(it.created_at),
            column::micros(it.updated_at),
        )
    }};
}

impl Read {
    /// The credit note with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_note(
        &mut self,
        id: CreditNoteId,
    ) -> Result<Option<CreditNote>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(CreditNote::try_from).transpose()
    }

    /// The credit note with this identifier, where it is `customer`'s.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_note_of_customer(
        &mut self,
        customer: CustomerId,
        id: CreditNoteId,
    ) -> Result<Option<CreditNote>, StoreError> {
        let tenant = self.tenant();
        let row =
            fetch_optional!(self.conn, Row, FIND_OF_CUSTOMER, tenant, customer.uuid(), id.uuid())?;
        row.map(CreditNote::try_from).transpose()
    }

    /// A page of at most `size` of a customer's credit notes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_notes_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &CreditNoteListFilter,
        size: u16,
    ) -> Result<Page<CreditNote>, StoreError> {
        let (tenant, customer) = (self.tenant(), customer.uuid());
        let seek = Seek::new(filter.cursor.as_deref(), Direction::Desc, size);
        let sql = match seek.reading {
            Direction::Desc => OF_CUSTOMER_DOWN,
            Direction::Asc => OF_CUSTOMER_UP,
        };
        let rows = fetch_all!(
            self.conn,
            Row,
            sql,
            tenant,
            customer,
            filter.status.as_ref().map(column::word),
            filter.from.map_or(i64::MIN, column::days),
            filter.until.map_or(i64::MAX, column::days),
            search::pattern(&filter.search),
            seek.key,
            seek.id,
            seek.limit(),
        )?;
        seek.page(rows, |it: &CreditNote| (column::micros(it.created_at), it.id.uuid()))
    }

    /// The credit note with the organisation's own identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_note_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<CreditNote>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        row.map(CreditNote::try_from).transpose()
    }

    /// Which credit note has this printed number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_note_with_number(
        &mut self,
        number: &str,
    ) -> Result<Option<CreditNoteId>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Uuid,), NUMBER_IN_USE, tenant, number)?;
        Ok(row.map(|(id,)| id.into()))
    }

    /// The credit notes in force that settle an invoice, oldest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_notes_of_invoice(
        &mut self,
        invoice: InvoiceId,
    ) -> Result<Vec<CreditNote>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, OF_INVOICE, tenant, invoice.uuid())?;
        rows.into_iter().map(CreditNote::try_from).collect()
    }

    /// Lines, taxes and texts of a credit note; empty ones where there is no such note.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_note_body(&mut self, id: CreditNoteId) -> Result<InvoiceBody, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Json<InvoiceBody>,), BODY, tenant, id.uuid())?;
        Ok(row.map(|(body,)| body.0).unwrap_or_default())
    }

    /// The organisation's credit notes, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_notes(
        &mut self,
        filter: &CreditNoteFilter,
        limit: u16,
    ) -> Result<Vec<CreditNote>, StoreError> {
        let tenant = self.tenant();
        let (time, id) = (filter.after.micros(), filter.after.id());
        let limit = i64::from(limit);
        let rows = match filter.customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, ALL, tenant, time, id, limit),
            Some(customer) => {
                fetch_all!(self.conn, Row, ALL_OF_CUSTOMER, tenant, time, id, limit, customer)
            }
        }?;
        rows.into_iter().map(CreditNote::try_from).collect()
    }
}

impl Write {
    /// The credit note; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// `Affected` where there is no such credit note, or where the database fails.
    pub async fn credit_note_for_update(
        &mut self,
        id: CreditNoteId,
    ) -> Result<CreditNote, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        let what = "look-up of a credit note to change";
        row.ok_or(StoreError::Affected { what, expected: 1, met: 0 })?.try_into()
    }

    /// Adds a credit note; what it settles and its totals are the caller's to change.
    ///
    /// # Errors
    /// `Duplicate` where external id or number are in use, or where the database fails.
    pub async fn insert_credit_note(
        &mut self,
        it: &CreditNote,
        body: &InvoiceBody,
    ) -> Result<(), StoreError> {
        write_credit_note!(self, INSERT, it, body)?;
        Ok(())
    }

    /// Replaces a credit note; what it settles and its totals are the caller's to change.
    ///
    /// # Errors
    /// `Duplicate` where external id or number are in use, or where the database fails.
    pub async fn update_credit_note(
        &mut self,
        it: &CreditNote,
        body: &InvoiceBody,
    ) -> Result<(), StoreError> {
        let met = write_credit_note!(self, UPDATE, it, body)?;
        StoreError::expect_one("update of a credit note", met)
    }
}
