//! The audit log, by API.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use portico_core::{AuditLine, AuditQuery};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::access::ApiCaller;
use super::problem::Problem;
use super::query::Listing;
use super::records::ListAnswer;
use crate::state::Shared;

/// One change: who, when, from where, before and after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditAnswer {
    /// Identifier.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `operator`, `api_key`, `contact` or `system`.
    pub actor_kind: String,
    /// Whose record it is, where there is one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub actor_id: Option<Uuid>,
    /// Its name.
    pub actor: Option<String>,
    /// The address that it came from.
    pub address: Option<String>,
    /// Noun and verb.
    #[schema(example = "brand.updated")]
    pub action: String,
    /// The record.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub subject_id: Option<Uuid>,
    /// The customer that it concerns.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub customer_id: Option<Uuid>,
    /// The fields that changed, as they were.
    pub before: Option<Value>,
    /// The same as they became.
    pub after: Option<Value>,
}

impl From<AuditLine> for AuditAnswer {
    fn from(it: AuditLine) -> Self {
        Self {
            id: it.id,
            at: it.at,
            actor_kind: it.actor_kind,
            actor_id: it.actor_id,
            actor: it.actor,
            address: it.address,
            action: it.action,
            subject_id: it.subject_id,
            customer_id: it.customer_id,
            before: it.before,
            after: it.after,
        }
    }
}

/// What the log can be narrowed by, in any combination.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AuditFilterQuery {
    /// About this record: its identifier, with or without prefix.
    pub subject: Option<String>,
    /// That concern this customer.
    pub customer: Option<String>,
    /// Of what this operator or key did.
    pub actor: Option<String>,
}

/// `GET /api/v1/audit-log`: newest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, filter }: Listing<AuditFilterQuery>,
) -> Result<Json<ListAnswer<AuditAnswer>>, Problem> {
    let query = AuditQuery {
        subject: id_of("subject", filter.subject.as_deref())?,
        customer: id_of("customer", filter.customer.as_deref())?,
        actor: id_of("actor", filter.actor.as_deref())?,
    };
    let (lines, next) = panel.core.audit_log(&caller.0, query, (after, limit)).await?;
    let data = lines.into_iter().map(AuditAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: next.map(|after| after.encode()) }))
}

fn id_of(name: &str, text: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let bare = text.rsplit('_').next().unwrap_or_default();
    let id = Uuid::try_parse(bare);
    id.map(Some).map_err(|_| Problem::bad_parameter(name, "must be an identifier"))
}
