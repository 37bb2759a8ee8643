//! Subscriptions as the organisation's software sends and reads them.

mod save;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::permission::Permission;
use portico_billing::subscription::{
    IntervalUnit, Subscription, SubscriptionItem, SubscriptionStatus,
};
use portico_billing::{Currency, CustomerId, Metadata, PaymentMethodId, SubscriptionId};
use portico_store::Read;
use portico_store::hold::Held;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::amount::DecimalInput;
use super::{After, Record, RecordKey, Rejection, Saved, Target, Unit, holding};
use crate::Failure;

/// What a customer holds of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionInput {
    /// Your own identifier of the subscription. A subscription with the same one is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whose it is: identifier or external id of the customer.
    pub customer_id: String,
    /// Name of the plan.
    #[schema(example = "Team")]
    pub plan: String,
    /// `pending`, `trialing`, `active`, `past_due`, `paused` or `cancelled`.
    #[schema(value_type = String, example = "active")]
    pub status: SubscriptionStatus,
    /// ISO 4217 code.
    #[schema(value_type = String, example = "EUR")]
    pub currency: Currency,
    /// What one interval costs before tax, in minor units.
    #[schema(example = 4_900)]
    pub amount_minor: i64,
    /// Unit of the billing interval: `day`, `week`, `month` or `year`.
    #[schema(value_type = String, example = "month")]
    pub interval_unit: IntervalUnit,
    /// How many units make one interval, 1 to 120; 1 where absent.
    #[serde(default = "one")]
    #[schema(default = 1)]
    pub interval_count: u16,
    /// Parts with prices of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<SubscriptionItemInput>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub started_on: Date,
    /// First day of the interval that is running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one of the interval that is running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Last day of the trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub trial_ends_on: Option<Date>,
    /// The day on which it will end, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub cancels_on: Option<Date>,
    /// The day on which it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// Identifier or external id of the method that it is charged to; the default one where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<String>,
    /// Your own data: up to 50 texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When the record was made, for data of the past; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

const fn one() -> u16 {
    1
}

/// A part of a subscription with a price of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionItemInput {
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: DecimalInput,
    /// Price of one per interval, in minor units.
    pub unit_price_minor: i64,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubscriptionOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: SubscriptionId,
    /// Your own identifier.
    pub external_id: Option<String>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Name of the plan.
    pub plan: String,
    /// `pending`, `trialing`, `active`, `past_due`, `paused` or `cancelled`.
    #[schema(value_type = String)]
    pub status: SubscriptionStatus,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// What one interval costs before tax, in minor units.
    pub amount_minor: i64,
    /// Unit of the billing interval: `day`, `week`, `month` or `year`.
    #[schema(value_type = String)]
    pub interval_unit: IntervalUnit,
    /// How many units make one interval.
    pub interval_count: u16,
    /// Parts with prices of their own.
    pub items: Vec<SubscriptionItemInput>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub started_on: Date,
    /// First day of the interval that is running.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one of the interval that is running.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Last day of the trial.
    #[schema(value_type = Option<String>, format = Date)]
    pub trial_ends_on: Option<Date>,
    /// The day on which it will end.
    #[schema(value_type = Option<String>, format = Date)]
    pub cancels_on: Option<Date>,
    /// The day on which it ended.
    #[schema(value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// The method that it is charged to; the default one where absent.
    #[schema(value_type = Option<String>)]
    pub payment_method_id: Option<PaymentMethodId>,
    /// Your own data.
    pub metadata: Metadata,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which subscriptions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubscriptionFilter {
    /// One customer's alone: identifier or external id.
    pub customer_id: Option<String>,
    /// `pending`, `trialing`, `active`, `past_due`, `paused` or `cancelled`.
    #[param(value_type = Option<String>)]
    pub status: Option<SubscriptionStatus>,
}

/// Subscriptions.
pub struct SubscriptionRecord;

impl Record for SubscriptionRecord {
    const PLURAL: &'static str = "subscriptions";
    const SINGULAR: &'static str = "subscription";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::Subscription;
    type Input = SubscriptionInput;
    type Output = SubscriptionOutput;
    type Filter = SubscriptionFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: SubscriptionInput,
    ) -> Result<Saved<SubscriptionOutput>, Rejection> {
        save::save(unit, &target, input).await
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<SubscriptionOutput>, Failure> {
        let found: Option<Subscription> = holding::load(read, key).await?;
        Ok(found.map(Into::into))
    }

    async fn as_input(
        read: &mut Read,
        key: &RecordKey,
    ) -> Result<Option<SubscriptionInput>, Failure> {
        Ok(Self::find(read, key).await?.map(Into::into))
    }

    async fn list(
        read: &mut Read,
        filter: &SubscriptionFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<SubscriptionOutput>, Rejection> {
        let customer = filter.customer_id.as_deref();
        let found: Vec<Subscription> =
            holding::list(read, customer, filter.status, after, limit).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    fn position(output: &SubscriptionOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

impl From<Subscription> for SubscriptionOutput {
    fn from(it: Subscription) -> Self {
        let item = |it: SubscriptionItem| SubscriptionItemInput {
            description: it.description,
            quantity: DecimalInput(it.quantity),
            unit_price_minor: it.unit_price_minor,
        };
        Self {
            id: it.id,
            external_id: it.external_id.map(|id| id.to_string()),
            customer_id: it.customer_id,
            plan: it.plan,
            status: it.status,
            currency: it.currency,
            amount_minor: it.amount_minor,
            interval_unit: it.interval.unit,
            interval_count: it.interval.count,
            items: it.items.into_iter().map(item).collect(),
            started_on: it.started_on,
            period_start: it.current_period.map(|period| period.start()),
            period_end_exclusive: it.current_period.map(|period| period.end_exclusive()),
            trial_ends_on: it.trial_ends_on,
            cancels_on: it.cancels_on,
            ended_on: it.ended_on,
            payment_method_id: it.payment_method_id,
            metadata: it.metadata,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl From<SubscriptionOutput> for SubscriptionInput {
    fn from(it: SubscriptionOutput) -> Self {
        Self {
            external_id: it.external_id,
            customer_id: it.customer_id.to_string(),
            plan: it.plan,
            status: it.status,
            currency: it.currency,
            amount_minor: it.amount_minor,
            interval_unit: it.interval_unit,
            interval_count: it.interval_count,
            items: it.items,
            started_on: it.started_on,
            period_start: it.period_start,
            period_end_exclusive: it.period_end_exclusive,
            trial_ends_on: it.trial_ends_on,
            cancels_on: it.cancels_on,
            ended_on: it.ended_on,
            payment_method_id: it.payment_method_id.map(|id| id.to_string()),
            metadata: Some(it.metadata),
            created_at: Some(it.created_at),
        }
    }
}
