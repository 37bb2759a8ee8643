//! The keys of the organisation's software, by API.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::ApiKeyId;
use portico_billing::permission::{Permission, Permissions};
use portico_core::{ApiKeyView, NewApiKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::operators::not_found;
use super::path::Named;
use super::problem::Problem;
use super::records::ListAnswer;
use crate::state::Shared;

/// A key of the organisation's software, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyAnswer {
    /// Identifier: what stands before the dot of the key.
    #[schema(example = "key_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What the staff calls it.
    pub name: String,
    /// What it may do; `null` where it may do everything.
    #[schema(value_type = Option<Vec<String>>)]
    pub permissions: Option<Vec<Permission>>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

impl From<ApiKeyView> for ApiKeyAnswer {
    fn from(it: ApiKeyView) -> Self {
        let some = it.permissions != Permissions::ALL;
        Self {
            id: it.id.to_string(),
            name: it.name,
            permissions: some.then(|| it.permissions.iter().collect()),
            created_at: it.created_at,
            expires_at: it.expires_at,
            revoked_at: it.revoked_at,
        }
    }
}

/// A key that was made a moment ago.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedApiKey)]
pub struct CreatedApiKeyAnswer {
    /// The key as it is sent; told here alone.
    pub key: String,
    /// What it is.
    pub api_key: ApiKeyAnswer,
}

/// A key to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What the staff calls it.
    #[schema(example = "Billing system")]
    pub name: String,
    /// What it may do: no more than the key that makes it; all of that where it is absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["read", "edit_billing"]))]
    pub permissions: Option<Vec<Permission>>,
    /// When it ends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// `GET /api/v1/api-keys`: newest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<ApiKeyAnswer>>, Problem> {
    let found = panel.core.api_keys(&caller.0).await?;
    let data = found.into_iter().map(ApiKeyAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `POST /api/v1/api-keys`.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<(StatusCode, Json<CreatedApiKeyAnswer>), Problem> {
    let ApiKeyInput { name, permissions, expires_at } = body.parse()?;
    let permissions = permissions.map_or(caller.0.permissions, Permissions::from);
    let new = NewApiKey { name, permissions, expires_at };
    let (view, secret) = panel.core.issue_api_key(&caller.0, new).await?;
    let answer = CreatedApiKeyAnswer { key: secret.expose(), api_key: view.into() };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `DELETE /api/v1/api-keys/{id}`: revokes it at once.
pub async fn revoke(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    let id: ApiKeyId = key.as_str().parse().map_err(|_| not_found())?;
    panel.core.withdraw_api_key(&caller.0, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
