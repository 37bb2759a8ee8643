//! Spans of days as people read them.

use jiff::civil::Date;
use portico_billing::invoice::Period;
use serde::Serialize;

/// First and last day. Periods are stored half-open: shown as they are, they would end a day late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Days {
    pub first: Date,
    pub last: Date,
}

impl From<Period> for Days {
    fn from(period: Period) -> Self {
        Self { first: period.start(), last: period.last_day() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_ends_on_its_last_day() {
        let period = Period::new(date(2026, 2, 1), date(2026, 3, 1)).unwrap();
        let days = Days::from(period);
        assert_eq!((days.first, days.last), (date(2026, 2, 1), date(2026, 2, 28)));
    }
}
