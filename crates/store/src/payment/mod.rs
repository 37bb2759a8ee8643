//! Payments and refunds. Lists are in [`page`]; what they settle is in [`crate::allocation`].

mod page;

use jiff::Timestamp;
use portico_billing::payment::{Charge, Payment, public_description};
use portico_billing::{ExternalId, Metadata, PaymentId};
use sqlx::types::Json;
use uuid::Uuid;

pub use page::{PaymentFilter, PaymentListFilter, PaymentOrder};

use crate::{Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, kind, parent_id, external_id, status, currency, amount_minor, \
        refunded_minor, method, method_label, payment_method_id, reference, description, paid_at, \
        gateway_id, provider, charge, charged_minor, fee_minor, metadata, created_at, updated_at"
    };
}
use columns;

statements! {
    INSERT = "INSERT INTO payment (organisation_id, id, customer_id, kind, parent_id, external_id, \
        status, currency, amount_minor, refunded_minor, method, method_label, payment_method_id, \
        reference, description, paid_at, metadata, search_text, created_at, updated_at, \
        gateway_id, provider, charge, charged_minor, fee_minor) VALUES \
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
        $20, $21, $22, $23, $24, $25)";
    UPDATE = "UPDATE payment SET customer_id = $3, kind = $4, parent_id = $5, external_id = $6, \
        status = $7, currency = $8, amount_minor = $9, refunded_minor = $10, method = $11, \
        method_label = $12, payment_method_id = $13, reference = $14, description = $15, \
        paid_at = $16, metadata = $17, search_text = $18, created_at = $19, updated_at = $20, \
        gateway_id = $21, provider = $22, charge = $23, charged_minor = $24, fee_minor = $25 \
        WHERE organisation_id = $1 AND id = $2";
    /// Changes nothing, but makes others wait who want to change the row.
    LOCK = concat!("UPDATE payment SET updated_at = updated_at \
        WHERE organisation_id = $1 AND id = $2 RETURNING ", columns!());
    /// Meets no row where the payment cannot give back so much.
    REFUND = "UPDATE payment SET refunded_minor = refunded_minor + $3, updated_at = $4 \
        WHERE organisation_id = $1 AND id = $2 AND kind = 'payment' AND status = 'succeeded' \
        AND refunded_minor + $3 <= amount_minor";
    SET_REFUNDED = "UPDATE payment SET refunded_minor = $3, updated_at = $4 \
        WHERE organisation_id = $1 AND id = $2 AND kind = 'payment'";
    FIND = concat!("SELECT ", columns!(), " FROM payment WHERE organisation_id = $1 AND id = $2");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM payment \
        WHERE organisation_id = $1 AND external_id = $2");
    FIND_BY_CHARGE = concat!("SELECT ", columns!(), " FROM payment \
        WHERE organisation_id = $1 AND provider = $2 AND charge = $3");
    REFUNDS = concat!("SELECT ", columns!(), " FROM payment \
        WHERE organisation_id = $1 AND parent_id = $2 ORDER BY paid_at, id LIMIT 1000");
}

/// The SQL texts of the whole folder.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, page::STATEMENTS].concat()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    kind: String,
    parent_id: Option<Uuid>,
    external_id: Option<String>,
    status: String,
    currency: String,
    amount_minor: i64,
    refunded_minor: i64,
    method: String,
    method_label: Option<String>,
    payment_method_id: Option<Uuid>,
    reference: Option<String>,
    description: Option<String>,
    paid_at: i64,
    gateway_id: Option<Uuid>,
    provider: Option<String>,
    charge: Option<String>,
    charged_minor: Option<i64>,
    fee_minor: Option<i64>,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Payment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            kind: column::from_word("payment.kind", &row.kind)?,
            parent_id: row.parent_id.map(Into::into),
            external_id: column::parse_opt("payment.external_id", row.external_id)?,
            status: column::from_word("payment.status", &row.status)?,
            currency: column::parse("payment.currency", &row.currency)?,
            amount_minor: row.amount_minor,
            refunded_minor: row.refunded_minor,
            method: row.method,
            method_label: row.method_label,
            payment_method_id: row.payment_method_id.map(Into::into),
            reference: row.reference,
            description: row.description,
            paid_at: column::time("payment.paid_at", row.paid_at)?,
            charge: charge(row.gateway_id, row.provider, row.charge).map(|it| Charge {
                charged_minor: row.charged_minor.unwrap_or(row.amount_minor),
                fee_minor: row.fee_minor.unwrap_or_default(),
                ..it
            }),
            metadata: row.metadata.0,
            created_at: column::time("payment.created_at", row.created_at)?,
            updated_at: column::time("payment.updated_at", row.updated_at)?,
        })
    }
}

/// All three are there, or none.
fn charge(gateway: Option<Uuid>, provider: Option<String>, id: Option<String>) -> Option<Charge> {
    let (gateway, provider, id) = (gateway?, provider?, id?);
    Some(Charge { gateway_id: gateway.into(), provider, id, charged_minor: 0, fee_minor: 0 })
}

/// What customers can search: nothing of what is for the staff.
fn search_text(it: &Payment) -> String {
    search::text(&[
        it.reference.as_deref(),
        it.method_label.as_deref(),
        it.description.as_deref().map(public_description),
    ])
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order.
macro_rules! save {
    ($write:expr, $sql:expr, $it:expr) => {{
        let (tenant, it): (Uuid, &Payment) = ($write.tenant(), $it);
        execute!(
            $write.conn,
            $sql,
            tenant,
            it.id.uuid(),
            it.customer_id.uuid(),
            column::word(&it.kind),
            it.parent_id.map(PaymentId::uuid),
            it.external_id.as_ref().map(ExternalId::as_str),
            it.status.as_str(),
            it.currency.code(),
            it.amount_minor,
            it.refunded_minor,
            &it.method,
            &it.method_label,
            it.payment_method_id.map(|id| id.uuid()),
            &it.reference,
            &it.description,
            column::micros(it.paid_at),
            Json(&it.metadata),
            search_text(it),
            column::micros(it.created_at),
            column::micros(it.updated_at),
            it.charge.as_ref().map(|it| it.gateway_id.uuid()),
            it.charge.as_ref().map(|it| &it.provider),
            it.charge.as_ref().map(|it| &it.id),
            it.charge.as_ref().map(|it| it.charged_minor),
            it.charge.as_ref().map(|it| it.fee_minor),
        )
    }};
}

impl Read {
    /// The payment or refund with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment(&mut self, id: PaymentId) -> Result<Option<Payment>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(Payment::try_from).transpose()
    }

    /// The payment or refund with the organisation's own identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<Payment>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        row.map(Payment::try_from).transpose()
    }

    /// The payment or refund that is this movement of money at a provider.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_by_charge(
        &mut self,
        provider: &str,
        charge: &str,
    ) -> Result<Option<Payment>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_CHARGE, tenant, provider, charge)?;
        row.map(Payment::try_from).transpose()
    }

    /// The refunds of a payment in any state, oldest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refunds_of_payment(&mut self, id: PaymentId) -> Result<Vec<Payment>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, REFUNDS, tenant, id.uuid())?;
        rows.into_iter().map(Payment::try_from).collect()
    }
}

impl Write {
    /// Adds a payment or refund; totals and allocations are the caller's to add.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn insert_payment(&mut self, it: &Payment) -> Result<(), StoreError> {
        save!(self, INSERT, it)?;
        Ok(())
    }

    /// Writes all fields of a payment that is there already; totals are the caller's to change.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn update_payment(&mut self, it: &Payment) -> Result<(), StoreError> {
        let met = save!(self, UPDATE, it)?;
        StoreError::expect_one("update of a payment", met)
    }

    /// The payment as it is, and as it stays until this unit of work ends: others wait.
    ///
    /// # Errors
    /// `Affected` where there is no such payment, or where the database fails.
    pub async fn payment_for_update(&mut self, id: PaymentId) -> Result<Payment, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, LOCK, tenant, id.uuid())?;
        let what = "look-up of a payment to change";
        row.ok_or(StoreError::Affected { what, expected: 1, met: 0 })?.try_into()
    }

    /// Notes that `amount_minor` more of a payment was given back. The answer is whether it could
    /// give back so much; nothing changed where not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refund_payment(
        &mut self,
        id: PaymentId,
        amount_minor: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let now = column::micros(now);
        Ok(execute!(self.conn, REFUND, tenant, id.uuid(), amount_minor, now)? == 1)
    }

    /// Notes what was given back of a payment in all, minor units.
    ///
    /// # Errors
    /// `Affected` where there is no such payment, or where the database fails: also where that is
    /// more than the payment.
    pub async fn set_refunded(
        &mut self,
        id: PaymentId,
        refunded_minor: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let now = column::micros(now);
        let met = execute!(self.conn, SET_REFUNDED, tenant, id.uuid(), refunded_minor, now)?;
        StoreError::expect_one("refund that came back", met)
    }
}
