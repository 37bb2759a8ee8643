//! Giving an invoice up.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::invoice::ShownStatus;
use portico_core::records::Sent;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::show::Shown;
use super::{load, path};
use crate::staff::customers::Head;
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, once};

/// Asks before an invoice is given up.
#[derive(Debug, Clone, Serialize)]
pub struct WriteOffPage {
    customer: Head,
    invoice: Shown,
    form: FormState,
}

impl Page for WriteOffPage {
    const TEMPLATE: &'static str = "panel/invoices/write-off.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Overdue),
            form,
        };
        let faulty = FormState::new().with_fault("reason", "fault-required", TextArgs::new());
        let refused = FormState::new().with_fault("status", "fault-value", TextArgs::new());
        vec![
            Sample::new("typical", page(FormState::new())),
            Sample::new("faulty", page(faulty)),
            Sample::new("refused", page(refused)),
        ]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let (invoice, form) = (Shown::new(&invoice, today), once::form(&staff));
    staff.page(&WriteOffPage { customer, invoice, form })
}

/// POST: gives it up.
pub async fn write_off(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (customer, invoice) = load(&staff, &id).await?;
    let sent = once::sent(&staff, &fields);
    let what = (invoice.id, fields.get("reason"));
    let failed = match staff.core().write_off_invoice(staff.caller(), &sent, what).await {
        Ok(Sent::Saved(_)) => {
            let (to, notice) = (path(invoice.id), "notice-invoice-written-off");
            return Ok(staff.here.redirect_with_notice(&to, "success", notice));
        }
        Ok(Sent::Otherwise) => once::sent_before(&staff, form),
        Err(rejection) => rejected(form, rejection)?,
    };
    let today = staff.core().today(staff.caller()).await?;
    let page = WriteOffPage { customer, invoice: Shown::new(&invoice, today), form: failed };
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
