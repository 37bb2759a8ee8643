//! Attempts to get a payment through a gateway: stored before it is asked.

use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::{
    AttemptId, ContactId, CustomerId, GatewayId, InvoiceId, Money, OrganisationId, PaymentId,
    PaymentMethodId,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "id, customer_id, contact_id, gateway_id, purpose, state, currency, amount_minor, \
         surcharge_minor, parts, payment_method_id, keeps_method, form_key, form_hash, locale, \
         site, handle, way, decline_reason, decline_code, mismatch, payment_id, begun_at, \
         next_look_at, updated_at, credit_parts"
    };
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM payment_attempt WHERE organisation_id = $1 AND ",
            $condition
        )
    };
}

statements! {
    FIND = select!("id = $2");
    FIND_BY_REFERENCE = select!("reference = $2");
    FIND_BY_FORM = select!("customer_id = $2 AND form_key = $3");
    FIND_BY_HANDLE = select!("gateway_id = $2 AND handle = $3 ORDER BY +begun_at DESC LIMIT 1");
    /// A form that is sent twice at once makes one attempt.
    INSERT = "INSERT INTO payment_attempt (organisation_id, id, reference, customer_id, \
        contact_id, gateway_id, purpose, state, currency, amount_minor, surcharge_minor, parts, \
        payment_method_id, keeps_method, form_key, form_hash, locale, site, begun_at, \
        next_look_at, updated_at, credit_parts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
        $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $19, $21) \
        ON CONFLICT (organisation_id, customer_id, form_key) DO NOTHING";
    /// Changes nothing, but makes others wait who want to change the row.
    LOCK = concat!("UPDATE payment_attempt SET updated_at = updated_at \
        WHERE organisation_id = $1 AND id = $2 RETURNING ", columns!());
    UPDATE = "UPDATE payment_attempt SET state = $3, handle = $4, way = $5, decline_reason = $6, \
        decline_code = $7, mismatch = $8, payment_id = $9, next_look_at = $10, updated_at = $11 \
        WHERE organisation_id = $1 AND id = $2";
    ORGANISATIONS = "SELECT DISTINCT organisation_id FROM payment_attempt \
        WHERE next_look_at <= $1 LIMIT 1000";
    /// What is claimed is not claimed again until `$3`.
    CLAIM = "WITH next AS MATERIALIZED (SELECT id FROM payment_attempt \
        WHERE organisation_id = $1 AND next_look_at <= $2 \
        ORDER BY next_look_at LIMIT $4 /*+skip_locked*/) \
        UPDATE payment_attempt SET next_look_at = $3 \
        WHERE organisation_id = $1 AND id IN (SELECT id FROM next) RETURNING id";
    COUNT_SINCE = "SELECT COUNT(*), CAST(coalesce(sum(CASE WHEN state = 'sent' \
        OR (state = 'failed' AND decline_reason NOT IN ('abandoned', 'unavailable', 'dismissed')) \
        THEN 1 ELSE 0 END), 0) AS BIGINT) FROM payment_attempt \
        WHERE organisation_id = $1 AND customer_id = $2 AND begun_at > $3";
}

/// An attempt to get a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentAttempt {
    /// Identifier.
    pub id: AttemptId,
    /// Who pays.
    pub customer_id: CustomerId,
    /// Who asked for it, where that is known.
    pub contact_id: Option<ContactId>,
    /// By which gateway.
    pub gateway_id: GatewayId,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// How it stands.
    pub state: AttemptState,
    /// What is credited.
    pub amount: Money,
    /// What is paid on top, minor units.
    pub surcharge_minor: i64,
    /// What of it is for which invoice, in order, minor units.
    pub parts: Vec<(InvoiceId, i64)>,
    /// What the customer's credit is to settle of which invoice where it is paid, minor units.
    pub credit_parts: Vec<(InvoiceId, i64)>,
    /// The stored method that is charged.
    pub payment_method_id: Option<PaymentMethodId>,
    /// Whether a new method is to be stored.
    pub keeps_method: bool,
    /// Key of the form that asked for it.
    pub form_key: String,
    /// Hash of what the form said.
    pub form_hash: Vec<u8>,
    /// Language of the provider's pages, BCP 47.
    pub locale: String,
    /// The portal as the customer sees it, without a slash at the end.
    pub site: String,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// Where the customer has to go, sealed.
    pub way: Option<Vec<u8>>,
    /// Why it failed: what the customer is told, and the provider's own word.
    pub decline: Option<(DeclineReason, String)>,
    /// Why what the provider says was not credited.
    pub mismatch: Option<String>,
    /// The payment that it became.
    pub payment_id: Option<PaymentId>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When the provider is asked again.
    pub next_look_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PaymentAttempt {
    /// What the provider calls it by.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::of(self.id)
    }

    /// What leaves the customer's account.
    #[must_use]
    pub fn charged(&self) -> Money {
        let minor = self.amount.minor().saturating_add(self.surcharge_minor);
        Money::new(minor, self.amount.currency())
    }

    /// What the customer's credit is to settle beside that.
    #[must_use]
    pub fn credit(&self) -> Money {
        let add = |sum: i64, (_, minor): &(InvoiceId, i64)| sum.saturating_add(*minor);
        Money::new(self.credit_parts.iter().fold(0, add), self.amount.currency())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    contact_id: Option<Uuid>,
    gateway_id: Uuid,
    purpose: String,
    state: String,
    currency: String,
    amount_minor: i64,
    surcharge_minor: i64,
    parts: Json<Vec<(InvoiceId, i64)>>,
    credit_parts: Json<Vec<(InvoiceId, i64)>>,
    payment_method_id: Option<Uuid>,
    keeps_method: bool,
    form_key: String,
    form_hash: Vec<u8>,
    locale: String,
    site: String,
    handle: Option<String>,
    way: Option<Vec<u8>>,
    decline_reason: Option<String>,
    decline_code: Option<String>,
    mismatch: Option<String>,
    payment_id: Option<Uuid>,
    begun_at: i64,
    next_look_at: Option<i64>,
    updated_at: i64,
}

impl TryFrom<Row> for PaymentAttempt {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let currency = column::parse("payment_attempt.currency", &row.currency)?;
        let reason = row.decline_reason.as_deref();
        let reason = reason.map(|word| column::from_word("payment_attempt.decline_reason", word));
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            contact_id: row.contact_id.map(Into::into),
            gateway_id: row.gateway_id.into(),
            purpose: column::from_word("payment_attempt.purpose", &row.purpose)?,
            state: column::from_word("payment_attempt.state", &row.state)?,
            amount: Money::new(row.amount_minor, currency),
            surcharge_minor: row.surcharge_minor,
            parts: row.parts.0,
            credit_parts: row.credit_parts.0,
            payment_method_id: row.payment_method_id.map(Into::into),
            keeps_method: row.keeps_method,
            form_key: row.form_key,
            form_hash: row.form_hash,
            locale: row.locale,
            site: row.site,
            handle: row.handle,
            way: row.way,
            decline: reason.transpose()?.zip(row.decline_code),
            mismatch: row.mismatch,
            payment_id: row.payment_id.map(Into::into),
            begun_at: column::time("payment_attempt.begun_at", row.begun_at)?,
            next_look_at: column::time_opt("payment_attempt.next_look_at", row.next_look_at)?,
            updated_at: column::time("payment_attempt.updated_at", row.updated_at)?,
        })
    }
}

/// Attempts of a customer in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptCount {
    /// All of them.
    pub begun: i64,
    /// Those that a provider or a bank declined, and those that it is being asked about: they may
    /// be declined yet.
    pub declined: i64,
}

impl Directory {
    /// The tenants with attempts that are to be looked at, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisations_with_attempts(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<OrganisationId>, StoreError> {
        let rows = fetch_all!(self.conn, (Uuid,), ORGANISATIONS, column::micros(now))?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}

impl Read {
    /// The attempt with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_attempt(
        &mut self,
        id: AttemptId,
    ) -> Result<Option<PaymentAttempt>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(PaymentAttempt::try_from).transpose()
    }

    /// The attempt that a provider knows by this reference.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_attempt_by_reference(
        &mut self,
        reference: &str,
    ) -> Result<Option<PaymentAttempt>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_REFERENCE, tenant, reference)?;
        row.map(PaymentAttempt::try_from).transpose()
    }

    /// The attempt that a customer's form made.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_attempt_by_form(
        &mut self,
        customer: CustomerId,
        key: &str,
    ) -> Result<Option<PaymentAttempt>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_FORM, tenant, customer.uuid(), key)?;
        row.map(PaymentAttempt::try_from).transpose()
    }

    /// The newest attempt that a gateway's provider knows by this handle.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_attempt_by_handle(
        &mut self,
        gateway: GatewayId,
        handle: &str,
    ) -> Result<Option<PaymentAttempt>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_HANDLE, tenant, gateway.uuid(), handle)?;
        row.map(PaymentAttempt::try_from).transpose()
    }

    /// How many attempts of a customer began after `since`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_payment_attempts(
        &mut self,
        customer: CustomerId,
        since: Timestamp,
    ) -> Result<AttemptCount, StoreError> {
        let (tenant, since) = (self.tenant(), column::micros(since));
        let customer = customer.uuid();
        let row = fetch_optional!(self.conn, (i64, i64), COUNT_SINCE, tenant, customer, since)?;
        let (begun, declined) = row.unwrap_or_default();
        Ok(AttemptCount { begun, declined })
    }
}

impl Write {
    /// Adds an attempt. The answer is whether it is the first of its form.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_payment_attempt(
        &mut self,
        it: &PaymentAttempt,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.reference().as_str(),
            it.customer_id.uuid(),
            it.contact_id.map(ContactId::uuid),
            it.gateway_id.uuid(),
            it.purpose.as_str(),
            it.state.as_str(),
            it.amount.currency().code(),
            it.amount.minor(),
            it.surcharge_minor,
            Json(&it.parts),
            it.payment_method_id.map(PaymentMethodId::uuid),
            it.keeps_method,
            &it.form_key,
            &it.form_hash,
            &it.locale,
            &it.site,
            column::micros(it.begun_at),
            it.next_look_at.map(column::micros),
            Json(&it.credit_parts),
        )?;
        Ok(met == 1)
    }

    /// The attempt as it is, and as it stays until this unit of work ends: others wait.
    ///
    /// # Errors
    /// `Affected` where there is no such attempt, or where the database fails.
    pub async fn payment_attempt_for_update(
        &mut self,
        id: AttemptId,
    ) -> Result<PaymentAttempt, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        let what = "look-up of an attempt to change";
        row.ok_or(StoreError::Affected { what, expected: 1, met: 0 })?.try_into()
    }

    /// Writes what was learned of an attempt: what it asked for stays as it is.
    ///
    /// # Errors
    /// Where there is no such attempt, or where the database fails.
    pub async fn update_payment_attempt(&mut self, it: &PaymentAttempt) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            UPDATE,
            tenant,
            it.id.uuid(),
            it.state.as_str(),
            &it.handle,
            &it.way,
            it.decline.as_ref().map(|(reason, _)| reason.as_str()),
            it.decline.as_ref().map(|(_, code)| code.as_str()),
            &it.mismatch,
            it.payment_id.map(PaymentId::uuid),
            it.next_look_at.map(column::micros),
            column::micros(it.updated_at),
        )?;
        StoreError::expect_one("update of an attempt", met)
    }

    /// Claims attempts that are to be looked at: nobody else gets them before `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_payment_attempts(
        &mut self,
        (now, until): (Timestamp, Timestamp),
        limit: u16,
    ) -> Result<Vec<AttemptId>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let (now, until) = (column::micros(now), column::micros(until));
        let rows =
            fetch_all_skipping_locked!(self.conn, (Uuid,), CLAIM, tenant, now, until, limit)?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}
