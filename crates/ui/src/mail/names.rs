//! What a mail's own words can name.

use jiff::civil::Date;
use minijinja::Value;
use portico_billing::{Currency, Money};

use crate::formats::LanguageFormats;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    Text,
    /// As a number of the language.
    Number,
    /// As a moment, in the frame's time zone.
    Time,
    /// As a day.
    Day,
    /// As an amount with its currency.
    Money,
}

/// What the data of mails calls its values. What a kind has of them, its own words can name.
const FIELDS: &[(&str, Form)] = &[
    ("url", Form::Text),
    ("password", Form::Text),
    ("valid_minutes", Form::Number),
    ("valid_hours", Form::Number),
    ("new_email", Form::Text),
    ("changed_at", Form::Time),
    ("company", Form::Text),
    ("person", Form::Text),
    ("email", Form::Text),
    ("reason", Form::Text),
    ("number", Form::Text),
    ("amount", Form::Money),
    ("due_on", Form::Day),
    ("expires_at", Form::Time),
    ("paid_on", Form::Day),
    ("method", Form::Text),
];

/// What the data of mails have for us and not for readers: of which kind they are, and the payment
/// whose receipt is sent along.
const NOT_FOR_READERS: &[&str] = &["kind", "payment_id"];

/// What every mail has.
pub const NAME: &str = "name";
/// The brand that writes.
pub const BRAND: &str = "brand";
/// Where help is to be had; may be empty.
pub const SUPPORT_EMAIL: &str = "support_email";
/// The mail's link.
pub const URL: &str = "url";
/// The mail's link as a button.
pub const ACTION: &str = "action_button";

/// A password that the mail brings.
pub const PASSWORD: &str = "password";

/// The names that a mail with these data knows, in the order in which they are shown.
pub fn names_of(content: &Value) -> Vec<&'static str> {
    let mut names = vec![NAME, BRAND, SUPPORT_EMAIL];
    if has(content, URL) {
        names.push(ACTION);
    }
    names.extend(FIELDS.iter().map(|(name, _)| *name).filter(|name| has(content, name)));
    names
}

/// Whether the data of a mail have something that no name stands for: it could not be named.
#[must_use]
pub fn is_nameable(field: &str) -> bool {
    NOT_FOR_READERS.contains(&field) || FIELDS.iter().any(|(name, _)| *name == field)
}

/// The values of a mail by their names, as people read them.
pub fn values_of(
    content: &Value,
    formats: &LanguageFormats,
    zone: &jiff::tz::TimeZone,
) -> Vec<(&'static str, String)> {
    let written = |(name, form): &(&'static str, Form)| {
        let value = content.get_attr(name).ok().filter(|value| !value.is_undefined())?;
        let text = match form {
            _ if value.is_none() => None,
            Form::Text => Some(value.to_string()),
            Form::Number => value.as_i64().map(|number| formats.number(number.into())),
            Form::Time => {
                let time = value.as_str().and_then(|text| text.parse().ok());
                time.map(|time: jiff::Timestamp| formats.datetime(time, zone))
            }
            Form::Day => {
                let day = value.as_str().and_then(|text| text.parse().ok());
                day.map(|day: Date| formats.date(day).to_string())
            }
            Form::Money => money(&value).map(|amount| formats.money(amount)),
        };
        Some((*name, text.unwrap_or_default()))
    };
    FIELDS.iter().filter_map(written).collect()
}

fn money(value: &Value) -> Option<Money> {
    let minor = value.get_attr("minor").ok()?.as_i64()?;
    let currency: Currency = value.get_attr("currency").ok()?.as_str()?.parse().ok()?;
    Some(Money::new(minor, currency))
}

fn has(content: &Value, name: &str) -> bool {
    content.get_attr(name).is_ok_and(|value| !value.is_undefined())
}
