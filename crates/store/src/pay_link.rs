//! Links to pay one invoice with, without signing in; of the secret a hash alone.

use jiff::Timestamp;
use portico_billing::{AttemptId, InvoiceId, OrganisationId, PayLinkId};
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    BY_SECRET = "SELECT organisation_id, id, invoice_id, created_at, expires_at, revoked_at \
        FROM pay_link WHERE secret_hash = $1";
    FIND = "SELECT organisation_id, id, invoice_id, created_at, expires_at, revoked_at \
        FROM pay_link WHERE organisation_id = $1 AND id = $2";
    OF_INVOICE = "SELECT organisation_id, id, invoice_id, created_at, expires_at, revoked_at \
        FROM pay_link WHERE organisation_id = $1 AND invoice_id = $2 \
        ORDER BY created_at DESC, id DESC LIMIT $3";
    COUNT_LIVE = "SELECT COUNT(*) FROM pay_link WHERE organisation_id = $1 AND invoice_id = $2 \
        AND revoked_at IS NULL AND expires_at > $3";
    /// Changes nothing, but makes others wait who want to change the row.
    LOCK = "UPDATE pay_link SET expires_at = expires_at WHERE organisation_id = $1 AND id = $2 \
        RETURNING organisation_id, id, invoice_id, created_at, expires_at, revoked_at";
    INSERT = "INSERT INTO pay_link (organisation_id, id, invoice_id, secret_hash, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    REVOKE = "UPDATE pay_link SET revoked_at = $3 WHERE organisation_id = $1 AND id = $2 \
        AND revoked_at IS NULL";
    INSERT_ATTEMPT = "INSERT INTO pay_link_attempt (organisation_id, attempt_id, pay_link_id) \
        VALUES ($1, $2, $3)";
    OF_ATTEMPT = "SELECT pay_link_id FROM pay_link_attempt \
        WHERE organisation_id = $1 AND attempt_id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    invoice_id: Uuid,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

/// A link to pay one invoice with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayLink {
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// Identifier.
    pub id: PayLinkId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was switched off.
    pub revoked_at: Option<Timestamp>,
}

impl PayLink {
    /// Whether it is in force, as far as the link itself goes.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

impl TryFrom<Row> for PayLink {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: row.organisation_id.into(),
            id: row.id.into(),
            invoice_id: row.invoice_id.into(),
            created_at: column::time("pay_link.created_at", row.created_at)?,
            expires_at: column::time("pay_link.expires_at", row.expires_at)?,
            revoked_at: column::time_opt("pay_link.revoked_at", row.revoked_at)?,
        })
    }
}

impl Directory {
    /// The link with this hash, whatever its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pay_link(&mut self, secret_hash: &[u8]) -> Result<Option<PayLink>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_SECRET, secret_hash)?;
        row.map(PayLink::try_from).transpose()
    }
}

impl Read {
    /// The link with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pay_link(&mut self, id: PayLinkId) -> Result<Option<PayLink>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(PayLink::try_from).transpose()
    }

    /// The newest links of an invoice, whatever their state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pay_links_of_invoice(
        &mut self,
        invoice: InvoiceId,
        limit: u16,
    ) -> Result<Vec<PayLink>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, Row, OF_INVOICE, tenant, invoice.uuid(), limit)?;
        rows.into_iter().map(PayLink::try_from).collect()
    }

    /// How many links of an invoice are in force.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_live_pay_links(
        &mut self,
        invoice: InvoiceId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let row = fetch_optional!(self.conn, (i64,), COUNT_LIVE, tenant, invoice.uuid(), now)?;
        Ok(row.map_or(0, |(count,)| count))
    }

    /// The link that an attempt was begun by, where it was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pay_link_of_attempt(
        &mut self,
        attempt: AttemptId,
    ) -> Result<Option<PayLinkId>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Uuid,), OF_ATTEMPT, tenant, attempt.uuid())?;
        Ok(row.map(|(id,)| id.into()))
    }
}

impl Write {
    /// Adds a link.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_pay_link(
        &mut self,
        it: &PayLink,
        secret_hash: &[u8],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.invoice_id.uuid(),
            secret_hash,
            column::micros(it.created_at),
            column::micros(it.expires_at),
        )
        .map(drop)
    }

    /// The link; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pay_link_for_update(
        &mut self,
        id: PayLinkId,
    ) -> Result<Option<PayLink>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        row.map(PayLink::try_from).transpose()
    }

    /// Switches a link off. The answer is whether it was on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revoke_pay_link(
        &mut self,
        id: PayLinkId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, REVOKE, tenant, id.uuid(), now)? == 1)
    }

    /// Notes which link an attempt was begun by.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_pay_link_attempt(
        &mut self,
        link: PayLinkId,
        attempt: AttemptId,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, INSERT_ATTEMPT, tenant, attempt.uuid(), link.uuid()).map(drop)
    }
}
