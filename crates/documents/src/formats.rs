//! How values are written for the reader of a document.

use jiff::civil::Date;
use portico_billing::invoice::Period;
use portico_billing::{CountryCode, Money};
use rust_decimal::Decimal;

/// Writes values in the reader's language.
pub trait Formats {
    /// An amount with its currency: `€1,234.50`.
    fn money(&self, amount: Money) -> String;
    /// A day: `31 May 2026`.
    fn date(&self, date: Date) -> String;
    /// A span of days, both ends included: `1 – 31 May 2026`.
    fn period(&self, period: Period) -> String;
    /// A number with all the decimal places that it has, also those that are zero.
    fn number(&self, number: Decimal) -> String;
    /// The name of a country.
    fn country(&self, country: &CountryCode) -> String;
    /// A rate in percent: `21%`.
    fn percent(&self, rate: Decimal) -> String {
        format!("{}%", self.number(rate))
    }
}

/// Values as they are exchanged between programs: ISO dates, plain decimals, codes.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainFormats;

impl Formats for PlainFormats {
    fn money(&self, amount: Money) -> String {
        format!("{} {}", amount.currency(), self.number(amount.to_decimal()))
    }

    fn date(&self, date: Date) -> String {
        date.to_string()
    }

    fn period(&self, period: Period) -> String {
        format!("{} – {}", period.start(), period.last_day())
    }

    fn number(&self, number: Decimal) -> String {
        let text = number.to_string();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
        let (whole, fraction) =
            digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let mut grouped = String::from(sign);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if let Some(fraction) = fraction {
            grouped.push('.');
            grouped.push_str(fraction);
        }
        grouped
    }

    fn country(&self, country: &CountryCode) -> String {
        country.to_string()
    }
}

#[cfg(test)]
mod tests {
    use portico_billing::Currency;

    use super::*;

    #[test]
    fn plain_numbers_keep_their_decimals_and_group_their_thousands() {
        let plain = PlainFormats;
        assert_eq!(plain.number(Decimal::new(-123_456_700, 2)), "-1,234,567.00");
        assert_eq!(plain.number(Decimal::new(999, 0)), "999");
        assert_eq!(plain.money(Money::new(1234, Currency::KWD)), "KWD 1.234");
    }
}
