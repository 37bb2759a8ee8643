//! The whole configuration of the organisation: `/api/v1/configuration`.

use axum::Json;
use axum::extract::State;
use portico_core::configuration::{Applied, ApplyOptions, Configuration};
use serde::Deserialize;
use utoipa::IntoParams;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::problem::Problem;
use super::query::Options;
use crate::brand_rules::BrandRules;
use crate::state::Shared;

/// How a configuration is applied.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ApplyQuery {
    /// Whether nothing is kept: the answer is what would differ.
    dry_run: bool,
    /// Whether brands, domains and gateways that are not named, and mail servers that are empty
    /// tables, are removed. Without it nothing is applied where there are some.
    remove: bool,
}

/// `GET /api/v1/configuration`.
pub async fn show(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<Configuration>, Problem> {
    Ok(Json(panel.core.configuration(&caller.0).await?))
}

/// `PUT /api/v1/configuration`: as a whole or not at all.
pub async fn apply(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Options(query): Options<ApplyQuery>,
    body: JsonBody,
) -> Result<Json<Applied>, Problem> {
    let configuration = body.parse::<Configuration>()?;
    let ApplyQuery { dry_run, remove } = query;
    let options = ApplyOptions { dry_run, remove };
    let rules = BrandRules::new(panel.ui.clone());
    Ok(Json(panel.core.apply_configuration(&caller.0, &configuration, options, &rules).await?))
}
