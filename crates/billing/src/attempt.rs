//! An attempt to get a payment through a gateway: its states, and what moves it from one to the
//! next.
//!
//! It is stored before the gateway hears of it, and stays until the gateway has told how it ended:
//! what is not known is looked up, never sent blindly again (PAY-05).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::gateway::DeclineReason;

/// What an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptPurpose {
    /// The customer settles invoices.
    Pay,
    /// The customer pays in beforehand.
    Refill,
}

impl AttemptPurpose {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Refill => "refill",
        }
    }
}

/// How an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Stored; the gateway has not been asked.
    Created,
    /// The gateway is being asked, or was when the program stopped.
    Sent,
    /// The customer has to do something on the gateway's pages.
    NeedsAction,
    /// The gateway works on it.
    Processing,
    /// The gateway was asked, and its answer is missing.
    Unknown,
    /// Paid.
    Succeeded,
    /// Not paid, as the gateway says.
    Failed,
}

/// What is learned of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptEvent {
    /// The gateway is about to be asked.
    Sending,
    /// The customer has to go to the gateway.
    Away,
    /// The gateway works on it.
    Pending,
    /// The answer is missing.
    NoAnswer,
    /// The money was paid: all figures were compared.
    Paid,
    /// The gateway says that it was not paid, or knows nothing of it.
    Declined(DeclineReason),
}

impl AttemptState {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sent => "sent",
            Self::NeedsAction => "needs_action",
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

    /// The state after `event`; nothing where it changes none. Money that arrives late counts
    /// however the attempt stood; nothing turns one that succeeded back.
    #[must_use]
    pub const fn after(self, event: AttemptEvent) -> Option<Self> {
        use AttemptEvent::{Away, Declined, NoAnswer, Paid, Pending, Sending};
        match (self, event) {
            (Self::Succeeded, _) => None,
            (_, Paid) => Some(Self::Succeeded),
            (Self::Failed, _) => None,
            (_, Declined(_)) => Some(Self::Failed),
            (Self::Created, Sending) => Some(Self::Sent),
            (_, Sending) => None,
            (Self::NeedsAction, Away) | (Self::Processing, Pending) => None,
            (_, Away) => Some(Self::NeedsAction),
            (_, Pending) => Some(Self::Processing),
            // The customer is there already, or the gateway works on it already: that is known.
            (Self::NeedsAction | Self::Processing | Self::Unknown, NoAnswer) => None,
            (_, NoAnswer) => Some(Self::Unknown),
        }
    }
}

/// Until when customers may finish what they began.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// When an attempt is looked up again that began at `began` and stands so at `now`: soon at first,
/// later every ten minutes, which is how long anybody waits at most after a gateway came back.
/// Nothing where it is over.
#[must_use]
pub fn next_look(state: AttemptState, began: Timestamp, now: Timestamp) -> Option<Timestamp> {
    if state.is_over() {
        return None;
    }
    let age = now.duration_since(began).max(SignedDuration::ZERO);
    let least = match state {
        // The answer may be on its way.
        AttemptState::Created | AttemptState::Sent => SignedDuration::from_secs(45),
        _ => SignedDuration::from_secs(5),
    };
    let most = SignedDuration::from_mins(10);
    Some(now + (age / 2).clamp(least, most))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STATES: [AttemptState; 7] = [
        AttemptState::Created,
        AttemptState::Sent,
        AttemptState::NeedsAction,
        AttemptState::Processing,
        AttemptState::Unknown,
        AttemptState::Succeeded,
        AttemptState::Failed,
    ];
    const EVENTS: [AttemptEvent; 6] = [
        AttemptEvent::Sending,
        AttemptEvent::Away,
        AttemptEvent::Pending,
        AttemptEvent::NoAnswer,
        AttemptEvent::Paid,
        AttemptEvent::Declined(DeclineReason::Declined),
    ];

    #[test]
    fn pay_05_only_the_gateways_word_ends_an_attempt() {
        use AttemptState::{Failed, Succeeded};
        for state in STATES {
            for event in EVENTS {
                let ends = state.after(event).is_some_and(AttemptState::is_over);
                let word = matches!(event, AttemptEvent::Paid | AttemptEvent::Declined(_));
                assert!(!ends || word, "{state:?} {event:?}");
            }
            assert_eq!(Succeeded.after(AttemptEvent::Paid), None);
            assert_ne!(state.after(AttemptEvent::Sending), Some(Succeeded));
        }
        assert_eq!(Failed.after(AttemptEvent::Paid), Some(Succeeded), "late money counts");
        assert_eq!(AttemptState::Sent.after(AttemptEvent::Sending), None, "sent once");
    }

    proptest! {
        /// WHK-03: whatever comes, in whatever order, however often: paid is the end.
        #[test]
        fn whk_03_the_end_does_not_depend_on_the_order(
            events in prop::collection::vec(0_usize..6, 1..30),
        ) {
            let end = |events: &[usize]| {
                let step = |state: AttemptState, event: &usize| {
                    state.after(EVENTS[*event]).unwrap_or(state)
                };
                events.iter().fold(AttemptState::Sent, step)
            };
            let mut turned = events.clone();
            turned.reverse();
            let paid = events.contains(&4);
            let declined = events.contains(&5);
            for end in [end(&events), end(&turned)] {
                prop_assert_eq!(end == AttemptState::Succeeded, paid);
                prop_assert_eq!(end == AttemptState::Failed, declined && !paid);
            }
        }

        #[test]
        fn pay_05_nobody_waits_longer_than_ten_minutes_for_the_next_look(
            state in 0_usize..7, age in 0_i64..10_000_000,
        ) {
            let began = Timestamp::UNIX_EPOCH;
            let now = began + SignedDuration::from_secs(age);
            match next_look(STATES[state], began, now) {
                None => prop_assert!(STATES[state].is_over()),
                Some(next) => prop_assert!(
                    next > now && next.duration_since(now) <= SignedDuration::from_mins(10)
                ),
            }
        }
    }
}
