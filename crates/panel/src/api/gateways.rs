//! Gateways: the organisation's accounts at payment providers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::GatewayId;
use portico_core::gateways::{AccountError, GatewayInput, GatewayView, ProbeOutcome};
use portico_core::records::{RecordKey, Rejection};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::Shared;

/// An account at a payment provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gateway)]
pub struct GatewayAnswer {
    /// Identifier.
    #[schema(example = "gwy_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What can be changed here. Secrets are left out.
    #[serde(flatten)]
    pub settings: GatewayInput,
    /// Keys of the secrets that are there.
    #[schema(example = json!(["secret_key"]))]
    pub secrets_set: Vec<&'static str>,
    /// The address to enter at the provider, for its notices (webhooks).
    #[schema(example = "https://panel.acme.example/gateways/4fYq1…")]
    pub notice_url: String,
    /// Whether methods can be stored for later.
    pub stores_methods: bool,
    /// Whether payments can be given back.
    pub refunds: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// What the provider says of a gateway's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GatewayTest)]
pub struct GatewayTestAnswer {
    /// `good`, `refused`, `not_reached`, `unknown` (no answer that could be understood),
    /// `too_many` (the provider wants to be asked less) or `lost` (the settings were sealed with
    /// another key and must be given again).
    #[schema(example = "good")]
    pub outcome: &'static str,
    /// The provider's code, where it refused.
    pub code: Option<String>,
    /// Its explanation, or why there was no answer.
    pub message: Option<String>,
}

impl From<GatewayView> for GatewayAnswer {
    fn from(it: GatewayView) -> Self {
        Self {
            id: it.id.to_string(),
            settings: it.input,
            secrets_set: it.secrets_set,
            notice_url: it.notice_url,
            stores_methods: it.stores_methods,
            refunds: it.refunds,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl From<ProbeOutcome> for GatewayTestAnswer {
    fn from(it: ProbeOutcome) -> Self {
        let outcome = it.word();
        let (code, message) = match it {
            ProbeOutcome::Refused { code, message } => (Some(code), Some(message)),
            ProbeOutcome::NotReached(why) | ProbeOutcome::Unknown(why) => (None, Some(why)),
            ProbeOutcome::Good | ProbeOutcome::TooMany | ProbeOutcome::Lost => (None, None),
        };
        Self { outcome, code, message }
    }
}

/// `GET /api/v1/gateways`: in the order in which customers read them.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<GatewayAnswer>>, Problem> {
    let found = panel.core.gateways(&caller.0).await?;
    let data = found.into_iter().map(GatewayAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `GET /api/v1/gateways/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<GatewayAnswer>, Problem> {
    Ok(Json(panel.core.gateway(&caller.0, id(&key)?).await?.into()))
}

/// `POST /api/v1/gateways`.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<(StatusCode, Json<GatewayAnswer>), Problem> {
    caller.check_answer()?;
    let input: GatewayInput = body.parse()?;
    let made = panel.core.create_gateway(&caller.0, &input).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// `PATCH /api/v1/gateways/{id}`: what is sent is merged (RFC 7396).
pub async fn patch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<GatewayAnswer>, Problem> {
    caller.check_answer()?;
    let edited = panel.core.edit_gateway(&caller.0, id(&key)?, |it| it.merged(&body.0)).await?;
    Ok(Json(edited.into()))
}

/// `DELETE /api/v1/gateways/{id}`: only one that nothing was paid by.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    panel.core.delete_gateway(&caller.0, id(&key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/gateways/{id}/test`: asks the provider, without moving anything.
pub async fn test(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<GatewayTestAnswer>, Problem> {
    Ok(Json(panel.core.probe_gateway(&caller.0, id(&key)?).await?.into()))
}

fn id(key: &RecordKey) -> Result<GatewayId, Problem> {
    key.id().ok_or_else(|| AccountError::NotFound.into())
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let detail = error.to_string();
        match error {
            AccountError::Forbidden(forbidden) => forbidden.into(),
            AccountError::NotFound => Self::new(ProblemKind::NotFound, detail),
            AccountError::Invalid(faults) => {
                Rejection::Invalid(faults.into_iter().map(Into::into).collect()).into()
            }
            AccountError::Input(rejection) => rejection.into(),
            AccountError::InUse => Self::new(ProblemKind::Conflict, detail),
            AccountError::TooMany { wait_s } => Self::too_many(wait_s),
            AccountError::Failure(failure) => failure.into(),
        }
    }
}
