//! Checking the ledger: whether it is what was written, and whether sums are those of its entries.

use std::collections::BTreeMap;
use std::fmt;

use portico_billing::ledger::{Account, Break, Link, verify};
use portico_billing::totals::Sums;
use portico_billing::{Currency, CustomerId, OrganisationId};
use portico_store::Read;
use portico_store::ledger::Head;

use crate::{Core, Failure};

/// Chains and entries that are read at a time.
const CHUNK: u16 = 1_000;

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

impl Core {
    /// Checks the ledgers of all organisations; to be called every hour or so. An organisation
    /// whose ledger is broken can read, but nothing that moves money is taken in (PAY-13), until
    /// [`Core::check_ledger`] finds nothing any more. The answer is how many are broken.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn check_ledgers(&self) -> Result<usize, Failure> {
        let mut broken = 0;
        for organisation in self.organisations().await? {
            let report = self.check_ledger(organisation.id).await?;
            for fault in &report.faults {
                tracing::error!(organisation = %organisation.id, %fault, "the ledger is broken");
            }
            broken += usize::from(!report.faults.is_empty());
        }
        Ok(broken)
    }

    /// Follows each chain of an organisation, and compares what its entries come to with the sums
    /// that are kept. What is found is noted, and what was noted is forgotten where nothing is
    /// found.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn check_ledger(
        &self,
        organisation: OrganisationId,
    ) -> Result<LedgerReport, Failure> {
        let mut read = self.inner.store.read(organisation).await?;
        let (mut report, mut broken, mut after) = (LedgerReport::default(), Vec::new(), None);
        loop {
            let heads = read.ledger_heads(after, CHUNK).await?;
            let Some(last) = heads.last() else { break };
            after = Some((last.customer_id, last.currency));
            for head in heads {
                let (entries, found) = check_chain(&mut read, head).await?;
                report.chains += 1;
                report.entries += entries;
                if let Some(reason) = found {
                    broken.push((head, reason));
                }
            }
        }
        drop(read);
        self.note_breaks(organisation, &broken).await?;
        let fault = |(Head { customer_id, currency, .. }, reason)| LedgerFault {
            customer_id,
            currency,
            reason,
        };
        report.faults = broken.into_iter().map(fault).collect();
        Ok(report)
    }

    async fn note_breaks(
        &self,
        organisation: OrganisationId,
        broken: &[(Head, LedgerFaultReason)],
    ) -> Result<(), Failure> {
        let mut write = self.inner.store.write(organisation).await?;
        if broken.is_empty() {
            write.clear_ledger_breaks().await?;
        }
        for (head, reason) in broken {
            write.note_ledger_break(head, &reason.to_string(), self.now()).await?;
        }
        Ok(write.commit().await?)
    }
}

/// How many entries the chain has, and what is wrong. Where it grows meanwhile, sums are those of
/// another moment: they are compared the next time.
async fn check_chain(
    read: &mut Read,
    head: Head,
) -> Result<(u64, Option<LedgerFaultReason>), Failure> {
    let chain = (head.customer_id, head.currency);
    let (mut link, mut sums, mut count) = (Link::START, BTreeMap::new(), 0);
    while link.sequence < head.sequence {
        let entries = read.ledger_chain(chain, link.sequence, CHUNK).await?;
        if entries.is_empty() {
            return Ok((count, Some(LedgerFaultReason::End)));
        }
        for (entry, _) in &entries {
            count += 1;
            for account in [entry.transfer.debit, entry.transfer.credit] {
                *sums.entry(account).or_insert(0) += entry.transfer.of_account(account);
            }
        }
        link = match verify(link, entries) {
            Ok(link) => link,
            Err(found) => return Ok((count, Some(found.into()))),
        };
    }
    let end = Link { sequence: head.sequence, hash: head.hash };
    if link == end {
        return Ok((count, check_sums(read, head, &sums).await?));
    }
    // It goes on behind its end: others are adding to it, or its end was changed.
    let grows = link.sequence > end.sequence
        && read.ledger_head(head.customer_id, head.currency).await? != Some(head);
    Ok((count, (!grows).then_some(LedgerFaultReason::End)))
}

async fn check_sums(
    read: &mut Read,
    head: Head,
    sums: &BTreeMap<Account, i64>,
) -> Result<Option<LedgerFaultReason>, Failure> {
    let (customer, currency) = (head.customer_id, head.currency);
    let accounts = read.ledger_accounts(customer, currency).await?;
    let months = read.sum_of_ledger_months(customer, currency).await?;
    let totals = read.customer_totals(customer).await?;
    let later = read.ledger_head(customer, currency).await?;
    if later != Some(head) {
        return Ok(None);
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
        Some(account) => Some(LedgerFaultReason::Account(account)),
        None if months != own => Some(LedgerFaultReason::Months),
        None if balance != own => Some(LedgerFaultReason::Balance),
        None => None,
    })
}
