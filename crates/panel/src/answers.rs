//! Answers that no handler gives: unknown paths, wrong methods, time-outs, panics. Each part of
//! the site has them in its own form.

use std::any::Any;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_ui::errors;
use serde_json::json;

use crate::api::{Problem, ProblemKind};
use crate::dialects::{treli, zenskar};
use crate::pages;
use crate::state::Shared;

/// The form of errors that callers of a path expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Problem details.
    Api,
    /// `{"detail": …}`.
    Zenskar,
    /// `{"code": …, "message": …, "data": {"status": …}}`.
    Treli,
    /// A line of text.
    Plain,
}

impl Form {
    fn of(path: &str) -> Self {
        if path == "/api" || path.starts_with("/api/") {
            Self::Api
        } else if zenskar::PATHS.contains(&path) {
            Self::Zenskar
        } else if path.starts_with("/wp-json/") {
            Self::Treli
        } else {
            Self::Plain
        }
    }

    fn answer(self, problem: Problem) -> Response {
        let status = problem.kind().status();
        match self {
            Self::Api => problem.into_response(),
            Self::Zenskar => (status, Json(json!({ "detail": problem.detail() }))).into_response(),
            Self::Treli => treli::error(status, treli::code(status), problem.detail()),
            Self::Plain => (status, problem.kind().title()).into_response(),
        }
    }
}

/// No such path.
pub async fn not_found(State(panel): State<Shared>, request: Request) -> Response {
    let detail = format!("there is nothing at {}", request.uri().path());
    let problem = Problem::new(ProblemKind::NotFound, detail);
    refuse(&panel, request, &errors::Problem::NotFound, problem)
}

/// The path does not have the method; the router adds `Allow`.
pub async fn method_not_allowed(State(panel): State<Shared>, request: Request) -> Response {
    let detail = format!("{} does not have the method {}", request.uri().path(), request.method());
    let problem = Problem::new(ProblemKind::MethodNotAllowed, detail);
    refuse(&panel, request, &errors::Problem::MethodNotAllowed, problem)
}

/// People get a page, software what its part of the site has for errors.
fn refuse(panel: &Shared, request: Request, page: &errors::Problem, problem: Problem) -> Response {
    let (parts, _) = request.into_parts();
    let form = Form::of(parts.uri.path());
    if form == Form::Plain && takes_pages(&parts.headers) {
        return errors::page(&panel.ui, &pages::frame_of(panel, &parts), page);
    }
    form.answer(problem)
}

fn takes_pages(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::ACCEPT).iter().filter_map(|kinds| kinds.to_str().ok());
    kinds.any(|kinds| kinds.contains("text/html"))
}

/// The layer that gives bare errors of the layers inside it (time-outs, panics) their form.
pub async fn dress(request: Request, next: Next) -> Response {
    let form = Form::of(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    if let Some(Broken { reference }) = response.extensions_mut().remove() {
        return form.answer(Problem::internal(reference));
    }
    if status == StatusCode::REQUEST_TIMEOUT {
        return form.answer(Problem::of_status(status));
    }
    if form == Form::Api {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    response
}

/// Marks the answer to a request whose handler panicked.
#[derive(Clone)]
struct Broken {
    reference: String,
}

/// What is left of a panic: a line in the log and a reference to it.
pub fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let reference = new_reference();
    tracing::error!(%reference, panic = text, "a handler panicked");
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Broken { reference });
    response
}

/// Eight hex digits to find a line in the log by. Not a secret, so the standard library's
/// per-instance hash keys are random enough.
pub fn new_reference() -> String {
    use std::hash::{BuildHasher, RandomState};
    let number = RandomState::new().hash_one("reference") & u64::from(u32::MAX);
    format!("{number:08x}")
}
