//! The audit log: who changed what, when, from where. Entries are added and read, never changed.

use std::borrow::Cow;

use jiff::Timestamp;
use portico_billing::AuditEntryId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Position, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT id, at, actor_kind, actor_id, address, action, subject_id, customer_id, before, \
         after FROM audit_entry WHERE organisation_id = $1 AND id < $2 "
    };
}

macro_rules! newest_first {
    () => {
        "ORDER BY id DESC LIMIT $3"
    };
}

statements! {
    LIST = concat!(columns!(), newest_first!());
    LIST_OF_SUBJECT = concat!(
        columns!(),
        "AND subject_id = $4 AND (customer_id = $5 OR $5 IS NULL) \
         AND (actor_id = $6 OR $6 IS NULL) ",
        newest_first!()
    );
    LIST_OF_CUSTOMER = concat!(
        columns!(),
        "AND customer_id = $4 AND (actor_id = $5 OR $5 IS NULL) ",
        newest_first!()
    );
    LIST_OF_ACTOR = concat!(columns!(), "AND actor_id = $4 ", newest_first!());
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Identifier.
    pub id: AuditEntryId,
    /// When.
    pub at: Timestamp,
    /// The kind of who did it: `operator`, `api_key`, `contact`, `system`.
    pub actor_kind: Cow<'static, str>,
    /// Its record, where it has one.
    pub actor_id: Option<Uuid>,
    /// Where it came from.
    pub address: Option<String>,
    /// Noun and verb: `brand.updated`.
    pub action: Cow<'static, str>,
    /// The record.
    pub subject_id: Option<Uuid>,
    /// The customer whose portal it concerns, where it concerns one.
    pub customer_id: Option<Uuid>,
    /// What it was; the fields that changed alone.
    pub before: Option<Value>,
    /// What it became.
    pub after: Option<Value>,
}

/// Which lines are read: those that fit all that is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About this record.
    pub subject: Option<Uuid>,
    /// That concern this customer.
    pub customer: Option<Uuid>,
    /// Of what this operator or key did.
    pub actor: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    at: i64,
    actor_kind: String,
    actor_id: Option<Uuid>,
    address: Option<String>,
    action: String,
    subject_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    before: Option<Json<Value>>,
    after: Option<Json<Value>>,
}

impl TryFrom<Row> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: AuditEntryId::from(row.id),
            at: column::time("audit_entry.at", row.at)?,
            actor_kind: row.actor_kind.into(),
            actor_id: row.actor_id,
            address: row.address,
            action: row.action.into(),
            subject_id: row.subject_id,
            customer_id: row.customer_id,
            before: row.before.map(|before| before.0),
            after: row.after.map(|after| after.0),
        })
    }
}

impl Read {
    /// Lines older than `after`, newest first: identifiers begin with the time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit_entries(
        &mut self,
        filter: AuditFilter,
        after: Position,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let id = after.id();
        let AuditFilter { subject, customer, actor } = filter;
        // Each has an index that the others narrow further.
        let rows = if let Some(subject) = subject {
            let sql = LIST_OF_SUBJECT;
            fetch_all!(self.conn, Row, sql, tenant, id, limit, subject, customer, actor)?
        } else if let Some(customer) = customer {
            let sql = LIST_OF_CUSTOMER;
            fetch_all!(self.conn, Row, sql, tenant, id, limit, customer, actor)?
        } else if let Some(actor) = actor {
            fetch_all!(self.conn, Row, LIST_OF_ACTOR, tenant, id, limit, actor)?
        } else {
            fetch_all!(self.conn, Row, LIST, tenant, id, limit)?
        };
        rows.into_iter().map(AuditEntry::try_from).collect()
    }
}

/// Rows of one bulk statement.
const CHUNK: usize = 500;

impl Write {
    /// Adds lines by few statements.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_audit_entries(&mut self, lines: &[AuditEntry]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in lines.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO audit_entry (organisation_id, id, at, actor_kind, actor_id, address, \
                 action, subject_id, customer_id, before, after) ",
                chunk,
                |tuple, it| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(it.id.uuid())
                        .push_bind(column::micros(it.at))
                        .push_bind(it.actor_kind.as_ref())
                        .push_bind(it.actor_id)
                        .push_bind(it.address.as_deref())
                        .push_bind(it.action.as_ref())
                        .push_bind(it.subject_id)
                        .push_bind(it.customer_id)
                        .push_bind(it.before.as_ref().map(Json))
                        .push_bind(it.after.as_ref().map(Json));
                }
            )?;
        }
        Ok(())
    }
}
