//! Amounts as Stripe counts them: whole numbers of a smallest unit that is, for some currencies,
//! not the one of ISO 4217 (<https://docs.stripe.com/currencies>).

use portico_billing::{Currency, Money};

use crate::GatewayError;

/// What Stripe calls zero-decimal: its unit is the whole coin, whatever ISO 4217 says (MGA has two
/// decimal places there).
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

/// Without decimal places in fact, and yet counted in hundredths, "to maintain backwards
/// compatibility".
const WHOLE_IN_HUNDREDTHS: &[&str] = &["ISK", "UGX"];

/// Counted in thousandths, of which the last digit has to be 0.
const THOUSANDTHS: &[&str] = &["BHD", "JOD", "KWD", "OMR", "TND"];

/// The unit that Stripe counts a currency in.
struct Unit {
    /// Its decimal places.
    exponent: u32,
    /// What a charge has to be a multiple of.
    step: i64,
}

impl Unit {
    /// Nothing where Stripe does not have the currency. HUF and TWD are ordinary here: they are
    /// special in payouts only.
    fn of(currency: Currency) -> Option<Self> {
        let code = currency.code();
        let (exponent, step) = match currency.exponent() {
            _ if WHOLE.contains(&code) => (0, 1),
            _ if WHOLE_IN_HUNDREDTHS.contains(&code) => (2, 100),
            _ if THOUSANDTHS.contains(&code) => (3, 10),
            2 => (2, 1),
            _ => return None,
        };
        Some(Self { exponent, step })
    }
}

/// What to send for this amount.
///
/// # Errors
/// `Refused` where Stripe has no such currency, or cannot charge this amount exactly: nothing is
/// rounded.
pub fn to_stripe(money: Money) -> Result<i64, GatewayError> {
    let unit = Unit::of(money.currency())
        .ok_or_else(|| refused("currency_not_supported", money, "Stripe has no such currency"))?;
    if !money.is_positive() {
        return Err(refused("amount_not_positive", money, "the amount must be more than zero"));
    }
    rescaled(money.minor(), money.currency().exponent(), unit.exponent)
        .filter(|amount| amount % unit.step == 0)
        .ok_or_else(|| refused("amount_too_precise", money, "Stripe cannot charge it exactly"))
}

/// What Stripe's amount of a currency (in lower case) is.
///
/// # Errors
/// `Unknown` where it has no exact equivalent.
pub fn from_stripe(amount: i64, currency: &str) -> Result<Money, GatewayError> {
    let unreadable = || GatewayError::Unknown(format!("an amount of {amount} {currency}"));
    let currency: Currency = currency.parse().map_err(|_| unreadable())?;
    let unit = Unit::of(currency).ok_or_else(unreadable)?;
    rescaled(amount, unit.exponent, currency.exponent())
        .map(|minor| Money::new(minor, currency))
        .ok_or_else(unreadable)
}

/// The same amount with another number of decimal places; nothing where digits would be lost.
fn rescaled(amount: i64, from: u32, to: u32) -> Option<i64> {
    let factor = 10_i64.checked_pow(from.abs_diff(to))?;
    if to >= from {
        return amount.checked_mul(factor);
    }
    (amount % factor == 0).then_some(amount / factor)
}

fn refused(code: &str, money: Money, why: &str) -> GatewayError {
    GatewayError::Refused { code: code.to_owned(), message: format!("{money}: {why}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, code.parse().expect("a currency"))
    }

    /// ISO's minor units, the currency, what Stripe is sent.
    const EQUAL: &[(i64, &str, i64)] = &[
        (1, "EUR", 1),
        (1234, "USD", 1234),
        (500, "JPY", 500),
        (500, "KRW", 500),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (1250, "HUF", 1250),
        (80050, "TWD", 80050),
        (500, "MGA", 5),
        (5120, "KWD", 5120),
        (10, "TND", 10),
    ];

    #[test]
    fn amounts_are_in_the_unit_that_stripe_counts_in() {
        for &(minor, code, amount) in EQUAL {
            assert_eq!(to_stripe(money(minor, code)), Ok(amount), "{minor} {code}");
            let back = from_stripe(amount, &code.to_ascii_lowercase());
            assert_eq!(back, Ok(money(minor, code)), "{amount} {code}");
        }
    }

    #[test]
    fn pay_07_what_cannot_be_charged_exactly_is_refused() {
        let cases = [
            (5124, "KWD", "amount_too_precise"),
            (1, "BHD", "amount_too_precise"),
            (501, "MGA", "amount_too_precise"),
            (i64::MAX, "UGX", "amount_too_precise"),
            (1000, "IQD", "currency_not_supported"),
            (1000, "CLF", "currency_not_supported"),
            (0, "EUR", "amount_not_positive"),
            (-1, "EUR", "amount_not_positive"),
        ];
        for (minor, currency, expected) in cases {
            let outcome = to_stripe(money(minor, currency));
            let Err(GatewayError::Refused { code, .. }) = outcome else {
                panic!("{minor} {currency}: {outcome:?}");
            };
            assert_eq!(code, expected, "{minor} {currency}");
        }
    }

    #[test]
    fn amounts_without_an_equivalent_are_not_read() {
        for (amount, currency) in [(550, "isk"), (1, "xau"), (1, ""), (i64::MAX, "mga")] {
            let outcome = from_stripe(amount, currency);
            assert!(matches!(outcome, Err(GatewayError::Unknown(_))), "{amount} {currency}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_reads_back_as_the_same(minor in 1_i64..100_000_000, pick in 0_usize..11) {
            let (_, code, _) = EQUAL[pick];
            let money = money(minor, code);
            if let Ok(amount) = to_stripe(money) {
                prop_assert_eq!(from_stripe(amount, code), Ok(money));
            }
        }
    }
}
