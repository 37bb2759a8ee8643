//! Creating and updating subscriptions.

use portico_billing::payment_method::PaymentMethod;
use portico_billing::subscription::{Interval, Subscription, SubscriptionItem};
use portico_billing::{ExternalId, SubscriptionId};
use rust_decimal::Decimal;
use serde_json::json;

use super::{SubscriptionInput, SubscriptionItemInput, SubscriptionOutput, SubscriptionRecord};
use crate::Failure;
use crate::records::amount::check_minor;
use crate::records::faults::Faults;
use crate::records::refer::{self, made_at};
use crate::records::{Rejection, Saved, Target, Unit, holding};

const MAX_ITEMS: usize = 200;
const MAX_INTERVAL: u16 = 120;

pub(super) async fn save(
    unit: &mut Unit<'_>,
    target: &Target,
    input: SubscriptionInput,
) -> Result<Saved<SubscriptionOutput>, Rejection> {
    let mut faults = Faults::default();
    let own = input.external_id.as_deref();
    let external_id = faults.external_id(own);
    let before = holding::before::<SubscriptionRecord, _>(unit, target, own).await?;
    let draft = draft(unit, input, external_id, before.as_ref(), &mut faults).await?;
    faults.refuse_any()?;
    let mut it = draft.ok_or(Failure::Missing("checked subscription"))?;
    let outcome = holding::outcome(before.as_ref(), &it)?;
    let data = json!({"customer_id": it.customer_id, "plan": it.plan, "status": it.status});
    holding::write(unit, (before.as_ref(), &mut it), outcome, data).await?;
    Ok(Saved { output: it.into(), outcome })
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
    let method = ("payment_method_id", input.payment_method_id.as_deref());
    let method: Option<PaymentMethod> =
        holding::of_customer(&mut unit.write, method, customer.id, faults).await?;
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
        payment_method_id: method.map(|it| it.id),
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
