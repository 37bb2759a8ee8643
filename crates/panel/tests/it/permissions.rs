//! Every operation of the Management API × keys that may everything but what it takes, and keys
//! that may nothing else.
//!
//! The operations are those of the document, their bodies its examples or the least that its
//! schemas ask for: a new operation is in the matrix at once.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use portico_billing::permission::{Permission, Permissions};
use portico_core::{Caller, NewApiKey};
use serde_json::{Value, json};

use crate::belongings::Belongings;
use crate::site::{Answer, Site};

/// An operation with a body that can be read.
struct Operation {
    method: Method,
    path: String,
    body: Option<Value>,
}

/// Those of the Management API, what removes something last.
fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        if !path.starts_with("/api/v1/") {
            continue;
        }
        for (method, operation) in item.as_object().expect("operations") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let content = &operation["requestBody"]["content"]["application/json"];
            let body = content.is_object().then(|| match &content["example"] {
                Value::Null => least(document, &content["schema"]),
                example => example.clone(),
            });
            all.push(Operation { method, path: path.clone(), body });
        }
    }
    all.sort_by_key(|it| it.method == Method::DELETE);
    assert!(all.len() > 90, "the document is not the whole API");
    all
}

/// The least that has the form of a schema.
fn least(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        return least(document, target);
    }
    for (known, value) in [("example", &schema["example"]), ("enum", &schema["enum"][0])] {
        if schema.get(known).is_some() {
            return value.clone();
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| least(document, part));
        let fields = parts.filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(fields.collect());
    }
    if let Some(choice) = schema["oneOf"].as_array().and_then(|choices| choices.last()) {
        return least(document, choice);
    }
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.filter_map(Value::as_str);
    match schema["type"].as_str() {
        Some("object") => {
            let field =
                |name: &str| (name.to_owned(), least(document, &schema["properties"][name]));
            Value::Object(required.map(field).collect())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        _ => match schema["format"].as_str() {
            Some("date") => json!("2026-11-20"),
            Some("byte") => json!("eA=="),
            Some("date-time") => json!("2026-11-20T12:00:00Z"),
            _ => json!("x"),
        },
    }
}

/// Keys of the organisation, each with some permissions.
async fn key(site: &Site, permissions: Permissions) -> String {
    let caller = Caller::system(site.acme.id);
    let new = NewApiKey { name: "matrix".to_owned(), permissions, expires_at: None };
    site.core.issue_api_key(&caller, new).await.expect("a key").1.expose()
}

/// The permission that an answer says is missing.
fn missing(answer: &Answer) -> Option<Permission> {
    if answer.status != StatusCode::FORBIDDEN {
        return None;
    }
    answer.assert_problem(403, "forbidden", &[]);
    let detail = answer.json()["detail"].to_string();
    Permission::ALL.into_iter().find(|it| detail.contains(&format!("`{}`", it.word())))
}

#[tokio::test]
async fn az_05_each_operation_takes_its_permission_and_no_other() {
    let site = Site::new().await;
    let ours = Belongings::of(&site, &site.acme, "canary-acme").await;
    let document = site.get("/api/openapi.json").send().await.json();
    let ask = async |key: &str, it: &Operation| {
        let named = it.path.contains("{id}");
        let path = if named { ours.address(&it.path) } else { it.path.clone() };
        let call = site.open(it.method.clone(), &path).header("x-api-key", key);
        match &it.body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    };
    let mut without = BTreeMap::new();
    let mut alone = BTreeMap::new();
    for it in Permission::ALL {
        let others = Permission::ALL.into_iter().filter(|other| *other != it);
        without.insert(it, key(&site, Permissions::from(others.collect::<Vec<_>>())).await);
        alone.insert(it, key(&site, Permissions::of(&[it])).await);
    }
    let before = ours.everything().await;
    let (mut taken, mut open) = (Vec::new(), Vec::new());
    for it in operations(&document) {
        let what = format!("{} {}", it.method, it.path);
        // No operation takes this one alone.
        let refused = ask(&alone[&Permission::ActInPortal], &it).await;
        let Some(needed) = missing(&refused) else {
            open.push(format!("{what}: {}", refused.text));
            continue;
        };
        let others = ask(&without[&needed], &it).await;
        if missing(&others) != Some(needed) {
            open.push(format!("{what} without {}: {}", needed.word(), others.text));
        }
        taken.push((it, needed));
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
    assert_eq!(ours.everything().await, before, "a key that may not has changed something");
    for (it, needed) in &taken {
        let before = ours.noted().await;
        let answer = ask(&alone[needed], it).await;
        // Some take a second one: they are refused before anything is done.
        let is_half_done = missing(&answer).is_some() && ours.noted().await != before;
        if is_half_done || answer.status.is_server_error() {
            let what = format!("{} {}", it.method, it.path);
            open.push(format!("{what} with {} alone: {}", needed.word(), answer.text));
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
    let known: BTreeSet<Permission> = taken.iter().map(|(_, needed)| *needed).collect();
    assert!(known.len() > 8, "{known:?}");
}
