//! Portal sessions: visits that the organisation's software opens for its customers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use portico_billing::{CustomerId, LanguageTag, SessionId};
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{InputFault, Record, RecordKey, Rejection, parse_object, parse_value};
use portico_core::{
    CreatedPortalSession, CustomerRef, NewForward, NewPortalSession, PortalSessionError,
    PortalSessionRecord, PortalSessionState,
};
use portico_core_api::Forward;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::{Problem, ProblemKind};
use super::query::Listing;
use super::records::ListAnswer;
use crate::state::Shared;

/// A session to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalSessionInput {
    /// The customer: our `id` in either form, or your `external_id`. Either this or `contact_id`.
    #[schema(example = "customer-4711")]
    pub customer_id: Option<String>,
    /// The contact, where one person is meant: our `id`, or your `external_id`.
    pub contact_id: Option<String>,
    /// Where the logo and signing out lead; its origin must be among the brand's
    /// `return_origins`. Else the brand's `home_url`.
    #[schema(example = "https://acme.example/account")]
    pub return_url: Option<String>,
    /// Seconds without activity after which the visit ends, 60 to 86400; 1800 where nothing is
    /// said. After 12 hours it ends in any case.
    #[schema(minimum = 60, maximum = 86_400, example = 3600)]
    pub idle_timeout: Option<u64>,
    /// The page to open: `"overview"`, `"invoices"`, `"billing_information"`, or
    /// `{"page": "subscription_payment_method", "subscription_id": "…"}`.
    #[schema(value_type = Option<ForwardInput>)]
    pub forward: Option<Value>,
    /// The language of the visit (BCP 47).
    #[schema(value_type = Option<String>, example = "es")]
    pub locale: Option<LanguageTag>,
}

/// The page to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `forward` can be; it is read part by part")]
pub enum ForwardInput {
    /// A page by name.
    Name(ForwardName),
    /// A page of one record.
    Page(ForwardPage),
}

/// A page that needs nothing else.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForwardName {
    /// The first page.
    Overview,
    /// The list of invoices.
    Invoices,
    /// Billing information, at the addresses.
    BillingInformation,
}

/// A page, with the record that it is of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "page", rename_all = "snake_case", deny_unknown_fields)]
pub enum ForwardPage {
    /// The first page.
    Overview {},
    /// The list of invoices.
    Invoices {},
    /// Billing information, at the addresses.
    BillingInformation {},
    /// The payment method of one subscription.
    SubscriptionPaymentMethod {
        /// The subscription: our `id`, or your `external_id`.
        subscription_id: String,
    },
}

/// What has become of a session.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Its link waits to be followed.
    Waiting,
    /// Somebody is there.
    Active,
    /// Its link, or the visit, ran out.
    Expired,
    /// It was signed out of, or revoked.
    Ended,
}

/// A session as it is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSession)]
pub struct PortalSessionAnswer {
    /// Identifier.
    #[schema(example = "ses_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What has become of it.
    pub state: SessionState,
    /// The customer.
    pub customer_id: String,
    /// The contact, where one person is meant.
    pub contact_id: Option<String>,
    /// The brand on whose portal it is.
    pub brand_id: String,
    /// Where the logo and signing out lead.
    pub return_url: Option<String>,
    /// The page that it opens.
    #[schema(value_type = ForwardPage)]
    pub forward: Forward,
    /// The language that was asked for.
    pub locale: Option<String>,
    /// Seconds without activity after which the visit ends.
    pub idle_timeout: u64,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the link expires, unless it is followed before.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub link_expires_at: Option<Timestamp>,
    /// When the link was followed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When the visitor was last there, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Timestamp>,
    /// When the visit ends at the latest.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When the visitor signed out, or the session was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// A session that was opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedPortalSession)]
pub struct CreatedPortalSessionAnswer {
    /// Where to send the customer's browser. Works once, and is told here alone.
    #[schema(
        example = "https://billing.acme.example/session/xW7oVSJj3tIkmHX5XjSybRsxTvOqoHWNhR0Cf-Pe0aI"
    )]
    pub url: String,
    /// The session.
    #[serde(flatten)]
    pub session: PortalSessionAnswer,
}

/// What the list of sessions can be narrowed by.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct PortalSessionFilter {
    /// The customer: our `id`, or your `external_id`.
    pub customer_id: Option<String>,
}

/// `POST /api/v1/portal-sessions`.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    body: JsonBody,
) -> Result<Response, Problem> {
    let wanted = wanted(body.parse()?)?;
    let by_contact = matches!(wanted.customer, CustomerRef::Contact(_));
    let created = panel.core.create_portal_session(&caller.0, wanted).await;
    let created = created.map_err(|error| refusal(error, by_contact))?;
    let answer = CreatedPortalSessionAnswer { url: created.url.clone(), session: created.into() };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `GET /api/v1/portal-sessions`.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Listing { limit, after, filter }: Listing<PortalSessionFilter>,
) -> Result<Json<ListAnswer<PortalSessionAnswer>>, Problem> {
    let customer = match filter.customer_id {
        None => None,
        Some(text) => {
            let key = RecordKey::new(text);
            match panel.core.find_record::<CustomerRecord>(&caller.0, &key).await {
                Ok(found) => Some(CustomerId::from(CustomerRecord::position(&found).1)),
                Err(Rejection::NotFound(_)) => return Ok(Json(ListAnswer::empty())),
                Err(rejection) => return Err(rejection.into()),
            }
        }
    };
    let found = panel.core.portal_sessions(&caller.0, customer, after, limit).await?;
    let data = found.0.into_iter().map(PortalSessionAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: found.1.map(|after| after.encode()) }))
}

/// `GET /api/v1/portal-sessions/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<PortalSessionAnswer>, Problem> {
    let id = key.id::<SessionId>().ok_or_else(|| not_found(&key))?;
    let found = panel.core.portal_session(&caller.0, id).await?;
    found.map(|session| Json(session.into())).ok_or_else(|| not_found(&key))
}

/// `DELETE /api/v1/portal-sessions/{id}`: link and visit end.
pub async fn revoke(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<PortalSessionAnswer>, Problem> {
    let id = key.id::<SessionId>().ok_or_else(|| not_found(&key))?;
    let found = panel.core.revoke_portal_session(&caller.0, id).await?;
    found.map(|session| Json(session.into())).ok_or_else(|| not_found(&key))
}

fn not_found(key: &RecordKey) -> Problem {
    let detail = format!("portal session `{}` was not found", key.as_str());
    Problem::new(ProblemKind::NotFound, detail)
}

fn wanted(input: PortalSessionInput) -> Result<NewPortalSession, Problem> {
    let customer = match (input.customer_id, input.contact_id) {
        (Some(customer), None) => CustomerRef::Customer(RecordKey::new(customer)),
        (None, Some(contact)) => CustomerRef::Contact(RecordKey::new(contact)),
        (None, None) => {
            return Err(Rejection::field("customer_id", "give this, or `contact_id`").into());
        }
        (Some(_), Some(_)) => {
            let message = "give this, or `customer_id`, not both";
            return Err(Rejection::field("contact_id", message).into());
        }
    };
    Ok(NewPortalSession {
        return_url: input.return_url,
        idle_timeout: input.idle_timeout,
        forward: input.forward.map_or(Ok(NewForward::Overview), forward)?,
        locale: input.locale,
        ..NewPortalSession::of(customer)
    })
}

/// The page that `forward` names, alone or with what it is of.
fn forward(value: Value) -> Result<NewForward, Problem> {
    let page = match value {
        Value::String(_) => parse_value::<ForwardName>(value).map(NewForward::from),
        _ => parse_object::<ForwardPage>(value).map(NewForward::from),
    };
    page.map_err(|rejection| match rejection {
        Rejection::Invalid(faults) => {
            let within = |fault: InputFault| {
                let field = format!("forward.{}", fault.field);
                InputFault { field: field.trim_end_matches('.').to_owned(), ..fault }
            };
            Rejection::Invalid(faults.into_iter().map(within).collect()).into()
        }
        other => other.into(),
    })
}

/// What is in the way, by the field that is at fault.
fn refusal(error: PortalSessionError, by_contact: bool) -> Problem {
    let who = if by_contact { "contact_id" } else { "customer_id" };
    let message = error.to_string();
    let field = match error {
        PortalSessionError::UnknownCustomer | PortalSessionError::UnknownContact => {
            return Problem::new(ProblemKind::NotFound, format!("{who}: {message}"))
                .at(who, message);
        }
        PortalSessionError::CustomerInactive
        | PortalSessionError::ContactDisabled
        | PortalSessionError::AmbiguousEmail => {
            return Rejection::conflict(who, message).into();
        }
        PortalSessionError::ReturnUrl(error) => {
            return Rejection::field("return_url", error.to_string()).into();
        }
        PortalSessionError::IdleTimeout { .. } => "idle_timeout",
        PortalSessionError::SubscriptionMissing | PortalSessionError::UnknownSubscription => {
            "forward.subscription_id"
        }
        PortalSessionError::Forbidden(forbidden) => return forbidden.into(),
        PortalSessionError::Failure(failure) => return failure.into(),
    };
    Rejection::field(field, message).into()
}

impl From<ForwardName> for NewForward {
    fn from(name: ForwardName) -> Self {
        match name {
            ForwardName::Overview => Self::Overview,
            ForwardName::Invoices => Self::Invoices,
            ForwardName::BillingInformation => Self::BillingInformation,
        }
    }
}

impl From<ForwardPage> for NewForward {
    fn from(page: ForwardPage) -> Self {
        match page {
            ForwardPage::Overview {} => Self::Overview,
            ForwardPage::Invoices {} => Self::Invoices,
            ForwardPage::BillingInformation {} => Self::BillingInformation,
            ForwardPage::SubscriptionPaymentMethod { subscription_id } => {
                Self::SubscriptionPaymentMethod(Some(RecordKey::new(subscription_id)))
            }
        }
    }
}

impl From<PortalSessionState> for SessionState {
    fn from(state: PortalSessionState) -> Self {
        match state {
            PortalSessionState::Waiting => Self::Waiting,
            PortalSessionState::Active => Self::Active,
            PortalSessionState::Expired => Self::Expired,
            PortalSessionState::Ended => Self::Ended,
        }
    }
}

impl From<PortalSessionRecord> for PortalSessionAnswer {
    fn from(PortalSessionRecord { record: it, forward, state }: PortalSessionRecord) -> Self {
        Self {
            id: it.id.to_string(),
            state: state.into(),
            customer_id: it.customer_id.to_string(),
            contact_id: it.contact_id.map(|id| id.to_string()),
            brand_id: it.brand_id.to_string(),
            return_url: it.return_url,
            forward,
            locale: it.language.map(|language| language.to_string()),
            idle_timeout: it.idle.as_secs(),
            created_at: it.created_at,
            link_expires_at: it.link_expires_at,
            started_at: it.started_at,
            last_seen_at: it.last_seen_at,
            expires_at: it.expires_at,
            ended_at: it.ended_at,
        }
    }
}

impl From<CreatedPortalSession> for PortalSessionAnswer {
    fn from(it: CreatedPortalSession) -> Self {
        Self {
            id: it.id.to_string(),
            state: SessionState::Waiting,
            customer_id: it.customer.id.to_string(),
            contact_id: it.contact_id.map(|id| id.to_string()),
            brand_id: it.brand.id.to_string(),
            return_url: it.return_url,
            forward: it.forward,
            locale: it.locale.map(|language| language.to_string()),
            idle_timeout: it.idle_timeout.as_secs(),
            created_at: it.created_at,
            link_expires_at: Some(it.link_expires_at),
            started_at: None,
            last_seen_at: None,
            expires_at: None,
            ended_at: None,
        }
    }
}
