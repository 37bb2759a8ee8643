//! Organisations: the tenants.

use portico_billing::OrganisationId;
use portico_billing::account::{Address, Organisation, TaxId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO organisation (organisation_id, name, legal_name, email, phone, address, \
        tax_ids, time_zone, currency, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND = "SELECT organisation_id, name, legal_name, email, phone, address, tax_ids, time_zone, \
        currency, created_at FROM organisation WHERE organisation_id = $1";
    ALL = "SELECT organisation_id, name, legal_name, email, phone, address, tax_ids, time_zone, \
        currency, created_at FROM organisation ORDER BY organisation_id LIMIT 1000";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    name: String,
    legal_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    address: Json<Address>,
    tax_ids: Json<Vec<TaxId>>,
    time_zone: String,
    currency: String,
    created_at: i64,
}

impl TryFrom<Row> for Organisation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: OrganisationId::from(row.organisation_id),
            name: row.name,
            legal_name: row.legal_name,
            email: column::parse_opt("organisation.email", row.email)?,
            phone: row.phone,
            address: row.address.0,
            tax_ids: row.tax_ids.0,
            time_zone: row.time_zone,
            currency: column::parse("organisation.currency", &row.currency)?,
            created_at: column::time("organisation.created_at", row.created_at)?,
        })
    }
}

impl Directory {
    /// The tenants, oldest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisations(&mut self) -> Result<Vec<Organisation>, StoreError> {
        let rows = fetch_all!(self.conn, Row, ALL)?;
        rows.into_iter().map(Organisation::try_from).collect()
    }
}

impl Read {
    /// The tenant's own record.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisation(&mut self) -> Result<Option<Organisation>, StoreError> {
        let tenant = self.tenant();
        fetch_optional!(self.conn, Row, FIND, tenant)?.map(Organisation::try_from).transpose()
    }
}

impl Write {
    /// Adds the tenant itself.
    ///
    /// # Errors
    /// `Duplicate` where it exists, or where the database fails.
    pub async fn insert_organisation(&mut self, it: &Organisation) -> Result<(), StoreError> {
        execute!(
            self.conn,
            INSERT,
            it.id.uuid(),
            &it.name,
            &it.legal_name,
            it.email.as_ref().map(|email| email.as_str()),
            &it.phone,
            Json(&it.address),
            Json(&it.tax_ids),
            &it.time_zone,
            it.currency.code(),
            column::micros(it.created_at),
        )?;
        Ok(())
    }
}
