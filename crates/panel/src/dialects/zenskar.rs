//! Zenskar's dialect: `POST /customer/session` (its guide) and `/customers/session` (its
//! reference).

use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_billing::OrganisationId;
use portico_billing::session::{MAX_IDLE, MIN_IDLE};
use portico_core::records::{RecordKey, parse_json};
use portico_core::{
    Caller, CreatedPortalSession, CustomerRef, GuestError, GuestSession, NewGuestSession,
    NewPortalSession, PortalSessionError,
};
use serde_json::{Value, json};

use crate::api::body::{self, BODY_BYTES_MAX, BodyFault};
use crate::state::{Denied, Panel, Shared, only};

/// The path of the guide and the one of the reference.
pub const PATHS: [&str; 2] = ["/customer/session", "/customers/session"];

/// What the reference says where the request says nothing.
const DEFAULT_IDLE_S: u64 = 3_600;

/// `{"detail": …}`, the form of all errors.
struct Refused {
    status: StatusCode,
    detail: Value,
    retry_after_s: Option<u64>,
}

impl Refused {
    fn new(status: StatusCode, detail: &str) -> Self {
        Self { status, detail: Value::from(detail), retry_after_s: None }
    }

    /// 422 for a part of the request: `loc`, `msg`, `type`.
    fn invalid(place: [&str; 2], message: &str, kind: &str) -> Self {
        let detail = json!([{ "loc": place, "msg": message, "type": kind }]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail, retry_after_s: None }
    }

    fn field(name: &str, message: &str, kind: &str) -> Self {
        Self::invalid(["body", name], message, kind)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "detail": self.detail }))).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Opens a session.
pub async fn create(State(panel): State<Shared>, request: Request) -> Response {
    match open(&panel, request).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn open(panel: &Panel, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let caller = caller(panel, &parts).await?;
    let bytes = body::read(&parts.headers, body, BODY_BYTES_MAX).await?;
    let wish = Wish::read(&bytes)?;
    let Some(customer_id) = wish.customer_id else {
        let guest = NewGuestSession { return_url: wish.return_url };
        let guest = panel.core.create_guest_session(&caller, guest).await?;
        return Ok(Json(guest_answer(guest)).into_response());
    };
    let customer = CustomerRef::Customer(RecordKey::new(customer_id));
    let session = NewPortalSession {
        return_url: wish.return_url.clone(),
        idle_timeout: Some(wish.idle_s),
        ..NewPortalSession::of(customer)
    };
    let created = panel.core.create_portal_session(&caller, session).await?;
    Ok(Json(answer(panel, &caller, &created, wish.return_url)).into_response())
}

/// The key, and the organisation that the header names: it must be the key's.
async fn caller(panel: &Panel, parts: &Parts) -> Result<Caller, Refused> {
    let headers = &parts.headers;
    let caller = panel.admit(&parts.extensions, headers).await?;
    let place = ["header", "organisation"];
    let Some(text) = only(headers, "organisation") else {
        return Err(Refused::invalid(place, "field required", "value_error.missing"));
    };
    match text.trim().parse::<OrganisationId>() {
        Ok(id) if id == caller.organisation_id => Ok(caller),
        Ok(_) => {
            let detail = "The API key does not belong to this organisation";
            Err(Refused::new(StatusCode::FORBIDDEN, detail))
        }
        Err(_) => Err(Refused::invalid(place, "value is not a valid uuid", "type_error.uuid")),
    }
}

/// What the body asks for.
struct Wish {
    /// Nobody's yet for guests.
    customer_id: Option<String>,
    return_url: Option<String>,
    idle_s: u64,
}

impl Wish {
    fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let body = parse_json(bytes).map_err(|error| {
            Refused::field("body", &format!("invalid JSON: {error}"), "value_error.jsondecode")
        })?;
        let Value::Object(body) = body else {
            return Err(Refused::field("body", "value is not a valid dict", "type_error.dict"));
        };
        let part = |name: &str| body.get(name).filter(|value| !value.is_null());
        let is_guest = flag("is_guest_session", part("is_guest_session"))?;
        // Its meaning is not documented; a text is let pass.
        text("session_key", part("session_key"))?;
        let customer_id = text("customer_id", part("customer_id"))?;
        match (is_guest, &customer_id) {
            (true, Some(_)) => {
                let message = "must be null for guest sessions";
                return Err(Refused::field("customer_id", message, "value_error"));
            }
            (false, None) => {
                let kind = "value_error.missing";
                return Err(Refused::field("customer_id", "field required", kind));
            }
            (true, None) | (false, Some(_)) => {}
        }
        Ok(Self {
            customer_id,
            return_url: text("return_url", part("return_url"))?,
            idle_s: idle(part("idle_timeout"))?,
        })
    }
}

fn text(name: &str, value: Option<&Value>) -> Result<Option<String>, Refused> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refused::field(name, "str type expected", "type_error.str")),
    }
}

fn flag(name: &str, value: Option<&Value>) -> Result<bool, Refused> {
    let refused =
        || Refused::field(name, "value could not be parsed to a boolean", "type_error.bool");
    value.map_or(Ok(false), |value| value.as_bool().ok_or_else(refused))
}

/// Seconds, as a number or (as the original takes it) as a text.
fn idle(value: Option<&Value>) -> Result<u64, Refused> {
    const NAME: &str = "idle_timeout";
    let seconds = match value {
        None => Some(DEFAULT_IDLE_S),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(Value::Number(number)) if number.as_i64().is_some_and(|number| number < 0) => Some(0),
        Some(value) => value.as_u64(),
    };
    let seconds = seconds.ok_or_else(|| {
        Refused::field(NAME, "value is not a valid integer", "type_error.integer")
    })?;
    let (least, most) = (MIN_IDLE.as_secs(), MAX_IDLE.as_secs());
    if seconds < least {
        let message = format!("ensure this value is greater than or equal to {least}");
        return Err(Refused::field(NAME, &message, "value_error.number.not_ge"));
    }
    if seconds > most {
        let message = format!("ensure this value is less than or equal to {most}");
        return Err(Refused::field(NAME, &message, "value_error.number.not_le"));
    }
    Ok(seconds)
}

/// The address has the original's form: `/session/<organisation>_<customer>_<token>`, and behind
/// it `return_url` as it was given.
fn answer(
    panel: &Panel,
    caller: &Caller,
    created: &CreatedPortalSession,
    return_url: Option<String>,
) -> Value {
    let organisation = caller.organisation_id.uuid();
    let customer = created.customer.id.uuid();
    let token = created.link.as_str();
    let path = format!("/session/{organisation}_{customer}_{token}");
    let mut redirect_url = panel.core.portal_url(&created.brand, &path);
    if let Some(return_url) = return_url.or_else(|| created.return_url.clone()) {
        redirect_url.push_str("?return_url=");
        redirect_url.push_str(&in_query(&return_url));
    }
    json!({
        "redirect_url": redirect_url,
        "session_token": token,
        "is_guest_session": false,
    })
}

/// The form of signing up. The token is part of its address; who came by it is led back to
/// `return_url` once it is a customer.
fn guest_answer(guest: GuestSession) -> Value {
    json!({
        "redirect_url": guest.url,
        "session_token": guest.token,
        "is_guest_session": true,
    })
}

/// The original does not percent-encode; what would end the query or the address still must be.
fn in_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'&' | b'#' | b'+' | b'"' | b'<' | b'>' | b'\\' | ..=b' ' | 0x7f.. => {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::BadKey => Self::new(StatusCode::UNAUTHORIZED, "Invalid or missing API key"),
            Denied::TooMany { wait_s } => {
                let detail = format!("Too many requests; wait {wait_s} s");
                let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, &detail);
                Self { retry_after_s: Some(wait_s), ..refused }
            }
            Denied::Failure(failure) => internal(&failure.report()),
        }
    }
}

impl From<BodyFault> for Refused {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large")
            }
            BodyFault::Broken => Self::new(StatusCode::BAD_REQUEST, "The body broke off"),
        }
    }
}

impl From<GuestError> for Refused {
    fn from(error: GuestError) -> Self {
        match error {
            GuestError::Forbidden(forbidden) => {
                Self::new(StatusCode::FORBIDDEN, &forbidden.to_string())
            }
            GuestError::Failure(failure) => internal(&failure.report()),
            GuestError::ReturnUrl(error) => {
                Self::field("return_url", &error.to_string(), "value_error.url")
            }
            off @ GuestError::SignUpOff => {
                Self::field("is_guest_session", &off.to_string(), "value_error")
            }
        }
    }
}

impl From<PortalSessionError> for Refused {
    fn from(error: PortalSessionError) -> Self {
        match error {
            PortalSessionError::Failure(failure) => internal(&failure.report()),
            PortalSessionError::Forbidden(forbidden) => {
                Self::new(StatusCode::FORBIDDEN, &forbidden.to_string())
            }
            PortalSessionError::ReturnUrl(error) => {
                Self::field("return_url", &error.to_string(), "value_error.url")
            }
            PortalSessionError::CustomerInactive => {
                Self::new(StatusCode::CONFLICT, "Customer is not active")
            }
            PortalSessionError::IdleTimeout { .. } => {
                Self::field("idle_timeout", &error.to_string(), "value_error")
            }
            _ => Self::new(StatusCode::NOT_FOUND, "Customer not found"),
        }
    }
}

fn internal(reference: &str) -> Refused {
    let detail = format!("Internal Server Error (reference {reference})");
    Refused::new(StatusCode::INTERNAL_SERVER_ERROR, &detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_url_is_repeated_as_given_but_for_what_would_end_the_query() {
        assert_eq!(in_query("https://zenskar.com"), "https://zenskar.com");
        assert_eq!(
            in_query("https://a.example/b?c=d&e#f é"),
            "https://a.example/b?c=d%26e%23f%20%C3%A9"
        );
    }
}
