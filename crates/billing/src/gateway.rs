//! What Portico and payment providers tell each other, in words of neither.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::money::MAX_MINOR;
use crate::{AttemptId, Currency, Money, RefundId};

/// Characters of a reference: digits and letters without I, L, O, U (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many there are: as much as each provider takes (Authorize.Net: 20 for `refId` and
/// `invoiceNumber`).
const LENGTH: usize = 20;

/// Portico's own name of a payment attempt or a refund at a provider: what it is found by there,
/// and the key that keeps it from being done twice. 100 bits of the identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// The reference of an attempt.
    #[must_use]
    pub fn of(attempt: AttemptId) -> Self {
        Self::of_uuid(attempt.uuid())
    }

    /// The reference of what is given back.
    #[must_use]
    pub fn of_refund(refund: RefundId) -> Self {
        Self::of_uuid(refund.uuid())
    }

    fn of_uuid(uuid: Uuid) -> Self {
        let bits = uuid.as_u128();
        let character = |place: usize| {
            let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
            char::from(ALPHABET[index])
        };
        Self((0..LENGTH).rev().map(character).collect())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not a reference of Portico's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reference of a payment attempt")]
pub struct NotAReference;

impl FromStr for Reference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let is = text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        is.then(|| Self(text.to_owned())).ok_or(NotAReference)
    }
}

/// Why a payment was not made, as far as customers are told. Providers do not want the true reason
/// of a suspicion told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// The method's bank said no, without a reason that helps.
    Declined,
    /// There is not enough on the account.
    InsufficientFunds,
    /// The card is past its month.
    Expired,
    /// Number, code or name are not right.
    WrongDetails,
    /// The bank's check of who pays (3-D Secure) was not passed.
    NotAuthenticated,
    /// The bank wants to see the customer, who was not there: they can pay by themselves.
    CustomerNeeded,
    /// The customer went back, or did not finish in time.
    Abandoned,
    /// The stored method is not known any more.
    MethodGone,
    /// More than the provider, the method or the account takes at once.
    TooMuch,
    /// The provider could not be asked, or did not take the request: nothing was paid.
    Unavailable,
    /// People of the organisation have closed it: what the provider says is not what was asked for,
    /// and they give the money back there.
    Dismissed,
}

impl DeclineReason {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::InsufficientFunds => "insufficient_funds",
            Self::Expired => "expired",
            Self::WrongDetails => "wrong_details",
            Self::NotAuthenticated => "not_authenticated",
            Self::CustomerNeeded => "customer_needed",
            Self::Abandoned => "abandoned",
            Self::MethodGone => "method_gone",
            Self::TooMuch => "too_much",
            Self::Unavailable => "unavailable",
            Self::Dismissed => "dismissed",
        }
    }
}

/// What holds for payments in one currency at one gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyTerms {
    /// The currency.
    pub currency: Currency,
    /// The least that can be paid at once, minor units; 0 or more.
    pub minimum_minor: i64,
    /// The most that can be paid at once, minor units, where there is a bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_minor: Option<i64>,
    /// What is paid on top of each payment, minor units; 0 or more.
    pub surcharge_minor: i64,
    /// What is paid on top, in percent of the payment: 0 to 100.
    pub surcharge_percent: Decimal,
}

/// Why terms cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsFault {
    /// Minimum below zero or larger than an amount can be.
    #[error("the minimum is out of range")]
    Minimum,
    /// Maximum below the minimum, or below one minor unit.
    #[error("the maximum is below the minimum")]
    Maximum,
    /// Fixed surcharge below zero or larger than an amount can be.
    #[error("the fixed surcharge is out of range")]
    Surcharge,
    /// Share of less than 0 or more than 100 percent, or of more than four decimals.
    #[error("the percentage is out of range")]
    Percent,
}

impl CurrencyTerms {
    /// Payments of any amount, without a surcharge.
    #[must_use]
    pub const fn free(currency: Currency) -> Self {
        Self {
            currency,
            minimum_minor: 0,
            maximum_minor: None,
            surcharge_minor: 0,
            surcharge_percent: Decimal::ZERO,
        }
    }

    /// Whether they can be.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), TermsFault> {
        let amount = 0..=MAX_MINOR;
        let percent = self.surcharge_percent.normalize();
        if !amount.contains(&self.minimum_minor) {
            Err(TermsFault::Minimum)
        } else if self.maximum_minor.is_some_and(|most| most < self.minimum_minor.max(1)) {
            Err(TermsFault::Maximum)
        } else if !amount.contains(&self.surcharge_minor) {
            Err(TermsFault::Surcharge)
        } else if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent) || percent.scale() > 4
        {
            Err(TermsFault::Percent)
        } else {
            Ok(())
        }
    }

    /// What is paid on top of `amount`, rounded half up to a minor unit.
    #[must_use]
    pub fn surcharge(&self, amount: Money) -> Money {
        let share = Decimal::from(amount.minor()) * self.surcharge_percent / Decimal::ONE_HUNDRED;
        let share = share.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let share = i64::try_from(share).unwrap_or(MAX_MINOR);
        Money::new(share.saturating_add(self.surcharge_minor), amount.currency())
    }

    /// Whether so much can be paid at once.
    #[must_use]
    pub fn take(&self, amount: Money) -> bool {
        let most = self.maximum_minor.unwrap_or(MAX_MINOR);
        (self.minimum_minor.max(1)..=most).contains(&amount.minor())
    }

    /// The same terms for whoever owes `due_minor`: the minimum keeps nobody from paying all that
    /// is due.
    #[must_use]
    pub fn for_due(&self, due_minor: i64) -> Self {
        let minimum_minor = self.minimum_minor.min(due_minor.max(0));
        Self { minimum_minor, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_reference_reads_back_and_fits_every_provider(bits in any::<u128>()) {
            let reference = Reference::of(Uuid::from_u128(bits).into());
            prop_assert_eq!(reference.as_str().len(), 20);
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }

        #[test]
        fn pay_08_a_surcharge_is_rounded_by_half_a_unit_at_most_and_charged_wholly(
            amount in 1_i64..=MAX_MINOR,
            fixed in 0_i64..1_000_000,
            percent in 0_i64..=1_000_000,
            pick in 0_usize..4,
        ) {
            let currency = ["JPY", "EUR", "KWD", "CLF"][pick].parse().expect("a currency");
            let percent = Decimal::new(percent, 4);
            let terms = CurrencyTerms {
                surcharge_minor: fixed,
                surcharge_percent: percent,
                ..CurrencyTerms::free(currency)
            };
            prop_assert_eq!(terms.check(), Ok(()));
            let amount = Money::new(amount, currency);
            let surcharge = terms.surcharge(amount);
            let share = Decimal::from(amount.minor()) * percent / Decimal::ONE_HUNDRED;
            let off = share + Decimal::from(fixed) - Decimal::from(surcharge.minor());
            prop_assert!(off.abs() <= Decimal::new(5, 1));
            let charged = amount.checked_add(surcharge).expect("a sum");
            prop_assert_eq!(charged.checked_sub(amount), Ok(surcharge));
        }
    }

    #[test]
    fn other_texts_are_no_references() {
        for text in ["", "0123456789ABCDEFGHI", "0123456789ABCDEFGHJO", "0123456789abcdefghjk"] {
            assert_eq!(text.parse::<Reference>(), Err(NotAReference), "{text}");
        }
    }

    #[test]
    fn pay_08_surcharges_are_rounded_once_half_up() {
        let terms = |fixed, percent: &str| CurrencyTerms {
            surcharge_minor: fixed,
            surcharge_percent: percent.parse().expect("a number"),
            ..CurrencyTerms::free(Currency::EUR)
        };
        for (fixed, percent, amount, surcharge) in [
            (0, "0", 10_000, 0),
            (35, "0", 10_000, 35),
            (35, "2.9", 10_000, 325),
            (0, "2.5", 100, 3),
            (0, "2.5", 99, 2),
            (0, "0.0001", 1, 0),
            (0, "100", 1, 1),
        ] {
            let amount = Money::new(amount, Currency::EUR);
            assert_eq!(terms(fixed, percent).surcharge(amount).minor(), surcharge, "{percent}");
        }
    }

    #[test]
    fn pay_07_terms_that_cannot_be_are_refused() {
        let free = CurrencyTerms::free(Currency::EUR);
        assert_eq!(free.check(), Ok(()));
        let percent = |text: &str| CurrencyTerms {
            surcharge_percent: text.parse().expect("a number"),
            ..free.clone()
        };
        for (terms, fault) in [
            (CurrencyTerms { minimum_minor: -1, ..free.clone() }, TermsFault::Minimum),
            (CurrencyTerms { maximum_minor: Some(0), ..free.clone() }, TermsFault::Maximum),
            (
                CurrencyTerms { minimum_minor: 10, maximum_minor: Some(9), ..free.clone() },
                TermsFault::Maximum,
            ),
            (CurrencyTerms { surcharge_minor: -1, ..free.clone() }, TermsFault::Surcharge),
            (CurrencyTerms { surcharge_minor: i64::MAX, ..free.clone() }, TermsFault::Surcharge),
            (percent("-0.1"), TermsFault::Percent),
            (percent("100.1"), TermsFault::Percent),
            (percent("1.00001"), TermsFault::Percent),
        ] {
            assert_eq!(terms.check(), Err(fault));
        }
    }

    #[test]
    fn amounts_outside_the_bounds_are_not_taken() {
        let terms = CurrencyTerms {
            minimum_minor: 500,
            maximum_minor: Some(1_000),
            ..CurrencyTerms::free(Currency::EUR)
        };
        let takes = |minor| terms.take(Money::new(minor, Currency::EUR));
        assert_eq!([499, 500, 1_000, 1_001].map(takes), [false, true, true, false]);
        let owing = |due, minor| terms.for_due(due).take(Money::new(minor, Currency::EUR));
        assert_eq!(
            [(300, 299), (300, 300), (900, 499)].map(|it| owing(it.0, it.1)),
            [false, true, false]
        );
        assert!(!owing(0, 0) && owing(-1, 1), "nothing is no payment");
        let free = CurrencyTerms::free(Currency::EUR);
        assert!(!free.take(Money::new(0, Currency::EUR)), "nothing is no payment");
    }
}
