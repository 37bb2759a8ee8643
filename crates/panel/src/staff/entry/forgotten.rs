//! A forgotten password: a link by mail.

use axum::http::StatusCode;
use portico_core_api::EntryError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::Answer;
use super::super::refusal::with_faults;
use super::{Door, client};

/// The form that asks for the link, and that it is on its way.
#[derive(Debug, Clone, Serialize)]
pub struct ForgottenPage {
    form: FormState,
    /// The address, once a link is on its way to it.
    sent: Option<String>,
}

impl Page for ForgottenPage {
    const TEMPLATE: &'static str = "panel/entry/forgotten.html";

    fn samples() -> Vec<Sample<Self>> {
        let faulty = FormState::new().with_value("email", "ana@").with_fault(
            "email",
            "fault-not-an-email",
            TextArgs::new(),
        );
        let sent = Some("ana@acme.example".to_owned());
        vec![
            Sample::new("empty", Self { form: FormState::new(), sent: None }),
            Sample::new("faulty", Self { form: faulty, sent: None }),
            Sample::new("sent", Self { form: FormState::new(), sent }),
        ]
    }
}

/// The fields.
#[derive(Deserialize)]
pub struct EmailForm {
    email: String,
}

/// GET: which address?
pub async fn show(Door(here): Door) -> Answer {
    here.page(StatusCode::OK, &ForgottenPage { form: FormState::new(), sent: None })
}

/// POST: mail the link. The answer is the same for every address.
pub async fn send(Door(here): Door, form: CheckedForm<EmailForm>) -> Answer {
    let (fields, form) = form.open();
    let email = fields.email.trim();
    match here.panel.core.mail_operator_reset(email, client(&here)).await {
        Ok(()) => {
            let sent = Some(email.to_owned());
            here.page(StatusCode::OK, &ForgottenPage { form, sent })
        }
        Err(EntryError::Invalid { faults }) => {
            let page = ForgottenPage { form: with_faults(form, &faults), sent: None };
            here.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}
