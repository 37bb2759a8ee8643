//! What handlers of the control panel answer with.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::Cookie;
use portico_core::records::Rejection;
use portico_core::{Failure, Forbidden};
use portico_core_api::{Document, Export};
use portico_ui::errors::Problem;

/// A response, or the page that says why there is none.
pub type Answer = Result<Response, Stop>;

/// Why a handler stops without a page of its own.
#[derive(Debug)]
pub enum Stop {
    /// A page of the rendering kit.
    Problem(Problem),
    /// A response that is ready.
    Response(Box<Response>),
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Response(response) => *response,
        }
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Problem(Problem::Unavailable { reference: failure.report() })
    }
}

impl From<Forbidden> for Stop {
    fn from(_: Forbidden) -> Self {
        Self::Problem(Problem::Forbidden)
    }
}

/// Where no form is shown that could say more.
impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound(_) => Self::Problem(Problem::NotFound),
            Rejection::Forbidden(_) => Self::Problem(Problem::Forbidden),
            Rejection::Invalid(_) | Rejection::Conflict { .. } => {
                Self::Problem(Problem::BadRequest)
            }
            Rejection::Failure(failure) => failure.into(),
        }
    }
}

/// To another page, which is fetched with GET (RFC 9110, 303).
pub fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => Problem::BadRequest.into_response(),
    }
}

/// The response with one cookie more.
pub fn with_cookie(mut response: Response, cookie: Option<Cookie<'static>>) -> Response {
    let value = cookie.and_then(|cookie| HeaderValue::from_str(&cookie.encoded().to_string()).ok());
    if let Some(value) = value {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A file to save; its name was made by the core, of plain characters.
pub fn download(document: Document) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", document.file_name);
    let value =
        |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, value(&document.content_type)),
        (header::CONTENT_DISPOSITION, value(&disposition)),
    ];
    (headers, document.bytes).into_response()
}

/// A table to save. Software can tell from a header that rows are missing.
pub fn export(export: Export) -> Response {
    let mut response = download(export.document);
    if export.truncated {
        let name = HeaderName::from_static("x-portico-truncated");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}
