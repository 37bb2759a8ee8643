//! Treli's dialect: `POST /wp-json/api/portal/sessions/create` with Basic authentication, and the
//! errors of a WordPress REST service.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::EmailAddress;
use portico_billing::session::LONGEST_LINK_LIFE;
use portico_core::records::{RecordKey, parse_json};
use portico_core::{
    CreatedPortalSession, CustomerRef, NewForward, NewPortalSession, PortalSessionError,
};
use serde_json::{Map, Value, json};

use crate::api::body::{self, BODY_BYTES_MAX, BodyFault};
use crate::state::{Denied, Panel, Shared, only};

/// The path.
pub const PATH: &str = "/wp-json/api/portal/sessions/create";

const FORWARDS: [&str; 3] =
    ["customer_update_address", "customer_invoices", "subscription_update_payment"];

/// `{"code": …, "message": …, "data": {"status": …}}`.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
    params: Option<Box<Value>>,
    retry_after_s: Option<u64>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), params: None, retry_after_s: None }
    }

    fn missing(name: &str) -> Self {
        let message = format!("Missing parameter(s): {name}");
        let refused = Self::new(StatusCode::BAD_REQUEST, "rest_missing_callback_param", message);
        Self { params: Some(Box::new(json!([name]))), ..refused }
    }

    fn invalid(name: &str, why: &str) -> Self {
        let message = format!("Invalid parameter(s): {name}");
        let refused = Self::new(StatusCode::BAD_REQUEST, "rest_invalid_param", message);
        Self { params: Some(Box::new(json!({ name: why }))), ..refused }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut data = json!({ "status": self.status.as_u16() });
        if let Some(params) = self.params {
            data["params"] = *params;
        }
        let body = json!({ "code": self.code, "message": self.message, "data": data });
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"Portico\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error that no handler of this path gave.
pub fn error(status: StatusCode, code: &'static str, message: &str) -> Response {
    Refused::new(status, code, message).into_response()
}

/// The code of an error status.
pub fn code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "rest_no_route",
        StatusCode::REQUEST_TIMEOUT => "rest_timeout",
        _ => "rest_internal_error",
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
    let caller = panel.admit_basic(&parts, credentials(&parts.headers)).await?;
    let bytes = body::read(&parts.headers, body, BODY_BYTES_MAX).await?;
    let wish = Wish::read(&parameters(&parts.headers, &bytes)?)?;
    let session = NewPortalSession {
        return_url: wish.return_url.clone(),
        forward: wish.forward,
        link_life: Some(LONGEST_LINK_LIFE),
        ..NewPortalSession::of(CustomerRef::Email(wish.email))
    };
    let created = panel.core.create_portal_session(&caller, session).await?;
    Ok(Json(answer(panel, &created, wish.return_url, wish.forward_name)).into_response())
}

/// User and password of HTTP's Basic authentication (RFC 7617).
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, text) = only(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The body's parameters: JSON, or a form where the header says so.
fn parameters(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
    let kind = only(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        let pairs = url::form_urlencoded::parse(bytes);
        return Ok(pairs.map(|(name, value)| (name.into_owned(), value.into())).collect());
    }
    match parse_json(bytes) {
        Ok(Value::Object(parameters)) => Ok(parameters),
        Ok(_) | Err(_) => {
            let message = "Invalid JSON body passed.";
            Err(Refused::new(StatusCode::BAD_REQUEST, "rest_invalid_json", message))
        }
    }
}

/// What the body asks for.
struct Wish {
    email: EmailAddress,
    return_url: Option<String>,
    forward: NewForward,
    forward_name: Option<&'static str>,
}

impl Wish {
    fn read(parameters: &Map<String, Value>) -> Result<Self, Refused> {
        let part = |name: &str| text(name, parameters.get(name));
        let email = part("customer_email")?.ok_or_else(|| Refused::missing("customer_email"))?;
        let forward = part("forward")?;
        let forward_name = forward.as_deref().map(forward_name).transpose()?;
        Ok(Self {
            email: email.parse().map_err(|_| {
                Refused::invalid("customer_email", "customer_email is not a valid e-mail address.")
            })?,
            return_url: part("return_url")?,
            forward: match forward_name {
                Some("customer_update_address") => NewForward::BillingInformation,
                Some("customer_invoices") => NewForward::Invoices,
                Some(_) => {
                    let id = part("subscription_id")?;
                    let id = id.ok_or_else(|| Refused::missing("subscription_id"))?;
                    NewForward::SubscriptionPaymentMethod(Some(RecordKey::new(id)))
                }
                None => NewForward::Overview,
            },
            forward_name,
        })
    }
}

/// A text; a number is taken for its digits. An empty text is none.
fn text(name: &str, value: Option<&Value>) -> Result<Option<String>, Refused> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.contains('\0') => {
            Err(Refused::invalid(name, &format!("{name} has characters that are not taken.")))
        }
        Some(Value::String(text)) => {
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        }
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(Refused::invalid(name, &format!("{name} is not of type string."))),
    }
}

fn forward_name(text: &str) -> Result<&'static str, Refused> {
    FORWARDS.into_iter().find(|name| *name == text).ok_or_else(|| {
        let [first, second, third] = FORWARDS;
        Refused::invalid(
            "forward",
            &format!("forward is not one of {first}, {second}, and {third}."),
        )
    })
}

fn answer(
    panel: &Panel,
    created: &CreatedPortalSession,
    return_url: Option<String>,
    forward: Option<&'static str>,
) -> Value {
    let customer_id = created.customer.id.to_string();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(forward) = forward {
        query.append_pair("forward", forward);
    }
    query.append_pair("token", &created.link).append_pair("customer_id", &customer_id);
    let path = format!("/p/authenticate?{}", query.finish());
    json!({
        "status": "success",
        "customer_id": customer_id,
        "created": created.created_at.as_second(),
        "valid_until": created.link_expires_at.as_second(),
        "return_url": return_url.or_else(|| created.return_url.clone()),
        "forward": forward,
        "auth_url": panel.core.portal_url(&created.brand, &path),
    })
}

fn unauthenticated() -> Refused {
    let message = "Sorry, you are not allowed to do that.";
    Refused::new(StatusCode::UNAUTHORIZED, "rest_forbidden", message)
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::BadKey => unauthenticated(),
            Denied::TooMany { wait_s } => {
                let message = format!("Too many requests; wait {wait_s} s.");
                let code = "rest_too_many_requests";
                let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, code, message);
                Self { retry_after_s: Some(wait_s), ..refused }
            }
            Denied::Failure(failure) => internal(&failure.report()),
        }
    }
}

impl From<BodyFault> for Refused {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "rest_payload_too_large",
                "The body is too large.",
            ),
            BodyFault::Broken => {
                Self::new(StatusCode::BAD_REQUEST, "rest_invalid_json", "The body broke off.")
            }
        }
    }
}

impl From<PortalSessionError> for Refused {
    fn from(error: PortalSessionError) -> Self {
        let message = format!("{error}.");
        match error {
            PortalSessionError::Failure(failure) => internal(&failure.report()),
            PortalSessionError::Forbidden(_) => {
                Self::new(StatusCode::FORBIDDEN, "rest_forbidden", &message)
            }
            PortalSessionError::AmbiguousEmail => {
                let code = "rest_customer_ambiguous";
                let message =
                    "More than one customer has this e-mail address; no session was made.";
                Self::new(StatusCode::CONFLICT, code, message)
            }
            PortalSessionError::CustomerInactive | PortalSessionError::ContactDisabled => {
                Self::new(
                    StatusCode::CONFLICT,
                    "rest_customer_inactive",
                    "The customer is not active.",
                )
            }
            PortalSessionError::ReturnUrl(error) => {
                Self::invalid("return_url", &format!("return_url {error}."))
            }
            PortalSessionError::SubscriptionMissing => Self::missing("subscription_id"),
            PortalSessionError::UnknownSubscription => {
                let message = "The customer has no such subscription.";
                Self::new(StatusCode::NOT_FOUND, "rest_subscription_not_found", message)
            }
            PortalSessionError::UnknownCustomer | PortalSessionError::UnknownContact => {
                let message = "No customer has this e-mail address.";
                Self::new(StatusCode::NOT_FOUND, "rest_customer_not_found", message)
            }
            PortalSessionError::IdleTimeout { .. } => {
                Self::new(StatusCode::BAD_REQUEST, "rest_invalid_param", message)
            }
        }
    }
}

fn internal(reference: &str) -> Refused {
    let message = format!("Something went wrong on our side (reference {reference}).");
    Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "rest_internal_error", message)
}
