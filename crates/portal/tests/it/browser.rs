//! A browser for tests: it keeps cookies, fills in the token of forms, and follows nothing by
//! itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::Timestamp;
use portico_portal::{PATHS, PortalParts, router};
use portico_ui::limits::Limits;
use portico_ui::origin::{Scheme, TrustedProxies};
use portico_ui::{Ui, UiSettings};
use scraper::{Html, Selector};
use tower::ServiceExt;

use crate::fake::{Fake, Person};

/// An answer, whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The texts of all elements that a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        let text = |element: scraper::ElementRef<'_>| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        document.select(&selector).map(text).collect()
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        let value = |element: scraper::ElementRef<'_>| element.attr(name).map(str::to_owned);
        document.select(&selector).filter_map(value).collect()
    }
}

/// The browser, at one host.
pub struct Browser {
    router: Router,
    pub core: Arc<Fake>,
    pub host: &'static str,
    pub scheme: Scheme,
    pub headers: Vec<(&'static str, String)>,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new() -> Self {
        let core = Arc::new(Fake::default());
        let settings = UiSettings { reload: false, ..UiSettings::new(PATHS) };
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let parts = PortalParts {
            core: core.clone(),
            ui: Ui::new(settings).unwrap(),
            now: Arc::new(move || now),
            entropy: Arc::new(|| [7; 32]),
            trusted_proxies: TrustedProxies::default(),
            limits: Limits::default(),
        };
        Self {
            router: router(parts),
            core,
            host: "localhost",
            scheme: Scheme::Http,
            headers: Vec::new(),
            cookies: BTreeMap::new(),
        }
    }

    /// A browser in which somebody is signed in.
    pub fn signed_in(person: Person) -> Self {
        let mut browser = Self::new();
        let secret = browser.core.add_session(person);
        browser.cookies.insert("portico".to_owned(), secret);
        browser
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }

    pub async fn head(&mut self, path: &str) -> Answer {
        self.send("HEAD", path, Body::empty()).await
    }

    /// Sends a form without its token.
    pub async fn post_forged(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, Body::from(body)).await
    }

    /// Sends a form with the token of a page that the browser has seen.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get("/signed-out").await;
        let token = page.attributes("input[name=csrf]", "value").remove(0);
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        self.post_forged(path, &fields).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", self.host);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(self.scheme);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() || text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
