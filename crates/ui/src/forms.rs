//! Forms: opened only after the check of their origin, and shown again with values and faults.

mod upload;

use std::collections::BTreeMap;
use std::error::Error as _;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::errors::Problem;
use crate::{RequestOrigin, TextArgs, csrf};

pub use upload::{CheckedUpload, FILE_BYTES_MAX, UPLOAD_BYTES_MAX, UploadedFile};

/// Name of the hidden field that holds the token.
const TOKEN_FIELD: &str = "csrf";

/// A form of one of our own pages, sent by the visitor it was shown to. There is no other way to
/// its data than the check in its extractor.
#[derive(Debug)]
pub struct CheckedForm<T> {
    inner: T,
    values: BTreeMap<String, String>,
}

impl<T> CheckedForm<T> {
    /// The data, and the state to show the form again with the values that were sent.
    #[must_use]
    pub fn open(self) -> (T, FormState) {
        (self.inner, FormState { values: self.values, faults: BTreeMap::new() })
    }

    /// The data alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for CheckedForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let origin =
            request.extensions().get::<RequestOrigin>().cloned().ok_or(Problem::BadRequest)?;
        let headers = request.headers().clone();
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|rejection| problem_of(&rejection))?;
        let token = pairs.iter().find(|(name, _)| name == TOKEN_FIELD);
        if !token.is_some_and(|(_, token)| csrf::accepts(&headers, &origin, token)) {
            return Err(Problem::Forged);
        }
        let pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| name != TOKEN_FIELD).collect();
        let inner = read(&pairs)?;
        Ok(Self { inner, values: kept_values(pairs) })
    }
}

fn problem_of(rejection: &FormRejection) -> Problem {
    let mut causes = std::iter::successors(rejection.source(), |cause| (*cause).source());
    if causes.any(|cause| cause.is::<tower_http::timeout::TimeoutError>()) {
        return Problem::TooSlow;
    }
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::UnsupportedType,
        _ => Problem::BadRequest,
    }
}

/// Reads the fields into the form's type.
fn read<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Problem> {
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    serde_urlencoded::from_str(&encoded).map_err(|_| Problem::BadRequest)
}

/// What is shown again; passwords never are.
fn kept_values(pairs: Vec<(String, String)>) -> BTreeMap<String, String> {
    pairs.into_iter().filter(|(name, _)| !name.contains("password")).collect()
}

/// What a form shows: the values to begin with, and what is wrong with which field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    values: BTreeMap<String, String>,
    faults: BTreeMap<String, FieldText>,
}

/// A text at a field: its key and arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldText {
    key: String,
    args: TextArgs,
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a value into a field. A field without a value is not in `values`: templates ask with
    /// `form.values.name|default("")`.
    #[must_use]
    pub fn with_value(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// Says what is wrong with a field: the key of the text and its arguments.
    #[must_use]
    pub fn with_fault(mut self, field: &str, key: &str, args: TextArgs) -> Self {
        self.faults.insert(field.to_owned(), FieldText { key: key.to_owned(), args });
        self
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// Whether no field has a fault; templates ask `form.faults`.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.faults.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Method, header};
    use serde::Deserialize;

    use super::*;
    use crate::origin::{Scheme, TrustedProxies};

    #[derive(Debug, Deserialize, PartialEq)]
    struct Profile {
        name: String,
        #[serde(default)]
        new_password: String,
    }

    fn request(body: String) -> Request {
        let request = Request::builder()
            .method(Method::POST)
            .header(header::HOST, "localhost:9080")
            .header(header::COOKIE, "portico=secret")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        let mut request = request.expect("a request");
        let peer = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        let trusted = TrustedProxies::default();
        let origin = RequestOrigin::of(peer, Scheme::Http, None, request.headers(), &trusted);
        request.extensions_mut().insert(origin.expect("an origin"));
        request
    }

    async fn check(request: Request) -> Result<(Profile, FormState), Problem> {
        CheckedForm::<Profile>::from_request(request, &()).await.map(CheckedForm::open)
    }

    #[tokio::test]
    async fn a_form_with_its_token_opens_and_keeps_its_values() {
        let body =
            format!("csrf={}&name=Ana+%26+Co&new_password=hunter2&x=1", csrf::token("secret"));
        let (profile, form) = check(request(body)).await.expect("a form");
        assert_eq!(profile, Profile { name: "Ana & Co".into(), new_password: "hunter2".into() });
        assert_eq!(form.value("name"), "Ana & Co");
        let again = serde_json::to_value(form.with_fault(
            "name",
            "fault-too-long",
            TextArgs::new().number("max", 3),
        ));
        let expected = serde_json::json!({
            "values": {"name": "Ana & Co", "x": "1"},
            "faults": {"name": {"key": "fault-too-long", "args": {"max": 3}}},
        });
        assert_eq!(again.expect("JSON"), expected, "neither password nor token is shown again");
    }

    #[tokio::test]
    async fn nothing_opens_a_form_without_its_token() {
        for body in ["name=Ana", "csrf=&name=Ana", "csrf=x&name=Ana", "name=Ana&CSRF=x"] {
            assert_eq!(check(request(body.into())).await, Err(Problem::Forged), "{body}");
        }
        let foreign = format!("csrf={}&name=Ana", csrf::token("other"));
        assert_eq!(check(request(foreign)).await, Err(Problem::Forged));
        let mut elsewhere = request(format!("csrf={}&name=Ana", csrf::token("secret")));
        let site = axum::http::HeaderValue::from_static("cross-site");
        elsewhere.headers_mut().insert("sec-fetch-site", site);
        assert_eq!(check(elsewhere).await, Err(Problem::Forged));
    }

    #[tokio::test]
    async fn what_is_no_form_is_told_apart() {
        let incomplete = format!("csrf={}", csrf::token("secret"));
        assert_eq!(check(request(incomplete)).await, Err(Problem::BadRequest));
        let mut json = request("{}".into());
        let kind = axum::http::HeaderValue::from_static("application/json");
        json.headers_mut().insert(header::CONTENT_TYPE, kind);
        assert_eq!(check(json).await, Err(Problem::UnsupportedType));
        let large = format!("csrf={}&name={}", csrf::token("secret"), "a".repeat(3_000_000));
        assert_eq!(check(request(large)).await, Err(Problem::TooLarge));
    }
}
