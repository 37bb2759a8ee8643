//! From the core's refusals to what the visitor sees, in one place.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use portico_billing::LanguageTag;
use portico_core_api::{EntryError, Fault, FieldFault, Refusal};
use portico_ui::errors::Problem;
use portico_ui::{FormState, TextArgs};

use crate::answer::redirect;
use crate::entry::ended::EndedPage;
use crate::here::Here;
use crate::{Portal, paths};

/// Why a handler stops without a page of its own.
#[derive(Debug)]
pub(crate) enum Stop {
    /// There is no session.
    NoSession,
    /// The session is over.
    SessionOver {
        /// Where the visitor came from, where that is known.
        return_url: Option<String>,
        /// The language that it had, where that is known.
        language: Option<LanguageTag>,
    },
    /// A page of the rendering kit.
    Problem(Problem),
    /// A page that is ready.
    Page(Box<Response>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignedOut { return_url, language } => {
                Self::SessionOver { return_url, language }
            }
            Refusal::NotFound => Self::Problem(Problem::NotFound),
            Refusal::NotPermitted => Self::Problem(Problem::Forbidden),
            // Forms show their faults themselves; here nothing was typed.
            Refusal::Invalid { .. } => Self::Problem(Problem::BadRequest),
            Refusal::TooMany { retry_after } => Self::Problem(Problem::TooMany { retry_after }),
            Refusal::Unavailable { reference } => Self::Problem(Problem::Unavailable { reference }),
        }
    }
}

impl From<EntryError> for Stop {
    fn from(error: EntryError) -> Self {
        match error {
            // Forms and link pages show these themselves.
            EntryError::BadCredentials
            | EntryError::NewPasswordDue { .. }
            | EntryError::LinkOver { .. }
            | EntryError::PendingApproval
            | EntryError::Invalid { .. } => Self::Problem(Problem::BadRequest),
            EntryError::NotOffered => Self::Problem(Problem::NotFound),
            EntryError::TooMany { retry_after } => Self::Problem(Problem::TooMany { retry_after }),
            EntryError::Unavailable { reference } => {
                Self::Problem(Problem::Unavailable { reference })
            }
        }
    }
}

/// Marks an answer that the middleware below replaces, because only it knows the request.
#[derive(Debug, Clone)]
enum Entrance {
    NoSession,
    SessionOver { return_url: Option<String>, language: Option<LanguageTag> },
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        let marked = |entrance: Entrance| {
            let mut response = StatusCode::UNAUTHORIZED.into_response();
            response.extensions_mut().insert(entrance);
            response
        };
        match self {
            Self::NoSession => marked(Entrance::NoSession),
            Self::SessionOver { return_url, language } => {
                marked(Entrance::SessionOver { return_url, language })
            }
            Self::Problem(problem) => problem.into_response(),
            Self::Page(response) => *response,
        }
    }
}

/// The middleware that leads visitors without a session to sign in, and on to where they wanted
/// to go.
pub(crate) async fn lead_to_sign_in(
    State(portal): State<Portal>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(entrance) = response.extensions().get::<Entrance>().cloned() else { return response };
    let Some(here) = Here::of(&portal, &head) else { return Problem::BadRequest.into_response() };
    let sign_in_url = paths::sign_in(&here.path);
    match entrance {
        Entrance::NoSession => redirect(&sign_in_url),
        // In the language of the pages before it.
        Entrance::SessionOver { return_url, language } => here
            .with_link_language(language.as_ref())
            .page_with(StatusCode::UNAUTHORIZED, &EndedPage { sign_in_url, return_url })
            .unwrap_or_else(IntoResponse::into_response),
    }
}

/// When another try is not refused any more, to the minute. Rounded up: a try at the stated time
/// must not be refused again.
pub(crate) fn again_at(now: Timestamp, retry_after: Duration) -> Option<Timestamp> {
    let minute = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Ceil);
    now.checked_add(retry_after).ok()?.round(minute).ok()
}

/// The answer with the same for software.
pub(crate) fn with_retry_after(mut response: Response, retry_after: Duration) -> Response {
    let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The form with what the core says is wrong with it.
pub(crate) fn with_faults(form: FormState, faults: &[FieldFault]) -> FormState {
    faults.iter().fold(form, |form, found| {
        form.with_fault(&found.field, found.fault.message_key(), fault_args(&found.fault))
    })
}

fn fault_args(fault: &Fault) -> TextArgs {
    match fault {
        Fault::TooLong { max } => TextArgs::new().number("max", i64::from(*max)),
        Fault::TooShort { min } => TextArgs::new().number("min", i64::from(*min)),
        Fault::NotATaxId { example } => TextArgs::new().text("example", example.as_str()),
        Fault::OutOfRange { min, max } => {
            TextArgs::new().text("min", min.as_str()).text("max", max.as_str())
        }
        _ => TextArgs::new(),
    }
}
