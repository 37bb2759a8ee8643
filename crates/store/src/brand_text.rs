//! Texts of the portal that a brand has in its own words.

use jiff::Timestamp;
use portico_billing::brand::BrandText;
use portico_billing::{BrandId, LanguageTag};

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    ALL = "SELECT language, key, text FROM brand_text WHERE organisation_id = $1 \
        AND brand_id = $2 ORDER BY language, key LIMIT 10000";
    /// Asked for by the portal, which knows the brand and not its organisation.
    OF_BRAND = "SELECT t.language, t.key, t.text FROM brand b JOIN brand_text t \
        ON t.organisation_id = b.organisation_id AND t.brand_id = b.id WHERE b.id = $1 \
        ORDER BY t.language, t.key LIMIT 10000";
    COUNT = "SELECT COUNT(*) FROM brand_text WHERE organisation_id = $1 AND brand_id = $2";
    FIND = "SELECT language, key, text FROM brand_text WHERE organisation_id = $1 \
        AND brand_id = $2 AND language = $3 AND key = $4";
    SAVE = "INSERT INTO brand_text (organisation_id, brand_id, language, key, text, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation_id, brand_id, language, key) \
        DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at";
    DELETE = "DELETE FROM brand_text WHERE organisation_id = $1 AND brand_id = $2 \
        AND language = $3 AND key = $4";
    /// Never a version that was there before, unless there is nothing left to show.
    STAMP = "UPDATE brand SET texts_version = CASE WHEN NOT EXISTS (SELECT 1 FROM brand_text t \
        WHERE t.organisation_id = $1 AND t.brand_id = $2) THEN 0 \
        WHEN texts_version >= $3 THEN texts_version + 1 ELSE $3 END \
        WHERE organisation_id = $1 AND id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    language: String,
    key: String,
    text: String,
}

impl TryFrom<Row> for BrandText {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let language = column::parse("brand_text.language", &row.language)?;
        Ok(Self { language, key: row.key, text: row.text })
    }
}

impl Directory {
    /// The texts of the brand with this identifier, of whichever organisation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_texts(&mut self, brand: BrandId) -> Result<Vec<BrandText>, StoreError> {
        let rows = fetch_all!(self.conn, Row, OF_BRAND, brand.uuid())?;
        rows.into_iter().map(BrandText::try_from).collect()
    }
}

impl Read {
    /// All texts of the brand, at most 10,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_texts(&mut self, brand: BrandId) -> Result<Vec<BrandText>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, ALL, tenant, brand.uuid())?;
        rows.into_iter().map(BrandText::try_from).collect()
    }

    /// How many texts the brand has.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_brand_texts(&mut self, brand: BrandId) -> Result<u64, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, (i64,), COUNT, tenant, brand.uuid())?;
        column::number("count", rows.first().map_or(0, |row| row.0))
    }

    /// The brand's own words of a text, if it has any.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn brand_text(
        &mut self,
        brand: BrandId,
        language: &LanguageTag,
        key: &str,
    ) -> Result<Option<BrandText>, StoreError> {
        let (tenant, brand, language) = (self.tenant(), brand.uuid(), language.as_str());
        let row = fetch_optional!(self.conn, Row, FIND, tenant, brand, language, key)?;
        row.map(BrandText::try_from).transpose()
    }
}

impl Write {
    /// Gives a text these words in the place of any other.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_brand_text(
        &mut self,
        brand: BrandId,
        it: &BrandText,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, brand, now) = (self.tenant(), brand.uuid(), column::micros(now));
        let language = it.language.as_str();
        execute!(self.conn, SAVE, tenant, brand, language, &it.key, &it.text, now)?;
        execute!(self.conn, STAMP, tenant, brand, now).map(drop)
    }

    /// Gives a text its shipped words back; whether it had others.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_brand_text(
        &mut self,
        brand: BrandId,
        language: &LanguageTag,
        key: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, brand, now) = (self.tenant(), brand.uuid(), column::micros(now));
        let deleted = execute!(self.conn, DELETE, tenant, brand, language.as_str(), key)?;
        execute!(self.conn, STAMP, tenant, brand, now)?;
        Ok(deleted > 0)
    }
}
