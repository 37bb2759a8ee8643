//! What a voucher gives, and for what.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::money::MAX_MINOR;
use crate::{Currency, Money};

/// Most decimal places of a multiplier.
const MAX_PLACES: u32 = 6;

/// Largest multiplier: a hundred times the payment.
const MAX_MULTIPLIER: Decimal = Decimal::ONE_HUNDRED;

/// What a voucher needs and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoucherKind {
    /// A fixed credit, at once.
    Free,
    /// A fixed credit, with a payment.
    Additional,
    /// A part or a multiple of a payment, with it.
    Multiplied,
}

impl VoucherKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Free, Self::Additional, Self::Multiplied];

    /// Its word in data and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Additional => "additional",
            Self::Multiplied => "multiplied",
        }
    }
}

/// Terms that were not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsInput {
    /// Currency of all amounts, and of the payment.
    pub currency: Currency,
    /// Least payment, minor units; 0 where none is needed.
    pub minimum_minor: i64,
    /// How often the payment is credited once more: 0.25 is a quarter of it.
    pub multiplier: Option<Decimal>,
    /// Credit that does not depend on how large the payment is, minor units.
    pub addition_minor: i64,
    /// Most that is credited, minor units.
    pub ceiling_minor: Option<i64>,
}

/// What is wrong with terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsFault {
    /// The least payment is below zero or too large.
    #[error("the least payment must lie between 0 and {MAX_MINOR}")]
    Minimum,
    /// The multiplier is zero, too large or too exact, or there is no payment to multiply.
    #[error("a multiplier lies above 0 and up to {MAX_MULTIPLIER}, and needs a least payment")]
    Multiplier,
    /// The addition is below zero or too large, or nothing would be credited at all.
    #[error("the addition must lie between 0 and {MAX_MINOR}, and above 0 without a multiplier")]
    Addition,
    /// The ceiling is zero, below it or too large, or there is no multiplier that it could bound.
    #[error("a ceiling must lie between 1 and {MAX_MINOR}, and needs a multiplier")]
    Ceiling,
}

/// What a voucher gives, and for what. It cannot be wrong: there is always something to give, and a
/// payment where there is something to multiply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "TermsInput", into = "TermsInput")]
pub struct Terms(TermsInput);

impl Terms {
    /// Checks terms.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn new(it: TermsInput) -> Result<Self, Vec<TermsFault>> {
        let amount = |least: i64, minor: i64| (least..=MAX_MINOR).contains(&minor);
        let multiplier = |factor: Decimal| {
            factor > Decimal::ZERO
                && factor <= MAX_MULTIPLIER
                && factor.normalize().scale() <= MAX_PLACES
                && it.minimum_minor > 0
        };
        let least_addition = i64::from(it.multiplier.is_none());
        let ceiling = |minor| amount(1, minor) && it.multiplier.is_some();
        let faults: Vec<TermsFault> = [
            (amount(0, it.minimum_minor), TermsFault::Minimum),
            (it.multiplier.is_none_or(multiplier), TermsFault::Multiplier),
            (amount(least_addition, it.addition_minor), TermsFault::Addition),
            (it.ceiling_minor.is_none_or(ceiling), TermsFault::Ceiling),
        ]
        .into_iter()
        .filter_map(|(good, fault)| (!good).then_some(fault))
        .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self(TermsInput { multiplier: it.multiplier.map(|it| it.normalize()), ..it }))
    }

    /// Which kind they make.
    #[must_use]
    pub const fn kind(&self) -> VoucherKind {
        match (self.0.minimum_minor, self.0.multiplier) {
            (0, _) => VoucherKind::Free,
            (_, None) => VoucherKind::Additional,
            (_, Some(_)) => VoucherKind::Multiplied,
        }
    }

    /// Currency of all amounts, and of the payment.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.0.currency
    }

    /// Least payment; nothing where none is needed.
    #[must_use]
    pub const fn minimum(&self) -> Money {
        Money::new(self.0.minimum_minor, self.0.currency)
    }

    /// How often the payment is credited once more: 0.25 is a quarter of it.
    #[must_use]
    pub const fn multiplier(&self) -> Option<Decimal> {
        self.0.multiplier
    }

    /// Credit that does not depend on how large the payment is.
    #[must_use]
    pub const fn addition(&self) -> Money {
        Money::new(self.0.addition_minor, self.0.currency)
    }

    /// Most that is credited.
    #[must_use]
    pub fn ceiling(&self) -> Option<Money> {
        self.0.ceiling_minor.map(|minor| Money::new(minor, self.0.currency))
    }

    /// Whether the credit comes with a payment.
    #[must_use]
    pub const fn needs_payment(&self) -> bool {
        self.0.minimum_minor > 0
    }

    /// What is credited without a payment.
    #[must_use]
    pub fn credit_at_once(&self) -> Option<Money> {
        (!self.needs_payment()).then(|| self.addition())
    }

    /// What is credited beside a payment, rounded down to minor units; nothing where the payment is
    /// of another currency or too small for it.
    #[must_use]
    pub fn credit_of(&self, payment: Money) -> Option<Money> {
        let large_enough = payment.minor() >= self.0.minimum_minor;
        if !self.needs_payment() || payment.currency() != self.0.currency || !large_enough {
            return None;
        }
        let part = self.0.multiplier.unwrap_or_default();
        let part = Decimal::from(payment.minor()).checked_mul(part)?.floor().to_i64()?;
        let most = self.0.ceiling_minor.unwrap_or(MAX_MINOR);
        let minor = part.saturating_add(self.0.addition_minor).min(most);
        (minor > 0).then(|| Money::new(minor, self.0.currency))
    }
}

impl TryFrom<TermsInput> for Terms {
    type Error = TermsFault;

    /// The error is the first thing that is wrong.
    fn try_from(input: TermsInput) -> Result<Self, TermsFault> {
        Self::new(input).map_err(|faults| faults.first().copied().unwrap_or(TermsFault::Addition))
    }
}

impl From<Terms> for TermsInput {
    fn from(terms: Terms) -> Self {
        terms.0
    }
}

/// A multiplier as people write it: a factor (`0.25`) or in percent (`25 %`).
#[must_use]
pub fn parse_multiplier(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), true),
        None => (text, false),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let number = plain.then(|| Decimal::from_str_exact(digits).ok()).flatten()?;
    let factor = match percent {
        // Exact: a hundredth is two more decimal places.
        true => number.checked_mul(Decimal::new(1, 2))?,
        false => number,
    };
    let factor = factor.normalize();
    let fits = factor > Decimal::ZERO && factor <= MAX_MULTIPLIER && factor.scale() <= MAX_PLACES;
    fits.then_some(factor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(minimum: i64, multiplier: Option<&str>, addition: i64) -> TermsInput {
        TermsInput {
            currency: Currency::EUR,
            minimum_minor: minimum,
            multiplier: multiplier.map(|text| text.parse().expect("a decimal")),
            addition_minor: addition,
            ceiling_minor: None,
        }
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn the_three_kinds_give_what_they_say() {
        let terms = |it| Terms::new(it).expect("terms");
        let free = terms(input(0, None, 500));
        assert_eq!((free.kind(), free.credit_at_once()), (VoucherKind::Free, Some(eur(500))));
        assert_eq!(free.credit_of(eur(10_000)), None);
        let additional = terms(input(1_000, None, 500));
        assert_eq!(
            (additional.kind(), additional.credit_at_once()),
            (VoucherKind::Additional, None)
        );
        assert_eq!(additional.credit_of(eur(999)), None);
        assert_eq!(additional.credit_of(eur(1_000)), Some(eur(500)));
        assert_eq!(additional.credit_of(Money::new(1_000, Currency::USD)), None);
        let multiplied = terms(input(1, Some("0.333"), 7));
        assert_eq!(multiplied.kind(), VoucherKind::Multiplied);
        assert_eq!(multiplied.credit_of(eur(1_000)), Some(eur(340)));
        assert_eq!(multiplied.credit_of(eur(5)), Some(eur(8)), "rounded down");
        let bounded = terms(TermsInput { ceiling_minor: Some(300), ..input(1, Some("1.5"), 0) });
        assert_eq!(bounded.credit_of(eur(100)), Some(eur(150)));
        assert_eq!(bounded.credit_of(eur(10_000)), Some(eur(300)));
        let crumbs = terms(input(1, Some("0.1"), 0));
        assert_eq!(crumbs.credit_of(eur(9)), None, "nothing to give");
    }

    #[test]
    fn terms_that_make_no_sense_are_not_made() {
        use TermsFault::{Addition, Ceiling, Minimum, Multiplier};
        for (it, faults) in [
            (input(0, None, 0), vec![Addition]),
            (input(0, None, -1), vec![Addition]),
            (input(0, None, MAX_MINOR + 1), vec![Addition]),
            (input(-1, None, 1), vec![Minimum]),
            (input(0, Some("0.5"), 1), vec![Multiplier]),
            (input(1, Some("0"), 1), vec![Multiplier]),
            (input(1, Some("-1"), 1), vec![Multiplier]),
            (input(1, Some("100.1"), 0), vec![Multiplier]),
            (input(1, Some("0.0000001"), 0), vec![Multiplier]),
            (TermsInput { ceiling_minor: Some(1), ..input(1, None, 1) }, vec![Ceiling]),
            (
                TermsInput { ceiling_minor: Some(0), ..input(1, Some("1"), -1) },
                vec![Addition, Ceiling],
            ),
        ] {
            assert_eq!(Terms::new(it), Err(faults), "{it:?}");
        }
        assert!(Terms::new(input(1, Some("100.000000"), 0)).is_ok());
    }

    #[test]
    fn terms_are_checked_when_they_are_read() {
        let terms = Terms::new(input(100, Some("0.5"), 1)).expect("terms");
        let mut data = serde_json::to_value(terms).expect("JSON");
        assert_eq!(serde_json::from_value::<Terms>(data.clone()).expect("terms"), terms);
        data["minimum_minor"] = serde_json::json!(0);
        assert!(serde_json::from_value::<Terms>(data).is_err());
    }

    #[test]
    fn multipliers_are_read_exactly() {
        for (text, factor) in
            [("0.25", "0.25"), (" 25 % ", "0.25"), ("12.5%", "0.125"), ("2", "2"), ("100", "100")]
        {
            assert_eq!(parse_multiplier(text), factor.parse().ok(), "{text}");
        }
        for text in ["", "%", "0", "-1", "1e2", "10001%", "0.0000001", "1,5", ".5", "NaN"] {
            assert_eq!(parse_multiplier(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_credit_is_never_more_than_its_terms_allow(
            minimum in 1_i64..=MAX_MINOR,
            multiplier in 1_i64..=100_000_000,
            addition in 0_i64..=MAX_MINOR,
            ceiling in proptest::option::of(1_i64..=MAX_MINOR),
            payment in 1_i64..=MAX_MINOR,
        ) {
            let multiplier = Decimal::new(multiplier, MAX_PLACES);
            let terms = Terms::new(TermsInput {
                currency: Currency::EUR,
                minimum_minor: minimum,
                multiplier: Some(multiplier),
                addition_minor: addition,
                ceiling_minor: ceiling,
            });
            let credit = terms.expect("terms").credit_of(eur(payment));
            if payment < minimum {
                prop_assert_eq!(credit, None);
            } else if let Some(credit) = credit {
                let exact = Decimal::from(payment) * multiplier + Decimal::from(addition);
                let most = Decimal::from(ceiling.unwrap_or(MAX_MINOR));
                let credit = Decimal::from(credit.minor());
                prop_assert!(credit <= exact.min(most));
                prop_assert!(credit > exact.min(most) - Decimal::ONE);
            } else {
                prop_assert_eq!(addition, 0);
            }
        }
    }
}
