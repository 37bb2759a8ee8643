//! What goes through gateways: attempts to pay, and what payment providers told by themselves.

pub mod dismiss;
pub mod list;
pub mod notice;
pub mod notices;
pub mod show;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::page::Page as Rows;
use portico_billing::{AttemptId, GatewayId, GatewayNoticeId};
use portico_core::GatewayName;
use portico_ui::errors::Problem;
use serde::Serialize;

use super::answer::Stop;
use super::listing;
use super::params::Params;
use super::{Staff, paths};

/// A list as its template sees it, with filters of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Found<R, F> {
    rows: Vec<R>,
    /// Cursor of the page behind this one.
    next: Option<String>,
    /// Cursor of the page before this one.
    previous: Option<String>,
    /// Rows of a page.
    size: u16,
    filters: F,
    /// Whether something was filtered by: then an empty list says that nothing was found.
    filtered: bool,
    /// Keys of what is wrong with the filters.
    faults: Vec<&'static str>,
}

impl<R, F> Found<R, F> {
    fn new(params: &Params, filters: F, page: Rows<R>) -> Self {
        Self {
            rows: page.rows,
            next: page.next,
            previous: page.previous,
            size: listing::size(params).get(),
            filters,
            filtered: false,
            faults: Vec::new(),
        }
    }
}

/// A span of days as it is typed.
#[derive(Debug, Clone, Default)]
struct Days {
    from: Option<Timestamp>,
    before: Option<Timestamp>,
    /// Whether one of them is no day.
    is_faulty: bool,
}

impl Days {
    /// From the first moment of the first day until that of the day after the last one, where
    /// whoever looks is.
    fn read(params: &Params, zone: &TimeZone) -> Self {
        let day = |name: &str| -> Result<Option<Date>, ()> {
            let text = params.get(name);
            if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(drop) }
        };
        let (from, until) = (day("from"), day("until"));
        let is_faulty = from.is_err() || until.is_err();
        let start = |day: Date| day.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        Self {
            from: from.ok().flatten().and_then(start),
            before: until.ok().flatten().and_then(|day| start(day.tomorrow().ok()?)),
            is_faulty,
        }
    }
}

/// The time zone of whoever looks.
fn zone(staff: &Staff) -> TimeZone {
    TimeZone::get(&staff.visit.time_zone).unwrap_or(TimeZone::UTC)
}

/// Gateways by their identifiers.
type Names<'a> = BTreeMap<GatewayId, &'a GatewayName>;

/// The organisation's gateways, in their order.
struct Gateways(Vec<GatewayName>);

impl Gateways {
    async fn load(staff: &Staff) -> Result<Self, Stop> {
        Ok(Self(staff.core().gateway_names(staff.caller()).await?))
    }

    fn by_id(&self) -> Names<'_> {
        self.0.iter().map(|it| (it.id, it)).collect()
    }

    /// To choose from: value and text.
    fn choices(&self) -> Vec<(String, String)> {
        self.0.iter().map(|it| (it.id.to_string(), it.name.clone())).collect()
    }
}

/// The attempt that an address names.
fn attempt_id(text: &str) -> Result<AttemptId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// The notice that an address names.
fn notice_id(text: &str) -> Result<GatewayNoticeId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// The page of an attempt.
fn attempt_path(id: AttemptId) -> String {
    paths::PAYMENT_ATTEMPT.replace("{id}", &id.uuid().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_whoever_looks_and_the_last_one_counts() {
        let zone = TimeZone::get("Europe/Madrid").expect("a zone");
        let days = |query: &str| Days::read(&Params::of_query(query), &zone);
        let time = |text: &str| Some(text.parse::<Timestamp>().expect("a time"));
        let march = days("from=2026-03-28&until=2026-03-29");
        assert_eq!(march.from, time("2026-03-27T23:00:00Z"));
        assert_eq!(march.before, time("2026-03-29T22:00:00Z"), "a day of 23 hours");
        assert!(!march.is_faulty);
        let none = days("");
        assert_eq!((none.from, none.before, none.is_faulty), (None, None, false));
        let odd = days("from=yesterday&until=2026-03-29");
        assert!(odd.is_faulty && odd.from.is_none() && odd.before.is_some());
    }
}
