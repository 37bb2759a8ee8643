//! Pictures of the organisation: `/api/v1/files`.

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use portico_billing::AssetId;
use portico_core::files::{FileError, FileKind, FileRecord, MAX_BYTES, NewFile};
use portico_core::records::{RecordKey, Rejection};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ApiCaller;
use super::body::JsonBody;
use super::path::Named;
use super::problem::Problem;
use super::records::ListAnswer;
use crate::state::Shared;

/// A picture to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = FileInput)]
#[serde(deny_unknown_fields)]
pub struct FileBody {
    /// What people call it.
    #[schema(example = "logo.svg")]
    name: String,
    /// What it is for: `logo` (at most 350 px wide as displayed), `icon` (square), `picture`.
    #[serde(default)]
    #[schema(value_type = String, example = "logo")]
    kind: FileKind,
    /// JPEG, PNG, GIF, WebP or SVG in Base64, at most 2 MB. It is drawn anew.
    #[schema(format = Byte)]
    content: String,
}

/// A picture of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = File)]
pub struct FileAnswer {
    /// Identifier.
    #[schema(example = "ast_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")]
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The media type of what was drawn.
    #[schema(example = "image/png")]
    pub content_type: String,
    /// How many bytes that has.
    pub size: u64,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Where it is shown.
    pub uses: Vec<FileUseAnswer>,
    /// When it was uploaded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Where a picture is shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FileUse)]
pub struct FileUseAnswer {
    /// By which brand.
    pub brand_id: String,
    /// As what: `logo`, `dark-logo`, `favicon`, `style-sheet`.
    pub place: &'static str,
    /// Whether by its draft, which nobody sees yet.
    pub is_draft: bool,
}

impl From<FileRecord> for FileAnswer {
    fn from(it: FileRecord) -> Self {
        let FileRecord { entry, uses } = it;
        let place = |it: portico_core::files::FileUse| FileUseAnswer {
            brand_id: it.brand_id.to_string(),
            place: it.place.word(),
            is_draft: it.is_draft,
        };
        Self {
            id: entry.id.to_string(),
            name: entry.name,
            content_type: entry.content_type,
            size: entry.size,
            width: entry.width,
            height: entry.height,
            uses: uses.into_iter().map(place).collect(),
            created_at: entry.created_at,
        }
    }
}

/// `GET /api/v1/files`.
pub async fn list(
    State(panel): State<Shared>,
    caller: ApiCaller,
) -> Result<Json<ListAnswer<FileAnswer>>, Problem> {
    let found = panel.core.list_files(&caller.0).await?;
    let data = found.into_iter().map(FileAnswer::from).collect();
    Ok(Json(ListAnswer { data, next_cursor: None }))
}

/// `GET /api/v1/files/{id}`.
pub async fn find(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<Json<FileAnswer>, Problem> {
    Ok(Json(panel.core.find_file(&caller.0, id(&key)?).await?.into()))
}

/// `POST /api/v1/files`: as JSON, or as a form with the fields `file` and `kind`.
pub async fn create(
    State(panel): State<Shared>,
    caller: ApiCaller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let new = if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        of_form(request).await?
    } else {
        of_json(request).await?
    };
    let answer: FileAnswer = panel.core.upload_file(&caller.0, new).await?.into();
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `DELETE /api/v1/files/{id}`: only one that nothing shows.
pub async fn remove(
    State(panel): State<Shared>,
    caller: ApiCaller,
    Named(key): Named,
) -> Result<StatusCode, Problem> {
    panel.core.remove_file(&caller.0, id(&key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn of_json(request: Request<Body>) -> Result<NewFile, Problem> {
    let body: FileBody = JsonBody::from_request(request, &()).await?.parse()?;
    let bytes = STANDARD.decode(body.content.trim());
    let bytes = bytes.map_err(|_| Rejection::field("content", "is not Base64 (RFC 4648)"))?;
    Ok(NewFile { name: body.name, kind: body.kind, bytes })
}

async fn of_form(request: Request<Body>) -> Result<NewFile, Problem> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Problem::malformed(format!("the form cannot be read: {error}"))
    };
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| Problem::malformed(error.to_string()))?;
    let (mut kind, mut file) = (FileKind::default(), None);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("kind") => {
                let word = field.text().await.map_err(broken)?;
                let known = FileKind::ALL.into_iter().find(|kind| kind.word() == word);
                kind = known.ok_or_else(|| {
                    Rejection::field("kind", "must be `logo`, `icon` or `picture`")
                })?;
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut bytes = Vec::new();
                // One byte too many says that it is too large.
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    let room = (MAX_BYTES + 1).saturating_sub(bytes.len());
                    bytes.extend(chunk.iter().take(room));
                }
                file = Some((name, bytes));
            }
            _ => return Err(Problem::malformed("the form has the fields `file` and `kind` alone")),
        }
    }
    let (name, bytes) = file.ok_or_else(|| Rejection::field("file", "must be given"))?;
    Ok(NewFile { name, kind, bytes })
}

fn id(key: &RecordKey) -> Result<AssetId, Problem> {
    key.id().ok_or_else(|| FileError::NotFound.into())
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        use portico_core_api::Refusal;
        match error {
            FileError::Refused(Refusal::TooMany { retry_after }) => {
                Self::busy(retry_after.as_secs())
            }
            FileError::Refused(Refusal::Unavailable { reference }) => Self::internal(reference),
            other => Rejection::from(other).into(),
        }
    }
}
