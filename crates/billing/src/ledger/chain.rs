//! The chain of a customer's entries: each carries a hash of itself and of the one before, so that
//! none can be altered, left out or put elsewhere without being noticed (PAY-13).

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Subject, Transfer};
use crate::CustomerId;

/// The hash of an entry and all before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// Of a chain without entries.
    pub const START: Self = Self([0; 32]);

    /// The bytes, as stored.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for ChainHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The last entry of a customer's chain in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// How many entries there are.
    pub sequence: i64,
    /// The hash of the last one.
    pub hash: ChainHash,
}

impl Link {
    /// Of a chain without entries.
    pub const START: Self = Self { sequence: 0, hash: ChainHash::START };
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is.
    pub customer_id: CustomerId,
    /// 1, 2, 3 … per customer and currency.
    pub sequence: i64,
    /// What moves.
    pub transfer: Transfer,
    /// The document that it stands for.
    pub subject: Subject,
    /// When it happened, as statements tell it.
    pub occurred_at: Timestamp,
    /// When it was written.
    pub posted_at: Timestamp,
}

impl Entry {
    /// The link that it makes behind `before`.
    #[must_use]
    pub fn link(&self, before: ChainHash) -> Link {
        let transfer = &self.transfer;
        let numbers = [
            self.sequence,
            transfer.minor,
            self.occurred_at.as_microsecond(),
            self.posted_at.as_microsecond(),
        ];
        let words = [
            transfer.currency.code(),
            &*transfer.debit.name(),
            &*transfer.credit.name(),
            self.subject.kind(),
        ];
        let mut hash = Sha256::new_with_prefix(before.0);
        hash.update(self.customer_id.uuid());
        hash.update(self.subject.uuid());
        numbers.iter().for_each(|number| hash.update(number.to_be_bytes()));
        // No word has a zero byte in it: what is hashed can be read in one way alone.
        words.iter().for_each(|word| {
            hash.update(word);
            hash.update([0]);
        });
        Link { sequence: self.sequence, hash: ChainHash(hash.finalize().into()) }
    }
}

/// Where a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// An entry is missing, or there is one too many.
    #[error("entry {expected} of the chain is missing: the next is {found}")]
    Gap {
        /// The number that should come.
        expected: i64,
        /// The number that comes.
        found: i64,
    },
    /// An entry is not what was written.
    #[error("entry {0} of the chain was altered")]
    Altered(i64),
}

/// Follows a chain from `link` on over entries with their stored hashes; the answer is its end.
///
/// # Errors
/// The first [`Break`].
pub fn verify(
    link: Link,
    entries: impl IntoIterator<Item = (Entry, ChainHash)>,
) -> Result<Link, Break> {
    entries.into_iter().try_fold(link, |link, (entry, stored)| {
        let expected = link.sequence.saturating_add(1);
        if entry.sequence != expected {
            return Err(Break::Gap { expected, found: entry.sequence });
        }
        let next = entry.link(link.hash);
        if next.hash == stored { Ok(next) } else { Err(Break::Altered(expected)) }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Account;
    use super::*;
    use crate::{Currency, PaymentId};

    fn entry(sequence: i64) -> Entry {
        Entry {
            customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [1; 10]),
            sequence,
            transfer: Transfer {
                currency: Currency::EUR,
                debit: Account::Recorded,
                credit: Account::Customer,
                minor: 100 * sequence,
            },
            subject: Subject::Payment(PaymentId::new(Timestamp::UNIX_EPOCH, [2; 10])),
            occurred_at: Timestamp::UNIX_EPOCH,
            posted_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn chain() -> Vec<(Entry, ChainHash)> {
        let mut hash = ChainHash::START;
        let linked = |sequence| {
            let entry = entry(sequence);
            hash = entry.link(hash).hash;
            (entry, hash)
        };
        (1..=5).map(linked).collect()
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole() {
        let end = verify(Link::START, chain()).expect("a whole chain");
        assert_eq!((end.sequence, end.hash), (5, chain()[4].1));
        assert_eq!(verify(Link::START, []), Ok(Link::START));
    }

    #[test]
    fn pay_13_whatever_is_altered_left_out_or_moved_is_found() {
        type Tampering = (&'static str, fn(&mut Vec<(Entry, ChainHash)>));
        let tamperings: [Tampering; 10] = [
            ("amount", |it| it[2].0.transfer.minor += 1),
            ("currency", |it| it[2].0.transfer.currency = Currency::USD),
            ("debit", |it| it[2].0.transfer.debit = Account::Sales),
            ("credit", |it| it[2].0.transfer.credit = Account::Sales),
            ("time", |it| it[2].0.occurred_at += jiff::SignedDuration::from_micros(1)),
            ("posted", |it| it[2].0.posted_at += jiff::SignedDuration::from_micros(1)),
            ("customer", |it| it[2].0.customer_id = CustomerId::from(uuid::Uuid::max())),
            ("subject", |it| it[2].0.subject = Subject::Payment(uuid::Uuid::max().into())),
            ("one left out", |it| it.retain(|(entry, _)| entry.sequence != 3)),
            ("two swapped", |it| it.swap(2, 3)),
        ];
        for (what, tamper) in tamperings {
            let mut entries = chain();
            tamper(&mut entries);
            assert!(verify(Link::START, entries).is_err(), "{what} was not noticed");
        }
        let mut entries = chain();
        let mut bytes = *entries[4].1.bytes();
        bytes[31] ^= 1;
        entries[4].1 = ChainHash::from(bytes);
        assert_eq!(verify(Link::START, entries), Err(Break::Altered(5)));
    }
}
