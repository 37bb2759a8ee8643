//! `/api/openapi.json` and the documentation page, which needs nothing from elsewhere.

use std::sync::{Arc, LazyLock};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_ui::{Page, Sample};
use serde::Serialize;
use utoipa_swagger_ui::Config;

use crate::api::ProblemKind;
use crate::pages;
use crate::state::Shared;

/// Swagger UI sets styles on what it draws, and its pictures are `data:` addresses.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// The files of Swagger UI that the page uses; the rest of it is not served.
const FILES: [&str; 4] = [
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-initializer.js",
];

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/api/openapi.json").use_base_layout().validator_url("none");
    Arc::new(config.doc_expansion("none").filter(true).display_request_duration(true))
});

/// The documentation.
#[derive(Debug, Clone, Serialize)]
pub struct DocsPage {
    /// What errors point at.
    pub problems: Vec<ProblemText>,
}

/// One type of problem.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemText {
    /// The name in the anchor.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Its title.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl DocsPage {
    fn new() -> Self {
        let text = |kind: &ProblemKind| ProblemText {
            slug: kind.slug(),
            status: kind.status().as_u16(),
            title: kind.title(),
            meaning: kind.meaning(),
        };
        Self { problems: ProblemKind::ALL.iter().map(text).collect() }
    }
}

impl Page for DocsPage {
    const TEMPLATE: &'static str = "panel/docs.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self::new())]
    }
}

/// `GET /api/docs`.
pub async fn page(State(panel): State<Shared>, headers: HeaderMap) -> Response {
    let mut response = pages::render(&panel, &headers, &DocsPage::new());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// `GET /api/docs/{file}`: the files of Swagger UI.
pub async fn file(Path(name): Path<String>) -> Response {
    let found = FILES
        .contains(&name.as_str())
        .then(|| utoipa_swagger_ui::serve(&name, Arc::clone(&CONFIG)).ok().flatten());
    let Some(file) = found.flatten() else { return StatusCode::NOT_FOUND.into_response() };
    let kind = [(header::CONTENT_TYPE, file.content_type)];
    (kind, file.bytes.into_owned()).into_response()
}

/// `GET /api/openapi.json`.
pub async fn openapi(State(panel): State<Shared>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], panel.document.clone()).into_response()
}
