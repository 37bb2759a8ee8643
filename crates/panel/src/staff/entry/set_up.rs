//! The first operator of an organisation, by the link of the log.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::{NewOwner, OperatorLinkPurpose};
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::Answer;
use super::super::refusal::with_faults;
use super::{Door, client, enter, link_refused};

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct SetUpPage {
    form: FormState,
    token: String,
}

impl Page for SetUpPage {
    const TEMPLATE: &'static str = "panel/entry/set-up.html";

    fn samples() -> Vec<Sample<Self>> {
        let named = || FormState::new().with_value("organisation", "My company");
        let faulty = named()
            .with_value("email", "ana@")
            .with_fault("email", "fault-not-an-email", TextArgs::new())
            .with_fault("name", "fault-required", TextArgs::new())
            .with_fault("new_password", "fault-weak-password", TextArgs::new());
        let page = |form| Self { form, token: "Zm9v".to_owned() };
        vec![Sample::new("first", page(named())), Sample::new("faulty", page(faulty))]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct SetUpForm {
    organisation: String,
    name: String,
    email: String,
    new_password: String,
}

/// GET: the form; looking at it changes nothing.
pub async fn show(Door(here): Door, Path(token): Path<String>) -> Answer {
    match here.panel.core.operator_link(&token, OperatorLinkPurpose::SetUp).await {
        Ok(link) => {
            let form = FormState::new().with_value("organisation", link.organisation_name);
            here.page(StatusCode::OK, &SetUpPage { form, token })
        }
        Err(error) => link_refused(&here, error),
    }
}

/// POST: makes the owner and signs it in.
pub async fn save(
    Door(here): Door,
    Path(token): Path<String>,
    form: CheckedForm<SetUpForm>,
) -> Answer {
    let (fields, form) = form.open();
    let SetUpForm { organisation, name, email, new_password: password } = fields;
    let new = NewOwner { name, email, password, organisation };
    match here.panel.core.set_up(&token, new, client(&here)).await {
        Ok(secret) => Ok(enter(&here, &secret, "")),
        Err(EntryError::Invalid { faults }) => {
            let page = SetUpPage { form: with_faults(form, &faults), token };
            here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => link_refused(&here, error),
    }
}
