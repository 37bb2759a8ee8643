//! Proving a new e-mail address by the link that was mailed to it.

use portico_core_api::MailedLinkPurpose;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::link_refused;
use super::mailed::TokenForm;
use crate::answer::{Answer, redirect};
use crate::here::Here;
use crate::params::Params;
use crate::paths;

/// The button that confirms.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ConfirmEmailPage {
    token: String,
    email: Option<String>,
}

impl Page for ConfirmEmailPage {
    const TEMPLATE: &'static str = "portal/entry/confirm-email.html";

    fn samples() -> Vec<Sample<Self>> {
        let email = Some("ana.nunez@northwind.example".to_owned());
        vec![
            Sample::new("typical", Self { token: "Zm9v".to_owned(), email }),
            Sample::new("address-unknown", Self { token: "Zm9v".to_owned(), email: None }),
        ]
    }
}

/// GET: the button; looking at it changes nothing.
pub(crate) async fn show(here: Here, params: Params) -> Answer {
    let token = params.get("token").to_owned();
    let purpose = MailedLinkPurpose::ConfirmEmail;
    let (core, client) = (here.portal.core(), here.client());
    match core.preview_mailed_link(here.brand.id, &token, purpose, client).await {
        Ok(preview) => {
            let here = here.with_link_language(preview.language.as_ref());
            here.page(&ConfirmEmailPage { token, email: preview.email })
        }
        Err(error) => link_refused(&here, error).await,
    }
}

/// POST: it is mine.
pub(crate) async fn confirm(here: Here, form: CheckedForm<TokenForm>) -> Answer {
    let token = form.into_inner().token;
    if let Err(error) = here.portal.core().confirm_email(here.brand.id, &token).await {
        return link_refused(&here, error).await;
    }
    if here.visit().await?.is_some() {
        return Ok(here.redirect_with_notice(paths::PROFILE, "success", "notice-email-confirmed"));
    }
    Ok(match here.origin.may_hold_session() {
        true => here.redirect_with_notice(paths::SIGN_IN, "success", "notice-email-confirmed"),
        false => redirect(paths::SIGN_IN),
    })
}
