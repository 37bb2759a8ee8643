//! Taking a picture: what is stored was drawn here, never what was sent (INJ-02).

use portico_billing::AssetId;
use portico_billing::permission::Permission;
use portico_documents::picture::{self, LOGO_WIDTH_PX, Picture, PictureError};
use portico_store::Write;
use portico_store::asset::StoredAsset;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{FILES_BYTES_MAX, FILES_MAX, FileError, FileRecord, name};
use crate::audit::Change;
use crate::{Caller, Core};

/// Width of a picture that is no logo: a background, for screens with two pixels to each.
const PICTURE_WIDTH_PX: u32 = 1_600;

/// What a picture is for, which says how large it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A logo: at most 350 px wide as displayed.
    #[default]
    Logo,
    /// The picture of a browser's tab: square.
    Icon,
    /// Anything else that a style sheet shows.
    Picture,
}

impl FileKind {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Logo, Self::Icon, Self::Picture];

    /// Its word in forms and data.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Icon => "icon",
            Self::Picture => "picture",
        }
    }

    fn draw(self, bytes: &[u8]) -> Result<Picture, PictureError> {
        match self {
            Self::Logo => picture::reencode(bytes, LOGO_WIDTH_PX),
            Self::Icon => picture::favicon(bytes),
            Self::Picture => picture::reencode(bytes, PICTURE_WIDTH_PX),
        }
    }
}

/// A picture to be.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub kind: FileKind,
    /// What was sent: JPEG, PNG, GIF, WebP or SVG.
    pub bytes: Vec<u8>,
}

impl Core {
    /// Draws a picture anew, and keeps what was drawn.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the name or the picture has a fault, there are too
    /// many files, or the machinery fails.
    pub async fn upload_file(
        &self,
        caller: &Caller,
        new: NewFile,
    ) -> Result<FileRecord, FileError> {
        caller.require(Permission::EditBrands)?;
        let NewFile { name, kind, bytes } = new;
        let name = name::checked(&name).ok_or(FileError::Name)?;
        let drawn = self.inner.press.print(move || Ok(kind.draw(&bytes))).await;
        let picture = drawn.map_err(FileError::Refused)??;
        let stored = stored(name, picture);
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let id = self.insert_file_within(&mut write, caller, &stored).await?;
        files_fit(&mut write).await?;
        let entry = write.asset_entry(id).await?.ok_or(FileError::NotFound)?;
        write.commit().await?;
        Ok(FileRecord { entry, uses: Vec::new() })
    }

    /// Draws a picture anew, as wide as any is kept. No transaction may be open meanwhile.
    pub(crate) async fn draw_file(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<StoredAsset, FileError> {
        let name = name::checked(name).filter(|checked| checked == name);
        let name = name.ok_or(FileError::Name)?;
        let drawn = self.inner.press.print(move || Ok(FileKind::Picture.draw(&bytes))).await;
        Ok(stored(name, drawn.map_err(FileError::Refused)??))
    }

    /// Keeps what was drawn, within a unit of work. Whether all of them fit is asked by
    /// [`files_fit`], once those that go are gone.
    pub(crate) async fn insert_file_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        stored: &StoredAsset,
    ) -> Result<AssetId, FileError> {
        write.hold_organisation().await?;
        let now = self.now();
        let id = AssetId::new(now, self.id_bytes());
        write.insert_asset(id, stored, now).await?;
        let change = Change::new("file.uploaded").on(id.uuid());
        change.to(&json!({ "name": stored.name })).write(self, write, caller).await?;
        Ok(id)
    }
}

/// Refuses where there are more files, or more bytes in them, than an organisation may have.
pub(crate) async fn files_fit(write: &mut Write) -> Result<(), FileError> {
    let all = write.assets(FILES_MAX + 1).await?;
    let bytes: u64 = all.iter().map(|it| it.size).sum();
    let fit = all.len() <= FILES_MAX as usize && bytes <= FILES_BYTES_MAX;
    if fit { Ok(()) } else { Err(FileError::TooMany) }
}

fn stored(name: String, picture: Picture) -> StoredAsset {
    let Picture { content_type, bytes, width, height } = picture;
    StoredAsset { content_type: content_type.to_owned(), bytes, name, width, height }
}
