//! What the bench asks over HTTP.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::server::Server;

/// An answer.
pub struct Answer {
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Asks for a page.
pub fn get(url: &str, cookie: Option<&str>) -> anyhow::Result<Answer> {
    let mut request = ureq::get(url);
    if let Some(cookie) = cookie {
        request = request.header("Cookie", cookie);
    }
    let mut response = request.call()?;
    ensure!(response.status() == 200, "{url}: {}", response.status());
    Ok(Answer { body: response.body_mut().with_config().limit(64 << 20).read_to_vec()? })
}

/// The Management API.
pub struct Api {
    base: String,
    key: String,
}

impl Api {
    /// With a key of the organisation.
    pub fn new(server: &Server, key: &str) -> Self {
        Self { base: format!("{}/api/v1", server.panel()), key: key.to_owned() }
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let mut response = ureq::post(format!("{}{path}", self.base))
            .config()
            .http_status_as_error(false)
            .build()
            .header("X-API-KEY", &self.key)
            .send_json(body)?;
        let status = response.status();
        let answer: Value = response.body_mut().with_config().limit(64 << 20).read_json()?;
        ensure!(status.is_success(), "{path}: {status}: {answer}");
        Ok(answer)
    }

    /// Opens a session; the answer is its link.
    pub fn open_session(&self, customer: &str) -> anyhow::Result<String> {
        let answer = self.post("/portal-sessions", &json!({ "customer_id": customer }))?;
        Ok(answer["url"].as_str().context("a link")?.to_owned())
    }

    /// Follows a session link; the answer is the cookie.
    pub fn sign_in(&self, customer: &str) -> anyhow::Result<String> {
        let link = self.open_session(customer)?;
        let response = ureq::get(&link).config().max_redirects(0).build().call()?;
        let cookies = response.headers().get_all("set-cookie");
        let session = cookies
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .find(|cookie| cookie.starts_with("portico="))
            .context("a session cookie")?;
        Ok(session.to_owned())
    }

    /// Some invoice of a customer.
    pub fn first_invoice(&self, customer: &str) -> anyhow::Result<String> {
        let url = format!("{}/invoices?customer_id={customer}&limit=1", self.base);
        let mut response = ureq::get(&url).header("X-API-KEY", &self.key).call()?;
        let answer: Value = response.body_mut().read_json()?;
        Ok(answer["data"][0]["id"].as_str().context("an invoice")?.to_owned())
    }
}
