//! How often it was tried to pay lately, by whom and from where (DOS-08): counted among the
//! attempts themselves, so that it holds on all nodes.

use std::net::IpAddr;

use jiff::Timestamp;
use portico_billing::attempt_tries::{DECLINED_CUSTOMERS, DECLINED_OF_NETWORK, Tries};
use portico_billing::{AttemptId, CustomerId};

use crate::{Read, StoreError, Write, column};

macro_rules! is_declined {
    () => {
        "decline_reason NOT IN ('abandoned', 'unavailable', 'dismissed')"
    };
}

statements! {
    OF_NETWORK = concat!("SELECT COUNT(*) FROM (SELECT 1 FROM payment_attempt \
        WHERE organisation_id = $1 AND network = $2 AND begun_at > $3 \
        AND state = 'failed' AND ", is_declined!(), " LIMIT $4) AS counted");
    CUSTOMERS = concat!("SELECT COUNT(*) FROM (SELECT DISTINCT customer_id FROM payment_attempt \
        WHERE organisation_id = $1 AND state = 'failed' AND begun_at > $2 AND ", is_declined!(),
        " LIMIT $3) AS counted");
    PLACE = "UPDATE payment_attempt SET network = $3 WHERE organisation_id = $1 AND id = $2";
    NETWORK = "SELECT network FROM payment_attempt WHERE organisation_id = $1 AND id = $2";
}

impl Read {
    /// What counts, of what began after `since`, against the next attempt of a customer from a
    /// network. Other customers are counted with `all` alone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment_tries(
        &mut self,
        (customer, network): (CustomerId, IpAddr),
        since: Timestamp,
        all: bool,
    ) -> Result<Tries, StoreError> {
        let own = self.count_payment_attempts(customer, since).await?;
        let (tenant, since) = (self.tenant(), column::micros(since));
        let (from, most) = (network.to_string(), i64::from(DECLINED_OF_NETWORK));
        let of_network = fetch_optional!(self.conn, (i64,), OF_NETWORK, tenant, from, since, most)?;
        let customers = match all {
            true => {
                let most = i64::from(DECLINED_CUSTOMERS);
                fetch_optional!(self.conn, (i64,), CUSTOMERS, tenant, since, most)?
            }
            false => None,
        };
        let count = |count: i64| column::number("payment_attempt.count", count);
        Ok(Tries {
            begun: count(own.begun)?,
            declined: count(own.declined)?,
            declined_of_network: count(of_network.map_or(0, |(count,)| count))?,
            declined_customers: count(customers.map_or(0, |(count,)| count))?,
        })
    }

    /// From where an attempt was begun, as it is counted; nothing where that is not known.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn network_of_attempt(
        &mut self,
        id: AttemptId,
    ) -> Result<Option<String>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, (Option<String>,), NETWORK, tenant, id.uuid())?;
        Ok(row.and_then(|(network,)| network))
    }
}

impl Write {
    /// Writes down from where an attempt was begun.
    ///
    /// # Errors
    /// Where there is no such attempt, or the database fails.
    pub async fn place_payment_attempt(
        &mut self,
        id: AttemptId,
        network: IpAddr,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let met = execute!(self.conn, PLACE, tenant, id.uuid(), network.to_string())?;
        StoreError::expect_one("network of an attempt", met)
    }
}
