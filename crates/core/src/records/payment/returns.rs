//! Booking money that left a payment through its gateway, and what came back of it.

use portico_billing::InvoiceId;
use portico_billing::ledger::Booking;
use portico_billing::payment::{Allocation, Payment, PaymentStatus};
use portico_billing::refund::reopened;
use serde_json::{Value, json};

use super::limits::open_minor;
use super::parts::settled;
use crate::records::{Rejection, Unit, invoice};

/// Books a refund that was made: of the payment, which is held, `counted_minor` are refunded from
/// then on. What was free of it goes first; then invoices are due again, the newest first.
pub(crate) async fn give_back(
    unit: &mut Unit<'_>,
    parent: &Payment,
    refund: &Payment,
    counted_minor: i64,
) -> Result<(), Rejection> {
    let now = settled(&mut unit.write, parent).await?;
    let mut parts = reopened(&now.parts, now.free_minor, refund.amount_minor);
    parts.sort_unstable_by_key(|(id, _)| *id);
    unit.write.insert_payment(refund).await?;
    let rows: Vec<Allocation> = parts
        .iter()
        .map(|(invoice_id, amount_minor)| Allocation {
            payment_id: refund.id,
            invoice_id: *invoice_id,
            amount_minor: *amount_minor,
        })
        .collect();
    if !rows.is_empty() {
        unit.write.put_allocations(refund.id, &rows).await?;
    }
    for (id, minor) in parts {
        invoice::settle(unit, id, (-minor, 0)).await?;
    }
    if counted_minor > 0 && !unit.write.refund_payment(parent.id, counted_minor, unit.now).await? {
        return Err(Rejection::conflict("amount_minor", "so much cannot be refunded any more"));
    }
    unit.write.recount_payment(parent.id).await?;
    unit.book(refund.customer_id, None, &Booking::of_payment(refund));
    Ok(())
}

/// Books that a refund, which is held, came back: it counts no more, and what it reopened is
/// settled again as far as it is still open, and as there is something left of the payment to
/// settle it. The answer is the refund as it is then.
pub(crate) async fn come_back(
    unit: &mut Unit<'_>,
    parent: &Payment,
    refund: &Payment,
    status: PaymentStatus,
) -> Result<Payment, Rejection> {
    let others = unit.write.refunds_of_payment(parent.id).await?;
    let others =
        others.iter().filter(|it| it.id != refund.id && it.status == PaymentStatus::Succeeded);
    // Others may have been given back while the payment had nothing left: they count now.
    let refunded = others.fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor));
    let refunded = refunded.min(parent.amount_minor);
    let used = settled(&mut unit.write, parent).await?.parts;
    let used = used.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    let mut room = (parent.amount_minor - refunded).saturating_sub(used).max(0);
    let after = Payment { status, updated_at: unit.now, ..refund.clone() };
    unit.write.update_payment(&after).await?;
    let mut missed: Vec<(InvoiceId, i64)> = Vec::new();
    // By invoice: they are held in the order of their identifiers.
    for part in unit.write.allocations(refund.id).await? {
        let invoice = unit.write.invoice_for_update(part.invoice_id).await?;
        let again = part.amount_minor.min(open_minor(&invoice)).min(room);
        room -= again;
        if again > 0 {
            invoice::settle(unit, part.invoice_id, (again, 0)).await?;
        }
        if again < part.amount_minor {
            missed.push((part.invoice_id, part.amount_minor - again));
        }
    }
    if !missed.is_empty() {
        forget(unit, parent, &missed).await?;
    }
    unit.write.set_refunded(parent.id, refunded, unit.now).await?;
    unit.write.recount_payment(parent.id).await?;
    let (old, new) = (Booking::of_payment(refund), Booking::of_payment(&after));
    unit.book(refund.customer_id, Some(&old), &new);
    Ok(after)
}

/// What others settled meanwhile, the payment does not settle again: it is credit.
async fn forget(
    unit: &mut Unit<'_>,
    parent: &Payment,
    missed: &[(InvoiceId, i64)],
) -> Result<(), Rejection> {
    let mut rows = unit.write.allocations(parent.id).await?;
    for row in &mut rows {
        let less = missed.iter().find(|(id, _)| *id == row.invoice_id);
        row.amount_minor -= less.map_or(0, |(_, minor)| *minor);
    }
    rows.retain(|row| row.amount_minor > 0);
    Ok(unit.write.put_allocations(parent.id, &rows).await?)
}

/// What events tell of a refund.
pub(crate) fn told(it: &Payment) -> Value {
    json!({
        "id": it.id,
        "customer_id": it.customer_id,
        "payment_id": it.parent_id,
        "status": it.status,
        "amount_minor": it.amount_minor,
        "currency": it.currency,
    })
}
