//! Entitlements as the organisation's software sends and reads them.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::entitlement::{Entitlement, EntitlementKind, EntitlementStatus};
use portico_billing::permission::Permission;
use portico_billing::subscription::Subscription;
use portico_billing::{CustomerId, EntitlementId, ExternalId, Metadata, SubscriptionId};
use portico_store::Read;
use portico_store::hold::Held;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::amount::DecimalInput;
use super::faults::Faults;
use super::refer::{self, made_at};
use super::{After, Record, RecordKey, Rejection, Saved, Target, Unit, holding};
use crate::Failure;

/// What a customer may use, and how much of it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntitlementInput {
    /// Your own identifier of the entitlement. An entitlement with the same one is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whose it is: identifier or external id of the customer.
    pub customer_id: String,
    /// Identifier or external id of the subscription that grants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// Name.
    #[schema(example = "API calls")]
    pub name: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `feature` (on or off), `quantity` (a number of units) or `credits` (a value in a unit that
    /// is not money).
    #[schema(value_type = String, example = "quantity")]
    pub kind: EntitlementKind,
    /// `active`, `inactive` or `expired`. An active one whose period is over is shown as expired.
    #[schema(value_type = String, example = "active")]
    pub status: EntitlementStatus,
    /// Name of the unit; features have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "calls")]
    pub unit: Option<String>,
    /// Used so far; 0 where absent. Features have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<DecimalInput>,
    /// How much may be used; without limit where absent. Features have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<DecimalInput>,
    /// First day that it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one that it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Your own data: up to 50 texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When the record was made, for data of the past; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// An entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntitlementOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: EntitlementId,
    /// Your own identifier.
    pub external_id: Option<String>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// The subscription that grants it.
    #[schema(value_type = Option<String>)]
    pub subscription_id: Option<SubscriptionId>,
    /// Name.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// `feature`, `quantity` or `credits`.
    #[schema(value_type = String)]
    pub kind: EntitlementKind,
    /// `active`, `inactive` or `expired`, as it was sent.
    #[schema(value_type = String)]
    pub status: EntitlementStatus,
    /// Name of the unit.
    pub unit: Option<String>,
    /// Used so far; absent for features.
    pub used: Option<DecimalInput>,
    /// How much may be used; without limit where absent.
    pub limit: Option<DecimalInput>,
    /// First day that it covers.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one that it covers.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Your own data.
    pub metadata: Metadata,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which entitlements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntitlementFilter {
    /// One customer's alone: identifier or external id.
    pub customer_id: Option<String>,
    /// `active`, `inactive` or `expired`, as it was sent.
    #[param(value_type = Option<String>)]
    pub status: Option<EntitlementStatus>,
}

/// Entitlements.
pub struct EntitlementRecord;

impl Record for EntitlementRecord {
    const PLURAL: &'static str = "entitlements";
    const SINGULAR: &'static str = "entitlement";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::Entitlement;
    type Input = EntitlementInput;
    type Output = EntitlementOutput;
    type Filter = EntitlementFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: EntitlementInput,
    ) -> Result<Saved<EntitlementOutput>, Rejection> {
        let mut faults = Faults::default();
        let own = input.external_id.as_deref();
        let external_id = faults.external_id(own);
        let before = holding::before::<Self, _>(unit, &target, own).await?;
        let draft = draft(unit, &input, external_id, before.as_ref(), &mut faults).await?;
        faults.refuse_any()?;
        let mut it = draft.ok_or(Failure::Missing("checked entitlement"))?;
        let outcome = holding::outcome(before.as_ref(), &it)?;
        let data = json!({"customer_id": it.customer_id, "name": it.name, "status": it.status});
        holding::write(unit, (before.as_ref(), &mut it), outcome, data).await?;
        Ok(Saved { output: it.into(), outcome })
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<EntitlementOutput>, Failure> {
        let found: Option<Entitlement> = holding::load(read, key).await?;
        Ok(found.map(Into::into))
    }

    async fn as_input(
        read: &mut Read,
        key: &RecordKey,
    ) -> Result<Option<EntitlementInput>, Failure> {
        Ok(Self::find(read, key).await?.map(Into::into))
    }

    async fn list(
        read: &mut Read,
        filter: &EntitlementFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<EntitlementOutput>, Rejection> {
        let customer = filter.customer_id.as_deref();
        let found: Vec<Entitlement> =
            holding::list(read, customer, filter.status, after, limit).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    fn position(output: &EntitlementOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The entitlement as it would be. Where nothing comes back, faults were noted.
async fn draft(
    unit: &mut Unit<'_>,
    input: &EntitlementInput,
    external_id: Option<ExternalId>,
    before: Option<&Entitlement>,
    faults: &mut Faults,
) -> Result<Option<Entitlement>, Rejection> {
    check_kind(input, faults);
    let used = amount("used", input.used, faults).unwrap_or_default();
    let limit = amount("limit", input.limit, faults);
    let name = faults.name("name", &input.name);
    let description = faults.text("description", input.description.as_deref());
    let unit_name = faults.line("unit", input.unit.as_deref());
    let period = refer::period(input.period_start, input.period_end_exclusive, faults);
    let metadata = faults.checked_metadata(input.metadata.as_ref());
    let Some(customer) = refer::customer(unit, &input.customer_id, faults).await? else {
        return Ok(None);
    };
    let subscription = ("subscription_id", input.subscription_id.as_deref());
    let subscription: Option<Subscription> =
        holding::of_customer(&mut unit.write, subscription, customer.id, faults).await?;
    let now = unit.now;
    Ok(Some(Entitlement {
        id: before.map_or_else(|| EntitlementId::new(now, unit.id_bytes()), |it| it.id),
        customer_id: customer.id,
        external_id,
        subscription_id: subscription.map(|it| it.id),
        name,
        description,
        kind: input.kind,
        status: input.status,
        unit: unit_name,
        used,
        limit,
        period,
        metadata,
        created_at: made_at(input.created_at, before.map(|it| it.created_at), now),
        updated_at: before.map_or(now, |it| it.updated_at),
    }))
}

/// A feature is on or off: nothing of it is counted.
fn check_kind(input: &EntitlementInput, faults: &mut Faults) {
    if input.kind != EntitlementKind::Feature {
        return;
    }
    let given = [
        ("unit", input.unit.is_some()),
        ("used", input.used.is_some()),
        ("limit", input.limit.is_some()),
    ];
    for (field, _) in given.into_iter().filter(|(_, given)| *given) {
        faults.add(field, "does not belong to a feature, which is on or off");
    }
}

fn amount(field: &str, given: Option<DecimalInput>, faults: &mut Faults) -> Option<Decimal> {
    let number = given?.check(field, faults);
    if number < Decimal::ZERO {
        faults.add(field, "must not be negative");
    }
    Some(number)
}

impl From<Entitlement> for EntitlementOutput {
    fn from(it: Entitlement) -> Self {
        let counted = it.kind != EntitlementKind::Feature;
        Self {
            id: it.id,
            external_id: it.external_id.map(|id| id.to_string()),
            customer_id: it.customer_id,
            subscription_id: it.subscription_id,
            name: it.name,
            description: it.description,
            kind: it.kind,
            status: it.status,
            unit: it.unit,
            used: counted.then_some(DecimalInput(it.used)),
            limit: it.limit.map(DecimalInput),
            period_start: it.period.map(|period| period.start()),
            period_end_exclusive: it.period.map(|period| period.end_exclusive()),
            metadata: it.metadata,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl From<EntitlementOutput> for EntitlementInput {
    fn from(it: EntitlementOutput) -> Self {
        Self {
            external_id: it.external_id,
            customer_id: it.customer_id.to_string(),
            subscription_id: it.subscription_id.map(|id| id.to_string()),
            name: it.name,
            description: it.description,
            kind: it.kind,
            status: it.status,
            unit: it.unit,
            used: it.used,
            limit: it.limit,
            period_start: it.period_start,
            period_end_exclusive: it.period_end_exclusive,
            metadata: Some(it.metadata),
            created_at: Some(it.created_at),
        }
    }
}
