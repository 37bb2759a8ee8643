//! The time, as something that is given.

use std::sync::Mutex;

use jiff::Timestamp;

/// Where the time comes from. The binary has the only one that reads the machine's clock.
pub trait Clock: Send + Sync {
    /// The time now, without parts of a microsecond.
    fn now(&self) -> Timestamp;
}

/// A clock that stands still until it is moved: for tests and sample data.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Stands at `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves to `now`.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
