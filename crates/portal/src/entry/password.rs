//! A forgotten password: a link by mail, and a new password behind it.

use axum::http::StatusCode;
use portico_core_api::{EntryError, MailedLinkPurpose};
use portico_ui::{CheckedForm, FormState, Notice, Page, Sample, TextArgs, cookies};
use serde::{Deserialize, Serialize};

use super::mailed::{EmailForm, SentPage};
use super::{SafeHere, link_refused};
use crate::answer::{Answer, redirect, with_cookie};
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;

const PURPOSE: MailedLinkPurpose = MailedLinkPurpose::ResetPassword;

/// The form that asks for the link.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ForgotPage {
    form: FormState,
}

impl Page for ForgotPage {
    const TEMPLATE: &'static str = "portal/entry/forgot.html";

    fn samples() -> Vec<Sample<Self>> {
        let faulty = FormState::new().with_value("email", "ana@").with_fault(
            "email",
            "fault-not-an-email",
            TextArgs::new(),
        );
        vec![
            Sample::new("empty", Self { form: FormState::new() }),
            Sample::new("faulty", Self { form: faulty }),
        ]
    }
}

/// The form for the new password.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ResetPage {
    form: FormState,
    token: String,
    /// The page that was asked for.
    next: String,
    /// The account's address, so that password managers know what they keep.
    email: Option<String>,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "portal/entry/reset.html";

    fn samples() -> Vec<Sample<Self>> {
        let email = || Some("ana@northwind.example".to_owned());
        let short = TextArgs::new().number("min", 8);
        let faulty = FormState::new().with_fault("new_password", "fault-too-short", short);
        let page = |form, email| {
            let (token, next) = ("Zm9v".to_owned(), "/invoices".to_owned());
            Self { form, token, next, email }
        };
        vec![
            Sample::new("typical", page(FormState::new(), email())),
            Sample::new("faulty", page(faulty, None)),
        ]
    }
}

/// The fields of the form for the new password.
#[derive(Deserialize)]
pub(crate) struct ResetForm {
    token: String,
    #[serde(default)]
    next: String,
    new_password: String,
}

/// GET: which address?
pub(crate) async fn forgot(SafeHere(here): SafeHere) -> Answer {
    here.page(&ForgotPage { form: FormState::new() })
}

/// POST: mail the link. The answer is the same for every address.
pub(crate) async fn send(SafeHere(here): SafeHere, form: CheckedForm<EmailForm>) -> Answer {
    let (fields, form) = form.open();
    let email = fields.email.trim();
    match here.portal.core().mail_link(here.brand.id, email, PURPOSE, here.client()).await {
        Ok(()) => here.page(&SentPage { email: email.to_owned(), purpose: PURPOSE }),
        Err(EntryError::Invalid { faults }) => {
            let page = ForgotPage { form: with_faults(form, &faults) };
            here.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: the form for the new password; looking at it changes nothing.
pub(crate) async fn reset(SafeHere(here): SafeHere, params: Params) -> Answer {
    let token = params.get("token").to_owned();
    if token.is_empty() {
        return Ok(redirect(paths::PASSWORD_FORGOT));
    }
    let (core, client) = (here.portal.core(), here.client());
    match core.preview_mailed_link(here.brand.id, &token, PURPOSE, client).await {
        Ok(preview) => {
            let here = here.with_link_language(preview.language.as_ref());
            let next = paths::local(params.get("next")).unwrap_or_default().to_owned();
            here.page(&ResetPage { form: FormState::new(), token, next, email: preview.email })
        }
        Err(error) => link_refused(&here, error).await,
    }
}

/// POST: the new password, which signs in.
pub(crate) async fn save(SafeHere(here): SafeHere, form: CheckedForm<ResetForm>) -> Answer {
    let (fields, form) = form.open();
    let core = here.portal.core();
    let client = here.client();
    match core.reset_password(here.brand.id, &fields.token, &fields.new_password, client).await {
        Ok(signed_in) => {
            let response = here.begin_session(signed_in, &fields.next).await?;
            let (key, kind) = ("notice-password-reset".to_owned(), "success".to_owned());
            let notice = cookies::set_notice(&here.origin, &Notice { key, kind });
            Ok(with_cookie(response, notice))
        }
        Err(EntryError::Invalid { faults }) => {
            let form = with_faults(form, &faults);
            let page = ResetPage { form, token: fields.token, next: fields.next, email: None };
            here.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => link_refused(&here, error).await,
    }
}
