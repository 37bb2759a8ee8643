//! Organisations: the tenants.

use portico_billing::OrganisationId;
use portico_billing::account::{Address, Organisation, TaxId};
use portico_billing::settings::OrganisationSettings;
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
    UPDATE = "UPDATE organisation SET name = $2, legal_name = $3, email = $4, phone = $5, \
        address = $6, tax_ids = $7, time_zone = $8, currency = $9 WHERE organisation_id = $1";
    HOLD = "UPDATE organisation SET name = name WHERE organisation_id = $1";
    SETTINGS = "SELECT settings FROM organisation WHERE organisation_id = $1";
    NUMBER_TAKEN = "SELECT 1 FROM invoice WHERE organisation_id = $1 AND number = $2";
    SET_SETTINGS = "UPDATE organisation SET settings = $2 WHERE organisation_id = $1";
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

    /// What the tenant decided for itself.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisation_settings(&mut self) -> Result<OrganisationSettings, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Json<OrganisationSettings>,), SETTINGS, tenant)?;
        Ok(row.map(|(settings,)| settings.0).unwrap_or_default())
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

    /// Writes the tenant's own record, but for its settings.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn update_organisation(&mut self, it: &Organisation) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            UPDATE,
            tenant,
            &it.name,
            &it.legal_name,
            it.email.as_ref().map(|email| email.as_str()),
            &it.phone,
            Json(&it.address),
            Json(&it.tax_ids),
            &it.time_zone,
            it.currency.code(),
        )
        .map(drop)
    }

    /// Waits until no other unit of work holds the tenant's record, and keeps all others away from
    /// it until this one ends: for what counts over several records, like its owners.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hold_organisation(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HOLD, tenant).map(drop)
    }

    /// The number of the next invoice, used up with this unit of work: where it does not last, the
    /// number is free again, so that the series has no gaps. Numbers that came in from elsewhere
    /// are left out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_invoice_number(&mut self) -> Result<String, StoreError> {
        self.hold_organisation().await?;
        let tenant = self.tenant();
        let mut settings = self.organisation_settings().await?;
        loop {
            let number = settings.invoice_number();
            settings.invoice_next += 1;
            let taken = fetch_optional!(self.conn, (i32,), NUMBER_TAKEN, tenant, &number)?;
            if taken.is_none() {
                self.set_organisation_settings(&settings).await?;
                return Ok(number);
            }
        }
    }

    /// Writes what the tenant decided for itself.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_organisation_settings(
        &mut self,
        settings: &OrganisationSettings,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, SET_SETTINGS, tenant, Json(settings)).map(drop)
    }
}
