//! Bodies of requests: read within a limit, as JSON by their header and by their text.

use std::error::Error as _;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use http_body_util::LengthLimitError;
use portico_core::records::{parse_json, parse_object};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::{Problem, ProblemKind};

/// Most bytes of a body.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes of a batch.
pub const BATCH_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFault {
    /// It has more bytes than are taken.
    TooLarge,
    /// It broke off, or came too slowly.
    Broken,
}

/// The whole body, where it has at most `limit` bytes.
///
/// # Errors
/// `TooLarge`, `Broken`.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, BodyFault> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|text| text.parse::<u64>().ok()).is_some_and(|bytes| bytes > limit as u64) {
        return Err(BodyFault::TooLarge);
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let too_large = error.source().is_some_and(|cause| cause.is::<LengthLimitError>());
        if too_large { BodyFault::TooLarge } else { BodyFault::Broken }
    })
}

impl From<BodyFault> for Problem {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::of_status(ProblemKind::TooLarge.status()),
            BodyFault::Broken => Self::malformed("the body broke off before its end"),
        }
    }
}

/// A body of JSON. The layer around the routes has read and bounded it.
#[derive(Debug)]
pub struct JsonBody(pub Value);

impl JsonBody {
    /// The body as a type; a fault names the field.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, Problem> {
        Ok(parse_object(self.0)?)
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        check_type(request.method(), request.headers())?;
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body, BATCH_BYTES_MAX).await?;
        parse(&bytes).map(Self)
    }
}

/// Reads JSON; the problem says where it ends to be JSON.
///
/// # Errors
/// `Malformed`.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.trim_ascii().is_empty() {
        return Err(Problem::malformed("the body is empty; JSON is expected"));
    }
    parse_json(bytes)
        .map_err(|error| Problem::malformed(format!("the body is not valid JSON: {error}")))
}

fn check_type(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    if plain && is_json(headers, method == Method::PATCH) {
        return Ok(());
    }
    let detail = "send `Content-Type: application/json`, not compressed";
    Err(Problem::new(ProblemKind::UnsupportedMediaType, detail))
}

/// Whether the header names JSON. `merge_patch`: also `application/merge-patch+json`.
#[must_use]
pub fn is_json(headers: &HeaderMap, merge_patch: bool) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = text.unwrap_or_default().split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let known = kind.eq_ignore_ascii_case("application/json")
        || (merge_patch && kind.eq_ignore_ascii_case("application/merge-patch+json"));
    let foreign = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            !value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => false,
    };
    known && !parts.any(foreign)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn json_is_known_by_its_header() {
        for (text, plain, patch) in [
            ("application/json", true, true),
            ("Application/JSON; charset=UTF-8", true, true),
            ("application/json; charset=\"utf-8\"", true, true),
            ("application/json; charset=latin1", false, false),
            ("application/merge-patch+json", false, true),
            ("application/jsonp", false, false),
            ("text/json", false, false),
            ("", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            assert_eq!(
                (is_json(&headers, false), is_json(&headers, true)),
                (plain, patch),
                "{text}"
            );
        }
        assert!(!is_json(&HeaderMap::new(), true));
    }
}
