//! Finding transactions by Portico's reference. The provider cannot be asked for an invoice number:
//! its lists are read, newest first.
//!
//! **When something is absent.** An order is absent when every list that could have it was read to
//! the end, and so much time has passed that no request for it can be on its way any more:
//! [`REQUEST_LIFE`] for one that Portico sent, [`PAGE_LIFE`] for a page that a customer has open.
//! The lists are that of what is not settled, then those of the batches that were settled since:
//! what is settled while they are read goes from the first to the second, never back. Batches are
//! asked for beyond the present moment, or what was settled in this second would be in neither.
//! Where the lists are longer than [`MOST_REQUESTS`] pages, nothing is called absent. A customer
//! who pays by a page that was open for longer is told of by a notice, and stands in the books.

use jiff::{SignedDuration, Timestamp};
use portico_billing::gateway::Reference;

use super::AuthorizeNet;
use super::transaction::{Standing, Summary, moment};
use super::xml::{children, find, parent, required, text, value};
use crate::{GatewayError, Progress, Sight, Sought};

/// How long a request can be on its way: our own patience, the provider's two minutes for doubles,
/// and as much again.
pub(super) const REQUEST_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// How long a customer can pay by a hosted page: 15 minutes until it is opened, and the time to
/// fill it in.
pub(super) const PAGE_LIFE: SignedDuration = SignedDuration::from_mins(60);

/// By how much the provider's clock may be behind ours, or before it.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The longest time that batches can be asked for at once is 31 days.
pub(super) const RANGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Transactions on a page. The provider gives up to 1000, which may be more than an answer may
/// have.
const PAGE: usize = 500;

/// How many lists and pages are read for one order, at most.
const MOST_REQUESTS: usize = 40;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// Transactions with the reference.
    pub(super) seen: Vec<Summary>,
    /// Whether the lists were read to their ends.
    pub(super) complete: bool,
}

impl Found {
    /// The transaction that says how the payment stands.
    pub(super) fn payment(&self) -> Option<&Summary> {
        most_telling(self.seen.iter())
    }
}

/// The transaction of a list that says how the payment with this reference stands.
pub(super) fn best<'a>(list: &'a [Summary], reference: &Reference) -> Option<&'a Summary> {
    most_telling(list.iter().filter(|it| it.is_of(reference)))
}

fn most_telling<'a>(list: impl Iterator<Item = &'a Summary>) -> Option<&'a Summary> {
    let payments = list.filter(|it| it.standing != Standing::Refunded);
    payments.max_by_key(|it| (it.standing.weight(), it.submitted))
}

impl Summary {
    fn is_of(&self, reference: &Reference) -> bool {
        self.reference.as_deref() == Some(reference.as_str())
    }

    /// Whether money moves by it, or may.
    pub(super) const fn is_open(&self) -> bool {
        self.standing.weight() >= 2
    }
}

/// What it means that an order is in no list.
pub(super) fn nothing(sought: &Sought<'_>) -> Sight {
    if is_over(sought, REQUEST_LIFE) {
        return Sight::Absent;
    }
    Sight::There(Progress::Pending { handle: sought.handle.map(ToOwned::to_owned) })
}

/// Whether so much time has passed since the order began.
pub(super) fn is_over(sought: &Sought<'_>, life: SignedDuration) -> bool {
    sought.now.duration_since(sought.since) >= life
}

/// A batch of settled transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) id: String,
    /// When it was settled; nothing while it is being settled.
    pub(super) settled: Option<Timestamp>,
}

/// A list of transactions.
#[derive(Debug, Clone, Copy)]
enum List<'a> {
    Unsettled,
    Batch(&'a str),
}

impl AuthorizeNet {
    /// The transactions with a reference, none of which is older than `since`.
    pub(super) async fn find(
        &self,
        reference: &Reference,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Found, GatewayError> {
        let since = since.checked_sub(SKEW).unwrap_or(since);
        let mut found = Found { complete: true, ..Found::default() };
        let mut left = MOST_REQUESTS;
        self.scan(List::Unsettled, (reference, since), &mut left, &mut found).await?;
        let (mut from, end) = (since, now.checked_add(SKEW).unwrap_or(now));
        while from < end && !found.is_settled() {
            if left == 0 {
                found.complete = false;
                break;
            }
            left -= 1;
            let until = from.checked_add(RANGE).unwrap_or(end).min(end);
            for batch in self.batches(from, until).await? {
                self.scan(List::Batch(&batch.id), (reference, since), &mut left, &mut found)
                    .await?;
            }
            from = until;
        }
        Ok(found)
    }

    /// Reads a list from its newest to `since`, while there are requests left.
    async fn scan(
        &self,
        list: List<'_>,
        (reference, since): (&Reference, Timestamp),
        left: &mut usize,
        found: &mut Found,
    ) -> Result<(), GatewayError> {
        for page in 1.. {
            if *left == 0 {
                found.complete = false;
                break;
            }
            *left -= 1;
            let lines = self.list(list, page, true).await?;
            let is_last = lines.len() < PAGE || lines.iter().any(|line| line.submitted < since);
            found.seen.extend(lines.into_iter().filter(|line| line.is_of(reference)));
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// A page of what is not settled, newest first.
    pub(super) async fn unsettled(&self, page: u32) -> Result<Vec<Summary>, GatewayError> {
        self.list(List::Unsettled, page, true).await
    }

    /// A page of a list, oldest first, and whether there may be more: of a batch, or of what is not
    /// settled.
    pub(super) async fn oldest_first(
        &self,
        batch: Option<&str>,
        page: u32,
    ) -> Result<(Vec<Summary>, bool), GatewayError> {
        let list = batch.map_or(List::Unsettled, List::Batch);
        let lines = self.list(list, page, false).await?;
        let is_full = lines.len() >= PAGE;
        Ok((lines, is_full))
    }

    async fn list(
        &self,
        list: List<'_>,
        page: u32,
        newest_first: bool,
    ) -> Result<Vec<Summary>, GatewayError> {
        let order = [
            text("orderBy", "submitTimeUTC"),
            text("orderDescending", if newest_first { "true" } else { "false" }),
        ];
        // What the provider calls an offset is the number of the page, from 1.
        let paging = [text("limit", PAGE.to_string()), text("offset", page.to_string())];
        let (request, batch) = match list {
            List::Unsettled => ("getUnsettledTransactionListRequest", None),
            List::Batch(id) => ("getTransactionListRequest", Some(text("batchId", id))),
        };
        let mut content: Vec<_> = batch.into_iter().collect();
        content.extend([parent("sorting", order), parent("paging", paging)]);
        let currency = self.currency;
        self.api
            .ask(request, content, |root| {
                let lines = find(root, &["transactions"]);
                let lines = lines.into_iter().flat_map(|list| children(list, "transaction"));
                lines.map(|line| Summary::read(line, currency)).collect()
            })
            .await
    }

    /// The batches that were settled in a time of at most [`RANGE`], oldest first.
    pub(super) async fn batches(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Batch>, GatewayError> {
        let day = |moment: Timestamp| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let content =
            vec![text("firstSettlementDate", day(from)), text("lastSettlementDate", day(until))];
        let mut batches: Vec<Batch> = self
            .api
            .ask("getSettledBatchListRequest", content, |root| {
                let list = find(root, &["batchList"]);
                list.into_iter().flat_map(|list| children(list, "batch")).map(batch).collect()
            })
            .await?;
        batches.sort_by_key(|batch| (batch.settled.is_none(), batch.settled));
        Ok(batches)
    }
}

impl Found {
    /// Whether nothing that is still to be read could say more.
    fn is_settled(&self) -> bool {
        self.payment().is_some_and(|it| it.standing == Standing::Paid)
    }
}

fn batch(node: roxmltree::Node<'_, '_>) -> Result<Batch, GatewayError> {
    let settled = value(node, &["settlementTimeUTC"]).map(moment).transpose()?;
    Ok(Batch { id: required(node, &["batchId"])?.to_owned(), settled })
}

#[cfg(test)]
mod tests {
    use portico_billing::{Currency, Money};

    use super::*;

    fn line(id: &str, standing: Standing, second: i64) -> Summary {
        Summary {
            id: id.to_owned(),
            submitted: Timestamp::from_second(second).expect("a time"),
            standing,
            reference: Some("0123456789ABCDEFGHJK".to_owned()),
            amount: Money::new(100, Currency::USD),
        }
    }

    #[test]
    fn of_several_transactions_the_paid_one_counts() {
        let seen = vec![
            line("1", Standing::Failed, 1),
            line("2", Standing::Paid, 2),
            line("3", Standing::Failed, 3),
            line("4", Standing::Refunded, 4),
        ];
        let found = Found { seen, complete: true };
        assert_eq!(found.payment().map(|it| it.id.as_str()), Some("2"));
        let declined = Found { seen: vec![line("4", Standing::Refunded, 4)], complete: true };
        assert_eq!(declined.payment(), None);
    }

    #[test]
    fn pay_05_nothing_is_absent_before_its_request_is_over() {
        let reference: Reference = "0123456789ABCDEFGHJK".parse().expect("a reference");
        let at = |second| Timestamp::from_second(second).expect("a time");
        let sought = |now| Sought {
            reference: &reference,
            handle: Some("12"),
            money: None,
            since: at(0),
            now: at(now),
        };
        for now in [-10, 0, 299] {
            let pending = Progress::Pending { handle: Some("12".to_owned()) };
            assert_eq!(nothing(&sought(now)), Sight::There(pending), "{now}");
        }
        assert_eq!(nothing(&sought(300)), Sight::Absent);
    }
}
