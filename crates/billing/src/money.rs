//! Money: an integer of minor units with its ISO 4217 currency. Never a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Largest amount that is taken in, minor units, up or down: ten trillion of a currency with cents.
/// Sums of thousands of such amounts fit 64 bits, and every reader of JSON keeps one exactly.
pub const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// Why money cannot be made or combined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not an ISO 4217 code of a currency that has minor units.
    #[error("`{0}` is not an ISO 4217 currency that can be billed in")]
    UnknownCurrency(String),
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added")]
    CurrencyMismatch {
        /// The currency of the left side.
        left: Currency,
        /// The currency of the right side.
        right: Currency,
    },
    /// The result does not fit 64 bits.
    #[error("the amount is too large")]
    Overflow,
    /// More decimals than the currency has.
    #[error("{currency} has {exponent} decimal places, the amount has more")]
    TooPrecise {
        /// The currency.
        currency: Currency,
        /// Its number of decimal places.
        exponent: u32,
    },
    /// Not a decimal number.
    #[error("`{0}` is not an amount")]
    NotANumber(String),
}

/// An ISO 4217 currency that has a number of minor units (0, 2, 3 or 4).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Euro; the default of samples.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// Japanese yen: no minor unit.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// Kuwaiti dinar: three decimal places.
    pub const KWD: Self = Self(iso_currency::Currency::KWD);

    /// The three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal places the currency has (ISO 4217 "minor unit").
    #[must_use]
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    /// Upper or lower case; a code without minor units (gold, test codes) is refused.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(&text.to_ascii_uppercase())
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency(text.chars().take(12).collect()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units of one currency (cents, yen, fils).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is more than zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The exact amount in major units: 1234 minor units of EUR are 12.34.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// An exact amount of major units as minor units.
    ///
    /// # Errors
    /// `TooPrecise` where the amount has more decimal places than the currency, `Overflow` beyond
    /// 64 bits of minor units.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let exponent = currency.exponent();
        let amount = amount.normalize();
        if amount.scale() > exponent {
            return Err(MoneyError::TooPrecise { currency, exponent });
        }
        let scale = Decimal::from(10_i64.pow(exponent));
        let scaled = amount.checked_mul(scale).ok_or(MoneyError::Overflow)?;
        let minor = i64::try_from(scaled.trunc()).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }

    /// Reads major units as a plain decimal ("12.34"): no exponent, no separators, ASCII digits.
    ///
    /// # Errors
    /// `NotANumber`, `TooPrecise`, `Overflow`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        let amount = plain
            .then(|| Decimal::from_str_exact(text).ok())
            .flatten()
            .ok_or_else(|| MoneyError::NotANumber(text.chars().take(40).collect()))?;
        Self::from_decimal(amount, currency)
    }

    /// The sum.
    ///
    /// # Errors
    /// `CurrencyMismatch`, `Overflow`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The difference.
    ///
    /// # Errors
    /// `CurrencyMismatch`, `Overflow`.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

/// Major units with the currency's own number of decimals and its code: `12.34 EUR`, `500 JPY`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn exponents_of_0_2_and_3_are_kept() {
        assert_eq!(Money::new(500, Currency::JPY).to_string(), "500 JPY");
        assert_eq!(Money::new(1234, Currency::EUR).to_string(), "12.34 EUR");
        assert_eq!(Money::new(1234, Currency::KWD).to_string(), "1.234 KWD");
        assert_eq!("CLF".parse::<Currency>().map(Currency::exponent), Ok(4));
    }

    #[test]
    fn pay_07_amounts_that_are_not_plain_decimals_are_refused() {
        for text in ["", "-", "1e3", "NaN", "１２", "1,000", "1.234", ".5", "+1", " 1", "1 "] {
            assert!(Money::parse(text, Currency::EUR).is_err(), "{text:?} was accepted");
        }
        assert!(Money::parse("92233720368547758.08", Currency::EUR).is_err());
        assert!("XAU".parse::<Currency>().is_err());
    }

    #[test]
    fn two_currencies_never_add_up() {
        let sum = Money::new(1, Currency::EUR).checked_add(Money::new(1, Currency::USD));
        assert!(matches!(sum, Err(MoneyError::CurrencyMismatch { .. })));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_as_the_same_amount(minor in any::<i64>(), pick in 0_usize..4) {
            let code = ["EUR", "JPY", "KWD", "CLF"][pick];
            let currency: Currency = code.parse().expect("a currency");
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.to_decimal().to_string(), currency), Ok(money));
        }

        #[test]
        fn what_is_added_can_be_taken_away(a in any::<i32>(), b in any::<i32>()) {
            let (a, b) = (Money::new(a.into(), Currency::EUR), Money::new(b.into(), Currency::EUR));
            prop_assert_eq!(a.checked_add(b).and_then(|sum| sum.checked_sub(b)), Ok(a));
        }
    }
}
