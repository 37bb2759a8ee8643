//! Domains of brands: `/api/v1/brands/{id}/domains`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::domain::{CertificateState, DnsState, OrderFault};
use portico_core::domains::{ClaimRecord, DomainError, DomainRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::problem::{Problem, ProblemKind};
use super::records::ListAnswer;
use crate::state::Shared;

/// A name that a brand answers on, or is to answer on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Domain)]
pub struct DomainAnswer {
    /// The name.
    #[schema(example = "billing.acme.example")]
    pub host: String,
    /// Whether the brand answers on it.
    pub answers: bool,
    /// How it is proven; `null` for names that need no proof and get no certificate.
    pub claim: Option<ClaimAnswer>,
    /// How its certificate stands.
    pub certificate: CertificateAnswer,
}

/// How a name is proven.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DomainClaim)]
pub struct ClaimAnswer {
    /// What the name's CNAME record must lead to.
    #[schema(example = "3f9c0d6a1b2e4c5d6e7f.portal.example.com")]
    pub cname_target: String,
    /// What the DNS said when it was asked last: `unchecked`, `points`, `not_found`,
    /// `address_record`, `other_claim`, `points_elsewhere` or `no_answer`.
    #[schema(example = "points")]
    pub dns_state: &'static str,
    /// The address or name that was found in place of the target.
    pub found: Option<String>,
    /// When the DNS was asked last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    /// When the record was first seen to be right. The brand answers since then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub proven_at: Option<Timestamp>,
}

/// How the certificate of a name stands.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = DomainCertificate)]
pub struct CertificateAnswer {
    /// `none`, `ordering`, `valid` or `failed`.
    #[schema(example = "valid")]
    pub state: &'static str,
    /// Until when the present one is valid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// Why the last order failed: `not_pointing` or `authority`.
    pub fault: Option<&'static str>,
    /// What the certificate authority said.
    pub message: Option<String>,
    /// When the next order begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Timestamp>,
}

/// A name to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewDomain)]
#[serde(deny_unknown_fields)]
pub struct NewDomainBody {
    /// The name: without scheme, port and path.
    #[schema(example = "billing.acme.example")]
    host: String,
}

/// `GET /api/v1/brands/{id}/domains`: all of them; the first one that answers is in links.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<ListAnswer<DomainAnswer>>, Problem> {
    let found = panel.core.domains(&caller.0, brand_id(&id)?).await?;
    let data = found.into_iter().map(DomainAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `POST /api/v1/brands/{id}/domains`.
pub async fn add(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Response, Problem> {
    let (brand, body) = (brand_id(&id)?, body.parse::<NewDomainBody>()?);
    let added = panel.core.add_domain(&caller.0, brand, &body.host).await?;
    Ok((StatusCode::CREATED, Json(DomainAnswer::from(added))).into_response())
}

/// `POST /api/v1/brands/{id}/domains/{host}/check`: asks the DNS now.
pub async fn check(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, host)): Path<(String, String)>,
) -> Result<Json<DomainAnswer>, Problem> {
    let checked = panel.core.check_domain(&caller.0, brand_id(&id)?, &host).await?;
    Ok(Json(checked.into()))
}

/// `DELETE /api/v1/brands/{id}/domains/{host}`.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Path((id, host)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    panel.core.remove_domain(&caller.0, brand_id(&id)?, &host).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn brand_id(text: &str) -> Result<BrandId, Problem> {
    text.parse().map_err(|_| DomainError::NotFound.into())
}

impl From<DomainError> for Problem {
    fn from(error: DomainError) -> Self {
        let why = error.to_string();
        match error {
            DomainError::Forbidden(forbidden) => forbidden.into(),
            DomainError::NotFound => {
                Self::new(ProblemKind::NotFound, "there is no such brand or domain")
            }
            DomainError::Host | DomainError::Reserved => {
                Self::new(ProblemKind::Invalid, format!("host: {why}")).at("host", why)
            }
            DomainError::InUse => {
                Self::new(ProblemKind::Conflict, format!("host: {why}")).at("host", why)
            }
            DomainError::Failure(failure) => failure.into(),
        }
    }
}

impl From<DomainRecord> for DomainAnswer {
    fn from(domain: DomainRecord) -> Self {
        Self {
            answers: domain.answers(),
            host: domain.host,
            claim: domain.claim.map(ClaimAnswer::from),
            certificate: domain.certificate.into(),
        }
    }
}

impl From<ClaimRecord> for ClaimAnswer {
    fn from(claim: ClaimRecord) -> Self {
        let dns = claim.dns.as_ref();
        Self {
            dns_state: dns.map_or("unchecked", DnsState::word),
            found: dns.and_then(DnsState::found).map(str::to_owned),
            cname_target: claim.target,
            checked_at: claim.checked_at,
            proven_at: claim.proven_at,
        }
    }
}

impl From<CertificateState> for CertificateAnswer {
    fn from(state: CertificateState) -> Self {
        match state {
            CertificateState::None => Self { state: "none", ..Self::default() },
            CertificateState::Ordering => Self { state: "ordering", ..Self::default() },
            CertificateState::Valid { until } => {
                Self { state: "valid", valid_until: Some(until), ..Self::default() }
            }
            CertificateState::Failed { fault, next_try, until } => {
                let (fault, message) = match fault {
                    OrderFault::NotPointing => ("not_pointing", None),
                    OrderFault::Authority { message } => ("authority", Some(message)),
                };
                Self {
                    state: "failed",
                    valid_until: until,
                    fault: Some(fault),
                    message,
                    next_try_at: Some(next_try),
                }
            }
        }
    }
}
