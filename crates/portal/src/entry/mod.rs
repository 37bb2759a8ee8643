//! Ways in and out: links, passwords, the end of a session.

pub(crate) mod choose;
pub(crate) mod email;
pub(crate) mod ended;
pub(crate) mod link;
pub(crate) mod mailed;
pub(crate) mod out;
pub(crate) mod password;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod sign_up_confirm;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use portico_core_api::{EntryError, Forward, LinkPreview, Visit};
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::Answer;
use crate::here::Here;
use crate::refusal::Stop;
use crate::{Portal, paths};

/// The page that a session opens on.
pub(crate) fn forward_path(forward: &Forward) -> String {
    match forward {
        Forward::Overview => paths::OVERVIEW.to_owned(),
        Forward::Accounts => paths::ACCOUNTS.to_owned(),
        Forward::Invoices => paths::INVOICES.to_owned(),
        Forward::BillingInformation => format!("{}#billing-address", paths::BILLING_INFORMATION),
        Forward::SubscriptionPaymentMethod { subscription_id } => {
            format!("{}#payment-method", paths::subscription(*subscription_id))
        }
    }
}

/// A request over a connection on which a session may live. Anywhere else the visitor reads why
/// there is none.
pub(crate) struct SafeHere(pub Here);

impl FromRequestParts<Portal> for SafeHere {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Stop> {
        let here = Here::of(portal, parts).ok_or(Problem::BadRequest)?;
        if here.origin.may_hold_session() {
            return Ok(Self(here));
        }
        let page = here.page_with(StatusCode::FORBIDDEN, &InsecurePage {})?;
        Err(Stop::Page(Box::new(page)))
    }
}

/// Why there is no session over plain HTTP.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InsecurePage {}

impl Page for InsecurePage {
    const TEMPLATE: &'static str = "portal/entry/insecure.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("plain-http", Self {})]
    }
}

/// A link that cannot be used (any more).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LinkOverPage {
    return_url: Option<String>,
    /// Whether somebody is signed in here, who can simply go on.
    signed_in: bool,
}

impl Page for LinkOverPage {
    const TEMPLATE: &'static str = "portal/entry/link-over.html";

    fn samples() -> Vec<Sample<Self>> {
        let url = || Some("https://acme.example/account?tab=billing".to_owned());
        vec![
            Sample::new("unknown", Self { return_url: None, signed_in: false }),
            Sample::new("used", Self { return_url: url(), signed_in: false }),
            Sample::new("signed-in", Self { return_url: url(), signed_in: true }),
        ]
    }
}

/// The page for a link that led nowhere.
async fn link_refused(here: &Here, error: EntryError) -> Answer {
    let EntryError::LinkOver { return_url, language } = error else { return Err(error.into()) };
    let signed_in = here.visit().await?.is_some();
    let here = here.clone().with_link_language(language.as_ref());
    here.page_with(StatusCode::GONE, &LinkOverPage { return_url, signed_in })
}

/// Whether a link is for who is signed in already. Names may be alike; identifiers are not.
fn is_same(visit: &Visit, preview: &LinkPreview) -> bool {
    let contact = visit.contact.as_ref().map(|contact| contact.id);
    visit.customer_id == preview.customer_id && contact == preview.contact_id
}

/// Somebody, as shown where it matters who it is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Who {
    customer: String,
    contact: Option<String>,
    email: Option<String>,
}

impl From<&Visit> for Who {
    fn from(visit: &Visit) -> Self {
        let contact = visit.contact.as_ref();
        Self {
            customer: visit.customer_name.clone(),
            contact: contact.map(|contact| contact.name.clone()),
            email: contact.map(|contact| contact.email.clone()),
        }
    }
}

impl From<LinkPreview> for Who {
    fn from(preview: LinkPreview) -> Self {
        Self {
            customer: preview.customer_name,
            contact: preview.contact_name,
            email: preview.email,
        }
    }
}

impl Who {
    fn sample() -> Self {
        Self {
            customer: "Northwind Analytics".to_owned(),
            contact: Some("Ana María Núñez".to_owned()),
            email: Some("ana@northwind.example".to_owned()),
        }
    }

    fn extreme() -> Self {
        Self {
            customer: "شركة الخليج للاتصالات والحلول الرقمية المتكاملة ذات المسؤولية المحدودة"
                .to_owned(),
            contact: None,
            email: None,
        }
    }
}
