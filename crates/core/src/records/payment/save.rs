//! Creating and updating payments and refunds.

use portico_billing::ledger::Booking;
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_store::{Read, StoreError};
use serde::Serialize;
use serde_json::json;

use super::draft::{self, Before, Draft};
use super::limits::{self, Changes};
use super::{PaymentInput, PaymentOutput, PaymentRecord, load, outputs};
use crate::Failure;
use crate::payments::mailed;
use crate::records::faults::Faults;
use crate::records::{Outcome, Rejection, Saved, Target, Unit, invoice, refer};
use crate::vouchers::credit_waiting;

pub(super) async fn save(
    unit: &mut Unit<'_>,
    target: &Target,
    input: &PaymentInput,
) -> Result<Saved<PaymentOutput>, Rejection> {
    let mut faults = Faults::default();
    let own = input.external_id.as_deref();
    let external_id = faults.external_id(own);
    let before = before(unit, target, own).await?;
    let before = before.as_ref();
    let draft = draft::read(unit, input, external_id, before, &mut faults).await?;
    let Some(mut draft) = draft else { return Err(faults.refusal()) };
    let conflict = before.and_then(|before| limits::conflict(&before.payment, &draft.payment));
    let changes = limits::changes(before, &draft);
    if conflict.is_none() {
        limits::check(unit, before, &draft, &changes, &mut faults).await?;
    }
    faults.refuse_any()?;
    if let Some(conflict) = conflict {
        return Err(conflict);
    }
    let outcome = outcome(before, &draft);
    if outcome != Outcome::Unchanged {
        draft.payment.updated_at = unit.now;
        apply(unit, before, &draft, &changes).await?;
        note(unit, before, &draft);
        let succeeded = |it: &Payment| it.status == PaymentStatus::Succeeded;
        if succeeded(&draft.payment) && !before.is_some_and(|it| succeeded(&it.payment)) {
            mailed::ask_for_recorded(unit, &draft.payment).await?;
        }
    }
    let output = outputs(&mut unit.write, vec![draft.payment]).await?.pop();
    Ok(Saved { output: output.ok_or(Failure::Missing("saved payment"))?, outcome })
}

/// The payment that the input is meant for, held until the unit of work ends.
async fn before(
    unit: &mut Unit<'_>,
    target: &Target,
    external_id: Option<&str>,
) -> Result<Option<Before>, Rejection> {
    let by_external_id = Read::payment_by_external_id;
    let found =
        refer::existing::<PaymentRecord, _>(unit, target, external_id, load, by_external_id)
            .await?;
    let Some(found) = found else { return Ok(None) };
    let payment = unit.write.payment_for_update(found.id).await?;
    let allocations = unit.write.allocations(payment.id).await?;
    Ok(Some(Before { payment, allocations }))
}

fn outcome(before: Option<&Before>, draft: &Draft) -> Outcome {
    let Some(before) = before else { return Outcome::Created };
    let same_parts = draft.parts.is_none() || allocations(draft) == before.allocations;
    if before.payment == draft.payment && same_parts {
        Outcome::Unchanged
    } else {
        Outcome::Updated
    }
}

/// What would be stored, by invoice.
fn allocations(draft: &Draft) -> Vec<Allocation> {
    let parts = draft.parts.as_deref().unwrap_or_default();
    let mut allocations: Vec<Allocation> = parts
        .iter()
        .map(|part| Allocation {
            payment_id: draft.payment.id,
            invoice_id: part.invoice.id,
            amount_minor: part.amount_minor,
        })
        .collect();
    allocations.sort_by_key(|it| it.invoice_id);
    allocations
}

pub(super) async fn apply(
    unit: &mut Unit<'_>,
    before: Option<&Before>,
    draft: &Draft,
    changes: &Changes,
) -> Result<(), Rejection> {
    let payment = &draft.payment;
    if before.is_none() {
        unit.write.insert_payment(payment).await?;
        unit.write.insert_allocations(&allocations(draft)).await?;
    } else {
        unit.write.update_payment(payment).await?;
        if draft.parts.is_some() {
            unit.write.put_allocations(payment.id, &allocations(draft)).await?;
        }
    }
    for (id, minor) in changes {
        let minor = if payment.kind == PaymentKind::Refund { -minor } else { *minor };
        invoice::settle(unit, *id, (minor, 0)).await?;
    }
    let counted_already =
        before.is_some_and(|before| before.payment.status == PaymentStatus::Succeeded);
    if let Some(parent) = &draft.parent
        && payment.status == PaymentStatus::Succeeded
        && !counted_already
        && !unit.write.refund_payment(parent.id, payment.amount_minor, unit.now).await?
    {
        return Err(Rejection::conflict("amount_minor", "so much cannot be refunded any more"));
    }
    if !counted_already {
        credit_waiting(unit, payment).await?;
    }
    recount(unit, before.is_none(), draft).await?;
    let booked = before.map(|before| Booking::of_payment(&before.payment));
    unit.book(payment.customer_id, booked.as_ref(), &Booking::of_payment(payment));
    Ok(())
}

/// Notes anew what is free of a payment, or of the one that a refund gives back. Nothing is free of
/// a new one that settles as much as it is: most payments are so.
async fn recount(unit: &mut Unit<'_>, is_new: bool, draft: &Draft) -> Result<(), StoreError> {
    let (payment, parts) = (&draft.payment, draft.parts.as_deref().unwrap_or_default());
    if let Some(parent) = &draft.parent {
        return unit.write.recount_payment(parent.id).await;
    }
    let settled = parts.iter().fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor));
    let counts = payment.status == PaymentStatus::Succeeded;
    if is_new && (!counts || settled >= payment.amount_minor) {
        return Ok(());
    }
    unit.write.recount_payment(payment.id).await
}

/// What the audit log compares.
#[derive(Serialize)]
struct Side<'a> {
    #[serde(flatten)]
    payment: &'a Payment,
    allocations: &'a [Allocation],
}

/// Notes what happened to it.
pub(super) fn note(unit: &mut Unit<'_>, before: Option<&Before>, draft: &Draft) {
    let it = &draft.payment;
    let kind = match (it.kind, before) {
        (PaymentKind::Payment, None) => "payment.created",
        (PaymentKind::Payment, Some(_)) => "payment.updated",
        (PaymentKind::Refund, None) => "refund.created",
        (PaymentKind::Refund, Some(_)) => "refund.updated",
    };
    let data = json!({
        "id": it.id,
        "customer_id": it.customer_id,
        "status": it.status,
        "amount_minor": it.amount_minor,
        "currency": it.currency,
    });
    let Some(before) = before else { return unit.event(kind, it.id.uuid(), data) };
    let parts = draft.parts.is_some().then(|| allocations(draft));
    let after = parts.as_ref().unwrap_or(&before.allocations);
    let sides = (
        &Side { payment: &before.payment, allocations: &before.allocations },
        &Side { payment: it, allocations: after },
    );
    unit.change(kind, it.id.uuid(), data, sides);
}
