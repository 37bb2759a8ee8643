//! PayPal's own description of its requests and answers: the OpenAPI 3.0 files of
//! <https://github.com/paypal/paypal-rest-api-specifications>, where they are at hand.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// The files that say what the provider sends.
const FILES: [&str; 4] = [
    "checkout_orders_v2.json",
    "payments_payment_v2.json",
    "vault_payment_tokens_v3.json",
    "notifications_webhooks_v1.json",
];

/// What a request and the answers to it have to be like.
struct Rule {
    method: String,
    /// `/v2/checkout/orders/{id}/capture`.
    path: String,
    request: Option<Validator>,
    /// By status.
    answers: Vec<(String, Validator)>,
}

static RULES: LazyLock<Option<Vec<Rule>>> = LazyLock::new(|| {
    let files: Option<Vec<Value>> = FILES.iter().map(|name| published(name)).collect();
    Some(files?.into_iter().flat_map(rules).collect())
});

#[expect(clippy::disallowed_methods, reason = "tests say by it where published data lies")]
fn published(name: &str) -> Option<Value> {
    let folder = std::env::var("PORTICO_TEST_DATA").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join("paypal").join(name)).ok()?;
    Some(serde_json::from_str(&text).expect("a JSON file"))
}

/// Whether the published files are there.
pub fn are_there() -> bool {
    RULES.is_some()
}

/// What is wrong with the body of a request; nothing where no files are there.
///
/// # Panics
/// Where the published files know no such request.
pub fn complaints(method: &str, path: &str, body: &Value) -> Vec<String> {
    let Some(rule) = rule(method, path) else { return Vec::new() };
    rule.request.as_ref().map_or_else(|| vec!["no body".to_owned()], |it| errors(it, body))
}

/// What is wrong with an answer; nothing where no files are there.
///
/// # Panics
/// Where the published files know no such answer.
pub fn answer_complaints(method: &str, path: &str, status: u16, body: &Value) -> Vec<String> {
    let Some(rule) = rule(method, path) else { return Vec::new() };
    let known = rule.answers.iter().find(|(known, _)| *known == status.to_string());
    let (_, answer) = known.unwrap_or_else(|| panic!("no such answer: {method} {path} {status}"));
    errors(answer, body)
}

fn rule(method: &str, path: &str) -> Option<&'static Rule> {
    let rules = RULES.as_ref()?;
    let fits = |rule: &&Rule| rule.method == method && same(&rule.path, path);
    Some(rules.iter().find(fits).unwrap_or_else(|| panic!("no such request: {method} {path}")))
}

fn errors(schema: &Validator, body: &Value) -> Vec<String> {
    let errors = schema.iter_errors(body);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn same(template: &str, path: &str) -> bool {
    let parts = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (template, path) = (parts(template), parts(path));
    template.len() == path.len()
        && template.iter().zip(&path).all(|(known, part)| known.starts_with('{') || known == part)
}

/// The rules of a file. OpenAPI 3.0 lets objects have members that it does not name, so that a name
/// with a slip in it would pass: in requests it does not.
fn rules(mut file: Value) -> Vec<Rule> {
    let paths = file["paths"].take();
    let open = json!({
        "schemas": file["components"]["schemas"].take(),
        "responses": file["components"]["responses"].take(),
    });
    let mut closed = open.clone();
    complete(&mut closed);
    close_members(&mut closed);
    let mut rules = Vec::new();
    for (path, methods) in paths.as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let Some(responses) = operation.get("responses") else { continue };
            let body = operation.get("requestBody").and_then(schema_of);
            let answers = responses.as_object().expect("responses").iter();
            rules.push(Rule {
                method: method.to_uppercase(),
                path: path.clone(),
                request: body.map(|body| validator(body, &closed, true)),
                answers: answers
                    .filter(|(status, _)| status.starts_with('2'))
                    .filter_map(|(status, it)| {
                        Some((status.clone(), validator(schema_of(it)?, &open, false)))
                    })
                    .collect(),
            });
        }
    }
    rules
}

/// The name of the schema that a request or an answer has.
fn schema_of(described: &Value) -> Option<&str> {
    described.pointer("/content/application~1json/schema/$ref")?.as_str()
}

fn validator(reference: &str, components: &Value, closed: bool) -> Validator {
    let mut root = json!({ "$ref": reference, "components": components });
    if closed {
        root["unevaluatedProperties"] = json!(false);
    }
    let options = jsonschema::options().with_draft(Draft::Draft202012);
    options.should_validate_formats(true).build(&root).expect("a schema")
}

/// The files are older than the kind of token that a set-up is exchanged by now:
/// <https://developer.paypal.com/sdk/vault/v2/definitions/token_id_request>.
fn complete(components: &mut Value) {
    let kinds = "/schemas/token_id_request/properties/type/enum";
    if let Some(Value::Array(kinds)) = components.pointer_mut(kinds) {
        kinds.push(json!("SETUP_TOKEN"));
    }
}

/// Has each member, and each item, allow what its schema names and nothing else.
fn close_members(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(members)) = fields.get_mut("properties") {
                members.values_mut().for_each(close);
            }
            if let Some(items) = fields.get_mut("items") {
                close(items);
            }
            fields.values_mut().for_each(close_members);
        }
        Value::Array(items) => items.iter_mut().for_each(close_members),
        _ => {}
    }
}

fn close(schema: &mut Value) {
    if let Value::Object(fields) = schema {
        fields.entry("unevaluatedProperties").or_insert(json!(false));
    }
}
