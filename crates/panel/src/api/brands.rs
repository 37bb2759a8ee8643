//! Brands: the portals of the organisation.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use portico_billing::BrandId;
use portico_core::brands::{BrandError, BrandRecord, BrandSettings, ListedBrand};
use portico_core::records::{RecordKey, Rejection};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::Problem;
use super::records::ListAnswer;
use crate::state::Shared;

/// One portal of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Brand)]
pub struct BrandAnswer {
    /// Identifier.
    #[schema(example = "brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// Whether it is that of customers that name none.
    pub is_default: bool,
    /// Host names it answers on; the first one is in links. One that waits to be proven is not
    /// among them.
    pub hosts: Vec<String>,
    /// What can be changed here.
    #[serde(flatten)]
    pub settings: BrandSettings,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A brand to be: its settings, and the first host that it shall answer on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewBrand)]
pub struct NewBrandInput {
    /// The host name: without scheme, port and path. Public names are proven by a CNAME first.
    #[schema(example = "billing.acme.example")]
    pub host: String,
    /// What the brand shall be. What is left out has its default: everything is shown, all fields
    /// may be edited.
    #[serde(flatten)]
    pub settings: BrandSettings,
}

/// `GET /api/v1/brands`: all of them, the one of customers that name none first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<BrandAnswer>>, Problem> {
    let found = panel.core.list_brands(&caller.0).await?;
    let data = found.into_iter().map(|found| found.record.into()).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `GET /api/v1/brands/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<BrandAnswer>, Problem> {
    Ok(Json(found(&panel, &caller, id(&key)?).await?.record.into()))
}

/// `POST /api/v1/brands`.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<Response, Problem> {
    caller.check_answer()?;
    let Value::Object(mut sent) = body.0 else {
        return Err(Rejection::field("", "must be a JSON object").into());
    };
    let host = match sent.remove("host") {
        Some(Value::String(host)) => host,
        Some(_) => return Err(Rejection::field("host", "must be a text").into()),
        None => return Err(Rejection::field("host", "must be given").into()),
    };
    let settings = BrandSettings::of_new(String::new()).merged(&Value::Object(sent))?;
    let brand = panel.core.add_brand(&caller.0, &host, &settings).await?;
    let answer: BrandAnswer = found(&panel, &caller, brand.id).await?.record.into();
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `PATCH /api/v1/brands/{id}`: what is sent is merged into the settings (RFC 7396).
pub async fn patch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<Json<BrandAnswer>, Problem> {
    caller.check_answer()?;
    let id = id(&key)?;
    panel.core.edit_brand(&caller.0, id, |settings| settings.merged(&body.0)).await?;
    Ok(Json(found(&panel, &caller, id).await?.record.into()))
}

/// `DELETE /api/v1/brands/{id}`: only one without customers.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    panel.core.remove_brand(&caller.0, id(&key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(panel: &Shared, caller: &ApiCaller, id: BrandId) -> Result<ListedBrand, Problem> {
    Ok(panel.core.find_brand(&caller.0, id).await?)
}

fn id(key: &RecordKey) -> Result<BrandId, Problem> {
    key.id().ok_or_else(|| BrandError::NotFound.into())
}

impl From<BrandError> for Problem {
    fn from(error: BrandError) -> Self {
        Rejection::from(error).into()
    }
}

impl From<BrandRecord> for BrandAnswer {
    fn from(it: BrandRecord) -> Self {
        let BrandRecord { brand, is_default } = it;
        Self {
            id: brand.id.to_string(),
            is_default,
            settings: BrandSettings::of(&brand),
            hosts: brand.hosts,
            support_url: brand.support_url,
            support_email: brand.support_email,
            created_at: brand.created_at,
        }
    }
}
