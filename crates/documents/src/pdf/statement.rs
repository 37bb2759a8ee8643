//! Statements of account: what moved a balance, with the balance after each movement.

use jiff::civil::Date;
use portico_billing::ageing::{Age, Aged, Ageing};
use portico_billing::invoice::{Party, Period};
use portico_billing::{Currency, Money};

use super::sheet::{Fact, Row, Sheet, Table, Total};
use super::text::{line, printable};
use super::{DocumentStyle, bill};

/// A statement of account to print, of one currency.
#[derive(Debug, Clone, Copy)]
pub struct StatementDocument<'a> {
    /// The currency.
    pub currency: Currency,
    /// The first day; from the very beginning where there is none.
    pub from: Option<Date>,
    /// The last day.
    pub until: Date,
    /// The balance before the first day, minor units; below zero is owed.
    pub opening_minor: i64,
    /// What moved the balance, the oldest first.
    pub movements: &'a [Movement],
    /// What is open; nothing where the reader is told of no invoices.
    pub open: Option<OpenInvoices>,
    /// The day on which it is printed.
    pub issued_on: Date,
    /// Who states.
    pub seller: &'a Party,
    /// Whose account it is.
    pub buyer: &'a Party,
}

/// A movement of a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// When.
    pub on: Date,
    /// What happened, with the number of its document.
    pub text: String,
    /// More about it.
    pub note: Option<String>,
    /// What it adds to the balance, minor units; charges are below zero.
    pub minor: i64,
}

/// What is open on the day on which a statement is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInvoices {
    /// The open invoices by their age.
    pub ageing: Ageing,
    /// What was paid and settled none of them, minor units.
    pub credit_minor: i64,
}

impl StatementDocument<'_> {
    fn closing_minor(&self) -> i64 {
        self.movements.iter().map(|it| it.minor).fold(self.opening_minor, i64::saturating_add)
    }

    /// The sum of all movements of one direction, above zero.
    fn moved(&self, is_wanted: impl Fn(i64) -> bool) -> i64 {
        let wanted = self.movements.iter().map(|it| it.minor).filter(|minor| is_wanted(*minor));
        wanted.fold(0, i64::saturating_add).saturating_abs()
    }
}

/// The sheet of a statement.
pub fn statement(document: &StatementDocument<'_>, style: &DocumentStyle<'_>) -> Sheet {
    let StatementDocument { currency, seller, buyer, issued_on, .. } = *document;
    let labels = style.labels;
    Sheet {
        facts: vec![
            Fact::new(&labels.issued_on, &style.format.date(issued_on)),
            span(document, style),
            Fact::new(&labels.currency, currency.code()),
        ],
        hero: hero(document.closing_minor(), currency, style),
        table: movements(document, style),
        totals: totals(document, style),
        aside: document.open.map_or_else(Table::default, |open| aside(&open, document, style)),
        ..bill::blank(&labels.statement, issued_on, (seller, buyer, &labels.issued_to), style)
    }
}

/// The days that it tells of.
fn span(document: &StatementDocument<'_>, style: &DocumentStyle<'_>) -> Fact {
    let (labels, format) = (style.labels, style.format);
    let end = document.until.tomorrow().unwrap_or(document.until);
    let period = document.from.and_then(|from| Period::new(from, end).ok());
    match period {
        Some(period) => Fact::new(&labels.statement_period, &format.period(period)),
        None => Fact::new(&labels.statement_until, &format.date(document.until)),
    }
}

/// Who owes whom: above zero either way.
fn hero(closing_minor: i64, currency: Currency, style: &DocumentStyle<'_>) -> Fact {
    let labels = style.labels;
    let label = match closing_minor {
        ..=-1 => &labels.amount_owed,
        0 => &labels.balance,
        1.. => &labels.in_your_favour,
    };
    let amount = Money::new(closing_minor.saturating_abs(), currency);
    Fact::new(label, &style.format.money(amount))
}

/// Day, movement, charge, payment, balance.
fn movements(document: &StatementDocument<'_>, style: &DocumentStyle<'_>) -> Table {
    let (labels, format, currency) = (style.labels, style.format, document.currency);
    let number = |minor| format.number(Money::new(minor, currency).to_decimal());
    let columns = [
        labels.day.clone(),
        labels.movement.clone(),
        labels.charges.clone(),
        labels.payments.clone(),
        format!("{} ({currency})", labels.balance),
    ];
    let mut balance = document.opening_minor;
    let first_day = document.from.map(|day| format.date(day)).unwrap_or_default();
    let opening = Row {
        text: labels.opening_balance.clone(),
        note: None,
        cells: vec![first_day, String::new(), String::new(), number(balance)],
    };
    let mut rows = vec![opening];
    rows.extend(document.movements.iter().map(|it| {
        balance = balance.saturating_add(it.minor);
        let amount = number(it.minor.saturating_abs());
        let (charge, payment) =
            if it.minor < 0 { (amount, String::new()) } else { (String::new(), amount) };
        Row {
            text: printable(&it.text),
            note: it.note.as_deref().and_then(line),
            cells: vec![format.date(it.on), charge, payment, number(balance)],
        }
    }));
    Table { title: None, columns: columns.to_vec(), rows }
}

fn totals(document: &StatementDocument<'_>, style: &DocumentStyle<'_>) -> Vec<Total> {
    let labels = style.labels;
    let money = |minor| style.format.money(Money::new(minor, document.currency));
    vec![
        Total::plain(&labels.opening_balance, money(document.opening_minor)),
        Total::plain(&labels.charges, money(-document.moved(|minor| minor < 0))),
        Total::plain(&labels.payments, money(document.moved(|minor| minor > 0))),
        Total::last(&labels.closing_balance, money(document.closing_minor())),
    ]
}

/// What is open, by age.
fn aside(
    open: &OpenInvoices,
    document: &StatementDocument<'_>,
    style: &DocumentStyle<'_>,
) -> Table {
    let (labels, currency) = (style.labels, document.currency);
    let number = |minor| style.format.number(Money::new(minor, currency).to_decimal());
    let row = |label: &str, aged: Aged| Row {
        text: label.to_owned(),
        note: None,
        cells: vec![aged.invoices.to_string(), number(aged.minor)],
    };
    let label = |age| match age {
        Age::Current => &labels.age_current,
        Age::To30 => &labels.age_to_30,
        Age::To60 => &labels.age_to_60,
        Age::To90 => &labels.age_to_90,
        Age::Older => &labels.age_older,
    };
    let mut rows: Vec<Row> =
        Age::ALL.into_iter().map(|age| row(label(age), open.ageing.aged(age))).collect();
    rows.push(row(&labels.due_in_all, open.ageing.total()));
    if open.credit_minor > 0 {
        let cells = vec![String::new(), number(-open.credit_minor)];
        rows.push(Row { text: labels.credit_left.clone(), note: None, cells });
    }
    let day = style.format.date(document.issued_on);
    Table {
        title: Some(format!("{} {day}", labels.ageing)),
        columns: vec![
            labels.overdue_by.clone(),
            labels.invoices.clone(),
            format!("{} ({currency})", labels.amount),
        ],
        rows,
    }
}
