//! A site with two organisations, and requests to it.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base64::Engine as _;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use portico_billing::OrganisationId;
use portico_core::domains::DomainSettings;
use portico_core::mail::MailBudget;
use portico_core::{
    ApiKeySecret, Core, CoreParts, Entropy, FixedClock, NewBrand, NewOrganisation, PlainStyles,
    PublicAddress, SealKey,
};
use portico_panel::{KeyRate, PATHS, PanelParts, Readiness, Templates, router};
use portico_testkit::TestDatabase;
use portico_ui::errors::ErrorPage;
use portico_ui::origin::TrustedProxies;
use portico_ui::overrides::{Desk, Overrides, Trial};
use portico_ui::{Ui, UiSettings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// An organisation with a brand and a key.
pub struct Tenant {
    pub id: OrganisationId,
    pub key: ApiKeySecret,
}

/// The site and what is around it.
pub struct Site {
    pub app: Router,
    pub core: Core,
    pub readiness: Readiness,
    /// `acme.example`, portal at `localhost:9080`.
    pub acme: Tenant,
    /// Somebody else.
    pub other: Tenant,
    pub database: TestDatabase,
    /// Folders of the brands' own templates.
    pub templates: TempDir,
}

pub const NOW: &str = "2026-11-20T12:00:00Z";

impl Site {
    pub async fn new() -> Self {
        Self::with(KeyRate::default(), false).await
    }

    pub async fn with(rate: KeyRate, mailbox: bool) -> Self {
        Self::build(rate, mailbox, None, true).await
    }

    /// An installation where domains are proven.
    pub async fn with_domains(domains: DomainSettings) -> Self {
        Self::build(KeyRate::default(), false, Some(domains), true).await
    }

    /// An installation where the API may not change templates.
    pub async fn with_templates_to_look_at() -> Self {
        Self::build(KeyRate::default(), false, None, false).await
    }

    async fn build(
        rate: KeyRate,
        mailbox: bool,
        domains: Option<DomainSettings>,
        edits_templates: bool,
    ) -> Self {
        let templates = TempDir::new().expect("a folder");
        let database = TestDatabase::sqlite().await;
        let clock = Arc::new(FixedClock::at(NOW.parse::<Timestamp>().expect("a time")));
        let core = Core::new(CoreParts {
            store: database.store.clone(),
            clock,
            entropy: Entropy::from_seed([7; 32]),
            seal_key: SealKey::new([9; 32]),
            public_address: PublicAddress {
                local_port: 9_080,
                scheme: "https".to_owned(),
                port: None,
            },
            panel_url: "http://localhost:9090".to_owned(),
            styles: Arc::new(PlainStyles),
            typesetter: portico_typesetter::typeset,
            domains,
            mail_probe: None,
            mail_budget: MailBudget::default(),
            http: portico_testkit::http(),
        });
        let acme = tenant(&core, "Acme", "localhost", "https://acme.example").await;
        let other = tenant(&core, "Other", "other.localhost", "https://other.example").await;
        let readiness = Readiness::default();
        let settings = UiSettings { reload: false, ..UiSettings::new(PATHS) };
        let app = router(PanelParts {
            core: core.clone(),
            ui: Ui::new(settings).expect("the rendering kit"),
            readiness: readiness.clone(),
            mailbox,
            proxies: TrustedProxies::default(),
            rate,
            preview: Some(Arc::new(|it| {
                Ok(format!("{} {:?} {:?}", it.page.word(), it.theme, it.brand))
            })),
            templates: Some(Templates::new(desk(&templates), edits_templates)),
        });
        Self { app, core, readiness, acme, other, database, templates }
    }

    pub async fn with_rate(per_second: u32, burst: u32) -> Self {
        let number = |number| NonZeroU32::new(number).expect("not zero");
        let rate = KeyRate { per_second: number(per_second), burst: number(burst) };
        Self::with(rate, false).await
    }

    /// A request without a key.
    pub fn open(&self, method: Method, path: &str) -> Call {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        Call { app: self.app.clone(), request: builder, body: Body::empty() }
    }

    /// A request with Acme's key.
    pub fn call(&self, method: Method, path: &str) -> Call {
        self.open(method, path).header("x-api-key", &self.acme.key.expose())
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// The lines of the audit log that say so. Here all are of the same moment.
    pub async fn noted(&self, action: &str) -> Vec<Value> {
        let log = self.get("/api/v1/audit-log?limit=200").send().await.json();
        let lines = log["data"].as_array().expect("lines").iter();
        lines.filter(|line| line["action"] == action).cloned().collect()
    }

    /// A customer of Acme's.
    pub async fn customer(&self, external_id: &str, email: &str) -> Value {
        let body = json!({ "external_id": external_id, "name": "Ana", "email": email });
        let answer = self.post("/api/v1/customers", &body).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()
    }
}

/// What looks after the templates in this folder. One page stands for all of the portal.
fn desk(folder: &TempDir) -> Arc<Desk> {
    let overrides = Overrides::in_folder(folder.path().to_owned());
    let settings = UiSettings {
        reload: false,
        ..UiSettings::new(&[("theme", "/theme"), ("language", "/language")])
    };
    let ui = Ui::with_overrides(settings, overrides).expect("the rendering kit");
    let try_out = |trial: &Trial| match trial.files() {
        faults if faults.is_empty() => trial.page::<ErrorPage>(),
        faults => faults,
    };
    Arc::new(Desk::of(ui, Arc::new(try_out)).expect("a desk"))
}

async fn tenant(core: &Core, name: &str, host: &str, home: &str) -> Tenant {
    let new = NewOrganisation {
        name: name.to_owned(),
        legal_name: None,
        email: None,
        phone: None,
        address: portico_billing::account::Address::default(),
        tax_ids: Vec::new(),
        time_zone: "Europe/Madrid".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        created_at: None,
    };
    let organisation = core.create_organisation(new).await.expect("an organisation");
    let language = "en".parse().expect("a language");
    let mut brand = NewBrand::new(name, vec![host.to_owned()], language);
    brand.return_origins = vec![home.to_owned().try_into().expect("an origin")];
    brand.home_url = Some(home.to_owned());
    core.create_brand(organisation.id, brand).await.expect("a brand");
    let key = core.create_api_key(organisation.id, "tests", None).await.expect("a key");
    Tenant { id: organisation.id, key }
}

/// A request in the making.
pub struct Call {
    app: Router,
    request: axum::http::request::Builder,
    body: Body,
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some(headers) = self.request.headers_mut() {
            let name: header::HeaderName = name.parse().expect("a header name");
            headers.insert(name, value.parse().expect("a header value"));
        }
        self
    }

    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        if let Some(extensions) = self.request.extensions_mut() {
            extensions.insert(value);
        }
        self
    }

    pub fn basic(self, user: &str, password: &str) -> Self {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        self.header("authorization", &format!("Basic {text}"))
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn raw(mut self, kind: &str, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }

    pub async fn send(self) -> Answer {
        let request = self.request.body(self.body).expect("a request");
        let response = self.app.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// Where the links of a page lead.
    pub fn links(&self) -> Vec<String> {
        self.attributes("a[href]", "href")
    }

    /// An attribute of the elements of a page that have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        let html = scraper::Html::parse_document(&self.text);
        html.select(&selector).filter_map(|it| it.attr(name)).map(str::to_owned).collect()
    }

    /// Checks that it is a problem of this type and names these fields.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, slug: &str, fields: &[&str]) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let body = self.json();
        assert_eq!(body["type"], format!("/api/docs#problem-{slug}"), "{body}");
        assert_eq!(body["status"], status);
        assert!(body["title"].is_string() && body["detail"].is_string(), "{body}");
        let named: Vec<&str> = body["errors"]
            .as_array()
            .map(|errors| errors.iter().filter_map(|error| error["field"].as_str()).collect())
            .unwrap_or_default();
        assert_eq!(named, fields, "{body}");
    }
}
