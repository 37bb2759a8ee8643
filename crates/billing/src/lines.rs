//! Amounts of lines and what is computed from them: net totals and taxes.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::Currency;
use crate::invoice::{Adjustment, Line, Tax};
use crate::money::MoneyError;

/// Decimal places of a unit price that is computed from an amount.
const UNIT_PRICE_PLACES: u32 = 10;

/// The amount of `quantity` units at `unit_price` major units each, rounded half away from zero to
/// minor units.
///
/// # Errors
/// `Overflow`.
pub fn line_amount(
    quantity: Decimal,
    unit_price: Decimal,
    currency: Currency,
) -> Result<i64, MoneyError> {
    let scale = Decimal::from(10_i64.pow(currency.exponent()));
    let amount = unit_price
        .checked_mul(quantity)
        .and_then(|amount| amount.checked_mul(scale))
        .ok_or(MoneyError::Overflow)?;
    whole(amount)
}

/// The price of one unit in major units, of a line that states its amount alone.
#[must_use]
pub fn unit_price(quantity: Decimal, amount_minor: i64, currency: Currency) -> Decimal {
    let amount = Decimal::new(amount_minor, currency.exponent());
    let price = amount.checked_div(quantity).unwrap_or(amount);
    let rounding = RoundingStrategy::MidpointAwayFromZero;
    price.round_dp_with_strategy(UNIT_PRICE_PLACES, rounding).normalize()
}

/// The sum of lines and adjustments before tax, minor units.
///
/// # Errors
/// `Overflow`.
pub fn net_total(lines: &[Line], adjustments: &[Adjustment]) -> Result<i64, MoneyError> {
    let lines = lines.iter().map(|line| line.amount_minor);
    sum(lines.chain(adjustments.iter().map(|adjustment| adjustment.amount_minor)))
}

/// The sum of taxes, minor units.
///
/// # Errors
/// `Overflow`.
pub fn tax_total(taxes: &[Tax]) -> Result<i64, MoneyError> {
    sum(taxes.iter().map(|tax| tax.tax_minor))
}

/// The tax summary of lines that name their rates: one row for each category and rate, taken of
/// the sum of its lines and rounded once (EN 16931 BR-CO-17). Lines without a rate are not taxed.
///
/// # Errors
/// `Overflow`.
pub fn taxes_of(lines: &[Line]) -> Result<Vec<Tax>, MoneyError> {
    let mut groups: BTreeMap<(Option<&str>, Decimal), i64> = BTreeMap::new();
    for line in lines {
        let Some(rate) = line.tax_rate else { continue };
        let taxable = groups.entry((line.tax_category.as_deref(), rate.normalize())).or_default();
        *taxable = taxable.checked_add(line.amount_minor).ok_or(MoneyError::Overflow)?;
    }
    groups
        .into_iter()
        .map(|((category, rate), taxable_minor)| {
            let tax = Decimal::from(taxable_minor)
                .checked_mul(rate)
                .and_then(|tax| tax.checked_div(Decimal::ONE_HUNDRED))
                .ok_or(MoneyError::Overflow)?;
            Ok(Tax {
                name: if category.is_some() { "VAT" } else { "Tax" }.to_owned(),
                category: category.map(str::to_owned),
                rate: Some(rate),
                taxable_minor,
                tax_minor: whole(tax)?,
                exemption_reason: None,
            })
        })
        .collect()
}

fn sum(mut amounts: impl Iterator<Item = i64>) -> Result<i64, MoneyError> {
    amounts.try_fold(0_i64, |sum, amount| sum.checked_add(amount).ok_or(MoneyError::Overflow))
}

fn whole(amount: Decimal) -> Result<i64, MoneyError> {
    let rounded = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded).map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    /// Currencies without decimals, and with two, three and four.
    fn currency(pick: usize) -> Currency {
        ["JPY", "EUR", "KWD", "CLF"][pick].parse().expect("a currency")
    }

    fn line(amount_minor: i64, rate: &str) -> Line {
        Line {
            description: "x".to_owned(),
            note: None,
            quantity: Decimal::ONE,
            unit: None,
            unit_price: Decimal::ZERO,
            amount_minor,
            tax_rate: Some(decimal(rate)),
            tax_category: None,
            period: None,
        }
    }

    #[test]
    fn amounts_are_rounded_half_away_from_zero_to_the_currency() {
        let cases = [
            ("1", "0.005", Currency::EUR, 1),
            ("-1", "0.005", Currency::EUR, -1),
            ("3", "0.333333", Currency::EUR, 100),
            ("1.5", "333", Currency::JPY, 500),
            ("2", "0.0125", Currency::KWD, 25),
            ("0", "99", Currency::EUR, 0),
        ];
        for (quantity, price, currency, minor) in cases {
            let amount = line_amount(decimal(quantity), decimal(price), currency);
            assert_eq!(amount, Ok(minor), "{quantity} x {price} {currency}");
        }
        let huge = decimal("99999999999999999999");
        assert_eq!(line_amount(huge, huge, Currency::EUR), Err(MoneyError::Overflow));
    }

    #[test]
    fn tax_is_taken_of_the_sum_of_each_rate_and_rounded_once() {
        let lines = [line(5, "10"), line(5, "10.0"), line(100, "21")];
        let taxes = taxes_of(&lines).expect("taxes");
        let rows: Vec<_> = taxes.iter().map(|tax| (tax.taxable_minor, tax.tax_minor)).collect();
        assert_eq!(rows, [(10, 1), (100, 21)]);
    }

    proptest! {
        #[test]
        fn pay_08_the_parts_that_are_taxed_make_up_the_whole(
            amounts in proptest::collection::vec((-100_000_i64..100_000, 0_usize..3), 0..40),
        ) {
            let rates = ["0", "7.5", "21"];
            let lines: Vec<Line> =
                amounts.iter().map(|(amount, rate)| line(*amount, rates[*rate])).collect();
            let taxes = taxes_of(&lines).expect("taxes");
            let taxable: i64 = taxes.iter().map(|tax| tax.taxable_minor).sum();
            prop_assert_eq!(Ok(taxable), net_total(&lines, &[]));
            for tax in taxes {
                let rate = tax.rate.expect("a rate") / Decimal::ONE_HUNDRED;
                let off = Decimal::from(tax.taxable_minor) * rate - Decimal::from(tax.tax_minor);
                prop_assert!(off.abs() <= Decimal::new(5, 1));
            }
        }

        #[test]
        fn pay_08_a_line_is_rounded_by_half_a_unit_at_most_and_given_back_alike(
            quantity in -10_000_000_i64..10_000_000,
            price in -10_000_000_i64..10_000_000,
            places in 0_u32..7,
            pick in 0_usize..4,
        ) {
            let (quantity, price) = (Decimal::new(quantity, 3), Decimal::new(price, places));
            let currency = currency(pick);
            let amount = line_amount(quantity, price, currency).expect("an amount");
            let exact = quantity * price * Decimal::from(10_i64.pow(currency.exponent()));
            prop_assert!((exact - Decimal::from(amount)).abs() <= Decimal::new(5, 1));
            prop_assert_eq!(line_amount(-quantity, price, currency), Ok(-amount));
        }

        #[test]
        fn a_computed_unit_price_gives_the_amount_back(
            quantity in 1_i64..10_000_000,
            amount in -10_000_000_i64..10_000_000,
            pick in 0_usize..4,
        ) {
            let (quantity, currency) = (Decimal::new(quantity, 3), currency(pick));
            let price = unit_price(quantity, amount, currency);
            prop_assert_eq!(line_amount(quantity, price, currency), Ok(amount));
        }
    }
}
