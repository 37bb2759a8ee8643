//! Who changed what, when, from where, before and after.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use portico_core::records::After;
use portico_core::{AuditActor, AuditLine, AuditQuery};
use portico_ui::{FormState, Page, Sample};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::super::deeds;
use super::super::difference::{Difference, differences};
use super::super::params::Params;
use super::super::{Answer, Staff};
use super::Tabs;

/// Lines of a page.
const LINES: u16 = 50;

/// The log.
#[derive(Debug, Clone, Serialize)]
pub struct AuditPage {
    tabs: Tabs,
    form: FormState,
    filtered: bool,
    actors: Vec<ActorItem>,
    lines: Vec<LineItem>,
    /// Query of the page behind this one.
    next: Option<String>,
    /// Whether this is not the first page.
    later: bool,
    /// Query of the file.
    query: String,
}

/// Somebody who may have acted.
#[derive(Debug, Clone, Serialize)]
struct ActorItem {
    id: String,
    name: String,
    kind: &'static str,
}

/// A line of the log.
#[derive(Debug, Clone, Serialize)]
struct LineItem {
    at: Timestamp,
    /// `operator`, `api-key`, `contact`, `system`.
    kind: String,
    actor: Option<String>,
    address: Option<String>,
    action: String,
    /// The text that says so.
    action_key: Option<String>,
    subject: Option<String>,
    subject_id: Option<String>,
    customer_id: Option<String>,
    changes: Vec<Difference>,
}

impl From<AuditLine> for LineItem {
    fn from(it: AuditLine) -> Self {
        let prefix = noun_prefix(&it.action);
        let id = |prefix: &str, id: Uuid| format!("{prefix}_{}", id.simple());
        Self {
            at: it.at,
            kind: it.actor_kind.replace('_', "-"),
            actor: it.actor,
            address: it.address,
            subject: it.subject,
            subject_id: it.subject_id.map(|subject| match prefix {
                Some(prefix) => id(prefix, subject),
                None => subject.to_string(),
            }),
            customer_id: it.customer_id.map(|customer| id("cus", customer)),
            changes: differences(it.before.as_ref(), it.after.as_ref()),
            action_key: deeds::text_key(&it.action),
            action: it.action,
        }
    }
}

/// How identifiers of the record begin that an action is about.
fn noun_prefix(action: &str) -> Option<&'static str> {
    Some(match action.split('.').next()? {
        "organisation" => "org",
        "operator" => "opr",
        "api_key" => "key",
        "brand" | "brand_looks" | "brand_smtp" | "brand_template" | "brand_text" | "domain"
        | "mail_template" => "brd",
        "customer" | "portal" | "sign_up" => "cus",
        "contact" => "con",
        "invoice" => "inv",
        "credit" => "cru",
        "credit_note" => "crn",
        "payment" | "refund" => "pay",
        "payment_attempt" => "att",
        "gateway_notice" => "gwn",
        "payment_method" => "pmt",
        "subscription" => "sub",
        "contract" => "ctr",
        "entitlement" => "ent",
        "portal_session" => "ses",
        "file" => "ast",
        "voucher_batch" => "vcb",
        "voucher" => "vch",
        _ => return None,
    })
}

/// What the address asks for. What is no identifier finds nothing, as it should.
fn query_of(params: &Params) -> AuditQuery {
    let id = |name: &str| {
        let text = params.get(name);
        (!text.is_empty()).then(|| {
            let bare = text.rsplit('_').next().unwrap_or_default();
            Uuid::try_parse(bare).unwrap_or(Uuid::nil())
        })
    };
    AuditQuery { subject: id("subject"), customer: id("customer"), actor: id("actor") }
}

/// The filters as a query, with what follows them.
fn query_text(params: &Params, cursor: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["actor", "subject", "customer"] {
        let value = params.get(name);
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    query.finish()
}

/// GET: a page of the log.
pub async fn list(staff: Staff, params: Params) -> Answer {
    let (core, caller) = (staff.core(), staff.caller());
    let after = After::decode(params.get("cursor"));
    let (lines, next) = core.audit_log(caller, query_of(&params), (after, LINES)).await?;
    let actors = core.audit_actors(caller).await?;
    let query = query_text(&params, None);
    let form = ["actor", "subject", "customer"]
        .into_iter()
        .fold(FormState::new(), |form, name| form.with_value(name, params.get(name)));
    let item = |it: AuditActor| ActorItem { id: it.id.to_string(), name: it.name, kind: it.kind };
    staff.page(&AuditPage {
        tabs: Tabs::of(&staff),
        form,
        filtered: !query.is_empty(),
        actors: actors.into_iter().map(item).collect(),
        lines: lines.into_iter().map(LineItem::from).collect(),
        next: next.map(|after| query_text(&params, Some(&after.encode()))),
        later: after.is_some(),
        query,
    })
}

/// GET: the same as a file, up to the most rows of one.
pub async fn csv(staff: Staff, params: Params) -> Answer {
    let language = staff.here.frame_for(Some(&staff)).language;
    let language = language.parse().map_err(|_| portico_ui::errors::Problem::BadRequest)?;
    let query = query_of(&params);
    let file = staff.core().export_audit_log(staff.caller(), query, &language).await?.document;
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    let header = |text: &str| HeaderValue::from_str(text).ok();
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, header(&file.content_type)),
        (header::CONTENT_DISPOSITION, header(&disposition)),
    ] {
        headers.extend(value.map(|value| (name, value)));
    }
    Ok(response)
}

impl Page for AuditPage {
    const TEMPLATE: &'static str = "panel/settings/audit-log.html";

    fn samples() -> Vec<Sample<Self>> {
        let line = |action: &str, actor: Option<&str>, before: Option<Value>, after| AuditLine {
            id: Uuid::nil(),
            at: Timestamp::UNIX_EPOCH,
            actor_kind: if actor.is_some() { "operator" } else { "system" }.to_owned(),
            actor_id: None,
            actor: actor.map(str::to_owned),
            address: Some("2001:db8:85a3:8d3:1319:8a2e:370:7348".to_owned()),
            action: action.to_owned(),
            subject_id: Some(Uuid::nil()),
            subject: None,
            customer_id: before.is_some().then(Uuid::nil),
            before,
            after,
        };
        let (was, is) = (serde_json::json!({"name": "Acme", "tax_ids": []}), "<b>Acme</b> S.L.");
        let is = serde_json::json!({"name": is, "tax_ids": [{"kind": "eu_vat"}]});
        let paid = serde_json::json!({"amount_minor": 12_100, "paid_at": "2026-03-01T12:00:00Z"});
        let more =
            serde_json::json!({"amount_minor": 1, "currency": "EUR", "due_on": "2026-03-01"});
        let lines = [
            line("payment.updated", Some("Ana María Núñez"), Some(paid), Some(more)),
            line("customer.updated", Some("Ana María Núñez"), Some(was), Some(is)),
            line("operator.signed_in", Some("Ana María Núñez"), None, None),
            line("thing.done_somehow", None, None, Some(serde_json::json!({"a": null}))),
        ];
        let actor =
            ActorItem { id: "1".into(), name: "Ana María Núñez".into(), kind: "operator" };
        let page = Self {
            tabs: Tabs::ALL,
            form: FormState::new(),
            filtered: false,
            actors: vec![actor],
            lines: lines.into_iter().map(LineItem::from).collect(),
            next: Some("cursor=1".to_owned()),
            later: false,
            query: String::new(),
        };
        let none = Self { lines: Vec::new(), next: None, ..page.clone() };
        vec![
            Sample::new("typical", page),
            Sample::new("nothing-found", Self { filtered: true, later: true, ..none.clone() }),
            Sample::new("empty", none),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_with_and_without_their_prefix() {
        let id = Uuid::from_u128(7);
        let typed = format!("subject=inv_{}&customer={id}&actor=x", id.simple());
        let query = query_of(&Params::of_query(&typed));
        assert_eq!((query.subject, query.customer), (Some(id), Some(id)));
        assert_eq!(query.actor, Some(Uuid::nil()), "nobody");
    }
}
