//! Files: pictures for the portals, with where each is shown.

pub mod remove;
mod upload;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use portico_billing::AssetId;
use portico_core::files::{FILES_MAX, FileError, FileKind, FileRecord, FileUse};
use portico_ui::errors::Problem;
use portico_ui::{FormState, Page, Sample, TextArgs};
use serde::Serialize;

pub use upload::submit as upload;

use super::answer::Stop;
use super::{Answer, Staff, paths};

/// The gallery.
#[derive(Debug, Clone, Serialize)]
pub struct FilesPage {
    form: FormState,
    files: Vec<FileItem>,
    kinds: [&'static str; 3],
    may_edit: bool,
    max: u32,
}

/// One picture.
#[derive(Debug, Clone, Serialize)]
pub struct FileItem {
    id: String,
    name: String,
    /// `PNG`, `JPEG`.
    format: String,
    size_kb: u64,
    width: u32,
    height: u32,
    created_at: Timestamp,
    uses: Vec<UseItem>,
}

/// Where it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct UseItem {
    brand_id: String,
    brand_name: String,
    place: &'static str,
    is_draft: bool,
}

impl From<FileRecord> for FileItem {
    fn from(it: FileRecord) -> Self {
        let entry = it.entry;
        let format = entry.content_type.rsplit('/').next().unwrap_or_default();
        Self {
            id: entry.id.to_string(),
            name: entry.name,
            format: format.to_ascii_uppercase(),
            size_kb: entry.size.div_ceil(1_024),
            width: entry.width,
            height: entry.height,
            created_at: entry.created_at,
            uses: it.uses.into_iter().map(UseItem::from).collect(),
        }
    }
}

impl From<FileUse> for UseItem {
    fn from(it: FileUse) -> Self {
        Self {
            brand_id: it.brand_id.to_string(),
            brand_name: it.brand_name,
            place: it.place.word(),
            is_draft: it.is_draft,
        }
    }
}

/// GET: the gallery.
pub async fn list(staff: Staff) -> Answer {
    let form = FormState::new().with_value("kind", FileKind::default().word());
    show(&staff, StatusCode::OK, form).await
}

async fn show(staff: &Staff, status: StatusCode, form: FormState) -> Answer {
    let files = staff.core().list_files(staff.caller()).await?;
    let page = FilesPage {
        form,
        files: files.into_iter().map(FileItem::from).collect(),
        kinds: FileKind::ALL.map(FileKind::word),
        may_edit: staff.may(portico_billing::permission::Permission::EditBrands),
        max: FILES_MAX,
    };
    staff.page_with(status, &page)
}

/// GET: the picture itself. What was drawn here is all there is; opened by itself it may do
/// nothing.
pub async fn picture(staff: Staff, Path(id): Path<String>) -> Answer {
    let asset = staff.core().file_picture(staff.caller(), id_of(&id)?).await?;
    let kind = HeaderValue::from_str(&asset.content_type).map_err(|_| Problem::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, asset.bytes).into_response())
}

/// The identifier in an address.
fn id_of(text: &str) -> Result<AssetId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// The form with what is wrong with the file; anything but that ends the request.
fn with_fault(form: FormState, error: FileError) -> Result<FormState, Stop> {
    Ok(match error {
        FileError::Name => form.with_fault("file", "files-fault-name", TextArgs::new()),
        FileError::TooMany => {
            let max = TextArgs::new().number("max", i64::from(FILES_MAX));
            form.with_fault("file", "files-fault-too-many", max)
        }
        FileError::Picture(fault) => {
            let name = fault.name().map(|name| TextArgs::new().text("name", name));
            form.with_fault("file", fault.key(), name.unwrap_or_default())
        }
        other => return Err(other.into()),
    })
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        use portico_core_api::Refusal;
        match error {
            FileError::Forbidden(forbidden) => forbidden.into(),
            FileError::Failure(failure) => failure.into(),
            FileError::NotFound => Problem::NotFound.into(),
            FileError::Refused(Refusal::TooMany { retry_after }) => {
                Problem::TooMany { retry_after }.into()
            }
            FileError::Refused(Refusal::Unavailable { reference }) => {
                Problem::Unavailable { reference }.into()
            }
            FileError::Refused(_)
            | FileError::Name
            | FileError::Picture(_)
            | FileError::TooMany
            | FileError::InUse(_) => Problem::BadRequest.into(),
        }
    }
}

impl FileItem {
    /// For samples of pages.
    fn sample(name: &str, uses: Vec<UseItem>) -> Self {
        Self {
            id: "ast_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            name: name.to_owned(),
            format: "PNG".to_owned(),
            size_kb: 1_234,
            width: 700,
            height: 210,
            created_at: Timestamp::UNIX_EPOCH,
            uses,
        }
    }
}

impl UseItem {
    fn sample(place: &'static str, is_draft: bool) -> Self {
        Self {
            brand_id: "brd_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b".to_owned(),
            brand_name: "Voxtel <Empresas>".to_owned(),
            place,
            is_draft,
        }
    }
}

impl Page for FilesPage {
    const TEMPLATE: &'static str = "panel/files/list.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |form, files, may_edit| Self {
            form,
            files,
            kinds: FileKind::ALL.map(FileKind::word),
            may_edit,
            max: FILES_MAX,
        };
        let places = ["logo", "dark-logo", "favicon", "style-sheet"];
        let uses = places.map(|place| UseItem::sample(place, place == "favicon")).to_vec();
        let long = "x".repeat(96) + ".svg";
        let files = || {
            let unused = FileItem::sample("شعار <b>.png", Vec::new());
            vec![FileItem::sample("Logo & co.png", uses.clone()), unused]
        };
        let faulty = FormState::new().with_value("kind", "icon");
        let faulty = faulty.with_fault("file", "picture-fault-not-a-picture", TextArgs::new());
        vec![
            Sample::new("empty", page(FormState::new(), Vec::new(), true)),
            Sample::new("typical", page(FormState::new(), files(), true)),
            Sample::new("read-only", page(FormState::new(), files(), false)),
            Sample::new("faulty", page(faulty, vec![FileItem::sample(&long, Vec::new())], true)),
        ]
    }
}
