//! Customers: the billed accounts, with their addresses and tax ids.

use std::collections::HashMap;

use portico_billing::account::{Address, Customer, CustomerStatus, TaxId};
use portico_billing::section::PortalAccess;
use portico_billing::{BrandId, CountryCode, CustomerId, EmailAddress, ExternalId, Metadata};
use sqlx::types::Json;
use uuid::Uuid;

use crate::hold::Held;
use crate::{Position, Read, StoreError, Write, column, search};

macro_rules! columns {
    () => {
        "SELECT c.id, c.brand_id, c.external_id, c.kind, c.name, c.legal_name, \
         c.registration_number, c.email, c.phone, c.language, c.time_zone, c.currency, c.status, \
         c.debit_limit_minor, c.notes, c.access, c.metadata, c.created_at, \
         c.updated_at "
    };
}

macro_rules! page {
    () => {
        "FROM customer c WHERE c.organisation_id = $1 AND (c.created_at, c.id) < ($2, $3) \
         AND (CAST($4 AS TEXT) IS NULL OR c.email_key = CAST($4 AS TEXT)) \
         AND (CAST($5 AS TEXT) IS NULL OR c.status = CAST($5 AS TEXT)) \
         ORDER BY c.created_at DESC, c.id DESC LIMIT $6"
    };
}

macro_rules! addresses {
    () => {
        "SELECT customer_id, kind, line1, line2, city, region, postal_code, country \
         FROM customer_address WHERE organisation_id = $1 AND customer_id "
    };
}

macro_rules! tax_ids {
    () => {
        "SELECT customer_id, kind, value FROM customer_tax_id \
         WHERE organisation_id = $1 AND customer_id "
    };
}

statements! {
    INSERT = "INSERT INTO customer (organisation_id, id, brand_id, external_id, kind, name, \
        legal_name, registration_number, email, email_key, phone, language, time_zone, currency, \
        status, debit_limit_minor, metadata, created_at, updated_at, notes, name_key, access) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21, $22)";
    UPDATE = "UPDATE customer SET brand_id = $3, external_id = $4, kind = $5, name = $6, \
        legal_name = $7, registration_number = $8, email = $9, email_key = $10, phone = $11, \
        language = $12, time_zone = $13, currency = $14, status = $15, debit_limit_minor = $16, \
        metadata = $17, created_at = $18, updated_at = $19, notes = $20, name_key = $21, \
        access = $22 WHERE organisation_id = $1 AND id = $2";
    FIND = concat!(columns!(), "FROM customer c WHERE c.organisation_id = $1 AND c.id = $2");
    FIND_BY_EXTERNAL_ID =
        concat!(columns!(), "FROM customer c WHERE c.organisation_id = $1 AND c.external_id = $2");
    LIST = concat!(columns!(), page!());
    LIST_ADDRESSES = concat!(addresses!(), "IN (SELECT c.id ", page!(), ")");
    LIST_TAX_IDS =
        concat!(tax_ids!(), "IN (SELECT c.id ", page!(), ") ORDER BY customer_id, position");
    ADDRESSES = concat!(addresses!(), "= $2");
    TAX_IDS = concat!(tax_ids!(), "= $2 ORDER BY position");
    INSERT_ADDRESS = "INSERT INTO customer_address (organisation_id, customer_id, kind, line1, \
        line2, city, region, postal_code, country) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_TAX_ID = "INSERT INTO customer_tax_id (organisation_id, customer_id, position, kind, \
        value) VALUES ($1, $2, $3, $4, $5)";
    DELETE_ADDRESSES =
        "DELETE FROM customer_address WHERE organisation_id = $1 AND customer_id = $2";
    DELETE_TAX_IDS =
        "DELETE FROM customer_tax_id WHERE organisation_id = $1 AND customer_id = $2";
    /// The billing address and the addresses of the contacts; two matches are enough to know. The
    /// last condition keeps SQLite from another index, which has all columns but not this order.
    IDS_BY_EMAIL = "SELECT id FROM customer WHERE organisation_id = $1 AND email_key = $2 \
        UNION SELECT customer_id FROM contact WHERE organisation_id = $1 AND email_key = $2 \
        AND created_at IS NOT NULL LIMIT 2";
    IS_BILLED = "SELECT EXISTS (SELECT 1 FROM invoice \
            WHERE organisation_id = $1 AND customer_id = $2) \
        OR EXISTS (SELECT 1 FROM payment WHERE organisation_id = $1 AND customer_id = $2)";
}

const BILLING: &str = "billing";
const SHIPPING: &str = "shipping";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    brand_id: Uuid,
    external_id: Option<String>,
    kind: String,
    name: String,
    legal_name: Option<String>,
    registration_number: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    currency: String,
    status: String,
    debit_limit_minor: i64,
    notes: Option<String>,
    access: Json<PortalAccess>,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    customer_id: Uuid,
    kind: String,
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TaxIdRow {
    customer_id: Uuid,
    kind: String,
    value: String,
}

/// What a list of customers can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// The billing e-mail address.
    pub email: Option<EmailAddress>,
    /// The state.
    pub status: Option<CustomerStatus>,
}

impl TryFrom<Row> for Customer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CustomerId::from(row.id),
            brand_id: BrandId::from(row.brand_id),
            external_id: column::parse_opt("customer.external_id", row.external_id)?,
            kind: column::from_word("customer.kind", &row.kind)?,
            name: row.name,
            legal_name: row.legal_name,
            registration_number: row.registration_number,
            email: column::parse_opt("customer.email", row.email)?,
            phone: row.phone,
            language: column::parse_opt("customer.language", row.language)?,
            time_zone: row.time_zone,
            currency: column::parse("customer.currency", &row.currency)?,
            status: column::from_word("customer.status", &row.status)?,
            debit_limit_minor: row.debit_limit_minor,
            billing_address: Address::default(),
            shipping_address: Address::default(),
            tax_ids: Vec::new(),
            notes: row.notes,
            access: row.access.0,
            metadata: row.metadata.0,
            created_at: column::time("customer.created_at", row.created_at)?,
            updated_at: column::time("customer.updated_at", row.updated_at)?,
        })
    }
}

impl TryFrom<AddressRow> for Address {
    type Error = StoreError;

    fn try_from(row: AddressRow) -> Result<Self, StoreError> {
        Ok(Self {
            line1: row.line1,
            line2: row.line2,
            city: row.city,
            region: row.region,
            postal_code: row.postal_code,
            country: column::parse_opt("customer_address.country", row.country)?,
        })
    }
}

/// Puts rows and what belongs to them together.
fn assemble(
    rows: Vec<Row>,
    addresses: Vec<AddressRow>,
    tax_ids: Vec<TaxIdRow>,
) -> Result<Vec<Customer>, StoreError> {
    let customers: Result<Vec<_>, _> = rows.into_iter().map(Customer::try_from).collect();
    let mut customers = customers?;
    let mut places: HashMap<Uuid, &mut Customer> =
        customers.iter_mut().map(|customer| (customer.id.uuid(), customer)).collect();
    for row in addresses {
        let Some(customer) = places.get_mut(&row.customer_id) else { continue };
        let billing = row.kind == BILLING;
        let address = Address::try_from(row)?;
        if billing {
            customer.billing_address = address;
        } else {
            customer.shipping_address = address;
        }
    }
    for row in tax_ids {
        if let Some(customer) = places.get_mut(&row.customer_id) {
            customer.tax_ids.push(TaxId { kind: row.kind, value: row.value });
        }
    }
    Ok(customers)
}

impl Read {
    /// The customer with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer(&mut self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        self.with_parts(row).await
    }

    /// The customer that the organisation calls so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_by_external_id(
        &mut self,
        id: &ExternalId,
    ) -> Result<Option<Customer>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id.as_str())?;
        self.with_parts(row).await
    }

    /// Customers older than `after`, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customers(
        &mut self,
        filter: &CustomerFilter,
        after: Position,
        limit: u16,
    ) -> Result<Vec<Customer>, StoreError> {
        let tenant = self.tenant();
        let email = filter.email.as_ref().map(EmailAddress::key);
        let status = filter.status.as_ref().map(column::word);
        let (micros, id, limit) = (after.micros(), after.id(), i64::from(limit));
        macro_rules! of_page {
            ($row:ty, $sql:expr) => {
                fetch_all!(self.conn, $row, $sql, tenant, micros, id, &email, &status, limit)?
            };
        }
        let rows = of_page!(Row, LIST);
        let addresses = of_page!(AddressRow, LIST_ADDRESSES);
        let tax_ids = of_page!(TaxIdRow, LIST_TAX_IDS);
        assemble(rows, addresses, tax_ids)
    }

    /// The customers whose billing e-mail, or one of whose contacts' e-mails, is this one; at most
    /// two, since the second makes it ambiguous.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_ids_by_email(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Vec<CustomerId>, StoreError> {
        let tenant = self.tenant();
        let ids = fetch_all!(self.conn, (Uuid,), IDS_BY_EMAIL, tenant, email.key())?;
        Ok(ids.into_iter().map(|(id,)| CustomerId::from(id)).collect())
    }

    /// Whether anything was billed to the customer or paid by it, so that its currency is fixed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_is_billed(&mut self, id: CustomerId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let found = fetch_optional!(self.conn, (bool,), IS_BILLED, tenant, id.uuid())?;
        Ok(found.is_some_and(|(billed,)| billed))
    }

    async fn with_parts(&mut self, row: Option<Row>) -> Result<Option<Customer>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let (tenant, id) = (self.tenant(), row.id);
        let addresses = fetch_all!(self.conn, AddressRow, ADDRESSES, tenant, id)?;
        let tax_ids = fetch_all!(self.conn, TaxIdRow, TAX_IDS, tenant, id)?;
        Ok(assemble(vec![row], addresses, tax_ids)?.pop())
    }
}

macro_rules! save {
    ($conn:expr, $sql:expr, $tenant:expr, $it:expr) => {
        execute!(
            $conn,
            $sql,
            $tenant,
            $it.id.uuid(),
            $it.brand_id.uuid(),
            $it.external_id.as_ref().map(ExternalId::as_str),
            column::word(&$it.kind),
            &$it.name,
            &$it.legal_name,
            &$it.registration_number,
            $it.email.as_ref().map(EmailAddress::as_str),
            $it.email.as_ref().map(EmailAddress::key),
            &$it.phone,
            $it.language.as_ref().map(|tag| tag.as_str()),
            &$it.time_zone,
            $it.currency.code(),
            column::word(&$it.status),
            $it.debit_limit_minor,
            Json(&$it.metadata),
            column::micros($it.created_at),
            column::micros($it.updated_at),
            &$it.notes,
            search::name_key(&$it.name),
            Json(&$it.access),
        )
    };
}

impl Write {
    /// Adds a customer with its addresses and tax ids.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn insert_customer(&mut self, it: &Customer) -> Result<(), StoreError> {
        let tenant = self.tenant();
        save!(self.conn, INSERT, tenant, it)?;
        self.insert_customer_parts(it).await
    }

    /// The customer; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn customer_for_update(
        &mut self,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        self.hold(Held::Customer, id.uuid()).await?;
        self.customer(id).await
    }

    /// Writes all fields of a customer that is there already, as they are wanted on top of what
    /// [`Write::customer_for_update`] gave.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    pub async fn update_customer(&mut self, it: &Customer) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = save!(self.conn, UPDATE, tenant, it)?;
        StoreError::expect_one("update of a customer", met)?;
        execute!(self.conn, DELETE_ADDRESSES, tenant, it.id.uuid())?;
        execute!(self.conn, DELETE_TAX_IDS, tenant, it.id.uuid())?;
        self.insert_customer_parts(it).await
    }

    async fn insert_customer_parts(&mut self, it: &Customer) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), it.id.uuid());
        for (kind, address) in [(BILLING, &it.billing_address), (SHIPPING, &it.shipping_address)] {
            if address.is_empty() {
                continue;
            }
            execute!(
                self.conn,
                INSERT_ADDRESS,
                tenant,
                id,
                kind,
                &address.line1,
                &address.line2,
                &address.city,
                &address.region,
                &address.postal_code,
                address.country.as_ref().map(CountryCode::as_str),
            )?;
        }
        for (position, tax_id) in (0_i64..).zip(&it.tax_ids) {
            let TaxId { kind, value } = tax_id;
            execute!(self.conn, INSERT_TAX_ID, tenant, id, position, kind, value)?;
        }
        Ok(())
    }
}
