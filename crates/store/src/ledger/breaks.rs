//! Where the ledger was found not to be what was written.

use jiff::Timestamp;
use portico_billing::{Currency, CustomerId};
use uuid::Uuid;

use crate::{Read, StoreError, Write, column};

statements! {
    ANY = "SELECT 1 FROM ledger_break WHERE organisation_id = $1 LIMIT 1";
    NOTE = "INSERT INTO ledger_break (organisation_id, customer_id, currency, reason, found_at) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (organisation_id, customer_id, currency) DO NOTHING";
    NOTED = "SELECT customer_id, currency FROM ledger_break WHERE organisation_id = $1";
    FORGET = "DELETE FROM ledger_break \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3";
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

    /// The chains that are noted as broken.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ledger_breaks(&mut self) -> Result<Vec<(CustomerId, Currency)>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, (Uuid, String), NOTED, tenant)?;
        let chain = |(customer, currency): (Uuid, String)| {
            Ok((customer.into(), column::parse("ledger_break.currency", &currency)?))
        };
        rows.into_iter().map(chain).collect()
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
        (customer, currency): (CustomerId, Currency),
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, code, now) = (self.tenant(), currency.code(), column::micros(now));
        execute!(self.conn, NOTE, tenant, customer.uuid(), code, reason, now)?;
        Ok(())
    }

    /// Forgets what was found of a chain: after a check that found nothing any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_ledger_break(
        &mut self,
        (customer, currency): (CustomerId, Currency),
    ) -> Result<(), StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        execute!(self.conn, FORGET, tenant, customer, code)?;
        Ok(())
    }
}
