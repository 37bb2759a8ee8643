//! Signing in with a mailed link. Looking at it changes nothing, so that programs which follow
//! every link in a mail neither use it up nor get a session; a person presses the button.

use axum::http::StatusCode;
use portico_core_api::{EntryError, MailedLinkPurpose};
use portico_ui::{CheckedForm, Page, Sample};
use serde::{Deserialize, Serialize};

use super::sign_in::SignInPage;
use super::{SafeHere, Who, is_same, link_refused};
use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;

/// A mail is on its way, if the address is known.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SentPage {
    pub email: String,
    pub purpose: MailedLinkPurpose,
}

impl Page for SentPage {
    const TEMPLATE: &'static str = "portal/entry/sent.html";

    fn samples() -> Vec<Sample<Self>> {
        let email = || "ana@northwind.example".to_owned();
        let long = format!("{}@{}.example", "a".repeat(64), "very-long-name.".repeat(8) + "x");
        vec![
            Sample::new("sign-in", Self { email: email(), purpose: MailedLinkPurpose::SignIn }),
            Sample::new(
                "reset",
                Self { email: email(), purpose: MailedLinkPurpose::ResetPassword },
            ),
            Sample::new("long-address", Self { email: long, purpose: MailedLinkPurpose::SignIn }),
        ]
    }
}

/// The button that enters.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MailedLinkPage {
    token: String,
    wanted: Who,
    /// Who is signed in here now, if it is somebody else.
    present: Option<Who>,
}

impl Page for MailedLinkPage {
    const TEMPLATE: &'static str = "portal/entry/mailed-link.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |present| Self { token: "Zm9v".to_owned(), wanted: Who::sample(), present };
        vec![
            Sample::new("typical", page(None)),
            Sample::new("somebody-else", page(Some(Who::extreme()))),
        ]
    }
}

/// The form that asks for a link.
#[derive(Deserialize)]
pub(crate) struct EmailForm {
    pub email: String,
}

/// The form that enters.
#[derive(Deserialize)]
pub(crate) struct TokenForm {
    pub token: String,
}

/// POST: mail me a link. The answer is the same for every address.
pub(crate) async fn send(SafeHere(here): SafeHere, form: CheckedForm<EmailForm>) -> Answer {
    let (fields, form) = form.open();
    let purpose = MailedLinkPurpose::SignIn;
    let email = fields.email.trim();
    match here.portal.core().mail_link(here.brand.id, email, purpose, here.client()).await {
        Ok(()) => here.page(&SentPage { email: email.to_owned(), purpose }),
        Err(EntryError::Invalid { faults }) => {
            let page = SignInPage::new(&here.brand, with_faults(form, &faults));
            here.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: the button.
pub(crate) async fn show(SafeHere(here): SafeHere, params: Params) -> Answer {
    let token = params.get("token");
    if token.is_empty() {
        return Ok(redirect(paths::SIGN_IN));
    }
    let (core, client) = (here.portal.core(), here.client());
    match core.preview_mailed_link(here.brand.id, token, MailedLinkPurpose::SignIn, client).await {
        Ok(preview) => {
            let somebody_else = here.visit().await?.filter(|visit| !is_same(visit, &preview));
            let present = somebody_else.as_ref().map(Who::from);
            let here = here.with_link_language(preview.language.as_ref());
            let wanted = Who::from(preview);
            here.page(&MailedLinkPage { token: token.to_owned(), wanted, present })
        }
        Err(error) => link_refused(&here, error).await,
    }
}

/// POST: enter.
pub(crate) async fn enter(SafeHere(here): SafeHere, form: CheckedForm<TokenForm>) -> Answer {
    let token = form.into_inner().token;
    let core = here.portal.core();
    match core.sign_in_with_mailed_link(here.brand.id, &token, here.client()).await {
        Ok(signed_in) => here.begin_session(signed_in, "").await,
        Err(error) => link_refused(&here, error).await,
    }
}
