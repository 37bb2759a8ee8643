//! Proving the address of a sign-up. Looking at the link changes nothing, so that programs which
//! follow every link in a mail make no customers; a person presses the button.

use portico_core_api::SignUpOutcome;
use portico_ui::{CheckedForm, Notice, Page, Sample, cookies};
use serde::Serialize;

use super::mailed::TokenForm;
use super::{SafeHere, Who, link_refused};
use crate::answer::{Answer, redirect, with_cookie};
use crate::here::Here;
use crate::params::Params;
use crate::paths;

/// The button that makes the account.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignUpConfirmPage {
    token: String,
    company: String,
    name: String,
    email: String,
    /// Who is signed in here now.
    present: Option<Who>,
}

/// The account waits for the staff.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PendingPage {}

/// GET: the button.
pub(crate) async fn show(SafeHere(here): SafeHere, params: Params) -> Answer {
    let token = params.get("token");
    if token.is_empty() {
        return Ok(redirect(paths::SIGN_IN));
    }
    match here.portal.core().preview_sign_up(here.brand.id, token).await {
        Ok(preview) => {
            let present = here.visit().await?.as_ref().map(Who::from);
            let here = here.with_link_language(Some(&preview.language));
            here.page(&SignUpConfirmPage {
                token: token.to_owned(),
                company: preview.company,
                name: preview.name,
                email: preview.email,
                present,
            })
        }
        Err(error) => link_refused(&here, error).await,
    }
}

/// POST: it is mine.
pub(crate) async fn confirm(SafeHere(here): SafeHere, form: CheckedForm<TokenForm>) -> Answer {
    let token = form.into_inner().token;
    match here.portal.core().confirm_sign_up(here.brand.id, &token, here.client()).await {
        Ok(SignUpOutcome::SignedIn(signed_in)) => {
            let response = here.begin_session(signed_in, "").await?;
            Ok(with_cookie(response, welcome(&here)))
        }
        Ok(SignUpOutcome::PendingApproval) => here.page(&PendingPage {}),
        Ok(SignUpOutcome::Known) => {
            Ok(here.redirect_with_notice(paths::SIGN_IN, "info", "notice-sign-up-known"))
        }
        Err(error) => link_refused(&here, error).await,
    }
}

fn welcome(here: &Here) -> Option<axum_extra::extract::cookie::Cookie<'static>> {
    let (key, kind) = ("notice-welcome".to_owned(), "success".to_owned());
    cookies::set_notice(&here.origin, &Notice { key, kind })
}

impl Page for SignUpConfirmPage {
    const TEMPLATE: &'static str = "portal/entry/sign-up-confirm.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |company: &str, name: &str, present| Self {
            token: "Zm9v".to_owned(),
            company: company.to_owned(),
            name: name.to_owned(),
            email: "ana@northwind.example".to_owned(),
            present,
        };
        vec![
            Sample::new("typical", page("Northwind Analytics", "Ana María Núñez", None)),
            Sample::new(
                "somebody-is-signed-in",
                page(crate::samples::LONG, crate::samples::RTL, Some(Who::extreme())),
            ),
        ]
    }
}

impl Page for PendingPage {
    const TEMPLATE: &'static str = "portal/entry/pending.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self {})]
    }
}
