//! Stripe's API on the wire: forms out, JSON in, and what its errors mean for what was asked.

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::decline;
use crate::http::Answer;
use crate::{Declined, GatewayError, Http};

/// The version of the API that all of this was written for, whatever the account's own is
/// (<https://docs.stripe.com/api/versioning>).
const VERSION: &str = "2025-09-30.clover";

/// Characters of Stripe's explanations that are kept.
const MESSAGE_MAX: usize = 300;

/// One account's way to the API.
pub struct Client {
    /// Connections.
    pub http: Http,
    /// Address of the API, without a slash at the end.
    pub base: String,
    /// Secret or restricted key.
    pub key: String,
    /// The connected account that requests are made for, where it is not the key's own.
    pub account: Option<String>,
}

/// Fields of a request, in the order in which they are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(&'static str, String)>);

impl Form {
    /// With this field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// With this field, where it has a value.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With these parts of the answer unfolded.
    #[must_use]
    pub fn expand(self, parts: &[&str]) -> Self {
        parts.iter().fold(self, |form, part| form.with("expand[]", *part))
    }

    fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Stripe was not asked, or did not answer.
    Silent(GatewayError),
    /// Stripe said no.
    Said(Refusal),
}

/// Stripe's no (<https://docs.stripe.com/api/errors>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whether a card or its bank is the reason.
    pub by_card: bool,
    /// The most precise code that was given.
    pub code: String,
    /// The explanation.
    pub message: String,
}

impl From<GatewayError> for Fault {
    fn from(error: GatewayError) -> Self {
        Self::Silent(error)
    }
}

impl From<Fault> for GatewayError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Silent(error) => error,
            Fault::Said(Refusal { code, message, .. }) => Self::Refused { code, message },
        }
    }
}

impl Refusal {
    /// Whether what the request is about does not exist.
    pub fn is_absent(&self) -> bool {
        self.code == "resource_missing"
    }

    /// The refusal of a payment, where it is one, not of the request.
    pub fn declined(&self) -> Option<Declined> {
        let reason = if self.by_card {
            decline::reason(&self.code)
        } else {
            decline::of_request(&self.code)?
        };
        Some(Declined { reason, code: self.code.clone() })
    }
}

/// Body of an error.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorFields,
}

#[derive(Deserialize)]
struct ErrorFields {
    #[serde(rename = "type", default)]
    kind: String,
    code: Option<String>,
    decline_code: Option<String>,
    message: Option<String>,
}

impl Client {
    /// Reads what is at `path` (`payment_intents/pi_1`).
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &Form) -> Result<T, Fault> {
        let url = format!("{}/v1/{path}?{}", self.base, query.encoded());
        let request = self.http.request(Method::GET, url.trim_end_matches('?'))?;
        self.send(request).await
    }

    /// Does something, once for each `key`: for at least 24 hours Stripe answers the same to the
    /// same (<https://docs.stripe.com/api/idempotent_requests>). What does no harm twice has no
    /// key.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &Form,
        key: Option<&str>,
    ) -> Result<T, Fault> {
        let mut request = self
            .http
            .request(Method::POST, &format!("{}/v1/{path}", self.base))?
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.encoded());
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.send(request).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, Fault> {
        let mut request = request.bearer_auth(&self.key).header("Stripe-Version", VERSION);
        if let Some(account) = &self.account {
            request = request.header("Stripe-Account", account);
        }
        read(&self.http.send(request).await?)
    }
}

/// The identifier `id` as a part of a path.
///
/// # Errors
/// `Refused` where it is none of Stripe's: it would be another path.
pub fn path_part(id: &str) -> Result<&str, GatewayError> {
    let is_one = !id.is_empty()
        && id.len() <= 255
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_one.then_some(id).ok_or_else(|| GatewayError::Refused {
        code: "not_an_identifier".to_owned(),
        message: "it is not an identifier of Stripe's".to_owned(),
    })
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Fault> {
    if answer.status.is_success() {
        return Ok(answer.json()?);
    }
    let ErrorBody { error } = answer.json()?;
    let code = error.decline_code.or(error.code).unwrap_or_else(|| error.kind.clone());
    // A request with this key is being worked on, or was done with other values.
    let undecided = answer.status == StatusCode::CONFLICT
        || answer.status == StatusCode::FAILED_DEPENDENCY
        || error.kind == "idempotency_error";
    if undecided || !answer.status.is_client_error() {
        return Err(GatewayError::Unknown(format!("status {}, {code}", answer.status)).into());
    }
    let by_card = error.kind == "card_error" || answer.status == StatusCode::PAYMENT_REQUIRED;
    let message = error.message.unwrap_or_default().chars().take(MESSAGE_MAX).collect();
    Err(Fault::Said(Refusal { by_card, code, message }))
}

#[cfg(test)]
mod tests {
    use portico_billing::gateway::DeclineReason;

    use super::*;

    fn fault(status: u16, body: &str) -> Fault {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Answer { status, body: body.as_bytes().to_vec() };
        read::<serde_json::Value>(&answer).expect_err("an error")
    }

    fn said(status: u16, body: &str) -> Refusal {
        match fault(status, body) {
            Fault::Said(refusal) => refusal,
            Fault::Silent(error) => panic!("{error:?}"),
        }
    }

    #[test]
    fn the_most_precise_code_is_kept() {
        let body = r#"{"error": {"type": "card_error", "code": "card_declined",
            "decline_code": "insufficient_funds", "message": "No."}}"#;
        let declined = said(402, body).declined();
        let reason = DeclineReason::InsufficientFunds;
        let code = "insufficient_funds".to_owned();
        assert_eq!(declined, Some(Declined { reason, code }));
    }

    #[test]
    fn a_card_is_the_reason_by_the_type_or_by_the_status() {
        for (status, kind) in [(402, "invalid_request_error"), (400, "card_error")] {
            let body = format!(r#"{{"error": {{"type": "{kind}", "code": "card_declined"}}}}"#);
            let declined = said(status, &body).declined().map(|declined| declined.reason);
            assert_eq!(declined, Some(DeclineReason::Declined), "{status} {kind}");
        }
    }

    #[test]
    fn a_request_that_is_wrong_declines_no_payment() {
        for (status, kind) in [(400, "parameter_unknown"), (401, "api_key_expired"), (403, "x")] {
            let body =
                format!(r#"{{"error": {{"type": "invalid_request_error", "code": "{kind}"}}}}"#);
            let refusal = said(status, &body);
            assert_eq!(refusal.declined(), None, "{status}");
            assert_eq!(refusal.code, kind);
        }
        let body = r#"{"error": {"type": "invalid_request_error", "code": "amount_too_large"}}"#;
        let declined = said(400, body).declined().map(|declined| declined.reason);
        assert_eq!(declined, Some(DeclineReason::TooMuch));
    }

    #[test]
    fn what_may_have_been_done_is_unknown() {
        let bodies = [
            (
                409,
                r#"{"error": {"type": "invalid_request_error", "code": "idempotency_key_in_use"}}"#,
            ),
            (400, r#"{"error": {"type": "idempotency_error"}}"#),
            (424, r#"{"error": {"type": "api_error"}}"#),
            (302, r#"{"error": {"type": "api_error"}}"#),
            (400, "<html>"),
            (200, "{"),
        ];
        for (status, body) in bodies {
            let Fault::Silent(GatewayError::Unknown(_)) = fault(status, body) else {
                panic!("{status} {body}");
            };
        }
    }

    #[test]
    fn explanations_are_short() {
        let body = format!(r#"{{"error": {{"message": "{}"}}}}"#, "é".repeat(10_000));
        assert_eq!(said(404, &body).message.chars().count(), MESSAGE_MAX);
    }

    #[test]
    fn only_identifiers_become_paths() {
        for id in ["pi_3MtwBwLkdIwHu7ix28a3tqPa", "cs_test_a1b2"] {
            assert_eq!(path_part(id), Ok(id));
        }
        for id in ["", "pi_1/cancel", "..", "pi_1?x=1", "pi 1", "pi_1%2f", "é", &"a".repeat(256)] {
            assert!(path_part(id).is_err(), "{id}");
        }
    }

    #[test]
    fn forms_are_encoded_as_browsers_do() {
        let form = Form::default()
            .with("metadata[portico_reference]", "A&B=1")
            .with_some("customer", None::<String>)
            .expand(&["payment_method"]);
        let expected = "metadata%5Bportico_reference%5D=A%26B%3D1&expand%5B%5D=payment_method";
        assert_eq!(form.encoded(), expected);
    }
}
