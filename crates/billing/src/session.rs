//! The life of a portal session: link, visit, end. Pure rules of time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest life of a session, however busy it is.
pub const ABSOLUTE_LIMIT: Duration = Duration::from_secs(12 * 60 * 60);
/// Inactivity after which a session ends where nothing else was asked for.
pub const DEFAULT_IDLE: Duration = Duration::from_secs(30 * 60);
/// Longest inactivity that may be asked for; the absolute limit ends the session before.
pub const MAX_IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// Shortest inactivity that may be asked for.
pub const MIN_IDLE: Duration = Duration::from_secs(60);
/// Life of an unused session link where the dialect says nothing else.
pub const LINK_LIFE: Duration = Duration::from_secs(5 * 60);
/// Life of an unused link in Treli's dialect, and the longest of all.
pub const LONGEST_LINK_LIFE: Duration = Duration::from_secs(30 * 60);
/// Longest life of a visit that one of the organisation's people opened.
pub const OPERATOR_LIMIT: Duration = Duration::from_secs(30 * 60);
/// Life of the unused link of such a visit: it is followed at once.
pub const OPERATOR_LINK_LIFE: Duration = Duration::from_secs(60);
/// A visit is written down at most this often, so that reading stays cheap.
pub const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// How a session came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionOrigin {
    /// The organisation's software asked for a link.
    Link,
    /// E-mail and password.
    Password,
    /// A link that was mailed to the contact.
    MailedLink,
    /// One of the organisation's people looks in.
    Operator,
}

/// Why a session or link cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionOver {
    /// Nobody was there for the idle time.
    #[error("the session was idle for too long")]
    Idle,
    /// The absolute limit has passed.
    #[error("the session reached its longest life")]
    Absolute,
    /// Signed out, or revoked.
    #[error("the session was ended")]
    Ended,
}

/// The times that decide whether a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// When it was entered.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Inactivity that ends it.
    pub idle: Duration,
}

impl SessionTimes {
    /// Whether the session may be used at `now`.
    ///
    /// # Errors
    /// The reason why not.
    pub fn check(&self, now: Timestamp) -> Result<(), SessionOver> {
        if self.ended_at.is_some() {
            return Err(SessionOver::Ended);
        }
        if now >= self.expires_at {
            return Err(SessionOver::Absolute);
        }
        if now.duration_since(self.last_seen_at) >= signed(self.idle) {
            return Err(SessionOver::Idle);
        }
        Ok(())
    }

    /// Whether the use at `now` should be written down.
    #[must_use]
    pub fn should_touch(&self, now: Timestamp) -> bool {
        let every = TOUCH_EVERY.min(self.idle / 4);
        now.duration_since(self.last_seen_at) >= signed(every)
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> SessionTimes {
        let start = Timestamp::from_second(1_000_000).expect("a time");
        SessionTimes {
            started_at: start,
            last_seen_at: start,
            expires_at: start + ABSOLUTE_LIMIT,
            ended_at: None,
            idle: Duration::from_secs(1_800),
        }
    }

    #[test]
    fn ses_08_idle_and_absolute_limits_are_exact() {
        let times = times();
        let after = |seconds: i64| times.started_at + SignedDuration::from_secs(seconds);
        assert_eq!(times.check(after(1_799)), Ok(()));
        assert_eq!(times.check(after(1_800)), Err(SessionOver::Idle));
        let busy = SessionTimes { last_seen_at: after(43_199), ..times };
        assert_eq!(busy.check(after(43_199)), Ok(()));
        assert_eq!(busy.check(after(43_200)), Err(SessionOver::Absolute));
        let ended = SessionTimes { ended_at: Some(after(1)), ..times };
        assert_eq!(ended.check(after(2)), Err(SessionOver::Ended));
    }
}
