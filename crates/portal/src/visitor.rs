//! Who is signed in.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_billing::brand::ProfileField;
use portico_core_api::{CoreApi, SessionSecret, Visit};
use portico_ui::cookies::CookieKind;
use portico_ui::errors::Problem;
use portico_ui::headers::FormTargets;
use portico_ui::{NavItem, Page, RequestOrigin, VisitorFrame, csrf};

use crate::answer::{Answer, with_cookie};
use crate::here::Here;
use crate::refusal::Stop;
use crate::{Portal, paths};

/// The sections, in the order of the navigation: key, path, icon.
const SECTIONS: [(&str, &str, &str); 7] = [
    ("overview", paths::OVERVIEW, "layout-dashboard"),
    ("invoices", paths::INVOICES, "receipt-text"),
    ("payments", paths::PAYMENTS, "banknote"),
    ("subscriptions", paths::SUBSCRIPTIONS, "repeat"),
    ("entitlements", paths::ENTITLEMENTS, "gauge"),
    ("contracts", paths::CONTRACTS, "scroll-text"),
    ("payment-methods", paths::PAYMENT_METHODS, "credit-card"),
];

/// A signed-in visitor. Only routes that are registered with `.contact` have one, and without it
/// there is no secret to ask the core with.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub here: Here,
    pub secret: SessionSecret,
    pub visit: Visit,
}

impl Visitor {
    pub fn core(&self) -> &dyn CoreApi {
        self.here.portal.core()
    }

    /// Whether the visitor may change a field.
    pub fn may_change(&self, field: ProfileField) -> bool {
        self.visit.editable_fields.contains(&field)
    }

    /// A page with the visitor's navigation around it.
    pub fn page(&self, page: &impl Page) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// The same with another status.
    pub fn page_with(&self, status: StatusCode, page: &impl Page) -> Answer {
        let mut frame = self.here.frame_for(Some(&self.visit));
        let contact = self.visit.contact.as_ref();
        frame.visitor = Some(VisitorFrame::new(
            &self.visit.customer_name,
            contact.map(|contact| contact.name.as_str()),
            contact.map(|contact| contact.email.as_str()),
        ));
        frame.nav = navigation(&self.here.path);
        let mut response = self.here.render(status, &frame, page)?;
        // The form for signing out leads to the address that the visitor came from.
        let leads_out = frame.brand.home_url.starts_with("http").then_some(frame.brand.home_url);
        response.extensions_mut().insert(FormTargets(leads_out.into_iter().collect()));
        Ok(response)
    }
}

fn navigation(path: &str) -> Vec<NavItem> {
    let path = path.split('?').next().unwrap_or(path);
    let within = |url: &str| {
        path == url
            || url != paths::OVERVIEW
                && path.strip_prefix(url).is_some_and(|rest| rest.starts_with('/'))
    };
    let item = |(key, url, icon): (&'static str, &str, &'static str)| NavItem {
        key,
        url: url.to_owned(),
        icon,
        active: within(url),
    };
    SECTIONS.into_iter().map(item).collect()
}

/// The middleware around every route of `.contact`: without a live session it answers itself.
pub(crate) async fn require(
    State(portal): State<Portal>,
    mut request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(here) = Here::of(&portal, &parts) else { return Problem::BadRequest.into_response() };
    let Some(secret) = here.session().cloned() else { return Stop::NoSession.into_response() };
    match portal.core().visit(here.brand.id, &secret).await {
        Ok(visit) => {
            parts.extensions.insert(Visitor { here, secret, visit });
            request = Request::from_parts(parts, body);
            next.run(request).await
        }
        Err(refusal) => Stop::from(refusal).into_response(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Stop> {
        parts.extensions.get::<Self>().cloned().ok_or(Stop::NoSession)
    }
}

/// The secret of a visitor who has no cookie yet, for the forms of the page that sets one.
#[derive(Clone)]
pub(crate) struct FormSecret(pub String);

/// The middleware that gives visitors without any cookie the secret that ties forms to them.
pub(crate) async fn give_form_secret(
    State(portal): State<Portal>,
    origin: RequestOrigin,
    mut request: Request,
    next: Next,
) -> Response {
    if csrf::token_of(request.headers(), &origin).is_some() {
        return next.run(request).await;
    }
    let secret = csrf::visitor_secret(portal.entropy());
    request.extensions_mut().insert(FormSecret(secret.clone()));
    let response = next.run(request).await;
    let html = |value: &HeaderValue| value.as_bytes().starts_with(b"text/html");
    if !response.headers().get(header::CONTENT_TYPE).is_some_and(html) {
        return response;
    }
    with_cookie(response, CookieKind::Visitor.set(&origin, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lights_up_the_section_that_it_belongs_to() {
        let active = |path: &str| -> Vec<&str> {
            let items = navigation(path);
            items.iter().filter(|item| item.active).map(|item| item.key).collect()
        };
        assert_eq!(active("/"), ["overview"]);
        assert_eq!(active("/?a=b"), ["overview"]);
        assert_eq!(active("/invoices?status=open"), ["invoices"]);
        assert_eq!(active("/invoices/inv_1/pdf"), ["invoices"]);
        assert_eq!(active("/payment-methods"), ["payment-methods"]);
        assert!(active("/profile").is_empty());
    }
}
