//! Joining an organisation by a mailed link.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::{OperatorLinkPreview, OperatorLinkPurpose};
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::Answer;
use super::super::refusal::with_faults;
use super::{Door, client, enter, link_refused};

/// The form for name and password.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationPage {
    form: FormState,
    token: String,
    organisation: String,
    email: Option<String>,
}

impl InvitationPage {
    fn new(form: FormState, token: String, link: OperatorLinkPreview) -> Self {
        Self { form, token, organisation: link.organisation_name, email: link.email }
    }
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "panel/entry/invitation.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = || FormState::new().with_value("name", "Ana María Núñez");
        let short = TextArgs::new().number("min", 8);
        let faulty = typical().with_fault("new_password", "fault-too-short", short);
        let page = |form| Self {
            form,
            token: "Zm9v".to_owned(),
            organisation: "Northwind Telecom".to_owned(),
            email: Some("ana@northwind.example".to_owned()),
        };
        vec![Sample::new("typical", page(typical())), Sample::new("faulty", page(faulty))]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct InvitationForm {
    name: String,
    new_password: String,
}

/// GET: the form; looking at it changes nothing.
pub async fn show(Door(here): Door, Path(token): Path<String>) -> Answer {
    match here.panel.core.operator_link(&token, OperatorLinkPurpose::Invitation).await {
        Ok(link) => {
            let form = FormState::new().with_value("name", link.name.clone().unwrap_or_default());
            here.page(StatusCode::OK, &InvitationPage::new(form, token, link))
        }
        Err(error) => link_refused(&here, error),
    }
}

/// POST: name and password, which sign in.
pub async fn accept(
    Door(here): Door,
    Path(token): Path<String>,
    form: CheckedForm<InvitationForm>,
) -> Answer {
    let (fields, form) = form.open();
    let core = &here.panel.core;
    let (name, password) = (&fields.name, &fields.new_password);
    match core.accept_operator_invitation(&token, name, password, client(&here)).await {
        Ok(secret) => Ok(enter(&here, &secret, "")),
        Err(EntryError::Invalid { faults }) => {
            match core.operator_link(&token, OperatorLinkPurpose::Invitation).await {
                Ok(link) => {
                    let page = InvitationPage::new(with_faults(form, &faults), token, link);
                    here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
                }
                Err(error) => link_refused(&here, error),
            }
        }
        Err(error) => link_refused(&here, error),
    }
}
