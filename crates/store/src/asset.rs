//! Assets: pictures of an organisation, such as logos.

use jiff::Timestamp;
use portico_billing::AssetId;
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO asset (organisation_id, id, content_type, bytes, created_at) \
        VALUES ($1, $2, $3, $4, $5)";
    FIND = "SELECT content_type, bytes FROM asset WHERE organisation_id = $1 AND id = $2";
}

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAsset {
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Read {
    /// The asset with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn asset(&mut self, id: AssetId) -> Result<Option<StoredAsset>, StoreError> {
        let (tenant, id): (Uuid, Uuid) = (self.tenant(), id.uuid());
        let row = fetch_optional!(self.conn, (String, Vec<u8>), FIND, tenant, id)?;
        Ok(row.map(|(content_type, bytes)| StoredAsset { content_type, bytes }))
    }
}

impl Write {
    /// Adds an asset. Assets never change: new bytes are a new asset.
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
        let StoredAsset { content_type, bytes } = asset;
        execute!(self.conn, INSERT, tenant, id.uuid(), content_type, bytes, now).map(drop)
    }
}
