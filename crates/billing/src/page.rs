//! Pages of lists: how many rows, and where the last page ended.

use serde::{Deserialize, Serialize};

/// Rows of one page, 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct PageSize(u16);

/// A page size outside 1 to 200.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be between 1 and 200")]
pub struct BadPageSize;

impl PageSize {
    /// What lists show where nothing is said.
    pub const DEFAULT: Self = Self(50);

    /// The number of rows.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<u16> for PageSize {
    type Error = BadPageSize;

    fn try_from(rows: u16) -> Result<Self, BadPageSize> {
        if (1..=200).contains(&rows) { Ok(Self(rows)) } else { Err(BadPageSize) }
    }
}

impl From<PageSize> for u16 {
    fn from(size: PageSize) -> Self {
        size.0
    }
}

/// One page of a list. Cursors are opaque texts; both are absent where there is nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub rows: Vec<T>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before this one is found.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// The same page with each row turned into something else.
    #[must_use]
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(turn).collect(),
            next: self.next,
            previous: self.previous,
        }
    }
}

/// Which way a column is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest, oldest, first of the alphabet first.
    Asc,
    /// Largest, newest first.
    #[default]
    Desc,
}
