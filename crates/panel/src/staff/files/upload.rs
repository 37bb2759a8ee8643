//! Taking a picture.

use axum::http::StatusCode;
use portico_core::files::{FileKind, NewFile};
use portico_ui::{CheckedUpload, FormState, TextArgs};

use super::{paths, show, with_fault};
use crate::staff::{Answer, Staff};

/// POST: draws the picture anew and keeps it.
pub async fn submit(staff: Staff, form: CheckedUpload) -> Answer {
    let (file, form) = form.open();
    let fault = |form: FormState, key| form.with_fault("file", key, TextArgs::new());
    let form = match file {
        None => fault(form, "files-fault-none"),
        Some(file) if file.is_too_large => fault(form, "picture-fault-too-large"),
        Some(file) => {
            let kind = FileKind::ALL.into_iter().find(|kind| kind.word() == form.value("kind"));
            let kind = kind.unwrap_or_default();
            let new = NewFile { name: file.name, kind, bytes: file.bytes };
            match staff.core().upload_file(staff.caller(), new).await {
                Ok(_) => {
                    let here = &staff.here;
                    let key = "notice-file-uploaded";
                    return Ok(here.redirect_with_notice(paths::FILES, "success", key));
                }
                Err(error) => with_fault(form, error)?,
            }
        }
    };
    show(&staff, StatusCode::UNPROCESSABLE_ENTITY, form).await
}
