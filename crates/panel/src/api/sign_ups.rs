//! Sign-ups that wait for the staff: `/api/v1/sign-ups`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use portico_billing::CustomerId;
use portico_billing::account::{Contact, CustomerKind};
use portico_core::WaitingSignUp;
use portico_core::records::RecordKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::ApiCaller;
use super::body::JsonBody;
use super::operators::not_found;
use super::path::Named;
use super::problem::Problem;
use super::query::Listing;
use super::records::ListAnswer;
use crate::state::Shared;

/// A customer that waits for the staff. Nobody signs in for it yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignUp)]
pub struct SignUpAnswer {
    /// The `id` of the customer.
    #[schema(example = "cus_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// The name of the customer.
    pub name: String,
    /// `customer` or `carrier`.
    #[schema(value_type = String)]
    pub kind: CustomerKind,
    /// The brand on whose portal it was.
    pub brand_id: String,
    /// The country (ISO 3166-1), where one is known.
    #[schema(example = "ES")]
    pub country: Option<String>,
    /// The currency (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: String,
    /// Who signed it up; `null` where your software made the customer.
    pub contact: Option<SignUpContactAnswer>,
    /// The network that it came from.
    #[schema(example = "192.0.2.7")]
    pub network: Option<String>,
    /// Whether it gets what the brand's template has of value. Not so where the person had it
    /// already, or where too many had it lately.
    pub with_value: bool,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Who signed a customer up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignUpContact)]
pub struct SignUpContactAnswer {
    /// The `id` of the contact.
    pub id: String,
    /// Name of the person.
    pub name: String,
    /// Its address, which it has proven.
    pub email: String,
    /// The language that it chose.
    pub language: Option<String>,
}

/// Why a sign-up is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpRefusalInput {
    /// A sentence or two that the person is mailed, at most 500 characters.
    #[schema(example = "We do not serve your country yet.")]
    pub reason: String,
}

/// The list is not narrowed by anything.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct SignUpFilter {}

/// `GET /api/v1/sign-ups`: those that wait, newest first.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, .. }: Listing<SignUpFilter>,
) -> Result<Json<ListAnswer<SignUpAnswer>>, Problem> {
    let (waiting, next) = panel.core.waiting_sign_ups(&caller.0, after, limit).await?;
    let data = waiting.into_iter().map(SignUpAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: next.map(|after| after.encode()) }))
}

/// `GET /api/v1/sign-ups/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<SignUpAnswer>, Problem> {
    Ok(Json(panel.core.waiting_sign_up(&caller.0, id(&key)?).await?.into()))
}

/// `POST /api/v1/sign-ups/{id}/approval`: yes.
pub async fn approve(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    panel.core.approve_sign_up(&caller.0, id(&key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/sign-ups/{id}/refusal`: no, and why.
pub async fn refuse(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let SignUpRefusalInput { reason } = body.parse()?;
    panel.core.refuse_sign_up(&caller.0, id(&key)?, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn id(key: &RecordKey) -> Result<CustomerId, Problem> {
    key.id().ok_or_else(not_found)
}

impl From<WaitingSignUp> for SignUpAnswer {
    fn from(it: WaitingSignUp) -> Self {
        let customer = it.customer;
        Self {
            id: customer.id.to_string(),
            name: customer.name,
            kind: customer.kind,
            brand_id: customer.brand_id.to_string(),
            country: customer.billing_address.country.as_ref().map(ToString::to_string),
            currency: customer.currency.code().to_owned(),
            contact: it.contact.map(SignUpContactAnswer::from),
            network: it.address,
            with_value: it.with_value,
            created_at: customer.created_at,
        }
    }
}

impl From<Contact> for SignUpContactAnswer {
    fn from(it: Contact) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            email: it.email.to_string(),
            language: it.language.map(|language| language.to_string()),
        }
    }
}
