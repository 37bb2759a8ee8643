//! Removing a picture that nothing shows.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use portico_core::files::FileError;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::{FileItem, UseItem, id_of, paths};
use crate::staff::{Answer, Staff};

/// The question before a picture is removed, or why it cannot be.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveFilePage {
    file: FileItem,
}

/// GET: asks.
pub async fn ask(staff: Staff, Path(id): Path<String>) -> Answer {
    let file = staff.core().find_file(staff.caller(), id_of(&id)?).await?;
    staff.page(&RemoveFilePage { file: file.into() })
}

/// POST: removes it; where it is shown meanwhile, says by whom.
pub async fn submit(
    staff: Staff,
    Path(id): Path<String>,
    form: CheckedForm<BTreeMap<String, String>>,
) -> Answer {
    drop(form);
    let id = id_of(&id)?;
    match staff.core().remove_file(staff.caller(), id).await {
        Ok(()) => {
            let here = &staff.here;
            Ok(here.redirect_with_notice(paths::FILES, "success", "notice-file-removed"))
        }
        Err(FileError::InUse(_)) => {
            let file = staff.core().find_file(staff.caller(), id).await?;
            staff.page_with(StatusCode::CONFLICT, &RemoveFilePage { file: file.into() })
        }
        Err(error) => Err(error.into()),
    }
}

impl Page for RemoveFilePage {
    const TEMPLATE: &'static str = "panel/files/remove.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |uses| Self { file: FileItem::sample("Logo & <co>.png", uses) };
        vec![
            Sample::new("free", page(Vec::new())),
            Sample::new(
                "in-use",
                page(vec![UseItem::sample("logo", false), UseItem::sample("style-sheet", true)]),
            ),
        ]
    }
}
