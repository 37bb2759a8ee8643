//! When credit of customers was used.

use jiff::Timestamp;
use portico_billing::credit::CreditPart;
use portico_billing::{AttemptId, CreditUseId, Currency, CustomerId, Money};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

macro_rules! uses {
    ($condition:literal) => {
        concat!(
            "SELECT id, customer_id, currency, amount_minor, parts, attempt_id, form_key, \
            form_hash, used_at FROM credit_use WHERE organisation_id = $1 AND ",
            $condition
        )
    };
}

statements! {
    INSERT_USE = "INSERT INTO credit_use (organisation_id, id, customer_id, currency, \
        amount_minor, parts, attempt_id, form_key, form_hash, used_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND_USE = uses!("id = $2");
    FIND_BY_FORM = uses!("customer_id = $2 AND form_key = $3");
    OF_CUSTOMER = uses!("customer_id = $2 ORDER BY used_at DESC, id DESC LIMIT $3");
}

/// That credit of a customer was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditUse {
    /// Identifier.
    pub id: CreditUseId,
    /// Whose it was.
    pub customer_id: CustomerId,
    /// How much of it.
    pub amount: Money,
    /// Of which source how much for which invoice.
    pub parts: Vec<CreditPart>,
    /// The attempt to pay that it was used with.
    pub attempt_id: Option<AttemptId>,
    /// Key of the form that asked for it, and a hash of what the form said.
    pub form: Option<(String, Vec<u8>)>,
    /// When.
    pub used_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct UseRow {
    id: Uuid,
    customer_id: Uuid,
    currency: String,
    amount_minor: i64,
    parts: Json<Vec<CreditPart>>,
    attempt_id: Option<Uuid>,
    form_key: Option<String>,
    form_hash: Option<Vec<u8>>,
    used_at: i64,
}

impl TryFrom<UseRow> for CreditUse {
    type Error = StoreError;

    fn try_from(row: UseRow) -> Result<Self, StoreError> {
        let currency: Currency = column::parse("credit_use.currency", &row.currency)?;
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            amount: Money::new(row.amount_minor, currency),
            parts: row.parts.0,
            attempt_id: row.attempt_id.map(AttemptId::from),
            form: row.form_key.zip(row.form_hash),
            used_at: column::time("credit_use.used_at", row.used_at)?,
        })
    }
}

impl Read {
    /// One use of credit, whoever's it was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_use(&mut self, id: CreditUseId) -> Result<Option<CreditUse>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, UseRow, FIND_USE, tenant, id.uuid())?;
        row.map(CreditUse::try_from).transpose()
    }

    /// The use that a customer's form asked for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_use_by_form(
        &mut self,
        customer: CustomerId,
        key: &str,
    ) -> Result<Option<CreditUse>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, UseRow, FIND_BY_FORM, tenant, customer.uuid(), key)?;
        row.map(CreditUse::try_from).transpose()
    }

    /// When a customer's credit was used, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn credit_uses_of_customer(
        &mut self,
        customer: CustomerId,
        limit: u16,
    ) -> Result<Vec<CreditUse>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let rows = fetch_all!(self.conn, UseRow, OF_CUSTOMER, tenant, customer.uuid(), limit)?;
        rows.into_iter().map(CreditUse::try_from).collect()
    }
}

impl Write {
    /// Adds that credit was used.
    ///
    /// # Errors
    /// `Duplicate` where the customer sent the form before, or where the database fails.
    pub async fn insert_credit_use(&mut self, it: &CreditUse) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT_USE,
            tenant,
            it.id.uuid(),
            it.customer_id.uuid(),
            it.amount.currency().code(),
            it.amount.minor(),
            Json(&it.parts),
            it.attempt_id.map(AttemptId::uuid),
            it.form.as_ref().map(|(key, _)| key.as_str()),
            it.form.as_ref().map(|(_, hash)| hash.as_slice()),
            column::micros(it.used_at),
        )
        .map(drop)
    }
}
