//! Assets: pictures of an organisation, such as logos.

use jiff::Timestamp;
use portico_billing::AssetId;
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO asset (organisation_id, id, content_type, bytes, name, width, height, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND = "SELECT content_type, bytes, name, width, height FROM asset \
        WHERE organisation_id = $1 AND id = $2";
    /// Everything but the pictures themselves.
    LIST = "SELECT id, content_type, CAST(length(bytes) AS BIGINT) AS size, name, width, height, \
        created_at FROM asset WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2";
    ENTRY = "SELECT id, content_type, CAST(length(bytes) AS BIGINT) AS size, name, width, height, \
        created_at FROM asset WHERE organisation_id = $1 AND id = $2";
    COUNT = "SELECT COUNT(*) FROM asset WHERE organisation_id = $1";
    RENAME = "UPDATE asset SET name = $3 WHERE organisation_id = $1 AND id = $2";
    DELETE = "DELETE FROM asset WHERE organisation_id = $1 AND id = $2";
}

/// A stored picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredAsset {
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What people call it.
    pub name: String,
    /// Pixels in a row; 0 where nobody measured.
    pub width: u32,
    /// Rows; 0 where nobody measured.
    pub height: u32,
}

/// A stored picture without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetEntry {
    /// Identifier.
    pub id: AssetId,
    /// Its media type.
    pub content_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// What people call it.
    pub name: String,
    /// Pixels in a row; 0 where nobody measured.
    pub width: u32,
    /// Rows; 0 where nobody measured.
    pub height: u32,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    content_type: String,
    bytes: Vec<u8>,
    name: String,
    width: i64,
    height: i64,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    content_type: String,
    size: i64,
    name: String,
    width: i64,
    height: i64,
    created_at: i64,
}

impl TryFrom<EntryRow> for AssetEntry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            content_type: row.content_type,
            size: column::number("asset.size", row.size)?,
            name: row.name,
            width: column::number("asset.width", row.width)?,
            height: column::number("asset.height", row.height)?,
            created_at: column::time("asset.created_at", row.created_at)?,
        })
    }
}

impl Read {
    /// The asset with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn asset(&mut self, id: AssetId) -> Result<Option<StoredAsset>, StoreError> {
        let (tenant, id): (Uuid, Uuid) = (self.tenant(), id.uuid());
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id)?;
        let asset = |row: Row| {
            Ok(StoredAsset {
                content_type: row.content_type,
                bytes: row.bytes,
                name: row.name,
                width: column::number("asset.width", row.width)?,
                height: column::number("asset.height", row.height)?,
            })
        };
        row.map(asset).transpose()
    }

    /// The organisation's assets without their bytes, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn assets(&mut self, limit: u32) -> Result<Vec<AssetEntry>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, EntryRow, LIST, tenant, i64::from(limit))?;
        rows.into_iter().map(AssetEntry::try_from).collect()
    }

    /// One asset without its bytes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn asset_entry(&mut self, id: AssetId) -> Result<Option<AssetEntry>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, EntryRow, ENTRY, tenant, id.uuid())?;
        row.map(AssetEntry::try_from).transpose()
    }

    /// How many assets the organisation has.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_assets(&mut self) -> Result<u64, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, (i64,), COUNT, tenant)?;
        column::number("count", rows.first().map_or(0, |row| row.0))
    }
}

impl Write {
    /// Adds an asset. Its bytes never change: new bytes are a new asset.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_asset(
        &mut self,
        id: AssetId,
        asset: &StoredAsset,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let StoredAsset { content_type, bytes, name, width, height } = asset;
        let (width, height) = (i64::from(*width), i64::from(*height));
        let id = id.uuid();
        execute!(self.conn, INSERT, tenant, id, content_type, bytes, name, width, height, now)
            .map(drop)
    }

    /// Calls an asset something else.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rename_asset(&mut self, id: AssetId, name: &str) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, RENAME, tenant, id.uuid(), name).map(drop)
    }

    /// Removes an asset; whether it was there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_asset(&mut self, id: AssetId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, DELETE, tenant, id.uuid())? > 0)
    }
}
