//! The organisation's people, by API.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::OperatorId;
use portico_billing::permission::OperatorRole;
use portico_core::{NewInvitation, OperatorChange, OperatorView, StaffError, StaffRule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::Shared;

/// Somebody who signs in to the control panel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Operator)]
pub struct OperatorAnswer {
    /// Identifier.
    #[schema(example = "opr_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// Name of the person.
    pub name: String,
    /// Name for signing in.
    pub email: String,
    /// What it is for.
    #[schema(value_type = String, example = "billing")]
    pub role: OperatorRole,
    /// Whether it was invited and has not come yet.
    pub invited: bool,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// When it signed in last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_in_at: Option<Timestamp>,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<OperatorView> for OperatorAnswer {
    fn from(it: OperatorView) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            email: it.email,
            role: it.role,
            invited: it.is_invited,
            disabled: it.disabled_at.is_some(),
            second_factor: it.has_totp,
            signed_in_at: it.signed_in_at,
            created_at: it.created_at,
        }
    }
}

/// Somebody to invite: a link is mailed that works once, within three days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorInvitationInput {
    /// Name for signing in, and where the invitation goes.
    #[schema(example = "ben@acme.example")]
    pub email: String,
    /// Name of the person.
    #[schema(example = "Ben")]
    pub name: String,
    /// `admin`, `billing`, `support` or `read_only`; owners are made by owners alone.
    #[schema(value_type = String, example = "support")]
    pub role: OperatorRole,
}

/// What is changed about an operator; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorPatch {
    /// What it is for.
    #[schema(value_type = Option<String>)]
    pub role: Option<OperatorRole>,
    /// Whether it is switched off: its sessions end then.
    pub disabled: Option<bool>,
}

/// `GET /api/v1/operators`: all of them, oldest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<OperatorAnswer>>, Problem> {
    let found = panel.core.operators(&caller.0).await?;
    let data = found.into_iter().map(OperatorAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `POST /api/v1/operators`: invites somebody.
pub async fn invite(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<(StatusCode, Json<OperatorAnswer>), Problem> {
    let OperatorInvitationInput { email, name, role } = body.parse()?;
    let invited =
        panel.core.invite_operator(&caller.0, NewInvitation { email, name, role }).await?;
    Ok((StatusCode::CREATED, Json(invited.operator.into())))
}

/// `PATCH /api/v1/operators/{id}`: another role, or switched off or on.
pub async fn patch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<OperatorAnswer>, Problem> {
    let OperatorPatch { role, disabled } = body.parse()?;
    let change = OperatorChange { role, is_disabled: disabled, ..OperatorChange::default() };
    let changed = panel.core.change_operator(&caller.0, id_of(key.as_str())?, change).await?;
    Ok(Json(changed.into()))
}

/// `DELETE /api/v1/operators/{id}`.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    panel.core.remove_operator(&caller.0, id_of(key.as_str())?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn id_of(text: &str) -> Result<OperatorId, Problem> {
    text.parse().map_err(|_| not_found())
}

/// There is no such record.
pub fn not_found() -> Problem {
    Problem::of_status(ProblemKind::NotFound.status())
}

impl From<StaffError> for Problem {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Forbidden(forbidden) => forbidden.into(),
            StaffError::NotFound => not_found(),
            StaffError::Invalid(faults) => {
                let problem = Self::new(ProblemKind::Invalid, "the request has faults");
                faults.into_iter().fold(problem, |problem, found| {
                    let message = found.fault.message_key().trim_start_matches("fault-");
                    problem.at(&found.field, message.replace('-', " "))
                })
            }
            StaffError::Rule(
                rule @ (StaffRule::CodesExported
                | StaffRule::VouchersVoid
                | StaffRule::VoucherSpent
                | StaffRule::AttemptMatches),
            ) => Self::new(ProblemKind::Conflict, rule.to_string()),
            StaffError::Rule(rule) => Self::new(ProblemKind::Forbidden, rule.to_string()),
            StaffError::TooMany(wait) => Self::too_many(wait.as_secs()),
            StaffError::Failure(failure) => failure.into(),
        }
    }
}
