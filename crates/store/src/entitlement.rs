//! Entitlements.

use jiff::civil::Date;
use portico_billing::entitlement::{Entitlement, EntitlementStatus};
use portico_billing::page::{Direction, Page};
use portico_billing::payment::public_description;
use portico_billing::{CustomerId, EntitlementId, ExternalId, Metadata, SubscriptionId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::seek::{AHEAD, Seek, ahead_sql};
use crate::{CustomerList, Position, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, subscription_id, name, description, kind, status, unit, \
        used, limit_amount, period_start_on, period_end_on, metadata, created_at, updated_at"
    };
}

/// The state on the day `$5`: a period that is over ends what was active.
macro_rules! shown_status {
    () => {
        "CASE WHEN status = 'active' AND period_end_on <= $5 THEN 'expired' ELSE status END"
    };
}

macro_rules! is_active {
    () => {
        concat!(shown_status!(), " = 'active'")
    };
}

/// The name of the plan comes with each row.
macro_rules! with_plan {
    ($condition:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            ", (SELECT plan FROM subscription \
            WHERE subscription.organisation_id = entitlement.organisation_id \
            AND subscription.id = entitlement.subscription_id) AS plan \
            FROM entitlement WHERE organisation_id = $1 AND customer_id = $2",
            $condition
        )
    };
}

/// Active ones first.
macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        with_plan!(concat!(
            " AND (",
            shown_status!(),
            " = $3 OR $3 IS NULL) \
            AND search_text LIKE $4 ESCAPE '\\' \
            AND (",
            ahead_sql!(is_active!()),
            ", id) ",
            $beyond,
            " ($6, $7) \
            ORDER BY ",
            ahead_sql!(is_active!()),
            " ",
            $direction,
            ", id ",
            $direction,
            " LIMIT $8"
        ))
    };
}

macro_rules! newest_first {
    ($customer:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM entitlement WHERE organisation_id = $1 \
            AND (created_at, id) < ($2, $3) AND (status = $4 OR $4 IS NULL)",
            $customer,
            " \
            ORDER BY created_at DESC, id DESC LIMIT $5"
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
    FIND_OF_CUSTOMER = with_plan!(" AND id = $3");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
    ALL = newest_first!("");
    ALL_OF_CUSTOMER = newest_first!(" AND customer_id = $6");
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

/// Which of the organisation's entitlements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EntitlementFilter {
    /// One customer's alone.
    pub customer: Option<CustomerId>,
    /// Stored state.
    pub status: Option<EntitlementStatus>,
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
macro_rules! save {
    ($write:expr, $sql:expr, $it:expr) => {{
        let (tenant, it): (Uuid, &Entitlement) = ($write.tenant(), $it);
        execute!(
            $write.conn,
            $sql,
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
    }};
}

impl Read {
    /// The entitlement with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entitlement(
        &mut self,
        id: EntitlementId,
    ) -> Result<Option<Entitlement>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(Entitlement::try_from).transpose()
    }

    /// The entitlement with the organisation's own identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entitlement_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<Entitlement>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        row.map(Entitlement::try_from).transpose()
    }

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
        let tenant = self.tenant();
        let seek = Seek::new(list.cursor.as_deref(), Direction::Desc, list.size.get());
        let sql = match seek.reading {
            Direction::Desc => OF_CUSTOMER_DOWN,
            Direction::Asc => OF_CUSTOMER_UP,
        };
        let rows = fetch_all!(
            self.conn,
            PlanRow,
            sql,
            tenant,
            customer.uuid(),
            &list.status,
            search::pattern(&list.search),
            column::days(today),
            seek.key,
            seek.id,
            seek.limit(),
        )?;
        seek.page(rows, |it: &PlannedEntitlement| {
            let it = &it.entitlement;
            let active = it.shown_status(today) == EntitlementStatus::Active;
            (column::micros(it.created_at) + if active { AHEAD } else { 0 }, it.id.uuid())
        })
    }

    /// The organisation's entitlements behind `after`, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entitlements(
        &mut self,
        filter: &EntitlementFilter,
        after: Position,
        limit: u16,
    ) -> Result<Vec<Entitlement>, StoreError> {
        let (tenant, micros, id) = (self.tenant(), after.micros(), after.id());
        let status = filter.status.map(EntitlementStatus::as_str);
        let limit = i64::from(limit);
        let rows = match filter.customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, ALL, tenant, micros, id, status, limit),
            Some(customer) => fetch_all!(
                self.conn,
                Row,
                ALL_OF_CUSTOMER,
                tenant,
                micros,
                id,
                status,
                limit,
                customer
            ),
        }?;
        rows.into_iter().map(Entitlement::try_from).collect()
    }
}

impl Write {
    /// Adds an entitlement.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn insert_entitlement(&mut self, it: &Entitlement) -> Result<(), StoreError> {
        save!(self, INSERT, it)?;
        Ok(())
    }

    /// Writes all fields of an entitlement that is there already.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn update_entitlement(&mut self, it: &Entitlement) -> Result<(), StoreError> {
        let met = save!(self, UPDATE, it)?;
        StoreError::expect_one("update of an entitlement", met)
    }
}
