//! The first page: what is due, what was invoiced and paid, what is in use.

use jiff::civil::date;
use portico_billing::totals::{Month, Sums};
use portico_billing::{Currency, Money};
use portico_core_api::{CurrencyTotals, MonthTotals, Overdue, Overview};
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::Answer;
use crate::invoices::InvoiceItem;
use crate::samples::{eur, jpy, kwd};
use crate::subscriptions::SubscriptionItem;
use crate::visitor::Visitor;

/// The account at a glance.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OverviewPage {
    /// Figures of the customer's own currency.
    main: Figures,
    available: Money,
    /// Figures of other currencies.
    others: Vec<Figures>,
    overdue: Vec<Overdue>,
    next_due: Option<InvoiceItem>,
    invoices: Vec<InvoiceItem>,
    subscriptions: Vec<SubscriptionItem>,
    months: Vec<MonthTotals>,
    /// Whether the chart has anything to show.
    any_movement: bool,
}

/// Due and balance in one currency.
#[derive(Debug, Clone, Copy, Serialize)]
struct Figures {
    due: Money,
    /// Invoices of which something is due.
    payable: i64,
    /// Instalments whose day is still to come.
    later: Money,
    balance: Money,
}

impl From<&CurrencyTotals> for Figures {
    fn from(it: &CurrencyTotals) -> Self {
        Self {
            due: it.due,
            payable: it.due_invoices,
            later: Money::new(it.sums.due.saturating_sub(it.due.minor()), it.currency),
            balance: Money::new(it.sums.balance(), it.currency),
        }
    }
}

impl Figures {
    /// Where nothing is put off.
    fn new(currency: Currency, sums: Sums) -> Self {
        Self::from(&CurrencyTotals::new(currency, sums, (0, 0)))
    }
}

impl OverviewPage {
    fn new(overview: Overview, currency: Currency) -> Self {
        let (own, others): (Vec<CurrencyTotals>, Vec<_>) =
            overview.totals.into_iter().partition(|totals| totals.currency == currency);
        let main = own.first().map(Figures::from);
        let moved = |month: &MonthTotals| !month.invoiced.is_zero() || !month.paid.is_zero();
        Self {
            main: main.unwrap_or_else(|| Figures::new(currency, Sums::default())),
            available: overview.available,
            others: others.iter().map(Figures::from).collect(),
            overdue: overview.overdue,
            next_due: overview.next_due.map(InvoiceItem::from),
            invoices: overview.recent_invoices.into_iter().map(InvoiceItem::from).collect(),
            subscriptions: overview
                .active_subscriptions
                .iter()
                .map(SubscriptionItem::from)
                .collect(),
            any_movement: overview.months.iter().any(moved),
            months: overview.months,
        }
    }
}

/// GET: the page.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    let overview = visitor.core().overview(&visitor.secret).await?;
    visitor.page(&OverviewPage::new(overview, visitor.visit.currency))
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "portal/overview/overview.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        vec![
            Sample::new("empty", empty()),
            Sample::new("typical", typical()),
            Sample::new("instalments", in_instalments()),
            Sample::new("three-decimals-and-more-currencies", extreme()),
        ]
    }
}

fn empty() -> OverviewPage {
    let nothing = |month| MonthTotals { month, invoiced: eur(0), paid: eur(0) };
    OverviewPage {
        main: Figures::new(Currency::EUR, Sums::default()),
        available: eur(0),
        others: Vec::new(),
        overdue: Vec::new(),
        next_due: None,
        invoices: Vec::new(),
        subscriptions: Vec::new(),
        months: months().map(nothing).collect(),
        any_movement: false,
    }
}

fn typical() -> OverviewPage {
    let amounts = [120, 132, 118, 140, 155, 149, 171, 168, 180, 176, 190, 214];
    let month = |(month, hundreds): (Month, i64)| MonthTotals {
        month,
        invoiced: eur(hundreds * 1_000),
        paid: eur((hundreds - 9) * 1_000),
    };
    let sums =
        Sums { invoiced: 1_913_000, paid: 1_805_000, due: 108_000, payable: 2, ..Sums::default() };
    OverviewPage {
        main: Figures::new(Currency::EUR, sums),
        available: eur(392_000),
        others: Vec::new(),
        overdue: vec![Overdue { amount: eur(42_350), count: 1, at_least: false }],
        next_due: InvoiceItem::samples().into_iter().nth(1),
        invoices: InvoiceItem::samples().into_iter().take(5).collect(),
        subscriptions: SubscriptionItem::samples().into_iter().take(2).collect(),
        months: months().zip(amounts).map(month).collect(),
        any_movement: true,
    }
}

/// Nothing is due yet, and some is later.
fn in_instalments() -> OverviewPage {
    let main = Figures { due: eur(0), payable: 0, later: eur(24_200), balance: eur(-24_200) };
    OverviewPage { main, overdue: Vec::new(), ..typical() }
}

fn extreme() -> OverviewPage {
    let month = |month| MonthTotals { month, invoiced: kwd(9_876_543_210), paid: kwd(-5_250) };
    let sums =
        Sums { invoiced: 9_876_543_210, due: 9_876_543_210, payable: 1_204, ..Sums::default() };
    let yen = Sums { invoiced: 125_000, due: 125_000, payable: 1, ..Sums::default() };
    OverviewPage {
        main: Figures::new(Currency::KWD, sums),
        available: kwd(-5_250),
        others: vec![Figures::new(Currency::JPY, yen)],
        overdue: vec![
            Overdue { amount: kwd(9_876_543_210), count: 10_000, at_least: true },
            Overdue { amount: jpy(125_000), count: 1, at_least: false },
        ],
        next_due: None,
        invoices: InvoiceItem::extremes(),
        subscriptions: SubscriptionItem::samples(),
        months: months().map(month).collect(),
        any_movement: true,
    }
}

/// The twelve months up to November 2026.
fn months() -> impl Iterator<Item = Month> {
    let last = Month::of(date(2026, 11, 1));
    (0..12).rev().map(move |count| last.back(count))
}
