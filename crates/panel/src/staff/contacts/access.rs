//! Letting a contact in, keeping it out, and its new password.

use axum::extract::Path;
use portico_billing::ContactId;
use portico_core::records::contact::ContactRecord;
use portico_core::records::{RecordKey, Rejection};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;
use serde_json::json;

use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// Asks before somebody is kept out.
#[derive(Debug, Clone, Serialize)]
pub struct DisablePage {
    customer: Head,
    /// Identifier of the contact, as it stands in addresses.
    id: String,
    name: String,
}

impl Page for DisablePage {
    const TEMPLATE: &'static str = "panel/contacts/disable.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = Self { customer: Head::sample(), id: sample_id(1), name: LONG.to_owned() };
        vec![Sample::new("typical", page)]
    }
}

/// GET: asks.
pub async fn ask_disable(staff: Staff, Path(id): Path<String>) -> Answer {
    let id: ContactId = id.parse().map_err(|_| Problem::NotFound)?;
    let key = RecordKey::new(id.to_string());
    let contact = staff.core().find_record::<ContactRecord>(staff.caller(), &key).await?;
    let (customer, _) = Head::load(&staff, &contact.customer_id.to_string()).await?;
    staff.page(&DisablePage { customer, id: id.uuid().to_string(), name: contact.name })
}

/// POST: off, or on again.
pub async fn switch(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let id: ContactId = id.parse().map_err(|_| Problem::NotFound)?;
    let disabled = form.into_inner().get("disabled") == "true";
    let (key, patch) = (RecordKey::new(id.to_string()), json!({ "disabled": disabled }));
    staff.core().patch_record::<ContactRecord>(staff.caller(), &key, &patch).await?;
    let notice = if disabled { "notice-contact-disabled" } else { "notice-contact-enabled" };
    Ok(staff.here.redirect_with_notice(&path(id), "success", notice))
}

/// POST: mails a link to choose a password with.
pub async fn mail_link(
    staff: Staff,
    Path(id): Path<String>,
    _checked: CheckedForm<Params>,
) -> Answer {
    let id: ContactId = id.parse().map_err(|_| Problem::NotFound)?;
    let (kind, notice) = match staff.core().mail_password_link(staff.caller(), id).await {
        Ok(true) => ("success", "notice-password-link-mailed"),
        Ok(false) => ("warning", "notice-password-link-enough"),
        Err(Rejection::Conflict { .. }) => ("danger", "notice-contact-may-not-sign-in"),
        Err(rejection) => return Err(rejection.into()),
    };
    Ok(staff.here.redirect_with_notice(&path(id), kind, notice))
}

/// The contact's own page.
pub fn path(id: ContactId) -> String {
    paths::CONTACT.replace("{id}", &id.uuid().to_string())
}
