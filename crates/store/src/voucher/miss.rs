//! Wrong codes of the last hour, counted exactly on all nodes.

use std::net::IpAddr;

use jiff::Timestamp;
use portico_billing::CustomerId;
use portico_billing::voucher::{
    MISS_COUNTS_FOR, MISSES_OF_CUSTOMER, MISSES_OF_NETWORK, MISSES_OF_ORGANISATION, Misses,
};
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    OF_CUSTOMER = "SELECT at FROM voucher_miss \
        WHERE organisation_id = $1 AND customer_id = $2 AND at > $3 ORDER BY at DESC LIMIT $4";
    OF_NETWORK = "SELECT at FROM voucher_miss \
        WHERE organisation_id = $1 AND network = $2 AND at > $3 ORDER BY at DESC LIMIT $4";
    OF_ORGANISATION = "SELECT COUNT(*) FROM (SELECT 1 FROM voucher_miss \
        WHERE organisation_id = $1 AND at > $2 LIMIT $3) AS counted";
    /// The row, held until the unit of work ends; made where there is none.
    HOLD = "INSERT INTO voucher_guard (organisation_id, alarmed_at) VALUES ($1, NULL) \
        ON CONFLICT (organisation_id) DO UPDATE SET alarmed_at = voucher_guard.alarmed_at \
        RETURNING alarmed_at";
    ALARM = "UPDATE voucher_guard SET alarmed_at = $2 WHERE organisation_id = $1";
    INSERT = "INSERT INTO voucher_miss (organisation_id, id, customer_id, network, at) \
        VALUES ($1, $2, $3, $4, $5)";
    FORGET = "DELETE FROM voucher_miss WHERE organisation_id = $1 AND id = $2";
    DELETE_OLD = "DELETE FROM voucher_miss WHERE organisation_id = $1 AND at <= $2";
}

/// A code that was none, or is not known yet to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherMiss {
    /// Identifier.
    pub id: Uuid,
    /// Who typed it.
    pub customer_id: CustomerId,
    /// From where, as it is counted.
    pub network: IpAddr,
    /// When.
    pub at: Timestamp,
}

/// The time before which nothing counts any more.
fn since(now: Timestamp) -> i64 {
    column::micros(now.checked_sub(MISS_COUNTS_FOR).unwrap_or(Timestamp::MIN))
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn times(rows: Vec<(i64,)>) -> Result<Vec<Timestamp>, StoreError> {
    rows.into_iter().map(|(at,)| column::time("voucher_miss.at", at)).collect()
}

impl Read {
    /// What counts against the next try of a customer from a network.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn voucher_misses(
        &mut self,
        (customer, network): (CustomerId, IpAddr),
        now: Timestamp,
    ) -> Result<Misses, StoreError> {
        let (tenant, since) = (self.tenant(), since(now));
        let (customer, network) = (customer.uuid(), network.to_string());
        let most = bound(MISSES_OF_CUSTOMER);
        let of_customer =
            fetch_all!(self.conn, (i64,), OF_CUSTOMER, tenant, customer, since, most)?;
        let most = bound(MISSES_OF_NETWORK);
        let of_network = fetch_all!(self.conn, (i64,), OF_NETWORK, tenant, network, since, most)?;
        let most = bound(MISSES_OF_ORGANISATION);
        let all = fetch_optional!(self.conn, (i64,), OF_ORGANISATION, tenant, since, most)?;
        Ok(Misses {
            of_customer: times(of_customer)?,
            of_network: times(of_network)?,
            of_organisation: column::number("voucher_miss", all.map_or(0, |(count,)| count))?,
        })
    }
}

impl Write {
    /// Lets one try after the other pass, so that counts are exact. The answer is when the log last
    /// told of an attack.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hold_voucher_guard(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Option<i64>,), HOLD, tenant)?;
        column::time_opt("voucher_guard.alarmed_at", row.and_then(|(at,)| at))
    }

    /// Writes down that the log tells of an attack.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_voucher_alarm(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, ALARM, tenant, column::micros(now)).map(drop)
    }

    /// Counts a try as a miss.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_voucher_miss(&mut self, it: &VoucherMiss) -> Result<(), StoreError> {
        let (tenant, customer, at) = (self.tenant(), it.customer_id.uuid(), column::micros(it.at));
        execute!(self.conn, INSERT, tenant, it.id, customer, it.network.to_string(), at).map(drop)
    }

    /// Takes back what was counted: it was no miss.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_voucher_miss(&mut self, id: Uuid) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, FORGET, tenant, id).map(drop)
    }

    /// Deletes what counts no more; the answer is how many rows that were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_voucher_misses(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_OLD, tenant, since(now))
    }
}
