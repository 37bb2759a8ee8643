//! A temporary password for a contact: generated or set here, and mailed to the person alone.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::records::contact::ContactOutput;
use portico_core::{NewTemporaryPassword, PasswordPosting, StaffError};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::access::path;
use super::form::load;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::params::Params;
use crate::staff::refusal::with_faults;
use crate::staff::{Answer, Staff, once};

/// Asks which password, and says what becomes of it.
#[derive(Debug, Clone, Serialize)]
pub struct TemporaryPasswordPage {
    customer: Head,
    /// Identifier of the contact, as it stands in addresses.
    id: String,
    name: String,
    email: String,
    form: FormState,
}

impl TemporaryPasswordPage {
    fn new(customer: Head, contact: &ContactOutput, form: FormState) -> Self {
        let (name, email) = (contact.name.clone(), contact.email.clone());
        Self { customer, id: contact.id.uuid().to_string(), name, email, form }
    }
}

impl Page for TemporaryPasswordPage {
    const TEMPLATE: &'static str = "panel/contacts/temporary-password.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |name: &str, form| Self {
            customer: Head::sample(),
            id: sample_id(1),
            name: name.to_owned(),
            email: "ana@northwind.example".to_owned(),
            form,
        };
        let weak = FormState::new().with_fault("password", "fault-weak-password", TextArgs::new());
        let sent_before = FormState::new().with_fault("form", "fault-sent-before", TextArgs::new());
        vec![
            Sample::new("typical", page("Ana María Núñez", FormState::new())),
            Sample::new("faulty", page(LONG, weak)),
            Sample::new("sent before", page(LONG, sent_before)),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, contact) = load(&staff, &id).await?;
    let form = once::form(&staff);
    staff.page(&TemporaryPasswordPage::new(customer, &contact, form))
}

/// POST: sets and mails it.
pub async fn send(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, contact) = load(&staff, &id).await?;
    let password = Some(fields.get("password").to_owned()).filter(|typed| !typed.is_empty());
    let new = NewTemporaryPassword { password, form: Some(once::sent(&staff, &fields)) };
    let form = match staff.core().mail_temporary_password(staff.caller(), contact.id, new).await {
        Ok(PasswordPosting::Otherwise) => once::sent_before(&staff, form),
        Err(StaffError::Invalid(faults)) => with_faults(form, &faults),
        done => {
            let (kind, notice) = match done {
                Ok(PasswordPosting::Mailed) => ("success", "notice-temporary-password-mailed"),
                Ok(_) => ("danger", "notice-contact-may-not-sign-in"),
                Err(StaffError::TooMany(_)) => ("warning", "notice-temporary-password-enough"),
                Err(error) => return Err(error.into()),
            };
            return Ok(staff.here.redirect_with_notice(&path(contact.id), kind, notice));
        }
    };
    let page = TemporaryPasswordPage::new(customer, &contact, form);
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
