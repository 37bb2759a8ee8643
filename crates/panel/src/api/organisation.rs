//! The organisation, to be read.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_core::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::problem::{Problem, ProblemKind};
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
