//! Texts in inputs that stand for something: addresses, codes, time zones.

use std::fmt::Display;
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::faults::Faults;

impl Faults {
    /// A text that parses into a type of the domain; an empty one is none.
    pub(crate) fn parse<T>(&mut self, field: &str, text: Option<&str>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.check_no_card_number(field, text);
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, error.to_string());
                None
            }
        }
    }

    /// The same, where it must be there.
    pub(crate) fn required<T>(&mut self, field: &str, text: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        if text.trim().is_empty() {
            self.add(field, "must not be empty");
        }
        self.parse(field, Some(text))
    }

    /// The name of a time zone; an empty one is none.
    pub(crate) fn time_zone(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let name = self.line(field, text)?;
        if TimeZone::get(&name).is_err() {
            self.add(field, "is no IANA time zone such as `Europe/Madrid`");
        }
        Some(name)
    }
}
