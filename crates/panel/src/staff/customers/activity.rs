//! What was done to a customer, and by whom.

use axum::extract::Path;
use jiff::Timestamp;
use portico_core::customers::Activity;
use portico_core::records::After;
use portico_ui::{Page, Sample};
use serde::Serialize;
use serde_json::Value;

use super::{Head, LONG};
use crate::staff::listing;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// Lines of a page.
const LINES: u16 = 50;

/// The actions that have a text of their own (`activity-<with hyphens>`); any other is shown by its
/// word.
const KNOWN: [&str; 17] = [
    "contact.created",
    "contact.password_link_mailed",
    "contact.updated",
    "contract.created",
    "contract.updated",
    "credit_note.created",
    "credit_note.updated",
    "customer.created",
    "customer.updated",
    "entitlement.created",
    "entitlement.updated",
    "invoice.created",
    "invoice.updated",
    "payment.created",
    "payment.updated",
    "portal.opened",
    "subscription.created",
];

/// The history.
#[derive(Debug, Clone, Serialize)]
pub struct ActivityTab {
    customer: Head,
    lines: Vec<Line>,
    next: Option<String>,
}

/// One line of it.
#[derive(Debug, Clone, Serialize)]
struct Line {
    at: Timestamp,
    action: String,
    action_key: Option<String>,
    actor_kind: String,
    operator: Option<String>,
    address: Option<String>,
    changes: Vec<FieldChange>,
}

/// What one field was and became.
#[derive(Debug, Clone, Serialize)]
struct FieldChange {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<Activity> for Line {
    fn from(Activity { entry, operator }: Activity) -> Self {
        let action = entry.action.into_owned();
        let known = KNOWN.contains(&action.as_str());
        Self {
            at: entry.at,
            action_key: known.then(|| format!("activity-{}", action.replace(['.', '_'], "-"))),
            action,
            actor_kind: entry.actor_kind.replace('_', "-"),
            operator: operator.filter(|name| !name.is_empty()),
            address: entry.address,
            changes: changes(entry.before.as_ref(), entry.after.as_ref()),
        }
    }
}

/// The fields of both sides, in the order in which they come.
fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<FieldChange> {
    let mut changes: Vec<FieldChange> = Vec::new();
    let fields = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    for (field, value) in fields(before).unwrap_or_default() {
        changes.push(FieldChange { field, before: text(&value), after: None });
    }
    for (field, value) in fields(after).unwrap_or_default() {
        match changes.iter_mut().find(|change| change.field == field) {
            Some(change) => change.after = text(&value),
            None => changes.push(FieldChange { field, before: None, after: text(&value) }),
        }
    }
    changes
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Page for ActivityTab {
    const TEMPLATE: &'static str = "panel/customers/activity.html";

    fn samples() -> Vec<Sample<Self>> {
        let line = |action: &str, actor: &str, operator: Option<&str>, changes| Line {
            at: Timestamp::UNIX_EPOCH,
            action: action.to_owned(),
            action_key: KNOWN
                .contains(&action)
                .then(|| format!("activity-{}", action.replace(['.', '_'], "-"))),
            actor_kind: actor.to_owned(),
            operator: operator.map(str::to_owned),
            address: Some("2001:db8::1".to_owned()),
            changes,
        };
        let change = FieldChange {
            field: "name".to_owned(),
            before: Some("Northwind".to_owned()),
            after: Some(LONG.to_owned()),
        };
        let lines = vec![
            line("customer.updated", "operator", Some("Ana Núñez"), vec![change]),
            line("portal.opened", "operator", None, Vec::new()),
            line("odd.thing", "api-key", None, Vec::new()),
            line("invoice.created", "system", None, Vec::new()),
            line("contact.updated", "contact", None, Vec::new()),
        ];
        let page = |customer, lines, next| Self { customer, lines, next };
        let empty = page(Head::extreme_sample(), Vec::new(), None);
        let typical = page(Head::sample(), lines, Some("x".to_owned()));
        vec![Sample::new("typical", typical), Sample::new("empty", empty)]
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let after = listing::cursor(&params).and_then(|cursor| After::decode(&cursor));
    let listed = staff.core().customer_activity(staff.caller(), output.id, (after, LINES)).await?;
    let (lines, next) = listed;
    let lines = lines.into_iter().map(Line::from).collect();
    staff.page(&ActivityTab { customer, lines, next: next.map(After::encode) })
}
