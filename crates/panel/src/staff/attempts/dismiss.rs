//! Closing an attempt whose payment does not match, with a reason.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::StaffError;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::Serialize;

use super::show::Shown;
use super::{attempt_id, attempt_path};
use crate::staff::params::Params;
use crate::staff::refusal::with_faults;
use crate::staff::{Answer, Staff};

/// Asks why.
#[derive(Debug, Clone, Serialize)]
pub struct DismissPage {
    attempt: Shown,
    form: FormState,
}

/// GET: asks why; where there is nothing to close, the attempt says how it stands.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = attempt_id(&id)?;
    let it = staff.core().payment_attempt(staff.caller(), id).await?;
    if !it.standing.may_be_dismissed() {
        let (to, notice) = (attempt_path(id), "notice-attempt-not-dismissed");
        return Ok(staff.here.redirect_with_notice(&to, "danger", notice));
    }
    let attempt = Shown::new(&it, staff.core().now());
    staff.page(&DismissPage { attempt, form: FormState::new() })
}

/// POST: closes it.
pub async fn submit(staff: Staff, Path(id): Path<String>, form: CheckedForm<Params>) -> Answer {
    let id = attempt_id(&id)?;
    let (fields, form) = form.open();
    let (core, caller) = (staff.core(), staff.caller());
    let to = attempt_path(id);
    match core.dismiss_payment_attempt(caller, id, fields.get("reason")).await {
        Ok(_) => {
            let notice = "notice-attempt-dismissed";
            Ok(staff.here.redirect_with_notice(&to, "success", notice))
        }
        Err(StaffError::Rule(rule)) => {
            Ok(staff.here.redirect_with_notice(&to, "danger", rule.message_key()))
        }
        Err(StaffError::Invalid(faults)) => {
            let it = core.payment_attempt(caller, id).await?;
            let attempt = Shown::new(&it, core.now());
            let page = DismissPage { attempt, form: with_faults(form, &faults) };
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

impl Page for DismissPage {
    const TEMPLATE: &'static str = "panel/attempts/dismiss.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form| Self { attempt: Shown::mismatching_sample(), form };
        let faulty = FormState::new().with_fault("reason", "fault-required", TextArgs::new());
        vec![Sample::new("typical", page(FormState::new())), Sample::new("faulty", page(faulty))]
    }
}
