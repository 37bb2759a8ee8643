//! Numbers in inputs: exact decimals, and amounts within limits.

use std::fmt;

use jiff::Timestamp;
pub(crate) use portico_billing::money::MAX_MINOR;
use rust_decimal::Decimal;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{OneOf, RefOr};

use super::faults::Faults;

/// Most decimal places of a quantity, price or rate.
const MAX_PLACES: u32 = 10;
/// Largest quantity or price.
const MAX_DECIMAL: i64 = 1_000_000_000_000;

/// An exact decimal, sent as a string (`"12.5"`) or a JSON number. Exponents, separators and
/// digits of other scripts are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalInput(pub Decimal);

impl DecimalInput {
    /// Reads a plain decimal.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            && digits.bytes().last().is_some_and(|byte| byte.is_ascii_digit());
        let number = plain.then(|| Decimal::from_str_exact(text).ok()).flatten()?;
        Some(Self(number.normalize()))
    }

    /// The number, within the limits of quantities and prices.
    pub(crate) fn check(self, field: &str, faults: &mut Faults) -> Decimal {
        if self.0.scale() > MAX_PLACES {
            faults.add(field, format!("must not have more than {MAX_PLACES} decimal places"));
        }
        if self.0.abs() > Decimal::from(MAX_DECIMAL) {
            faults.add(field, format!("must lie between -{MAX_DECIMAL} and {MAX_DECIMAL}"));
        }
        self.0
    }

    /// The number, as a rate in percent.
    pub(crate) fn check_rate(self, field: &str, faults: &mut Faults) -> Decimal {
        if self.0 < Decimal::ZERO || self.0 > Decimal::ONE_HUNDRED || self.0.scale() > MAX_PLACES {
            faults.add(field, "must be a rate in percent between 0 and 100");
        }
        self.0
    }
}

/// An amount of minor units within the limits.
pub(crate) fn check_minor(field: &str, minor: i64, faults: &mut Faults) -> i64 {
    if !(-MAX_MINOR..=MAX_MINOR).contains(&minor) {
        faults.add(field, format!("must lie between -{MAX_MINOR} and {MAX_MINOR}"));
    }
    minor
}

/// The time without parts of a microsecond, as it is stored.
pub(crate) fn whole_micros(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

impl Serialize for DecimalInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.normalize())
    }
}

impl<'de> Deserialize<'de> for DecimalInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = DecimalInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number such as \"12.5\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DecimalInput, E> {
        DecimalInput::parse(text).ok_or_else(|| E::custom("not a decimal number such as \"12.5\""))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<DecimalInput, E> {
        Ok(DecimalInput(Decimal::from(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<DecimalInput, E> {
        Ok(DecimalInput(Decimal::from(number)))
    }

    /// The shortest text that stands for the number is what was sent, up to 15 digits.
    fn visit_f64<E: Error>(self, number: f64) -> Result<DecimalInput, E> {
        self.visit_str(&number.to_string())
    }
}

impl utoipa::PartialSchema for DecimalInput {
    fn schema() -> RefOr<Schema> {
        let text: Object = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^-?\d+(\.\d+)?$"))
            .examples(["12.5"])
            .build();
        let number: Object = ObjectBuilder::new().schema_type(Type::Number).build();
        let either: OneOf = OneOfBuilder::new().item(text).item(number).build();
        RefOr::T(Schema::OneOf(either))
    }
}

impl utoipa::ToSchema for DecimalInput {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pay_07_only_plain_decimals_are_numbers() {
        for (sent, read) in [
            (json!("12.50"), "12.5"),
            (json!(12.5), "12.5"),
            (json!(0.1), "0.1"),
            (json!(-3), "-3"),
            (json!("0"), "0"),
        ] {
            let number: DecimalInput = serde_json::from_value(sent).expect("a number");
            assert_eq!(number.0.to_string(), read);
        }
        let bad =
            ["", "-", "1e3", "NaN", "Infinity", "１２", "1,000", ".5", "5.", "+1", " 1", "1_0"];
        for text in bad {
            let read = serde_json::from_value::<DecimalInput>(json!(text));
            assert!(read.is_err(), "{text:?} was accepted");
        }
        for bad in [json!(null), json!(true), json!([]), json!({})] {
            assert!(serde_json::from_value::<DecimalInput>(bad).is_err());
        }
    }
}
