//! What a change did to a record, field by field, as people read it: amounts with their currency,
//! times and days as such, parts of a field by their path.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::{Currency, Money};
use serde::Serialize;
use serde_json::Value;

/// Fields of one change that are shown.
const FIELDS_MAX: usize = 100;
/// Longest value that is shown of a field.
const VALUE_CHARS_MAX: usize = 500;
/// How the names of amounts end.
const MINOR: &str = "_minor";

/// What one field was and became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    field: String,
    before: Option<Held>,
    after: Option<Held>,
}

/// What a field held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Held {
    Text(String),
    Money(Money),
    At(Timestamp),
    Day(Date),
}

/// The fields that differ, in the order in which they come.
pub fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let (was, mut is) = (fields(before), fields(after));
    let [old, new] = [before, after].map(currency);
    if old.is_none() && !was.is_empty() {
        // It stayed as it was, and is there for the amounts alone.
        is.retain(|(field, _)| field != "currency");
    }
    let [before, after] = [&was, &is].map(|side| {
        side.iter().map(|(field, value)| (field.as_str(), *value)).collect::<HashMap<_, _>>()
    });
    let added = is.iter().filter(|(field, _)| !before.contains_key(field.as_str()));
    let both = |(field, _): &(String, &Value)| {
        let of = |side: &HashMap<&str, &Value>| {
            side.get(field.as_str()).map_or(Value::Null, |value| (*value).clone())
        };
        (field.clone(), of(&before), of(&after))
    };
    was.iter()
        .chain(added)
        .map(both)
        .filter(|(_, before, after)| before != after)
        .take(FIELDS_MAX)
        .map(|(field, before, after)| {
            let before = held(&field, &before, old.or(new));
            let after = held(&field, &after, new.or(old));
            let is_money = [&before, &after].iter().any(|it| matches!(it, Some(Held::Money(_))));
            let field = if is_money { field.trim_end_matches(MINOR).to_owned() } else { field };
            Difference { field, before, after }
        })
        .collect()
}

/// What amounts are in.
fn currency(side: Option<&Value>) -> Option<Currency> {
    side?.get("currency")?.as_str()?.parse().ok()
}

/// The values of a side with their paths.
fn fields(side: Option<&Value>) -> Vec<(String, &Value)> {
    let mut fields = Vec::new();
    for (name, value) in side.and_then(Value::as_object).into_iter().flatten() {
        flatten(name.clone(), value, &mut fields);
    }
    fields
}

fn flatten<'v>(path: String, value: &'v Value, fields: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(parts) => {
            for (name, part) in parts {
                flatten(format!("{path}.{name}"), part, fields);
            }
        }
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            for (place, row) in rows.iter().enumerate() {
                flatten(format!("{path}.{place}"), row, fields);
            }
        }
        _ => fields.push((path, value)),
    }
}

fn held(field: &str, value: &Value, currency: Option<Currency>) -> Option<Held> {
    if field.ends_with(MINOR)
        && let (Some(minor), Some(currency)) = (value.as_i64(), currency)
    {
        return Some(Held::Money(Money::new(minor, currency)));
    }
    let text = text_of(value)?;
    if field.ends_with("_at")
        && let Ok(at) = text.parse()
    {
        return Some(Held::At(at));
    }
    if field.ends_with("_on")
        && let Ok(day) = text.parse()
    {
        return Some(Held::Day(day));
    }
    Some(Held::Text(text.chars().take(VALUE_CHARS_MAX).collect()))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(all) if all.is_empty() => None,
        Value::Array(all) => Some(all.iter().filter_map(text_of).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Option<Held> {
        Some(Held::Text(text.to_owned()))
    }

    fn euros(minor: i64) -> Option<Held> {
        Some(Held::Money(Money::new(minor, Currency::EUR)))
    }

    fn shown(before: &Value, after: &Value) -> Vec<(String, Option<Held>, Option<Held>)> {
        let all = differences(Some(before), Some(after)).into_iter();
        all.map(|it| (it.field, it.before, it.after)).collect()
    }

    #[test]
    fn each_field_that_differs_has_both_sides() {
        let before = json!({"a": 1, "b": "x", "e": {"f": 1, "g": 2}});
        let after = json!({"b": "y", "c": null, "d": [1, "z"], "e": {"f": 1, "g": 3}});
        let expected = [
            ("a", text("1"), None),
            ("b", text("x"), text("y")),
            ("e.g", text("2"), text("3")),
            ("d", None, text("1, z")),
        ];
        assert_eq!(shown(&before, &after), expected.map(|(a, b, c)| (a.to_owned(), b, c)));
    }

    #[test]
    fn amounts_are_money_and_their_currency_is_no_change() {
        let before = json!({"amount_minor": 100, "parts": [{"price_minor": 5}]});
        let after = json!({
            "amount_minor": 250, "parts": [{"price_minor": 5}, {"price_minor": 7}],
            "currency": "EUR",
        });
        let expected = [("amount", euros(100), euros(250)), ("parts.1.price", None, euros(7))];
        assert_eq!(shown(&before, &after), expected.map(|(a, b, c)| (a.to_owned(), b, c)));
        let made = differences(None, Some(&json!({"currency": "EUR", "amount_minor": 1})));
        assert_eq!(
            made.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(),
            ["currency", "amount"]
        );
        let moved = shown(
            &json!({"currency": "EUR", "amount_minor": 100}),
            &json!({"currency": "JPY", "amount_minor": 100}),
        );
        assert_eq!(moved, [("currency".to_owned(), text("EUR"), text("JPY"))]);
    }

    #[test]
    fn times_and_days_are_told_from_texts() {
        let after = json!({"paid_at": "2026-03-01T12:00:00Z", "due_on": "2026-03-01", "x_on": "y"});
        let kinds: Vec<_> =
            differences(None, Some(&after)).into_iter().map(|it| it.after).collect();
        assert!(matches!(
            kinds.as_slice(),
            [Some(Held::At(_)), Some(Held::Day(_)), Some(Held::Text(_))]
        ));
    }
}
