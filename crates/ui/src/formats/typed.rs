//! Numbers as people type them: with a comma or a point before the decimals, and with groups of
//! thousands or without. What stands in a field to begin with reads back as what it was.

use portico_billing::money::MoneyError;
use portico_billing::{Currency, Money};

/// Reads an amount of major units: `1234.5`, `1.234,50`, `1 234,50`. One mark alone stands before
/// decimals, but where the currency has none.
///
/// # Errors
/// What is no amount, or finer than its currency.
pub fn read_amount(typed: &str, currency: Currency) -> Result<Money, MoneyError> {
    Money::parse(&plain(typed, currency.exponent() > 0), currency)
}

/// A number as a plain decimal, `1234.5`. What is none is left to whoever reads that.
#[must_use]
pub fn plain_decimal(typed: &str) -> String {
    plain(typed, true)
}

fn plain(typed: &str, has_decimals: bool) -> String {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (commas, points) = (text.matches(',').count(), text.matches('.').count());
    let is_mixed = commas > 0 && points > 0;
    let (whole, decimals) = match text.rsplit_once([',', '.']) {
        Some((whole, decimals)) if is_mixed || has_decimals && commas + points == 1 => {
            (whole, Some(decimals))
        }
        _ => (text.as_str(), None),
    };
    let Some(whole) = without_groups(whole) else { return text };
    match decimals {
        None => whole,
        Some(decimals) => format!("{whole}.{decimals}"),
    }
}

/// A whole number without the marks between its groups; nothing where a group has not three digits.
fn without_groups(whole: &str) -> Option<String> {
    let mark = if whole.contains(',') { ',' } else { '.' };
    let Some((first, others)) = whole.split_once(mark) else { return Some(whole.to_owned()) };
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = first.strip_prefix('-').unwrap_or(first);
    let is_grouped = (1..=3).contains(&first.len())
        && digits(first)
        && others.split(mark).all(|group| group.len() == 3 && digits(group));
    is_grouped.then(|| whole.replace(mark, ""))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::super::Formats;
    use super::*;

    static FORMATS: LazyLock<Formats> =
        LazyLock::new(|| Formats::new(["en", "es"].into_iter()).expect("formats"));

    fn currency(code: &str) -> Currency {
        code.parse().expect("a currency")
    }

    #[test]
    fn pay_07_amounts_are_read_as_people_type_them_or_refused() {
        for (typed, code, minor) in [
            ("12,5", "EUR", Some(1_250)),
            ("-50,00", "EUR", Some(-5_000)),
            ("1.234,56", "EUR", Some(123_456)),
            ("1,234,567.00", "EUR", Some(123_456_700)),
            ("1 234\u{a0}567,00", "EUR", Some(123_456_700)),
            ("1,234,567", "EUR", Some(123_456_700)),
            ("1,234", "EUR", None),
            ("1.234", "KWD", Some(1_234)),
            ("1,234", "KWD", Some(1_234)),
            ("1,2345", "CLF", Some(12_345)),
            ("1,234", "JPY", Some(1_234)),
            ("1.234.567", "JPY", Some(1_234_567)),
            ("1,5", "JPY", None),
            ("12,34,56.00", "EUR", None),
            ("1234,567.00", "EUR", None),
            ("1.2.3,4", "EUR", None),
            ("1.234,567,8", "EUR", None),
            (",5", "EUR", None),
            ("--1.000,00", "EUR", None),
            ("", "EUR", None),
        ] {
            let read = read_amount(typed, currency(code)).ok();
            assert_eq!(read.map(Money::minor), minor, "{typed} {code}");
        }
    }

    #[test]
    fn rates_are_read_with_any_number_of_decimals() {
        let read = |typed: &str| Decimal::from_str_exact(&plain_decimal(typed)).ok();
        assert_eq!(read("0,0125"), Some(Decimal::new(125, 4)));
        assert_eq!(read("1.234,5"), Some(Decimal::new(12_345, 1)));
        assert_eq!(read("x"), None);
    }

    proptest! {
        #[test]
        fn pay_07_what_is_shown_reads_back_in_every_language(
            minor in any::<i64>(),
            code in prop_oneof![Just("EUR"), Just("JPY"), Just("KWD"), Just("CLF")],
        ) {
            let money = Money::new(minor, currency(code));
            for language in ["en", "es"] {
                let formats = FORMATS.of(language);
                let in_a_field = formats.typed_amount(money);
                prop_assert_eq!(read_amount(&in_a_field, money.currency()), Ok(money));
                let on_a_page = formats.exact_number(money.to_decimal());
                prop_assert_eq!(read_amount(&on_a_page, money.currency()), Ok(money));
            }
        }
    }
}
