//! Having credit settle invoices, in the unit of work of whoever asks for it.

use std::collections::BTreeMap;

use portico_billing::credit::{CreditPart, CreditSource, first_of, share_out};
use portico_billing::{AttemptId, CreditUseId, InvoiceId, Money, PaymentId};
use portico_store::credit::CreditUse;
use portico_store::hold::Held;
use serde_json::json;

use super::take::{give_back, take};
use super::{Whose, in_the_books};
use crate::records::payment::{allocate, settled};
use crate::records::{Rejection, Unit, invoice};

/// Settles invoices by a customer's credit: of each as much as is wanted, as far as it is still to
/// be paid and credit goes. The answer is what of which source settled which of them.
pub(crate) async fn apply(
    unit: &mut Unit<'_>,
    whose: Whose,
    wanted: &[(InvoiceId, i64)],
) -> Result<Vec<CreditPart>, Rejection> {
    // Others who use this customer's credit wait here: what is counted below stays so.
    unit.write.hold(Held::Customer, whose.0.uuid()).await?;
    let asked = wanted.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
    let most = in_the_books(&mut unit.write, whose).await?.min(asked);
    let items = take(unit, whose, most).await?;
    let open = open(unit, whose, wanted).await?;
    let parts = share_out(&items, &first_of(&open, most));
    settle(unit, &parts).await?;
    give_back(unit, &items, &parts).await?;
    Ok(parts)
}

/// Notes that credit was used: for good, whatever becomes of what it settled.
pub(crate) async fn note(
    unit: &mut Unit<'_>,
    (customer_id, currency): Whose,
    parts: Vec<CreditPart>,
    (attempt_id, form): (Option<AttemptId>, Option<(String, Vec<u8>)>),
) -> Result<CreditUse, Rejection> {
    let minor = parts.iter().fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor));
    let it = CreditUse {
        id: CreditUseId::new(unit.now, unit.id_bytes()),
        customer_id,
        amount: Money::new(minor, currency),
        parts,
        attempt_id,
        form,
        used_at: unit.now,
    };
    unit.write.insert_credit_use(&it).await?;
    let data = json!({
        "id": it.id,
        "customer_id": customer_id,
        "amount_minor": minor,
        "currency": currency,
        "attempt_id": attempt_id,
        "parts": it.parts,
    });
    unit.event("credit.used", it.id.uuid(), data);
    Ok(it)
}

/// What of the wanted invoices is still to be paid. They are held in the order of their
/// identifiers, so that two who settle the same ones wait for each other in turn.
async fn open(
    unit: &mut Unit<'_>,
    (customer, currency): Whose,
    wanted: &[(InvoiceId, i64)],
) -> Result<Vec<(InvoiceId, i64)>, Rejection> {
    let mut open: BTreeMap<InvoiceId, i64> = wanted.iter().map(|(id, _)| (*id, 0)).collect();
    for (id, minor) in &mut open {
        if unit.write.invoice(*id).await?.is_none() {
            continue;
        }
        let it = unit.write.invoice_for_update(*id).await?;
        if it.customer_id == customer && it.currency == currency {
            *minor = it.remaining().minor();
        }
    }
    let of = |id: &InvoiceId| open.get(id).copied().unwrap_or_default();
    Ok(wanted.iter().map(|(id, minor)| (*id, (*minor).min(of(id)))).collect())
}

/// Has the sources settle their parts. All of them are held.
async fn settle(unit: &mut Unit<'_>, parts: &[CreditPart]) -> Result<(), Rejection> {
    let mut of_payments: BTreeMap<PaymentId, Vec<(InvoiceId, i64)>> = BTreeMap::new();
    for part in parts {
        match part.source {
            CreditSource::Payment(id) => {
                let of_payment = of_payments.entry(id).or_default();
                of_payment.push((part.invoice_id, part.amount_minor));
            }
            CreditSource::Voucher(_) | CreditSource::CreditNote(_) => {
                unit.write.add_credit(*part, unit.now).await?;
                invoice::settle(unit, part.invoice_id, (part.amount_minor, 0)).await?;
            }
            // What is beyond an invoice was freed of its payments before.
            CreditSource::Invoice(_) => {}
        }
    }
    for (id, mut wanted) in of_payments {
        let payment = unit.write.payment_for_update(id).await?;
        wanted.extend(settled(&mut unit.write, &payment).await?.parts);
        allocate(unit, &payment, &wanted).await?;
    }
    Ok(())
}
