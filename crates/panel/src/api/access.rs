//! Who calls the Management API.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_billing::permission::Permission;
use portico_core::Caller;

use super::problem::{Problem, ProblemKind};
use crate::state::{Denied, Shared};

/// The organisation's software, proven by its key. Handlers get at data through it alone.
#[derive(Debug, Clone, Copy)]
pub struct ApiCaller(pub Caller);

impl ApiCaller {
    /// Refuses what could be done and not be answered: the record as it is then is read.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn check_answer(&self) -> Result<(), Problem> {
        Ok(self.0.require(Permission::Read)?)
    }
}

/// The layer around all routes that need a key.
pub async fn require_key(
    State(panel): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    match panel.admit(request.extensions(), request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(denied) => Problem::from(denied).into_response(),
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::BadKey => unauthenticated(),
            Denied::TooMany { wait_s } => Self::too_many(wait_s),
            Denied::Failure(failure) => failure.into(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ApiCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().copied().map(Self).ok_or_else(unauthenticated)
    }
}

fn unauthenticated() -> Problem {
    Problem::new(
        ProblemKind::Unauthenticated,
        "send a valid key in the header `X-API-KEY`, or as `Authorization: Bearer <key>`",
    )
}
