//! Attempts that people have to look at: what the provider says does not match what was asked for,
//! or it says nothing.

use jiff::{SignedDuration, Timestamp};

use crate::attempt::AttemptState;
use crate::gateway::DeclineReason;

/// How long an answer may be missing before somebody has to look why.
pub const MISSING_FOR: SignedDuration = SignedDuration::from_hours(1);
/// How long a provider's notice may wait before somebody has to look why.
pub const NOTICE_WAITS_FOR: SignedDuration = SignedDuration::from_mins(10);
/// For how long somebody is told of a notice that was given up.
pub const GIVEN_UP_TOLD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How an attempt stands, as far as it decides whether somebody has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: AttemptState,
    /// Why it failed, where it did.
    pub reason: Option<DeclineReason>,
    /// Whether what the provider says was not credited, because it is something else than was asked
    /// for.
    pub mismatches: bool,
    /// When it began.
    pub begun_at: Timestamp,
}

impl Standing {
    /// Whether people have closed it.
    #[must_use]
    pub const fn is_dismissed(&self) -> bool {
        matches!(self.reason, Some(DeclineReason::Dismissed))
    }

    /// Whether people may close it: the provider says that there was money, and that it is not what
    /// was asked for. Nothing else can be closed by hand: only the provider knows how it ends.
    #[must_use]
    pub const fn may_be_dismissed(&self) -> bool {
        let paid = matches!(self.state, AttemptState::Succeeded);
        self.mismatches && !paid && !self.is_dismissed()
    }

    /// Whether somebody has to look at it.
    #[must_use]
    pub fn needs_a_look(&self, now: Timestamp) -> bool {
        let is_missing = match self.state {
            AttemptState::Created | AttemptState::Sent | AttemptState::Unknown => true,
            // The customer's turn, or the provider's: that may take days.
            AttemptState::NeedsAction | AttemptState::Processing => false,
            AttemptState::Succeeded | AttemptState::Failed => false,
        };
        let for_long = now.duration_since(self.begun_at) > MISSING_FOR;
        self.may_be_dismissed() || is_missing && for_long
    }
}

#[cfg(test)]
mod tests {
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

    fn standing(state: AttemptState, mismatches: bool) -> Standing {
        Standing { state, reason: None, mismatches, begun_at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn whk_04_a_mismatch_is_seen_at_once_and_until_somebody_closes_it() {
        for state in STATES {
            let it = standing(state, true);
            let open = state != AttemptState::Succeeded;
            assert_eq!(it.needs_a_look(it.begun_at), open, "{state:?}");
            assert_eq!(it.may_be_dismissed(), open, "{state:?}");
            let closed = Standing { reason: Some(DeclineReason::Dismissed), ..it };
            assert!(closed.is_dismissed() && !closed.may_be_dismissed(), "{state:?}");
        }
        let closed = Standing {
            reason: Some(DeclineReason::Dismissed),
            ..standing(AttemptState::Failed, true)
        };
        assert!(!closed.needs_a_look(closed.begun_at + MISSING_FOR * 100));
    }

    #[test]
    fn pay_05_what_is_unknown_is_seen_after_an_hour_and_cannot_be_closed_by_hand() {
        use AttemptState::{Created, Sent, Unknown};
        for state in STATES {
            let it = standing(state, false);
            let late = it.begun_at + MISSING_FOR + SignedDuration::from_secs(1);
            assert!(!it.needs_a_look(it.begun_at + MISSING_FOR), "{state:?}");
            let missing = matches!(state, Created | Sent | Unknown);
            assert_eq!(it.needs_a_look(late), missing, "{state:?}");
            assert!(!it.may_be_dismissed(), "{state:?}: only the provider ends it");
        }
    }
}
