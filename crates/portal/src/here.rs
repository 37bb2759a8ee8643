//! A request, as far as every page needs to know it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::LanguageTag;
use portico_billing::brand::Brand;
use portico_core_api::{Forward, Origin, Refusal, SessionSecret, SignedIn, Visit};
use portico_ui::cookies::{self, CookieKind};
use portico_ui::errors::Problem;
use portico_ui::headers::BrandContent;
use portico_ui::language::LanguageWishes;
use portico_ui::{BrandFrame, Frame, Notice, Page, RequestOrigin, ScriptFrame, ThemeChoice, csrf};
use url::Url;

use crate::answer::{Answer, redirect, with_cookie};
use crate::brand::Prepared;
use crate::refusal::Stop;
use crate::visitor::FormSecret;
use crate::{Portal, entry, paths, preferences};

/// Notices that a page may show. The cookie that carries their key can be written by anybody.
const NOTICES: [&str; 17] = [
    "notice-profile-saved",
    "notice-email-change-sent",
    "notice-email-confirmed",
    "notice-company-saved",
    "notice-address-saved",
    "notice-tax-ids-saved",
    "notice-password-changed",
    "notice-password-reset",
    "notice-password-due",
    "notice-session-ended",
    "notice-sessions-ended",
    "notice-nothing-selected",
    "notice-too-many-selected",
    "notice-too-many-to-pay",
    "notice-statement-not-made",
    "notice-welcome",
    "notice-sign-up-known",
];

/// The request that is answered, on the brand that it came to.
#[derive(Clone)]
pub(crate) struct Here {
    pub portal: Portal,
    pub brand: Arc<Brand>,
    /// The brand with what pages need of it.
    pub site: Arc<Prepared>,
    pub origin: RequestOrigin,
    /// Path and query of the page that is shown. A form cannot be fetched again, the page that it
    /// stood on can.
    pub path: String,
    pub theme: ThemeChoice,
    session: Option<SessionSecret>,
    csrf: String,
    notice: Option<Notice>,
    chosen_language: Option<String>,
    /// Of the link, or of the session that ended, that the page is about.
    link_language: Option<String>,
    browser_language: Option<String>,
    user_agent: Option<String>,
    /// Whether a script asks, and not somebody who opens a page.
    is_fetched: bool,
}

impl Here {
    /// Reads the head of a request; `None` before the layers that find origin and brand.
    pub fn of(portal: &Portal, parts: &Parts) -> Option<Self> {
        let origin = parts.extensions.get::<RequestOrigin>()?.clone();
        let site = Arc::clone(parts.extensions.get::<Arc<Prepared>>()?);
        let headers = &parts.headers;
        let fresh = parts.extensions.get::<FormSecret>().map(|secret| csrf::token(&secret.0));
        Some(Self {
            portal: portal.clone(),
            brand: Arc::clone(&site.brand),
            site,
            path: path_of(parts, &origin),
            theme: preferences::read_theme(headers, &origin),
            session: CookieKind::Session.read(headers, &origin).map(SessionSecret::new),
            csrf: csrf::token_of(headers, &origin).or(fresh).unwrap_or_default(),
            notice: cookies::read_notice(headers, &origin)
                .filter(|notice| NOTICES.contains(&notice.key.as_str())),
            chosen_language: preferences::read_language(headers, &origin),
            link_language: None,
            browser_language: text(headers, &header::ACCEPT_LANGUAGE, 500),
            user_agent: text(headers, &header::USER_AGENT, 300),
            is_fetched: headers.get("sec-fetch-dest").is_some_and(|value| value == "empty"),
            origin,
        })
    }

    /// The secret in the session cookie.
    pub fn session(&self) -> Option<&SessionSecret> {
        self.session.as_ref()
    }

    /// The live session, where there is one.
    pub async fn visit(&self) -> Result<Option<Visit>, Stop> {
        let Some(secret) = self.session() else { return Ok(None) };
        match self.portal.core().visit(self.brand.id, secret, self.origin.address()).await {
            Ok(visit) => Ok(Some(visit)),
            Err(Refusal::SignedOut { .. } | Refusal::NotFound) => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The same request in the language of a link that was followed, or of a session that ended.
    pub fn with_link_language(mut self, language: Option<&LanguageTag>) -> Self {
        self.link_language = language.map(ToString::to_string);
        self
    }

    /// What rate limits and the list of sessions need.
    pub fn client(&self) -> Origin {
        Origin { address: self.origin.address(), user_agent: self.user_agent.clone() }
    }

    /// The site as the visitor's browser knows it, for those who lead back to it.
    pub fn site(&self) -> Result<Url, Problem> {
        self.origin.origin().parse().map_err(|_| Problem::BadRequest)
    }

    /// The language to answer in: what was chosen on this device, the visit's or before there is
    /// one the link's, the browser's.
    pub fn language(&self, visit: Option<&Visit>) -> String {
        let visit = visit.and_then(|visit| visit.language.as_ref()).map(|tag| tag.as_str());
        self.portal.ui().negotiate(&LanguageWishes {
            session: self.chosen_language.as_deref(),
            contact: visit.or(self.link_language.as_deref()),
            browser: self.browser_language.as_deref(),
            brand: Some(self.brand.default_language.as_str()),
        })
    }

    /// Today in a time zone, in UTC where it is unknown.
    pub fn today(&self, time_zone: &str) -> Date {
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        self.portal.now().to_zoned(zone).date()
    }

    /// The frame of a page that shows nobody's data.
    pub fn frame(&self) -> Frame {
        self.frame_for(None)
    }

    /// The frame of a page in the language and time zone of a visit.
    pub fn frame_for(&self, visit: Option<&Visit>) -> Frame {
        let home = visit.and_then(|visit| visit.return_url.clone());
        let time_zone = visit.map_or("UTC", |visit| visit.time_zone.as_str());
        let mut brand = self.site.frame.clone();
        brand.home_url = home.unwrap_or(brand.home_url);
        let mut frame = Frame::new(&self.language(visit), brand, self.today(time_zone));
        frame.csrf = self.csrf.clone();
        frame.path = self.path.clone();
        frame.theme = self.theme;
        frame.time_zone = time_zone.to_owned();
        frame.notice = self.notice.clone();
        frame.is_embedded = self.origin.is_embedded();
        frame.own_texts = self.site.own_texts.clone();
        frame
    }

    /// A page that shows nobody's data.
    pub fn page(&self, page: &impl Page) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// The same with another status.
    pub fn page_with(&self, status: StatusCode, page: &impl Page) -> Answer {
        self.render(status, &self.frame(), page)
    }

    /// A page in a frame; its notice is not shown a second time.
    pub fn render<P: Page>(&self, status: StatusCode, frame: &Frame, page: &P) -> Answer {
        let content = self.brand_content::<P>(frame);
        let is_kept = !P::RUNS_BRAND_SCRIPT && self.site.script.is_some();
        if is_kept && self.is_fetched {
            // The brand's script, on another page, is not to read this one.
            return Err(Problem::Forbidden.into());
        }
        let scripted = match &content {
            None => is_kept.then(|| kept(frame)),
            Some(content) => self.scripted(frame, content),
        };
        let html = self
            .portal
            .ui()
            .render(scripted.as_ref().unwrap_or(frame), page)
            .map_err(|error| error.into_problem(self.portal.reference()))?;
        let mut response = (status, Html(html)).into_response();
        if let Some(content) = content {
            response.extensions_mut().insert(content);
        }
        let shown = frame.notice.as_ref().and_then(|_| CookieKind::Notice.clear(&self.origin));
        Ok(with_cookie(response, shown))
    }

    /// What the brand may load on a page: nothing where there is nobody, or something to keep from
    /// it. No script runs while one of the organisation's people looks in.
    fn brand_content<P: Page>(&self, frame: &Frame) -> Option<BrandContent> {
        let takes = P::RUNS_BRAND_SCRIPT && frame.visitor.is_some();
        let runs = takes && frame.staff.is_none() && self.site.script.is_some();
        let nonce = || URL_SAFE_NO_PAD.encode(&self.portal.entropy()[..16]);
        takes.then(|| BrandContent { nonce: runs.then(nonce) })
    }

    /// The frame with the brand's script, on pages that run it.
    fn scripted(&self, frame: &Frame, content: &BrandContent) -> Option<Frame> {
        let nonce = content.nonce.clone()?;
        let script = ScriptFrame { nonce, ..self.site.script.clone()? };
        let brand = BrandFrame { script: Some(script), ..frame.brand.clone() };
        Some(Frame { brand, ..frame.clone() })
    }

    /// To another page, which shows that something was done.
    pub fn redirect_with_notice(&self, to: &str, kind: &str, key: &str) -> Response {
        let notice = Notice { key: key.to_owned(), kind: kind.to_owned() };
        with_cookie(redirect(to), cookies::set_notice(&self.origin, &notice))
    }

    /// Gives the browser its new session, ends the one before, and opens the page that was asked
    /// for: `next`, else the one that the session is for.
    pub async fn begin_session(&self, signed_in: SignedIn, next: &str) -> Answer {
        let secret = signed_in.secret.expose().to_owned();
        let Some(cookie) = CookieKind::Session.set(&self.origin, secret) else {
            return self.page_with(StatusCode::FORBIDDEN, &entry::InsecurePage {});
        };
        if let Some(old) = self.session() {
            // It may be over already; nothing depends on it any more.
            let _ = self.portal.core().sign_out(old).await;
        }
        let to = match (signed_in.forward, paths::local(next)) {
            (Forward::Accounts, _) => paths::accounts(next),
            (_, Some(next)) => next.to_owned(),
            (forward, None) => entry::forward_path(&forward),
        };
        Ok(with_cookie(redirect(&to), Some(cookie)))
    }
}

/// The frame of a page that no script may fetch, not even our own.
fn kept(frame: &Frame) -> Frame {
    let brand = BrandFrame { is_never_fetched: true, ..frame.brand.clone() };
    Frame { brand, ..frame.clone() }
}

/// The request's own path, or of a form that of the page on this site that it was sent from.
fn path_of(parts: &Parts, origin: &RequestOrigin) -> String {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let referer = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer.and_then(|referer| referer.strip_prefix(origin.origin().as_str()));
    path.and_then(paths::local).unwrap_or(paths::OVERVIEW).to_owned()
}

fn text(headers: &HeaderMap, name: &HeaderName, chars_max: usize) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.chars().take(chars_max).collect())
}

impl FromRequestParts<Portal> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Problem> {
        Self::of(portal, parts).ok_or(Problem::BadRequest)
    }
}
