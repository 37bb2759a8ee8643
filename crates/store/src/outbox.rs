//! Work that leaves the database: enqueued with the change that asks for it, claimed by workers.

use jiff::Timestamp;
use portico_billing::{JobId, OrganisationId};
use uuid::Uuid;

use crate::{Directory, StoreError, Write, column};

statements! {
    ENQUEUE = "INSERT INTO outbox (organisation_id, id, kind, sealed_payload, run_at, attempts, \
        created_at, recipient_hash, share) \
        VALUES ($1, $2, $3, $4, $5, 0, $5, $6, $7)";
    COUNT_ON_REQUEST = "SELECT \
        CAST(coalesce(sum(CASE WHEN recipient_hash = $3 THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN share = $4 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM outbox \
        WHERE organisation_id = $1 AND created_at > $2 AND recipient_hash IS NOT NULL";
    /// What waits is found first: SQLite would walk all that was ever sent, for the tenants' order.
    WAITING = "WITH waiting AS MATERIALIZED (SELECT organisation_id FROM outbox \
        WHERE done_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1)) \
        SELECT DISTINCT organisation_id FROM waiting LIMIT 1000";
    /// `NOT … <>` is `=`, but for SQLite, which would walk all that was ever sent for the tenant.
    CLAIM = "WITH next AS MATERIALIZED (SELECT id FROM outbox WHERE NOT organisation_id <> $1 \
        AND kind = $2 AND done_at IS NULL AND run_at <= $3 \
        AND (locked_until IS NULL OR locked_until < $3) \
        ORDER BY run_at, id LIMIT $5 /*+skip_locked*/) \
        UPDATE outbox SET attempts = attempts + 1, locked_until = $4 \
        WHERE organisation_id = $1 AND id IN (SELECT id FROM next) \
        RETURNING id, sealed_payload, attempts, handed_to, unanswered";
    /// What was done is kept as a record, what it said is not.
    DONE = "UPDATE outbox SET done_at = $3, locked_until = NULL, sealed_payload = $4, \
        last_error = $5 WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL";
    FAILED = "UPDATE outbox SET run_at = $3, locked_until = NULL, last_error = $4 \
        WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL";
    HANDED = "UPDATE outbox SET handed_to = $3 WHERE organisation_id = $1 AND id = $2 \
        AND done_at IS NULL";
    UNANSWERED = "UPDATE outbox SET handed_to = $3, unanswered = unanswered + 1 \
        WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL";
    /// It was not tried, so the try is not counted.
    POSTPONED = "UPDATE outbox SET run_at = $3, locked_until = NULL, attempts = attempts - 1 \
        WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL";
    DELETE_OLD = "DELETE FROM outbox WHERE organisation_id = $1 AND done_at < $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    sealed_payload: Vec<u8>,
    attempts: i64,
    handed_to: Option<String>,
    unanswered: i64,
}

/// Work to be done.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// Identifier.
    pub id: JobId,
    /// Its kind: who does it.
    pub kind: &'a str,
    /// What is to be done, sealed.
    pub sealed_payload: &'a [u8],
    /// For a mail that somebody had written by asking for it: what such mails are counted by.
    pub request: Option<MailRequest<'a>>,
}

/// What mails on request are counted by.
#[derive(Debug, Clone, Copy)]
pub struct MailRequest<'a> {
    /// The hash of the address.
    pub recipient_hash: &'a [u8],
    /// Of which share of what the tenant may send.
    pub share: &'a str,
}

/// Mails that somebody had written by asking for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailsOnRequest {
    /// To the address in question, of any share.
    pub to_recipient: u32,
    /// Of the share in question, to all addresses of the tenant.
    pub in_share: u32,
}

/// Work that was claimed: nobody else has it until its lock ends.
#[derive(Clone)]
pub struct ClaimedJob {
    /// Identifier.
    pub id: JobId,
    /// What is to be done, sealed.
    pub sealed_payload: Vec<u8>,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Who got it at an earlier try: it may be done already.
    pub handed_to: Option<String>,
    /// How often whoever got it never answered.
    pub unanswered: u32,
}

impl Directory {
    /// The tenants for whom work waits, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting_organisations(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<OrganisationId>, StoreError> {
        let rows = fetch_all!(self.conn, (Uuid,), WAITING, column::micros(now))?;
        Ok(rows.into_iter().map(|(id,)| OrganisationId::from(id)).collect())
    }
}

impl Write {
    /// Adds work that is due at once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn enqueue(&mut self, job: NewJob<'_>, now: Timestamp) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let NewJob { id, kind, sealed_payload: what, request } = job;
        let (hash, share) = request.map(|it| (it.recipient_hash, it.share)).unzip();
        execute!(self.conn, ENQUEUE, tenant, id.uuid(), kind, what, now, hash, share).map(drop)
    }

    /// How many mails on request there were since `since`, to the same address and of the same
    /// share.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_mails_on_request(
        &mut self,
        like: MailRequest<'_>,
        since: Timestamp,
    ) -> Result<MailsOnRequest, StoreError> {
        let (tenant, since) = (self.tenant(), column::micros(since));
        let row = fetch_optional!(
            self.conn,
            (i64, i64),
            COUNT_ON_REQUEST,
            tenant,
            since,
            like.recipient_hash,
            like.share
        )?;
        let (to_recipient, in_share) = row.unwrap_or_default();
        Ok(MailsOnRequest {
            to_recipient: column::narrow("outbox", to_recipient)?,
            in_share: column::narrow("outbox", in_share)?,
        })
    }

    /// Writes down who gets the work, or that nobody has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_job_handed(&mut self, id: JobId, to: Option<&str>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HANDED, tenant, id.uuid(), to).map(drop)
    }

    /// Writes down who got the work and never answered: it may be done already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_job_unanswered(&mut self, id: JobId, by: &str) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, UNANSWERED, tenant, id.uuid(), by).map(drop)
    }

    /// Takes work of a kind that is due, until `locked_until`. Workers never wait for each other
    /// and never get the same work.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_jobs(
        &mut self,
        kind: &str,
        now: Timestamp,
        locked_until: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let (now, until) = (column::micros(now), column::micros(locked_until));
        let rows =
            fetch_all_skipping_locked!(self.conn, Row, CLAIM, tenant, kind, now, until, limit)?;
        rows.into_iter()
            .map(|row| {
                Ok(ClaimedJob {
                    id: JobId::from(row.id),
                    sealed_payload: row.sealed_payload,
                    attempt: column::narrow("outbox.attempts", row.attempts)?,
                    handed_to: row.handed_to,
                    unanswered: column::narrow("outbox.unanswered", row.unanswered)?,
                })
            })
            .collect()
    }

    /// Closes work, with the last error where it was given up, and erases what it said.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn close_job(
        &mut self,
        id: JobId,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now, erased) = (self.tenant(), column::micros(now), Vec::<u8>::new());
        execute!(self.conn, DONE, tenant, id.uuid(), now, erased, error).map(drop)
    }

    /// Puts work back to be tried again at `run_at`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn retry_job(
        &mut self,
        id: JobId,
        error: &str,
        run_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, run_at) = (self.tenant(), column::micros(run_at));
        execute!(self.conn, FAILED, tenant, id.uuid(), run_at, error).map(drop)
    }

    /// Puts work back that was not tried, until `run_at`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn postpone_job(&mut self, id: JobId, run_at: Timestamp) -> Result<(), StoreError> {
        let (tenant, run_at) = (self.tenant(), column::micros(run_at));
        execute!(self.conn, POSTPONED, tenant, id.uuid(), run_at).map(drop)
    }

    /// Deletes work that was closed before `end`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_closed_jobs(&mut self, end: Timestamp) -> Result<u64, StoreError> {
        let (tenant, end) = (self.tenant(), column::micros(end));
        execute!(self.conn, DELETE_OLD, tenant, end)
    }
}
