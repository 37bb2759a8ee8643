//! Invoices and credit notes: documents with lines, taxes and totals.

use jiff::civil::Date;
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::invoice::{
    Adjustment, Invoice, InvoiceBody, InvoiceStatus, Line, OpenInstalment, Party,
    PaymentInstructions, Tax,
};
use portico_billing::{Currency, Money};
use rust_decimal::Decimal;

use super::sheet::{
    Block, Day, Fact, Row, Section, Sheet, Stamp, Table, Total, accent_of, paper_of, text_section,
};
use super::text::{line, printable};
use super::{CreditNoteDocument, DocumentStyle, InvoiceDocument};

/// The sheet of an invoice.
pub fn invoice(document: &InvoiceDocument<'_>, style: &DocumentStyle<'_>) -> Sheet {
    let InvoiceDocument { invoice, body, seller, buyer } = *document;
    let (labels, format) = (style.labels, style.format);
    let period = invoice.period.map(|period| format.period(period));
    let mut facts = vec![Fact::new(&labels.issued_on, &format.date(invoice.issued_on))];
    if invoice.due_on != invoice.issued_on && invoice.instalments.is_empty() {
        facts.push(Fact::new(&labels.due_on, &format.date(invoice.due_on)));
    }
    facts.extend(Fact::some(&labels.period, period.as_deref()));
    facts.extend(Fact::some(&labels.purchase_order, body.purchase_order.as_deref()));
    Sheet {
        number: invoice.number.as_deref().and_then(line),
        stamp: invoice_stamp(invoice.status, style),
        facts,
        hero: invoice_hero(invoice, style),
        table: line_table(&body.lines, invoice.currency, style),
        totals: invoice_totals(invoice, body, style),
        aside: instalment_table(invoice, style),
        payment: payment_section(invoice.status, &body.payment, style),
        notes: text_section(&labels.notes, body.notes.as_deref()),
        ..blank(&labels.invoice, invoice.issued_on, (seller, buyer, &labels.bill_to), style)
    }
}

/// The sheet of a credit note.
pub fn credit_note(document: &CreditNoteDocument<'_>, style: &DocumentStyle<'_>) -> Sheet {
    let CreditNoteDocument { note, body, invoice_number, seller, buyer } = *document;
    let (labels, format) = (style.labels, style.format);
    let money = |minor| format.money(Money::new(minor, note.currency));
    let mut facts = vec![Fact::new(&labels.issued_on, &format.date(note.issued_on))];
    facts.extend(Fact::some(&labels.corrects, invoice_number));
    facts.extend(Fact::some(&labels.purchase_order, body.purchase_order.as_deref()));
    facts.extend(Fact::some(&labels.reason, note.reason.as_deref()));
    let mut totals = net_totals(note.subtotal_minor, body, note.currency, style);
    totals.push(Total::last(&labels.amount_credited, money(note.total_minor)));
    Sheet {
        number: line(&note.number),
        stamp: (note.status == CreditNoteStatus::Void)
            .then(|| Stamp { text: labels.stamp_void.clone(), tone: "grey" }),
        facts,
        hero: Fact::new(&labels.amount_credited, &money(note.total_minor)),
        table: line_table(&body.lines, note.currency, style),
        totals,
        notes: text_section(&labels.notes, body.notes.as_deref()),
        ..blank(&labels.credit_note, note.issued_on, (seller, buyer, &labels.issued_to), style)
    }
}

/// A sheet with what all documents share.
pub fn blank(
    heading: &str,
    date: Date,
    (seller, buyer, buyer_label): (&Party, &Party, &str),
    style: &DocumentStyle<'_>,
) -> Sheet {
    Sheet {
        language: style.language.to_owned(),
        paper: paper_of(seller),
        accent: accent_of(style.look),
        brand: line(&style.look.name).unwrap_or_else(|| printable(&seller.name)),
        logo: style.look.logo.is_some(),
        heading: heading.to_owned(),
        number: None,
        date: Day { year: date.year(), month: date.month(), day: date.day() },
        stamp: None,
        seller: Block::of(&style.labels.from, seller, style),
        buyer: Block::of(buyer_label, buyer, style),
        facts: Vec::new(),
        hero: Fact::new("", ""),
        table: Table::default(),
        aside: Table::default(),
        totals: Vec::new(),
        payment: None,
        notes: None,
        footer: style.look.footer.as_deref().and_then(line),
        page: style.labels.page.clone(),
    }
}

fn invoice_stamp(status: InvoiceStatus, style: &DocumentStyle<'_>) -> Option<Stamp> {
    let (text, tone) = match status {
        InvoiceStatus::Draft => (&style.labels.stamp_draft, "amber"),
        InvoiceStatus::Paid => (&style.labels.stamp_paid, "green"),
        InvoiceStatus::Void => (&style.labels.stamp_void, "grey"),
        InvoiceStatus::Open | InvoiceStatus::PartiallyPaid | InvoiceStatus::Uncollectible => {
            return None;
        }
    };
    Some(Stamp { text: text.clone(), tone })
}

/// The one figure to see first: what is due, or the total where nothing is.
fn invoice_hero(invoice: &Invoice, style: &DocumentStyle<'_>) -> Fact {
    if invoice.status.is_payable() {
        let remaining = style.format.money(invoice.remaining());
        return Fact::new(remaining_label(invoice, style), &remaining);
    }
    Fact::new(&style.labels.total, &style.format.money(invoice.total()))
}

/// What is still to be paid is due, unless it is paid in parts: paper does not know the day.
fn remaining_label<'a>(invoice: &Invoice, style: &DocumentStyle<'a>) -> &'a str {
    match invoice.instalments.is_empty() {
        true => &style.labels.amount_due,
        false => &style.labels.remaining,
    }
}

/// Which part is to be paid by which day, and what of each is still to be paid.
fn instalment_table(invoice: &Invoice, style: &DocumentStyle<'_>) -> Table {
    let (labels, format) = (style.labels, style.format);
    if invoice.instalments.is_empty() || invoice.status == InvoiceStatus::Void {
        return Table::default();
    }
    let number = |minor| format.number(Money::new(minor, invoice.currency).to_decimal());
    let row = |it: OpenInstalment| Row {
        text: format.date(it.due_on),
        note: None,
        cells: vec![number(it.amount_minor), number(it.open_minor)],
    };
    let columns = vec![
        labels.due_on.clone(),
        format!("{} ({})", labels.amount, invoice.currency),
        labels.instalment_open.clone(),
    ];
    let rows = invoice.open_instalments().into_iter().map(row).collect();
    Table { title: Some(labels.instalments.clone()), columns, rows }
}

/// The lines. Without the tax column where no line states a rate.
fn line_table(lines: &[Line], currency: Currency, style: &DocumentStyle<'_>) -> Table {
    let labels = style.labels;
    let taxed = lines.iter().any(|line| line.tax_rate.is_some());
    let mut columns =
        vec![labels.description.clone(), labels.quantity.clone(), labels.unit_price.clone()];
    if taxed {
        columns.push(labels.tax.clone());
    }
    columns.push(format!("{} ({currency})", labels.amount));
    let rows = lines.iter().map(|line| line_row(line, currency, taxed, style)).collect();
    Table { title: None, columns, rows }
}

fn line_row(entry: &Line, currency: Currency, taxed: bool, style: &DocumentStyle<'_>) -> Row {
    let format = style.format;
    let number = |number: Decimal| format.number(number.normalize());
    let unit = entry.unit.as_deref().and_then(line);
    let quantity = number(entry.quantity);
    let mut cells = vec![
        unit.map_or_else(|| quantity.clone(), |unit| format!("{quantity}\u{a0}{unit}")),
        format.number(at_least(entry.unit_price, currency.exponent())),
    ];
    if taxed {
        let rate = entry.tax_rate.map(|rate| format.percent(rate.normalize()));
        cells.push(rate.unwrap_or_else(|| "–".to_owned()));
    }
    cells.push(format.number(Money::new(entry.amount_minor, currency).to_decimal()));
    let notes = [entry.period.map(|period| format.period(period)), entry.note.clone()];
    let notes: Vec<String> = notes.into_iter().flatten().map(|note| printable(&note)).collect();
    Row {
        text: printable(&entry.description),
        note: (!notes.is_empty()).then(|| notes.join("\n")),
        cells,
    }
}

/// The number with all of its decimal places, and with no fewer than `places`.
fn at_least(number: Decimal, places: u32) -> Decimal {
    let mut number = number.normalize();
    if number.scale() < places {
        number.rescale(places);
    }
    number
}

fn invoice_totals(invoice: &Invoice, body: &InvoiceBody, style: &DocumentStyle<'_>) -> Vec<Total> {
    let (labels, figures) = (style.labels, &invoice.figures);
    let money = |minor| style.format.money(Money::new(minor, invoice.currency));
    let mut totals = net_totals(figures.subtotal_minor, body, invoice.currency, style);
    totals.push(Total::strong(&labels.total, money(figures.total_minor)));
    let settled = [
        (&labels.prepaid, figures.prepaid_minor),
        (&labels.paid, figures.paid_minor),
        (&labels.credited, figures.credited_minor),
    ];
    for (label, minor) in settled.into_iter().filter(|(_, minor)| *minor != 0) {
        totals.push(Total::plain(label, money(-minor)));
    }
    if invoice.status != InvoiceStatus::Void {
        let due = figures.due_minor();
        totals.push(Total::last(remaining_label(invoice, style), money(due)));
    }
    totals
}

/// From the lines to the taxes.
fn net_totals(
    subtotal_minor: i64,
    body: &InvoiceBody,
    currency: Currency,
    style: &DocumentStyle<'_>,
) -> Vec<Total> {
    let money = |minor| style.format.money(Money::new(minor, currency));
    let mut totals = Vec::new();
    if !body.adjustments.is_empty() {
        let lines = body.lines.iter().map(|line| line.amount_minor).fold(0, i64::saturating_add);
        totals.push(Total::plain(&style.labels.lines_total, money(lines)));
        totals.extend(
            body.adjustments.iter().map(|Adjustment { reason, amount_minor }| {
                Total::plain(reason, money(*amount_minor))
            }),
        );
    }
    totals.push(Total::plain(&style.labels.subtotal, money(subtotal_minor)));
    totals.extend(body.taxes.iter().map(|tax| tax_total(tax, currency, style)));
    totals
}

fn tax_total(tax: &Tax, currency: Currency, style: &DocumentStyle<'_>) -> Total {
    let money = |minor| style.format.money(Money::new(minor, currency));
    let rate = tax.rate.map(|rate| style.format.percent(rate.normalize())).unwrap_or_default();
    let base = money(tax.taxable_minor);
    let mut label = format!("{} {rate} {} {base}", tax.name, style.labels.tax_of);
    if let Some(reason) = tax.exemption_reason.as_deref().and_then(line) {
        label = format!("{label}\n{reason}");
    }
    Total::plain(&label.replace("  ", " "), money(tax.tax_minor))
}

/// How to pay, while something is to be paid.
fn payment_section(
    status: InvoiceStatus,
    payment: &PaymentInstructions,
    style: &DocumentStyle<'_>,
) -> Option<Section> {
    if !status.is_payable() {
        return None;
    }
    let labels = style.labels;
    let iban = payment.iban.as_deref().map(grouped_by_four);
    // The means may be a bare code of UNTDID 4461, which tells a reader nothing.
    let means = payment.means.as_deref().filter(|means| means.contains(char::is_alphabetic));
    let facts: Vec<Fact> = [
        Fact::some(&labels.method, means),
        Fact::some(&labels.account_name, payment.account_name.as_deref()),
        iban.map(|value| Fact { label: labels.iban.clone(), value }),
        Fact::some(&labels.bic, payment.bic.as_deref()),
        Fact::some(&labels.payment_reference, payment.reference.as_deref()),
        Fact::some(&labels.payment_terms, payment.terms.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!facts.is_empty()).then(|| Section { title: labels.how_to_pay.clone(), facts, text: None })
}

/// An account number in groups of four, as it is printed on paper.
fn grouped_by_four(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    printable(&groups.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_price_keeps_its_decimals_and_has_at_least_those_of_the_currency() {
        assert_eq!(at_least(Decimal::new(5, 1), 2).to_string(), "0.50");
        assert_eq!(at_least(Decimal::new(1250, 5), 2).to_string(), "0.0125");
        assert_eq!(at_least(Decimal::new(50_000, 2), 0).to_string(), "500");
    }

    #[test]
    fn account_numbers_are_grouped() {
        assert_eq!(grouped_by_four("ES7620770024003102575766"), "ES76 2077 0024 0031 0257 5766");
    }
}
