//! What paths name.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use portico_core::records::RecordKey;

use super::problem::Problem;

/// `{id}` of a path: an identifier in either form, or the organisation's own.
#[derive(Debug)]
pub struct Named(pub RecordKey);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found: Result<Path<String>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        let Path(text) = found.map_err(|_| Problem::malformed("the path is not UTF-8"))?;
        Ok(Self(RecordKey::new(text)))
    }
}
