//! What two configurations differ in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::document::Configuration;
use super::files::Named;
use super::snapshot::Snapshot;
use crate::Failure;

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It was not there.
    Added,
    /// It was another one.
    Changed,
    /// It is there no more.
    Removed,
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Which value: `brands."Acme Telecom".looks.accent`.
    pub path: String,
    /// What became of it.
    pub kind: DifferenceKind,
    /// What it was; nothing where that is not shown.
    #[schema(value_type = Object)]
    pub before: Option<Value>,
    /// What it is; nothing where that is not shown.
    #[schema(value_type = Object)]
    pub after: Option<Value>,
}

/// What differs, in the order of the file. Brands are compared with themselves, whatever they are
/// called.
pub(super) fn between(before: &Snapshot, after: &Snapshot) -> Result<Vec<Difference>, Failure> {
    let mut found = Found::default();
    let (was, is) = (plain(&before.configuration)?, plain(&after.configuration)?);
    found.compare(&["organisation"], was.get("organisation"), is.get("organisation"));
    let brands = |value: &Value| value["brands"].as_array().cloned().unwrap_or_default();
    let (was_brands, is_brands) = (brands(&was), brands(&is));
    for (id, was) in before.brands.iter().zip(&was_brands) {
        let still = after.brands.iter().position(|other| other.id == id.id);
        let path = ["brands", id.name.as_str()];
        match still.and_then(|at| is_brands.get(at)) {
            Some(is) => found.compare(&path, Some(was), Some(is)),
            // One line says it: all that it had is gone with it.
            None => found.add(&path, DifferenceKind::Removed, (Some(was), None)),
        }
    }
    for (id, is) in after.brands.iter().zip(&is_brands) {
        if !before.brands.iter().any(|other| other.id == id.id) {
            found.compare(&["brands", &id.name], None, Some(is));
        }
    }
    found.gateways(before, after)?;
    found.files(&before.files.by_key(), &after.files.by_key());
    Ok(found.0)
}

/// A value that was replaced by another one, neither of which is shown.
pub(super) fn hidden(path: &[&str]) -> Difference {
    let (path, kind) = (path_of(path), DifferenceKind::Changed);
    Difference { path, kind, before: None, after: None }
}

fn plain(configuration: &Configuration) -> Result<Value, Failure> {
    serde_json::to_value(configuration).map_err(Failure::from)
}

#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn compare(&mut self, path: &[&str], before: Option<&Value>, after: Option<&Value>) {
        match (before, after) {
            _ if before == after => {}
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                self.fields(path, before, after);
            }
            (None, Some(Value::Object(after))) if !after.is_empty() => {
                self.fields(path, &Map::new(), after);
            }
            (Some(Value::Object(before)), None) => self.fields(path, before, &Map::new()),
            (Some(before), Some(after)) => {
                self.add(path, DifferenceKind::Changed, (Some(before), Some(after)));
            }
            (None, after) if after.is_some_and(says_something) => {
                self.add(path, DifferenceKind::Added, (None, after));
            }
            (before, None) if before.is_some_and(says_something) => {
                self.add(path, DifferenceKind::Removed, (before, None));
            }
            _ => {}
        }
    }

    fn fields(&mut self, path: &[&str], before: &Map<String, Value>, after: &Map<String, Value>) {
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        for key in after.keys().chain(gone) {
            let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            self.compare(&path, before.get(key), after.get(key));
        }
    }

    /// Gateways: they are compared with themselves, whatever they are called.
    fn gateways(&mut self, before: &Snapshot, after: &Snapshot) -> Result<(), Failure> {
        for (id, was) in before.gateways() {
            let path = ["gateways", was.name.as_str()];
            let still = after.gateways().find(|(other, _)| *other == id);
            let was = serde_json::to_value(was)?;
            match still {
                Some((_, is)) => {
                    self.compare(&path, Some(&was), Some(&serde_json::to_value(is)?));
                }
                None => self.add(&path, DifferenceKind::Removed, (Some(&was), None)),
            }
        }
        for (id, is) in after.gateways() {
            if !before.gateways().any(|(other, _)| other == id) {
                let value = serde_json::to_value(is)?;
                self.compare(&["gateways", &is.name], None, Some(&value));
            }
        }
        Ok(())
    }

    /// Pictures: those of one file are the same.
    fn files(&mut self, before: &BTreeMap<&str, &Named>, after: &BTreeMap<&str, &Named>) {
        let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for name in names {
            let (was, is) = (before.get(name), after.get(name));
            let kind = match (was, is) {
                (Some(was), Some(is)) if was.id == is.id => continue,
                (Some(_), Some(_)) => DifferenceKind::Changed,
                (Some(_), None) => DifferenceKind::Removed,
                (None, _) => DifferenceKind::Added,
            };
            let [was, is] = [was, is].map(|it| it.map(|it| json!(it.summary)));
            self.add(&["files", name], kind, (was.as_ref(), is.as_ref()));
        }
    }

    fn add(
        &mut self,
        path: &[&str],
        kind: DifferenceKind,
        (before, after): (Option<&Value>, Option<&Value>),
    ) {
        let (before, after) = (before.cloned(), after.cloned());
        self.0.push(Difference { path: path_of(path), kind, before, after });
    }
}

/// Whether a value differs from none: an empty list does not.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// Keys with dots between, quoted where they are not plain, as in TOML.
fn path_of(keys: &[&str]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let quoted = |key: &&str| {
        let plain = !key.is_empty() && key.chars().all(is_plain);
        if plain { (*key).to_owned() } else { json!(key).to_string() }
    };
    keys.iter().map(quoted).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(before: &Value, after: &Value) -> Vec<(String, DifferenceKind)> {
        let mut found = Found::default();
        found.compare(&["brands", "Acme Telecom"], Some(before), Some(after));
        found.0.into_iter().map(|it| (it.path, it.kind)).collect()
    }

    #[test]
    fn each_value_that_differs_is_named_once() {
        use DifferenceKind::{Added, Changed, Removed};
        let before = json!({"a": {"b": 1, "c": "x"}, "gone": {"d": 2}, "same": [1], "none": []});
        let after = json!({"a": {"b": 2, "c": "x", "new": {"e": ""}}, "same": [1], "f": true});
        assert_eq!(
            differences(&before, &after),
            [
                ("brands.\"Acme Telecom\".a.b".to_owned(), Changed),
                ("brands.\"Acme Telecom\".f".to_owned(), Added),
                ("brands.\"Acme Telecom\".gone.d".to_owned(), Removed),
            ]
        );
        assert_eq!(differences(&before, &before), []);
    }
}
