//! By what can be paid, as the pages show it.

use portico_billing::payment_method::PaymentMethod;
use portico_billing::{GatewayId, Money};
use portico_core_api::WayToPay;
use rust_decimal::Decimal;
use serde::Serialize;

/// A gateway with its terms as amounts, where they say anything.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WayView {
    gateway: GatewayId,
    name: String,
    provider: String,
    test: bool,
    answers: bool,
    keeps: bool,
    minimum: Option<Money>,
    maximum: Option<Money>,
    surcharge: Option<Money>,
    percent: Option<Decimal>,
    methods: Vec<PaymentMethod>,
}

impl From<WayToPay> for WayView {
    fn from(it: WayToPay) -> Self {
        let terms = it.terms;
        let some = |minor| Some(Money::new(minor, terms.currency)).filter(|it| it.is_positive());
        Self {
            gateway: it.gateway,
            name: it.name,
            provider: it.provider,
            test: it.test,
            answers: it.answers,
            keeps: it.keeps,
            minimum: some(terms.minimum_minor),
            maximum: terms.maximum_minor.and_then(some),
            surcharge: some(terms.surcharge_minor),
            percent: Some(terms.surcharge_percent.normalize()).filter(|share| !share.is_zero()),
            methods: it.methods,
        }
    }
}

/// What is chosen to begin with: the first method that is stored, or the first way; of those that
/// can be paid by just now.
pub(crate) fn first(ways: &[WayToPay]) -> String {
    let answering = || ways.iter().filter(|way| way.answers);
    let stored =
        |way: &WayToPay| way.methods.first().map(|method| format!("{}:{}", way.gateway, method.id));
    let way = || answering().next().map(|way| way.gateway.to_string());
    answering().find_map(stored).or_else(way).unwrap_or_default()
}

/// Ways for the samples of pages.
pub(crate) mod samples {
    use portico_billing::Currency;
    use portico_billing::gateway::CurrencyTerms;

    use super::*;
    use crate::payment_methods::sample_card;
    use crate::samples::{LONG, MARKUP, RTL, decimal, id};

    /// A card with a stored one and a surcharge, a wallet, and play money.
    pub fn ways(currency: Currency) -> Vec<WayToPay> {
        let card = WayToPay {
            gateway: id(70),
            name: "Card".to_owned(),
            provider: "Stripe".to_owned(),
            test: false,
            answers: true,
            terms: CurrencyTerms {
                minimum_minor: 100,
                maximum_minor: Some(1_000_000),
                surcharge_minor: 25,
                surcharge_percent: decimal("1.4"),
                ..CurrencyTerms::free(currency)
            },
            keeps: true,
            methods: vec![sample_card()],
        };
        let wallet = WayToPay {
            gateway: id(71),
            name: "PayPal".to_owned(),
            provider: "PayPal".to_owned(),
            terms: CurrencyTerms::free(currency),
            keeps: false,
            methods: Vec::new(),
            ..card.clone()
        };
        let play = WayToPay {
            gateway: id(72),
            name: "Try it out".to_owned(),
            provider: "Sandbox".to_owned(),
            test: true,
            keeps: true,
            ..wallet.clone()
        };
        vec![card, wallet, play]
    }

    /// The same while only so many of the providers answer, the last ones first.
    pub fn answering(currency: Currency, count: usize) -> Vec<WayToPay> {
        let mut ways = ways(currency);
        let silent = ways.len() - count;
        ways.iter_mut().take(silent).for_each(|way| way.answers = false);
        ways
    }

    /// Names that need care, and every term at its end.
    pub fn extremes(currency: Currency) -> Vec<WayToPay> {
        let terms = CurrencyTerms {
            currency,
            minimum_minor: 1,
            maximum_minor: Some(portico_billing::money::MAX_MINOR),
            surcharge_minor: 9_876_543_210,
            surcharge_percent: decimal("99.9999"),
        };
        let way = |number, name: &str, provider: &str| WayToPay {
            gateway: id(number),
            name: name.to_owned(),
            provider: provider.to_owned(),
            test: true,
            answers: true,
            terms: terms.clone(),
            keeps: true,
            methods: vec![PaymentMethod {
                id: id(number + 100),
                brand: Some(LONG.to_owned()),
                ..sample_card()
            }],
        };
        vec![way(73, LONG, RTL), way(74, RTL, LONG), way(75, MARKUP, MARKUP)]
    }
}
