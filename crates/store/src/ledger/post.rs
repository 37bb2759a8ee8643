//! Adding to the ledger.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use portico_billing::ledger::{Account, ChainHash, Entry, Link, Posting};
use portico_billing::totals::Month;
use portico_billing::{Currency, CustomerId};
use uuid::Uuid;

use super::hash;
use crate::{StoreError, Write, column};

/// Rows of one bulk statement.
const CHUNK: usize = 1_000;

/// The end of a chain.
#[derive(sqlx::FromRow)]
struct HeadRow {
    customer_id: Uuid,
    currency: String,
    sequence: i64,
    hash: Vec<u8>,
}

/// Whose entries follow one another.
type Chain = (CustomerId, Currency);

/// What is added to the sums of a unit of work.
#[derive(Default)]
struct Sums {
    accounts: BTreeMap<(CustomerId, Currency, Account), i64>,
    months: BTreeMap<(CustomerId, Currency, Month), i64>,
}

impl Sums {
    fn add(&mut self, it: &Entry) {
        let (currency, customer) = (it.transfer.currency, it.customer_id);
        for account in [it.transfer.debit, it.transfer.credit] {
            *self.accounts.entry((customer, currency, account)).or_default() +=
                it.transfer.of_account(account);
        }
        let month = Month::of(it.occurred_at.to_zoned(TimeZone::UTC).date());
        *self.months.entry((customer, currency, month)).or_default() +=
            it.transfer.of_account(Account::Customer);
    }
}

impl Write {
    /// Adds to the ledger what documents of customers stand for.
    ///
    /// # Errors
    /// `LedgerBroken` where a check found the organisation's ledger so, or where the database
    /// fails.
    pub async fn post(
        &mut self,
        postings: Vec<(CustomerId, Posting)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut chains: BTreeMap<Chain, Vec<Entry>> = BTreeMap::new();
        for (customer_id, Posting { subject, occurred_at, transfers }) in postings {
            for transfer in transfers {
                chains.entry((customer_id, transfer.currency)).or_default().push(Entry {
                    customer_id,
                    sequence: 0,
                    transfer,
                    subject,
                    occurred_at,
                    posted_at: now,
                });
            }
        }
        if chains.is_empty() {
            return Ok(());
        }
        self.require_whole_ledger().await?;
        let mut links = self.hold_chains(chains.keys().copied().collect()).await?;
        let (mut sums, mut linked) = (Sums::default(), Vec::new());
        for (chain, entries) in chains {
            let what = "look-up of the end of a chain";
            let missing = StoreError::Affected { what, expected: 1, met: 0 };
            let link = links.get_mut(&chain).ok_or(missing)?;
            for entry in entries {
                let entry = Entry { sequence: link.sequence + 1, ..entry };
                *link = entry.link(link.hash);
                sums.add(&entry);
                linked.push((entry, link.hash));
            }
        }
        self.move_chains_on(links.into_iter().collect()).await?;
        self.insert_entries(&linked).await?;
        self.add_to_accounts(&sums).await
    }

    /// The ends of chains, held until the unit of work ends; made where there is none. In the order
    /// of their keys, so that nobody waits in a ring.
    async fn hold_chains(
        &mut self,
        chains: Vec<Chain>,
    ) -> Result<BTreeMap<Chain, Link>, StoreError> {
        let (tenant, mut links) = (self.tenant(), BTreeMap::new());
        for chunk in chains.chunks(CHUNK) {
            let rows = fetch_built!(self.conn, HeadRow, |query| {
                query.push(
                    "INSERT INTO ledger_head (organisation_id, customer_id, currency, sequence, \
                     hash) ",
                );
                query.push_values(chunk, |mut tuple, (customer, currency)| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(customer.uuid())
                        .push_bind(currency.code())
                        .push_bind(0_i64)
                        .push_bind(ChainHash::START.bytes().as_slice());
                });
                query.push(
                    " ON CONFLICT (organisation_id, customer_id, currency) DO UPDATE SET \
                     sequence = ledger_head.sequence \
                     RETURNING customer_id, currency, sequence, hash",
                );
            })?;
            for row in rows {
                let currency = column::parse("ledger_head.currency", &row.currency)?;
                let hash = hash("ledger_head.hash", &row.hash)?;
                let link = Link { sequence: row.sequence, hash };
                links.insert((row.customer_id.into(), currency), link);
            }
        }
        Ok(links)
    }

    async fn move_chains_on(&mut self, links: Vec<(Chain, Link)>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in links.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO ledger_head (organisation_id, customer_id, currency, sequence, hash) ",
                chunk,
                |tuple, ((customer, currency), link)| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(customer.uuid())
                        .push_bind(currency.code())
                        .push_bind(link.sequence)
                        .push_bind(link.hash.bytes().as_slice());
                },
                " ON CONFLICT (organisation_id, customer_id, currency) DO UPDATE SET \
                 sequence = excluded.sequence, hash = excluded.hash"
            )?;
        }
        Ok(())
    }

    async fn insert_entries(&mut self, entries: &[(Entry, ChainHash)]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        for chunk in entries.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO ledger_entry (organisation_id, customer_id, currency, sequence, \
                 debit, credit, amount_minor, subject_kind, subject_id, occurred_at, posted_at, \
                 hash) ",
                chunk,
                |tuple, (it, hash)| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(it.customer_id.uuid())
                        .push_bind(it.transfer.currency.code())
                        .push_bind(it.sequence)
                        .push_bind(it.transfer.debit.name())
                        .push_bind(it.transfer.credit.name())
                        .push_bind(it.transfer.minor)
                        .push_bind(it.subject.kind())
                        .push_bind(it.subject.uuid())
                        .push_bind(column::micros(it.occurred_at))
                        .push_bind(column::micros(it.posted_at))
                        .push_bind(hash.bytes().as_slice());
                }
            )?;
        }
        Ok(())
    }

    async fn add_to_accounts(&mut self, sums: &Sums) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let accounts: Vec<_> = sums.accounts.iter().collect();
        for chunk in accounts.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO ledger_account (organisation_id, customer_id, currency, account, \
                 balance_minor) ",
                chunk,
                |tuple, ((customer, currency, account), minor)| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(customer.uuid())
                        .push_bind(currency.code())
                        .push_bind(account.name())
                        .push_bind(**minor);
                },
                " ON CONFLICT (organisation_id, customer_id, currency, account) DO UPDATE SET \
                 balance_minor = ledger_account.balance_minor + excluded.balance_minor"
            )?;
        }
        let months: Vec<_> = sums.months.iter().collect();
        for chunk in months.chunks(CHUNK) {
            insert_rows!(
                self.conn,
                "INSERT INTO ledger_month (organisation_id, customer_id, currency, month, \
                 balance_minor) ",
                chunk,
                |tuple, ((customer, currency, month), minor)| {
                    tuple
                        .push_bind(tenant)
                        .push_bind(customer.uuid())
                        .push_bind(currency.code())
                        .push_bind(i64::from(month.index()))
                        .push_bind(**minor);
                },
                " ON CONFLICT (organisation_id, customer_id, currency, month) DO UPDATE SET \
                 balance_minor = ledger_month.balance_minor + excluded.balance_minor"
            )?;
        }
        Ok(())
    }
}
