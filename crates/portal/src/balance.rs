//! The balance, and the statement of how it came to be.

use jiff::civil::{Date, date};
use portico_billing::ledger::{Account, Subject};
use portico_billing::page::Page as Rows;
use portico_billing::{Currency, Money};
use portico_core_api::{
    DebitLimit, Refusal, Statement, StatementLine, StatementQuery, TableFormat,
};
use portico_ui::{Page, Sample};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, download, export};
use crate::listing::{Asked, Listing};
use crate::params::Params;
use crate::paths;
use crate::payments::method_key;
use crate::samples::{LONG, MARKUP, eur, id, kwd};
use crate::visitor::Visitor;

/// A line of the statement.
#[derive(Debug, Clone, Serialize)]
struct Line {
    occurred_on: Date,
    text_key: &'static str,
    subject: Option<Subject>,
    amount: Money,
    balance: Option<Money>,
    number: Option<String>,
    method_key: Option<String>,
    method_label: Option<String>,
    description: Option<String>,
}

impl From<StatementLine> for Line {
    fn from(it: StatementLine) -> Self {
        Self {
            occurred_on: it.occurred_on,
            text_key: it.text_key(),
            subject: it.subject,
            amount: it.amount,
            balance: it.balance,
            number: it.number,
            method_key: it.method.as_deref().map(method_key),
            method_label: it.method_label,
            description: it.description,
        }
    }
}

/// How far below zero the balance may go.
#[derive(Debug, Clone, Serialize)]
struct Limit {
    /// `credit`, `prepaid`, or `buffer` where something has to be left.
    kind: &'static str,
    /// Never below zero.
    amount: Money,
    available: Money,
}

impl From<DebitLimit> for Limit {
    fn from(it: DebitLimit) -> Self {
        let kind = match it.limit.minor() {
            1.. => "credit",
            0 => "prepaid",
            _ => "buffer",
        };
        let amount = Money::new(it.limit.minor().saturating_abs(), it.limit.currency());
        Self { kind, amount, available: it.available }
    }
}

/// The balance of one currency with a page of its statement.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BalancePage {
    live: Money,
    limit: Option<Limit>,
    currencies: Vec<Currency>,
    opening: Option<Money>,
    closing: Option<Money>,
    list: Listing<Line>,
}

impl BalancePage {
    fn new(statement: Statement, asked: Asked<'_>) -> Self {
        Self {
            live: statement.live,
            limit: statement.limit.map(Limit::from),
            currencies: statement.currencies,
            opening: statement.opening,
            closing: statement.closing,
            list: asked.listing(statement.lines, Line::from),
        }
    }
}

/// The one column that a statement is sorted by.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sort {
    #[default]
    Date,
}

fn read(params: &Params) -> (StatementQuery, Asked<'_>) {
    let mut asked = Asked::new(params);
    let (from, until) = asked.days();
    let (Sort::Date, direction) = asked.order("date");
    let query = StatementQuery {
        currency: asked.currency(),
        search: asked.filters.q.clone(),
        group: asked.kind(),
        from,
        until,
        direction,
        cursor: asked.cursor(),
        size: asked.size(),
    };
    (query, asked)
}

/// GET: the balance.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    let (query, asked) = read(&params);
    let statement = visitor.core().statement(&visitor.secret, query).await?;
    visitor.page(&BalancePage::new(statement, asked))
}

/// GET: what the filters find, as CSV.
pub(crate) async fn csv(visitor: Visitor, params: Params) -> Answer {
    table(&visitor, &params, TableFormat::Csv).await
}

/// GET: what the filters find, as a workbook.
pub(crate) async fn xlsx(visitor: Visitor, params: Params) -> Answer {
    table(&visitor, &params, TableFormat::Xlsx).await
}

async fn table(visitor: &Visitor, params: &Params, format: TableFormat) -> Answer {
    let (query, _) = read(params);
    Ok(export(visitor.core().export_statement(&visitor.secret, query, format).await?))
}

/// GET: the statement of the days and the currency that are shown, as PDF.
pub(crate) async fn pdf(visitor: Visitor, params: Params) -> Answer {
    let (query, _) = read(&params);
    match visitor.core().statement_pdf(&visitor.secret, query).await {
        Ok(document) => Ok(download(document)),
        Err(Refusal::Invalid { .. }) => {
            let key = "notice-statement-not-made";
            Ok(visitor.here.redirect_with_notice(paths::BALANCE, "warning", key))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

impl Page for BalancePage {
    const TEMPLATE: &'static str = "portal/balance/statement.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let page = |query: &str, statement: Statement| {
            let params = Params::of_query(query);
            Self::new(statement, read(&params).1)
        };
        let lines = sample_lines();
        let of = |live: Money, limit: i64, rows: Vec<StatementLine>| Statement {
            live,
            limit: Some(DebitLimit {
                limit: Money::new(limit, live.currency()),
                available: Money::new(live.minor() + limit, live.currency()),
            }),
            currencies: vec![live.currency()],
            opening: None,
            closing: None,
            lines: Rows { rows, next: None, previous: None },
        };
        let ranged = Statement {
            opening: Some(eur(-12_100)),
            closing: Some(eur(2_000)),
            currencies: vec![Currency::EUR, Currency::JPY],
            limit: None,
            ..of(eur(2_000), 0, lines.clone())
        };
        vec![
            Sample::new("empty", page("", of(eur(0), 0, Vec::new()))),
            Sample::new("typical", page("", of(eur(-24_200), 100_000, lines.clone()))),
            Sample::new("days", page("from=2026-10-01&until=2026-11-30&currency=EUR", ranged)),
            Sample::new(
                "nothing-found",
                page("q=INV-9&kind=payments", of(eur(5), -2_500, Vec::new())),
            ),
            Sample::new("faulty-filters", page("from=2026-02-30", of(eur(0), 0, lines))),
            Sample::new("extreme", page("", of(kwd(-9_876_543_210), 1, vec![extreme()]))),
        ]
    }
}

/// One of each kind.
fn sample_lines() -> Vec<StatementLine> {
    let line = |day, counter, minor, subject| StatementLine {
        occurred_on: date(2026, 11, day),
        subject: Some(subject),
        counter,
        amount: eur(minor),
        balance: Some(eur(minor - 12_100)),
        number: None,
        method: None,
        method_label: None,
        description: None,
    };
    let invoice = Subject::Invoice(id(1));
    let number = Some("INV-2026-0117".to_owned());
    let of_invoice = |day, counter, minor| StatementLine {
        number: number.clone(),
        ..line(day, counter, minor, invoice)
    };
    let note = line(20, Account::CreditNotes, 12_100, Subject::CreditNote(id(3)));
    let payment = StatementLine {
        method: Some("card".to_owned()),
        method_label: Some("Visa ending 4242".to_owned()),
        description: Some("October".to_owned()),
        ..line(21, Account::Recorded, 121_000, Subject::Payment(id(7)))
    };
    let refund = StatementLine {
        amount: eur(-21_000),
        method_label: None,
        description: None,
        ..payment.clone()
    };
    let voucher = StatementLine {
        number: Some("SUMMER26-00042".to_owned()),
        ..line(22, Account::Vouchers, 2_500, Subject::Voucher(id(9)))
    };
    vec![
        voucher,
        refund,
        payment,
        StatementLine { number: Some("CN-2026-0003".to_owned()), ..note.clone() },
        StatementLine { subject: None, amount: eur(-12_100), ..note },
        of_invoice(18, Account::WriteOffs, 5_000),
        of_invoice(17, Account::WriteOffs, -5_000),
        of_invoice(16, Account::PaidElsewhere, 7_000),
        of_invoice(15, Account::PaidElsewhere, -7_000),
        of_invoice(14, Account::Sales, 12_100),
        of_invoice(13, Account::Sales, -12_100),
    ]
}

/// Three decimals, texts without end.
fn extreme() -> StatementLine {
    StatementLine {
        amount: kwd(9_876_543_210),
        balance: Some(kwd(-9_876_543_210)),
        method_label: Some(LONG.to_owned()),
        description: Some(MARKUP.to_owned()),
        ..sample_lines().swap_remove(2)
    }
}
