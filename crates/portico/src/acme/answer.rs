//! Answers to a certificate authority that asks by HTTP (RFC 8555, 8.3).

use axum::Router;
use axum::extract::{Path, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use portico_core::Core;

const PATH: &str = "/.well-known/acme-challenge/{token}";

/// `site`, with answers before its own addresses: they are asked for on hosts of any brand.
pub fn with_answers(site: Router, core: Core) -> Router {
    Router::new().route(PATH, get(answer)).with_state(core).fallback_service(site)
}

async fn answer(
    State(core): State<Core>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    let Some(authority) = authority else { return StatusCode::BAD_REQUEST.into_response() };
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    match core.challenge_answer(&host, &token).await {
        Ok(Some(answer)) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], answer).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(failure) => {
            // Logged there; the authority asks again.
            let _reference = failure.report();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
