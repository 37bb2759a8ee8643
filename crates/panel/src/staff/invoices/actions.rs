//! What cannot be undone: approving an invoice, cancelling one. Both ask first.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::invoice::ShownStatus;
use portico_core::records::RecordKey;
use portico_core::records::invoice::InvoiceRecord;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;
use serde_json::{Value, json};

use super::show::Shown;
use super::{load, path};
use crate::staff::customers::Head;
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// Asks before an invoice is approved.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovePage {
    customer: Head,
    invoice: Shown,
    form: FormState,
}

impl Page for ApprovePage {
    const TEMPLATE: &'static str = "panel/invoices/approve.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self {
            customer: Head::sample(),
            invoice: Shown::sample(ShownStatus::Draft),
            form,
        };
        let faulty = FormState::new().with_fault("number", "fault-taken", TextArgs::new());
        vec![Sample::new("typical", page(FormState::new())), Sample::new("faulty", page(faulty))]
    }
}

/// Asks before an invoice is cancelled.
#[derive(Debug, Clone, Serialize)]
pub struct VoidPage {
    customer: Head,
    invoice: Shown,
    form: FormState,
}

impl Page for VoidPage {
    const TEMPLATE: &'static str = "panel/invoices/void.html";

    fn samples() -> Vec<Sample<Self>> {
        let invoice = Shown::sample(ShownStatus::Open);
        let page = |form| Self { customer: Head::sample(), invoice: invoice.clone(), form };
        let faulty = FormState::new().with_fault("form", "fault-value", TextArgs::new());
        vec![Sample::new("typical", page(FormState::new())), Sample::new("refused", page(faulty))]
    }
}

async fn shown(staff: &Staff, id: &str) -> Result<(Head, Shown), crate::staff::answer::Stop> {
    let (customer, invoice) = load(staff, id).await?;
    let today = staff.core().today(staff.caller()).await?;
    Ok((customer, Shown::new(&invoice, today)))
}

/// GET: asks, with the number that it was given already.
pub async fn ask_approve(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = load(&staff, &id).await?;
    let today = staff.core().today(staff.caller()).await?;
    let form = FormState::new().with_value("number", invoice.number.clone().unwrap_or_default());
    staff.page(&ApprovePage { customer, invoice: Shown::new(&invoice, today), form })
}

/// POST: approves it.
pub async fn approve(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let (_, invoice) = load(&staff, &id).await?;
    let number = Some(fields.get("number").to_owned()).filter(|number| !number.is_empty());
    let approved = staff.core().approve_invoice(staff.caller(), invoice.id, number).await;
    match approved.map(|invoice| path(invoice.id)) {
        Ok(to) => Ok(staff.here.redirect_with_notice(&to, "success", "notice-invoice-approved")),
        Err(rejection) => {
            let (customer, invoice) = shown(&staff, &id).await?;
            let form = rejected(form, rejection)?;
            let page = ApprovePage { customer, invoice, form };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// GET: asks.
pub async fn ask_void(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, invoice) = shown(&staff, &id).await?;
    staff.page(&VoidPage { customer, invoice, form: FormState::new() })
}

/// POST: cancels it.
pub async fn void(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (_, form) = form.open();
    match change(&staff, &id, json!({ "status": "void" })).await {
        Ok(to) => Ok(staff.here.redirect_with_notice(&to, "success", "notice-invoice-voided")),
        Err(rejection) => {
            let (customer, invoice) = shown(&staff, &id).await?;
            let form = rejected(form, rejection)?;
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &VoidPage { customer, invoice, form })
        }
    }
}

async fn change(
    staff: &Staff,
    id: &str,
    patch: Value,
) -> Result<String, portico_core::records::Rejection> {
    let key = RecordKey::new(id);
    let saved = staff.core().patch_record::<InvoiceRecord>(staff.caller(), &key, &patch).await?;
    Ok(path(saved.output.id))
}
