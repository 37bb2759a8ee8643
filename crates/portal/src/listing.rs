//! What all lists share: the filters as typed, what is wrong with them, pages.

use jiff::civil::Date;
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::{Currency, Money};
use portico_core_api::ListQuery;
use portico_ui::formats::read_amount;
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::params::Params;

/// Longest text to search for.
const SEARCH_CHARS_MAX: usize = 200;

/// The filters of a list as they stand in its address. A list that has no such filter leaves it
/// empty.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filters {
    pub q: String,
    pub status: String,
    pub kind: String,
    pub currency: String,
    pub from: String,
    pub until: String,
    pub min: String,
    pub max: String,
    pub sort: String,
    pub direction: String,
}

impl Filters {
    /// Whether anything is left out by them.
    fn narrow(&self) -> bool {
        [&self.q, &self.status, &self.kind, &self.from, &self.until, &self.min, &self.max]
            .iter()
            .any(|value| !value.is_empty())
    }
}

/// A list as templates see it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listing<R> {
    pub rows: Vec<R>,
    /// Cursors of the pages beside this one.
    pub next: Option<String>,
    pub previous: Option<String>,
    pub size: u16,
    pub filters: Filters,
    /// Whether a filter is set: then an empty list says that nothing was found.
    pub filtered: bool,
    /// Keys of what is wrong with the filters.
    pub faults: Vec<&'static str>,
}

/// Reads the filters of a list; what cannot be understood is left out and said.
pub(crate) struct Asked<'a> {
    params: &'a Params,
    pub filters: Filters,
    faults: Vec<&'static str>,
}

impl<'a> Asked<'a> {
    pub fn new(params: &'a Params) -> Self {
        let q =
            params.get("q").chars().take(SEARCH_CHARS_MAX).filter(|c| !c.is_control()).collect();
        Self { params, filters: Filters { q, ..Filters::default() }, faults: Vec::new() }
    }

    /// One of the words of `T`; another word is left out.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Option<(String, T)> {
        let text = self.params.get(name);
        let words: StrDeserializer<'_, ValueError> = text.into_deserializer();
        T::deserialize(words).ok().map(|value| (text.to_owned(), value))
    }

    /// The filter `status`.
    pub fn status<T: DeserializeOwned>(&mut self) -> Option<T> {
        let (text, value) = self.word("status")?;
        self.filters.status = text;
        Some(value)
    }

    /// The filter `kind`.
    pub fn kind<T: DeserializeOwned>(&mut self) -> Option<T> {
        let (text, value) = self.word("kind")?;
        self.filters.kind = text;
        Some(value)
    }

    /// The filter `currency`. Which currency a list is of leaves nothing out.
    pub fn currency(&mut self) -> Option<Currency> {
        let (text, value) = self.word("currency")?;
        self.filters.currency = text;
        Some(value)
    }

    /// Column and direction; `first` is the word of the column that is meant where none is named.
    pub fn order<T: DeserializeOwned + Default>(&mut self, first: &str) -> (T, Direction) {
        let (sort, column) = self.word("sort").unwrap_or_else(|| (first.to_owned(), T::default()));
        let (direction, way) = self
            .word("direction")
            .or_else(|| self.word("dir"))
            .unwrap_or_else(|| ("desc".to_owned(), Direction::Desc));
        self.filters.sort = sort;
        self.filters.direction = direction;
        (column, way)
    }

    /// The filters `from` and `until`.
    pub fn days(&mut self) -> (Option<Date>, Option<Date>) {
        let from = self.day("from");
        let until = self.day("until");
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            self.fault("filter-fault-days-order");
        }
        self.filters.from = from.map(|day| day.to_string()).unwrap_or_default();
        self.filters.until = until.map(|day| day.to_string()).unwrap_or_default();
        (from, until)
    }

    fn day(&mut self, name: &str) -> Option<Date> {
        let text = self.params.get(name);
        let day = text.parse().ok();
        if day.is_none() && !text.is_empty() {
            self.fault("filter-fault-day");
        }
        day
    }

    /// The filters `min` and `max`, typed in major units, as minor units.
    pub fn amounts(&mut self, currency: Currency) -> (Option<i64>, Option<i64>) {
        let min = self.amount("min", currency);
        let max = self.amount("max", currency);
        self.filters.min = self.kept("min");
        self.filters.max = self.kept("max");
        (min, max)
    }

    fn amount(&mut self, name: &str, currency: Currency) -> Option<i64> {
        let text = self.params.get(name);
        let amount = read_amount(text, currency).ok();
        if amount.is_none() && !text.is_empty() {
            self.fault("filter-fault-amount");
        }
        amount.map(Money::minor)
    }

    fn kept(&self, name: &str) -> String {
        self.params.get(name).chars().take(40).collect()
    }

    fn fault(&mut self, key: &'static str) {
        if !self.faults.contains(&key) {
            self.faults.push(key);
        }
    }

    pub fn cursor(&self) -> Option<String> {
        Some(self.params.get("cursor")).filter(|cursor| !cursor.is_empty()).map(str::to_owned)
    }

    pub fn size(&self) -> PageSize {
        let rows: Option<u16> = self.params.get("size").parse().ok();
        rows.and_then(|rows| rows.try_into().ok()).unwrap_or_default()
    }

    /// The query of a list that has words and a state alone. `S` are the states.
    pub fn plain<S: DeserializeOwned>(&mut self) -> ListQuery {
        let _: Option<S> = self.status();
        self.words()
    }

    /// The query of a list that has words alone.
    pub fn words(&self) -> ListQuery {
        ListQuery {
            search: self.filters.q.clone(),
            status: Some(self.filters.status.clone()).filter(|status| !status.is_empty()),
            cursor: self.cursor(),
            size: self.size(),
        }
    }

    /// The list as templates see it.
    pub fn listing<T, R>(self, page: Page<T>, row: impl FnMut(T) -> R) -> Listing<R> {
        let size = self.size().get();
        let page = page.map(row);
        Listing {
            rows: page.rows,
            next: page.next,
            previous: page.previous,
            size,
            filtered: self.filters.narrow(),
            filters: self.filters,
            faults: self.faults,
        }
    }
}

#[cfg(test)]
mod tests {
    use portico_billing::invoice::ShownStatus;
    use portico_core_api::InvoiceSort;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, minor) in [
            ("12", 1_200),
            ("12.5", 1_250),
            ("12,50", 1_250),
            ("1 234,56", 123_456),
            ("1.234,56", 123_456),
            ("1,234.56", 123_456),
            ("1,234,567.00", 123_456_700),
            ("-3", -300),
        ] {
            let params = Params::of_query(&format!("min={typed}"));
            let mut asked = Asked::new(&params);
            assert_eq!(asked.amounts(Currency::EUR), (Some(minor), None), "{typed}");
            assert!(asked.faults.is_empty());
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said_once_and_left_out() {
        let params = Params::of_query(
            "from=2026-13-01&until=yesterday&min=12.345&max=1e9&status=nonsense&sort=;drop&dir=up\
             &size=9999",
        );
        let mut asked = Asked::new(&params);
        assert_eq!(asked.days(), (None, None));
        assert_eq!(asked.amounts(Currency::EUR), (None, None));
        assert_eq!(asked.status::<ShownStatus>(), None);
        assert_eq!(asked.order("generated_on"), (InvoiceSort::GeneratedOn, Direction::Desc));
        assert_eq!(asked.size(), PageSize::DEFAULT);
        assert_eq!(asked.faults, ["filter-fault-day", "filter-fault-amount"]);
        assert_eq!((asked.filters.min.as_str(), asked.filters.status.as_str()), ("12.345", ""));
    }

    #[test]
    fn words_of_states_and_columns_are_understood() {
        let params = Params::of_query("status=partially_paid&sort=due_date&direction=asc");
        let mut asked = Asked::new(&params);
        assert_eq!(asked.status(), Some(ShownStatus::PartiallyPaid));
        assert_eq!(asked.order("generated_on"), (InvoiceSort::DueDate, Direction::Asc));
    }

    #[test]
    fn a_list_without_filters_is_not_filtered() {
        let page = Page::<u8> { rows: vec![], next: None, previous: None };
        let params = Params::of_query("sort=total&size=25");
        let mut asked = Asked::new(&params);
        let _: (InvoiceSort, Direction) = asked.order("generated_on");
        let listing = asked.listing(page.clone(), |row| row);
        assert!(!listing.filtered);
        let params = Params::of_query("q=+2026+");
        let listing = Asked::new(&params).listing(page, |row| row);
        assert!(listing.filtered);
        assert_eq!(listing.filters.q, "2026");
    }
}
