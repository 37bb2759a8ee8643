//! CSV (RFC 4180) that no spreadsheet takes for formulas.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use super::{Cell, Table};
use crate::DocumentError;

/// Writes a table as CSV in UTF-8: a head, then the rows, each line ended by CR LF.
///
/// # Errors
/// `Table` where a row has more or fewer cells than there are columns.
pub fn csv(table: &Table) -> Result<Vec<u8>, DocumentError> {
    let refused = |error: csv::Error| DocumentError::Table(error.to_string());
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let head = table.columns.iter().map(|column| defused(&column.title).into_owned());
    writer.write_record(head).map_err(refused)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| text_of(cell).into_owned())).map_err(refused)?;
    }
    writer.into_inner().map_err(|error| DocumentError::Table(error.to_string()))
}

fn text_of(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => defused(text),
        Cell::Money(money) => money.to_decimal().to_string().into(),
        Cell::Number(number) => number.to_string().into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::DateTime(moment) => moment.to_string().into(),
    }
}

/// Text that a spreadsheet would compute gets an apostrophe in front, which it shows as text.
fn defused(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 13] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠', '\u{feff}'];
    if text.trim_start_matches(' ').starts_with(STARTS) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use portico_billing::{Currency, Money};
    use rust_decimal::Decimal;

    use super::super::{Column, Kind};
    use super::*;

    fn table(rows: Vec<Vec<Cell>>) -> Table {
        let kinds = [Kind::Text, Kind::Money, Kind::Number, Kind::Date];
        let columns = kinds.map(|kind| Column::new(format!("{kind:?}"), kind)).to_vec();
        Table { columns, rows }
    }

    #[test]
    fn amounts_are_exact_and_quotes_are_doubled() {
        let rows = vec![
            vec![
                "Ñandú, \"S.A.\"".into(),
                Money::new(-1_234_567_890_123_456_789, Currency::KWD).into(),
                Decimal::new(10, 1).into(),
                date(2026, 5, 31).into(),
            ],
            vec!["a\nb".into(), Money::new(500, Currency::JPY).into(), Cell::Empty, Cell::Empty],
        ];
        let text = String::from_utf8(csv(&table(rows)).expect("a table")).expect("UTF-8");
        let expected = "Text,Money,Number,Date\r\n\
            \"Ñandú, \"\"S.A.\"\"\",-1234567890123456.789,1.0,2026-05-31\r\n\
            \"a\nb\",500,,\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn inj_07_no_text_begins_like_a_formula_but_negative_numbers_stay_numbers() {
        let hostile =
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "  =1", "＋1"];
        for text in hostile {
            assert_eq!(defused(text), format!("'{text}"), "{text:?}");
        }
        assert_eq!(defused("Acme = best"), "Acme = best");
        assert_eq!(text_of(&Money::new(-1, Currency::EUR).into()), "-0.01");
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        assert!(csv(&table(vec![vec![Cell::Empty]])).is_err());
    }
}
