//! Entitlements.

use jiff::civil::Date;
use portico_billing::entitlement::{Entitlement, EntitlementStatus};
use portico_billing::page::Page;
use portico_billing::payment::public_description;
use portico_billing::{CustomerId, EntitlementId, ExternalId, Metadata, SubscriptionId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::holding::{holding, newest_first_sql};
use crate::seek::{AHEAD, ahead_sql, of_customer_sql, page_of_customer};
use crate::{CustomerList, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, subscription_id, name, description, kind, status, unit, \
        used, limit_amount, period_start_on, period_end_on, metadata, created_at, updated_at"
    };
}

/// The state on the day `$8`: a period that is over ends what was active.
macro_rules! shown_status {
    () => {
        "CASE WHEN status = 'active' AND period_end_on <= $8 THEN 'expired' ELSE status END"
    };
}

macro_rules! is_active {
    () => {
        concat!(shown_status!(), " = 'active'")
    };
}

/// The name of the plan comes with each row.
macro_rules! with_plan {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", (SELECT plan FROM subscription \
            WHERE subscription.organisation_id = entitlement.organisation_id \
            AND subscription.id = entitlement.subscription_id) AS plan FROM entitlement"
        )
    };
}

/// Active ones first.
macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        of_customer_sql!(
            $beyond,
            $direction,
            with_plan!(),
            shown_status!(),
            ahead_sql!(is_active!())
        )
    };
}

statements! {
    INSERT = "INSERT INTO entitlement (organisation_id, id, customer_id, external_id, \
        subscription_id, name, description, kind, status, unit, used, limit_amount, \
        period_start_on, period_end_on, metadata, search_text, created_at, updated_at) VALUES \
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    UPDATE = "UPDATE entitlement SET customer_id = $3, external_id = $4, subscription_id = $5, \
        name = $6, description = $7, kind = $8, status = $9, unit = $10, used = $11, \
        limit_amount = $12, period_start_on = $13, period_end_on = $14, metadata = $15, \
        search_text = $16, created_at = $17, updated_at = $18 \
        WHERE organisation_id = $1 AND id = $2";
    FIND =
        concat!("SELECT ", columns!(), " FROM entitlement WHERE organisation_id = $1 AND id = $2");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM entitlement \
        WHERE organisation_id = $1 AND external_id = $2");
    FIND_OF_CUSTOMER = concat!(with_plan!(), " WHERE organisation_id = $1 AND customer_id = $2 \
        AND id = $3");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
    ALL = newest_first_sql!(columns!(), "entitlement", "status");
    ALL_OF_CUSTOMER =
        newest_first_sql!(columns!(), "entitlement", "status", " AND customer_id = $6");
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    subscription_id: Option<Uuid>,
    name: String,
    description: Option<String>,
    kind: String,
    status: String,
    unit: Option<String>,
    used: String,
    limit_amount: Option<String>,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    #[sqlx(flatten)]
    entitlement: Row,
    plan: Option<String>,
}

/// An entitlement with the name of the plan that grants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEntitlement {
    /// The record.
    pub entitlement: Entitlement,
    /// Name of the plan of its subscription.
    pub plan: Option<String>,
}

impl TryFrom<Row> for Entitlement {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let limit = row.limit_amount.as_deref();
        let limit = limit.map(|text| column::decimal("entitlement.limit_amount", text));
        let period = (row.period_start_on, row.period_end_on);
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            external_id: column::parse_opt("entitlement.external_id", row.external_id)?,
            subscription_id: row.subscription_id.map(Into::into),
            name: row.name,
            description: row.description,
            kind: column::from_word("entitlement.kind", &row.kind)?,
            status: column::from_word("entitlement.status", &row.status)?,
            unit: row.unit,
            used: column::decimal("entitlement.used", &row.used)?,
            limit: limit.transpose()?,
            period: column::period("entitlement.period", period.0, period.1)?,
            metadata: row.metadata.0,
            created_at: column::time("entitlement.created_at", row.created_at)?,
            updated_at: column::time("entitlement.updated_at", row.updated_at)?,
        })
    }
}

impl TryFrom<PlanRow> for PlannedEntitlement {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        Ok(Self { entitlement: row.entitlement.try_into()?, plan: row.plan })
    }
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order.
async fn save(write: &mut Write, sql: &'static str, it: &Entitlement) -> Result<u64, StoreError> {
    let tenant = write.tenant();
    execute!(
        write.conn,
        sql,
        tenant,
        it.id.uuid(),
        it.customer_id.uuid(),
        it.external_id.as_ref().map(ExternalId::as_str),
        it.subscription_id.map(SubscriptionId::uuid),
        &it.name,
        &it.description,
        column::word(&it.kind),
        it.status.as_str(),
        &it.unit,
        it.used.to_string(),
        it.limit.map(|limit| limit.to_string()),
        it.period.map(|period| column::days(period.start())),
        it.period.map(|period| column::days(period.end_exclusive())),
        Json(&it.metadata),
        search::text(&[Some(&it.name), it.description.as_deref().map(public_description)]),
        column::micros(it.created_at),
        column::micros(it.updated_at),
    )
}

holding!(Entitlement, EntitlementId, EntitlementStatus, "entitlement");

impl Read {
    /// The entitlement with this identifier, where it is `customer`'s.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entitlement_of_customer(
        &mut self,
        customer: CustomerId,
        id: EntitlementId,
    ) -> Result<Option<PlannedEntitlement>, StoreError> {
        let (tenant, customer, id) = (self.tenant(), customer.uuid(), id.uuid());
        let row = fetch_optional!(self.conn, PlanRow, FIND_OF_CUSTOMER, tenant, customer, id)?;
        row.map(PlannedEntitlement::try_from).transpose()
    }

    /// A page of a customer's entitlements: those first that are active on the day `today`, then
    /// newest first. The state that is asked for is that of the day too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entitlements_of_customer(
        &mut self,
        customer: CustomerId,
        list: &CustomerList,
        today: Date,
    ) -> Result<Page<PlannedEntitlement>, StoreError> {
        let key = |it: &PlannedEntitlement| {
            let it = &it.entitlement;
            let active = it.shown_status(today) == EntitlementStatus::Active;
            (column::micros(it.created_at) + if active { AHEAD } else { 0 }, it.id.uuid())
        };
        page_of_customer!(self, PlanRow, customer, list, key, column::days(today))
    }
}
