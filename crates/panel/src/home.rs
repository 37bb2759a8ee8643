//! `GET /`: the way to what is here.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::pages;
use crate::state::Shared;

/// The first page.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// Whether there is a mailbox.
    pub mailbox: bool,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "panel/home.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("typical", Self { mailbox: false }),
            Sample::new("demonstration", Self { mailbox: true }),
        ]
    }
}

/// Shows it.
pub async fn show(State(panel): State<Shared>, headers: HeaderMap) -> Response {
    pages::render(&panel, &headers, &HomePage { mailbox: panel.mailbox })
}
