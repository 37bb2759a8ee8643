//! Orders to give a payment back through its gateway: stored before it is asked.

use jiff::Timestamp;
use portico_billing::gateway::{DeclineReason, Reference};
use portico_billing::refund::RefundState;
use portico_billing::{CustomerId, GatewayId, Money, OrganisationId, PaymentId, RefundId};
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "id, payment_id, customer_id, gateway_id, state, currency, amount_minor, credited_minor, \
         reason, handle, decline_reason, decline_code, mismatch, refund_id, asked_at, \
         next_look_at, updated_at"
    };
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM payment_refund WHERE organisation_id = $1 AND ",
            $condition
        )
    };
}

statements! {
    FIND = select!("id = $2");
    FIND_BY_REFERENCE = select!("reference = $2");
    OF_PAYMENT = select!("payment_id = $2 ORDER BY asked_at DESC LIMIT 100");
    MISMATCHED = select!("mismatch IS NOT NULL ORDER BY asked_at LIMIT $2");
    /// What is asked for by orders that are open.
    RESERVED = "SELECT CAST(coalesce(sum(credited_minor), 0) AS BIGINT), \
        CAST(coalesce(sum(amount_minor - credited_minor), 0) AS BIGINT) FROM payment_refund \
        WHERE organisation_id = $1 AND payment_id = $2 AND state NOT IN ('succeeded', 'failed')";
    INSERT = "INSERT INTO payment_refund (organisation_id, id, reference, payment_id, \
        customer_id, gateway_id, state, currency, amount_minor, credited_minor, reason, asked_at, \
        next_look_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12)";
    /// Changes nothing, but makes others wait who want to change the row.
    LOCK = concat!("UPDATE payment_refund SET updated_at = updated_at \
        WHERE organisation_id = $1 AND id = $2 RETURNING ", columns!());
    UPDATE = "UPDATE payment_refund SET state = $3, handle = $4, decline_reason = $5, \
        decline_code = $6, mismatch = $7, refund_id = $8, next_look_at = $9, updated_at = $10 \
        WHERE organisation_id = $1 AND id = $2";
    ORGANISATIONS = "SELECT DISTINCT organisation_id FROM payment_refund \
        WHERE next_look_at <= $1 LIMIT 1000";
    /// What is claimed is not claimed again until `$3`.
    CLAIM = "WITH next AS MATERIALIZED (SELECT id FROM payment_refund \
        WHERE organisation_id = $1 AND next_look_at <= $2 \
        ORDER BY next_look_at LIMIT $4 /*+skip_locked*/) \
        UPDATE payment_refund SET next_look_at = $3 \
        WHERE organisation_id = $1 AND id IN (SELECT id FROM next) RETURNING id";
}

/// An order to give a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRefund {
    /// Identifier.
    pub id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The gateway that it went through.
    pub gateway_id: GatewayId,
    /// How the order stands.
    pub state: RefundState,
    /// What goes back.
    pub amount: Money,
    /// What of it was credited to the customer, minor units; the rest was paid on top.
    pub credited_minor: i64,
    /// Why; what follows a `#` is for the staff.
    pub reason: Option<String>,
    /// What the provider calls it.
    pub handle: Option<String>,
    /// Why it failed: in general, and the provider's own word.
    pub decline: Option<(DeclineReason, String)>,
    /// Why what the provider says was not booked.
    pub mismatch: Option<String>,
    /// The refund that it became.
    pub refund_id: Option<PaymentId>,
    /// When it was ordered.
    pub asked_at: Timestamp,
    /// When the provider is asked again.
    pub next_look_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PaymentRefund {
    /// What the provider calls it by.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::of_refund(self.id)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    payment_id: Uuid,
    customer_id: Uuid,
    gateway_id: Uuid,
    state: String,
    currency: String,
    amount_minor: i64,
    credited_minor: i64,
    reason: Option<String>,
    handle: Option<String>,
    decline_reason: Option<String>,
    decline_code: Option<String>,
    mismatch: Option<String>,
    refund_id: Option<Uuid>,
    asked_at: i64,
    next_look_at: Option<i64>,
    updated_at: i64,
}

impl TryFrom<Row> for PaymentRefund {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let currency = column::parse("payment_refund.currency", &row.currency)?;
        let reason = row.decline_reason.as_deref();
        let reason = reason.map(|word| column::from_word("payment_refund.decline_reason", word));
        Ok(Self {
            id: row.id.into(),
            payment_id: row.payment_id.into(),
            customer_id: row.customer_id.into(),
            gateway_id: row.gateway_id.into(),
            state: column::from_word("payment_refund.state", &row.state)?,
            amount: Money::new(row.amount_minor, currency),
            credited_minor: row.credited_minor,
            reason: row.reason,
            handle: row.handle,
            decline: reason.transpose()?.zip(row.decline_code),
            mismatch: row.mismatch,
            refund_id: row.refund_id.map(Into::into),
            asked_at: column::time("payment_refund.asked_at", row.asked_at)?,
            next_look_at: column::time_opt("payment_refund.next_look_at", row.next_look_at)?,
            updated_at: column::time("payment_refund.updated_at", row.updated_at)?,
        })
    }
}

/// What open orders ask for, minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reserved {
    /// Of what was credited.
    pub credited_minor: i64,
    /// Of what was paid on top.
    pub on_top_minor: i64,
}

impl Directory {
    /// The tenants with orders that are to be looked at, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisations_with_refunds(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<OrganisationId>, StoreError> {
        let rows = fetch_all!(self.conn, (Uuid,), ORGANISATIONS, column::micros(now))?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}

impl Read {
    /// The order with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_refund(
        &mut self,
        id: RefundId,
    ) -> Result<Option<PaymentRefund>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(PaymentRefund::try_from).transpose()
    }

    /// The order that a provider knows by this reference.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_refund_by_reference(
        &mut self,
        reference: &str,
    ) -> Result<Option<PaymentRefund>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_REFERENCE, tenant, reference)?;
        row.map(PaymentRefund::try_from).transpose()
    }

    /// The orders of a payment, newest first, at most 100.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refund_orders_of(
        &mut self,
        payment: PaymentId,
    ) -> Result<Vec<PaymentRefund>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, OF_PAYMENT, tenant, payment.uuid())?;
        rows.into_iter().map(PaymentRefund::try_from).collect()
    }

    /// Orders of which the provider says something else than was asked for, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mismatched_refunds(
        &mut self,
        limit: u16,
    ) -> Result<Vec<PaymentRefund>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, MISMATCHED, tenant, i64::from(limit))?;
        rows.into_iter().map(PaymentRefund::try_from).collect()
    }

    /// What open orders of a payment ask for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn reserved_refunds(&mut self, payment: PaymentId) -> Result<Reserved, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (i64, i64), RESERVED, tenant, payment.uuid())?;
        let (credited_minor, on_top_minor) = row.unwrap_or_default();
        Ok(Reserved { credited_minor, on_top_minor })
    }
}

impl Write {
    /// Adds an order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_payment_refund(&mut self, it: &PaymentRefund) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.reference().as_str(),
            it.payment_id.uuid(),
            it.customer_id.uuid(),
            it.gateway_id.uuid(),
            it.state.as_str(),
            it.amount.currency().code(),
            it.amount.minor(),
            it.credited_minor,
            &it.reason,
            column::micros(it.asked_at),
            it.next_look_at.map(column::micros),
        )
        .map(drop)
    }

    /// The order as it is, and as it stays until this unit of work ends: others wait.
    ///
    /// # Errors
    /// `Affected` where there is no such order, or where the database fails.
    pub async fn payment_refund_for_update(
        &mut self,
        id: RefundId,
    ) -> Result<PaymentRefund, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        let what = "look-up of an order to refund";
        row.ok_or(StoreError::Affected { what, expected: 1, met: 0 })?.try_into()
    }

    /// Writes what was learned of an order: what it asked for stays as it is.
    ///
    /// # Errors
    /// Where there is no such order, or where the database fails.
    pub async fn update_payment_refund(&mut self, it: &PaymentRefund) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            UPDATE,
            tenant,
            it.id.uuid(),
            it.state.as_str(),
            &it.handle,
            it.decline.as_ref().map(|(reason, _)| reason.as_str()),
            it.decline.as_ref().map(|(_, code)| code.as_str()),
            &it.mismatch,
            it.refund_id.map(PaymentId::uuid),
            it.next_look_at.map(column::micros),
            column::micros(it.updated_at),
        )?;
        StoreError::expect_one("update of an order to refund", met)
    }

    /// Claims orders that are to be looked at: nobody else gets them before `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_payment_refunds(
        &mut self,
        (now, until): (Timestamp, Timestamp),
        limit: u16,
    ) -> Result<Vec<RefundId>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let (now, until) = (column::micros(now), column::micros(until));
        let rows =
            fetch_all_skipping_locked!(self.conn, (Uuid,), CLAIM, tenant, now, until, limit)?;
        Ok(rows.into_iter().map(|(id,)| id.into()).collect())
    }
}
