//! The ledger: entries, what accounts come to, and statements.

mod backlog;
mod breaks;
mod post;
mod statement;

use portico_billing::ledger::{Account, ChainHash, Entry, Subject, Transfer};
use portico_billing::{Currency, CustomerId};
use uuid::Uuid;

use crate::{Read, StoreError, column};

pub use statement::{StatementFilter, StatementLine};

macro_rules! columns {
    () => {
        "customer_id, currency, sequence, debit, credit, amount_minor, subject_kind, subject_id, \
         occurred_at, posted_at, hash"
    };
}

statements! {
    /// The organisation's accounts, added up over all customers.
    TRIAL_BALANCE = "SELECT account, currency, \
        CAST(SUM(CASE WHEN balance_minor > 0 THEN balance_minor ELSE 0 END) AS BIGINT), \
        CAST(SUM(CASE WHEN balance_minor < 0 THEN balance_minor ELSE 0 END) AS BIGINT) \
        FROM ledger_account WHERE organisation_id = $1 GROUP BY account, currency \
        ORDER BY currency, account";
    ACCOUNTS_OF_CUSTOMER = "SELECT account, balance_minor FROM ledger_account \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3";
    CHAIN = concat!(
        "SELECT ",
        columns!(),
        " FROM ledger_entry WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3 \
         AND sequence > $4 ORDER BY sequence LIMIT $5"
    );
    HEAD = "SELECT customer_id, currency, sequence, hash FROM ledger_head \
        WHERE organisation_id = $1 AND customer_id = $2 AND currency = $3";
    HEADS = "SELECT customer_id, currency, sequence, hash FROM ledger_head \
        WHERE organisation_id = $1 AND (customer_id, currency) > ($2, $3) \
        ORDER BY customer_id, currency LIMIT $4";
}

/// Every SQL text of this module.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, backlog::STATEMENTS, breaks::STATEMENTS, statement::STATEMENTS].concat()
}

/// What an account of the organisation comes to in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSum {
    /// The account.
    pub account: Account,
    /// Currency.
    pub currency: Currency,
    /// Sum of the customers whose balance is above zero, minor units.
    pub above_zero: i64,
    /// Sum of those below zero, minor units: of [`Account::Customer`] the receivables.
    pub below_zero: i64,
}

/// The end of a customer's chain in one currency, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Whose chain it is.
    pub customer_id: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// How many entries there are.
    pub sequence: i64,
    /// The hash of the last one.
    pub hash: ChainHash,
}

#[derive(sqlx::FromRow)]
struct Row {
    customer_id: Uuid,
    currency: String,
    sequence: i64,
    debit: String,
    credit: String,
    amount_minor: i64,
    subject_kind: String,
    subject_id: Uuid,
    occurred_at: i64,
    posted_at: i64,
    hash: Vec<u8>,
}

impl TryFrom<Row> for (Entry, ChainHash) {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let entry = Entry {
            customer_id: row.customer_id.into(),
            sequence: row.sequence,
            transfer: Transfer {
                currency: column::parse("ledger_entry.currency", &row.currency)?,
                debit: column::parse("ledger_entry.debit", &row.debit)?,
                credit: column::parse("ledger_entry.credit", &row.credit)?,
                minor: row.amount_minor,
            },
            subject: subject(&row.subject_kind, row.subject_id)?,
            occurred_at: column::time("ledger_entry.occurred_at", row.occurred_at)?,
            posted_at: column::time("ledger_entry.posted_at", row.posted_at)?,
        };
        Ok((entry, hash("ledger_entry.hash", &row.hash)?))
    }
}

type HeadRow = (Uuid, String, i64, Vec<u8>);

fn head((customer, currency, sequence, bytes): HeadRow) -> Result<Head, StoreError> {
    Ok(Head {
        customer_id: customer.into(),
        currency: column::parse("ledger_head.currency", &currency)?,
        sequence,
        hash: hash("ledger_head.hash", &bytes)?,
    })
}

fn subject(kind: &str, id: Uuid) -> Result<Subject, StoreError> {
    let unknown = || column::corrupt("ledger_entry.subject_kind", format!("`{kind}`"));
    Subject::new(kind, id).ok_or_else(unknown)
}

fn hash(column: &'static str, bytes: &[u8]) -> Result<ChainHash, StoreError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|error| column::corrupt(column, error))?;
    Ok(bytes.into())
}

impl Read {
    /// What the organisation's accounts come to, by currency.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn trial_balance(&mut self) -> Result<Vec<AccountSum>, StoreError> {
        type Sum = (String, String, i64, i64);
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Sum, TRIAL_BALANCE, tenant)?;
        let sum = |(account, currency, above_zero, below_zero): Sum| {
            Ok(AccountSum {
                account: column::parse("ledger_account.account", &account)?,
                currency: column::parse("ledger_account.currency", &currency)?,
                above_zero,
                below_zero,
            })
        };
        rows.into_iter().map(sum).collect()
    }

    /// What a customer's accounts come to in one currency, minor units, credits positive.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ledger_accounts(
        &mut self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Vec<(Account, i64)>, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        let sql = ACCOUNTS_OF_CUSTOMER;
        let rows = fetch_all!(self.conn, (String, i64), sql, tenant, customer, code)?;
        let account = |(account, minor): (String, i64)| {
            Ok((column::parse("ledger_account.account", &account)?, minor))
        };
        rows.into_iter().map(account).collect()
    }

    /// The next entries of a chain behind the one numbered `after`, with their hashes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ledger_chain(
        &mut self,
        (customer, currency): (CustomerId, Currency),
        after: i64,
        limit: u16,
    ) -> Result<Vec<(Entry, ChainHash)>, StoreError> {
        let (tenant, customer, limit) = (self.tenant(), customer.uuid(), i64::from(limit));
        let rows =
            fetch_all!(self.conn, Row, CHAIN, tenant, customer, currency.code(), after, limit)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The ends of the organisation's chains, in the order of customer and currency.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ledger_heads(
        &mut self,
        after: Option<(CustomerId, Currency)>,
        limit: u16,
    ) -> Result<Vec<Head>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let customer = after.map_or(Uuid::nil(), |(customer, _)| customer.uuid());
        let currency = after.map_or("", |(_, currency)| currency.code());
        let rows = fetch_all!(self.conn, HeadRow, HEADS, tenant, customer, currency, limit)?;
        rows.into_iter().map(head).collect()
    }

    /// The end of one chain.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ledger_head(
        &mut self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Option<Head>, StoreError> {
        let (tenant, customer, code) = (self.tenant(), customer.uuid(), currency.code());
        fetch_optional!(self.conn, HeadRow, HEAD, tenant, customer, code)?.map(head).transpose()
    }
}
