//! Answers to requests that carried a key, so that sending one twice does it once.

use jiff::Timestamp;

use crate::{StoreError, Write, column};

statements! {
    /// Takes a key that is new, or whose first user died before it could answer.
    CLAIM = "INSERT INTO idempotency (organisation_id, scope, key, fingerprint, created_at, \
        locked_until) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (organisation_id, scope, key) DO UPDATE \
        SET locked_until = excluded.locked_until \
        WHERE idempotency.status IS NULL AND idempotency.locked_until <= excluded.created_at \
        AND idempotency.fingerprint IN (excluded.fingerprint, $7)";
    FIND = "SELECT fingerprint, status, body FROM idempotency \
        WHERE organisation_id = $1 AND scope = $2 AND key = $3";
    STORE = "UPDATE idempotency SET status = $4, body = $5 \
        WHERE organisation_id = $1 AND scope = $2 AND key = $3 AND status IS NULL";
    RELEASE = "DELETE FROM idempotency \
        WHERE organisation_id = $1 AND scope = $2 AND key = $3 AND status IS NULL";
    DELETE_OLD = "DELETE FROM idempotency WHERE organisation_id = $1 AND created_at < $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    status: Option<i64>,
    body: Option<String>,
}

/// A key and what it was sent with.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyClaim<'a> {
    /// Whose keys these are.
    pub scope: &'a str,
    /// The key.
    pub key: &'a str,
    /// Hash of the request.
    pub fingerprint: &'a [u8],
    /// The same as it was hashed by an earlier release, whose keys still count.
    pub earlier_fingerprint: &'a [u8],
    /// The time now.
    pub now: Timestamp,
    /// Until when nobody else may take the key.
    pub locked_until: Timestamp,
}

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyState {
    /// Nobody used it; it is the caller's now.
    Fresh,
    /// The request is being worked on.
    InFlight,
    /// It was used with another request.
    Mismatch,
    /// The request was answered so.
    Answered {
        /// Status of the answer.
        status: u16,
        /// Body of the answer.
        body: String,
    },
}

impl Write {
    /// Takes a key, or tells what it stands for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_idempotency_key(
        &mut self,
        claim: IdempotencyClaim<'_>,
    ) -> Result<IdempotencyState, StoreError> {
        let IdempotencyClaim { scope, key, fingerprint, earlier_fingerprint: earlier, .. } = claim;
        let (tenant, now) = (self.tenant(), column::micros(claim.now));
        let until = column::micros(claim.locked_until);
        let met = execute!(self.conn, CLAIM, tenant, scope, key, fingerprint, now, until, earlier)?;
        if met == 1 {
            return Ok(IdempotencyState::Fresh);
        }
        let Some(row) = fetch_optional!(self.conn, Row, FIND, tenant, scope, key)? else {
            return Ok(IdempotencyState::InFlight);
        };
        if row.fingerprint != fingerprint && row.fingerprint != earlier {
            return Ok(IdempotencyState::Mismatch);
        }
        Ok(match row.status {
            None => IdempotencyState::InFlight,
            Some(status) => IdempotencyState::Answered {
                status: column::narrow("idempotency.status", status)?,
                body: row.body.unwrap_or_default(),
            },
        })
    }

    /// Keeps the answer of a key that was taken.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn answer_idempotency_key(
        &mut self,
        scope: &str,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError> {
        let (tenant, status) = (self.tenant(), i64::from(status));
        execute!(self.conn, STORE, tenant, scope, key, status, body).map(drop)
    }

    /// Gives a key back unanswered, so that the request may be sent again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn release_idempotency_key(
        &mut self,
        scope: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, RELEASE, tenant, scope, key).map(drop)
    }

    /// Forgets keys that were taken before `end`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_idempotency_keys(&mut self, end: Timestamp) -> Result<u64, StoreError> {
        let (tenant, end) = (self.tenant(), column::micros(end));
        execute!(self.conn, DELETE_OLD, tenant, end)
    }
}
