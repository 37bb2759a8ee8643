//! Collecting all that is wrong with an input before anything is refused.

use portico_billing::card_number::looks_like_card_number;
use portico_billing::text::check_line;
use portico_billing::{ExternalId, Metadata};

use super::{InputFault, RecordKey, Rejection};

/// Most characters of a name, a number, a title.
pub(crate) const SHORT: usize = 200;
/// Most characters of a text of several lines.
pub(crate) const LONG: usize = 5_000;

const METADATA_KEYS: usize = 50;
const METADATA_KEY: usize = 40;
const METADATA_VALUE: usize = 500;

/// What is said of a card number (PRV-01); never with the number.
pub(super) const CARD_NUMBER: &str =
    "looks like the number of a payment card; card numbers must not be sent here";

/// A text of one line that comes alone: trimmed, at most [`SHORT`] characters. An empty one is
/// none.
pub(crate) fn line(field: &str, text: Option<&str>) -> Result<Option<String>, Rejection> {
    let mut faults = Faults::default();
    let line = faults.line(field, text);
    faults.refuse_any()?;
    Ok(line)
}

/// What is wrong with an input.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<InputFault>);

impl Faults {
    /// Notes `message` at `field`.
    pub(crate) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(InputFault { field: field.into(), message: message.into() });
    }

    /// Refuses the input where anything was noted.
    pub(crate) fn refuse_any(self) -> Result<(), Rejection> {
        if self.0.is_empty() { Ok(()) } else { Err(Rejection::Invalid(self.0)) }
    }

    /// The refusal of an input that has faults.
    pub(crate) fn refusal(self) -> Rejection {
        Rejection::Invalid(self.0)
    }

    /// Whether nothing was noted yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text of one line that must be there: trimmed, at most [`SHORT`] characters.
    pub(crate) fn name(&mut self, field: &str, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.add(field, "must not be empty");
        } else {
            self.check_line(field, text, SHORT);
        }
        text.to_owned()
    }

    /// A text of one line, at most [`SHORT`] characters; an empty one is none.
    pub(crate) fn line(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.check_line(field, text, SHORT);
        Some(text.to_owned())
    }

    /// A text of several lines, at most [`LONG`] characters; an empty one is none.
    pub(crate) fn text(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        self.long_text(field, text, LONG)
    }

    /// A text of several lines, at most `most` characters; an empty one is none.
    pub(crate) fn long_text(
        &mut self,
        field: &str,
        text: Option<&str>,
        most: usize,
    ) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.contains(odd) {
            self.add(field, "must not contain control characters");
        }
        self.check_length(field, text, most);
        Some(text.to_owned())
    }

    /// The organisation's own identifier.
    pub(crate) fn external_id(&mut self, text: Option<&str>) -> Option<ExternalId> {
        let text = text?;
        if looks_like_card_number(text) {
            self.add("external_id", CARD_NUMBER);
            return None;
        }
        match text.parse() {
            Ok(id) => Some(id),
            Err(error) => {
                let error: portico_billing::text::TextError = error;
                self.add("external_id", error.to_string());
                None
            }
        }
    }

    /// The organisation's own data.
    pub(crate) fn metadata(&mut self, metadata: &Metadata) {
        if metadata.len() > METADATA_KEYS {
            self.add("metadata", format!("must not have more than {METADATA_KEYS} keys"));
        }
        for (key, value) in metadata {
            if looks_like_card_number(key) {
                self.add("metadata", CARD_NUMBER);
                continue;
            }
            let field = format!("metadata.{key}");
            if key.is_empty() || key.chars().count() > METADATA_KEY {
                self.add(&*field, format!("keys have 1 to {METADATA_KEY} characters"));
            }
            self.check_length(&field, value, METADATA_VALUE);
        }
    }

    /// Notes a fault, without the text, where it holds the number of a payment card.
    pub(crate) fn check_no_card_number(&mut self, field: &str, text: &str) {
        if looks_like_card_number(text) {
            self.add(field, CARD_NUMBER);
        }
    }

    /// What names another record. One that holds a card number is not even looked for.
    pub(crate) fn key(&mut self, field: &str, text: &str) -> Option<RecordKey> {
        if looks_like_card_number(text) {
            self.add(field, CARD_NUMBER);
            return None;
        }
        Some(RecordKey::new(text.trim()))
    }

    /// The value, or nothing where a look-up found faults of the input; those are noted.
    pub(crate) fn take<T>(&mut self, found: Result<T, Rejection>) -> Result<Option<T>, Rejection> {
        match found {
            Ok(value) => Ok(Some(value)),
            Err(Rejection::Invalid(faults)) => {
                self.0.extend(faults);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// The organisation's own data, checked; nothing is as good as empty.
    pub(crate) fn checked_metadata(&mut self, metadata: Option<&Metadata>) -> Metadata {
        let metadata = metadata.cloned().unwrap_or_default();
        self.metadata(&metadata);
        metadata
    }

    fn check_line(&mut self, field: &str, text: &str, most: usize) {
        if let Err(error) = check_line(text) {
            self.add(field, error.to_string());
        }
        self.check_length(field, text, most);
    }

    fn check_length(&mut self, field: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.add(field, format!("must not have more than {most} characters"));
        }
        self.check_no_card_number(field, text);
    }
}
