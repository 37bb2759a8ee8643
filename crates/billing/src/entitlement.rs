//! Entitlements: what a customer may use, and how much of it was used.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::invoice::Period;
use crate::{CustomerId, EntitlementId, ExternalId, Metadata, SubscriptionId};

/// What kind of right it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementKind {
    /// On or off; nothing is used up.
    Feature,
    /// A number of units.
    Quantity,
    /// A value in a unit that is not money.
    Credits,
}

/// Whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementStatus {
    /// Can be used.
    Active,
    /// Switched off.
    Inactive,
    /// Its period is over.
    Expired,
}

impl EntitlementStatus {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
        }
    }
}

/// What a customer may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entitlement {
    /// Identifier.
    pub id: EntitlementId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// The subscription that grants it.
    pub subscription_id: Option<SubscriptionId>,
    /// Name.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Kind.
    pub kind: EntitlementKind,
    /// State.
    pub status: EntitlementStatus,
    /// Name of the unit.
    pub unit: Option<String>,
    /// Used so far; 0 for features.
    pub used: Decimal,
    /// How much may be used; without limit where absent.
    pub limit: Option<Decimal>,
    /// The days that it covers.
    pub period: Option<Period>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Entitlement {
    /// The state on the day `today`: a period that is over ends what was active.
    #[must_use]
    pub fn shown_status(&self, today: Date) -> EntitlementStatus {
        let over = self.period.is_some_and(|period| period.end_exclusive() <= today);
        match self.status {
            EntitlementStatus::Active if over => EntitlementStatus::Expired,
            status => status,
        }
    }

    /// How much of the limit is used, in whole percent, 0 to 100; nothing without a limit.
    #[must_use]
    pub fn percent_used(&self) -> Option<u8> {
        let limit = self.limit.filter(|limit| *limit > Decimal::ZERO)?;
        let percent = (self.used.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(limit)?).trunc();
        u8::try_from(percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED)).ok()
    }
}
