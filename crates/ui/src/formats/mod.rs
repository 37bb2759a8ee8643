//! Numbers, money, dates and names in the way of a language. Formatters are built once: loading
//! their data costs more than a whole page.

mod dates;
mod money;
mod names;
mod typed;

use std::collections::BTreeMap;
use std::sync::Arc;

use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal as IcuDecimal;
use icu::experimental::dimension::percent::formatter::PercentFormatter;
use icu::locale::Locale;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use portico_billing::Money;
use rust_decimal::Decimal;

use crate::texts::FALLBACK;
use dates::DateFormats;
use money::MoneyFormats;
use names::Names;

pub use typed::{plain_decimal, read_amount};

/// Why ICU does not load a formatter; told, never decided upon.
type LoadError = Box<dyn std::error::Error>;

/// A language has no formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no formats for `{language}`: {reason}")]
pub struct FormatsError {
    language: String,
    reason: String,
}

/// The formats of all languages.
#[derive(Debug)]
pub struct Formats {
    by_language: BTreeMap<String, LanguageFormats>,
    fallback: LanguageFormats,
}

impl Formats {
    /// Formats for these languages.
    ///
    /// # Errors
    /// Where a tag is not one of a language.
    pub fn new<'a>(languages: impl Iterator<Item = &'a str>) -> Result<Self, FormatsError> {
        let by_language = languages
            .map(|language| Ok((language.to_owned(), LanguageFormats::new(language)?)))
            .collect::<Result<_, FormatsError>>()?;
        Ok(Self { by_language, fallback: LanguageFormats::new(FALLBACK)? })
    }

    /// The formats of a language; those of English where it is unknown.
    #[must_use]
    pub fn of(&self, language: &str) -> &LanguageFormats {
        self.by_language.get(language).unwrap_or(&self.fallback)
    }

    /// The name of a language of ours in that language, as a list of choices shows it: `Español`.
    #[must_use]
    pub fn own_name(&self, language: &str) -> Option<String> {
        let name = self.by_language.get(language)?.names.language(language)?;
        let mut letters = name.chars();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).collect())
    }
}

/// The formats of one language.
#[derive(Debug)]
pub struct LanguageFormats {
    numbers: DecimalFormatter,
    decimals_follow_a_comma: bool,
    percents: PercentFormatter<DecimalFormatter>,
    money: MoneyFormats,
    dates: DateFormats,
    names: Names,
}

impl LanguageFormats {
    fn new(language: &str) -> Result<Self, FormatsError> {
        let failed = |reason: String| FormatsError { language: language.to_owned(), reason };
        let locale: Locale = language.parse().map_err(|_| failed("no language".to_owned()))?;
        let dates_locale = dates::locale_of(&locale);
        let load = || -> Result<Self, LoadError> {
            let numbers = DecimalFormatter::try_new((&locale).into(), Default::default())?;
            let half = numbers.format_to_string(&icu_decimal(Decimal::new(5, 1)));
            Ok(Self {
                numbers,
                decimals_follow_a_comma: half.contains(','),
                percents: PercentFormatter::try_new((&locale).into(), Default::default())?,
                money: MoneyFormats::new(&locale)?,
                dates: DateFormats::new(&dates_locale)?,
                names: Names::new(&locale)?,
            })
        };
        load().map_err(|error| failed(error.to_string()))
    }

    /// An amount with its currency and the currency's own number of decimals: `€1,234.50`.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        self.money.format(money, false)
    }

    /// An amount that always has a sign, for changes: `+€12.00`.
    #[must_use]
    pub fn signed_money(&self, money: Money) -> String {
        self.money.format(money, true)
    }

    /// A number with all its decimals but trailing zeros: `1,234.5`.
    #[must_use]
    pub fn number(&self, number: Decimal) -> String {
        self.numbers.format_to_string(&icu_decimal(number.normalize()))
    }

    /// A number with all the decimals that it has, also those that are zero: `1,234.50`.
    #[must_use]
    pub fn exact_number(&self, number: Decimal) -> String {
        self.numbers.format_to_string(&icu_decimal(number))
    }

    /// An amount as one types it into a field: without groups and currency, `1234.50`.
    #[must_use]
    pub fn typed_amount(&self, money: Money) -> String {
        self.typed_number(money.to_decimal())
    }

    /// A number as one types it, with all the decimals that it has.
    #[must_use]
    pub fn typed_number(&self, number: Decimal) -> String {
        let plain = number.to_string();
        if self.decimals_follow_a_comma { plain.replace('.', ",") } else { plain }
    }

    /// A number of percent: 21 is `21%`.
    #[must_use]
    pub fn percent(&self, percent: Decimal) -> String {
        self.percents.format(&icu_decimal(percent.normalize())).to_string()
    }

    /// A day, short: `21 Nov 2026`.
    #[must_use]
    pub fn date(&self, date: Date) -> Arc<str> {
        self.dates.medium(date)
    }

    /// A day in full: `21 November 2026`.
    #[must_use]
    pub fn date_long(&self, date: Date) -> String {
        self.dates.long(date)
    }

    /// A month: `Nov 2026`.
    #[must_use]
    pub fn month(&self, first_day: Date) -> String {
        self.dates.month(first_day)
    }

    /// A moment as seen in `zone`, to the minute and with the zone: `21 Nov 2026, 09:30 CET`.
    #[must_use]
    pub fn datetime(&self, at: Timestamp, zone: &TimeZone) -> String {
        self.dates.moment(&Zoned::new(at, zone.clone()))
    }

    /// The name of a country by its ISO 3166-1 code; the code where it has none.
    #[must_use]
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.names.country(code).unwrap_or(code)
    }

    /// The name of a language by its tag; the tag where it has none.
    #[must_use]
    pub fn language_name<'a>(&'a self, tag: &'a str) -> &'a str {
        self.names.language(tag).unwrap_or(tag)
    }

    /// The name of a currency as it stands behind an amount (`euros`); the code where it has none.
    #[must_use]
    pub fn currency_name(&self, code: &str) -> String {
        self.money.name(code).unwrap_or_else(|| code.to_owned())
    }
}

/// Exact: both are an integer and a power of ten.
fn icu_decimal(number: Decimal) -> IcuDecimal {
    let mut decimal = IcuDecimal::from(number.mantissa());
    let scale = i16::try_from(number.scale()).unwrap_or_default();
    decimal.multiply_pow10(-scale);
    decimal.absolute.pad_end(-scale);
    decimal
}

#[cfg(test)]
mod tests;
