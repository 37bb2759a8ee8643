//! Paying in beforehand.

use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::{Currency, Money};
use portico_core_api::{Fault, FieldFault, PayOffer, WayToPay};
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::Serialize;

use super::order::{self, Fields};
use super::ways::{self, WayView};
use super::{Sent, back, currency_of, go, look_only, send, wait_until, with_key};
use crate::answer::Answer;
use crate::params::Params;
use crate::refusal::with_faults;
use crate::samples::{at, eur, jpy, kwd};
use crate::visitor::Visitor;

/// The amounts on offer, in tens of the currency's unit, or in thousands where it has no smaller
/// one.
const SUMS: [i64; 4] = [1, 2, 5, 10];
/// How often they are taken ten times as high, where no way takes so little.
const STEPS: u32 = 6;

/// The form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RefillPage {
    currency: Currency,
    currencies: Vec<Currency>,
    sums: Vec<Money>,
    credit: Money,
    ways: Vec<WayView>,
    form: FormState,
    /// When the form can be sent again, where it was sent too often.
    again_at: Option<Timestamp>,
}

impl RefillPage {
    fn new(offer: PayOffer, form: FormState) -> Self {
        Self {
            currency: offer.currency,
            sums: sums(&offer.ways, offer.currency),
            currencies: offer.currencies,
            credit: offer.credit,
            ways: offer.ways.into_iter().map(WayView::from).collect(),
            form,
            again_at: None,
        }
    }
}

/// Round sums that one of the ways takes at least.
fn sums(ways: &[WayToPay], currency: Currency) -> Vec<Money> {
    let least = if currency.exponent() == 0 { 3 } else { currency.exponent() + 1 };
    let at = |step: u32| -> Vec<Money> {
        let unit = 10_i64.pow(least + step);
        let sums = SUMS.into_iter().map(|sum| Money::new(sum * unit, currency));
        sums.filter(|sum| ways.iter().any(|way| way.terms.take(*sum))).collect()
    };
    (0..STEPS).map(at).find(|sums| !sums.is_empty()).unwrap_or_default()
}

/// GET: the form; `?currency=` says which balance.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    if !visitor.may_act() {
        return look_only(&visitor);
    }
    let offer = visitor.core().pay_offer(&visitor.secret, currency_of(&params)).await?;
    let form = FormState::new().with_value("way", ways::first(&offer.ways));
    visitor.page(&RefillPage::new(offer, with_key(form, &visitor)))
}

/// POST: begins to pay.
pub(crate) async fn submit(visitor: Visitor, form: CheckedForm<Fields>) -> Answer {
    let (fields, form) = form.open();
    let order = order::of_refill(&fields, visitor.here.site()?);
    let (form, wait) = match send(&visitor, form, order).await? {
        Sent::Begun(begun) => return go(begun),
        Sent::Back(form, wait) => (form, wait),
    };
    let offer = visitor.core().pay_offer(&visitor.secret, fields.currency()).await?;
    let page = RefillPage::new(offer, with_key(form, &visitor));
    let page = RefillPage { again_at: wait_until(&visitor, wait), ..page };
    back(&visitor, &page, wait)
}

impl Page for RefillPage {
    const TEMPLATE: &'static str = "portal/pay/refill.html";

    fn samples() -> Vec<Sample<Self>> {
        let offer = |credit: Money, ways: Vec<WayToPay>| PayOffer {
            currency: credit.currency(),
            currencies: vec![credit.currency()],
            due_in: Vec::new(),
            invoices: Vec::new(),
            more: false,
            due: Money::zero(credit.currency()),
            remaining: Money::zero(credit.currency()),
            credit,
            ways,
        };
        let euros = || offer(eur(1_250), ways::samples::ways(Currency::EUR));
        let form = || {
            let way = ways::first(&ways::samples::ways(Currency::EUR));
            FormState::new().with_value("way", way).with_value("sum", "5000")
        };
        let two = PayOffer { currencies: vec![Currency::EUR, Currency::USD], ..euros() };
        let faults = ["amount", "way", "form"].map(|field| FieldFault::new(field, Fault::Required));
        let typed = FormState::new().with_value("amount", "ten").with_value("sum", order::OTHER);
        let silent = ways::samples::answering(Currency::EUR, 0);
        let dinars = offer(kwd(9_876_543_210), ways::samples::extremes(Currency::KWD));
        vec![
            Sample::new("typical", Self::new(euros(), form())),
            Sample::new("two-currencies", Self::new(two, FormState::new())),
            Sample::new("faulty", Self::new(euros(), with_faults(typed, &faults))),
            Sample::new(
                "too-many",
                Self { again_at: Some(at(date(2026, 11, 21))), ..Self::new(euros(), form()) },
            ),
            Sample::new("no-way", Self::new(offer(jpy(0), Vec::new()), FormState::new())),
            Sample::new("none-answers", Self::new(offer(eur(0), silent), FormState::new())),
            Sample::new("extreme", Self::new(dinars, FormState::new())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use portico_billing::gateway::CurrencyTerms;

    use super::*;

    #[test]
    fn sums_are_round_in_their_currency_and_within_the_terms() {
        let offered = |currency: Currency, minimum_minor, maximum_minor| {
            let mut way = ways::samples::ways(currency).swap_remove(0);
            way.terms =
                CurrencyTerms { minimum_minor, maximum_minor, ..CurrencyTerms::free(currency) };
            let sums = sums(&[way], currency);
            sums.iter().map(|sum| sum.to_decimal().to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(offered(Currency::EUR, 0, None), "10.00 20.00 50.00 100.00");
        assert_eq!(offered(Currency::JPY, 0, None), "1000 2000 5000 10000");
        assert_eq!(offered(Currency::KWD, 0, None), "10.000 20.000 50.000 100.000");
        assert_eq!(offered(Currency::EUR, 1_500, Some(6_000)), "20.00 50.00");
        assert_eq!(offered(Currency::EUR, 30_000, None), "500.00 1000.00");
        assert_eq!(offered(Currency::EUR, 0, Some(500)), "");
        assert!(sums(&[], Currency::EUR).is_empty());
    }
}
