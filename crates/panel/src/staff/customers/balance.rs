//! The tab with a customer's balance and its statement.

use axum::extract::Path;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use portico_billing::ledger::Subject;
use portico_billing::page::{Direction, Page as Rows};
use portico_billing::section::Sections;
use portico_billing::{Currency, Money};
use portico_core::customers::{CustomerStatement, StatementFilter, StatementLine};
use portico_core_api::movement_key;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::rows::method_key;
use super::{Head, LONG, sample_id};
use crate::staff::listing::{self, Filters, Listing};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// A line of the statement.
#[derive(Debug, Clone, Serialize)]
struct Line {
    occurred_on: Date,
    text_key: &'static str,
    /// The route of its document, and the identifier there.
    route: (&'static str, String),
    number: Option<String>,
    method_key: Option<String>,
    method_label: Option<String>,
    description: Option<String>,
    amount: Money,
    balance: Option<Money>,
}

impl Line {
    fn new(it: StatementLine, currency: Currency) -> Self {
        let id = it.subject.uuid().to_string();
        Self {
            occurred_on: it.occurred_at.to_zoned(TimeZone::UTC).date(),
            text_key: movement_key(it.counter, it.minor > 0),
            route: match it.subject {
                Subject::Invoice(_) => ("invoice", id),
                Subject::Payment(_) => ("payment", id),
                Subject::Voucher(_) => ("voucher", id),
                Subject::CreditNote(_) => ("credit-note", id),
            },
            number: it.number,
            method_key: it.method.as_deref().map(method_key),
            method_label: it.method_label,
            description: it.description,
            amount: Money::new(it.minor, currency),
            balance: it.balance_minor.map(|minor| Money::new(minor, currency)),
        }
    }
}

/// The balance.
#[derive(Debug, Clone, Serialize)]
pub struct BalanceTab {
    customer: Head,
    live: Money,
    currencies: Vec<Currency>,
    list: Listing<Line>,
}

impl BalanceTab {
    fn new(customer: Head, it: CustomerStatement, params: &Params) -> Self {
        let currency = it.live.currency();
        let line = |line| Line::new(line, currency);
        Self {
            customer,
            live: it.live,
            currencies: it.currencies,
            list: Listing::new(params, Filters::default(), it.lines, line),
        }
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let asked = params.get("currency").parse().ok();
    let filter = |own| StatementFilter {
        currency: asked.unwrap_or(own),
        search: String::new(),
        sections: Sections::ALL,
        group: None,
        from: None,
        until: None,
        direction: Direction::Desc,
        cursor: listing::cursor(&params),
    };
    let size = listing::size(&params).get();
    let statement = staff.core().customer_statement(staff.caller(), output.id, filter, size);
    staff.page(&BalanceTab::new(customer, statement.await?, &params))
}

impl Page for BalanceTab {
    const TEMPLATE: &'static str = "panel/customers/balance.html";

    fn samples() -> Vec<Sample<Self>> {
        let line = |route: &'static str, text_key, minor| Line {
            occurred_on: date(2026, 11, 3),
            text_key,
            route: (route, sample_id(7)),
            number: None,
            method_key: None,
            method_label: None,
            description: None,
            amount: Money::new(minor, Currency::EUR),
            balance: Some(Money::new(minor - 100, Currency::EUR)),
        };
        let invoice = Line {
            number: Some("INV-2026-0117".to_owned()),
            ..line("invoice", "statement-invoice", -12_100)
        };
        let payment = Line {
            method_key: Some("card".to_owned()),
            description: Some("October # called twice".to_owned()),
            ..line("payment", "statement-payment", 12_000)
        };
        let note = line("credit-note", "statement-credit-note", 100);
        let extreme = Line {
            method_label: Some(LONG.to_owned()),
            description: Some(LONG.to_owned()),
            amount: Money::new(987_654_321_012, Currency::KWD),
            ..payment.clone()
        };
        let page = |customer, live, currencies, rows, next: Option<&str>| Self {
            customer,
            live,
            currencies,
            list: Listing::new(
                &Params::of_query(""),
                Filters::default(),
                Rows { rows, next: next.map(str::to_owned), previous: None },
                |row| row,
            ),
        };
        let (eur, kwd) = (Currency::EUR, Currency::KWD);
        let lines = vec![payment, invoice, note];
        vec![
            Sample::new(
                "typical",
                page(Head::sample(), Money::new(-100, eur), vec![eur, kwd], lines, Some("x")),
            ),
            Sample::new(
                "empty",
                page(Head::sample(), Money::zero(eur), vec![eur], Vec::new(), None),
            ),
            Sample::new(
                "extreme",
                page(Head::extreme_sample(), Money::new(9, kwd), vec![kwd], vec![extreme], None),
            ),
        ]
    }
}
