//! Invoices: the figures that lists show. Lines and texts are in [`body`], lists in [`page`].

mod all;
mod applied;
mod body;
mod drafts;
mod instalments;
mod page;
mod summary;
mod sums;

use jiff::Timestamp;
use portico_billing::invoice::{Instalments, Invoice, InvoiceFigures, Period};
use portico_billing::{CustomerId, ExternalId, InvoiceId};
use uuid::Uuid;

pub use all::InvoiceFilter;
pub use applied::AppliedPayment;
pub use instalments::PutOff;
pub(crate) use instalments::due_by;
pub use page::{InvoiceListFilter, InvoiceOrder};
pub use sums::{MOST_OVERDUE, PayableSum};

use crate::{Read, StoreError, Write, column};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, number, status, currency, subtotal_minor, tax_minor, \
        total_minor, paid_minor, credited_minor, prepaid_minor, paid_elsewhere_minor, issued_on, \
        due_on, instalments, period_start_on, period_end_on, created_at, updated_at"
    };
}
use columns;

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;
const INSERT: &str = "INSERT INTO invoice (organisation_id, id, customer_id, external_id, number, \
    status, currency, subtotal_minor, tax_minor, total_minor, paid_minor, credited_minor, \
    prepaid_minor, paid_elsewhere_minor, due_minor, issued_on, due_on, instalments, \
    period_start_on, period_end_on, period_order, created_at, updated_at) ";

statements! {
    UPDATE = "UPDATE invoice SET customer_id = $3, external_id = $4, number = $5, status = $6, \
        currency = $7, subtotal_minor = $8, tax_minor = $9, total_minor = $10, paid_minor = $11, \
        credited_minor = $12, prepaid_minor = $13, paid_elsewhere_minor = $14, due_minor = $15, \
        issued_on = $16, due_on = $17, instalments = $18, period_start_on = $19, \
        period_end_on = $20, period_order = $21, created_at = $22, updated_at = $23 \
        WHERE organisation_id = $1 AND id = $2";
    SETTLE = "UPDATE invoice SET status = $3, paid_minor = $4, credited_minor = $5, \
        paid_elsewhere_minor = $6, due_minor = $7, due_on = $8, updated_at = $9 \
        WHERE organisation_id = $1 AND id = $2";
    FIND = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 AND id = $2");
    /// Changes nothing, but holds the row until the transaction ends.
    LOCK = concat!("UPDATE invoice SET updated_at = updated_at \
        WHERE organisation_id = $1 AND id = $2 RETURNING ", columns!());
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND external_id = $2");
    NUMBERS = "SELECT id, number FROM invoice \
        WHERE organisation_id = $1 AND id IN ($2/*+list*/)";
    EXTERNAL_IDS = "SELECT external_id FROM invoice \
        WHERE organisation_id = $1 AND external_id IN ($2/*+list*/)";
    FIND_BY_NUMBER = concat!("SELECT ", columns!(), " FROM invoice \
        WHERE organisation_id = $1 AND number = $2");
    FIND_OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM invoice WHERE organisation_id = $1 \
        AND customer_id = $2 AND id = $3 AND status <> 'draft'");
}

/// The SQL texts of the whole folder.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    let mut all = [
        STATEMENTS,
        all::STATEMENTS,
        applied::STATEMENTS,
        body::STATEMENTS,
        drafts::STATEMENTS,
        instalments::STATEMENTS,
        page::STATEMENTS,
        sums::STATEMENTS,
    ]
    .concat();
    all.extend(page::list_statements());
    all
}

/// An invoice that something settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// As it was.
    pub before: Invoice,
    /// As it is now.
    pub after: Invoice,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    number: Option<String>,
    status: String,
    currency: String,
    subtotal_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    paid_minor: i64,
    credited_minor: i64,
    prepaid_minor: i64,
    paid_elsewhere_minor: i64,
    issued_on: i64,
    /// Of one in instalments the day of the first that is open, else the last day to pay.
    due_on: i64,
    /// How many it has.
    instalments: i64,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    /// The invoice with its instalments.
    fn with(self, instalments: Instalments) -> Result<Invoice, StoreError> {
        let due_on = column::date("invoice.due_on", self.due_on)?;
        Ok(Invoice {
            id: self.id.into(),
            customer_id: self.customer_id.into(),
            external_id: column::parse_opt("invoice.external_id", self.external_id)?,
            number: self.number,
            status: column::from_word("invoice.status", &self.status)?,
            currency: column::parse("invoice.currency", &self.currency)?,
            figures: InvoiceFigures {
                subtotal_minor: self.subtotal_minor,
                tax_minor: self.tax_minor,
                total_minor: self.total_minor,
                paid_minor: self.paid_minor,
                credited_minor: self.credited_minor,
                prepaid_minor: self.prepaid_minor,
                paid_elsewhere_minor: self.paid_elsewhere_minor,
            },
            issued_on: column::date("invoice.issued_on", self.issued_on)?,
            due_on: instalments.last_day().unwrap_or(due_on),
            instalments,
            period: column::period("invoice.period", self.period_start_on, self.period_end_on)?,
            created_at: column::time("invoice.created_at", self.created_at)?,
            updated_at: column::time("invoice.updated_at", self.updated_at)?,
        })
    }
}

impl Read {
    /// The invoice with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice(&mut self, id: InvoiceId) -> Result<Option<Invoice>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        self.whole_one(row).await
    }

    /// The invoice with this identifier, where it is `customer`'s and no draft.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice_of_customer(
        &mut self,
        customer: CustomerId,
        id: InvoiceId,
    ) -> Result<Option<Invoice>, StoreError> {
        let tenant = self.tenant();
        let row =
            fetch_optional!(self.conn, Row, FIND_OF_CUSTOMER, tenant, customer.uuid(), id.uuid(),)?;
        self.whole_one(row).await
    }

    /// The numbers of some invoices, by one query for all of them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice_numbers(
        &mut self,
        ids: &[InvoiceId],
    ) -> Result<Vec<(InvoiceId, Option<String>)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant();
        let ids = ids.iter().map(|id| id.uuid());
        let rows = fetch_listed!(self.conn, (Uuid, Option<String>), NUMBERS, [tenant], ids)?;
        Ok(rows.into_iter().map(|(id, number)| (id.into(), number)).collect())
    }

    /// The invoice with the organisation's own identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<Invoice>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        self.whole_one(row).await
    }

    /// Which of these identifiers of the organisation invoices have; at most 1,000 are asked for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn external_ids_of_invoices(
        &mut self,
        ids: &[ExternalId],
    ) -> Result<Vec<ExternalId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant();
        let ids = ids.iter().map(ExternalId::as_str);
        let rows = fetch_listed!(self.conn, (String,), EXTERNAL_IDS, [tenant], ids)?;
        let parse = |(id,): (String,)| column::parse("invoice.external_id", &id);
        rows.into_iter().map(parse).collect()
    }

    /// The invoice with this printed number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn invoice_by_number(&mut self, number: &str) -> Result<Option<Invoice>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_NUMBER, tenant, number)?;
        self.whole_one(row).await
    }
}

impl Write {
    /// Adds invoices without their bodies; their totals are the caller's to add.
    ///
    /// # Errors
    /// `Duplicate` where an external id or a number is in use, or where the database fails.
    pub async fn insert_invoices(&mut self, invoices: &[Invoice]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in invoices.chunks(CHUNK) {
            insert_rows!(self.conn, INSERT, chunk, |tuple, it| {
                tuple
                    .push_bind(tenant)
                    .push_bind(it.id.uuid())
                    .push_bind(it.customer_id.uuid())
                    .push_bind(it.external_id.as_ref().map(ExternalId::as_str))
                    .push_bind(it.number.as_deref())
                    .push_bind(it.status.as_str())
                    .push_bind(it.currency.code())
                    .push_bind(it.figures.subtotal_minor)
                    .push_bind(it.figures.tax_minor)
                    .push_bind(it.figures.total_minor)
                    .push_bind(it.figures.paid_minor)
                    .push_bind(it.figures.credited_minor)
                    .push_bind(it.figures.prepaid_minor)
                    .push_bind(it.figures.paid_elsewhere_minor)
                    .push_bind(it.remaining().minor())
                    .push_bind(column::days(it.issued_on))
                    .push_bind(column::days(it.next_due_on()))
                    .push_bind(count(it))
                    .push_bind(it.period.map(|period| column::days(period.start())))
                    .push_bind(it.period.map(|period| column::days(period.end_exclusive())))
                    .push_bind(period_order(it.period))
                    .push_bind(column::micros(it.created_at))
                    .push_bind(column::micros(it.updated_at));
            })?;
        }
        self.insert_instalments(invoices).await
    }

    /// Replaces an invoice without its body; its totals are the caller's to change.
    ///
    /// # Errors
    /// `Duplicate` where external id or number are in use, or where the database fails.
    pub async fn update_invoice(&mut self, it: &Invoice) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            UPDATE,
            tenant,
            it.id.uuid(),
            it.customer_id.uuid(),
            it.external_id.as_ref().map(ExternalId::as_str),
            &it.number,
            it.status.as_str(),
            it.currency.code(),
            it.figures.subtotal_minor,
            it.figures.tax_minor,
            it.figures.total_minor,
            it.figures.paid_minor,
            it.figures.credited_minor,
            it.figures.prepaid_minor,
            it.figures.paid_elsewhere_minor,
            it.remaining().minor(),
            column::days(it.issued_on),
            column::days(it.next_due_on()),
            count(it),
            it.period.map(|period| column::days(period.start())),
            it.period.map(|period| column::days(period.end_exclusive())),
            period_order(it.period),
            column::micros(it.created_at),
            column::micros(it.updated_at),
        )?;
        StoreError::expect_one("update of an invoice", met)?;
        self.replace_instalments(it).await
    }

    /// Adds to what payments and credit notes settled of an invoice (a negative amount takes
    /// back): its state, what remains of it and when that is due follow.
    ///
    /// That the invoice can take so much is the caller's to check, its totals are the caller's to
    /// change.
    ///
    /// # Errors
    /// `Affected` where there is no such invoice, or where the database fails.
    pub async fn settle_invoice(
        &mut self,
        id: InvoiceId,
        paid_minor: i64,
        credited_minor: i64,
        now: Timestamp,
    ) -> Result<Settled, StoreError> {
        let before = self.invoice_for_update(id).await?;
        let mut after = Invoice { updated_at: now, ..before.clone() };
        after.settle_by(paid_minor, credited_minor);
        self.store_settlement(&after).await?;
        Ok(Settled { before, after })
    }

    /// The invoice; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// `Affected` where there is no such invoice, or where the database fails.
    pub async fn invoice_for_update(&mut self, id: InvoiceId) -> Result<Invoice, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        let what = "look-up of an invoice to change";
        let found = self.whole_one(row).await?;
        found.ok_or(StoreError::Affected { what, expected: 1, met: 0 })
    }

    async fn store_settlement(&mut self, it: &Invoice) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            SETTLE,
            tenant,
            it.id.uuid(),
            it.status.as_str(),
            it.figures.paid_minor,
            it.figures.credited_minor,
            it.figures.paid_elsewhere_minor,
            it.remaining().minor(),
            column::days(it.next_due_on()),
            column::micros(it.updated_at),
        )?;
        StoreError::expect_one("settlement of an invoice", met)
    }
}

/// How many instalments it has.
fn count(it: &Invoice) -> i64 {
    i64::try_from(it.instalments.len()).unwrap_or(i64::MAX)
}

/// What lists that are sorted by period go by.
fn period_order(period: Option<Period>) -> i64 {
    period.map_or(0, |period| column::days(period.start()))
}
