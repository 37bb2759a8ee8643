//! Showing a draft to customers, throwing it away, coming back to an earlier version: each is
//! asked about first.

use axum::extract::Path;
use portico_core::looks::{LooksBase, LooksError};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::super::{BrandHead, Fields, find, paths, tab};
use super::form;
use crate::staff::answer::redirect;
use crate::staff::{Answer, Staff};

/// The question.
#[derive(Debug, Clone, Serialize)]
pub struct LooksQuestionPage {
    brand: BrandHead,
    /// What is asked: `publish`, `discard` or `roll-back`.
    question: &'static str,
    /// The version that is asked about.
    version: u32,
    base: LooksBase,
    /// Whether the draft runs a script.
    runs_script: bool,
}

/// GET: asks before the draft is published.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    ask_about(&staff, &id, "publish").await
}

/// GET: asks before the draft is thrown away.
pub async fn ask_discard(staff: Staff, Path(id): Path<String>) -> Answer {
    ask_about(&staff, &id, "discard").await
}

async fn ask_about(staff: &Staff, id: &str, question: &'static str) -> Answer {
    let found = find(staff, id).await?;
    let brand = found.record.brand.id;
    let state = staff.core().brand_looks(staff.caller(), brand).await?;
    let Some(draft) = state.draft else { return Ok(redirect(&tab(paths::BRAND_LOOKS, brand))) };
    staff.page(&LooksQuestionPage {
        brand: BrandHead::of(staff, &found),
        question,
        version: draft.version,
        base: state.base,
        runs_script: !state.looks.custom.script.is_empty(),
    })
}

/// GET: asks before an earlier version is shown again.
pub async fn ask_roll_back(staff: Staff, Path((id, version)): Path<(String, String)>) -> Answer {
    let found = find(&staff, &id).await?;
    let version = version.parse().map_err(|_| Problem::NotFound)?;
    let brand = found.record.brand.id;
    let (_, looks) = staff.core().looks_of_version(staff.caller(), (brand, version)).await?;
    staff.page(&LooksQuestionPage {
        brand: BrandHead::of(&staff, &found),
        question: "roll-back",
        version,
        base: LooksBase { version: 0, revision: 0 },
        runs_script: !looks.custom.script.is_empty(),
    })
}

/// POST: publishes the draft.
pub async fn submit(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let brand = find(&staff, &id).await?.record.brand.id;
    let base = form::base(&form.into_inner());
    let done = staff.core().publish_looks(staff.caller(), brand, base).await.map(drop);
    back(&staff, &tab(paths::BRAND_LOOKS, brand), (done, "notice-looks-published"))
}

/// POST: throws the draft away.
pub async fn discard(staff: Staff, Path(id): Path<String>, form: CheckedForm<Fields>) -> Answer {
    let brand = find(&staff, &id).await?.record.brand.id;
    let base = form::base(&form.into_inner());
    let done = staff.core().discard_looks_draft(staff.caller(), brand, base).await;
    back(&staff, &tab(paths::BRAND_LOOKS, brand), (done, "notice-looks-discarded"))
}

/// POST: shows an earlier version again.
pub async fn roll_back(
    staff: Staff,
    Path((id, version)): Path<(String, String)>,
    form: CheckedForm<Fields>,
) -> Answer {
    let brand = find(&staff, &id).await?.record.brand.id;
    let version = version.parse().map_err(|_| Problem::NotFound)?;
    drop(form);
    let done = staff.core().roll_back_looks(staff.caller(), (brand, version)).await.map(drop);
    back(&staff, &tab(paths::BRAND_LOOKS, brand), (done, "notice-looks-rolled-back"))
}

/// Back to the tab, which says what became of it.
fn back(staff: &Staff, to: &str, (done, key): (Result<(), LooksError>, &str)) -> Answer {
    let (kind, key) = match done {
        Ok(()) => ("success", key),
        Err(LooksError::Stale) => ("danger", "notice-looks-stale"),
        Err(LooksError::NoDraft) => ("info", "notice-looks-no-draft"),
        Err(LooksError::Invalid(_)) => ("danger", "notice-looks-file-gone"),
        Err(error) => return Err(error.into()),
    };
    Ok(staff.here.redirect_with_notice(to, kind, key))
}

impl Page for LooksQuestionPage {
    const TEMPLATE: &'static str = "panel/brands/looks-question.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |question, runs_script| Self {
            brand: BrandHead::sample(),
            question,
            version: 7,
            base: LooksBase { version: 7, revision: 3 },
            runs_script,
        };
        vec![
            Sample::new("publish", page("publish", false)),
            Sample::new("publish-with-script", page("publish", true)),
            Sample::new("discard", page("discard", false)),
            Sample::new("roll-back", page("roll-back", true)),
        ]
    }
}
