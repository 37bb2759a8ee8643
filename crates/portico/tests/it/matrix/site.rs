//! The portal on a real core: two organisations, one of them with two brands, and requests to them.

use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use portico_billing::account::{Address, TaxId};
use portico_billing::{BrandId, OrganisationId, SessionId};
use portico_core::mail::MailBudget;
use portico_core::records::{Record, RecordKey, Target, parse_input};
use portico_core::{
    Caller, Clock, Core, CoreParts, CustomerRef, Entropy, FixedClock, NewBrand, NewOrganisation,
    NewPortalSession, PlainStyles, PublicAddress, SealKey,
};
use portico_core_api::{CoreApi, Origin};
use portico_portal::PortalParts;
use portico_testkit::TestDatabase;
use portico_ui::limits::Limits;
use portico_ui::origin::TrustedProxies;
use portico_ui::{Ui, UiSettings};
use serde_json::Value;
use tower::ServiceExt as _;

/// An organisation, to make records in.
pub struct Tenant {
    /// Stands in every text of this organisation, and in no other's.
    pub canary: String,
    pub id: OrganisationId,
    pub caller: Caller,
}

/// A brand and the host it answers on.
#[derive(Clone, Copy)]
pub struct Place {
    pub id: BrandId,
    pub host: &'static str,
}

/// The portal and what is around it.
pub struct Site {
    pub app: Router,
    pub core: Core,
    clock: Arc<FixedClock>,
    pub acme: Tenant,
    pub north: Place,
    /// The other brand of the same organisation.
    pub south: Place,
    pub rival: Tenant,
    pub rival_place: Place,
    _database: TestDatabase,
}

/// A live session: what the browser holds, and where.
#[derive(Clone)]
pub struct Session {
    pub host: &'static str,
    pub cookie: String,
    pub id: SessionId,
}

impl Site {
    pub async fn on(database: TestDatabase) -> Self {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().expect("a time");
        let clock = Arc::new(FixedClock::at(now));
        let core = Core::new(CoreParts {
            store: database.store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Entropy::from_seed([7; 32]),
            seal_key: SealKey::new([9; 32]),
            public_address: PublicAddress {
                local_port: 9080,
                scheme: "https".to_owned(),
                port: None,
            },
            panel_url: "http://localhost:9090".to_owned(),
            styles: Arc::new(PlainStyles),
            typesetter: portico_typesetter::typeset,
            domains: None,
            mail_probe: None,
            mail_budget: MailBudget::default(),
            http: portico_testkit::http(),
        });
        let acme = tenant(&core, "acme").await;
        let rival = tenant(&core, "rival").await;
        Self {
            north: place(&core, &acme, "north.localhost").await,
            south: place(&core, &acme, "south.localhost").await,
            rival_place: place(&core, &rival, "rival.localhost").await,
            app: portal(&core, &clock),
            core,
            clock,
            acme,
            rival,
            _database: database,
        }
    }

    pub fn wait(&self, hours: i64) {
        self.clock.set(self.clock.now() + SignedDuration::from_hours(hours));
    }

    /// As long as the portal keeps a brand without asking for it again.
    pub fn wait_a_moment(&self) {
        self.clock.set(self.clock.now() + SignedDuration::from_secs(2));
    }

    pub async fn save<R: Record>(&self, tenant: &Tenant, input: Value) -> R::Output {
        let input = parse_input::<R>(input).expect("an input");
        let saved =
            self.core.save_record::<R>(&Caller::system(tenant.id), Target::New, input).await;
        saved.expect("a saved record").output
    }

    /// The contact's session, by a link of the organisation's software.
    pub async fn enter(&self, tenant: &Tenant, place: Place, contact: &str) -> Session {
        let new = NewPortalSession::of(CustomerRef::Contact(RecordKey::new(contact)));
        let created = self.core.create_portal_session(&tenant.caller, new).await;
        let created = created.expect("a session");
        let entered = self.core.enter_by_session_link(place.id, &created.link, client()).await;
        let secret = entered.expect("a visit").secret;
        let cookie = format!("portico={}", secret.expose());
        Session { host: place.host, cookie, id: created.id }
    }

    /// A request to a host.
    pub fn ask(&self, method: Method, host: &str, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(path).header(header::HOST, host);
        Ask { app: self.app.clone(), request, body: Body::empty() }
    }

    /// A page, asked for by the holder of a session.
    pub async fn get(&self, session: &Session, path: &str) -> Answer {
        self.ask(Method::GET, session.host, path).cookie(&session.cookie).send().await
    }

    /// A form, sent by the holder of a session with the token of its pages.
    pub async fn post(&self, session: &Session, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get(session, "/profile").await.form_token();
        let ask = self.ask(Method::POST, session.host, path).cookie(&session.cookie);
        ask.form(&token, fields).send().await
    }
}

async fn tenant(core: &Core, name: &str) -> Tenant {
    let canary = format!("organisation-{name}");
    let text = || Some(canary.clone());
    let address = Address {
        line1: text(),
        line2: text(),
        city: text(),
        region: text(),
        postal_code: text(),
        country: Some("ES".parse().expect("a country")),
    };
    let new = NewOrganisation {
        name: canary.clone(),
        legal_name: Some(format!("{canary} Ltd")),
        email: Some(format!("{canary}@example.com").parse().expect("an address")),
        phone: text(),
        address,
        tax_ids: vec![TaxId { kind: "eu_vat".to_owned(), value: canary.clone() }],
        time_zone: "Europe/Madrid".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        created_at: None,
    };
    let id = core.create_organisation(new).await.expect("an organisation").id;
    let key = core.create_api_key(id, "tests", None).await.expect("a key").expose();
    let caller = core.authenticate_api_key(&key).await.expect("an answer").expect("a caller");
    Tenant { canary, id, caller }
}

async fn place(core: &Core, tenant: &Tenant, host: &'static str) -> Place {
    let new = NewBrand::new(host, vec![host.to_owned()], "en".parse().expect("a language"));
    let id = core.create_brand(tenant.id, new).await.expect("a brand").id;
    Place { id, host }
}

fn portal(core: &Core, clock: &Arc<FixedClock>) -> Router {
    let (clock, entropy) = (Arc::clone(clock), Entropy::from_seed([8; 32]));
    let settings = UiSettings { reload: false, ..UiSettings::new(portico_portal::PATHS) };
    portico_portal::router(PortalParts {
        core: Arc::new(core.clone()),
        ui: Ui::new(settings).expect("the rendering kit"),
        now: Arc::new(move || clock.now()),
        entropy: Arc::new(move || entropy.bytes()),
        trusted_proxies: TrustedProxies::default(),
        limits: Limits::default(),
    })
}

fn client() -> Origin {
    Origin { address: "192.0.2.1".parse().expect("an address"), user_agent: None }
}

/// A request in the making.
pub struct Ask {
    app: Router,
    request: axum::http::request::Builder,
    body: Body,
}

impl Ask {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    /// The fields of a form, and the token that says whose form it is; none where it is empty.
    pub fn form(self, token: &str, fields: &[(&str, &str)]) -> Self {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        if !token.is_empty() {
            body.append_pair("csrf", token);
        }
        let body = body.finish().into();
        Self { body, ..self.header("content-type", "application/x-www-form-urlencoded") }
    }

    pub async fn send(self) -> Answer {
        let request = self.request.body(self.body).expect("a request");
        let response = self.app.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// All that can be read in it.
    pub fn text(&self) -> String {
        readable(&self.bytes)
    }

    /// The token of the page's forms.
    pub fn form_token(&self) -> String {
        crate::page::form_token(&self.text())
    }

    /// Whether it is what somebody without a session gets: a way to sign in, and no more.
    pub fn leads_to_sign_in(&self) -> bool {
        match self.status {
            StatusCode::SEE_OTHER => self.header("location").starts_with("/sign-in"),
            StatusCode::UNAUTHORIZED => {
                let links = crate::page::links(&self.text());
                links.iter().any(|link| link.starts_with("/sign-in"))
            }
            _ => false,
        }
    }

    pub fn is_page(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }
}

/// All that can be read in a file. A workbook and an archive are ZIP files of other files; what a
/// PDF shows is packed, what it says of itself is not.
fn readable(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if bytes.starts_with(b"%PDF-") {
        text.push_str(&printed_text(bytes).unwrap_or_default());
    } else if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) {
        text.clear();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).expect("a file in the archive");
            text.push_str(&file.name().expect("its name"));
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("its content");
            text.push_str(&readable(&content));
        }
    }
    text
}

/// What is printed in a PDF, as it stands there and without any gaps, because words may be broken;
/// nothing where poppler is not installed.
fn printed_text(pdf: &[u8]) -> Option<String> {
    let started = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut reader) = started else {
        eprintln!("not searched: a PDF; install poppler-utils");
        return None;
    };
    let mut stdin = reader.stdin.take().expect("a pipe");
    stdin.write_all(pdf).expect("written");
    drop(stdin);
    let output = reader.wait_with_output().expect("the text");
    assert!(output.status.success(), "no PDF");
    let text = String::from_utf8_lossy(&output.stdout).replace('\u{200b}', "");
    let gapless: String = text.split_whitespace().collect();
    Some(format!("{text}\n{gapless}"))
}

/// Whether [`Answer::text`] reads PDFs here.
pub fn reads_pdfs() -> bool {
    Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status().is_ok()
}
