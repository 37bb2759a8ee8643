//! Subscriptions: what a customer holds of a plan.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::invoice::Period;
use crate::{Currency, CustomerId, ExternalId, Metadata, PaymentMethodId, SubscriptionId};

/// The state of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// Begins later.
    Pending,
    /// In its trial.
    Trialing,
    /// In use.
    Active,
    /// A payment is late.
    PastDue,
    /// Halted, may go on.
    Paused,
    /// Ended.
    Cancelled,
}

impl SubscriptionStatus {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Unit of a billing interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// How often it is billed: every `count` units, 1 to 120.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Unit.
    pub unit: IntervalUnit,
    /// How many of them.
    pub count: u16,
}

/// A part of a subscription with a price of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionItem {
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: Decimal,
    /// Price of one per interval, minor units.
    pub unit_price_minor: i64,
}

/// What a customer holds of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Name of the plan.
    pub plan: String,
    /// State.
    pub status: SubscriptionStatus,
    /// Currency of its prices.
    pub currency: Currency,
    /// What one interval costs before tax, minor units.
    pub amount_minor: i64,
    /// How often it is billed.
    pub interval: Interval,
    /// Parts.
    pub items: Vec<SubscriptionItem>,
    /// First day.
    pub started_on: Date,
    /// Days of the interval that is running.
    pub current_period: Option<Period>,
    /// Last day of the trial.
    pub trial_ends_on: Option<Date>,
    /// The day on which it will end, where that is known.
    pub cancels_on: Option<Date>,
    /// The day on which it ended.
    pub ended_on: Option<Date>,
    /// The method that it is charged to, where not the default one.
    pub payment_method_id: Option<PaymentMethodId>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
