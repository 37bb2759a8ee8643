//! Credit of customers: what of payments, vouchers and credit notes settles nothing yet, what of
//! vouchers and credit notes settles invoices, and when credit was used. What payments settle is in
//! [`crate::allocation`].

mod uses;

use jiff::Timestamp;
use portico_billing::credit::{CreditItem, CreditPart, CreditSource};
use portico_billing::{CreditNoteId, Currency, CustomerId, InvoiceId, PaymentId, VoucherId};
use uuid::Uuid;

pub use uses::CreditUse;

use crate::{Read, StoreError, Write, column};

statements! {
    /// Each part along its index `…_with_credit`, the oldest first.
    SOURCES = "SELECT kind, id, since, left_minor FROM (\
        SELECT * FROM (SELECT 'payment' AS kind, id, paid_at AS since, free_minor AS left_minor \
        FROM payment WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND free_minor > 0 ORDER BY paid_at, id LIMIT $4) AS payments \
        UNION ALL SELECT * FROM (SELECT 'voucher' AS kind, id, credited_at AS since, \
        credited_minor - used_minor AS left_minor \
        FROM voucher WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND status = 'redeemed' AND used_minor < credited_minor \
        ORDER BY credited_at, id LIMIT $4) AS vouchers \
        UNION ALL SELECT * FROM (SELECT 'credit_note' AS kind, id, created_at AS since, \
        total_minor - used_minor AS left_minor \
        FROM credit_note WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND invoice_id IS NULL AND status = 'issued' AND used_minor < total_minor \
        ORDER BY created_at, id LIMIT $4) AS notes \
        UNION ALL SELECT * FROM (SELECT 'invoice' AS kind, id, created_at AS since, \
        CASE WHEN credited_minor + prepaid_minor > total_minor THEN paid_minor \
        ELSE paid_minor + credited_minor + prepaid_minor - total_minor END AS left_minor \
        FROM invoice WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
        AND paid_minor > 0 AND paid_minor + credited_minor + prepaid_minor - total_minor > 0 \
        ORDER BY created_at, id LIMIT $4) AS invoices\
        ) AS credit ORDER BY since, id LIMIT $4";
    /// What of a payment neither invoices nor refunds took: below zero where more was given back.
    RECOUNT = "UPDATE payment SET free_minor = CASE WHEN kind = 'payment' \
        AND status = 'succeeded' THEN amount_minor - refunded_minor \
        - CAST(COALESCE((SELECT SUM(a.amount_minor) FROM allocation a \
        WHERE a.organisation_id = $1 AND a.payment_id = $2), 0) AS BIGINT) \
        + CAST(COALESCE((SELECT SUM(a.amount_minor) FROM allocation a \
        WHERE a.organisation_id = $1 AND a.payment_id IN (SELECT r.id FROM payment r \
        WHERE r.organisation_id = $1 AND r.parent_id = $2 AND r.status = 'succeeded')), 0) \
        AS BIGINT) ELSE 0 END WHERE organisation_id = $1 AND id = $2";
    FREE = "SELECT free_minor FROM payment WHERE organisation_id = $1 AND id = $2";
    /// The condition decides between those who use it at once.
    USE_VOUCHER = "UPDATE voucher SET used_minor = used_minor + $3 \
        WHERE organisation_id = $1 AND id = $2 AND status = 'redeemed' \
        AND used_minor + $3 >= 0 AND used_minor + $3 <= credited_minor";
    USE_CREDIT_NOTE = "UPDATE credit_note SET used_minor = used_minor + $3 \
        WHERE organisation_id = $1 AND id = $2 AND status = 'issued' AND invoice_id IS NULL \
        AND used_minor + $3 >= 0 AND used_minor + $3 <= total_minor";
    ADD = "INSERT INTO credit_allocation (organisation_id, source_kind, source_id, invoice_id, \
        amount_minor, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (organisation_id, source_kind, source_id, invoice_id) DO UPDATE SET \
        amount_minor = credit_allocation.amount_minor + excluded.amount_minor";
    LOWER = "UPDATE credit_allocation SET amount_minor = amount_minor - $5 \
        WHERE organisation_id = $1 AND source_kind = $2 AND source_id = $3 AND invoice_id = $4 \
        AND amount_minor > $5";
    DELETE = "DELETE FROM credit_allocation WHERE organisation_id = $1 AND source_kind = $2 \
        AND source_id = $3 AND invoice_id = $4";
    OF_SOURCE = "SELECT source_kind, source_id, invoice_id, amount_minor FROM credit_allocation \
        WHERE organisation_id = $1 AND source_kind = $2 AND source_id = $3 ORDER BY invoice_id";
    OF_INVOICE = "SELECT c.source_kind, c.source_id, c.amount_minor, c.created_at, \
        COALESCE(v.serial, n.number) AS name FROM credit_allocation c \
        LEFT JOIN voucher v ON v.organisation_id = c.organisation_id AND v.id = c.source_id \
        AND c.source_kind = 'voucher' \
        LEFT JOIN credit_note n ON n.organisation_id = c.organisation_id AND n.id = c.source_id \
        AND c.source_kind = 'credit_note' \
        WHERE c.organisation_id = $1 AND c.invoice_id = $2 \
        ORDER BY c.created_at, c.source_id LIMIT 1000";
    /// By the amount SQLite has to read rows, and takes the index of invoices: the primary key has
    /// all else, and it would read the whole organisation's along it.
    PAYMENTS_OF_INVOICE = "SELECT id FROM payment WHERE organisation_id = $1 \
        AND id IN (SELECT payment_id FROM allocation WHERE organisation_id = $1 \
        AND invoice_id = $2 AND amount_minor > 0) AND kind = 'payment' AND status = 'succeeded' \
        ORDER BY paid_at DESC, id DESC LIMIT 1000";
}

/// The SQL texts of the whole folder.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, uses::STATEMENTS].concat()
}

/// Most sources of one customer that are looked at.
pub const MOST_SOURCES: u16 = 1_000;

/// A voucher or a free credit note that settles a part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedCredit {
    /// The voucher or the credit note.
    pub source: CreditSource,
    /// What people call it by: a serial, a number.
    pub name: Option<String>,
    /// Since when it settles it.
    pub since: Timestamp,
    /// The part, minor units of the invoice's currency.
    pub amount_minor: i64,
}

#[derive(sqlx::FromRow)]
struct SourceRow {
    kind: String,
    id: Uuid,
    since: i64,
    left_minor: i64,
}

#[derive(sqlx::FromRow)]
struct PartRow {
    source_kind: String,
    source_id: Uuid,
    invoice_id: Uuid,
    amount_minor: i64,
}

#[derive(sqlx::FromRow)]
struct AppliedRow {
    source_kind: String,
    source_id: Uuid,
    amount_minor: i64,
    created_at: i64,
    name: Option<String>,
}

/// The source of a stored kind.
fn source(kind: &str, id: Uuid) -> Result<CreditSource, StoreError> {
    match kind {
        "payment" => Ok(CreditSource::Payment(id.into())),
        "credit_note" => Ok(CreditSource::CreditNote(id.into())),
        "voucher" => Ok(CreditSource::Voucher(id.into())),
        "invoice" => Ok(CreditSource::Invoice(id.into())),
        other => Err(column::corrupt("credit_allocation.source_kind", other)),
    }
}

fn uuid_of(source: CreditSource) -> Uuid {
    match source {
        CreditSource::Payment(id) => id.uuid(),
        CreditSource::CreditNote(id) => id.uuid(),
        CreditSource::Voucher(id) => id.uuid(),
        CreditSource::Invoice(id) => id.uuid(),
    }
}

impl TryFrom<SourceRow> for CreditItem {
    type Error = StoreError;

    fn try_from(row: SourceRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: source(&row.kind, row.id)?,
            since: column::time("credit.since", row.since)?,
            left_minor: row.left_minor,
        })
    }
}

impl TryFrom<PartRow> for CreditPart {
    type Error = StoreError;

    fn try_from(row: PartRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: source(&row.source_kind, row.source_id)?,
            invoice_id: row.invoice_id.into(),
            amount_minor: row.amount_minor,
        })
    }
}

impl TryFrom<AppliedRow> for AppliedCredit {
    type Error = StoreError;

    fn try_from(row: AppliedRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: source(&row.source_kind, row.source_id)?,
            name: row.name,
            since: column::time("credit_allocation.created_at", row.created_at)?,
            amount_minor: row.amount_minor,
        })
    }
}

impl Read {
    /// What is left of a customer's sources of credit in a currency, the oldest first, at most
    /// [`MOST_SOURCES`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_sources(
        &mut self,
        (customer, currency): (CustomerId, Currency),
    ) -> Result<Vec<CreditItem>, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let most = i64::from(MOST_SOURCES);
        let rows = fetch_all!(self.conn, SourceRow, SOURCES, tenant, customer, code, most)?;
        rows.into_iter().map(CreditItem::try_from).collect()
    }

    /// What of a payment is noted as neither used nor given back, minor units.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn free_of_payment(&mut self, id: PaymentId) -> Result<Option<i64>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (i64,), FREE, tenant, id.uuid())?;
        Ok(row.map(|(minor,)| minor))
    }

    /// What a voucher or a free credit note settles, by invoice.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_of_source(
        &mut self,
        it: CreditSource,
    ) -> Result<Vec<CreditPart>, StoreError> {
        let (tenant, word) = (self.tenant(), it.word());
        let rows = fetch_all!(self.conn, PartRow, OF_SOURCE, tenant, word, uuid_of(it))?;
        rows.into_iter().map(CreditPart::try_from).collect()
    }

    /// The vouchers and free credit notes that settle an invoice, the first first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_of_invoice(
        &mut self,
        invoice: InvoiceId,
    ) -> Result<Vec<AppliedCredit>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, AppliedRow, OF_INVOICE, tenant, invoice.uuid())?;
        rows.into_iter().map(AppliedCredit::try_from).collect()
    }

    /// The payments of which a part settles an invoice, or did, the newest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments_allocated_to(
        &mut self,
        invoice: InvoiceId,
    ) -> Result<Vec<PaymentId>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, (Uuid,), PAYMENTS_OF_INVOICE, tenant, invoice.uuid())?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}

impl Write {
    /// Notes anew what of a payment is free, after what it settles or what was given back of it
    /// changed.
    ///
    /// # Errors
    /// `Affected` where there is no such payment, or where the database fails.
    pub async fn recount_payment(&mut self, id: PaymentId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(self.conn, RECOUNT, tenant, id.uuid())?;
        StoreError::expect_one("count of what is free of a payment", met)
    }

    /// Uses more of a voucher, or less of it where it is negative. The answer is whether there was
    /// so much.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_voucher(&mut self, id: VoucherId, minor: i64) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, USE_VOUCHER, tenant, id.uuid(), minor)? == 1)
    }

    /// The same of a credit note for no invoice.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_credit_note(
        &mut self,
        id: CreditNoteId,
        minor: i64,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, USE_CREDIT_NOTE, tenant, id.uuid(), minor)? == 1)
    }

    /// Adds to what a voucher or a free credit note settles of an invoice; what the invoice is
    /// settled by is the caller's to change.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_credit(&mut self, it: CreditPart, now: Timestamp) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            ADD,
            tenant,
            it.source.word(),
            uuid_of(it.source),
            it.invoice_id.uuid(),
            it.amount_minor,
            column::micros(now),
        )
        .map(drop)
    }

    /// Takes so much off what a voucher or a free credit note settles of an invoice, which is so
    /// much at least.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_credit(&mut self, it: CreditPart) -> Result<(), StoreError> {
        let (tenant, word, id) = (self.tenant(), it.source.word(), uuid_of(it.source));
        let (invoice, minor) = (it.invoice_id.uuid(), it.amount_minor);
        if execute!(self.conn, LOWER, tenant, word, id, invoice, minor)? == 0 {
            execute!(self.conn, DELETE, tenant, word, id, invoice)?;
        }
        Ok(())
    }
}
