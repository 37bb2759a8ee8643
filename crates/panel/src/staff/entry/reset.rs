//! A new password behind a mailed link.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::OperatorLinkPurpose;
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::Answer;
use super::super::refusal::with_faults;
use super::{Door, client, enter, link_refused};

/// The form for the new password.
#[derive(Debug, Clone, Serialize)]
pub struct ResetPage {
    form: FormState,
    token: String,
    /// The account's address, so that password managers know what they keep.
    email: Option<String>,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "panel/entry/reset.html";

    fn samples() -> Vec<Sample<Self>> {
        let email = || Some("ana@acme.example".to_owned());
        let short = TextArgs::new().number("min", 8);
        let faulty = FormState::new().with_fault("new_password", "fault-too-short", short);
        let page = |form, email| Self { form, token: "Zm9v".to_owned(), email };
        vec![
            Sample::new("typical", page(FormState::new(), email())),
            Sample::new("faulty", page(faulty, email())),
        ]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct ResetForm {
    new_password: String,
}

/// GET: the form; looking at it changes nothing.
pub async fn show(Door(here): Door, Path(token): Path<String>) -> Answer {
    match here.panel.core.operator_link(&token, OperatorLinkPurpose::ResetPassword).await {
        Ok(link) => {
            let page = ResetPage { form: FormState::new(), token, email: link.email };
            here.page(StatusCode::OK, &page)
        }
        Err(error) => link_refused(&here, error),
    }
}

/// POST: the new password, which signs in.
pub async fn save(
    Door(here): Door,
    Path(token): Path<String>,
    form: CheckedForm<ResetForm>,
) -> Answer {
    let (fields, form) = form.open();
    let core = &here.panel.core;
    match core.reset_operator_password(&token, &fields.new_password, client(&here)).await {
        Ok(secret) => Ok(enter(&here, &secret, "")),
        Err(EntryError::Invalid { faults }) => {
            let link = core.operator_link(&token, OperatorLinkPurpose::ResetPassword).await;
            let email = link.ok().and_then(|link| link.email);
            let page = ResetPage { form: with_faults(form, &faults), token, email };
            here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => link_refused(&here, error),
    }
}
