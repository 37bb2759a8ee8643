//! One that waits, and the decision on it.

use axum::extract::Path;
use axum::http::StatusCode;
use portico_billing::CustomerId;
use portico_core::StaffError;
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use serde::{Deserialize, Serialize};

use super::super::answer::Stop;
use super::super::params::Params;
use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};
use super::WaitingItem;

/// One that waits.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovalPage {
    it: WaitingItem,
    form: FormState,
}

/// The form that refuses.
#[derive(Deserialize)]
pub struct RefusalForm {
    reason: String,
}

/// GET: what is known of it.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let page = load(&staff, id_of(&id)?, FormState::new()).await?;
    staff.page(&page)
}

/// POST: yes.
pub async fn approve(staff: Staff, Path(id): Path<String>, _form: CheckedForm<Params>) -> Answer {
    staff.core().approve_sign_up(staff.caller(), id_of(&id)?).await?;
    let key = "notice-approvals-approved";
    Ok(staff.here.redirect_with_notice(paths::APPROVALS, "success", key))
}

/// POST: no, and why.
pub async fn refuse(
    staff: Staff,
    Path(id): Path<String>,
    form: CheckedForm<RefusalForm>,
) -> Answer {
    let id = id_of(&id)?;
    let (fields, form) = form.open();
    match staff.core().refuse_sign_up(staff.caller(), id, &fields.reason).await {
        Ok(()) => {
            let key = "notice-approvals-refused";
            Ok(staff.here.redirect_with_notice(paths::APPROVALS, "success", key))
        }
        Err(StaffError::Invalid(faults)) => {
            let page = load(&staff, id, with_faults(form, &faults)).await?;
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

fn id_of(text: &str) -> Result<CustomerId, Stop> {
    Ok(text.parse().map_err(|_| Problem::NotFound)?)
}

async fn load(staff: &Staff, id: CustomerId, form: FormState) -> Result<ApprovalPage, Stop> {
    let it = staff.core().waiting_sign_up(staff.caller(), id).await?.into();
    Ok(ApprovalPage { it, form })
}

impl Page for ApprovalPage {
    const TEMPLATE: &'static str = "panel/approvals/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |it, form| Self { it, form };
        let faulty = FormState::new().with_fault("reason", "fault-required", TextArgs::new());
        vec![
            Sample::new("typical", page(WaitingItem::sample(), FormState::new())),
            Sample::new("faulty", page(WaitingItem::extreme(), faulty)),
            Sample::new("without-person", page(WaitingItem::bare(), FormState::new())),
        ]
    }
}
