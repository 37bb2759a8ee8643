//! Errors of the Management API: problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_core::records::{InputFault, Rejection};
use portico_core::{Failure, Forbidden};
use serde::Serialize;
use utoipa::ToSchema;

/// Content type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! kinds {
    ($(
        $(#[$doc:meta])*
        $name:ident = $status:ident, $slug:literal, $title:literal, $text:literal;
    )*) => {
        /// The types of problems. Each is described on the documentation page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemKind {$(
            $(#[$doc])*
            $name,
        )*}

        impl ProblemKind {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self {$(Self::$name => StatusCode::$status,)*}
            }

            /// The name in the anchor: `/api/docs#problem-<slug>`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self {$(Self::$name => $slug,)*}
            }

            /// A short text that is the same each time.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {$(Self::$name => $title,)*}
            }

            /// What it means and what helps, for the documentation.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {$(Self::$name => $text,)*}
            }
        }
    };
}

kinds! {
    /// Not JSON, a bad query, a bad header.
    Malformed = BAD_REQUEST, "malformed", "The request cannot be read",
        "The body is not JSON, or a query parameter or header does not have the form it must have. \
         `detail` says where; of JSON, by line and column.";
    /// No key, or not one of ours.
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "A valid API key is required",
        "Send the key in the header `X-API-KEY`, or as `Authorization: Bearer <key>`. Unknown, \
         revoked and expired keys are answered alike.";
    /// The key lacks a permission.
    Forbidden = FORBIDDEN, "forbidden", "The key may not do this",
        "The key is valid and lacks the permission that `detail` names. The staff gives keys their \
         permissions in the control panel.";
    /// Absent, or another organisation's.
    NotFound = NOT_FOUND, "not-found", "Not found",
        "There is no such record or path. What belongs to another organisation is answered as if \
         it did not exist.";
    /// The path is there, the method is not.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method-not-allowed",
        "The path does not have this method",
        "The header `Allow` names the methods of the path.";
    /// It took too long.
    Timeout = REQUEST_TIMEOUT, "timeout", "The request took too long",
        "The body did not arrive, or the work was not done, within the time that is given. \
         Nothing was changed.";
    /// It contradicts what is there.
    Conflict = CONFLICT, "conflict", "The request contradicts what is there",
        "A value that must be unique is in use, or the record's state does not allow the change. \
         `errors` names the field.";
    /// Another request with the same key is under way.
    InFlight = CONFLICT, "request-in-flight", "The same request is still being worked on",
        "Another request with the same `Idempotency-Key` has not been answered yet. Try again a \
         little later, with the same key.";
    /// The body is too large.
    TooLarge = PAYLOAD_TOO_LARGE, "too-large", "The body is too large",
        "A body may have 1 MB, a batch 32 MB and 1,000 records.";
    /// Not JSON by its header.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type",
        "The body is of a type that is not taken",
        "Send `Content-Type: application/json` (of a PATCH also `application/merge-patch+json`), \
         not compressed.";
    /// The input has faults.
    Invalid = UNPROCESSABLE_ENTITY, "invalid", "The input needs correction",
        "`errors` names each field that is at fault and says why. Nothing was changed.";
    /// The key was used for something else.
    KeyReused = UNPROCESSABLE_ENTITY, "idempotency-key-reused",
        "The Idempotency-Key was used for another request",
        "The same `Idempotency-Key` came with another method, path or body before. Take a new key \
         for a new request.";
    /// Too many requests.
    TooMany = TOO_MANY_REQUESTS, "too-many-requests", "Too many requests",
        "The header `Retry-After` says how many seconds to wait.";
    /// No room for a large body.
    Busy = SERVICE_UNAVAILABLE, "busy", "Other large requests are being worked on",
        "So many large batches are under way that there is no room for this one. Nothing was \
         changed; the header `Retry-After` says how many seconds to wait. Batches of 1 MB nearly \
         always find room.";
    /// A fault of ours.
    Internal = INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side",
        "The cause is in the log under `reference`. Unless the request had an `Idempotency-Key`, \
         read the record before you send it again.";
}

/// An error as it is answered.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Vec<InputFault>,
    reference: Option<String>,
    retry_after_s: Option<u64>,
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// What kind of problem it is: an address of the documentation, relative to this site.
    #[schema(example = "/api/docs#problem-invalid")]
    pub r#type: String,
    /// A short text that is the same for each problem of the type.
    #[schema(example = "The input needs correction")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What went wrong this time.
    #[schema(example = "name: must not be empty")]
    pub detail: String,
    /// The fields that are at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<InputFault>,
    /// What to quote when asking the operator of this site.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1f3a9c04")]
    pub reference: Option<String>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            reference: None,
            retry_after_s: None,
        }
    }

    /// The same problem, at one field.
    #[must_use]
    pub fn at(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.push(InputFault { field: field.to_owned(), message: message.into() });
        self
    }

    /// The same problem, with other names of its fields.
    #[must_use]
    pub fn with_fields(mut self, name: impl Fn(&str) -> String) -> Self {
        for fault in &mut self.errors {
            fault.field = name(&fault.field);
        }
        self
    }

    /// A request that cannot be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Malformed, detail)
    }

    /// A query parameter or header that does not have the form it must have.
    #[must_use]
    pub fn bad_parameter(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::malformed(format!("{field}: {message}")).at(field, message)
    }

    /// Too many requests; `wait_s` seconds are to pass.
    #[must_use]
    pub fn too_many(wait_s: u64) -> Self {
        let mut problem = Self::new(
            ProblemKind::TooMany,
            format!("more requests came than are taken; wait {wait_s} s"),
        );
        problem.retry_after_s = Some(wait_s);
        problem
    }

    /// No room for a large body now; there may be in `wait_s` seconds.
    #[must_use]
    pub fn busy(wait_s: u64) -> Self {
        let detail = format!("other large requests are being worked on; wait {wait_s} s");
        let mut problem = Self::new(ProblemKind::Busy, detail);
        problem.retry_after_s = Some(wait_s);
        problem
    }

    /// A fault of ours whose cause is in the log under `reference`.
    #[must_use]
    pub fn internal(reference: String) -> Self {
        let mut problem = Self::new(
            ProblemKind::Internal,
            format!("quote the reference {reference} to ask about it"),
        );
        problem.reference = Some(reference);
        problem
    }

    /// The kind of an error status that a library answered with.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let kind = ProblemKind::ALL.iter().find(|kind| kind.status() == status);
        let kind = kind.copied().unwrap_or(ProblemKind::Malformed);
        Self::new(kind, kind.title())
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What went wrong this time.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The fields that are at fault.
    #[cfg(test)]
    pub fn errors(&self) -> &[InputFault] {
        &self.errors
    }

    /// The body.
    #[must_use]
    pub fn body(self) -> ProblemBody {
        ProblemBody {
            r#type: format!("/api/docs#problem-{}", self.kind.slug()),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail,
            errors: self.errors,
            reference: self.reference,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::internal(failure.report())
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let detail = rejection.to_string();
        match rejection {
            Rejection::Invalid(errors) => {
                Self { errors, ..Self::new(ProblemKind::Invalid, detail) }
            }
            Rejection::NotFound(_) => Self::new(ProblemKind::NotFound, detail),
            Rejection::Forbidden(_) => Self::new(ProblemKind::Forbidden, detail),
            Rejection::Conflict { field, message } => {
                let detail = if field.is_empty() { message.clone() } else { detail };
                Self::new(ProblemKind::Conflict, detail).at(&field, message)
            }
            Rejection::Failure(failure) => failure.into(),
        }
    }
}

impl From<Forbidden> for Problem {
    fn from(forbidden: Forbidden) -> Self {
        Self::new(ProblemKind::Forbidden, forbidden.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry_after_s = self.retry_after_s;
        let kind = self.kind;
        let mut response = (kind.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if kind == ProblemKind::Unauthenticated {
            let challenge = HeaderValue::from_static("Bearer realm=\"Portico\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
