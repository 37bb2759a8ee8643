//! Accounts at payment providers.

use jiff::Timestamp;
use portico_billing::gateway::CurrencyTerms;
use portico_billing::{BrandId, GatewayId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT organisation_id, id, provider, name, brand_id, is_enabled, is_test, currencies, \
         settings, deducts_fees, position, notice_key, created_at, updated_at FROM gateway "
    };
}

statements! {
    FIND = concat!(columns!(), "WHERE organisation_id = $1 AND id = $2");
    LIST = concat!(columns!(), "WHERE organisation_id = $1 ORDER BY position, id LIMIT 1000");
    ENABLED = concat!(columns!(), "WHERE organisation_id = $1 AND is_enabled \
        AND (brand_id IS NULL OR brand_id = $2) ORDER BY position, id LIMIT 1000");
    BY_NOTICE_KEY = concat!(columns!(), "WHERE notice_key = $1");
    OF_BRAND = "SELECT 1 FROM gateway WHERE organisation_id = $1 AND brand_id = $2 LIMIT 1";
    /// The row, held until the unit of work ends.
    HOLD = "UPDATE gateway SET name = name WHERE organisation_id = $1 AND id = $2";
    INSERT = "INSERT INTO gateway (organisation_id, id, provider, name, brand_id, is_enabled, \
        is_test, currencies, settings, deducts_fees, position, notice_key, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    UPDATE = "UPDATE gateway SET name = $3, brand_id = $4, is_enabled = $5, is_test = $6, \
        currencies = $7, settings = $8, deducts_fees = $9, position = $10, updated_at = $11 \
        WHERE organisation_id = $1 AND id = $2";
    IS_USED = "SELECT 1 WHERE \
        EXISTS (SELECT 1 FROM payment_attempt WHERE organisation_id = $1 AND gateway_id = $2) \
        OR EXISTS (SELECT 1 FROM payment WHERE organisation_id = $1 AND gateway_id = $2) \
        OR EXISTS (SELECT 1 FROM payment_method WHERE organisation_id = $1 AND gateway_id = $2)";
    DELETE_NOTICES = "DELETE FROM gateway_notice WHERE organisation_id = $1 AND gateway_id = $2";
    DELETE = "DELETE FROM gateway WHERE organisation_id = $1 AND id = $2";
}

/// An account at a payment provider, as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct GatewayRecord {
    /// The tenant it belongs to.
    pub organisation_id: OrganisationId,
    /// Identifier.
    pub id: GatewayId,
    /// The provider's key: `stripe`.
    pub provider: String,
    /// What customers read.
    pub name: String,
    /// The brand that alone has it; all have it where absent.
    pub brand_id: Option<BrandId>,
    /// Whether customers can pay by it.
    pub is_enabled: bool,
    /// Whether it moves play money.
    pub is_test: bool,
    /// Its currencies, with minimum, maximum and surcharge of each.
    pub currencies: Vec<CurrencyTerms>,
    /// The values of the provider's fields, sealed.
    pub settings: Vec<u8>,
    /// Whether what the provider keeps is taken off what is credited.
    pub deducts_fees: bool,
    /// Its place in the order in which customers read them.
    pub position: u32,
    /// The random end of the address that the provider sends its notices to.
    pub notice_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for GatewayRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayRecord")
            .field("id", &self.id)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    provider: String,
    name: String,
    brand_id: Option<Uuid>,
    is_enabled: bool,
    is_test: bool,
    currencies: Json<Vec<CurrencyTerms>>,
    settings: Vec<u8>,
    deducts_fees: bool,
    position: i64,
    notice_key: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for GatewayRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: row.organisation_id.into(),
            id: row.id.into(),
            provider: row.provider,
            name: row.name,
            brand_id: row.brand_id.map(BrandId::from),
            is_enabled: row.is_enabled,
            is_test: row.is_test,
            currencies: row.currencies.0,
            settings: row.settings,
            deducts_fees: row.deducts_fees,
            position: column::narrow("gateway.position", row.position)?,
            notice_key: row.notice_key,
            created_at: column::time("gateway.created_at", row.created_at)?,
            updated_at: column::time("gateway.updated_at", row.updated_at)?,
        })
    }
}

impl Directory {
    /// The gateway whose notices come to the address with this end, of whichever organisation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateway_by_notice_key(
        &mut self,
        key: &str,
    ) -> Result<Option<GatewayRecord>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_NOTICE_KEY, key)?;
        row.map(GatewayRecord::try_from).transpose()
    }
}

impl Read {
    /// The gateway with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateway(&mut self, id: GatewayId) -> Result<Option<GatewayRecord>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(GatewayRecord::try_from).transpose()
    }

    /// All gateways in their order, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateways(&mut self) -> Result<Vec<GatewayRecord>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, LIST, tenant)?;
        rows.into_iter().map(GatewayRecord::try_from).collect()
    }

    /// The gateways that customers of a brand can pay by, in their order, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn enabled_gateways(
        &mut self,
        brand: BrandId,
    ) -> Result<Vec<GatewayRecord>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, ENABLED, tenant, brand.uuid())?;
        rows.into_iter().map(GatewayRecord::try_from).collect()
    }

    /// Whether a brand alone has gateways.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_gateways_of_brand(&mut self, brand: BrandId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(fetch_optional!(self.conn, (i32,), OF_BRAND, tenant, brand.uuid())?.is_some())
    }

    /// Whether payments, attempts to pay or stored methods refer to a gateway.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_gateway_used(&mut self, id: GatewayId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(fetch_optional!(self.conn, (i32,), IS_USED, tenant, id.uuid())?.is_some())
    }
}

impl Write {
    /// The gateway, which nobody else changes until this unit of work ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gateway_for_update(
        &mut self,
        id: GatewayId,
    ) -> Result<Option<GatewayRecord>, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HOLD, tenant, id.uuid())?;
        self.gateway(id).await
    }

    /// Adds a gateway.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_gateway(&mut self, it: &GatewayRecord) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            &it.provider,
            &it.name,
            it.brand_id.map(BrandId::uuid),
            it.is_enabled,
            it.is_test,
            Json(&it.currencies),
            &it.settings,
            it.deducts_fees,
            i64::from(it.position),
            &it.notice_key,
            column::micros(it.created_at),
            column::micros(it.updated_at),
        )
        .map(drop)
    }

    /// Changes a gateway: all but its provider, its notice key and when it was made.
    ///
    /// # Errors
    /// Where there is none, or the database fails.
    pub async fn update_gateway(&mut self, it: &GatewayRecord) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            UPDATE,
            tenant,
            it.id.uuid(),
            &it.name,
            it.brand_id.map(BrandId::uuid),
            it.is_enabled,
            it.is_test,
            Json(&it.currencies),
            &it.settings,
            it.deducts_fees,
            i64::from(it.position),
            column::micros(it.updated_at),
        )?;
        StoreError::expect_one("gateway", met)
    }

    /// Deletes a gateway that nothing was paid by, with its notices. The answer is whether there
    /// was one.
    ///
    /// # Errors
    /// Where an attempt to pay refers to it, or the database fails.
    pub async fn delete_gateway(&mut self, id: GatewayId) -> Result<bool, StoreError> {
        let (tenant, id) = (self.tenant(), id.uuid());
        execute!(self.conn, DELETE_NOTICES, tenant, id)?;
        Ok(execute!(self.conn, DELETE, tenant, id)? == 1)
    }
}
