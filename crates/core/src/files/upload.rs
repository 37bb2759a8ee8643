//! Taking a picture: what is stored was drawn here, never what was sent (INJ-02).

use portico_billing::AssetId;
use portico_billing::permission::Permission;
use portico_documents::picture::{self, LOGO_WIDTH_PX, Picture, PictureError};
use portico_store::asset::StoredAsset;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{FILES_MAX, FileError, FileRecord, name};
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
        let now = self.now();
        let id = AssetId::new(now, self.id_bytes());
        let stored = StoredAsset {
            content_type: picture.content_type.to_owned(),
            bytes: picture.bytes,
            name,
            width: picture.width,
            height: picture.height,
        };
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        if write.count_assets().await? >= u64::from(FILES_MAX) {
            return Err(FileError::TooMany);
        }
        write.insert_asset(id, &stored, now).await?;
        let change = Change::new("file.uploaded").on(id.uuid());
        change.to(&json!({ "name": stored.name })).write(self, &mut write, caller).await?;
        let entry = write.asset_entry(id).await?.ok_or(FileError::NotFound)?;
        write.commit().await?;
        Ok(FileRecord { entry, uses: Vec::new() })
    }
}
