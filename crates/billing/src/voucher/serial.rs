//! The serial of a voucher: what everybody may call it by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Most characters of a series.
pub const SERIES_MAX: usize = 16;

/// What the serials of a batch begin with: letters A to Z and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Series(String);

/// Why a text is no series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSeries {
    /// Nothing was given.
    #[error("must not be empty")]
    Empty,
    /// It has too many characters.
    #[error("must not have more than {SERIES_MAX} characters")]
    TooLong,
    /// It has something else than letters A to Z and digits.
    #[error("must have nothing but letters A to Z and digits")]
    BadCharacters,
}

impl FromStr for Series {
    type Err = BadSeries;

    /// Lower case is raised.
    fn from_str(text: &str) -> Result<Self, BadSeries> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadSeries::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BadSeries::BadCharacters);
        }
        if text.len() > SERIES_MAX {
            return Err(BadSeries::TooLong);
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Series {
    type Error = BadSeries;

    fn try_from(text: String) -> Result<Self, BadSeries> {
        text.parse()
    }
}

impl From<Series> for String {
    fn from(series: Series) -> Self {
        series.0
    }
}

/// The serial of one voucher: `SUMMER-00042`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    /// That of its batch.
    pub series: Series,
    /// Its number in the batch, from 1.
    pub number: u32,
}

/// The text is no serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the serial of a voucher")]
pub struct NotASerial;

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:05}", self.series, self.number)
    }
}

impl FromStr for Serial {
    type Err = NotASerial;

    fn from_str(text: &str) -> Result<Self, NotASerial> {
        let (series, number) = text.trim().rsplit_once('-').ok_or(NotASerial)?;
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = plain.then(|| number.parse().ok()).flatten().ok_or(NotASerial)?;
        Ok(Self { series: series.parse().map_err(|_| NotASerial)?, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_read_back_however_it_is_typed() {
        let serial = Serial { series: "summer26".parse().expect("a series"), number: 42 };
        assert_eq!(serial.to_string(), "SUMMER26-00042");
        for typed in ["SUMMER26-00042", " summer26-42 ", "Summer26-0042"] {
            assert_eq!(typed.parse(), Ok(serial.clone()), "{typed}");
        }
        for typed in
            ["", "SUMMER26", "-1", "SUMMER26-", "SUMMER26-+1", "SUM MER-1", "A-99999999999"]
        {
            assert_eq!(typed.parse::<Serial>(), Err(NotASerial), "{typed}");
        }
    }

    #[test]
    fn a_series_is_letters_and_digits() {
        assert_eq!("  ".parse::<Series>(), Err(BadSeries::Empty));
        assert_eq!("é".parse::<Series>(), Err(BadSeries::BadCharacters));
        assert_eq!("A".repeat(17).parse::<Series>(), Err(BadSeries::TooLong));
        assert!("A".repeat(16).parse::<Series>().is_ok());
    }
}
