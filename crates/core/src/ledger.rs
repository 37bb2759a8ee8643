//! Checking the ledger: whether it is what was written, and whether sums are those of its entries.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use portico_billing::ledger::{Account, Break, ChainHash, Entry, Link, verify};
use portico_billing::totals::Sums;
use portico_billing::{Currency, CustomerId, OrganisationId};
use portico_store::ledger::Head;
use portico_store::{Read, StoreError};

use crate::{Core, Failure};

/// Chains and entries that are read at a time.
const CHUNK: u16 = 1_000;
/// How often chains are followed that nothing is added to.
const ALL_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Whose entries follow one another.
type Chain = (CustomerId, Currency);

/// The ends of an organisation's chains that were found whole.
type Ends = HashMap<Chain, Link>;

/// What a program that goes on running knows of the ledgers. It is in its memory alone, where
/// whoever writes into the database does not get at it.
#[derive(Debug, Default)]
pub struct LedgerWatch {
    ends: HashMap<OrganisationId, Ends>,
    all_at: Option<Timestamp>,
}

/// What a check looked at, and what it found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerReport {
    /// Chains: one per customer and currency.
    pub chains: u64,
    /// Entries.
    pub entries: u64,
    /// What is not as it should be.
    pub faults: Vec<LedgerFault>,
}

/// What is wrong with the ledger of a customer in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerFault {
    /// The customer.
    pub customer_id: CustomerId,
    /// The currency.
    pub currency: Currency,
    /// What is wrong.
    pub reason: LedgerFaultReason,
}

impl fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.customer_id, self.currency, self.reason)
    }
}

/// What can be wrong with the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFaultReason {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] Break),
    /// The chain does not end where it should.
    #[error("the chain does not end with its last entry")]
    End,
    /// The chain as such is whole, but not the one that it was.
    #[error("the chain is not the one that was followed before")]
    Replaced,
    /// Something that is stored makes no sense.
    #[error("the stored value of {0} cannot be read")]
    Unreadable(&'static str),
    /// What an account is said to come to.
    #[error("the account `{0}` is not the sum of its entries")]
    Account(Account),
    /// What the months are said to come to.
    #[error("the months are not the sum of the entries")]
    Months,
    /// The balance that pages show.
    #[error("the balance is not the sum of the entries")]
    Balance,
}

/// What following a chain came to.
enum Found {
    /// Entries and sums are as they should be.
    Whole,
    /// It grows meanwhile: sums are those of another moment. They are compared the next time.
    Growing,
    Broken(LedgerFaultReason),
}

impl Core {
    /// Checks the ledgers of all organisations; to be called every hour or so. Followed are the
    /// chains that something was added to, those that were broken, and once a day all. An
    /// organisation whose ledger is broken can read, but nothing that moves money is taken in
    /// (PAY-13), until a check finds nothing any more. The answer is how many are broken.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn check_ledgers(&self, watch: &mut LedgerWatch) -> Result<usize, Failure> {
        let now = self.now();
        let all = watch.all_at.is_none_or(|at| now.duration_since(at) >= ALL_EVERY);
        let mut broken = 0;
        for organisation in self.organisations().await? {
            let ends = watch.ends.entry(organisation.id).or_default();
            let report = self.follow_chains(organisation.id, ends, all).await?;
            for fault in &report.faults {
                tracing::error!(organisation = %organisation.id, %fault, "the ledger is broken");
            }
            broken += usize::from(!report.faults.is_empty());
        }
        if all {
            watch.all_at = Some(now);
        }
        Ok(broken)
    }

    /// Follows each chain of an organisation, and compares what its entries come to with the sums
    /// that are kept. What is found is noted, and what was noted is forgotten where it is found no
    /// more.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn check_ledger(
        &self,
        organisation: OrganisationId,
    ) -> Result<LedgerReport, Failure> {
        self.follow_chains(organisation, &mut Ends::new(), true).await
    }

    /// Follows all chains, or those that are not known to be whole.
    async fn follow_chains(
        &self,
        organisation: OrganisationId,
        ends: &mut Ends,
        all: bool,
    ) -> Result<LedgerReport, Failure> {
        let mut read = self.inner.store.read(organisation).await?;
        let noted: BTreeSet<Chain> = read.ledger_breaks().await?.into_iter().collect();
        let mut missing: BTreeSet<Chain> = ends.keys().chain(&noted).copied().collect();
        let (mut report, mut after) = (LedgerReport::default(), None);
        loop {
            let heads = read.ledger_heads(after, CHUNK).await?;
            let Some(last) = heads.last() else { break };
            after = Some((last.customer_id, last.currency));
            for head in heads {
                let chain = (head.customer_id, head.currency);
                let end = Link { sequence: head.sequence, hash: head.hash };
                missing.remove(&chain);
                let known = ends.get(&chain).copied();
                if !all && known == Some(end) && !noted.contains(&chain) {
                    continue;
                }
                let (entries, found) = check_chain(&mut read, head, known).await?;
                report.chains += 1;
                report.entries += entries;
                match found {
                    Found::Whole => {
                        ends.insert(chain, end);
                    }
                    Found::Growing => {}
                    Found::Broken(reason) => report.faults.push(fault(chain, reason)),
                }
            }
        }
        for chain in missing {
            if ends.contains_key(&chain) || has_entries(&mut read, chain).await? {
                report.faults.push(fault(chain, LedgerFaultReason::End));
            }
        }
        drop(read);
        self.note_breaks(organisation, noted, &report.faults).await?;
        Ok(report)
    }

    async fn note_breaks(
        &self,
        organisation: OrganisationId,
        mut noted: BTreeSet<Chain>,
        faults: &[LedgerFault],
    ) -> Result<(), Failure> {
        if noted.is_empty() && faults.is_empty() {
            return Ok(());
        }
        let mut write = self.inner.store.write(organisation).await?;
        for fault in faults {
            let chain = (fault.customer_id, fault.currency);
            noted.remove(&chain);
            write.note_ledger_break(chain, &fault.reason.to_string(), self.now()).await?;
        }
        for chain in noted {
            write.forget_ledger_break(chain).await?;
        }
        Ok(write.commit().await?)
    }
}

const fn fault((customer_id, currency): Chain, reason: LedgerFaultReason) -> LedgerFault {
    LedgerFault { customer_id, currency, reason }
}

async fn has_entries(read: &mut Read, chain: Chain) -> Result<bool, StoreError> {
    match read.ledger_chain(chain, 0, 1).await {
        Err(StoreError::Corrupt { .. }) => Ok(true),
        entries => Ok(!entries?.is_empty()),
    }
}

/// How many entries the chain has, and what was found. `known` is where it ended when it was whole.
async fn check_chain(
    read: &mut Read,
    head: Head,
    known: Option<Link>,
) -> Result<(u64, Found), StoreError> {
    let mut count = 0;
    let found = follow(read, head, known, &mut count).await;
    match found {
        Err(StoreError::Corrupt { column, .. }) => {
            Ok((count, Found::Broken(LedgerFaultReason::Unreadable(column))))
        }
        found => Ok((count, found?)),
    }
}

async fn follow(
    read: &mut Read,
    head: Head,
    known: Option<Link>,
    count: &mut u64,
) -> Result<Found, StoreError> {
    if known.is_some_and(|known| known.sequence > head.sequence) {
        return Ok(Found::Broken(LedgerFaultReason::Replaced));
    }
    let is_other = |(entry, hash): &(Entry, ChainHash)| {
        known.is_some_and(|known| known.sequence == entry.sequence && known.hash != *hash)
    };
    let chain = (head.customer_id, head.currency);
    let (mut link, mut sums) = (Link::START, BTreeMap::new());
    while link.sequence < head.sequence {
        let entries = read.ledger_chain(chain, link.sequence, CHUNK).await?;
        if entries.is_empty() {
            return Ok(Found::Broken(LedgerFaultReason::End));
        }
        for (entry, _) in &entries {
            *count += 1;
            for account in [entry.transfer.debit, entry.transfer.credit] {
                *sums.entry(account).or_insert(0) += entry.transfer.of_account(account);
            }
        }
        let is_replaced = entries.iter().any(is_other);
        link = match verify(link, entries) {
            Ok(_) if is_replaced => return Ok(Found::Broken(LedgerFaultReason::Replaced)),
            Ok(link) => link,
            Err(found) => return Ok(Found::Broken(found.into())),
        };
    }
    let end = Link { sequence: head.sequence, hash: head.hash };
    if link == end {
        return check_sums(read, head, &sums).await;
    }
    // It goes on behind its end: others are adding to it, or its end was changed.
    let grows = link.sequence > end.sequence
        && read.ledger_head(head.customer_id, head.currency).await? != Some(head);
    Ok(if grows { Found::Growing } else { Found::Broken(LedgerFaultReason::End) })
}

async fn check_sums(
    read: &mut Read,
    head: Head,
    sums: &BTreeMap<Account, i64>,
) -> Result<Found, StoreError> {
    let (customer, currency) = (head.customer_id, head.currency);
    let accounts = read.ledger_accounts(customer, currency).await?;
    let months = read.sum_of_ledger_months(customer, currency).await?;
    let totals = read.customer_totals(customer).await?;
    let later = read.ledger_head(customer, currency).await?;
    if later != Some(head) {
        return Ok(Found::Growing);
    }
    let sum = |account| sums.get(&account).copied().unwrap_or_default();
    let kept = |account| {
        accounts.iter().find(|(known, _)| *known == account).map_or(0, |(_, minor)| *minor)
    };
    let totals = totals.iter().find(|(known, _)| *known == currency);
    let balance = totals.map_or_else(Sums::default, |(_, sums)| *sums).balance();
    let own = sum(Account::Customer);
    let known = accounts.iter().map(|(account, _)| *account).chain(sums.keys().copied());
    Ok(match known.into_iter().find(|account| sum(*account) != kept(*account)) {
        Some(account) => Found::Broken(LedgerFaultReason::Account(account)),
        None if months != own => Found::Broken(LedgerFaultReason::Months),
        None if balance != own => Found::Broken(LedgerFaultReason::Balance),
        None => Found::Whole,
    })
}
