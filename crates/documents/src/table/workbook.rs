//! XLSX: a sheet with a head that stays in sight, numbers that add up, and no formulas.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Cell, Column, Kind, Table};
use crate::DocumentError;

/// A spreadsheet holds numbers of so many digits; longer ones are written as text.
const EXACT_DIGITS: u32 = 15;
/// Spreadsheets know no days before it; those are written as text.
const FIRST_YEAR: i16 = 1900;
/// A cell holds so many characters.
const LONGEST_TEXT: usize = 32_000;

/// Writes a table as a workbook with one sheet, which states `made_at` as its time of creation.
///
/// # Errors
/// `Table` where there are more rows than a sheet holds (1,048,575).
pub fn xlsx(table: &Table, made_at: Timestamp) -> Result<Vec<u8>, DocumentError> {
    write(table, made_at).map_err(|error| DocumentError::Table(error.to_string()))
}

fn write(table: &Table, made_at: Timestamp) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&in_utc(made_at)));
    let sheet = workbook.add_worksheet();
    write_head(sheet, &table.columns)?;
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(sheet, (row, column), cell)?;
        }
    }
    workbook.save_to_buffer()
}

fn write_head(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let text = Format::new().set_bold();
    let figure = text.clone().set_align(FormatAlign::Right);
    for (index, column) in (0_u16..).zip(columns) {
        let format = if column.kind == Kind::Text { &text } else { &figure };
        sheet.write_string_with_format(0, index, fit(&column.title), format)?;
        let width = match column.kind {
            Kind::Text => 28,
            Kind::Money | Kind::DateTime => 20,
            Kind::Number | Kind::Date => 14,
        };
        sheet.set_column_width(index, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, fit(text))?;
        }
        Cell::Money(money) => {
            let format = places(money.currency().exponent());
            write_number(sheet, (row, column), money.to_decimal(), &format)?;
        }
        Cell::Number(number) => {
            write_number(sheet, (row, column), *number, &places(number.scale()))?;
        }
        Cell::Date(date) if date.year() >= FIRST_YEAR => {
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(row, column, date, &format)?;
        }
        Cell::DateTime(moment) if in_utc(*moment).year() >= FIRST_YEAR => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
            sheet.write_datetime_with_format(row, column, in_utc(*moment), &format)?;
        }
        Cell::Date(date) => {
            sheet.write_string(row, column, date.to_string())?;
        }
        Cell::DateTime(moment) => {
            sheet.write_string(row, column, moment.to_string())?;
        }
    }
    Ok(())
}

/// A number that a spreadsheet can add up, or its exact text where it would be rounded.
fn write_number(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    number: Decimal,
    format: &str,
) -> Result<(), XlsxError> {
    let exact = number.mantissa().unsigned_abs() < 10_u128.pow(EXACT_DIGITS);
    match number.to_f64().filter(|_| exact) {
        Some(float) => {
            let format = Format::new().set_num_format(format);
            sheet.write_number_with_format(row, column, float, &format)?;
        }
        None => {
            let format = Format::new().set_align(FormatAlign::Right);
            sheet.write_string_with_format(row, column, number.to_string(), &format)?;
        }
    }
    Ok(())
}

fn places(count: u32) -> String {
    let zeros = "0".repeat(usize::try_from(count).unwrap_or_default());
    if zeros.is_empty() { "#,##0".to_owned() } else { format!("#,##0.{zeros}") }
}

/// Text without what XML cannot hold, cut to what a cell holds.
fn fit(text: &str) -> String {
    let holds = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(holds).take(LONGEST_TEXT).collect()
}

fn in_utc(moment: Timestamp) -> DateTime {
    moment.to_zoned(TimeZone::UTC).datetime()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use jiff::civil::date;
    use portico_billing::{Currency, Money};

    use super::*;

    fn part(workbook: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("its text");
        text
    }

    #[test]
    fn days_that_spreadsheets_do_not_know_are_texts() {
        let row: Vec<Cell> = vec![
            date(1899, 12, 31).into(),
            date(-9999, 1, 1).into(),
            Timestamp::MIN.into(),
            date(9999, 12, 31).into(),
            Timestamp::MAX.into(),
        ];
        let columns = (0..5).map(|_| Column::new("Day", Kind::Date)).collect();
        let workbook = xlsx(&Table { columns, rows: vec![row] }, Timestamp::UNIX_EPOCH);
        let texts = part(&workbook.expect("a workbook"), "xl/sharedStrings.xml");
        assert!(texts.contains("1899-12-31") && texts.contains("-009999-01-01"), "{texts}");
    }

    #[test]
    fn inj_07_amounts_are_numbers_with_their_decimals_and_nothing_is_a_formula() {
        let row: Vec<Cell> = vec![
            "=1+1\u{0}".into(),
            Money::new(1234, Currency::KWD).into(),
            Money::new(-500, Currency::JPY).into(),
            Money::new(i64::MAX, Currency::EUR).into(),
            date(2026, 5, 31).into(),
            Timestamp::UNIX_EPOCH.into(),
        ];
        let kinds = [Kind::Text, Kind::Money, Kind::Money, Kind::Money, Kind::Date, Kind::DateTime];
        let columns = kinds.map(|kind| Column::new("=title", kind)).to_vec();
        let table = Table { columns, rows: vec![row] };
        let workbook = xlsx(&table, Timestamp::UNIX_EPOCH).expect("a workbook");
        let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "a formula in {sheet}");
        for value in ["<v>1.234</v>", "<v>-500</v>", "<v>46173</v>", "<v>25569</v>"] {
            assert!(sheet.contains(value), "{value} is not in {sheet}");
        }
        let texts = part(&workbook, "xl/sharedStrings.xml");
        assert!(texts.contains("<t>=1+1</t>"), "{texts}");
        assert!(texts.contains("92233720368547758.07"), "{texts}");
        let styles = part(&workbook, "xl/styles.xml");
        assert!(styles.contains("\"#,##0.000\""), "{styles}");
        assert!(!styles.contains("KWD"), "{styles}");
    }
}
