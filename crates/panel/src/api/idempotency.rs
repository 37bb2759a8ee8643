//! `Idempotency-Key`: the same request, however often it comes, is done once.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_core::{Idempotency, IdempotencyTicket};
use sha2::{Digest, Sha256};

use super::access::ApiCaller;
use super::body;
use super::problem::{Problem, ProblemKind};
use super::room::{Place, Room};
use crate::state::{Shared, only};

/// Name of the header.
pub const HEADER: &str = "idempotency-key";
/// Says that an answer is the one of before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const KEY_LENGTH_MAX: usize = 255;
/// An answer that is larger is given, but not kept.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// In an answer that tells what is told once, and must not be kept, not even sealed (VCH-05). A
/// repetition is a request of its own, which the verb refuses.
#[derive(Clone, Copy)]
pub struct ToldOnce;

/// What the layer needs.
#[derive(Clone)]
pub struct Once {
    /// The state of the router.
    pub panel: Shared,
    /// Most bytes of a body.
    pub body_bytes_max: usize,
    /// Where bodies can be so large that room for them has to be found first.
    pub room: Option<Room>,
}

/// The layer around all routes with a key: bounds the body and, of large ones, how many there are
/// at one time. Where the request has an
/// `Idempotency-Key`, answers a repetition with the answer of before.
pub async fn once(
    State(once): State<Once>,
    caller: ApiCaller,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    // Where what is sent can be large, so can what is read.
    let place = match &once.room {
        Some(room) => Some(room.take(&parts.headers).await?),
        None => None,
    };
    if !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    let bytes = body::read(&parts.headers, body, once.body_bytes_max).await?;
    let Some(key) = presented(&parts)? else {
        return Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await);
    };
    let core = &once.panel.core;
    let found = core.begin_idempotent(&caller.0, &key, fingerprint(&parts, &bytes)).await?;
    match found {
        Idempotency::Begun(ticket) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            carry_through(once.panel, (ticket, place), request, next).await
        }
        Idempotency::Done { status, body } => Ok(replay(status, body)),
        Idempotency::InFlight => Err(Problem::new(
            ProblemKind::InFlight,
            "a request with this Idempotency-Key has not been answered yet",
        )),
        Idempotency::Different => Err(Problem::new(
            ProblemKind::KeyReused,
            "this Idempotency-Key came with another method, path or body before",
        )),
    }
}

/// In a task of its own: a caller that hangs up in the middle must not leave work whose answer
/// nobody kept, nor free the place of work that goes on.
async fn carry_through(
    panel: Shared,
    (ticket, place): (IdempotencyTicket, Option<Place>),
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let task = tokio::spawn(async move {
        let response = next.run(request).await;
        let kept = keep(&panel, ticket, response).await;
        drop(place);
        kept
    });
    task.await.unwrap_or_else(|error| {
        let reference = crate::answers::new_reference();
        tracing::error!(%reference, %error, "a request with an idempotency key was not completed");
        Err(Problem::internal(reference))
    })
}

/// Writes the answer down. A refusal is not kept: it changed nothing, and the same request gets it
/// again.
async fn keep(
    panel: &Shared,
    ticket: IdempotencyTicket,
    response: Response,
) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let may_stay = parts.status.is_success() && parts.extensions.get::<ToldOnce>().is_none();
    match std::str::from_utf8(&bytes) {
        Ok(text) if may_stay && text.len() <= ANSWER_BYTES_MAX => {
            panel.core.finish_idempotent(ticket, parts.status.as_u16(), text).await?;
        }
        _ => panel.core.abandon_idempotent(ticket).await?,
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (REPLAYED, HeaderValue::from_static("true")),
    ];
    (status, headers, body).into_response()
}

fn presented(parts: &Parts) -> Result<Option<String>, Problem> {
    if !parts.headers.contains_key(HEADER) {
        return Ok(None);
    }
    let key = only(&parts.headers, HEADER).filter(|key| {
        !key.is_empty()
            && key.len() <= KEY_LENGTH_MAX
            && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        let message =
            format!("must be one value of 1 to {KEY_LENGTH_MAX} visible ASCII characters");
        Problem::bad_parameter("Idempotency-Key", message)
    })
}

/// What makes two requests the same.
fn fingerprint(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let mut hash = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), path.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
