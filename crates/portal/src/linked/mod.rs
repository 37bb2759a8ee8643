//! Paying one invoice by a link, without signing in.
//!
//! The link's secret leaves the address with the first answer: a cookie of its own holds it from
//! then on. It is no session, and opens none of the pages that need one. Whatever a link does not
//! open (any more) gets the same page, which tells nothing.

pub(crate) mod attempt;
pub(crate) mod invoice;
pub(crate) mod sandbox;

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::IntoResponse;
use portico_billing::PayLinkId;
use portico_core_api::{LinkHolder, PayLinkSecret, Refusal};
use portico_ui::cookies::CookieKind;
use portico_ui::{Page, RequestOrigin, Sample};
use serde::Serialize;

use crate::answer::{Answer, redirect, with_cookie};
use crate::entry::SafeHere;
use crate::entry::link::is_probe;
use crate::here::Here;
use crate::{Portal, paths};

/// The secret of the link that was followed last in this browser.
pub(crate) struct LinkCookie(Option<PayLinkSecret>);

impl FromRequestParts<Portal> for LinkCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Infallible> {
        let origin = parts.extensions.get::<RequestOrigin>();
        let value = origin.and_then(|origin| CookieKind::PayLink.read(&parts.headers, origin));
        Ok(Self(value.map(PayLinkSecret::new)))
    }
}

impl LinkCookie {
    /// Whoever holds the link, on a page that is about this one or about none in particular.
    fn holder(self, here: &Here, link: Option<PayLinkId>) -> Option<LinkHolder> {
        self.0.map(|secret| LinkHolder { brand_id: here.brand.id, secret, link })
    }

    /// The same on a page with the link's identifier in its address.
    fn holder_of(self, here: &Here, id: &str) -> Option<LinkHolder> {
        self.holder(here, Some(id.parse().ok()?))
    }
}

/// A link that cannot be used (any more).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PayLinkOverPage {}

impl Page for PayLinkOverPage {
    const TEMPLATE: &'static str = "portal/linked/over.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self {})]
    }
}

/// GET: `/pay-link/{token}`. Nothing changes, so that programs which follow every link in a mail do
/// nothing (SES-05).
pub(crate) async fn follow(
    SafeHere(here): SafeHere,
    method: Method,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Answer {
    if is_probe(&method, &headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (brand_id, secret) = (here.brand.id, PayLinkSecret::new(token));
    let holder = LinkHolder { brand_id, secret, link: None };
    match here.portal.core().follow_pay_link(&holder, here.client()).await {
        Ok(link) => {
            let cookie = CookieKind::PayLink.set(&here.origin, holder.secret.expose().to_owned());
            Ok(with_cookie(redirect(&paths::linked_invoice(link.id)), cookie))
        }
        Err(refusal) => refused(&here, refusal),
    }
}

/// What a link does not open.
fn over(here: &Here) -> Answer {
    here.page_with(StatusCode::GONE, &PayLinkOverPage {})
}

fn refused(here: &Here, refusal: Refusal) -> Answer {
    match refusal {
        Refusal::NotFound => over(here),
        other => Err(other.into()),
    }
}
