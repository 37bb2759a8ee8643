//! The tabs Breakout and CDR: which columns of a report, in which order.

use axum::extract::{OriginalUri, Path};
use axum::http::StatusCode;
use portico_billing::brand::ReportColumns;
use portico_billing::report::{Audience, Column, Report};
use portico_ui::errors::Problem;
use portico_ui::{CheckedForm, Page, Sample};
use serde::Serialize;

use super::{BrandHead, Fields, edit, find, paths, tab};
use crate::staff::{Answer, Staff};

/// The tab of one report.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnsPage {
    brand: BrandHead,
    report: Report,
    rows: Vec<ColumnRow>,
    /// Whether the rows are other ones than those that are saved.
    is_moved: bool,
    /// Whether a choice without any column was sent.
    is_empty: bool,
    /// Whether the brand follows the usual choice.
    is_usual: bool,
}

/// A column of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ColumnRow {
    word: &'static str,
    on: bool,
    for_customers_only: bool,
}

impl ColumnRow {
    fn new(column: &Column, on: bool) -> Self {
        let for_customers_only = column.audience == Audience::Customers;
        Self { word: column.word, on, for_customers_only }
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, uri: OriginalUri, Path(id): Path<String>) -> Answer {
    let report = report_of(&uri)?;
    let found = find(&staff, &id).await?;
    let columns = &found.record.brand.report_columns;
    let page = ColumnsPage {
        brand: BrandHead::of(&staff, &found),
        report,
        rows: rows_of(columns, report),
        is_moved: false,
        is_empty: false,
        is_usual: columns.chosen(report).is_empty(),
    };
    staff.page(&page)
}

/// POST: saves the choice, goes back to the usual one, or shows the rows with one of them moved.
pub async fn save(
    staff: Staff,
    uri: OriginalUri,
    Path(id): Path<String>,
    form: CheckedForm<Fields>,
) -> Answer {
    let report = report_of(&uri)?;
    let found = find(&staff, &id).await?;
    let fields = form.into_inner();
    let rows = sent_rows(&fields, report);
    let is_moved = fields.contains_key("move");
    let is_reset = fields.contains_key("reset");
    let chosen: Vec<String> =
        rows.iter().filter(|row| row.on && !is_reset).map(|row| row.word.to_owned()).collect();
    if is_moved || chosen.is_empty() && !is_reset {
        let status = if is_moved { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let brand = BrandHead::of(&staff, &found);
        let page =
            ColumnsPage { brand, report, rows, is_moved, is_empty: !is_moved, is_usual: false };
        return staff.page_with(status, &page);
    }
    let id = found.record.brand.id;
    edit(&staff, id, |mut settings| {
        *settings.report_columns.chosen_mut(report) = chosen;
        settings
    })
    .await?;
    let to = tab(path_of(report), id);
    Ok(staff.here.redirect_with_notice(&to, "success", "notice-brand-saved"))
}

/// The report whose tab the address is.
fn report_of(uri: &OriginalUri) -> Result<Report, Problem> {
    let word = uri.path().rsplit('/').next().unwrap_or_default();
    Report::from_word(word).ok_or(Problem::NotFound)
}

const fn path_of(report: Report) -> &'static str {
    match report {
        Report::Breakout => paths::BRAND_BREAKOUT,
        Report::Cdr => paths::BRAND_CDR,
    }
}

/// All columns of a report: those that are shown in their order, then the others.
fn rows_of(columns: &ReportColumns, report: Report) -> Vec<ColumnRow> {
    let shown = columns.of(report);
    let others = report.columns().iter().filter(|column| !shown.contains(column));
    let on = shown.iter().map(|column| ColumnRow::new(column, true));
    on.chain(others.map(|column| ColumnRow::new(column, false))).collect()
}

/// The rows as they were sent: by their positions, and with one of them moved where that was asked
/// for. Positions that are none, or that several rows have, leave the rows as they were.
fn sent_rows(fields: &Fields, report: Report) -> Vec<ColumnRow> {
    let last = report.columns().len();
    let number = |name: String| fields.get(&name).and_then(|text| text.trim().parse().ok());
    let mut rows: Vec<(usize, usize, ColumnRow)> = report
        .columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let was = number(format!("was_{}", column.word)).unwrap_or(last + index);
            let at = number(format!("at_{}", column.word)).unwrap_or(was);
            let on = fields.contains_key(&format!("on_{}", column.word));
            // A row that was moved comes before the one whose place it takes, or after it where it
            // went down.
            let order = 2 * at.min(last) + 1 + usize::from(at > was) - usize::from(at < was);
            (order, was, ColumnRow::new(column, on))
        })
        .collect();
    rows.sort_by_key(|(order, was, _)| (*order, *was));
    let mut rows: Vec<ColumnRow> = rows.into_iter().map(|(.., row)| row).collect();
    if let Some((way, word)) = fields.get("move").and_then(|text| text.split_once(':'))
        && let Some(at) = rows.iter().position(|row| row.word == word)
    {
        match way {
            "up" if at > 0 => rows.swap(at, at - 1),
            "down" if at + 1 < rows.len() => rows.swap(at, at + 1),
            _ => {}
        }
    }
    rows
}

impl Page for ColumnsPage {
    const TEMPLATE: &'static str = "panel/brands/columns.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |report, brand| Self {
            brand,
            report,
            rows: rows_of(&ReportColumns::default(), report),
            is_moved: false,
            is_empty: false,
            is_usual: true,
        };
        let breakout = page(Report::Breakout, BrandHead::sample());
        let moved = Self { is_moved: true, is_usual: false, ..breakout.clone() };
        let nothing = Self { is_empty: true, is_usual: false, ..breakout.clone() };
        vec![
            Sample::new("breakout", breakout),
            Sample::new("cdr", page(Report::Cdr, BrandHead::new_sample())),
            Sample::new("moved", moved),
            Sample::new("nothing-chosen", nothing),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pairs: &[(&str, &str)]) -> Vec<&'static str> {
        let mut fields: Fields =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (index, column) in Report::Breakout.columns().iter().enumerate() {
            fields.insert(format!("was_{}", column.word), (index + 1).to_string());
            let at = format!("at_{}", column.word);
            fields.entry(at).or_insert_with(|| (index + 1).to_string());
        }
        let rows = sent_rows(&fields, Report::Breakout);
        rows.into_iter().take(4).map(|row| row.word).collect()
    }

    #[test]
    fn rows_go_where_their_numbers_say() {
        let usual = ["call_time", "customer", "customer_destination_name", "attempts"];
        assert_eq!(words(&[]), usual);
        let third_first = ["customer_destination_name", "call_time", "customer", "attempts"];
        assert_eq!(words(&[("at_customer_destination_name", "1")]), third_first);
        let first_third = ["customer", "customer_destination_name", "call_time", "attempts"];
        assert_eq!(words(&[("at_call_time", "3")]), first_third);
        assert_eq!(words(&[("at_call_time", "soon")]), usual);
        assert_eq!(words(&[("at_call_time", "0"), ("at_customer", "0")]), usual);
    }

    #[test]
    fn a_button_moves_one_row_by_one_place() {
        let moved = ["customer", "call_time", "customer_destination_name", "attempts"];
        assert_eq!(words(&[("move", "up:customer")]), moved);
        assert_eq!(words(&[("move", "down:call_time")]), moved);
        assert_eq!(words(&[("move", "up:call_time")])[0], "call_time");
        assert_eq!(words(&[("move", "up:nothing")])[0], "call_time");
    }
}
