//! Where payment providers tell what happened. The address names the gateway; nothing that is sent
//! does.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use portico_core::{NoticeAnswer, NoticeMessage};

use crate::state::Shared;

/// `POST /gateways/{key}`: keeps the message and answers; what it is about is looked up afterwards.
pub async fn take(
    State(panel): State<Shared>,
    Path(key): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = panel.address(&extensions, &headers);
    let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect();
    let message = NoticeMessage { headers: &headers, body: &body, address };
    let status = match panel.core.take_notice(&key, message).await {
        Ok(NoticeAnswer::Kept) => StatusCode::OK,
        Ok(NoticeAnswer::Nowhere) => StatusCode::NOT_FOUND,
        Ok(NoticeAnswer::Refused) => StatusCode::BAD_REQUEST,
        Ok(NoticeAnswer::Later) => StatusCode::SERVICE_UNAVAILABLE,
        Ok(NoticeAnswer::TooMany { retry_after }) => {
            let wait = [(header::RETRY_AFTER, retry_after.as_secs().to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, wait).into_response();
        }
        Err(failure) => {
            // Logged there; the provider sends it again.
            let _reference = failure.report();
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    status.into_response()
}
