//! Proving the address of a sign-up, and choosing the password: whoever filled in the form may
//! have been somebody else. Looking at the link changes nothing, so that programs which follow
//! every link in a mail make no customers.

use axum::http::StatusCode;
use portico_core_api::{EntryError, SignUpOutcome};
use portico_ui::{CheckedForm, FormState, Notice, Page, Sample, TextArgs, cookies};
use serde::{Deserialize, Serialize};

use super::{SafeHere, Who, link_refused};
use crate::answer::{Answer, redirect, with_cookie};
use crate::here::Here;
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;

/// The password that makes the account.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignUpConfirmPage {
    form: FormState,
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

/// The fields.
#[derive(Deserialize)]
pub(crate) struct ConfirmForm {
    token: String,
    #[serde(default)]
    password: String,
}

/// GET: which password shall it be?
pub(crate) async fn show(SafeHere(here): SafeHere, params: Params) -> Answer {
    let token = params.get("token");
    if token.is_empty() {
        return Ok(redirect(paths::SIGN_IN));
    }
    page(here, token, FormState::new(), StatusCode::OK).await
}

async fn page(here: Here, token: &str, form: FormState, status: StatusCode) -> Answer {
    match here.portal.core().preview_sign_up(here.brand.id, token).await {
        Ok(preview) => {
            let present = here.visit().await?.as_ref().map(Who::from);
            let here = here.with_link_language(Some(&preview.language));
            let page = SignUpConfirmPage {
                form,
                token: token.to_owned(),
                company: preview.company,
                name: preview.name,
                email: preview.email,
                present,
            };
            here.page_with(status, &page)
        }
        Err(error) => link_refused(&here, error).await,
    }
}

/// POST: it is mine, and this is my password.
pub(crate) async fn confirm(SafeHere(here): SafeHere, form: CheckedForm<ConfirmForm>) -> Answer {
    let (ConfirmForm { token, password }, form) = form.open();
    let (core, brand) = (here.portal.core(), here.brand.id);
    match core.confirm_sign_up(brand, &token, &password, here.client()).await {
        Ok(SignUpOutcome::SignedIn(signed_in)) => {
            let response = here.begin_session(signed_in, "").await?;
            Ok(with_cookie(response, welcome(&here)))
        }
        Ok(SignUpOutcome::PendingApproval) => here.page(&PendingPage {}),
        Ok(SignUpOutcome::Known) => {
            Ok(here.redirect_with_notice(paths::SIGN_IN, "info", "notice-sign-up-known"))
        }
        Err(EntryError::Invalid { faults }) => {
            let form = with_faults(form, &faults);
            page(here, &token, form, StatusCode::UNPROCESSABLE_ENTITY).await
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
            form: FormState::new(),
            token: "Zm9v".to_owned(),
            company: company.to_owned(),
            name: name.to_owned(),
            email: "ana@northwind.example".to_owned(),
            present,
        };
        let typical = || page("Northwind Analytics", "Ana María Núñez", None);
        let short = TextArgs::new().number("min", 8);
        let faulty = FormState::new().with_fault("password", "fault-too-short", short);
        vec![
            Sample::new("typical", typical()),
            Sample::new("faulty", Self { form: faulty, ..typical() }),
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
