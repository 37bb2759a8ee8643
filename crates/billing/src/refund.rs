//! Giving a payment back through its gateway: the states of an order to do so, and what of the
//! payment it takes.
//!
//! An order is stored before the gateway hears of it, and stays until the gateway has told how it
//! ended. Until then what it asks for counts as given back already (PAY-06).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::InvoiceId;

/// How an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Stored; the gateway is being asked, or was when the program stopped.
    Sent,
    /// The gateway works on it.
    Processing,
    /// The gateway was asked, and its answer is missing.
    Unknown,
    /// Given back.
    Succeeded,
    /// Not given back, as the gateway says.
    Failed,
}

/// What is learned of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundEvent {
    /// The gateway works on it.
    Pending,
    /// The answer is missing.
    NoAnswer,
    /// The money was given back: all figures were compared.
    Done,
    /// The gateway says that it was not given back, or knows nothing of it.
    Refused,
}

impl RefundState {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Processing => "processing",
            Self::Unknown => "unknown",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more is expected.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// The state after `event`; nothing where it changes none. Money that left counts however late
    /// that is learned. What comes back later is a movement of its own.
    #[must_use]
    pub const fn after(self, event: RefundEvent) -> Option<Self> {
        use RefundEvent::{Done, NoAnswer, Pending, Refused};
        match (self, event) {
            (Self::Succeeded, _) => None,
            (_, Done) => Some(Self::Succeeded),
            (Self::Failed, _) => None,
            (_, Refused) => Some(Self::Failed),
            (Self::Processing, Pending) => None,
            (_, Pending) => Some(Self::Processing),
            // That the gateway works on it is known already.
            (Self::Processing | Self::Unknown, NoAnswer) => None,
            (Self::Sent, NoAnswer) => Some(Self::Unknown),
        }
    }
}

/// For how long a gateway that knows nothing of an order may still come to know it: a request can
/// be on its way.
pub const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(5);

/// When an order is looked up again that was made at `asked` and stands so at `now`: soon at first,
/// later every ten minutes; once a bank has been working on it for a day, every hour. Nothing where
/// it is over.
#[must_use]
pub fn next_look(state: RefundState, asked: Timestamp, now: Timestamp) -> Option<Timestamp> {
    if state.is_over() {
        return None;
    }
    let age = now.duration_since(asked).max(SignedDuration::ZERO);
    let least = match state {
        // The answer may be on its way.
        RefundState::Sent => SignedDuration::from_secs(45),
        _ => SignedDuration::from_secs(5),
    };
    let most = match state {
        RefundState::Processing if age > SignedDuration::from_hours(24) => {
            SignedDuration::from_hours(1)
        }
        _ => SignedDuration::from_mins(10),
    };
    Some(now + (age / 2).clamp(least, most))
}

/// What is left of a payment that can be given back, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Of what was credited to the customer.
    pub credited_minor: i64,
    /// Of what was paid on top of that.
    pub on_top_minor: i64,
}

impl Left {
    /// All of it.
    #[must_use]
    pub const fn all_minor(self) -> i64 {
        self.credited_minor.saturating_add(self.on_top_minor)
    }

    /// What `minor` that go back take of what was credited: that goes first, and what was paid on
    /// top follows. More than is left is the customer's debt. Nothing where it would take nothing
    /// of what was credited: such a refund cannot be booked.
    #[must_use]
    pub fn credited_of(self, minor: i64) -> Option<i64> {
        let beyond = minor.saturating_sub(self.credited_minor.max(0)).max(0);
        let credited = minor.saturating_sub(beyond.min(self.on_top_minor.max(0)));
        (credited > 0).then_some(credited)
    }
}

/// Which invoices are due again, and by how much, where `minor` of a payment go away of which
/// `free_minor` settle none of them: the last of `settled` first.
#[must_use]
pub fn reopened(
    settled: &[(InvoiceId, i64)],
    free_minor: i64,
    minor: i64,
) -> Vec<(InvoiceId, i64)> {
    let mut needed = minor.saturating_sub(free_minor.max(0)).max(0);
    let mut parts = Vec::new();
    for (invoice, part) in settled.iter().rev() {
        let taken = needed.min(*part);
        if taken > 0 {
            needed -= taken;
            parts.push((*invoice, taken));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STATES: [RefundState; 5] = [
        RefundState::Sent,
        RefundState::Processing,
        RefundState::Unknown,
        RefundState::Succeeded,
        RefundState::Failed,
    ];
    const EVENTS: [RefundEvent; 4] =
        [RefundEvent::Pending, RefundEvent::NoAnswer, RefundEvent::Done, RefundEvent::Refused];

    #[test]
    fn pay_05_only_the_gateways_word_ends_an_order() {
        for state in STATES {
            for event in EVENTS {
                let ends = state.after(event).is_some_and(RefundState::is_over);
                let word = matches!(event, RefundEvent::Done | RefundEvent::Refused);
                assert!(!ends || word, "{state:?} {event:?}");
            }
            assert_ne!(state.after(RefundEvent::NoAnswer), Some(RefundState::Failed));
        }
        let failed = RefundState::Failed;
        assert_eq!(failed.after(RefundEvent::Done), Some(RefundState::Succeeded), "late money");
        assert_eq!(RefundState::Succeeded.after(RefundEvent::Refused), None);
    }

    proptest! {
        /// I12: whatever is learned, in whatever order, however often: given back is the end.
        #[test]
        fn i12_the_end_does_not_depend_on_the_order(
            events in prop::collection::vec(0_usize..4, 1..30),
        ) {
            let end = |events: &[usize]| {
                let step = |state: RefundState, event: &usize| {
                    state.after(EVENTS[*event]).unwrap_or(state)
                };
                events.iter().fold(RefundState::Sent, step)
            };
            let mut turned = events.clone();
            turned.reverse();
            let done = events.contains(&2);
            let refused = events.contains(&3);
            for end in [end(&events), end(&turned)] {
                prop_assert_eq!(end == RefundState::Succeeded, done);
                prop_assert_eq!(end == RefundState::Failed, refused && !done);
            }
        }

        #[test]
        fn pay_05_what_is_not_known_is_looked_up_within_ten_minutes(
            state in 0_usize..5, age in 0_i64..10_000_000,
        ) {
            let asked = Timestamp::UNIX_EPOCH;
            let now = asked + SignedDuration::from_secs(age);
            let most = match STATES[state] {
                RefundState::Processing => SignedDuration::from_hours(1),
                _ => SignedDuration::from_mins(10),
            };
            match next_look(STATES[state], asked, now) {
                None => prop_assert!(STATES[state].is_over()),
                Some(next) => prop_assert!(next > now && next.duration_since(now) <= most),
            }
        }

        /// PAY-08: whatever is given back in whatever parts, each unit is taken once, and nothing
        /// but what was there.
        #[test]
        fn pay_08_parts_conserve_every_unit(
            amount in 1_i64..10_000, on_top in 0_i64..500,
            parts in prop::collection::vec(1_i64..4_000, 1..12),
        ) {
            let mut left = Left { credited_minor: amount, on_top_minor: on_top };
            let (mut credited, mut given) = (0, 0);
            for part in parts {
                let part = part.min(left.all_minor());
                let Some(taken) = left.credited_of(part) else { continue };
                prop_assert!(taken <= left.credited_minor && part - taken <= left.on_top_minor);
                left.credited_minor -= taken;
                left.on_top_minor -= part - taken;
                (credited, given) = (credited + taken, given + part);
            }
            prop_assert_eq!(credited, amount - left.credited_minor);
            prop_assert_eq!(given, amount + on_top - left.all_minor());
        }

        #[test]
        fn no_more_is_reopened_than_was_settled_and_no_less_than_is_needed(
            parts in prop::collection::vec(1_i64..1_000, 0..6),
            free in 0_i64..1_000, minor in 1_i64..5_000,
        ) {
            let invoice = |place: usize| InvoiceId::from(uuid::Uuid::from_u128(place as u128));
            let settled: Vec<(InvoiceId, i64)> =
                parts.iter().enumerate().map(|(place, part)| (invoice(place), *part)).collect();
            let sum: i64 = parts.iter().sum();
            let reopened = reopened(&settled, free, minor);
            let taken: i64 = reopened.iter().map(|(_, part)| part).sum();
            prop_assert_eq!(taken, (minor - free).clamp(0, sum));
            for (id, part) in reopened {
                let of = settled.iter().find(|(settled, _)| *settled == id).expect("settled");
                prop_assert!(part > 0 && part <= of.1);
            }
        }
    }

    #[test]
    fn what_was_credited_goes_back_before_what_was_paid_on_top() {
        let left = |credited_minor, on_top_minor| Left { credited_minor, on_top_minor };
        for (left, minor, credited) in [
            (left(1_000, 35), 1_000, Some(1_000)),
            (left(1_000, 35), 1_035, Some(1_000)),
            (left(1_000, 35), 1_001, Some(1_000)),
            (left(1_000, 35), 1, Some(1)),
            // A bank takes back more than is left: the rest is owed.
            (left(0, 0), 500, Some(500)),
            (left(200, 35), 1_000, Some(965)),
            (left(0, 35), 35, None),
            (left(0, 35), 0, None),
            (left(1_000, 0), -5, None),
        ] {
            assert_eq!(left.credited_of(minor), credited, "{left:?} {minor}");
        }
    }
}
