//! A request to the control panel, as far as every page needs to know it.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use portico_core::OperatorSecret;
use portico_ui::cookies::{self, CookieKind};
use portico_ui::errors::Problem;
use portico_ui::language::LanguageWishes;
use portico_ui::{BrandFrame, CheckedForm, Frame, Notice, Page, RequestOrigin, ThemeChoice, csrf};
use serde::Deserialize;

use super::answer::{Answer, redirect, with_cookie};
use super::{Staff, paths};
use crate::answers::new_reference;
use crate::state::Shared;

/// The layout of pages of the signed-in.
const SHELL: &str = "layouts/panel.html";

/// The request that is answered.
#[derive(Clone)]
pub struct Here {
    /// What all handlers share.
    pub panel: Shared,
    /// Where the request came to.
    pub origin: RequestOrigin,
    /// Path and query of the page that is shown.
    pub path: String,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
    theme: ThemeChoice,
    csrf: String,
    notice: Option<Notice>,
    chosen_language: Option<String>,
    browser_language: Option<String>,
    secret: Option<OperatorSecret>,
}

impl Here {
    /// Reads the head of a request; `None` before the layer that finds the origin.
    pub fn of(panel: &Shared, parts: &Parts) -> Option<Self> {
        let origin = parts.extensions.get::<RequestOrigin>()?.clone();
        let headers = &parts.headers;
        let fresh = parts.extensions.get::<FormSecret>().map(|secret| csrf::token(&secret.0));
        let text = |name: header::HeaderName, max: usize| -> Option<String> {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.chars().take(max).collect())
        };
        let theme = match CookieKind::Theme.read(headers, &origin).as_deref() {
            Some("light") => ThemeChoice::Light,
            Some("dark") => ThemeChoice::Dark,
            _ => ThemeChoice::Auto,
        };
        Some(Self {
            panel: panel.clone(),
            path: path_of(parts, &origin),
            user_agent: text(header::USER_AGENT, 300),
            theme,
            csrf: csrf::token_of(headers, &origin).or(fresh).unwrap_or_default(),
            notice: cookies::read_notice(headers, &origin),
            chosen_language: CookieKind::Language.read(headers, &origin),
            browser_language: text(header::ACCEPT_LANGUAGE, 500),
            secret: CookieKind::Operator.read(headers, &origin).map(OperatorSecret::new),
            origin,
        })
    }

    /// The secret in the operator's cookie.
    pub fn secret(&self) -> Option<&OperatorSecret> {
        self.secret.as_ref()
    }

    /// The frame of a page that shows nobody's data.
    pub fn frame(&self) -> Frame {
        self.frame_for(None)
    }

    /// The language of a page for an operator.
    pub fn language(&self, staff: Option<&Staff>) -> String {
        let own = staff.and_then(|staff| staff.visit.language.as_ref()).map(|tag| tag.as_str());
        self.panel.ui.negotiate(&LanguageWishes {
            session: self.chosen_language.as_deref(),
            contact: own,
            browser: self.browser_language.as_deref(),
            ..LanguageWishes::default()
        })
    }

    /// The frame of a page in the language and time zone of an operator.
    pub fn frame_for(&self, staff: Option<&Staff>) -> Frame {
        let language = self.language(staff);
        let time_zone = staff.map_or("UTC", |staff| staff.visit.time_zone.as_str());
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        let brand = BrandFrame {
            name: "Portico".to_owned(),
            home_url: paths::HOME.to_owned(),
            theme_css_url: self.panel.ui.asset("css/panel.css").unwrap_or_default(),
            ..BrandFrame::default()
        };
        let mut frame = Frame::new(&language, brand, self.panel.core.now().to_zoned(zone).date());
        frame.csrf = self.csrf.clone();
        frame.path = self.path.clone();
        frame.theme = self.theme;
        frame.time_zone = time_zone.to_owned();
        frame.notice = self.notice.clone();
        frame.shell = SHELL;
        frame
    }

    /// A page that shows nobody's data.
    pub fn page(&self, status: StatusCode, page: &impl Page) -> Answer {
        self.render(status, &self.frame(), page)
    }

    /// A page in a frame; its notice is not shown a second time.
    pub fn render(&self, status: StatusCode, frame: &Frame, page: &impl Page) -> Answer {
        let html = self.panel.ui.render(frame, page);
        let html = html.map_err(|error| error.into_problem(new_reference()))?;
        let response = (status, Html(html)).into_response();
        let shown = frame.notice.as_ref().and_then(|_| CookieKind::Notice.clear(&self.origin));
        Ok(with_cookie(response, shown))
    }

    /// To another page, which shows that something was done: `key` is that of the text and begins
    /// with `notice-`, `kind` is `success`, `info`, `warning` or `danger`.
    pub fn redirect_with_notice(&self, to: &str, kind: &str, key: &str) -> Response {
        let notice = Notice { key: key.to_owned(), kind: kind.to_owned() };
        with_cookie(redirect(to), cookies::set_notice(&self.origin, &notice))
    }
}

impl FromRequestParts<Shared> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, panel: &Shared) -> Result<Self, Problem> {
        Self::of(panel, parts).ok_or(Problem::BadRequest)
    }
}

/// The request's own path, or of a form that of the page on this site that it was sent from.
fn path_of(parts: &Parts, origin: &RequestOrigin) -> String {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let referer = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer.and_then(|referer| referer.strip_prefix(origin.origin().as_str()));
    path.and_then(paths::local).unwrap_or(paths::HOME).to_owned()
}

/// The secret of a visitor who has no cookie yet, for the forms of the page that sets one.
#[derive(Clone)]
struct FormSecret(String);

/// The middleware that gives visitors without any cookie the secret that ties forms to them.
pub async fn give_form_secret(
    State(panel): State<Shared>,
    origin: RequestOrigin,
    mut request: Request,
    next: Next,
) -> Response {
    if csrf::token_of(request.headers(), &origin).is_some() {
        return next.run(request).await;
    }
    let secret = csrf::visitor_secret(panel.core.random());
    request.extensions_mut().insert(FormSecret(secret.clone()));
    let response = next.run(request).await;
    let html = |value: &HeaderValue| value.as_bytes().starts_with(b"text/html");
    if !response.headers().get(header::CONTENT_TYPE).is_some_and(html) {
        return response;
    }
    with_cookie(response, CookieKind::Visitor.set(&origin, secret))
}

/// The form of the switches of language and theme.
#[derive(Deserialize)]
pub struct Choice {
    #[serde(default)]
    language: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

/// POST: another language, or other looks, on this device.
pub async fn choose(here: Here, form: CheckedForm<Choice>) -> Response {
    let choice = form.into_inner();
    let back = paths::local(&choice.back).unwrap_or(paths::HOME);
    let cookie = if here.panel.ui.languages().contains(&choice.language) {
        CookieKind::Language.set(&here.origin, choice.language)
    } else if matches!(choice.theme.as_str(), "auto" | "light" | "dark") {
        CookieKind::Theme.set(&here.origin, choice.theme)
    } else {
        None
    };
    with_cookie(redirect(back), cookie)
}
