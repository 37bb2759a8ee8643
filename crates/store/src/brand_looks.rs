//! Looks of a brand: the draft, and every version that was published.

use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::brand::Looks;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT l.brand_id, l.version, l.revision, l.looks, l.saved_at, l.published_at, \
         l.actor_kind, l.actor_id, \
         (SELECT o.name FROM operator o \
            WHERE o.organisation_id = l.organisation_id AND o.id = l.actor_id) AS actor_name \
         FROM brand_looks l "
    };
}

statements! {
    DRAFT = concat!(columns!(), "WHERE l.organisation_id = $1 AND l.brand_id = $2 \
        AND l.published_at IS NULL");
    DRAFTS = concat!(columns!(), "WHERE l.organisation_id = $1 AND l.published_at IS NULL \
        ORDER BY l.brand_id LIMIT 1000");
    VERSIONS = concat!(columns!(), "WHERE l.organisation_id = $1 AND l.brand_id = $2 \
        AND l.published_at IS NOT NULL ORDER BY l.version DESC LIMIT $3");
    VERSION = concat!(columns!(), "WHERE l.organisation_id = $1 AND l.brand_id = $2 \
        AND l.version = $3 AND l.published_at IS NOT NULL");
    SAVE = "INSERT INTO brand_looks (organisation_id, brand_id, version, revision, looks, \
        saved_at, published_at, actor_kind, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (organisation_id, brand_id, version) DO UPDATE SET \
        revision = excluded.revision, looks = excluded.looks, saved_at = excluded.saved_at, \
        published_at = excluded.published_at, actor_kind = excluded.actor_kind, \
        actor_id = excluded.actor_id";
    DELETE_DRAFT = "DELETE FROM brand_looks WHERE organisation_id = $1 AND brand_id = $2 \
        AND published_at IS NULL";
}

/// One version of a brand's looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLooks {
    /// Whose looks they are.
    pub brand_id: BrandId,
    /// Its number; the draft has the next one.
    pub version: u32,
    /// How often the draft was saved.
    pub revision: u32,
    /// The looks.
    pub looks: Looks,
    /// When they were last saved.
    pub saved_at: Timestamp,
    /// When they were published; not yet, if they are the draft.
    pub published_at: Option<Timestamp>,
    /// What kind of caller saved or published them.
    pub actor_kind: String,
    /// Who, where it has a record.
    pub actor_id: Option<Uuid>,
    /// The name, where it is one of the organisation's people. Not stored here.
    pub actor_name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    brand_id: Uuid,
    version: i64,
    revision: i64,
    looks: Json<Looks>,
    saved_at: i64,
    published_at: Option<i64>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
}

impl TryFrom<Row> for StoredLooks {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            brand_id: row.brand_id.into(),
            version: column::number("brand_looks.version", row.version)?,
            revision: column::number("brand_looks.revision", row.revision)?,
            looks: row.looks.0,
            saved_at: column::time("brand_looks.saved_at", row.saved_at)?,
            published_at: column::time_opt("brand_looks.published_at", row.published_at)?,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
        })
    }
}

impl Read {
    /// The brand's draft, if it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn looks_draft(&mut self, brand: BrandId) -> Result<Option<StoredLooks>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, DRAFT, tenant, brand.uuid())?;
        row.map(StoredLooks::try_from).transpose()
    }

    /// The drafts of all brands.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn looks_drafts(&mut self) -> Result<Vec<StoredLooks>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, DRAFTS, tenant)?;
        rows.into_iter().map(StoredLooks::try_from).collect()
    }

    /// What was published, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn looks_versions(
        &mut self,
        brand: BrandId,
        limit: u32,
    ) -> Result<Vec<StoredLooks>, StoreError> {
        let (tenant, brand, limit) = (self.tenant(), brand.uuid(), i64::from(limit));
        let rows = fetch_all!(self.conn, Row, VERSIONS, tenant, brand, limit)?;
        rows.into_iter().map(StoredLooks::try_from).collect()
    }

    /// One version that was published.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn looks_version(
        &mut self,
        brand: BrandId,
        version: u32,
    ) -> Result<Option<StoredLooks>, StoreError> {
        let (tenant, brand, version) = (self.tenant(), brand.uuid(), i64::from(version));
        let row = fetch_optional!(self.conn, Row, VERSION, tenant, brand, version)?;
        row.map(StoredLooks::try_from).transpose()
    }
}

impl Write {
    /// Writes a version in the place of the one with its number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_looks(&mut self, it: &StoredLooks) -> Result<(), StoreError> {
        let (tenant, brand) = (self.tenant(), it.brand_id.uuid());
        let (version, revision) = (i64::from(it.version), i64::from(it.revision));
        let saved = column::micros(it.saved_at);
        let published = it.published_at.map(column::micros);
        let (looks, kind, actor) = (Json(&it.looks), &it.actor_kind, it.actor_id);
        execute!(
            self.conn, SAVE, tenant, brand, version, revision, looks, saved, published, kind, actor
        )
        .map(drop)
    }

    /// Removes the draft; whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_looks_draft(&mut self, brand: BrandId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, DELETE_DRAFT, tenant, brand.uuid())? > 0)
    }
}
