//! Domains: hosts of brands with their claims and what is known of their certificates.

use jiff::Timestamp;
use portico_billing::domain::{Certificate, Claim, DnsState, Domain, OrderFault, Validity};
use portico_billing::{BrandId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT h.brand_id, h.host, h.claim, h.claimed_at, h.checked_at, h.dns_state, h.proven_at, \
         c.not_before, c.not_after, c.try_at, c.locked_until, c.failures, c.last_fault \
         FROM brand_host h LEFT JOIN certificate c \
         ON c.organisation_id = h.organisation_id AND c.host = h.host \
         WHERE h.organisation_id = $1 "
    };
}

statements! {
    LIST = concat!(columns!(), "AND h.brand_id = $2 ORDER BY h.position, h.host LIMIT 1000");
    FIND = concat!(columns!(), "AND h.host = $2");
    HOLDER = "SELECT organisation_id, claim, claimed_at, checked_at, dns_state, proven_at \
        FROM brand_host WHERE host = $1";
    DUE = "SELECT organisation_id, host FROM brand_host WHERE check_at <= $1 \
        ORDER BY check_at LIMIT $2";
    INSERT = "INSERT INTO brand_host (organisation_id, host, brand_id, position, claim, \
        claimed_at, check_at) VALUES ($1, $2, $3, \
        (SELECT COALESCE(MAX(position), -1) + 1 FROM brand_host \
        WHERE organisation_id = $1 AND brand_id = $3), $4, $5, $5)";
    /// Only of the claim that was asked for: meanwhile the host may be another one's.
    CHECKED = "UPDATE brand_host SET checked_at = $4, dns_state = $5, proven_at = $6, \
        check_at = $7 WHERE organisation_id = $1 AND host = $2 AND claim = $3";
    /// Whoever moves the time on is the one who asks.
    TAKE_CHECK = "UPDATE brand_host SET check_at = $4 \
        WHERE organisation_id = $1 AND host = $2 AND check_at <= $3";
    DELETE_CHALLENGE = "DELETE FROM acme_challenge WHERE organisation_id = $1 AND host = $2";
    DELETE_CERTIFICATE = "DELETE FROM certificate WHERE organisation_id = $1 AND host = $2";
    DELETE = "DELETE FROM brand_host WHERE organisation_id = $1 AND host = $2";
    DELETE_UNPROVEN = "DELETE FROM brand_host WHERE organisation_id = $1 AND host = $2 \
        AND claim = $3 AND proven_at IS NULL";
}

#[derive(sqlx::FromRow)]
struct Row {
    brand_id: Uuid,
    host: String,
    #[sqlx(flatten)]
    claim: ClaimRow,
    not_before: Option<i64>,
    not_after: Option<i64>,
    try_at: Option<i64>,
    locked_until: Option<i64>,
    failures: Option<i64>,
    last_fault: Option<Json<OrderFault>>,
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    claim: Option<String>,
    claimed_at: Option<i64>,
    checked_at: Option<i64>,
    dns_state: Option<Json<DnsState>>,
    proven_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    organisation_id: Uuid,
    #[sqlx(flatten)]
    claim: ClaimRow,
}

impl ClaimRow {
    fn into_claim(self) -> Result<Option<Claim>, StoreError> {
        let (Some(label), Some(claimed_at)) = (self.claim, self.claimed_at) else {
            return Ok(None);
        };
        Ok(Some(Claim {
            label,
            claimed_at: column::time("brand_host.claimed_at", claimed_at)?,
            checked_at: column::time_opt("brand_host.checked_at", self.checked_at)?,
            dns: self.dns_state.map(|state| state.0),
            proven_at: column::time_opt("brand_host.proven_at", self.proven_at)?,
        }))
    }
}

/// The validity between two stored times, where both are there.
pub(crate) fn validity(
    not_before: Option<i64>,
    not_after: Option<i64>,
) -> Result<Option<Validity>, StoreError> {
    let (Some(begin), Some(end)) = (not_before, not_after) else { return Ok(None) };
    Ok(Some(Validity {
        not_before: column::time("certificate.not_before", begin)?,
        not_after: column::time("certificate.not_after", end)?,
    }))
}

impl TryFrom<Row> for Domain {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let certificate = match (row.try_at, row.failures) {
            (Some(try_at), Some(failures)) => Some(Certificate {
                validity: validity(row.not_before, row.not_after)?,
                try_at: column::time("certificate.try_at", try_at)?,
                locked_until: column::time_opt("certificate.locked_until", row.locked_until)?,
                failures: column::number("certificate.failures", failures)?,
                last_fault: row.last_fault.map(|fault| fault.0),
            }),
            _ => None,
        };
        Ok(Self {
            brand_id: BrandId::from(row.brand_id),
            host: row.host,
            claim: row.claim.into_claim()?,
            certificate,
        })
    }
}

impl Directory {
    /// Whose a host is, with its claim where it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn host_holder(
        &mut self,
        host: &str,
    ) -> Result<Option<(OrganisationId, Option<Claim>)>, StoreError> {
        let row = fetch_optional!(self.conn, HolderRow, HOLDER, host)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((OrganisationId::from(row.organisation_id), row.claim.into_claim()?)))
    }

    /// Hosts whose DNS is to be asked, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn domains_to_check(
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
    /// The hosts of a brand in their order, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn domains(&mut self, brand: BrandId) -> Result<Vec<Domain>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, LIST, tenant, brand.uuid())?;
        rows.into_iter().map(Domain::try_from).collect()
    }

    /// One host of the organisation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn domain(&mut self, host: &str) -> Result<Option<Domain>, StoreError> {
        let tenant = self.tenant();
        fetch_optional!(self.conn, Row, FIND, tenant, host)?.map(Domain::try_from).transpose()
    }
}

impl Write {
    /// Adds a host to a brand, after its others; with a claim it waits to be proven.
    ///
    /// # Errors
    /// `Duplicate` where the host is in use, or where the database fails.
    pub async fn insert_domain(
        &mut self,
        brand: BrandId,
        host: &str,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        let (tenant, label) = (self.tenant(), claim.map(|claim| claim.label.as_str()));
        let since = claim.map(|claim| column::micros(claim.claimed_at));
        execute!(self.conn, INSERT, tenant, host, brand.uuid(), label, since).map(drop)
    }

    /// Keeps what the DNS said of a claim. The answer is whether the host still has this claim.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_domain_check(
        &mut self,
        host: &str,
        claim: &Claim,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, label) = (self.tenant(), &claim.label);
        let checked_at = claim.checked_at.map(column::micros);
        let proven_at = claim.proven_at.map(column::micros);
        let (dns, next) = (claim.dns.as_ref().map(Json), column::micros(next));
        let met =
            execute!(self.conn, CHECKED, tenant, host, label, checked_at, dns, proven_at, next)?;
        Ok(met == 1)
    }

    /// Takes the duty to ask the DNS about a host until `next`. The answer is whether it was had:
    /// of several processes one gets it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_domain_check(
        &mut self,
        host: &str,
        now: Timestamp,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now, next) = (self.tenant(), column::micros(now), column::micros(next));
        Ok(execute!(self.conn, TAKE_CHECK, tenant, host, now, next)? == 1)
    }

    /// Takes a host from who claimed it by this label and never proved it. The answer is whether
    /// that was still so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_unproven_domain(
        &mut self,
        host: &str,
        label: &str,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, DELETE_UNPROVEN, tenant, host, label)? == 1)
    }

    /// Removes a host with its claim, its certificate and the key of it. The answer is whether it
    /// was there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_domain(&mut self, host: &str) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_CHALLENGE, tenant, host)?;
        execute!(self.conn, DELETE_CERTIFICATE, tenant, host)?;
        Ok(execute!(self.conn, DELETE, tenant, host)? == 1)
    }
}
