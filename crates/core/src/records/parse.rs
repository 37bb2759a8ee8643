//! JSON from outside: strict where JSON is lax, and faults that name the field.

use std::borrow::Borrow;
use std::fmt;

use portico_billing::card_number::looks_like_card_number;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess};
use serde::de::{Unexpected, Visitor};
use serde_json::{Map, Number, Value};

use super::faults::CARD_NUMBER;
use super::{InputFault, Record, Rejection};

/// Reads one JSON text (RFC 8259). Refused beyond what JSON itself forbids: the same key twice in
/// one object (one of the values would be lost in silence) and the character U+0000 (not every
/// database can keep it).
///
/// # Errors
/// What is wrong, with line and column.
pub fn parse_json(text: &[u8]) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads any type of a JSON value; a fault names the field.
///
/// # Errors
/// `Invalid`.
pub fn parse_value<T: DeserializeOwned>(value: impl Borrow<Value>) -> Result<T, Rejection> {
    let value = value.borrow();
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        let field = field_of(&path, &message);
        if looks_like_card_number(&field) {
            return Rejection::field("", CARD_NUMBER);
        }
        // Messages show what was sent, perhaps in part.
        let place = format!("/{}", field_of(&path, "").replace('.', "/"));
        let sent = value.pointer(&place).map(ToString::to_string).unwrap_or_default();
        if looks_like_card_number(&message) || looks_like_card_number(&sent) {
            return Rejection::field(field, CARD_NUMBER);
        }
        Rejection::Invalid(vec![InputFault { field, message }])
    })
}

/// Reads the input of a record; a fault names the field.
///
/// # Errors
/// `Invalid`.
pub fn parse_input<R: Record>(value: impl Borrow<Value>) -> Result<R::Input, Rejection> {
    parse_object(value)
}

/// Reads a type with fields; serde would take a list of their values as well.
///
/// # Errors
/// `Invalid`.
pub fn parse_object<T: DeserializeOwned>(value: impl Borrow<Value>) -> Result<T, Rejection> {
    let value = value.borrow();
    if !value.is_object() {
        return Err(Rejection::field("", "must be a JSON object"));
    }
    parse_value(value)
}

/// The path of the field that is at fault: of an unknown or missing one serde gives the path of
/// the object around it.
fn field_of(path: &str, message: &str) -> String {
    let path = path.replace('[', ".").replace(']', "");
    let path = path.trim_matches('.');
    let named = ["unknown field `", "missing field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    match named {
        None => path.to_owned(),
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) => format!("{path}.{name}"),
    }
}

/// Builds a value and refuses what [`parse_json`] says.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        number.map(Value::Number).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        without_nul(value)?;
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(Strict)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            without_nul(&key)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is given twice")));
            }
            let value = map.next_value_seed(Strict)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

fn without_nul<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        return Err(E::custom("texts must not contain the character U+0000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(default)]
        #[expect(dead_code, reason = "only its reading is tested")]
        lines: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is tested")]
        quantity: u32,
    }

    fn fault(value: Value) -> InputFault {
        match parse_object::<Outer>(value) {
            Err(Rejection::Invalid(mut faults)) => faults.remove(0),
            other => panic!("expected a fault, got {other:?}"),
        }
    }

    #[test]
    fn a_fault_names_the_field() {
        for (value, field) in [
            (json!({"linse": []}), "linse"),
            (json!({"lines": 7}), "lines"),
            (json!({"lines": [{"quantity": 1}, {"quantity": "x"}]}), "lines.1.quantity"),
            (json!({"lines": [{"quantity": 1, "price": 2}]}), "lines.0.price"),
            (json!({"lines": [{}]}), "lines.0.quantity"),
            (json!([1, 2, 3]), ""),
        ] {
            assert_eq!(fault(value.clone()).field, field, "{value}");
        }
    }

    #[test]
    fn what_json_itself_allows_and_we_do_not() {
        let error = |text: &str| parse_json(text.as_bytes()).map_err(|error| error.to_string());
        assert_eq!(
            error("{\"a\": 1,\n \"a\": 2}"),
            Err("the key `a` is given twice at line 2 column 4".to_owned())
        );
        assert!(error(r#"{"a": "x\u0000"}"#).is_err_and(|text| text.contains("U+0000")));
        assert!(error(r#"{"\u0000": 1}"#).is_err_and(|text| text.contains("U+0000")));
        assert!(error(&"[".repeat(200)).is_err_and(|text| text.contains("recursion limit")));
        assert!(error("1e999").is_err());
        assert!(error("{} {}").is_err());
        assert_eq!(
            error(r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "é"]}"#),
            Ok(json!({"a": [null, true, -1, 18_446_744_073_709_551_615_u64, 1.5, "é"]}))
        );
    }
}
