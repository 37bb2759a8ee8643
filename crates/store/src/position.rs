//! Where lists of the management side go on.

use jiff::Timestamp;
use uuid::Uuid;

/// A place in a list that shows the newest first: what comes after it was made before, or at the
/// same time with a smaller identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    created_at: Timestamp,
    id: Uuid,
}

impl Position {
    /// Before everything.
    pub const START: Self = Self { created_at: Timestamp::MAX, id: Uuid::max() };

    /// Behind the record that was made then and has this identifier.
    #[must_use]
    pub const fn behind(created_at: Timestamp, id: Uuid) -> Self {
        Self { created_at, id }
    }

    /// The time as stored.
    pub(crate) fn micros(self) -> i64 {
        self.created_at.as_microsecond()
    }

    /// The identifier.
    pub(crate) const fn id(self) -> Uuid {
        self.id
    }
}
