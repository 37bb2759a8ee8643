//! The brand of a request, found by its host, and its looks.

pub(crate) mod files;
mod prepared;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use portico_billing::brand::Brand;
use portico_core_api::Refusal;
use portico_ui::cookies;
use portico_ui::errors::{self, Problem};
use portico_ui::language::LanguageWishes;
use portico_ui::texts::OwnTexts;
use portico_ui::{BrandFrame, Frame, RequestOrigin};

pub(crate) use prepared::Prepared;

use crate::{Portal, paths};

/// How long a brand is not asked for again, so that changes show at once.
const KEPT_FOR: SignedDuration = SignedDuration::from_secs(1);
/// Hosts that are remembered; strangers may send any host.
const KEPT_MAX: usize = 1_000;

/// Brands by host, for a second.
#[derive(Default)]
pub(crate) struct Brands(Mutex<HashMap<String, Kept>>);

#[derive(Clone)]
struct Kept {
    brand: Option<Arc<Prepared>>,
    since: Timestamp,
}

impl Kept {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.since);
        !age.is_negative() && age < KEPT_FOR
    }
}

impl Brands {
    fn get(&self, host: &str) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned()
    }

    fn keep(&self, host: &str, brand: Option<Arc<Prepared>>, now: Timestamp) {
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
        Ok(Some(site)) => {
            let policy = Arc::clone(&site.policy);
            if !site.brand.embed_origins.is_empty() && cookies::is_embedded(&parts.headers) {
                parts.extensions.insert(origin.embedded());
            }
            parts.extensions.insert(site);
            let mut response = next.run(Request::from_parts(parts, body)).await;
            response.extensions_mut().insert(policy);
            return response;
        }
        Ok(None) => Problem::UnknownHost,
        Err(Refusal::Unavailable { reference }) => Problem::Unavailable { reference },
        Err(_) => Problem::Unavailable { reference: portal.reference() },
    };
    errors::page(portal.ui(), &nameless_frame(&portal, &parts), &problem)
}

async fn by_host(portal: &Portal, host: &str) -> Result<Option<Arc<Prepared>>, Refusal> {
    let now = portal.now();
    let kept = portal.0.brands.get(host);
    let before = match kept {
        Some(kept) if kept.is_fresh(now) => return Ok(kept.brand),
        Some(kept) => kept.brand,
        None => None,
    };
    let site = match portal.core().brand_by_host(host).await? {
        None => None,
        // What has not changed is ready already.
        Some(brand) => match before.filter(|before| *before.brand == brand) {
            Some(before) => Some(before),
            None => {
                let own_texts = own_texts(portal, &brand).await?;
                Some(Arc::new(Prepared::new(Arc::new(brand), own_texts)))
            }
        },
    };
    portal.0.brands.keep(host, site.clone(), now);
    Ok(site)
}

async fn own_texts(portal: &Portal, brand: &Brand) -> Result<Option<Arc<OwnTexts>>, Refusal> {
    if brand.texts_version == 0 {
        return Ok(None);
    }
    let texts = portal.core().brand_texts(brand.id).await?;
    Ok(portal.ui().own_texts(&texts))
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
