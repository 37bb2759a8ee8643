//! Signing in with e-mail and password, and choosing the organisation where there are several.

use axum::http::StatusCode;
use portico_billing::OrganisationId;
use portico_core::{OperatorSignIn, SignInChoice};
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::answer::redirect;
use super::super::params::Params;
use super::super::refusal::with_faults;
use super::super::{Answer, paths};
use super::{Door, client, enter};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct SignInPage {
    form: FormState,
    /// Key of why nobody was let in.
    refused: Option<&'static str>,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "panel/entry/sign-in.html";

    fn samples() -> Vec<Sample<Self>> {
        let typed = FormState::new().with_value("email", "ana@acme.example");
        let asked = FormState::new().with_value("next", "/settings/operators");
        let refused = Some("entry-panel-refused");
        let none =
            |form: FormState, field| form.with_fault(field, "fault-required", TextArgs::new());
        let faulty = none(none(FormState::new(), "email"), "password");
        vec![
            Sample::new("empty", Self { form: FormState::new(), refused: None }),
            Sample::new("deep-link", Self { form: asked, refused: None }),
            Sample::new("refused", Self { form: typed, refused }),
            Sample::new("faulty", Self { form: faulty, refused: None }),
        ]
    }
}

/// The organisations that one may be signing in to.
#[derive(Debug, Clone, Serialize)]
pub struct ChoosePage {
    ticket: String,
    next: String,
    organisations: Vec<ChoiceItem>,
}

/// An organisation to choose.
#[derive(Debug, Clone, Serialize)]
struct ChoiceItem {
    id: String,
    name: String,
}

impl ChoosePage {
    fn new(choice: SignInChoice, next: String) -> Self {
        let item = |(id, name): (OrganisationId, String)| ChoiceItem { id: id.to_string(), name };
        let organisations = choice.organisations.into_iter().map(item).collect();
        Self { ticket: choice.ticket, next, organisations }
    }
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "panel/entry/choose.html";

    fn samples() -> Vec<Sample<Self>> {
        let item = |id: &str, name: &str| ChoiceItem { id: id.to_owned(), name: name.to_owned() };
        let organisations = vec![
            item("org_1", "Northwind Telecom"),
            item("org_2", "شركة الخليج للاتصالات والحلول الرقمية المتكاملة ذات المسؤولية المحدودة"),
        ];
        let page = Self { ticket: "Zm9v".to_owned(), next: String::new(), organisations };
        vec![Sample::new("two", page)]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// The organisation that was chosen.
#[derive(Deserialize)]
pub struct ChoiceForm {
    ticket: String,
    organisation: String,
    #[serde(default)]
    next: String,
}

/// GET: the form; those who are signed in go on.
pub async fn show(Door(here): Door, params: Params) -> Answer {
    let next = paths::local(params.get("next")).unwrap_or_default();
    if let Some(secret) = here.secret() {
        let visit = here.panel.core.operator_visit(secret, here.origin.address()).await?;
        if visit.is_some_and(|visit| visit.is_complete) {
            return Ok(redirect(paths::local(next).unwrap_or(paths::HOME)));
        }
    }
    let form = FormState::new().with_value("next", next);
    here.page(StatusCode::OK, &SignInPage { form, refused: None })
}

/// POST: e-mail and password.
pub async fn submit(Door(here): Door, form: CheckedForm<SignInForm>) -> Answer {
    let (fields, form) = form.open();
    let core = &here.panel.core;
    match core.operator_sign_in(&fields.email, &fields.password, client(&here)).await {
        Ok(OperatorSignIn::Entered(secret)) => Ok(enter(&here, &secret, &fields.next)),
        Ok(OperatorSignIn::Choose(choice)) => {
            here.page(StatusCode::OK, &ChoosePage::new(choice, fields.next))
        }
        Err(EntryError::BadCredentials) => {
            let refused = Some("entry-panel-refused");
            here.page(StatusCode::UNAUTHORIZED, &SignInPage { form, refused })
        }
        Err(EntryError::Invalid { faults }) => {
            let page = SignInPage { form: with_faults(form, &faults), refused: None };
            here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// POST: one of the organisations whose password it was.
pub async fn choose(Door(here): Door, form: CheckedForm<ChoiceForm>) -> Answer {
    let fields = form.into_inner();
    let Ok(organisation) = fields.organisation.parse::<OrganisationId>() else {
        return Ok(redirect(paths::SIGN_IN));
    };
    match here.panel.core.operator_choose(&fields.ticket, organisation, client(&here)).await {
        Ok(secret) => Ok(enter(&here, &secret, &fields.next)),
        Err(EntryError::LinkOver { .. }) => {
            Ok(here.redirect_with_notice(paths::SIGN_IN, "info", "notice-sign-in-again"))
        }
        Err(error) => Err(error.into()),
    }
}
