//! Subscriptions.

use portico_billing::page::Page;
use portico_billing::subscription::{Interval, Subscription, SubscriptionItem, SubscriptionStatus};
use portico_billing::{CustomerId, ExternalId, Metadata, PaymentMethodId, SubscriptionId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::holding::{holding, newest_first_sql};
use crate::seek::{of_customer_sql, page_of_customer};
use crate::{CustomerList, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, plan, status, currency, amount_minor, interval_unit, \
        interval_count, items, started_on, period_start_on, period_end_on, trial_ends_on, \
        cancels_on, ended_on, payment_method_id, metadata, created_at, updated_at"
    };
}

macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        of_customer_sql!(
            $beyond,
            $direction,
            concat!("SELECT ", columns!(), " FROM subscription"),
            "status",
            "created_at"
        )
    };
}

statements! {
    INSERT = "INSERT INTO subscription (organisation_id, id, customer_id, external_id, plan, \
        status, currency, amount_minor, interval_unit, interval_count, items, started_on, \
        period_start_on, period_end_on, trial_ends_on, cancels_on, ended_on, payment_method_id, \
        metadata, search_text, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
        $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    UPDATE = "UPDATE subscription SET customer_id = $3, external_id = $4, plan = $5, status = $6, \
        currency = $7, amount_minor = $8, interval_unit = $9, interval_count = $10, items = $11, \
        started_on = $12, period_start_on = $13, period_end_on = $14, trial_ends_on = $15, \
        cancels_on = $16, ended_on = $17, payment_method_id = $18, metadata = $19, \
        search_text = $20, created_at = $21, updated_at = $22 \
        WHERE organisation_id = $1 AND id = $2";
    FIND =
        concat!("SELECT ", columns!(), " FROM subscription WHERE organisation_id = $1 AND id = $2");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM subscription \
        WHERE organisation_id = $1 AND external_id = $2");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
    ALL = newest_first_sql!(columns!(), "subscription", "status");
    ALL_OF_CUSTOMER =
        newest_first_sql!(columns!(), "subscription", "status", " AND customer_id = $6");
    /// Those without a method of their own are charged to the default one.
    CHARGED_PLANS = "SELECT DISTINCT payment_method_id, plan FROM subscription \
        WHERE organisation_id = $1 AND customer_id = $2 AND status <> 'cancelled' \
        ORDER BY plan LIMIT 1000";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    plan: String,
    status: String,
    currency: String,
    amount_minor: i64,
    interval_unit: String,
    interval_count: i64,
    items: Json<Vec<SubscriptionItem>>,
    started_on: i64,
    period_start_on: Option<i64>,
    period_end_on: Option<i64>,
    trial_ends_on: Option<i64>,
    cancels_on: Option<i64>,
    ended_on: Option<i64>,
    payment_method_id: Option<Uuid>,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Subscription {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let period = (row.period_start_on, row.period_end_on);
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            external_id: column::parse_opt("subscription.external_id", row.external_id)?,
            plan: row.plan,
            status: column::from_word("subscription.status", &row.status)?,
            currency: column::parse("subscription.currency", &row.currency)?,
            amount_minor: row.amount_minor,
            interval: Interval {
                unit: column::from_word("subscription.interval_unit", &row.interval_unit)?,
                count: column::narrow("subscription.interval_count", row.interval_count)?,
            },
            items: row.items.0,
            started_on: column::date("subscription.started_on", row.started_on)?,
            current_period: column::period("subscription.period", period.0, period.1)?,
            trial_ends_on: column::date_opt("subscription.trial_ends_on", row.trial_ends_on)?,
            cancels_on: column::date_opt("subscription.cancels_on", row.cancels_on)?,
            ended_on: column::date_opt("subscription.ended_on", row.ended_on)?,
            payment_method_id: row.payment_method_id.map(Into::into),
            metadata: row.metadata.0,
            created_at: column::time("subscription.created_at", row.created_at)?,
            updated_at: column::time("subscription.updated_at", row.updated_at)?,
        })
    }
}

fn search_text(it: &Subscription) -> String {
    let items = it.items.iter().map(|item| Some(item.description.as_str()));
    let parts: Vec<_> = std::iter::once(Some(it.plan.as_str())).chain(items).collect();
    search::text(&parts)
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order.
async fn save(write: &mut Write, sql: &'static str, it: &Subscription) -> Result<u64, StoreError> {
    let tenant = write.tenant();
    execute!(
        write.conn,
        sql,
        tenant,
        it.id.uuid(),
        it.customer_id.uuid(),
        it.external_id.as_ref().map(ExternalId::as_str),
        &it.plan,
        it.status.as_str(),
        it.currency.code(),
        it.amount_minor,
        column::word(&it.interval.unit),
        i64::from(it.interval.count),
        Json(&it.items),
        column::days(it.started_on),
        it.current_period.map(|period| column::days(period.start())),
        it.current_period.map(|period| column::days(period.end_exclusive())),
        it.trial_ends_on.map(column::days),
        it.cancels_on.map(column::days),
        it.ended_on.map(column::days),
        it.payment_method_id.map(PaymentMethodId::uuid),
        Json(&it.metadata),
        search_text(it),
        column::micros(it.created_at),
        column::micros(it.updated_at),
    )
}

holding!(Subscription, SubscriptionId, SubscriptionStatus, "subscription");

impl Read {
    /// A page of a customer's subscriptions, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn subscriptions_of_customer(
        &mut self,
        customer: CustomerId,
        list: &CustomerList,
    ) -> Result<Page<Subscription>, StoreError> {
        let key = |it: &Subscription| (column::micros(it.created_at), it.id.uuid());
        page_of_customer!(self, Row, customer, list, key)
    }

    /// The plans that a customer is charged for, each with the method of payment; without one it is
    /// the default one. At most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn charged_plans(
        &mut self,
        customer: CustomerId,
    ) -> Result<Vec<(Option<PaymentMethodId>, String)>, StoreError> {
        let tenant = self.tenant();
        type Charged = (Option<Uuid>, String);
        let rows = fetch_all!(self.conn, Charged, CHARGED_PLANS, tenant, customer.uuid())?;
        Ok(rows.into_iter().map(|(method, plan)| (method.map(Into::into), plan)).collect())
    }
}
