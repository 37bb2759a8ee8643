//! Certificates of hosts: what is served, and who orders the next one.

use jiff::Timestamp;
use portico_billing::OrganisationId;
use portico_billing::domain::{Certificate, OrderFault, Validity};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column, domain};

statements! {
    SERVED = "SELECT organisation_id, host, not_before, not_after, try_at, failures, updated_at \
        FROM certificate WHERE not_after IS NOT NULL ORDER BY host";
    SECRET = "SELECT chain_pem, sealed_key FROM certificate \
        WHERE organisation_id = $1 AND host = $2 AND chain_pem IS NOT NULL \
        AND sealed_key IS NOT NULL";
    DUE = "SELECT organisation_id, host FROM certificate WHERE try_at <= $1 \
        AND (locked_until IS NULL OR locked_until < $1) ORDER BY try_at LIMIT $2";
    WANT = "INSERT INTO certificate (organisation_id, host, try_at, failures, updated_at) \
        VALUES ($1, $2, $3, 0, $3) ON CONFLICT (organisation_id, host) DO NOTHING";
    HURRY = "UPDATE certificate SET try_at = $3 WHERE organisation_id = $1 AND host = $2 \
        AND try_at > $3 AND failures > 0";
    LOCK = "UPDATE certificate SET locked_until = $4 WHERE organisation_id = $1 AND host = $2 \
        AND try_at <= $3 AND (locked_until IS NULL OR locked_until < $3)";
    /// Only by whoever holds the lock: it may have run out, and the host be another one's.
    ISSUED = "UPDATE certificate SET chain_pem = $4, sealed_key = $5, not_before = $6, \
        not_after = $7, try_at = $8, locked_until = NULL, failures = 0, last_fault = NULL, \
        updated_at = $9 WHERE organisation_id = $1 AND host = $2 AND locked_until = $3";
    FAILED = "UPDATE certificate SET try_at = $4, failures = failures + 1, last_fault = $5, \
        locked_until = NULL WHERE organisation_id = $1 AND host = $2 AND locked_until = $3";
}

/// A certificate that is there, without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// For which host.
    pub host: String,
    /// How it stands.
    pub certificate: Certificate,
    /// When it came.
    pub updated_at: Timestamp,
}

/// What TLS needs of a certificate.
pub struct SealedCertificate {
    /// The certificate and those above it, as PEM.
    pub chain_pem: String,
    /// Its private key, sealed.
    pub sealed_key: Vec<u8>,
}

/// A host whose order is this process's own until its lock ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLock {
    /// The host.
    pub host: String,
    /// The end of the lock, which also tells it from others.
    pub locked_until: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    host: String,
    not_before: Option<i64>,
    not_after: Option<i64>,
    try_at: i64,
    failures: i64,
    updated_at: i64,
}

impl TryFrom<Row> for StoredCertificate {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: OrganisationId::from(row.organisation_id),
            host: row.host,
            certificate: Certificate {
                validity: domain::validity(row.not_before, row.not_after)?,
                failures: column::number("certificate.failures", row.failures)?,
                ..Certificate::wanted(column::time("certificate.try_at", row.try_at)?)
            },
            updated_at: column::time("certificate.updated_at", row.updated_at)?,
        })
    }
}

impl Directory {
    /// All certificates that are there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates(&mut self) -> Result<Vec<StoredCertificate>, StoreError> {
        let rows = fetch_all!(self.conn, Row, SERVED)?;
        rows.into_iter().map(StoredCertificate::try_from).collect()
    }

    /// Hosts whose order is due and nobody's, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_to_order(
        &mut self,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<(OrganisationId, String)>, StoreError> {
        let (now, limit) = (column::micros(now), i64::from(limit));
        let rows = fetch_all!(self.conn, (Uuid, String), DUE, now, limit)?;
        Ok(rows.into_iter().map(|(id, host)| (OrganisationId::from(id), host)).collect())
    }
}

impl Read {
    /// The certificate of a host with its key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sealed_certificate(
        &mut self,
        host: &str,
    ) -> Result<Option<SealedCertificate>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (String, Vec<u8>), SECRET, tenant, host)?;
        Ok(row.map(|(chain_pem, sealed_key)| SealedCertificate { chain_pem, sealed_key }))
    }
}

impl Write {
    /// Asks for a certificate of a host, unless it was asked for already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn want_certificate(&mut self, host: &str, now: Timestamp) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, WANT, tenant, host, now).map(drop)
    }

    /// Has an order that failed tried again at once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hurry_certificate(
        &mut self,
        host: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, HURRY, tenant, host, now).map(drop)
    }

    /// Takes the order of a host that is due. Of several processes one gets it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn lock_certificate(
        &mut self,
        lock: &OrderLock,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let until = column::micros(lock.locked_until);
        Ok(execute!(self.conn, LOCK, tenant, &lock.host, now, until)? == 1)
    }

    /// Keeps a new certificate and ends the order. The answer is whether the lock was still held.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate_issued(
        &mut self,
        lock: &OrderLock,
        issued: &SealedCertificate,
        validity: Validity,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, until) = (self.tenant(), column::micros(lock.locked_until));
        let SealedCertificate { chain_pem, sealed_key } = issued;
        let [begin, end, renew] =
            [validity.not_before, validity.not_after, validity.renew_at()].map(column::micros);
        let met = execute!(
            self.conn,
            ISSUED,
            tenant,
            &lock.host,
            until,
            chain_pem,
            sealed_key,
            begin,
            end,
            renew,
            column::micros(now),
        )?;
        Ok(met == 1)
    }

    /// Ends an order that failed. The answer is whether the lock was still held.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate_failed(
        &mut self,
        lock: &OrderLock,
        fault: &OrderFault,
        try_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, until) = (self.tenant(), column::micros(lock.locked_until));
        let try_at = column::micros(try_at);
        let met = execute!(self.conn, FAILED, tenant, &lock.host, until, try_at, Json(fault))?;
        Ok(met == 1)
    }
}
