//! The work on payments that nobody waits for, begun bit by bit: whoever calls decides how much of
//! it goes on at once, and how long it is waited for at the end.

use jiff::Timestamp;
use portico_billing::OrganisationId;
use tokio::task::JoinSet;

use super::{notices, watch};
use crate::{Core, Failure, gateways, refunds};

impl Core {
    /// Takes up notices, attempts and orders to give back whose time has come, about `most` of
    /// them, and begins to work on each in `work`; so with providers that did not answer, which are
    /// probed. To be called every second or so, and at once where it took something up: the answer
    /// is how much that was. What is cut off is taken up again by whoever is there then.
    pub async fn begin_work_on_payments(&self, work: &mut JoinSet<()>, most: usize) -> usize {
        // A flood of one kind keeps no other waiting.
        let share = most.div_ceil(3);
        let begun = [
            notices::begin(self, work, share).await,
            watch::begin(self, work, share).await,
            refunds::begin_looks(self, work, share).await,
        ];
        gateways::begin_probes(self, work);
        begun.into_iter().map(count).sum()
    }
}

/// Where nothing could be taken up, that is logged, and the next call tries again.
fn count(begun: Result<usize, Failure>) -> usize {
    begun.unwrap_or_else(|failure| {
        let _reference = failure.report();
        0
    })
}

/// Another one first each time: no organisation keeps others waiting for good.
pub(crate) fn in_turn(mut tenants: Vec<OrganisationId>, now: Timestamp) -> Vec<OrganisationId> {
    let place = usize::try_from(now.as_microsecond()).unwrap_or_default();
    let first = place.checked_rem(tenants.len()).unwrap_or_default();
    tenants.rotate_left(first);
    tenants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_is_the_first_one_at_times() {
        let id = |number: u8| OrganisationId::new(Timestamp::UNIX_EPOCH, [number; 10]);
        let tenants = vec![id(1), id(2), id(3)];
        let first = |micros: i64| {
            let now = Timestamp::from_microsecond(micros).expect("a time");
            let turned = in_turn(tenants.clone(), now);
            assert_eq!(turned.len(), tenants.len());
            turned[0]
        };
        assert_eq!([first(0), first(1), first(2), first(3)], [id(1), id(2), id(3), id(1)]);
        assert_eq!(in_turn(Vec::new(), Timestamp::UNIX_EPOCH), []);
    }
}
