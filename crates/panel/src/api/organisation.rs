//! The organisation about itself: `/api/v1/organisation`.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_billing::settings::OrganisationSettings;
use portico_core::records::address::{AddressInput, TaxIdInput};
use portico_core::records::{Rejection, parse_object};
use portico_core::{Failure, OrganisationChange, TAX_IDS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::problem::Problem;
use crate::state::Shared;

/// The organisation that the key belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationAnswer {
    /// Identifier.
    #[schema(example = "org_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What can be changed.
    #[serde(flatten)]
    pub settings: OrganisationInput,
    /// The number of the next invoice, as it will be written.
    #[schema(example = "INV-0001")]
    pub next_invoice_number: String,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What an organisation says and decides of itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OrganisationInput {
    /// Name in use.
    #[schema(example = "Acme")]
    pub name: String,
    /// Registered name.
    #[schema(example = "Acme Telecomunicaciones, S.L.")]
    pub legal_name: Option<String>,
    /// Where customers can write to.
    #[schema(example = "billing@acme.example")]
    pub email: Option<String>,
    /// Where customers can call.
    pub phone: Option<String>,
    /// The seller's address on documents.
    #[schema(value_type = AddressInput)]
    pub address: Address,
    /// The seller's tax identifiers on documents: `kind` (`eu_vat`, `es_cif` …) and `value`.
    #[schema(
        value_type = Vec<TaxIdInput>,
        example = json!([{"kind": "eu_vat", "value": "ESB58378431"}])
    )]
    pub tax_ids: Vec<TaxId>,
    /// IANA name of the zone in which the organisation's days begin.
    #[schema(example = "Europe/Madrid")]
    pub time_zone: String,
    /// Currency (ISO 4217) of new customers that name none.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What the numbers of invoices begin with.
    #[schema(example = "INV-")]
    pub invoice_prefix: String,
    /// The number of the next invoice.
    #[schema(minimum = 1, example = 1)]
    pub invoice_next: u64,
    /// Whether every operator must have a second factor.
    pub require_second_factor: bool,
}

/// `GET /api/v1/organisation`.
pub async fn show(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<OrganisationAnswer>, Problem> {
    let (organisation, settings) = panel.core.organisation(&caller.0).await?;
    Ok(Json(OrganisationAnswer::new(organisation, settings)))
}

/// `PATCH /api/v1/organisation`: what is sent is merged into it (RFC 7396).
pub async fn patch(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<Json<OrganisationAnswer>, Problem> {
    let edit = |it: OrganisationChange| merged(it, &body.0);
    let edited = panel.core.edit_organisation(&caller.0, edit).await;
    let (organisation, settings) = edited.map_err(|it: Problem| it.with_fields(field_here))?;
    Ok(Json(OrganisationAnswer::new(organisation, settings)))
}

impl OrganisationAnswer {
    fn new(it: Organisation, settings: OrganisationSettings) -> Self {
        Self {
            id: it.id.to_string(),
            next_invoice_number: settings.invoice_number(),
            created_at: it.created_at,
            settings: OrganisationInput {
                name: it.name,
                legal_name: it.legal_name,
                email: it.email.map(|email| email.to_string()),
                phone: it.phone,
                address: it.address,
                tax_ids: it.tax_ids,
                time_zone: it.time_zone,
                currency: it.currency.code().to_owned(),
                invoice_prefix: settings.invoice_prefix,
                invoice_next: settings.invoice_next,
                require_second_factor: settings.require_second_factor,
            },
        }
    }
}

/// The organisation with what is sent merged into it.
fn merged(it: OrganisationChange, patch: &Value) -> Result<OrganisationChange, Problem> {
    if !patch.is_object() {
        return Err(Rejection::field("", "must be a JSON object").into());
    }
    let mut value = serde_json::to_value(OrganisationInput::from(it)).map_err(Failure::from)?;
    json_patch::merge(&mut value, patch);
    let input: OrganisationInput = parse_object(value)?;
    if input.tax_ids.len() > TAX_IDS_MAX {
        let message = format!("must not have more than {TAX_IDS_MAX} values");
        return Err(Rejection::field("tax_ids", message).into());
    }
    if let Some(empty) = input.tax_ids.iter().position(|it| it.value.trim().is_empty()) {
        return Err(Rejection::field(format!("tax_ids.{empty}.value"), "must not be empty").into());
    }
    Ok(input.into())
}

/// The name that a field of the form has here.
fn field_here(form: &str) -> String {
    if matches!(form, "line1" | "line2" | "city" | "region" | "postal_code" | "country") {
        return format!("address.{form}");
    }
    match form.strip_prefix("tax_").and_then(|rest| rest.split_once('_')) {
        Some((index, part)) if index.parse::<usize>().is_ok() => format!("tax_ids.{index}.{part}"),
        _ => form.to_owned(),
    }
}

impl From<OrganisationInput> for OrganisationChange {
    fn from(it: OrganisationInput) -> Self {
        let text = Option::unwrap_or_default;
        let Address { line1, line2, city, region, postal_code, country } = it.address;
        let country = country.map(|it| it.to_string());
        Self {
            name: it.name,
            legal_name: text(it.legal_name),
            email: text(it.email),
            phone: text(it.phone),
            address: [line1, line2, city, region, postal_code, country].map(text),
            tax_ids: it.tax_ids.into_iter().map(|it| (it.kind, it.value)).collect(),
            time_zone: it.time_zone,
            currency: it.currency,
            invoice_prefix: it.invoice_prefix,
            invoice_next: it.invoice_next.to_string(),
            require_second_factor: it.require_second_factor,
        }
    }
}

impl From<OrganisationChange> for OrganisationInput {
    fn from(it: OrganisationChange) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let [line1, line2, city, region, postal_code, country] = it.address.map(some);
        let country = country.and_then(|code| code.parse().ok());
        Self {
            name: it.name,
            legal_name: some(it.legal_name),
            email: some(it.email),
            phone: some(it.phone),
            address: Address { line1, line2, city, region, postal_code, country },
            tax_ids: it.tax_ids.into_iter().map(|(kind, value)| TaxId { kind, value }).collect(),
            time_zone: it.time_zone,
            currency: it.currency,
            invoice_prefix: it.invoice_prefix,
            invoice_next: it.invoice_next.parse().unwrap_or_default(),
            require_second_factor: it.require_second_factor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_names_that_were_sent() {
        for (form, here) in [
            ("name", "name"),
            ("postal_code", "address.postal_code"),
            ("tax_0_kind", "tax_ids.0.kind"),
            ("tax_12_value", "tax_ids.12.value"),
            ("tax_x_value", "tax_x_value"),
            ("invoice_next", "invoice_next"),
        ] {
            assert_eq!(field_here(form), here);
        }
    }
}
