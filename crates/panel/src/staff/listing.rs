//! What the lists of the control panel share: the filters as typed, and pages.

use jiff::civil::Date;
use portico_billing::page::{Direction, Page, PageSize};
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::params::Params;

/// Longest text to search for.
const SEARCH_CHARS_MAX: usize = 200;

/// The filters of a list as they stand in its address. A list that has no such filter leaves it
/// empty.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filters {
    /// Words.
    pub q: String,
    /// State.
    pub status: String,
    /// Kind.
    pub kind: String,
    /// Brand.
    pub brand: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Column.
    pub sort: String,
    /// `asc` or `desc`.
    pub direction: String,
}

/// A list as templates see it.
#[derive(Debug, Clone, Serialize)]
pub struct Listing<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Cursor of the page behind this one.
    pub next: Option<String>,
    /// Cursor of the page before this one.
    pub previous: Option<String>,
    /// Rows of a page.
    pub size: u16,
    /// What it was narrowed by.
    pub filters: Filters,
    /// Whether it was: then an empty list says that nothing was found.
    pub filtered: bool,
    /// Keys of what is wrong with the filters.
    pub faults: Vec<&'static str>,
}

impl<R> Listing<R> {
    /// The page as templates see it.
    pub fn new<T>(
        params: &Params,
        filters: Filters,
        page: Page<T>,
        row: impl FnMut(T) -> R,
    ) -> Self {
        let page = page.map(row);
        let Filters { q, status, kind, brand, from, until, .. } = &filters;
        let narrow = [q, status, kind, brand, from, until];
        Self {
            rows: page.rows,
            next: page.next,
            previous: page.previous,
            size: size(params).get(),
            filtered: narrow.iter().any(|value| !value.is_empty()),
            filters,
            faults: Vec::new(),
        }
    }
}

/// The words to search for.
pub fn words(params: &Params) -> String {
    params.get("q").chars().filter(|c| !c.is_control()).take(SEARCH_CHARS_MAX).collect()
}

/// One of the words of `T`, with its text; another word is left out.
pub fn word<T: DeserializeOwned>(params: &Params, name: &str) -> Option<(String, T)> {
    let text = params.get(name);
    let words: StrDeserializer<'_, ValueError> = text.into_deserializer();
    T::deserialize(words).ok().map(|value| (text.to_owned(), value))
}

/// The day of a field, which may be empty; nothing where it is none.
pub fn day(params: &Params, name: &str) -> Option<Option<Date>> {
    match params.get(name) {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    }
}

/// The direction; `first` where none is named.
pub fn direction(params: &Params, first: Direction) -> Direction {
    word(params, "direction").map_or(first, |(_, direction)| direction)
}

/// Where the page begins.
pub fn cursor(params: &Params) -> Option<String> {
    Some(params.get("cursor")).filter(|cursor| !cursor.is_empty()).map(str::to_owned)
}

/// Rows of a page.
pub fn size(params: &Params) -> PageSize {
    let rows: Option<u16> = params.get("size").parse().ok();
    rows.and_then(|rows| rows.try_into().ok()).unwrap_or_default()
}
