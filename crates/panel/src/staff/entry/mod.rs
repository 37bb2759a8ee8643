//! Ways into the control panel and out: passwords, second factors, links.

pub mod forgotten;
pub mod invitation;
pub mod reset;
pub mod second_factor;
pub mod set_up;
pub mod sign_in;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use portico_core::OperatorSecret;
use portico_core_api::{EntryError, Origin};
use portico_ui::cookies::CookieKind;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::answer::{Stop, redirect, with_cookie};
use super::params::Params;
use super::{Answer, Here, Staff, paths};
use crate::state::Shared;

/// A request over a connection on which a session may live. Anywhere else the visitor reads why
/// there is none.
pub struct Door(pub Here);

impl FromRequestParts<Shared> for Door {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, panel: &Shared) -> Result<Self, Stop> {
        let here = Here::of(panel, parts).ok_or(Problem::BadRequest)?;
        if here.origin.may_hold_session() {
            return Ok(Self(here));
        }
        let page = here.page(StatusCode::FORBIDDEN, &InsecurePage {})?;
        Err(Stop::Response(Box::new(page)))
    }
}

/// Why there is no session over plain HTTP.
#[derive(Debug, Clone, Serialize)]
pub struct InsecurePage {}

impl Page for InsecurePage {
    const TEMPLATE: &'static str = "panel/entry/insecure.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("plain-http", Self {})]
    }
}

/// A link that cannot be used (any more).
#[derive(Debug, Clone, Serialize)]
pub struct LinkOverPage {}

impl Page for LinkOverPage {
    const TEMPLATE: &'static str = "panel/entry/link-over.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("used", Self {})]
    }
}

/// The page for a link that led nowhere.
fn link_refused(here: &Here, error: EntryError) -> Answer {
    match error {
        EntryError::LinkOver { .. } => here.page(StatusCode::GONE, &LinkOverPage {}),
        other => Err(other.into()),
    }
}

/// Where a request comes from, for limits and the list of sessions.
fn client(here: &Here) -> Origin {
    Origin { address: here.origin.address(), user_agent: here.user_agent.clone() }
}

/// Lets a new session in: its secret goes into the cookie, and the page that was asked for opens.
/// What the session itself may see of it is decided there.
fn enter(here: &Here, secret: &OperatorSecret, next: &str) -> Response {
    let to = paths::local(next).unwrap_or(paths::HOME);
    let cookie = CookieKind::Operator.set(&here.origin, secret.expose().to_owned());
    with_cookie(redirect(to), cookie)
}

/// POST: ends the session.
pub async fn sign_out(staff: Staff, _checked: CheckedForm<Params>) -> Answer {
    staff.core().operator_sign_out(&staff.visit).await?;
    let here = &staff.here;
    let response = here.redirect_with_notice(paths::SIGN_IN, "success", "notice-signed-out");
    Ok(with_cookie(response, CookieKind::Operator.clear(&here.origin)))
}
