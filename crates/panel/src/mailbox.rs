//! The mails of a demonstration, shown instead of being sent. People at this machine alone see
//! them: sign-in links are in them.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use portico_core::mail::KeptMail;
use portico_ui::{Page, RequestOrigin, Sample};
use serde::Serialize;
use uuid::Uuid;

use crate::pages;
use crate::state::Shared;

const MAILS_MAX: u16 = 100;

/// The page of a mail holds the frame of its body.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// What a mail may do in its frame: nothing but show itself. Links open in a window of their own.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox",
);

/// The layer around the mailbox: only where the host can be this machine alone and the connection
/// comes from it.
pub async fn only_here(
    panel: State<Shared>,
    origin: RequestOrigin,
    request: Request,
    next: Next,
) -> Response {
    let address = origin.address();
    if origin.is_local() && (address.is_loopback() || address.is_unspecified()) {
        return next.run(request).await;
    }
    crate::answers::not_found(panel, request).await
}

/// All mails.
#[derive(Debug, Clone, Serialize)]
pub struct MailsPage {
    /// The newest first.
    pub mails: Vec<MailText>,
}

/// One mail.
#[derive(Debug, Clone, Serialize)]
pub struct MailPage {
    /// The mail.
    pub mail: MailText,
}

/// What the pages show of a mail.
#[derive(Debug, Clone, Serialize)]
pub struct MailText {
    /// Identifier.
    pub id: String,
    /// From whom.
    pub sender: String,
    /// To whom.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// When it would have been sent.
    pub created_at: Timestamp,
}

impl From<KeptMail> for MailText {
    fn from(kept: KeptMail) -> Self {
        Self {
            id: kept.id.to_string(),
            sender: kept.mail.sender,
            recipient: kept.mail.recipient,
            subject: kept.mail.subject,
            text_body: kept.mail.text_body,
            created_at: kept.created_at,
        }
    }
}

impl MailText {
    fn sample(subject: &str) -> Self {
        Self {
            id: "0190a1b2-0000-7000-8000-000000000001".to_owned(),
            sender: "Acme Billing <billing@acme.example>".to_owned(),
            recipient: "ana@example.com".to_owned(),
            subject: subject.to_owned(),
            text_body: "Hello Ana,\n\nhttps://billing.acme.example/sign-in/…\n".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

impl Page for MailsPage {
    const TEMPLATE: &'static str = "panel/mailbox/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let mails =
            vec![MailText::sample("Your sign-in link"), MailText::sample("رابط الدخول <b>")];
        vec![
            Sample::new("empty", Self { mails: Vec::new() }),
            Sample::new("typical", Self { mails }),
        ]
    }
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "panel/mailbox/show.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self { mail: MailText::sample("Your sign-in link") })]
    }
}

/// `GET /mailbox`.
pub async fn list(State(panel): State<Shared>, headers: HeaderMap) -> Response {
    match panel.core.captured_mails(MAILS_MAX).await {
        Ok(mails) => {
            let mails = mails.into_iter().map(MailText::from).collect();
            pages::render(&panel, &headers, &MailsPage { mails })
        }
        Err(failure) => broken(&failure),
    }
}

/// `GET /mailbox/{id}`.
pub async fn show(
    State(panel): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Response {
    match panel.core.captured_mail(id).await {
        Ok(Some(kept)) => {
            let mut page = pages::render(&panel, &headers, &MailPage { mail: kept.into() });
            page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
            page
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(failure) => broken(&failure),
    }
}

/// `GET /mailbox/{id}/body`: the HTML of a mail, for the frame in its page.
pub async fn body(State(panel): State<Shared>, Path(id): Path<Uuid>) -> Response {
    match panel.core.captured_mail(id).await {
        Ok(Some(kept)) => {
            let policy = [
                (header::CONTENT_SECURITY_POLICY, POLICY),
                (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
            ];
            (policy, Html(kept.mail.html_body)).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(failure) => broken(&failure),
    }
}

fn broken(failure: &portico_core::Failure) -> Response {
    let text = format!("reference {}", failure.report());
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}
