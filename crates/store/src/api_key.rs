//! Keys of the organisation's software; of the secret a hash alone.

use jiff::Timestamp;
use portico_billing::permission::Permissions;
use portico_billing::{ApiKeyId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT organisation_id, id, name, secret_hash, created_at, expires_at, revoked_at, \
         permissions FROM api_key "
    };
}

statements! {
    BY_ID = concat!(columns!(), "WHERE id = $1");
    LIST = concat!(columns!(), "WHERE organisation_id = $1 ORDER BY id DESC LIMIT 1000");
    INSERT = "INSERT INTO api_key (organisation_id, id, name, secret_hash, created_at, \
        expires_at, revoked_at, permissions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    REVOKE = "UPDATE api_key SET revoked_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    name: String,
    secret_hash: Vec<u8>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    permissions: Option<Json<Permissions>>,
}

/// A key as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredApiKey {
    /// Identifier.
    pub id: ApiKeyId,
    /// The tenant it belongs to.
    pub organisation_id: OrganisationId,
    /// What the staff calls it.
    pub name: String,
    /// Hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// What it may do.
    pub permissions: Permissions,
}

impl StoredApiKey {
    /// Whether it may be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

impl TryFrom<Row> for StoredApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiKeyId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            name: row.name,
            secret_hash: row.secret_hash,
            created_at: column::time("api_key.created_at", row.created_at)?,
            expires_at: column::time_opt("api_key.expires_at", row.expires_at)?,
            revoked_at: column::time_opt("api_key.revoked_at", row.revoked_at)?,
            permissions: row.permissions.map_or(Permissions::ALL, |stored| stored.0),
        })
    }
}

impl Directory {
    /// The key with this identifier, of whichever organisation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn api_key(&mut self, id: ApiKeyId) -> Result<Option<StoredApiKey>, StoreError> {
        fetch_optional!(self.conn, Row, BY_ID, id.uuid())?.map(StoredApiKey::try_from).transpose()
    }
}

impl Read {
    /// The organisation's keys, newest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn api_keys(&mut self) -> Result<Vec<StoredApiKey>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, LIST, tenant)?;
        rows.into_iter().map(StoredApiKey::try_from).collect()
    }
}

impl Write {
    /// Adds a key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_api_key(&mut self, it: &StoredApiKey) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            &it.name,
            &it.secret_hash,
            column::micros(it.created_at),
            it.expires_at.map(column::micros),
            it.revoked_at.map(column::micros),
            (it.permissions != Permissions::ALL).then_some(Json(it.permissions)),
        )
        .map(drop)
    }

    /// Revokes a key. The answer is whether it was in force.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revoke_api_key(
        &mut self,
        id: ApiKeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, REVOKE, tenant, id.uuid(), now)? == 1)
    }
}
