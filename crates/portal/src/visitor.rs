//! Who is signed in.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_billing::account::ContactRole;
use portico_billing::brand::ProfileField;
use portico_billing::section::{Section, Sections};
use portico_core_api::{CoreApi, SessionSecret, Visit};
use portico_ui::cookies::CookieKind;
use portico_ui::errors::Problem;
use portico_ui::headers::FormTargets;
use portico_ui::{NavItem, Page, RequestOrigin, StaffFrame, VisitorFrame, csrf};

use crate::answer::{Answer, with_cookie};
use crate::here::Here;
use crate::refusal::Stop;
use crate::{Portal, paths};

/// The entries of the navigation in their order: key, path, icon, and the section that must be
/// shown, where it is not always there.
const ENTRIES: [(&str, &str, &str, Option<Section>); 9] = [
    ("overview", paths::OVERVIEW, "layout-dashboard", None),
    ("invoices", paths::INVOICES, "receipt-text", Some(Section::Invoices)),
    ("payments", paths::PAYMENTS, "banknote", Some(Section::Payments)),
    ("balance", paths::BALANCE, "wallet", Some(Section::Balance)),
    ("vouchers", paths::VOUCHERS, "ticket", Some(Section::Vouchers)),
    ("subscriptions", paths::SUBSCRIPTIONS, "repeat", Some(Section::Subscriptions)),
    ("entitlements", paths::ENTITLEMENTS, "gauge", Some(Section::Entitlements)),
    ("contracts", paths::CONTRACTS, "scroll-text", Some(Section::Contracts)),
    ("payment-methods", paths::PAYMENT_METHODS, "credit-card", Some(Section::PaymentMethods)),
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

    /// Whether the core would take a voucher or a payment from this visitor. Only to show forms and
    /// what leads to them, or not: the core decides.
    pub fn may_act(&self) -> bool {
        let looks_only = self.visit.staff.as_ref().is_some_and(|staff| !staff.may_act);
        let contact = self.visit.contact.as_ref();
        !looks_only && contact.is_none_or(|contact| contact.role != ContactRole::Viewer)
    }

    /// The sections that pages lead to: to pay, only those who may and who see what is due, where
    /// there is a gateway to pay by.
    fn offered(&self) -> Sections {
        let sees_invoices = self.visit.sections.has(Section::Invoices);
        let may_pay = self.may_act() && self.visit.takes_payments;
        let mut sections: Vec<Section> = self.visit.sections.into();
        sections.retain(|it| match it {
            Section::PayInvoices => may_pay && sees_invoices,
            Section::RefillBalance => may_pay,
            _ => true,
        });
        sections.into()
    }

    /// A page with the visitor's navigation around it.
    pub fn page(&self, page: &impl Page) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// The same with another status.
    pub fn page_with(&self, status: StatusCode, page: &impl Page) -> Answer {
        let mut frame = self.here.frame_for(Some(&self.visit));
        let contact = self.visit.contact.as_ref();
        frame.visitor = Some(VisitorFrame {
            may_switch: self.visit.may_switch,
            ..VisitorFrame::new(
                &self.visit.customer_name,
                contact.map(|contact| contact.name.as_str()),
                contact.map(|contact| contact.email.as_str()),
            )
        });
        frame.staff = self.visit.staff.as_ref().map(|staff| StaffFrame {
            name: staff.name.clone(),
            until: staff.until,
            may_act: staff.may_act,
        });
        frame.sections = self.offered();
        frame.nav = navigation(&self.here.path, self.visit.sections);
        let mut response = self.here.render(status, &frame, page)?;
        // The form for signing out leads to the address that the visitor came from.
        let leads_out = frame.brand.home_url.starts_with("http").then_some(frame.brand.home_url);
        response.extensions_mut().insert(FormTargets(leads_out.into_iter().collect()));
        Ok(response)
    }
}

pub(crate) fn navigation(path: &str, sections: Sections) -> Vec<NavItem> {
    let path = path.split('?').next().unwrap_or(path);
    let within = |url: &str| {
        path == url
            || url != paths::OVERVIEW
                && path.strip_prefix(url).is_some_and(|rest| rest.starts_with('/'))
    };
    let shown = ENTRIES.into_iter().filter(|(.., of)| of.is_none_or(|it| sections.has(it)));
    let item = |(key, url, icon, _): (&'static str, &str, &'static str, _)| NavItem {
        key,
        url: url.to_owned(),
        icon,
        active: within(url),
    };
    shown.map(item).collect()
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
    match portal.core().visit(here.brand.id, &secret, here.origin.address()).await {
        Ok(visit) => {
            parts.extensions.insert(Visitor { here, secret, visit });
            request = Request::from_parts(parts, body);
            next.run(request).await
        }
        Err(refusal) => Stop::from(refusal).into_response(),
    }
}

/// The middleware around the routes of sections: what is hidden is answered as if it were not
/// there.
pub(crate) async fn require_sections(
    State(sections): State<&'static [Section]>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    if visitor.visit.sections.has_all(sections) {
        return next.run(request).await;
    }
    Problem::NotFound.into_response()
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
            let items = navigation(path, Sections::ALL);
            items.iter().filter(|item| item.active).map(|item| item.key).collect()
        };
        assert_eq!(active("/"), ["overview"]);
        assert_eq!(active("/?a=b"), ["overview"]);
        assert_eq!(active("/invoices?status=open"), ["invoices"]);
        assert_eq!(active("/invoices/inv_1/pdf"), ["invoices"]);
        assert_eq!(active("/payment-methods"), ["payment-methods"]);
        assert!(active("/profile").is_empty());
    }

    #[test]
    fn a_hidden_section_is_not_in_the_navigation() {
        let keys = |sections: Sections| -> Vec<&str> {
            navigation("/", sections).iter().map(|item| item.key).collect()
        };
        assert_eq!(keys(Sections::ALL), ENTRIES.map(|(key, ..)| key));
        assert_eq!(keys(Vec::new().into()), ["overview"]);
        assert_eq!(keys(vec![Section::Contracts].into()), ["overview", "contracts"]);
    }
}
