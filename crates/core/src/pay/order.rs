//! What a customer wants to pay, compared with what can be paid.

use portico_billing::attempt::AttemptPurpose;
use portico_billing::gateway::CurrencyTerms;
use portico_billing::money::MAX_MINOR;
use portico_billing::section::Section;
use portico_billing::{InvoiceId, Money};
use portico_core_api::{Fault, FieldFault, PAYABLE_MAX, PayOrder, Refusal};
use portico_store::Read;
use portico_store::gateway::GatewayRecord;
use sha2::{Digest, Sha256};

use super::Payer;
use crate::Failure;

/// An order that can be done.
pub(super) struct Checked {
    /// The gateway.
    pub(super) record: GatewayRecord,
    /// What is credited.
    pub(super) amount: Money,
    /// What is paid on top.
    pub(super) surcharge: Money,
    /// What of it is for which invoice.
    pub(super) parts: Vec<(InvoiceId, i64)>,
    /// Numbers of these invoices.
    pub(super) numbers: Vec<String>,
}

/// What an order is for.
pub(super) const fn purpose(order: &PayOrder) -> AttemptPurpose {
    if order.invoices.is_empty() { AttemptPurpose::Refill } else { AttemptPurpose::Pay }
}

/// The sections that it belongs to: all of them must be shown.
pub(super) const fn sections(purpose: AttemptPurpose) -> &'static [Section] {
    match purpose {
        AttemptPurpose::Pay => &[Section::Invoices, Section::PayInvoices],
        AttemptPurpose::Refill => &[Section::RefillBalance],
    }
}

/// What tells an order from another one that comes with the same key.
pub(super) fn hash(order: &PayOrder) -> Result<Vec<u8>, Failure> {
    let whole = serde_json::to_vec(order)?;
    Ok(Sha256::digest(whole).to_vec())
}

/// Compares an order with what can be paid.
pub(super) async fn check(
    read: &mut Read,
    payer: &Payer,
    order: &PayOrder,
) -> Result<Checked, Refusal> {
    let gateways = read.enabled_gateways(payer.brand_id).await.map_err(Failure::from)?;
    let record = gateways.into_iter().find(|record| record.id == order.gateway);
    let terms = record.as_ref().and_then(|record| {
        record.currencies.iter().find(|terms| terms.currency == order.currency).cloned()
    });
    let Some((record, terms)) = record.zip(terms) else { return Err(at("way", Fault::NotAChoice)) };
    let due = due(read, payer, order).await?;
    let amount = amount(order, &terms, &due)?;
    let surcharge = terms.surcharge(amount);
    if amount.checked_add(surcharge).is_err() {
        return Err(out_of_range(&terms, MAX_MINOR));
    }
    let (parts, numbers) = share_out(amount, due);
    Ok(Checked { record, amount, surcharge, parts, numbers })
}

/// An invoice of the order, and what is due of it.
struct Due {
    id: InvoiceId,
    number: Option<String>,
    minor: i64,
}

/// What is due of the invoices that the order names, in its order.
async fn due(read: &mut Read, payer: &Payer, order: &PayOrder) -> Result<Vec<Due>, Refusal> {
    if order.invoices.len() > usize::from(PAYABLE_MAX) {
        return Err(at("invoices", Fault::NotAChoice));
    }
    let mut due: Vec<Due> = Vec::with_capacity(order.invoices.len());
    for id in &order.invoices {
        let invoice = read.invoice(*id).await.map_err(Failure::from)?;
        let invoice = invoice
            .filter(|it| it.customer_id == payer.customer_id && it.currency == order.currency)
            .filter(|it| it.amount_due().is_positive() && due.iter().all(|due| due.id != it.id));
        let Some(it) = invoice else { return Err(at("invoices", Fault::NotAChoice)) };
        let minor = it.amount_due().minor();
        due.push(Due { id: it.id, number: it.number, minor });
    }
    Ok(due)
}

fn amount(order: &PayOrder, terms: &CurrencyTerms, due: &[Due]) -> Result<Money, Refusal> {
    let all = due.iter().fold(0_i64, |sum, it| sum.saturating_add(it.minor));
    let most = if due.is_empty() { MAX_MINOR } else { all };
    let minor = match order.amount_minor {
        Some(minor) => minor,
        None if due.is_empty() => return Err(at("amount", Fault::Required)),
        None => all,
    };
    let amount = Money::new(minor, order.currency);
    if minor > most || !terms.take(amount) {
        return Err(out_of_range(terms, most));
    }
    Ok(amount)
}

/// The bounds as plain decimals: `5.00`.
fn out_of_range(terms: &CurrencyTerms, most: i64) -> Refusal {
    let most = terms.maximum_minor.unwrap_or(MAX_MINOR).min(most);
    let decimal = |minor| Money::new(minor, terms.currency).to_decimal().to_string();
    let (min, max) = (decimal(terms.minimum_minor.max(1)), decimal(most));
    at("amount", Fault::OutOfRange { min, max })
}

/// What of an amount is for which invoice, the first first; with their numbers.
fn share_out(amount: Money, due: Vec<Due>) -> (Vec<(InvoiceId, i64)>, Vec<String>) {
    let (mut left, mut parts, mut numbers) = (amount.minor(), Vec::new(), Vec::new());
    for it in due {
        let minor = it.minor.min(left);
        if minor > 0 {
            left -= minor;
            parts.push((it.id, minor));
            numbers.extend(it.number);
        }
    }
    (parts, numbers)
}

pub(crate) fn at(field: &str, fault: Fault) -> Refusal {
    Refusal::Invalid { faults: vec![FieldFault::new(field, fault)] }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use portico_billing::Currency;

    use super::*;
    use crate::Entropy;

    fn id(place: u8) -> InvoiceId {
        InvoiceId::new(Timestamp::UNIX_EPOCH, [place; 10])
    }

    /// Invoices over these amounts.
    fn invoices(minors: &[i64]) -> Vec<Due> {
        let due = |(place, minor): (u8, &i64)| Due { id: id(place), number: None, minor: *minor };
        (0..).zip(minors).map(due).collect()
    }

    #[test]
    fn pay_08_the_parts_of_a_payment_are_the_whole_of_it_in_every_currency() {
        let random = Entropy::from_seed([8; 32]);
        for code in ["JPY", "EUR", "KWD", "CLF"] {
            let currency: Currency = code.parse().expect("a currency");
            for _ in 0..500 {
                let [count, share, first @ ..] = random.bytes::<10>();
                let minors = first.map(|byte| i64::from(byte) * i64::from(byte) + 1);
                let minors = &minors[..usize::from(count % 8) + 1];
                let all: i64 = minors.iter().sum();
                let amount = (all * (i64::from(share) + 1) / 256).max(1);
                let (parts, _) = share_out(Money::new(amount, currency), invoices(minors));
                assert_eq!(parts.iter().map(|(_, minor)| minor).sum::<i64>(), amount);
                // The first are settled wholly, the last one may not be.
                let settled = parts.len() - 1;
                for (place, (part, minor)) in (0..).zip(&parts) {
                    let due = minors[usize::from(place)];
                    let whole = usize::from(place) < settled;
                    assert_eq!(*part, id(place));
                    assert!(if whole { *minor == due } else { (1..=due).contains(minor) });
                }
            }
        }
    }
}
