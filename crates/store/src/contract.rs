//! Contracts and their revisions.

use portico_billing::contract::{Contract, ContractRevision, ContractStatus};
use portico_billing::page::Page;
use portico_billing::{ContractId, CustomerId, ExternalId, Metadata};
use sqlx::types::Json;
use uuid::Uuid;

use crate::holding::{holding, newest_first_sql};
use crate::seek::{of_customer_sql, page_of_customer};
use crate::{CustomerList, Read, StoreError, Write, column, search};

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "id, customer_id, external_id, name, status, starts_on, ends_on, signed_at, signed_by, \
        revision, metadata, created_at, updated_at"
    };
}

/// Drafts only where `$8` says so.
macro_rules! of_customer {
    ($beyond:literal, $direction:literal) => {
        of_customer_sql!(
            $beyond,
            $direction,
            concat!("SELECT ", columns!(), " FROM contract"),
            "status",
            "created_at",
            " AND (status <> 'draft' OR $8)"
        )
    };
}

statements! {
    INSERT = "INSERT INTO contract (organisation_id, id, customer_id, external_id, name, status, \
        starts_on, ends_on, signed_at, signed_by, revision, metadata, search_text, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    UPDATE = "UPDATE contract SET customer_id = $3, external_id = $4, name = $5, status = $6, \
        starts_on = $7, ends_on = $8, signed_at = $9, signed_by = $10, revision = $11, \
        metadata = $12, search_text = $13, created_at = $14, updated_at = $15 \
        WHERE organisation_id = $1 AND id = $2";
    FIND = concat!("SELECT ", columns!(), " FROM contract WHERE organisation_id = $1 AND id = $2");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM contract \
        WHERE organisation_id = $1 AND external_id = $2");
    OF_CUSTOMER_DOWN = of_customer!("<", "DESC");
    OF_CUSTOMER_UP = of_customer!(">", "ASC");
    ALL = newest_first_sql!(columns!(), "contract", "status");
    ALL_OF_CUSTOMER =
        newest_first_sql!(columns!(), "contract", "status", " AND customer_id = $6");
    INSERT_REVISION = "INSERT INTO contract_revision (organisation_id, contract_id, revision, \
        body, created_at) VALUES ($1, $2, $3, $4, $5)";
    REVISIONS = "SELECT revision, body, created_at FROM contract_revision \
        WHERE organisation_id = $1 AND contract_id = $2 ORDER BY revision DESC LIMIT 1000";
    NEWEST_REVISION = "SELECT revision, body, created_at FROM contract_revision \
        WHERE organisation_id = $1 AND contract_id = $2 ORDER BY revision DESC LIMIT 1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    external_id: Option<String>,
    name: String,
    status: String,
    starts_on: Option<i64>,
    ends_on: Option<i64>,
    signed_at: Option<i64>,
    signed_by: Option<String>,
    revision: i64,
    metadata: Json<Metadata>,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    revision: i64,
    body: String,
    created_at: i64,
}

impl TryFrom<Row> for Contract {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            customer_id: row.customer_id.into(),
            external_id: column::parse_opt("contract.external_id", row.external_id)?,
            name: row.name,
            status: column::from_word("contract.status", &row.status)?,
            starts_on: column::date_opt("contract.starts_on", row.starts_on)?,
            ends_on: column::date_opt("contract.ends_on", row.ends_on)?,
            signed_at: column::time_opt("contract.signed_at", row.signed_at)?,
            signed_by: row.signed_by,
            revision: column::narrow("contract.revision", row.revision)?,
            metadata: row.metadata.0,
            created_at: column::time("contract.created_at", row.created_at)?,
            updated_at: column::time("contract.updated_at", row.updated_at)?,
        })
    }
}

impl TryFrom<RevisionRow> for ContractRevision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            revision: column::narrow("contract_revision.revision", row.revision)?,
            body: row.body,
            created_at: column::time("contract_revision.created_at", row.created_at)?,
        })
    }
}

/// Runs `INSERT` or `UPDATE`, which take the same values in the same order.
async fn save(write: &mut Write, sql: &'static str, it: &Contract) -> Result<u64, StoreError> {
    let tenant = write.tenant();
    execute!(
        write.conn,
        sql,
        tenant,
        it.id.uuid(),
        it.customer_id.uuid(),
        it.external_id.as_ref().map(ExternalId::as_str),
        &it.name,
        it.status.as_str(),
        it.starts_on.map(column::days),
        it.ends_on.map(column::days),
        it.signed_at.map(column::micros),
        &it.signed_by,
        i64::from(it.revision),
        Json(&it.metadata),
        search::text(&[Some(&it.name), it.signed_by.as_deref()]),
        column::micros(it.created_at),
        column::micros(it.updated_at),
    )
}

holding!(Contract, ContractId, ContractStatus, "contract");

impl Read {
    /// The texts of a contract, newest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contract_revisions(
        &mut self,
        id: ContractId,
    ) -> Result<Vec<ContractRevision>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, RevisionRow, REVISIONS, tenant, id.uuid())?;
        rows.into_iter().map(ContractRevision::try_from).collect()
    }

    /// The text of a contract that is in force, where it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_contract_revision(
        &mut self,
        id: ContractId,
    ) -> Result<Option<ContractRevision>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, RevisionRow, NEWEST_REVISION, tenant, id.uuid())?;
        row.map(ContractRevision::try_from).transpose()
    }

    /// A page of a customer's contracts, newest first; drafts are for the staff alone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contracts_of_customer(
        &mut self,
        customer: CustomerId,
        list: &CustomerList,
        with_drafts: bool,
    ) -> Result<Page<Contract>, StoreError> {
        let key = |it: &Contract| (column::micros(it.created_at), it.id.uuid());
        page_of_customer!(self, Row, customer, list, key, with_drafts)
    }
}

impl Write {
    /// Adds a text; those before it stay as they are.
    ///
    /// # Errors
    /// `Duplicate` where there is one of this number, or where the database fails.
    pub async fn insert_contract_revision(
        &mut self,
        contract: ContractId,
        it: &ContractRevision,
    ) -> Result<(), StoreError> {
        let (tenant, revision) = (self.tenant(), i64::from(it.revision));
        let created_at = column::micros(it.created_at);
        let contract = contract.uuid();
        execute!(self.conn, INSERT_REVISION, tenant, contract, revision, &it.body, created_at)?;
        Ok(())
    }
}
