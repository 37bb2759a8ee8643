//! Switching a customer off and on again.

use axum::extract::Path;
use portico_billing::account::CustomerStatus;
use portico_core::records::RecordKey;
use portico_core::records::customer::CustomerRecord;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;
use serde_json::json;

use super::Head;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, paths};

/// Asks first: whoever is on the portal is put out.
#[derive(Debug, Clone, Serialize)]
pub struct DeactivatePage {
    customer: Head,
}

impl Page for DeactivatePage {
    const TEMPLATE: &'static str = "panel/customers/deactivate.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("typical", Self { customer: Head::sample() }),
            Sample::new("extreme", Self { customer: Head::extreme_sample() }),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, _) = Head::load(&staff, &id).await?;
    staff.page(&DeactivatePage { customer })
}

/// POST: off, or on.
pub async fn switch(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let (status, notice) = match form.into_inner().get("status") {
        "active" => (CustomerStatus::Active, "notice-customer-activated"),
        _ => (CustomerStatus::Inactive, "notice-customer-deactivated"),
    };
    let key = RecordKey::new(output.id.to_string());
    let patch = json!({ "status": status });
    staff.core().patch_record::<CustomerRecord>(staff.caller(), &key, &patch).await?;
    Ok(staff.here.redirect_with_notice(&customer.path(paths::CUSTOMER), "success", notice))
}
