//! Taking sources of credit: held, and counted exactly.

use portico_billing::InvoiceId;
use portico_billing::credit::{CreditItem, CreditPart, CreditSource};
use portico_billing::payment::Payment;

use super::Whose;
use crate::records::payment::{allocate, settled};
use crate::records::{Rejection, Unit, invoice};

/// Takes sources that come to `needed_minor`, or all there are: the oldest first, each held until
/// the unit of work ends. Of vouchers and credit notes what is taken counts as used.
pub(super) async fn take(
    unit: &mut Unit<'_>,
    whose: Whose,
    needed_minor: i64,
) -> Result<Vec<CreditItem>, Rejection> {
    let (mut left, mut items) = (needed_minor, Vec::new());
    for found in unit.write.credit_sources(whose).await? {
        if left <= 0 {
            break;
        }
        let taken = match found.source {
            CreditSource::Invoice(id) => release(unit, (id, found), left).await?,
            CreditSource::Payment(id) => {
                let payment = unit.write.payment_for_update(id).await?;
                let free = free_minor(unit, &payment).await? - taken_of(&items, found.source);
                one(found, free.min(left))
            }
            CreditSource::Voucher(id) => {
                let minor = found.left_minor.min(left);
                one(found, if unit.write.use_voucher(id, minor).await? { minor } else { 0 })
            }
            CreditSource::CreditNote(id) => {
                let minor = found.left_minor.min(left);
                one(found, if unit.write.use_credit_note(id, minor).await? { minor } else { 0 })
            }
        };
        left -= taken.iter().map(|it| it.left_minor).sum::<i64>();
        items.extend(taken);
    }
    Ok(items)
}

/// Gives back what was taken of vouchers and credit notes and not used.
pub(super) async fn give_back(
    unit: &mut Unit<'_>,
    items: &[CreditItem],
    used: &[CreditPart],
) -> Result<(), Rejection> {
    for item in items {
        let same = |source: CreditSource| source == item.source;
        // A source can be taken twice; what is left of it is given back with the first.
        if items.iter().find(|it| same(it.source)).is_some_and(|it| !std::ptr::eq(it, item)) {
            continue;
        }
        let used = used.iter().filter(|it| same(it.source)).map(|it| it.amount_minor);
        let rest = taken_of(items, item.source) - used.sum::<i64>();
        match item.source {
            CreditSource::Voucher(id) if rest > 0 => {
                unit.write.use_voucher(id, -rest).await?;
            }
            CreditSource::CreditNote(id) if rest > 0 => {
                unit.write.use_credit_note(id, -rest).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn one(found: CreditItem, left_minor: i64) -> Vec<CreditItem> {
    if left_minor > 0 { vec![CreditItem { left_minor, ..found }] } else { Vec::new() }
}

fn taken_of(items: &[CreditItem], source: CreditSource) -> i64 {
    items.iter().filter(|it| it.source == source).map(|it| it.left_minor).sum()
}

/// What of a payment, which is held, is neither used nor given back, nor being given back.
async fn free_minor(unit: &mut Unit<'_>, payment: &Payment) -> Result<i64, Rejection> {
    let free = settled(&mut unit.write, payment).await?.free_minor;
    let reserved = unit.write.reserved_refunds(payment.id).await?.credited_minor;
    Ok(free.saturating_sub(reserved))
}

/// Frees what settles an invoice beyond what it asks for, as much as is needed: the newest payment
/// first, then vouchers and credit notes.
async fn release(
    unit: &mut Unit<'_>,
    (id, found): (InvoiceId, CreditItem),
    needed_minor: i64,
) -> Result<Vec<CreditItem>, Rejection> {
    let figures = unit.write.invoice_for_update(id).await?.figures;
    let beyond = figures.paid_minor + figures.credited_minor + figures.prepaid_minor;
    let beyond = (beyond - figures.total_minor).min(figures.paid_minor);
    let (mut left, mut freed) = (beyond.min(needed_minor), Vec::new());
    for payment in unit.write.payments_allocated_to(id).await? {
        if left <= 0 {
            return Ok(freed);
        }
        let payment = unit.write.payment_for_update(payment).await?;
        let now = settled(&mut unit.write, &payment).await?;
        let part = now.parts.iter().find(|(of, _)| *of == id).map_or(0, |(_, minor)| *minor);
        let minor = part.min(left);
        if minor > 0 {
            let less = |(of, part): &(InvoiceId, i64)| {
                (*of, if *of == id { *part - minor } else { *part })
            };
            let kept: Vec<_> = now.parts.iter().map(less).filter(|(_, part)| *part > 0).collect();
            allocate(unit, &payment, &kept).await?;
            let source = CreditSource::Payment(payment.id);
            freed.push(CreditItem { source, since: payment.paid_at, left_minor: minor });
            left -= minor;
        }
    }
    for it in unit.write.credit_of_invoice(id).await? {
        let minor = it.amount_minor.min(left);
        if minor > 0 {
            let part = CreditPart { source: it.source, invoice_id: id, amount_minor: minor };
            unit.write.take_credit(part).await?;
            invoice::settle(unit, id, (-minor, 0)).await?;
            freed.push(CreditItem { source: it.source, since: found.since, left_minor: minor });
            left -= minor;
        }
    }
    Ok(freed)
}
