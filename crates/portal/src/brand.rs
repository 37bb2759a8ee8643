//! The brand of a request, found by its host, and its looks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use portico_billing::AssetId;
use portico_billing::brand::Brand;
use portico_core_api::Refusal;
use portico_ui::errors::{self, Problem};
use portico_ui::language::LanguageWishes;
use portico_ui::theme::ThemeTokens;
use portico_ui::{BrandFrame, Frame, RequestOrigin};

use crate::answer::Answer;
use crate::here::Here;
use crate::{Portal, paths};

/// How long a brand is not asked for again, so that changes show at once.
const KEPT_FOR: SignedDuration = SignedDuration::from_secs(1);
/// Hosts that are remembered; strangers may send any host.
const KEPT_MAX: usize = 1_000;

/// Brands by host, for a second.
#[derive(Default)]
pub(crate) struct Brands(Mutex<HashMap<String, Kept>>);

struct Kept {
    brand: Option<Arc<Brand>>,
    since: Timestamp,
}

impl Brands {
    fn get(&self, host: &str, now: Timestamp) -> Option<Option<Arc<Brand>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(host)?;
        let age = now.duration_since(found.since);
        (!age.is_negative() && age < KEPT_FOR).then(|| found.brand.clone())
    }

    fn keep(&self, host: &str, brand: Option<Arc<Brand>>, now: Timestamp) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(host.to_owned(), Kept { brand, since: now });
    }
}

/// The middleware that finds the brand. An unknown host gets a page that names no brand.
pub(crate) async fn find(
    State(portal): State<Portal>,
    origin: RequestOrigin,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let problem = match by_host(&portal, origin.host()).await {
        Ok(Some(brand)) => {
            parts.extensions.insert(brand);
            return next.run(Request::from_parts(parts, body)).await;
        }
        Ok(None) => Problem::UnknownHost,
        Err(Refusal::Unavailable { reference }) => Problem::Unavailable { reference },
        Err(_) => Problem::Unavailable { reference: portal.reference() },
    };
    errors::page(portal.ui(), &nameless_frame(&portal, &parts), &problem)
}

async fn by_host(portal: &Portal, host: &str) -> Result<Option<Arc<Brand>>, Refusal> {
    let now = portal.now();
    if let Some(kept) = portal.0.brands.get(host, now) {
        return Ok(kept);
    }
    let brand = portal.core().brand_by_host(host).await?.map(Arc::new);
    portal.0.brands.keep(host, brand.clone(), now);
    Ok(brand)
}

/// The frame of pages where no brand is known: it shows the host that was asked for.
pub(crate) fn nameless_frame(portal: &Portal, parts: &Parts) -> Frame {
    let browser = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = portal.ui().negotiate(&LanguageWishes { browser, ..LanguageWishes::default() });
    let host = parts.extensions.get::<RequestOrigin>().map_or("", RequestOrigin::host);
    let brand = BrandFrame {
        name: host.to_owned(),
        home_url: paths::OVERVIEW.to_owned(),
        theme_css_url: portal.ui().asset("css/portico.css").unwrap_or_default(),
        ..BrandFrame::default()
    };
    Frame::new(&language, brand, portal.now().to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// What pages show of a brand. `home_url` is where its logo leads.
pub(crate) fn frame(brand: &Brand, home_url: Option<&str>) -> BrandFrame {
    let theme = &brand.theme;
    let version = format!("{}-{}", theme.accent.trim_start_matches('#'), theme.radius_px);
    BrandFrame {
        name: brand.name.clone(),
        home_url: home_url.or(brand.home_url.as_deref()).unwrap_or(paths::OVERVIEW).to_owned(),
        logo_url: theme.logo.map(|id| paths::BRAND_LOGO.replace("{id}", &id.to_string())),
        theme_css_url: format!("{}?v={version}", paths::BRAND_THEME),
        footer: brand.footer.clone(),
        support_url: brand.support_url.clone(),
        support_email: brand.support_email.clone(),
    }
}

/// GET: the brand's style sheet. Its address changes with it, so that it may be kept.
pub(crate) async fn theme(here: Here) -> Response {
    let css = ThemeTokens::of(&here.brand.theme).css();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    (headers, css).into_response()
}

/// GET: the brand's logo.
pub(crate) async fn logo(here: Here, Path(id): Path<String>) -> Answer {
    let id: AssetId = id.parse().map_err(|_| Problem::NotFound)?;
    let asset = here.portal.core().brand_asset(here.brand.id, id).await?;
    let kind = HeaderValue::from_str(&asset.content_type).map_err(|_| Problem::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        // An SVG that is opened by itself must not run anything.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
    ];
    Ok((headers, asset.bytes).into_response())
}
