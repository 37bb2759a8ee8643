//! What a customer wants to pay, compared with what can be paid.

use jiff::civil::Date;
use portico_billing::attempt::AttemptPurpose;
use portico_billing::credit::first_of;
use portico_billing::gateway::CurrencyTerms;
use portico_billing::invoice::{Invoice, OpenInstalment};
use portico_billing::money::MAX_MINOR;
use portico_billing::section::Section;
use portico_billing::{InvoiceId, Money};
use portico_core_api::{Fault, FieldFault, PAYABLE_MAX, PayOrder, Refusal};
use portico_store::Read;
use portico_store::gateway::GatewayRecord;
use sha2::{Digest, Sha256};

use super::Payer;
use crate::{Failure, credit};

/// An order that can be done.
pub(super) struct Checked {
    /// The gateway; none where credit settles all of it.
    pub(super) record: Option<GatewayRecord>,
    /// What is credited by the payment.
    pub(super) amount: Money,
    /// What is paid on top.
    pub(super) surcharge: Money,
    /// What of the payment is for which invoice.
    pub(super) parts: Vec<(InvoiceId, i64)>,
    /// What credit settles of which invoice.
    pub(super) credit_parts: Vec<(InvoiceId, i64)>,
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
    let way = way(read, payer, order).await?;
    let due = due(read, payer, order).await?;
    let whose = (payer.customer_id, order.currency);
    let credit = match order.credit && !due.is_empty() {
        true => credit::usable(read, whose).await.map_err(Failure::from)?,
        false => 0,
    };
    let terms = way.as_ref().map(|(_, terms)| terms);
    let asked = amount(order, (terms, credit), &due)?;
    let amount = Money::new(asked.minor().saturating_sub(credit).max(0), order.currency);
    let (parts, credit_parts) = share_out((amount, asked), &due);
    let paid = |it: &&Due| parts.iter().any(|(id, _)| *id == it.id);
    let numbers = due.iter().filter(paid).filter_map(|it| it.number.clone()).collect();
    let (record, surcharge) = match way.filter(|_| amount.is_positive()) {
        None => (None, Money::zero(order.currency)),
        Some((record, terms)) => {
            let surcharge = terms.surcharge(amount);
            if amount.checked_add(surcharge).is_err() {
                return Err(out_of_range(&terms, (0, MAX_MINOR)));
            }
            (Some(record), surcharge)
        }
    };
    Ok(Checked { record, amount, surcharge, parts, credit_parts, numbers })
}

/// The gateway of the order with what holds there; nothing where it names none.
async fn way(
    read: &mut Read,
    payer: &Payer,
    order: &PayOrder,
) -> Result<Option<(GatewayRecord, CurrencyTerms)>, Refusal> {
    let Some(id) = order.gateway else { return Ok(None) };
    let gateways = read.enabled_gateways(payer.brand_id).await.map_err(Failure::from)?;
    let record = gateways.into_iter().find(|record| record.id == id);
    let terms = record.as_ref().and_then(|record| {
        record.currencies.iter().find(|terms| terms.currency == order.currency).cloned()
    });
    Ok(Some(record.zip(terms).ok_or_else(|| at("way", Fault::NotAChoice))?))
}

/// An invoice of the order.
struct Due {
    id: InvoiceId,
    number: Option<String>,
    /// What is to be paid next of it, minor units.
    next_minor: i64,
    /// What is to be paid by when: those whose day has come, and what has no instalments, first.
    steps: Vec<(Date, i64)>,
}

impl Due {
    fn new(it: Invoice, today: Date) -> Self {
        let remaining = it.remaining().minor();
        let open = it.open_instalments();
        let later = |it: &OpenInstalment| if it.due_on > today { it.due_on } else { Date::MIN };
        let steps = match open.is_empty() {
            true => vec![(Date::MIN, remaining)],
            false => open.iter().map(|it| (later(it), it.open_minor)).collect(),
        };
        Self { id: it.id, next_minor: it.next_payment(today).minor(), number: it.number, steps }
    }

    fn remaining_minor(&self) -> i64 {
        self.steps.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor))
    }
}

/// What is to be paid of the invoices that the order names, in its order.
async fn due(read: &mut Read, payer: &Payer, order: &PayOrder) -> Result<Vec<Due>, Refusal> {
    if order.invoices.len() > usize::from(PAYABLE_MAX) {
        return Err(at("invoices", Fault::NotAChoice));
    }
    let mut due: Vec<Due> = Vec::with_capacity(order.invoices.len());
    for id in &order.invoices {
        let invoice = read.invoice(*id).await.map_err(Failure::from)?;
        let invoice = invoice
            .filter(|it| it.customer_id == payer.customer_id && it.currency == order.currency)
            .filter(|it| it.remaining().is_positive() && due.iter().all(|due| due.id != it.id));
        let Some(it) = invoice else { return Err(at("invoices", Fault::NotAChoice)) };
        due.push(Due::new(it, payer.today));
    }
    Ok(due)
}

/// How much is to be settled in all, by credit and by the payment.
fn amount(
    order: &PayOrder,
    (terms, credit): (Option<&CurrencyTerms>, i64),
    due: &[Due],
) -> Result<Money, Refusal> {
    let next = due.iter().fold(0_i64, |sum, it| sum.saturating_add(it.next_minor));
    let all = due.iter().fold(0_i64, |sum, it| sum.saturating_add(it.remaining_minor()));
    let most = if due.is_empty() { MAX_MINOR } else { all };
    let minor = match order.amount_minor {
        Some(minor) => minor,
        None if due.is_empty() => return Err(at("amount", Fault::Required)),
        None if order.whole => all,
        None => next,
    };
    let amount = Money::new(minor, order.currency);
    let charged = Money::new(minor.saturating_sub(credit), order.currency);
    let fits = (1..=most).contains(&minor);
    let Some(terms) = terms else {
        return match (fits, charged.is_positive()) {
            (true, false) => Ok(amount),
            (true, true) => Err(at("way", Fault::Required)),
            (false, _) => Err(out_of_range(&CurrencyTerms::free(order.currency), (0, most))),
        };
    };
    // The minimum keeps nobody from paying all that is due.
    let terms = match due.is_empty() {
        true => terms.clone(),
        false => terms.for_due(next.saturating_sub(credit)),
    };
    if fits && (!charged.is_positive() || terms.take(charged)) {
        return Ok(amount);
    }
    Err(out_of_range(&terms, (credit, most)))
}

/// The bounds as plain decimals: `5.00`. Credit comes on top of what is paid.
fn out_of_range(terms: &CurrencyTerms, (credit, most): (i64, i64)) -> Refusal {
    let with_credit = |minor: i64| minor.saturating_add(credit);
    let most = terms.maximum_minor.map_or(MAX_MINOR, with_credit).min(most);
    let least = if credit > 0 { 1 } else { terms.minimum_minor.max(1) };
    let decimal = |minor| Money::new(minor, terms.currency).to_decimal().to_string();
    let (min, max) = (decimal(least), decimal(most));
    at("amount", Fault::OutOfRange { min, max })
}

/// What of an amount is for which invoice, by minor units.
type Parts = Vec<(InvoiceId, i64)>;

/// What the payment settles of which invoice, and what credit does: both together settle `asked`.
/// What is due comes first, in the order of the invoices, then instalments in that of their days.
fn share_out((amount, asked): (Money, Money), due: &[Due]) -> (Parts, Parts) {
    let mut steps: Vec<(Date, InvoiceId, i64)> = due
        .iter()
        .flat_map(|it| it.steps.iter().map(|(day, minor)| (*day, it.id, *minor)))
        .collect();
    steps.sort_by_key(|(day, ..)| *day);
    let steps: Parts = steps.into_iter().map(|(_, id, minor)| (id, minor)).collect();
    let of = |minor: i64| {
        let first = first_of(&steps, minor);
        let sum = |id: InvoiceId| {
            let own = first.iter().filter(move |(of, _)| *of == id);
            own.fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor))
        };
        due.iter().map(|it| (it.id, sum(it.id))).collect::<Parts>()
    };
    let (paid, all) = (of(amount.minor()), of(asked.minor()));
    let credit = paid.iter().zip(&all).map(|((id, paid), (_, all))| (*id, all - paid));
    let some =
        |parts: Parts| -> Parts { parts.into_iter().filter(|(_, minor)| *minor > 0).collect() };
    (some(paid.clone()), some(credit.collect()))
}

pub(crate) fn at(field: &str, fault: Fault) -> Refusal {
    Refusal::Invalid { faults: vec![FieldFault::new(field, fault)] }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use portico_billing::Currency;

    use super::*;
    use crate::Entropy;

    fn id(place: u8) -> InvoiceId {
        InvoiceId::new(Timestamp::UNIX_EPOCH, [place; 10])
    }

    /// Invoices over these amounts, of which every second one is in three instalments.
    fn invoices(minors: &[i64]) -> Vec<Due> {
        let due = |(place, minor): (u8, &i64)| {
            let third = minor / 3;
            let steps = match place % 2 {
                1 if third > 0 => vec![
                    (Date::MIN, third),
                    (date(2026, 6, 30), third),
                    (date(2026, 7, 1 + i8::try_from(place).expect("a day")), minor - 2 * third),
                ],
                _ => vec![(Date::MIN, *minor)],
            };
            Due { id: id(place), number: None, next_minor: steps[0].1, steps }
        };
        (0..).zip(minors).map(due).collect()
    }

    #[test]
    fn pay_08_the_parts_of_a_payment_are_the_whole_of_it_in_every_currency() {
        let random = Entropy::from_seed([8; 32]);
        for code in ["JPY", "EUR", "KWD", "CLF"] {
            let currency: Currency = code.parse().expect("a currency");
            for _ in 0..500 {
                let [count, share, own, first @ ..] = random.bytes::<11>();
                let minors = first.map(|byte| i64::from(byte) * i64::from(byte) + 1);
                let minors = &minors[..usize::from(count % 8) + 1];
                let all: i64 = minors.iter().sum();
                let asked = (all * (i64::from(share) + 1) / 256).max(1);
                let amount = asked * i64::from(own) / 255;
                let money = |minor| Money::new(minor, currency);
                let (parts, credit) = share_out((money(amount), money(asked)), &invoices(minors));
                let sum = |parts: &Parts| parts.iter().map(|(_, minor)| minor).sum::<i64>();
                assert_eq!((sum(&parts), sum(&credit)), (amount, asked - amount));
                for (place, due) in (0..).zip(minors) {
                    let both = parts.iter().chain(&credit).filter(|(of, _)| *of == id(place));
                    assert!(both.map(|(_, minor)| minor).sum::<i64>() <= *due);
                }
                assert!(parts.iter().chain(&credit).all(|(_, minor)| *minor > 0));
            }
        }
    }

    #[test]
    fn what_is_due_is_settled_first_then_instalments_in_the_order_of_their_days() {
        let money = |minor| Money::new(minor, Currency::EUR);
        let due = invoices(&[100, 90, 50, 60]);
        let settled = |minor| share_out((money(minor), money(minor)), &due).0;
        let of = |parts: &[(u8, i64)]| -> Parts {
            parts.iter().map(|(place, minor)| (id(*place), *minor)).collect()
        };
        assert_eq!(settled(130), of(&[(0, 100), (1, 30)]));
        assert_eq!(settled(200), of(&[(0, 100), (1, 30), (2, 50), (3, 20)]));
        assert_eq!(settled(235), of(&[(0, 100), (1, 60), (2, 50), (3, 25)]));
        assert_eq!(settled(260), of(&[(0, 100), (1, 70), (2, 50), (3, 40)]));
        assert_eq!(settled(300), of(&[(0, 100), (1, 90), (2, 50), (3, 60)]));
    }
}
