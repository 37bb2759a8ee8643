//! The organisation and its brands, to be read.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_billing::brand::{Brand, ProfileField};
use portico_core::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::Shared;

/// The organisation that the key belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationAnswer {
    /// Identifier.
    #[schema(example = "org_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// Name in use.
    pub name: String,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Where customers can write to.
    pub email: Option<String>,
    /// Where customers can call.
    pub phone: Option<String>,
    /// The seller's address on documents.
    #[schema(value_type = Object)]
    pub address: Address,
    /// The seller's tax identifiers on documents.
    #[schema(value_type = Vec<Object>)]
    pub tax_ids: Vec<TaxId>,
    /// IANA name of the zone in which the organisation's days begin.
    #[schema(example = "Europe/Madrid")]
    pub time_zone: String,
    /// Currency (ISO 4217) of new customers that name none.
    #[schema(example = "EUR")]
    pub currency: String,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// One portal of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Brand)]
pub struct BrandAnswer {
    /// Identifier.
    #[schema(example = "brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// Name that customers read.
    pub name: String,
    /// Host names it answers on; the first one is in links.
    pub hosts: Vec<String>,
    /// Language (BCP 47) where nothing else says one.
    pub default_language: String,
    /// Origins that `return_url` may have.
    #[schema(example = json!(["https://acme.example"]))]
    pub return_origins: Vec<String>,
    /// Where the logo leads for those who signed in without a session link.
    pub home_url: Option<String>,
    /// Which profile fields customers may change.
    #[schema(value_type = Vec<String>)]
    pub editable_fields: Vec<ProfileField>,
    /// Address of the help page.
    pub support_url: Option<String>,
    /// Address to write to for help.
    pub support_email: Option<String>,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// `GET /api/v1/organisation`.
pub async fn show(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<OrganisationAnswer>, Problem> {
    let store = panel.core.store();
    let found = async { store.read(caller.organisation()).await?.organisation().await };
    let found = found.await.map_err(Failure::from)?;
    found
        .map(|it| Json(it.into()))
        .ok_or_else(|| Problem::of_status(ProblemKind::NotFound.status()))
}

/// `GET /api/v1/brands`: all of them, the one of customers that name none first.
pub async fn brands(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<BrandAnswer>>, Problem> {
    let found = panel.core.brands(caller.organisation()).await?;
    let data = found.into_iter().map(BrandAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

impl From<Organisation> for OrganisationAnswer {
    fn from(it: Organisation) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            legal_name: it.legal_name,
            email: it.email.map(|email| email.to_string()),
            phone: it.phone,
            address: it.address,
            tax_ids: it.tax_ids,
            time_zone: it.time_zone,
            currency: it.currency.code().to_owned(),
            created_at: it.created_at,
        }
    }
}

impl From<Brand> for BrandAnswer {
    fn from(it: Brand) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            hosts: it.hosts,
            default_language: it.default_language.to_string(),
            return_origins: it.return_origins.into_iter().map(String::from).collect(),
            home_url: it.home_url,
            editable_fields: it.editable_fields,
            support_url: it.support_url,
            support_email: it.support_email,
            created_at: it.created_at,
        }
    }
}
