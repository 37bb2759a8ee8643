//! What happened, for the organisation's software to read.

use std::borrow::Cow;

use jiff::Timestamp;
use portico_billing::EventId;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{StoreError, Write, column};

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Identifier.
    pub id: EventId,
    /// Noun and verb: `invoice.created`.
    pub kind: Cow<'static, str>,
    /// The record.
    pub subject_id: Uuid,
    /// What is worth knowing of it.
    pub data: serde_json::Value,
    /// When it happened.
    pub created_at: Timestamp,
}

statements! {
    INSERT = "INSERT INTO event (organisation_id, id, kind, subject_id, data, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;

impl Write {
    /// Adds one event.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_event(&mut self, it: &Event) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.kind.as_ref(),
            it.subject_id,
            Json(&it.data),
            column::micros(it.created_at),
        )?;
        Ok(())
    }

    /// Adds many events by few statements.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in events.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO event (organisation_id, id, kind, subject_id, data, created_at) ",
                chunk,
                |tuple, it| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(it.id.uuid())
                        .push_bind(it.kind.as_ref())
                        .push_bind(it.subject_id)
                        .push_bind(Json(&it.data))
                        .push_bind(column::micros(it.created_at));
                }
            )?;
        }
        Ok(())
    }
}
