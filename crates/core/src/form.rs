//! Fields of customers' forms: all that is wrong is collected before anything is refused.

use jiff::tz::TimeZone;
use portico_billing::card_number::looks_like_card_number;
use portico_billing::text::{LineError, check_line};
use portico_billing::{CountryCode, EmailAddress, LanguageTag};
use portico_core_api::{Fault, FieldFault, Refusal};

/// Most characters of a line.
const MAX_LINE: usize = 200;
/// Most characters and least digits of a telephone number.
const MAX_PHONE: usize = 40;
const MIN_PHONE_DIGITS: usize = 5;

/// What is wrong with a form so far.
#[derive(Debug, Default)]
pub(crate) struct Form {
    faults: Vec<FieldFault>,
}

impl Form {
    pub(crate) fn add(&mut self, field: impl Into<String>, fault: Fault) {
        self.faults.push(FieldFault::new(field, fault));
    }

    /// What is wrong with it.
    pub(crate) fn into_faults(self) -> Vec<FieldFault> {
        self.faults
    }

    /// Refuses the form where anything was noted.
    pub(crate) fn refuse_any(self) -> Result<(), Refusal> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Refusal::Invalid { faults: self.faults })
    }

    /// One line; an empty one, and one that nobody could see, is none. Nobody's card number is kept
    /// in it (PRV-01).
    pub(crate) fn line(&mut self, field: &str, text: &str) -> Option<String> {
        let text = text.trim();
        let checked = check_line(text);
        if checked == Err(LineError::Invisible) {
            return None;
        }
        if text.chars().count() > MAX_LINE {
            self.add(field, Fault::TooLong { max: u32::try_from(MAX_LINE).unwrap_or(u32::MAX) });
        } else if checked.is_err() || looks_like_card_number(text) {
            self.add(field, Fault::BadCharacters);
        }
        Some(text.to_owned())
    }

    /// One line that must be there.
    pub(crate) fn required(&mut self, field: &str, text: &str) -> String {
        let line = self.line(field, text);
        if line.is_none() {
            self.add(field, Fault::Required);
        }
        line.unwrap_or_default()
    }

    /// An e-mail address; an empty one is none.
    pub(crate) fn email(&mut self, field: &str, text: &str) -> Option<EmailAddress> {
        self.parse(field, text, Fault::NotAnEmail)
    }

    /// A country's code; an empty one is none.
    pub(crate) fn country(&mut self, field: &str, text: &str) -> Option<CountryCode> {
        self.parse(field, text, Fault::NotACountry)
    }

    /// A language's tag; an empty one is none.
    pub(crate) fn language(&mut self, field: &str, text: &str) -> Option<LanguageTag> {
        self.parse(field, text, Fault::NotALanguage)
    }

    /// A time zone's name; an empty one is none.
    pub(crate) fn time_zone(&mut self, field: &str, text: &str) -> Option<String> {
        let name = text.trim();
        if !name.is_empty() && TimeZone::get(name).is_err() {
            self.add(field, Fault::NotATimeZone);
        }
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// A telephone number as people write them; an empty one is none.
    pub(crate) fn phone(&mut self, field: &str, text: &str) -> Option<String> {
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let plain = text.chars().all(|c| c.is_ascii_digit() || " +-().,/#x".contains(c));
        let fits = text.chars().count() <= MAX_PHONE && digits >= MIN_PHONE_DIGITS && plain;
        if !text.is_empty() && (!fits || looks_like_card_number(text)) {
            self.add(field, Fault::NotAPhone);
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn parse<T: std::str::FromStr>(&mut self, field: &str, text: &str, fault: Fault) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.add(field, fault);
        }
        value
    }
}
