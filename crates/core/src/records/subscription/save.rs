//! Creating and updating subscriptions.

use portico_billing::subscription::{Interval, Subscription, SubscriptionItem};
use portico_billing::{ExternalId, SubscriptionId};
use rust_decimal::Decimal;
use serde_json::json;

use super::{
    SubscriptionInput, SubscriptionItemInput, SubscriptionOutput, SubscriptionRecord, load,
};
use crate::Failure;
use crate::records::amount::check_minor;
use crate::records::faults::Faults;
use crate::records::refer::{self, made_at};
use crate::records::{Outcome, Record, Rejection, Saved, Target, Unit, payment_method};

const MAX_ITEMS: usize = 200;
const MAX_INTERVAL: u16 = 120;

pub(super) async fn save(
    unit: &mut Unit<'_>,
    target: &Target,
    input: SubscriptionInput,
) -> Result<Saved<SubscriptionOutput>, Rejection> {
    let mut faults = Faults::default();
    let external_id = faults.external_id(input.external_id.as_deref());
    let before = before(unit, target, external_id.as_ref()).await?;
    let draft = draft(unit, input, external_id, before.as_ref(), &mut faults).await?;
    faults.refuse_any()?;
    let mut it = draft.ok_or(Failure::Missing("checked subscription"))?;
    let outcome = match &before {
        None => Outcome::Created,
        Some(before) if before.customer_id != it.customer_id => {
            let message = "a subscription cannot be moved to another customer";
            return Err(Rejection::conflict("customer_id", message));
        }
        Some(before) if *before == it => Outcome::Unchanged,
        Some(_) => Outcome::Updated,
    };
    let event = match outcome {
        Outcome::Unchanged => return Ok(Saved { output: it.into(), outcome }),
        Outcome::Created => {
            unit.write.insert_subscription(&it).await?;
            "subscription.created"
        }
        Outcome::Updated => {
            it.updated_at = unit.now;
            unit.write.update_subscription(&it).await?;
            "subscription.updated"
        }
    };
    let data = json!({"customer_id": it.customer_id, "plan": it.plan, "status": it.status});
    unit.event(event, it.id.uuid(), data);
    Ok(Saved { output: it.into(), outcome })
}

async fn before(
    unit: &mut Unit<'_>,
    target: &Target,
    external_id: Option<&ExternalId>,
) -> Result<Option<Subscription>, Rejection> {
    match (target, external_id) {
        (Target::Existing(key), _) => {
            let found = load(&mut unit.write, key).await?;
            found.map(Some).ok_or_else(|| refer::not_found(SubscriptionRecord::SINGULAR, key))
        }
        (Target::New, Some(id)) => Ok(unit.write.subscription_by_external_id(id).await?),
        (Target::New, None) => Ok(None),
    }
}

/// The subscription as it would be. Where nothing comes back, faults were noted.
async fn draft(
    unit: &mut Unit<'_>,
    input: SubscriptionInput,
    external_id: Option<ExternalId>,
    before: Option<&Subscription>,
    faults: &mut Faults,
) -> Result<Option<Subscription>, Rejection> {
    check(&input, faults);
    let plan = faults.name("plan", &input.plan);
    let items = items(&input.items, faults);
    let current_period = refer::period(input.period_start, input.period_end_exclusive, faults);
    let metadata = faults.checked_metadata(input.metadata.as_ref());
    let Some(customer) = refer::customer(unit, &input.customer_id, faults).await? else {
        return Ok(None);
    };
    let method = input.payment_method_id.as_deref();
    let payment_method_id =
        payment_method::of_customer(&mut unit.write, method, customer.id, faults).await?;
    let now = unit.now;
    Ok(Some(Subscription {
        id: before.map_or_else(|| SubscriptionId::new(now, unit.id_bytes()), |it| it.id),
        customer_id: customer.id,
        external_id,
        plan,
        status: input.status,
        currency: input.currency,
        amount_minor: input.amount_minor,
        interval: Interval { unit: input.interval_unit, count: input.interval_count },
        items,
        started_on: input.started_on,
        current_period,
        trial_ends_on: input.trial_ends_on,
        cancels_on: input.cancels_on,
        ended_on: input.ended_on,
        payment_method_id,
        metadata,
        created_at: made_at(input.created_at, before.map(|it| it.created_at), now),
        updated_at: before.map_or(now, |it| it.updated_at),
    }))
}

fn check(input: &SubscriptionInput, faults: &mut Faults) {
    if check_minor("amount_minor", input.amount_minor, faults) < 0 {
        faults.add("amount_minor", "must not be negative");
    }
    if !(1..=MAX_INTERVAL).contains(&input.interval_count) {
        faults.add("interval_count", format!("must be between 1 and {MAX_INTERVAL}"));
    }
    for (field, day) in [
        ("trial_ends_on", input.trial_ends_on),
        ("cancels_on", input.cancels_on),
        ("ended_on", input.ended_on),
    ] {
        if day.is_some_and(|day| day < input.started_on) {
            faults.add(field, "must not be before `started_on`");
        }
    }
}

fn items(input: &[SubscriptionItemInput], faults: &mut Faults) -> Vec<SubscriptionItem> {
    if input.len() > MAX_ITEMS {
        faults.add("items", format!("must have at most {MAX_ITEMS} entries"));
        return Vec::new();
    }
    let item = |(place, it): (usize, &SubscriptionItemInput)| {
        let field = |name: &str| format!("items.{place}.{name}");
        let quantity = it.quantity.check(&field("quantity"), faults);
        if quantity < Decimal::ZERO {
            faults.add(field("quantity"), "must not be negative");
        }
        SubscriptionItem {
            description: faults.name(&field("description"), &it.description),
            quantity,
            unit_price_minor: check_minor(&field("unit_price_minor"), it.unit_price_minor, faults),
        }
    };
    input.iter().enumerate().map(item).collect()
}
