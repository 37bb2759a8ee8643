//! Lines in forms: read from their fields, put into them, added and taken away by buttons, so that
//! it works without a script.

use jiff::civil::Date;
use portico_core::records::{DecimalInput, LineInput};
use portico_ui::formats::{LanguageFormats, plain_decimal};
use portico_ui::{FormState, TextArgs};
use rust_decimal::Decimal;

use crate::staff::params::Params;

/// Most lines of one form.
pub const MOST: usize = 100;
/// The fields of a line.
const FIELDS: [&str; 5] = ["description", "quantity", "unit", "unit_price", "tax_rate"];

/// How many lines the form shows.
pub fn count(fields: &Params) -> usize {
    fields.get("lines").parse().unwrap_or(1).clamp(1, MOST)
}

/// What the button that was pressed asks of the lines; nothing where it asks for something else.
pub fn rearranged(fields: &Params, form: &FormState) -> Option<FormState> {
    let (count, pressed) = (count(fields), fields.get("do"));
    let removed = pressed.strip_prefix("remove-").and_then(|row| row.parse::<usize>().ok());
    let kept: Vec<usize> = match removed {
        Some(row) => (0..count).filter(|kept| *kept != row).collect(),
        None if pressed == "add" => (0..count).collect(),
        None => return None,
    };
    let mut form = form.clone();
    let rows = (kept.len() + usize::from(removed.is_none())).clamp(1, MOST);
    for to in 0..rows.max(count) {
        for field in FIELDS {
            let from = kept.get(to).map(|from| name(*from, field));
            let value = from.map_or("", |from| fields.get(&from)).to_owned();
            form = form.with_value(&name(to, field), value);
        }
    }
    Some(form.with_value("lines", rows.to_string()))
}

/// The lines as software would send them, and the form with what is wrong with its numbers. A line
/// of which nothing was filled in is none.
pub fn read(fields: &Params, mut form: FormState) -> (Vec<LineInput>, FormState) {
    let mut lines = Vec::new();
    for row in 0..count(fields) {
        let text = |field: &str| fields.get(&name(row, field));
        if FIELDS.iter().all(|field| text(field).is_empty()) {
            continue;
        }
        let mut number = |field: &str| {
            let typed = text(field);
            let number = decimal(typed);
            if number.is_none() && !typed.is_empty() {
                let broken = std::mem::take(&mut form);
                form = broken.with_fault(&name(row, field), "fault-number", TextArgs::new());
            }
            number.map(DecimalInput)
        };
        let (quantity, unit_price) = (number("quantity"), number("unit_price"));
        let tax_rate = number("tax_rate");
        lines.push(LineInput {
            description: text("description").to_owned(),
            note: None,
            quantity,
            unit: Some(text("unit").to_owned()).filter(|unit| !unit.is_empty()),
            unit_price,
            amount_minor: None,
            tax_rate,
            tax_category: None,
            period_start: None,
            period_end_exclusive: None,
        });
    }
    (lines, form)
}

/// The form with lines as they are.
pub fn present(mut form: FormState, lines: &[LineInput], formats: &LanguageFormats) -> FormState {
    let text = |number: Option<DecimalInput>| {
        number.map(|DecimalInput(it)| formats.typed_number(it.normalize())).unwrap_or_default()
    };
    for (row, line) in lines.iter().take(MOST).enumerate() {
        form = form
            .with_value(&name(row, "description"), line.description.as_str())
            .with_value(&name(row, "quantity"), text(line.quantity))
            .with_value(&name(row, "unit"), line.unit.clone().unwrap_or_default())
            .with_value(&name(row, "unit_price"), text(line.unit_price))
            .with_value(&name(row, "tax_rate"), text(line.tax_rate));
    }
    form.with_value("lines", lines.len().clamp(1, MOST).to_string())
}

/// A number as people type it, with a comma or a point.
pub fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(&plain_decimal(text)).ok()
}

/// A day as browsers send it, with a fault where it is none.
pub fn day(fields: &Params, field: &str, form: FormState) -> (Option<Date>, FormState) {
    let typed = fields.get(field);
    match typed.parse() {
        Ok(day) => (Some(day), form),
        Err(_) if typed.is_empty() => (None, form),
        Err(_) => (None, form.with_fault(field, "fault-day", TextArgs::new())),
    }
}

fn name(row: usize, field: &str) -> String {
    format!("lines.{row}.{field}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "lines=2&lines.0.description=A&lines.0.quantity=1,5&lines.0.unit_price=2\
        &lines.1.description=B&lines.1.unit_price=x";

    #[test]
    fn lines_are_added_and_taken_away() {
        let fields = |pressed: &str| Params::of_query(&format!("{TWO}&do={pressed}"));
        let added = rearranged(&fields("add"), &FormState::new()).expect("a form");
        assert_eq!((added.value("lines"), added.value("lines.1.description")), ("3", "B"));
        let taken = rearranged(&fields("remove-0"), &FormState::new()).expect("a form");
        assert_eq!((taken.value("lines"), taken.value("lines.0.description")), ("1", "B"));
        assert_eq!(taken.value("lines.1.description"), "");
        assert!(rearranged(&fields("save"), &FormState::new()).is_none());
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let (lines, form) = read(&Params::of_query(TWO), FormState::new());
        assert_eq!(lines[0].quantity.map(|it| it.0.to_string()).as_deref(), Some("1.5"));
        assert_eq!(lines[1].unit_price, None);
        assert!(!form.is_fine());
        let (none, _) = read(&Params::of_query("lines=3"), FormState::new());
        assert_eq!(none, []);
    }
}
