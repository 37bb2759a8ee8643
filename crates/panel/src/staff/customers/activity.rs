//! What was done to a customer, and by whom.

use axum::extract::Path;
use jiff::Timestamp;
use portico_core::customers::Activity;
use portico_core::records::After;
use portico_ui::{Page, Sample};
use serde::Serialize;
use serde_json::json;

use super::{Head, LONG};
use crate::staff::deeds;
use crate::staff::difference::{Difference, differences};
use crate::staff::listing;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// Lines of a page.
const LINES: u16 = 50;

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
    changes: Vec<Difference>,
}

impl From<Activity> for Line {
    fn from(Activity { entry, operator }: Activity) -> Self {
        let action = entry.action.into_owned();
        Self {
            at: entry.at,
            action_key: deeds::text_key(&action),
            action,
            actor_kind: entry.actor_kind.replace('_', "-"),
            operator: operator.filter(|name| !name.is_empty()),
            address: entry.address,
            changes: differences(entry.before.as_ref(), entry.after.as_ref()),
        }
    }
}

impl Page for ActivityTab {
    const TEMPLATE: &'static str = "panel/customers/activity.html";

    fn samples() -> Vec<Sample<Self>> {
        let line = |action: &str, actor: &str, operator: Option<&str>, changes| Line {
            at: Timestamp::UNIX_EPOCH,
            action: action.to_owned(),
            action_key: deeds::text_key(action),
            actor_kind: actor.to_owned(),
            operator: operator.map(str::to_owned),
            address: Some("2001:db8::1".to_owned()),
            changes,
        };
        let (was, is) = (json!({"name": "Northwind"}), json!({"name": LONG}));
        let changes = differences(Some(&was), Some(&is));
        let lines = vec![
            line("customer.updated", "operator", Some("Ana Núñez"), changes),
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
