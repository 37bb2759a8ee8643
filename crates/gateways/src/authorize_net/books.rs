//! The provider's books: the transactions of the batches that were settled, and of what is not
//! settled yet.
//! <https://developer.authorize.net/api/reference/index.html#transaction-reporting>

use std::str::FromStr;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::search::RANGE;
use super::transaction::{Standing, Summary};
use super::{AuthorizeNet, reasons};
use crate::{Books, GatewayError, Movement, MovementKind};

/// How long after it was made a transaction is settled, at most: batches close once a day, and a
/// transaction that is reviewed waits.
const SETTLING: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Where reading goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a batch that was settled from this second on, or in the first of them.
    Settled { from: i64, batch: Option<u64>, page: u32 },
    /// In what is not settled yet.
    Unsettled { page: u32 },
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settled { from, batch, page } => {
                write!(f, "settled {from} {} {page}", batch.unwrap_or_default())
            }
            Self::Unsettled { page } => write!(f, "unsettled {page}"),
        }
    }
}

impl FromStr for Place {
    type Err = GatewayError;

    fn from_str(text: &str) -> Result<Self, GatewayError> {
        let odd = |_| reasons::refused("cursor", "not a place in the provider's books");
        let parts: Vec<&str> = text.split(' ').collect();
        match *parts.as_slice() {
            ["settled", from, batch, page] => Ok(Self::Settled {
                from: from.parse().map_err(odd)?,
                batch: Some(batch.parse().map_err(odd)?).filter(|&batch| batch > 0),
                page: page.parse().map_err(odd)?,
            }),
            ["unsettled", page] => Ok(Self::Unsettled { page: page.parse().map_err(odd)? }),
            _ => Err(reasons::refused("cursor", "not a place in the provider's books")),
        }
    }
}

#[async_trait]
impl Books for AuthorizeNet {
    /// What moved is dated by when it was ordered, as payments are: a page may have less in it than
    /// was read, and nothing at all.
    async fn movements(
        &self,
        window: (Timestamp, Timestamp),
        cursor: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>), GatewayError> {
        let first = Place::Settled { from: window.0.as_second(), batch: None, page: 1 };
        let place = cursor.map(str::parse).transpose()?.unwrap_or(first);
        let (lines, next) = match place {
            Place::Settled { from, batch, page } => {
                self.settled(window.1, from, (batch, page)).await?
            }
            Place::Unsettled { page } => {
                let (lines, is_more) = self.oldest_first(None, page).await?;
                (lines, is_more.then_some(Place::Unsettled { page: page + 1 }))
            }
        };
        let mut movements = Vec::new();
        for line in lines {
            if line.submitted >= window.0 && line.submitted < window.1 {
                movements.extend(self.moved(line).await?);
            }
        }
        Ok((movements, next.map(|place| place.to_string())))
    }
}

impl AuthorizeNet {
    /// A page of a batch that was settled in the range that begins at `from`, and what follows it.
    async fn settled(
        &self,
        until: Timestamp,
        from: i64,
        (batch, page): (Option<u64>, u32),
    ) -> Result<(Vec<Summary>, Option<Place>), GatewayError> {
        let end = until.checked_add(SETTLING).unwrap_or(until);
        let odd = |_| reasons::refused("cursor", "not a time in the provider's books");
        let start = Timestamp::from_second(from).map_err(odd)?;
        let stop = start.checked_add(RANGE).unwrap_or(end).min(end);
        let after = match stop < end {
            true => Place::Settled { from: stop.as_second(), batch: None, page: 1 },
            false => Place::Unsettled { page: 1 },
        };
        let batches = self.batches(start, stop).await?;
        let numbers: Vec<u64> = batches.iter().filter_map(|it| it.id.parse().ok()).collect();
        let at = match batch {
            Some(batch) => numbers.iter().position(|&it| it == batch),
            None => Some(0),
        };
        let Some(&current) = at.and_then(|at| numbers.get(at)) else {
            return Ok((Vec::new(), Some(after)));
        };
        let (lines, is_more) = self.oldest_first(Some(&current.to_string()), page).await?;
        let next = at.and_then(|at| numbers.get(at + 1));
        let next = match (is_more, next) {
            (true, _) => Place::Settled { from, batch: Some(current), page: page + 1 },
            (false, Some(&next)) => Place::Settled { from, batch: Some(next), page: 1 },
            (false, None) => after,
        };
        Ok((lines, Some(next)))
    }

    /// What a line of the books moved.
    async fn moved(&self, line: Summary) -> Result<Vec<Movement>, GatewayError> {
        let of = match line.standing {
            Standing::Refunded | Standing::TakenBack | Standing::WonBack => {
                self.details(&line.id).await?.of
            }
            _ => None,
        };
        let charge = of.clone().unwrap_or_else(|| line.id.clone());
        let movement = |&kind: &MovementKind| Movement {
            kind,
            id: line.id.clone(),
            charge: (kind != MovementKind::Payment).then(|| charge.clone()),
            reference: line.reference.clone(),
            money: line.amount,
            fee: None,
            at: line.submitted,
        };
        Ok(kinds(line.standing, of.is_some()).iter().map(movement).collect())
    }
}

/// The movements that a transaction is. A dispute is one of its own, or a new word for the payment,
/// which was made all the same.
const fn kinds(standing: Standing, is_of_another: bool) -> &'static [MovementKind] {
    use MovementKind::{Dispute, DisputeWon, Payment, Refund};
    match (standing, is_of_another) {
        (Standing::Paid, _) => &[Payment],
        (Standing::Refunded, _) => &[Refund],
        (Standing::TakenBack, true) => &[Dispute],
        (Standing::TakenBack, false) => &[Payment, Dispute],
        (Standing::WonBack, true) => &[DisputeWon],
        (Standing::WonBack, false) => &[Payment, Dispute, DisputeWon],
        (Standing::Waiting | Standing::Failed | Standing::Voided, _) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back() {
        let places = [
            Place::Settled { from: 5, batch: None, page: 1 },
            Place::Settled { from: 5, batch: Some(77), page: 3 },
            Place::Unsettled { page: 2 },
        ];
        for place in places {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for odd in ["", "settled", "settled 1 x 1", "unsettled -1"] {
            assert!(odd.parse::<Place>().is_err(), "{odd}");
        }
    }

    #[test]
    fn a_payment_that_a_bank_took_back_was_a_payment() {
        assert_eq!(kinds(Standing::TakenBack, false).len(), 2);
        assert_eq!(kinds(Standing::TakenBack, true), [MovementKind::Dispute]);
        assert!(kinds(Standing::Voided, false).is_empty());
    }
}
