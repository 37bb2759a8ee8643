//! What a payment may settle and a refund may give back: never more than there is.

use std::collections::BTreeMap;

use portico_billing::invoice::{Invoice, InvoiceStatus};
use portico_billing::payment::{Allocation, Payment, PaymentKind, PaymentStatus};
use portico_billing::{InvoiceId, Money, PaymentId};

use super::draft::{Before, Draft, Part};
use crate::records::faults::Faults;
use crate::records::{Rejection, Unit};

/// How the allocations of a payment change, by invoice.
pub(super) type Changes = BTreeMap<InvoiceId, i64>;

/// Why a change of a payment contradicts what is there.
pub(super) fn conflict(before: &Payment, draft: &Payment) -> Option<Rejection> {
    let fixed = |field: &str, message: &str| Some(Rejection::conflict(field, message));
    if before.customer_id != draft.customer_id {
        return fixed("customer_id", "a payment cannot be moved to another customer");
    }
    if before.kind != draft.kind {
        return fixed("kind", "a payment cannot become a refund, nor a refund a payment");
    }
    if before.parent_id != draft.parent_id {
        return fixed("payment_id", "a refund cannot be moved to another payment");
    }
    if before.charge.is_some() && before.status != draft.status {
        return fixed("status", "is what the gateway says");
    }
    if !before.status.may_become(draft.status) {
        let (from, to) = (before.status.as_str(), draft.status.as_str());
        let message = format!("a payment that is {from} cannot become {to}");
        return Some(Rejection::conflict("status", message));
    }
    if before.status == PaymentStatus::Succeeded {
        if before.amount_minor != draft.amount_minor {
            return fixed("amount_minor", "is fixed once the payment succeeded");
        }
        if before.currency != draft.currency {
            return fixed("currency", "is fixed once the payment succeeded");
        }
    }
    None
}

/// What was settled (or reopened) before, as far as it counted.
pub(super) fn counted(before: Option<&Before>) -> &[Allocation] {
    before
        .filter(|before| before.payment.status == PaymentStatus::Succeeded)
        .map_or(&[], |before| &before.allocations)
}

/// How the allocations that count would change; nothing while the payment did not succeed.
pub(super) fn changes(before: Option<&Before>, draft: &Draft) -> Changes {
    let mut changes = Changes::new();
    if draft.payment.status != PaymentStatus::Succeeded {
        return changes;
    }
    let kept = before.map_or(&[][..], |before| &before.allocations);
    let wanted: Vec<(InvoiceId, i64)> = match &draft.parts {
        Some(parts) => parts.iter().map(|it| (it.invoice.id, it.amount_minor)).collect(),
        None => kept.iter().map(|it| (it.invoice_id, it.amount_minor)).collect(),
    };
    for (invoice, minor) in wanted {
        add(&mut changes, invoice, minor);
    }
    for it in counted(before) {
        add(&mut changes, it.invoice_id, it.amount_minor.saturating_neg());
    }
    changes.retain(|_, minor| *minor != 0);
    changes
}

/// Amounts that are too large have been noted before; here they must do no harm.
fn add(changes: &mut Changes, invoice: InvoiceId, minor: i64) {
    let sum = changes.entry(invoice).or_default();
    *sum = sum.saturating_add(minor);
}

/// Notes what goes beyond the limits. Invoices are held in the order of their identifiers, so that
/// two payments of the same invoices wait for each other in turn.
pub(super) async fn check(
    unit: &mut Unit<'_>,
    before: Option<&Before>,
    draft: &Draft,
    changes: &Changes,
    faults: &mut Faults,
) -> Result<(), Rejection> {
    if draft.payment.status != PaymentStatus::Succeeded {
        return Ok(());
    }
    if let Some((invoice, _)) = changes.iter().find(|(_, minor)| **minor < 0) {
        let name = parts_name(draft.payment.kind);
        let message = format!("what counted for {invoice} cannot be taken back");
        return Err(Rejection::conflict(name, message));
    }
    match (draft.payment.kind, &draft.parent) {
        (PaymentKind::Payment, _) => check_due(unit, draft, changes, faults).await,
        (PaymentKind::Refund, None) => Ok(()),
        (PaymentKind::Refund, Some(parent)) => {
            let counts_already =
                before.is_some_and(|it| it.payment.status == PaymentStatus::Succeeded);
            // What is being given back through the gateway counts already (PAY-06).
            let reserved = unit.write.reserved_refunds(parent.id).await?.credited_minor;
            let left = parent.refundable_minor().saturating_sub(reserved).max(0);
            let wanted = draft.payment.amount_minor;
            if !counts_already && wanted > left {
                let [wanted, left] = [wanted, left].map(|it| Money::new(it, parent.currency));
                let message = format!("is {wanted}, but only {left} can still be refunded");
                faults.add("amount_minor", message);
            }
            check_settled(unit, (draft, parent.id), changes, faults).await
        }
    }
}

/// No invoice is settled beyond what is due.
async fn check_due(
    unit: &mut Unit<'_>,
    draft: &Draft,
    changes: &Changes,
    faults: &mut Faults,
) -> Result<(), Rejection> {
    for (invoice, minor) in changes {
        let invoice = unit.write.invoice_for_update(*invoice).await?;
        let [wanted, open] =
            [*minor, open_minor(&invoice)].map(|it| Money::new(it, invoice.currency));
        if wanted.minor() > open.minor() {
            let number = invoice.number.as_deref().unwrap_or("the invoice");
            let message = format!("is {wanted}, but only {open} of {number} can still be settled");
            faults.add(amount_field(draft, invoice.id), message);
        }
    }
    Ok(())
}

/// What payments can still settle: what is due, and what counts as paid on the organisation's word
/// alone. Drafts, void and given-up invoices take nothing.
pub(super) fn open_minor(invoice: &Invoice) -> i64 {
    if invoice.status.is_payable() || invoice.status == InvoiceStatus::Paid {
        invoice.figures.allocatable_minor()
    } else {
        0
    }
}

/// No more is reopened of an invoice than the payment settled of it.
async fn check_settled(
    unit: &mut Unit<'_>,
    (draft, parent): (&Draft, PaymentId),
    changes: &Changes,
    faults: &mut Faults,
) -> Result<(), Rejection> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut settled = Changes::new();
    for it in unit.write.allocations(parent).await? {
        add(&mut settled, it.invoice_id, it.amount_minor);
    }
    for it in unit.write.reopened_allocations(parent).await? {
        add(&mut settled, it.invoice_id, it.amount_minor.saturating_neg());
    }
    for (invoice, minor) in changes {
        let left = settled.get(invoice).copied().unwrap_or_default();
        if *minor > left {
            let [wanted, left] = [*minor, left].map(|it| Money::new(it, draft.payment.currency));
            let message =
                format!("is {wanted}, but the payment settles only {left} of the invoice");
            faults.add(amount_field(draft, *invoice), message);
        }
    }
    Ok(())
}

fn parts_name(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::Payment => "allocations",
        PaymentKind::Refund => "unallocate",
    }
}

/// The field that the part of this invoice came in.
fn amount_field(draft: &Draft, invoice: InvoiceId) -> String {
    let parts: &[Part] = draft.parts.as_deref().unwrap_or_default();
    parts.iter().find(|part| part.invoice.id == invoice).map_or_else(
        || parts_name(draft.payment.kind).to_owned(),
        |part| format!("{}.amount_minor", part.field),
    )
}
