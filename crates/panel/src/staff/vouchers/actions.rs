//! What can be done with a batch once: downloading its codes, and cancelling it. Both ask first.

use axum::extract::Path;
use portico_core::{StaffError, StaffRule};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::super::answer::download;
use super::super::params::Params;
use super::super::{Answer, Staff, paths};
use super::{Head, done};

/// Asks before the codes are downloaded.
#[derive(Debug, Clone, Serialize)]
pub struct CodesPage {
    batch: Head,
}

/// Asks before a batch is cancelled.
#[derive(Debug, Clone, Serialize)]
pub struct VoidBatchPage {
    batch: Head,
}

/// GET: asks before the codes are downloaded; afterwards says that they were.
pub async fn ask_codes(staff: Staff, Path(id): Path<String>) -> Answer {
    let (batch, _) = Head::load(&staff, &id).await?;
    if batch.exported_at.is_some() {
        let to = batch.path(paths::VOUCHER_BATCH);
        let key = StaffRule::CodesExported.message_key();
        return Ok(staff.here.redirect_with_notice(&to, "danger", key));
    }
    staff.page(&CodesPage { batch })
}

/// POST: the codes, this once.
pub async fn codes(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let (batch, id) = Head::load(&staff, &id).await?;
    let language = staff.here.frame_for(Some(&staff)).language;
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    match staff.core().export_voucher_codes_csv(staff.caller(), id, &language).await {
        Ok(document) => Ok(download(document)),
        Err(StaffError::Rule(rule)) => {
            let to = batch.path(paths::VOUCHER_BATCH);
            Ok(staff.here.redirect_with_notice(&to, "danger", rule.message_key()))
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: asks before the batch is cancelled.
pub async fn ask_void(staff: Staff, Path(id): Path<String>) -> Answer {
    let (batch, _) = Head::load(&staff, &id).await?;
    staff.page(&VoidBatchPage { batch })
}

/// POST: cancels all vouchers of it that gave no credit yet.
pub async fn void(staff: Staff, Path(id): Path<String>, _checked: CheckedForm<Params>) -> Answer {
    let (batch, id) = Head::load(&staff, &id).await?;
    let voided = staff.core().void_voucher_batch(staff.caller(), id).await;
    done(&staff, &batch.path(paths::VOUCHER_BATCH), voided, "notice-vouchers-batch-voided")
}

impl Page for CodesPage {
    const TEMPLATE: &'static str = "panel/vouchers/codes.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self { batch: Head::sample(1, "unexported") })]
    }
}

impl Page for VoidBatchPage {
    const TEMPLATE: &'static str = "panel/vouchers/void-batch.html";

    fn samples() -> Vec<Sample<Self>> {
        vec![Sample::new("typical", Self { batch: Head::sample(1, "live") })]
    }
}
