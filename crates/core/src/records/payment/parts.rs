//! Which invoices a payment settles now, and changing that: the money stays where it is, other
//! invoices are paid by it.

use std::collections::BTreeMap;

use portico_billing::money::MAX_MINOR;
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_billing::refund::reopened;
use portico_billing::{InvoiceId, Money};
use portico_store::{Read, StoreError};
use serde_json::json;

use super::limits::open_minor;
use crate::records::faults::Faults;
use crate::records::{Rejection, Unit, invoice};

/// What a payment settles now.
pub(crate) struct Settled {
    /// By invoice, in the order of their identifiers, minor units; without what refunds reopened.
    pub(crate) parts: Vec<(InvoiceId, i64)>,
    /// What was neither used nor given back, minor units; below zero where more was given back than
    /// was free.
    pub(crate) free_minor: i64,
}

/// What a payment settles now.
pub(crate) async fn settled(read: &mut Read, payment: &Payment) -> Result<Settled, StoreError> {
    let mut parts: BTreeMap<InvoiceId, i64> = BTreeMap::new();
    for it in read.allocations(payment.id).await? {
        *parts.entry(it.invoice_id).or_default() += it.amount_minor;
    }
    for it in read.reopened_allocations(payment.id).await? {
        *parts.entry(it.invoice_id).or_default() -= it.amount_minor;
    }
    parts.retain(|_, minor| *minor > 0);
    let used = parts.values().fold(0_i64, |sum, minor| sum.saturating_add(*minor));
    let free_minor = payment.refundable_minor().saturating_sub(used);
    Ok(Settled { parts: parts.into_iter().collect(), free_minor })
}

/// Has a payment, which is held, settle these parts and nothing else.
pub(crate) async fn allocate(
    unit: &mut Unit<'_>,
    payment: &Payment,
    wanted: &[(InvoiceId, i64)],
) -> Result<(), Rejection> {
    let counts = (payment.kind, payment.status) == (PaymentKind::Payment, PaymentStatus::Succeeded);
    if !counts {
        return Err(Rejection::conflict("status", "only payments that succeeded settle invoices"));
    }
    if wanted.iter().any(|(_, minor)| !(0..=MAX_MINOR).contains(minor)) {
        return Err(Rejection::field("allocations", "must not be below 0, nor out of range"));
    }
    let now = settled(&mut unit.write, payment).await?;
    let mut rows: BTreeMap<InvoiceId, i64> = BTreeMap::new();
    for (invoice, minor) in wanted {
        let row = rows.entry(*invoice).or_default();
        *row = row.saturating_add(*minor);
    }
    let mut changes = rows.clone();
    for (invoice, minor) in &now.parts {
        *changes.entry(*invoice).or_default() -= *minor;
    }
    changes.retain(|_, minor| *minor != 0);
    check(unit, payment, (&rows, &changes)).await?;
    if changes.is_empty() {
        return Ok(());
    }
    // What refunds reopened stays: it is taken off these rows wherever they are read.
    for it in unit.write.reopened_allocations(payment.id).await? {
        *rows.entry(it.invoice_id).or_default() += it.amount_minor;
    }
    let rows: Vec<Allocation> = rows
        .into_iter()
        .filter(|(_, minor)| *minor > 0)
        .map(|(invoice_id, amount_minor)| Allocation {
            payment_id: payment.id,
            invoice_id,
            amount_minor,
        })
        .collect();
    unit.write.put_allocations(payment.id, &rows).await?;
    unit.write.recount_payment(payment.id).await?;
    for (invoice, minor) in &changes {
        invoice::settle(unit, *invoice, (*minor, 0)).await?;
    }
    let data = json!({
        "id": payment.id,
        "customer_id": payment.customer_id,
        "currency": payment.currency,
    });
    let (old, new) = (json!({"allocations": now.parts}), json!({"allocations": wanted}));
    unit.change("payment.allocated", payment.id.uuid(), data, (&old, &new));
    Ok(())
}

/// Nothing is settled beyond what is due, and no more than is left of the payment. Invoices are
/// held in the order of their identifiers.
async fn check(
    unit: &mut Unit<'_>,
    payment: &Payment,
    (wanted, changes): (&BTreeMap<InvoiceId, i64>, &BTreeMap<InvoiceId, i64>),
) -> Result<(), Rejection> {
    let mut faults = Faults::default();
    let reserved = unit.write.reserved_refunds(payment.id).await?.credited_minor;
    let left = payment.refundable_minor().saturating_sub(reserved).max(0);
    let sum = wanted.values().fold(0_i64, |sum, minor| sum.saturating_add(*minor));
    let adds = changes.values().any(|minor| *minor > 0);
    // What was given back without being taken from invoices must not keep others from being freed.
    if sum > left && adds {
        let [sum, left] = [sum, left].map(|minor| Money::new(minor, payment.currency));
        faults.add("allocations", format!("come to {sum}, but only {left} is left"));
    }
    for (id, minor) in changes {
        let Some(found) = unit.write.invoice(*id).await? else {
            faults.add(format!("settle.{}", id.uuid()), "is no invoice of the customer");
            continue;
        };
        let own = found.customer_id == payment.customer_id && found.currency == payment.currency;
        if !own {
            faults.add(format!("settle.{}", id.uuid()), "is no invoice of the customer");
            continue;
        }
        let invoice = unit.write.invoice_for_update(*id).await?;
        let open = open_minor(&invoice);
        if *minor > open {
            let [wanted, open] = [*minor, open].map(|it| Money::new(it, invoice.currency));
            let message = format!("is {wanted} more, but only {open} can still be settled");
            faults.add(format!("settle.{}", id.uuid()), message);
        }
    }
    faults.refuse_any()
}

/// Takes so much of what a payment settles off its invoices, the newest first: it is credit of the
/// customer from then on.
pub(super) async fn release(
    unit: &mut Unit<'_>,
    payment: &Payment,
    minor: i64,
) -> Result<(), Rejection> {
    let now = settled(&mut unit.write, payment).await?;
    let used = now.parts.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    if !(1..=used).contains(&minor) {
        let used = Money::new(used, payment.currency);
        let message = format!("must lie between 0 and {used}, which settles invoices");
        return Err(Rejection::field("amount_minor", message));
    }
    let freed: BTreeMap<InvoiceId, i64> = reopened(&now.parts, 0, minor).into_iter().collect();
    let kept: Vec<(InvoiceId, i64)> = now
        .parts
        .iter()
        .map(|(id, part)| (*id, part - freed.get(id).copied().unwrap_or_default()))
        .filter(|(_, part)| *part > 0)
        .collect();
    allocate(unit, payment, &kept).await
}
