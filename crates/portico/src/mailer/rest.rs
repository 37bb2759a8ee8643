//! The rest that a server out of reach is given: mails that come meanwhile do not wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

/// How long at first, and at most.
const FIRST: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(300);

/// Whether a server is left alone.
#[derive(Debug, Default)]
pub struct Rest(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    until: Option<Instant>,
    failures: u32,
}

impl Rest {
    /// How long it still is left alone.
    pub fn left(&self) -> Option<SignedDuration> {
        let until = self.lock().until?;
        SignedDuration::try_from(until.checked_duration_since(Instant::now())?).ok()
    }

    /// Begins, for twice as long as the last time. Mails that fail together count once.
    pub fn begin(&self) {
        let (mut state, now) = (self.lock(), Instant::now());
        if state.until.is_none_or(|until| until <= now) {
            state.until = Some(now + length(state.failures));
            state.failures = state.failures.saturating_add(1);
        }
    }

    /// It works again, or it is another server.
    pub fn end(&self) {
        *self.lock() = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn length(failures: u32) -> Duration {
    (FIRST * (1 << failures.min(5))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_out_of_reach_is_left_alone_for_longer_and_longer() {
        let seconds: Vec<u64> = (0..7).map(|failures| length(failures).as_secs()).collect();
        assert_eq!(seconds, [15, 30, 60, 120, 240, 300, 300]);
    }

    #[test]
    fn mails_that_fail_together_count_once() {
        let rest = Rest::default();
        assert_eq!(rest.left(), None);
        rest.begin();
        rest.begin();
        assert!(rest.left().is_some_and(|left| left <= SignedDuration::from_secs(15)));
        rest.end();
        assert_eq!(rest.left(), None);
    }
}
