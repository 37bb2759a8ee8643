//! Where the ledger was found not to be what was written.

use jiff::Timestamp;
use portico_billing::{Currency, CustomerId};

use super::Head;
use crate::{Read, StoreError, Write, column};

statements! {
    ANY = "SELECT 1 FROM ledger_break WHERE organisation_id = $1 LIMIT 1";
    NOTE = "INSERT INTO ledger_break (organisation_id, customer_id, currency, reason, found_at) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (organisation_id, customer_id, currency) DO NOTHING";
    CLEAR = "DELETE FROM ledger_break WHERE organisation_id = $1";
    MONTHS = "SELECT balance_minor FROM ledger_month \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3";
}

impl Read {
    /// Refuses where the organisation's ledger was found broken.
    ///
    /// # Errors
    /// `LedgerBroken`, or where the database fails.
    pub async fn require_whole_ledger(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let broken = fetch_optional!(self.conn, (i32,), ANY, tenant)?;
        if broken.is_some() { Err(StoreError::LedgerBroken) } else { Ok(()) }
    }

    /// What the customer's own account comes to by its months, minor units.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sum_of_ledger_months(
        &mut self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<i64, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let months = fetch_all!(self.conn, (i64,), MONTHS, tenant, customer, code)?;
        Ok(months.into_iter().fold(0, |sum, (minor,)| sum.saturating_add(minor)))
    }
}

impl Write {
    /// Notes that a chain or what it comes to is broken. From then on nothing is posted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_ledger_break(
        &mut self,
        head: &Head,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, code, now) = (self.tenant(), head.currency.code(), column::micros(now));
        execute!(self.conn, NOTE, tenant, head.customer_id.uuid(), code, reason, now)?;
        Ok(())
    }

    /// Forgets what was found: after a check that found nothing any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn clear_ledger_breaks(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, CLEAR, tenant)?;
        Ok(())
    }
}
