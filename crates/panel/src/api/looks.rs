//! The looks of brands: `/api/v1/brands/{id}/looks`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::BrandId;
use portico_core::looks::{LooksBase, LooksError, LooksInput, LooksVersion};
use portico_core::records::{InputFault, RecordKey, Rejection};
use portico_ui::brand_css::CssFault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::Problem;
use crate::staff::brands::looks::css_faults;
use crate::state::Shared;

/// The looks of a brand: its draft, or what is published where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrandLooks)]
pub struct LooksAnswer {
    /// Send it back with what you change; where somebody else saved meanwhile, it is refused.
    pub base: LooksBase,
    /// The looks.
    pub looks: LooksInput,
    /// The draft, where there is one.
    pub draft: Option<LooksVersionAnswer>,
    /// The number of the version that customers see; 0 before anything was published.
    pub published: u32,
    /// What was published, newest first, at most fifty.
    pub versions: Vec<LooksVersionAnswer>,
}

/// A version of looks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LooksVersion)]
pub struct LooksVersionAnswer {
    /// Its number.
    pub version: u32,
    /// When it was published, or the draft saved.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The name of who did so, where it is one of the organisation's people.
    pub by: Option<String>,
    /// What kind of caller did so: `operator`, `api_key`, `system`.
    pub actor_kind: String,
}

/// A draft to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LooksDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftBody {
    /// What you began with.
    base: LooksBase,
    /// All of the looks; what is left out is as in a new brand.
    looks: LooksInput,
}

/// What you began with.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LooksPublication)]
#[serde(deny_unknown_fields)]
pub struct BaseBody {
    /// As the looks were read.
    base: LooksBase,
}

/// Which version to show again.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LooksRollBack)]
#[serde(deny_unknown_fields)]
pub struct RollBackBody {
    /// Its number.
    version: u32,
}

impl From<LooksVersion> for LooksVersionAnswer {
    fn from(it: LooksVersion) -> Self {
        Self { version: it.version, at: it.at, by: it.by, actor_kind: it.actor_kind }
    }
}

/// `GET /api/v1/brands/{id}/looks`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<LooksAnswer>, Problem> {
    answer(&panel, &caller, id(&key)?).await
}

/// `PUT /api/v1/brands/{id}/looks`: saves the draft.
pub async fn save(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<LooksAnswer>, Problem> {
    caller.check_answer()?;
    let (id, body) = (id(&key)?, body.parse::<DraftBody>()?);
    let faults = css_faults(&body.looks);
    if !faults.is_empty() {
        let fault = |it: &CssFault| InputFault {
            field: "looks.css".to_owned(),
            message: css_fault_in_english(it),
        };
        return Err(Rejection::Invalid(faults.iter().map(fault).collect()).into());
    }
    let saved = panel.core.save_looks_draft(&caller.0, id, (body.base, &body.looks)).await;
    saved.map_err(within_looks)?;
    answer(&panel, &caller, id).await
}

/// `POST /api/v1/brands/{id}/looks/publish`: shows the draft.
pub async fn publish(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<LooksAnswer>, Problem> {
    caller.check_answer()?;
    let (id, body) = (id(&key)?, body.parse::<BaseBody>()?);
    panel.core.publish_looks(&caller.0, id, body.base).await?;
    answer(&panel, &caller, id).await
}

/// `POST /api/v1/brands/{id}/looks/roll-back`: shows an earlier version again.
pub async fn roll_back(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<LooksAnswer>, Problem> {
    caller.check_answer()?;
    let (id, body) = (id(&key)?, body.parse::<RollBackBody>()?);
    panel.core.roll_back_looks(&caller.0, (id, body.version)).await?;
    answer(&panel, &caller, id).await
}

/// `DELETE /api/v1/brands/{id}/looks`: throws the draft away, whoever saved it.
pub async fn discard(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    let id = id(&key)?;
    let base = panel.core.brand_looks(&caller.0, id).await?.base;
    panel.core.discard_looks_draft(&caller.0, id, base).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong with a style sheet, for software.
pub fn css_fault_in_english(it: &CssFault) -> String {
    let reason = it.reason.key().trim_start_matches("css-fault-");
    format!("line {}, column {}: refused ({reason})", it.line, it.column)
}

async fn answer(
    panel: &Shared,
    caller: &ApiCaller,
    id: BrandId,
) -> Result<Json<LooksAnswer>, Problem> {
    let state = panel.core.brand_looks(&caller.0, id).await?;
    Ok(Json(LooksAnswer {
        base: state.base,
        looks: LooksInput::of(&state.looks),
        draft: state.draft.map(LooksVersionAnswer::from),
        published: state.brand.looks_version,
        versions: state.versions.into_iter().map(LooksVersionAnswer::from).collect(),
    }))
}

/// The same with its fields as they stand in the body.
fn within_looks(error: LooksError) -> LooksError {
    let LooksError::Invalid(mut faults) = error else { return error };
    for fault in &mut faults {
        fault.field.insert_str(0, "looks.");
    }
    LooksError::Invalid(faults)
}

fn id(key: &RecordKey) -> Result<BrandId, Problem> {
    key.id().ok_or_else(|| LooksError::NotFound.into())
}

impl From<LooksError> for Problem {
    fn from(error: LooksError) -> Self {
        Rejection::from(error).into()
    }
}
