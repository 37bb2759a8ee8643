//! How values of the domain are kept in columns.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::invoice::Period;
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer, value};

use crate::StoreError;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A time as microseconds since 1970 UTC.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// The time of stored microseconds.
pub(crate) fn time(column: &'static str, micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| corrupt(column, error))
}

/// The time of stored microseconds, where there are any.
pub(crate) fn time_opt(
    column: &'static str,
    micros: Option<i64>,
) -> Result<Option<Timestamp>, StoreError> {
    micros.map(|micros| time(column, micros)).transpose()
}

/// A stored count.
pub(crate) fn number<T: TryFrom<i64>>(column: &'static str, stored: i64) -> Result<T, StoreError>
where
    T::Error: std::fmt::Display,
{
    stored.try_into().map_err(|error| corrupt(column, error))
}

/// A date as days since 1970-01-01.
pub(crate) fn days(date: Date) -> i64 {
    EPOCH.until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// The date of stored days.
pub(crate) fn date(column: &'static str, days: i64) -> Result<Date, StoreError> {
    let span = jiff::Span::new().try_days(days).map_err(|error| corrupt(column, error))?;
    EPOCH.checked_add(span).map_err(|error| corrupt(column, error))
}

/// The date of stored days, where there are any.
pub(crate) fn date_opt(
    column: &'static str,
    days: Option<i64>,
) -> Result<Option<Date>, StoreError> {
    days.map(|days| date(column, days)).transpose()
}

/// The period between two stored dates, where both are there.
pub(crate) fn period(
    column: &'static str,
    start: Option<i64>,
    end: Option<i64>,
) -> Result<Option<Period>, StoreError> {
    let (Some(start), Some(end)) = (start, end) else { return Ok(None) };
    let period = Period::new(date(column, start)?, date(column, end)?);
    period.map(Some).map_err(|error| corrupt(column, error))
}

/// A stored exact decimal.
pub(crate) fn decimal(column: &'static str, text: &str) -> Result<Decimal, StoreError> {
    Decimal::from_str_exact(text).map_err(|error| corrupt(column, error))
}

/// A text that parses into a type of the domain: identifier, currency, address, tag.
pub(crate) fn parse<T>(column: &'static str, text: &str) -> Result<T, StoreError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| corrupt(column, error))
}

/// The same, where there is a text.
pub(crate) fn parse_opt<T>(
    column: &'static str,
    text: Option<String>,
) -> Result<Option<T>, StoreError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.map(|text| parse(column, &text)).transpose()
}

/// The stored word of an enum without data: its serde name.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The enum without data of a stored word.
pub(crate) fn from_word<T: DeserializeOwned>(
    column: &'static str,
    word: &str,
) -> Result<T, StoreError> {
    let word: value::StrDeserializer<'_, value::Error> = word.into_deserializer();
    T::deserialize(word).map_err(|error| corrupt(column, error))
}

/// An integer of another width.
pub(crate) fn narrow<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| corrupt(column, format!("{value} is out of range")))
}

/// A stored value that cannot be read.
pub(crate) fn corrupt(column: &'static str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { column, reason: reason.to_string() }
}
