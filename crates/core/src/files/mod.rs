//! Files: pictures of an organisation, drawn anew when they are uploaded, for its brands to show.

mod name;
mod remove;
mod upload;
mod uses;

use portico_billing::AssetId;
use portico_billing::permission::Permission;
use portico_core_api::{Asset, Refusal};
use portico_documents::picture::PictureError;
use portico_store::StoreError;

pub use portico_documents::picture::MAX_BYTES;
pub use portico_store::asset::AssetEntry;
pub(crate) use upload::files_fit;
pub use upload::{FileKind, NewFile};
pub use uses::{FilePlace, FileUse};

use crate::records::Rejection;
use crate::{Caller, Core, Failure, Forbidden};

/// Most files of an organisation: more than its brands need, few enough for one page.
pub const FILES_MAX: u32 = 200;
/// Most bytes of all files of an organisation: in Base64, with all else of its configuration, they
/// fit in one request.
pub const FILES_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// A file as the staff sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// What is known of it.
    pub entry: AssetEntry,
    /// Where it is shown, or will be.
    pub uses: Vec<FileUse>,
}

/// Why a file could not be taken or removed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is none (in this organisation).
    #[error("the file was not found")]
    NotFound,
    /// Its name is empty, too long, or not one line.
    #[error("the name must be one line of 1 to 100 characters")]
    Name,
    /// It is no picture that can be used.
    #[error("{0}")]
    Picture(#[from] PictureError),
    /// There are as many as are kept, or as large ones.
    #[error(
        "an organisation has at most {FILES_MAX} files, of {} MiB in all; remove some first",
        FILES_BYTES_MAX / (1024 * 1024)
    )]
    TooMany,
    /// It is shown somewhere.
    #[error("the file is in use by {}", names(.0))]
    InUse(Vec<FileUse>),
    /// Too much is drawn at the moment, or the machinery failed; told already.
    #[error("the file cannot be drawn now")]
    Refused(Refusal),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

fn names(uses: &[FileUse]) -> String {
    let mut names: Vec<&str> = uses.iter().map(|it| it.brand_name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

impl From<StoreError> for FileError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// What the organisation's software is told.
impl From<FileError> for Rejection {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            FileError::NotFound => Self::NotFound("the file".to_owned()),
            FileError::Name => Self::field("name", error.to_string()),
            FileError::Picture(_) => Self::field("content", error.to_string()),
            FileError::TooMany | FileError::InUse(_) => Self::conflict("", error.to_string()),
            FileError::Refused(_) => Self::conflict("content", error.to_string()),
            FileError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Core {
    /// The organisation's files with where they are used, newest first.
    ///
    /// # Errors
    /// Where the caller may not read, or the machinery fails.
    pub async fn list_files(&self, caller: &Caller) -> Result<Vec<FileRecord>, FileError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let all = uses::all(&mut read).await?;
        let entries = read.assets(FILES_MAX).await?;
        let record = |entry: AssetEntry| FileRecord { uses: uses::of(&all, entry.id), entry };
        Ok(entries.into_iter().map(record).collect())
    }

    /// One file with where it is used.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such file, or the machinery fails.
    pub async fn find_file(&self, caller: &Caller, id: AssetId) -> Result<FileRecord, FileError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let entry = read.asset_entry(id).await?.ok_or(FileError::NotFound)?;
        let all = uses::all(&mut read).await?;
        Ok(FileRecord { uses: uses::of(&all, id), entry })
    }

    /// The picture itself.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such file, or the machinery fails.
    pub async fn file_picture(&self, caller: &Caller, id: AssetId) -> Result<Asset, FileError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let asset = read.asset(id).await?.ok_or(FileError::NotFound)?;
        Ok(Asset { content_type: asset.content_type, bytes: asset.bytes })
    }
}
