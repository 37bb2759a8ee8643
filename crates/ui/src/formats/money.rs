//! Amounts of money.
//!
//! ICU rounds to the decimals that a currency has in daily use, which for some is less than ISO
//! 4217 says; a bill must show what is owed. So ICU gives the pattern around the number, and the
//! number has the decimals of the currency itself.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::experimental::dimension::currency::CurrencyType;
use icu::experimental::dimension::currency::formatter::CurrencyFormatter;
use icu::locale::Locale;
use portico_billing::{Currency, Money};

use super::LoadError;

/// What stands before and after the number.
#[derive(Debug)]
struct Around {
    before: String,
    after: String,
}

#[derive(Debug)]
struct Pattern {
    plain: Around,
    negative: Around,
    positive: Around,
}

#[derive(Debug)]
pub struct MoneyFormats {
    locale: Locale,
    numbers: DecimalFormatter,
    patterns: RwLock<HashMap<Currency, Arc<Pattern>>>,
}

impl MoneyFormats {
    pub fn new(locale: &Locale) -> Result<Self, LoadError> {
        let numbers = DecimalFormatter::try_new(locale.into(), Default::default())?;
        Ok(Self { locale: locale.clone(), numbers, patterns: RwLock::default() })
    }

    pub fn format(&self, money: Money, signed: bool) -> String {
        let pattern = self.pattern(money.currency());
        let around = match money.minor().signum() {
            -1 => &pattern.negative,
            1 if signed => &pattern.positive,
            _ => &pattern.plain,
        };
        let magnitude = magnitude(money);
        let mut text = String::with_capacity(24);
        text.push_str(&around.before);
        // Writing to a string cannot fail.
        let _ = write!(text, "{}", self.numbers.format(&magnitude));
        text.push_str(&around.after);
        text
    }

    /// The name of a currency as ICU puts it behind an amount.
    pub fn name(&self, code: &str) -> Option<String> {
        let currency: CurrencyType = code.parse().ok()?;
        let named = CurrencyFormatter::try_new_name((&self.locale).into(), currency).ok()?;
        let text = named.format_fixed_decimal(&Decimal::from(1)).to_string();
        let around = split(&text);
        Some([around.before.trim(), around.after.trim()].concat()).filter(|name| !name.is_empty())
    }

    fn pattern(&self, currency: Currency) -> Arc<Pattern> {
        let known = self.patterns.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(pattern) = known.get(&currency) {
            return Arc::clone(pattern);
        }
        drop(known);
        let pattern = Arc::new(self.load(currency).unwrap_or_else(|| Pattern::plain(currency)));
        let mut known = self.patterns.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(currency).or_insert(pattern))
    }

    fn load(&self, currency: Currency) -> Option<Pattern> {
        let kind: CurrencyType = currency.code().parse().ok()?;
        let formatter =
            CurrencyFormatter::try_new_symbol((&self.locale).into(), kind, Default::default())
                .ok()?;
        let around = |text: &str| -> Option<Around> {
            let sample: Decimal = text.parse().ok()?;
            Some(split(&formatter.format_fixed_decimal(&sample).to_string()))
        };
        Some(Pattern { plain: around("1")?, negative: around("-1")?, positive: around("+1")? })
    }
}

impl Pattern {
    /// For a currency that ICU does not know.
    fn plain(currency: Currency) -> Self {
        let around = |sign: &str| Around {
            before: format!("{sign}{}\u{a0}", currency.code()),
            after: String::new(),
        };
        Self { plain: around(""), negative: around("-"), positive: around("+") }
    }
}

/// Cuts the number out of a formatted sample. No symbol of a currency has a digit.
fn split(text: &str) -> Around {
    let begin = text.find(char::is_numeric).unwrap_or(text.len());
    let end = text
        .rfind(char::is_numeric)
        .map_or(begin, |last| last + text[last..].chars().next().map_or(0, char::len_utf8));
    Around { before: text[..begin].to_owned(), after: text[end..].to_owned() }
}

/// The amount without its sign, with the decimals of its currency.
fn magnitude(money: Money) -> Decimal {
    let exponent = i16::try_from(money.currency().exponent()).unwrap_or_default();
    let mut decimal = Decimal::from(money.minor().unsigned_abs());
    decimal.multiply_pow10(-exponent);
    decimal.absolute.pad_end(-exponent);
    decimal
}
