//! Taking a credit note back. It asks first.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::records::RecordKey;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;
use serde_json::json;

use super::show::Shown;
use super::{load, path};
use crate::staff::customers::Head;
use crate::staff::faults::rejected;
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// The question.
#[derive(Debug, Clone, Serialize)]
pub struct VoidCreditNotePage {
    customer: Head,
    note: Shown,
    form: FormState,
}

impl Page for VoidCreditNotePage {
    const TEMPLATE: &'static str = "panel/credit-notes/void.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self { customer: Head::sample(), note: Shown::sample(), form };
        let faulty = FormState::new().with_fault("form", "fault-value", TextArgs::new());
        vec![Sample::new("typical", page(FormState::new())), Sample::new("refused", page(faulty))]
    }
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, note) = load(&staff, &id).await?;
    let note = Shown::new(&note);
    staff.page(&VoidCreditNotePage { customer, note, form: FormState::new() })
}

/// POST: takes it back. Sent twice, it changes nothing the second time.
pub async fn void(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let (_, form) = form.open();
    let (customer, note) = load(&staff, &id).await?;
    let key = RecordKey::new(note.id.to_string());
    let patch = json!({ "status": "void" });
    let saved = staff.core().patch_record::<CreditNoteRecord>(staff.caller(), &key, &patch).await;
    if let Err(rejection) = saved {
        let form = rejected(form, rejection)?;
        let page = VoidCreditNotePage { customer, note: Shown::new(&note), form };
        return staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (to, notice) = (path(note.id), "notice-credit-note-voided");
    Ok(staff.here.redirect_with_notice(&to, "success", notice))
}
