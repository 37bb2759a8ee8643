//! The second step of signing in.

use axum::http::StatusCode;
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::answer::redirect;
use super::super::params::Params;
use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};
use super::{client, enter};

/// The form for the code.
#[derive(Debug, Clone, Serialize)]
pub struct SecondFactorPage {
    form: FormState,
    email: String,
}

impl Page for SecondFactorPage {
    const TEMPLATE: &'static str = "panel/entry/second-factor.html";

    fn samples() -> Vec<Sample<Self>> {
        let email = || "ana@acme.example".to_owned();
        let wrong = FormState::new().with_fault("code", "fault-wrong-code", TextArgs::new());
        vec![
            Sample::new("empty", Self { form: FormState::new(), email: email() }),
            Sample::new("wrong", Self { form: wrong, email: email() }),
        ]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct CodeForm {
    code: String,
    #[serde(default)]
    next: String,
}

/// GET: the form; those who gave a code go on.
pub async fn show(staff: Staff, params: Params) -> Answer {
    let next = paths::local(params.get("next")).unwrap_or_default();
    if staff.visit.is_complete {
        return Ok(redirect(paths::local(next).unwrap_or(paths::HOME)));
    }
    let form = FormState::new().with_value("next", next);
    let email = staff.visit.email.clone();
    staff.here.page(StatusCode::OK, &SecondFactorPage { form, email })
}

/// POST: the code.
pub async fn submit(staff: Staff, form: CheckedForm<CodeForm>) -> Answer {
    let (fields, form) = form.open();
    let (here, visit) = (&staff.here, &staff.visit);
    match staff.core().operator_second_factor(visit, &fields.code, client(here)).await {
        Ok(secret) => Ok(enter(here, &secret, &fields.next)),
        Err(EntryError::Invalid { faults }) => {
            let form = with_faults(form, &faults).with_value("code", "");
            let page = SecondFactorPage { form, email: visit.email.clone() };
            here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(EntryError::LinkOver { .. }) => Ok(redirect(paths::HOME)),
        Err(error) => Err(error.into()),
    }
}
