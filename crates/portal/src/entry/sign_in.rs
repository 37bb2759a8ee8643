//! Signing in with e-mail and password.

use axum::http::StatusCode;
use portico_billing::brand::Brand;
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::SafeHere;
use super::sign_up_confirm::PendingPage;
use crate::answer::{Answer, redirect};
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;

/// The form. The same page asks for a mailed link with its second button.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SignInPage {
    form: FormState,
    /// Key of why nobody was let in.
    refused: Option<&'static str>,
    /// Whether customers can sign up, and carriers.
    sign_up: [bool; 2],
}

impl SignInPage {
    pub fn new(brand: &Brand, form: FormState) -> Self {
        let sign_up = [brand.sign_up.customers, brand.sign_up.carriers];
        Self { form, refused: None, sign_up }
    }
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "portal/entry/sign-in.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, sign_up| Self { form, refused: None, sign_up };
        let typed = || FormState::new().with_value("email", "ana@northwind.example");
        let faulty = typed().with_fault("email", "fault-not-an-email", TextArgs::new());
        let none =
            |form: FormState, field| form.with_fault(field, "fault-required", TextArgs::new());
        let missing = none(none(FormState::new(), "email"), "password");
        vec![
            Sample::new("empty", page(FormState::new().with_value("next", ""), [false, false])),
            Sample::new(
                "deep-link",
                page(FormState::new().with_value("next", "/invoices"), [true, false]),
            ),
            Sample::new(
                "refused",
                Self { refused: Some("entry-refused"), ..page(typed(), [true, true]) },
            ),
            Sample::new("faulty", page(faulty, [false, true])),
            Sample::new("missing", page(missing, [false, false])),
        ]
    }
}

/// The fields.
#[derive(Deserialize)]
pub(crate) struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// GET: the form; those who are signed in go on.
pub(crate) async fn show(SafeHere(here): SafeHere, params: Params) -> Answer {
    let next = paths::local(params.get("next")).unwrap_or_default();
    if here.visit().await?.is_some() {
        return Ok(redirect(paths::local(next).unwrap_or(paths::OVERVIEW)));
    }
    here.page(&SignInPage::new(&here.brand, FormState::new().with_value("next", next)))
}

/// POST: e-mail and password.
pub(crate) async fn submit(SafeHere(here): SafeHere, form: CheckedForm<SignInForm>) -> Answer {
    let (fields, form) = form.open();
    let core = here.portal.core();
    let entered = core
        .sign_in_with_password(here.brand.id, &fields.email, &fields.password, here.client())
        .await;
    match entered {
        Ok(signed_in) => here.begin_session(signed_in, &fields.next).await,
        Err(EntryError::BadCredentials) => {
            let refused = Some("entry-refused");
            let page = SignInPage { refused, ..SignInPage::new(&here.brand, form) };
            here.page_with(StatusCode::UNAUTHORIZED, &page)
        }
        Err(EntryError::NewPasswordDue { token }) => {
            let to = paths::password_reset(token.expose(), &fields.next);
            Ok(here.redirect_with_notice(&to, "info", "notice-password-due"))
        }
        Err(EntryError::PendingApproval) => here.page(&PendingPage {}),
        Err(EntryError::Invalid { faults }) => {
            let page = SignInPage::new(&here.brand, with_faults(form, &faults));
            here.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}
