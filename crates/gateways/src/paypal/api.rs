//! Speaking to PayPal: the token that each request carries, and requests as JSON.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderName};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::fault::{Fault, Trouble};
use crate::http::Answer;
use crate::{GatewayError, Http};

/// How long before its end a token is not used any more: longer than a request may take.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

const REQUEST_ID: HeaderName = HeaderName::from_static("paypal-request-id");
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The client of one account. It has secrets: it is never printed.
pub(super) struct Api {
    http: Http,
    base: String,
    client_id: String,
    client_secret: String,
    /// Locked while it is renewed, so that there is one renewal at a time.
    token: Mutex<Option<Token>>,
}

struct Token {
    text: String,
    scope: Option<String>,
    /// By the runtime's clock: that of the wall is not known here, and can be set.
    good_until: Instant,
}

/// <https://developer.paypal.com/api/rest/authentication/>
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
    scope: Option<String>,
}

/// A request, ready to be sent more than once.
struct Ask<'a> {
    method: Method,
    path: &'a str,
    key: Option<&'a str>,
    body: Option<Vec<u8>>,
}

impl Api {
    /// `client` is identifier and secret.
    pub(super) fn new(http: Http, base: String, client: (&str, &str)) -> Self {
        Self {
            http,
            base,
            client_id: client.0.to_owned(),
            client_secret: client.1.to_owned(),
            token: Mutex::new(None),
        }
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Trouble> {
        read(&self.call(Ask { method: Method::GET, path, key: None, body: None }).await?)
    }

    /// Posts; a request of the same `key` is done once, for as long as PayPal keeps keys.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, Trouble> {
        let body =
            serde_json::to_vec(body).map_err(|error| GatewayError::NotSent(error.to_string()))?;
        read(&self.call(Ask { method: Method::POST, path, key, body: Some(body) }).await?)
    }

    pub(super) async fn delete(&self, path: &str) -> Result<(), Trouble> {
        let ask = Ask { method: Method::DELETE, path, key: None, body: None };
        check(&self.call(ask).await?)
    }

    /// Gets a new token, and tells what it is good for, where PayPal says so.
    pub(super) async fn renew(&self) -> Result<Option<String>, GatewayError> {
        let mut kept = self.token.lock().await;
        let fresh = self.grant().await?;
        let scope = fresh.scope.clone();
        *kept = Some(fresh);
        Ok(scope)
    }

    /// Sends. A token that PayPal does not take any more is renewed once.
    async fn call(&self, ask: Ask<'_>) -> Result<Answer, GatewayError> {
        let token = self.token(None).await?;
        let answer = self.send(&ask, &token).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.token(Some(&token)).await?;
        self.send(&ask, &token).await
    }

    async fn send(&self, ask: &Ask<'_>, token: &str) -> Result<Answer, GatewayError> {
        let url = format!("{}{}", self.base, ask.path);
        let mut request = self.http.request(ask.method.clone(), &url)?.bearer_auth(token);
        if let Some(key) = ask.key {
            request = request.header(REQUEST_ID, key).header(PREFER, "return=representation");
        }
        if let Some(body) = &ask.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        self.http.send(request).await
    }

    /// The token that is kept, or a new one where it is over, or is the one that was `spent`.
    async fn token(&self, spent: Option<&str>) -> Result<String, GatewayError> {
        let mut kept = self.token.lock().await;
        let serves = |token: &&Token| {
            spent != Some(token.text.as_str()) && Instant::now() < token.good_until
        };
        if let Some(token) = kept.as_ref().filter(serves) {
            return Ok(token.text.clone());
        }
        let fresh = self.grant().await?;
        let text = fresh.text.clone();
        *kept = Some(fresh);
        Ok(text)
    }

    /// A new token. Whatever goes wrong here, the request that it was for has not been sent.
    async fn grant(&self) -> Result<Token, GatewayError> {
        let asked_at = Instant::now();
        let url = format!("{}/v1/oauth2/token", self.base);
        let request = self
            .http
            .request(Method::POST, &url)?
            .basic_auth(&self.client_id, Some(&self.client_secret))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let granted = match self.http.send(request).await {
            Ok(answer) => read::<Granted>(&answer).map_err(GatewayError::from),
            Err(error) => Err(error),
        };
        let granted = granted.map_err(|error| match error {
            GatewayError::Unknown(why) => GatewayError::NotSent(format!("no token: {why}")),
            other => other,
        })?;
        let life = Duration::from_secs(granted.expires_in).saturating_sub(TOKEN_MARGIN);
        Ok(Token {
            text: granted.access_token,
            scope: granted.scope,
            good_until: asked_at.checked_add(life).unwrap_or(asked_at),
        })
    }
}

fn check(answer: &Answer) -> Result<(), Trouble> {
    if answer.status.is_success() {
        return Ok(());
    }
    if answer.status.is_client_error() {
        return Err(Trouble::Fault(Fault::of(answer)));
    }
    Err(GatewayError::Unknown(format!("status {}", answer.status)).into())
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Trouble> {
    check(answer)?;
    Ok(answer.json()?)
}

/// An identifier of PayPal's, to be put into a path.
///
/// # Errors
/// `Refused` where it is none, and would make another path.
pub(super) fn part(id: &str) -> Result<&str, GatewayError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !id.is_empty() && id.len() <= 255 && id.bytes().all(fits) {
        return Ok(id);
    }
    Err(GatewayError::Refused {
        code: "INVALID_RESOURCE_ID".to_owned(),
        message: "not an identifier of PayPal's".to_owned(),
    })
}
