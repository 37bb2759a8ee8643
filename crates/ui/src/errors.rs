//! Error pages: a sentence in the visitor's language and a reference, never a cause.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use crate::{Frame, Page, Sample, Ui, UiError};

/// What went wrong, as far as the visitor needs to know. As a response it has the status and no
/// text; [`show`] gives it a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The request makes no sense.
    BadRequest,
    /// The form is not from our page, or not from this visitor.
    Forged,
    /// Not allowed for this role or brand.
    Forbidden,
    /// Nothing here, or somebody else's.
    NotFound,
    /// The page does not do that.
    MethodNotAllowed,
    /// The request took too long to arrive.
    TooSlow,
    /// The request is larger than what is taken.
    TooLarge,
    /// The body is of a type that is not taken.
    UnsupportedType,
    /// No brand answers on this host.
    UnknownHost,
    /// Too many requests.
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A fault of ours; the cause is in the log under the reference.
    Broken {
        /// What to quote to the staff.
        reference: String,
    },
    /// Something that we need does not answer; trying again helps.
    Unavailable {
        /// What to quote to the staff; empty where nothing was logged.
        reference: String,
    },
}

impl Problem {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forged | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name of its texts: `error-<name>-title` and `error-<name>-text`.
    const fn name(&self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::Forged => "forged",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooSlow => "too-slow",
            Self::TooLarge => "too-large",
            Self::UnsupportedType => "unsupported-type",
            Self::UnknownHost => "unknown-host",
            Self::TooMany { .. } => "too-many",
            Self::Broken { .. } => "broken",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    fn reference(&self) -> Option<&str> {
        match self {
            Self::Broken { reference } | Self::Unavailable { reference } => {
                Some(reference.as_str()).filter(|reference| !reference.is_empty())
            }
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            // Rounded up: an answer at the stated second must not be refused again.
            Self::TooMany { retry_after } => {
                Some(retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0))
            }
            Self::Unavailable { .. } => Some(5),
            _ => None,
        }
    }

    /// The problem behind a bare error status of a library (routing, limits, timeouts).
    fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(Self::BadRequest),
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::REQUEST_TIMEOUT => Some(Self::TooSlow),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::UnsupportedType),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Unavailable { reference: String::new() }),
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A page that shows a [`Problem`].
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    status: u16,
    title_key: String,
    text_key: String,
    minutes: Option<u64>,
    reference: Option<String>,
    retry: bool,
}

impl ErrorPage {
    /// `repeatable`: whether the address of the request can simply be opened again.
    fn new(problem: &Problem, repeatable: bool) -> Self {
        let name = problem.name();
        Self {
            status: problem.status().as_u16(),
            title_key: format!("error-{name}-title"),
            text_key: format!("error-{name}-text"),
            minutes: problem.retry_after_s().map(|seconds| seconds.div_ceil(60)),
            reference: problem.reference().map(str::to_owned),
            retry: repeatable && matches!(problem, Problem::Unavailable { .. }),
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "portal/error/error.html";

    fn samples() -> Vec<Sample<Self>> {
        let reference = || "01JD3Q8Z6K".to_owned();
        let all = [
            Problem::BadRequest,
            Problem::Forged,
            Problem::Forbidden,
            Problem::NotFound,
            Problem::MethodNotAllowed,
            Problem::TooSlow,
            Problem::TooLarge,
            Problem::UnsupportedType,
            Problem::UnknownHost,
            Problem::TooMany { retry_after: Duration::from_secs(90) },
            Problem::Broken { reference: reference() },
            Problem::Unavailable { reference: reference() },
        ];
        all.iter().map(|problem| Sample::new(problem.name(), Self::new(problem, true))).collect()
    }
}

/// How error pages find their frame: from the head of the request, as the layers around
/// [`show`] have completed it.
pub type FrameOf = dyn Fn(&Parts) -> Frame + Send + Sync;

/// State of [`show`].
#[derive(Clone)]
pub struct ErrorPages {
    ui: Ui,
    frame_of: Arc<FrameOf>,
}

impl ErrorPages {
    /// Pages in the frame that `frame_of` builds.
    pub fn new(ui: Ui, frame_of: impl Fn(&Parts) -> Frame + Send + Sync + 'static) -> Self {
        Self { ui, frame_of: Arc::new(frame_of) }
    }
}

/// The middleware that turns problems, and bare error statuses of libraries, into pages.
pub async fn show(State(pages): State<ErrorPages>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let said = response.extensions().get::<Problem>().cloned();
    let bare = || Problem::of_status(response.status()).filter(|_| !is_document(&response));
    let Some(problem) = said.or_else(bare) else { return response };
    let frame = (pages.frame_of)(&head);
    let page = ErrorPage::new(&problem, head.method == Method::GET);
    with_page(&pages.ui, &frame, &page, response)
}

/// The page of a problem, for handlers outside of [`show`].
#[must_use]
pub fn page(ui: &Ui, frame: &Frame, problem: &Problem) -> Response {
    with_page(ui, frame, &ErrorPage::new(problem, false), problem.clone().into_response())
}

/// The body is replaced; status and headers such as `Allow` stay.
fn with_page(ui: &Ui, frame: &Frame, page: &ErrorPage, response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    match ui.render(frame, page) {
        Ok(html) => (parts, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(error = error.chain(), "the error page could not be rendered");
            parts.into_response()
        }
    }
}

fn is_document(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

impl UiError {
    /// The problem to show for a failed rendering, after logging the cause under `reference`.
    #[must_use]
    pub fn into_problem(self, reference: String) -> Problem {
        tracing::error!(error = self.chain(), reference, "a page could not be rendered");
        Problem::Broken { reference }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use http_body_util::BodyExt as _;
    use jiff::civil::date;
    use tower::ServiceExt as _;

    use super::*;
    use crate::limits::Limits;
    use crate::{BrandFrame, UiSettings};

    fn ui() -> Ui {
        let paths = &[("theme", "/theme"), ("language", "/language")];
        Ui::new(UiSettings { reload: false, ..UiSettings::new(paths) }).expect("a kit")
    }

    /// A reference and a cause that must never be shown.
    async fn broken() -> Problem {
        let cause = UiError::from(minijinja::Error::new(
            minijinja::ErrorKind::InvalidOperation,
            "password=hunter2 at 10.0.0.7",
        ));
        cause.into_problem("REF-4711".to_owned())
    }

    fn site() -> Router {
        let wait = || async { Problem::TooMany { retry_after: Duration::from_millis(61_500) } };
        let pages = ErrorPages::new(ui(), |parts| {
            let brand = BrandFrame {
                name: "Acme".into(),
                theme_css_url: "/brand/theme.css".into(),
                ..BrandFrame::default()
            };
            let mut frame = Frame::new("es", brand, date(2026, 11, 21));
            frame.path = parts.uri.path().to_owned();
            frame
        });
        let router = Router::new()
            .route("/broken", get(broken))
            .route("/wait", get(wait))
            .route("/page", get(|| async { Html("<p>") }))
            .route("/own", get(|| async { (StatusCode::NOT_FOUND, Html("own")) }))
            .route("/form", post(|_: String| async { "taken" }));
        Limits { body_bytes_max: 10, ..Limits::default() }
            .around(router)
            .layer(from_fn_with_state(pages, show))
    }

    async fn ask(request: axum::http::request::Builder, body: &str) -> (Response<()>, String) {
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (parts, body) = site().oneshot(request).await.expect("a response").into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        (Response::from_parts(parts, ()), text)
    }

    #[tokio::test]
    async fn a_broken_page_shows_a_reference_and_never_a_cause() {
        let (response, html) = ask(Request::builder().uri("/broken"), "").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(html.contains("REF-4711") && html.contains("Algo ha salido mal"), "{html}");
        assert!(!html.contains("hunter2") && !html.contains("10.0.0.7"), "{html}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    }

    #[tokio::test]
    async fn waiting_is_told_to_people_and_programs() {
        let (response, html) = ask(Request::builder().uri("/wait"), "").await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "62");
        assert!(html.contains("2 minutos"), "{html}");
    }

    #[tokio::test]
    async fn bare_statuses_of_libraries_get_a_page() {
        let (response, html) = ask(Request::builder().uri("/absent"), "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(html.contains("Página no encontrada"), "{html}");
        let (response, html) = ask(Request::builder().uri("/form"), "").await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], "POST");
        assert!(html.contains("<h1"), "{html}");
        let large = Request::builder().method("POST").uri("/form");
        let (response, html) = ask(large, "more than ten bytes").await;
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(html.contains("Es demasiado grande"), "{html}");
    }

    #[tokio::test]
    async fn pages_of_handlers_stay_as_they_are() {
        assert_eq!(ask(Request::builder().uri("/page"), "").await.1, "<p>");
        assert_eq!(ask(Request::builder().uri("/own"), "").await.1, "own");
    }
}
