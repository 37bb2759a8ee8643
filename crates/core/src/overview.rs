//! The first page: what is due, what was billed lately, what is in use.

use portico_billing::Money;
use portico_billing::page::PageSize;
use portico_billing::section::Section;
use portico_billing::subscription::SubscriptionStatus;
use portico_billing::totals::{Month, Sums};
use portico_core_api::{
    CurrencyTotals, MonthTotals, Overdue, Overview, Refusal, SessionSecret, SubscriptionView,
};
use portico_store::invoice::InvoiceListFilter;
use portico_store::{CustomerList, Read};

use crate::invoices::{put_off_in, row};
use crate::visit::Scope;
use crate::{Core, Failure, subscriptions, visit};

/// Rows of each short list.
const FEW: u16 = 5;
/// Months of the chart.
const MONTHS: i32 = 12;

pub(crate) async fn read(core: &Core, secret: &SessionSecret) -> Result<Overview, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    Ok(assemble(&mut read, &scope).await?)
}

/// What belongs to a hidden section is left out, and not even read.
async fn assemble(read: &mut Read, scope: &Scope) -> Result<Overview, Failure> {
    let mut overview = Overview {
        totals: Vec::new(),
        overdue: Vec::new(),
        next_due: None,
        recent_invoices: Vec::new(),
        active_subscriptions: Vec::new(),
        months: Vec::new(),
        available: Money::zero(scope.currency),
    };
    if scope.shows(Section::Balance) {
        overview.totals = totals(read, scope).await?;
        overview.months = months(read, scope).await?;
        let own = overview.totals.first().map_or_else(Sums::default, |own| own.sums);
        let available = own.balance().saturating_add(scope.debit_limit_minor);
        overview.available = Money::new(available, scope.currency);
    }
    if scope.shows(Section::Invoices) {
        add_invoices(read, scope, &mut overview).await?;
    }
    if scope.shows(Section::Subscriptions) {
        overview.active_subscriptions = active_subscriptions(read, scope).await?;
    }
    Ok(overview)
}

async fn add_invoices(
    read: &mut Read,
    scope: &Scope,
    overview: &mut Overview,
) -> Result<(), Failure> {
    let (customer, today) = (scope.customer_id, scope.today);
    let newest = InvoiceListFilter { size: few(), ..InvoiceListFilter::default() };
    let recent = read.invoices_of_customer(customer, &newest).await?;
    overview.recent_invoices = recent.rows.into_iter().map(|invoice| row(invoice, today)).collect();
    let next_due = read.next_due_invoice(customer, today).await?;
    let next_due = next_due.map(|invoice| (invoice.next_due_on().max(today), invoice));
    overview.next_due = next_due.map(|(day, invoice)| row((&invoice).into(), day));
    let overdue = read.overdue_sums(customer, today).await?.into_iter();
    overview.overdue = overdue
        .map(|it| Overdue { amount: it.due, count: it.count, at_least: it.at_least })
        .collect();
    Ok(())
}

/// Sums over all time, the customer's own currency first, even where nothing happened in it.
async fn totals(read: &mut Read, scope: &Scope) -> Result<Vec<CurrencyTotals>, Failure> {
    let found = read.customer_totals(scope.customer_id).await?;
    let put_off = read.put_off(scope.customer_id, scope.today).await?;
    let own = found.iter().find(|(currency, _)| *currency == scope.currency);
    let own = own.map_or_else(Sums::default, |(_, sums)| *sums);
    let others = found.into_iter().filter(|(currency, _)| *currency != scope.currency);
    Ok(std::iter::once((scope.currency, own))
        .chain(others)
        .map(|(currency, sums)| CurrencyTotals::new(currency, sums, put_off_in(&put_off, currency)))
        .collect())
}

/// The last twelve months, those without any movement too.
async fn months(read: &mut Read, scope: &Scope) -> Result<Vec<MonthTotals>, Failure> {
    let last = Month::of(scope.today);
    let span = (last.back(MONTHS - 1), last);
    let found = read.customer_months(scope.customer_id, scope.currency, span).await?;
    let money = |minor| Money::new(minor, scope.currency);
    let months = (0..MONTHS).rev().map(|back| {
        let month = last.back(back);
        let sums = found.iter().find(|(it, _)| *it == month).map(|(_, sums)| *sums);
        let sums = sums.unwrap_or_default();
        MonthTotals {
            month,
            invoiced: money(sums.invoiced),
            paid: money(sums.paid.saturating_sub(sums.refunded)),
        }
    });
    Ok(months.collect())
}

async fn active_subscriptions(
    read: &mut Read,
    scope: &Scope,
) -> Result<Vec<SubscriptionView>, Failure> {
    let mut found = Vec::new();
    for status in
        [SubscriptionStatus::Active, SubscriptionStatus::PastDue, SubscriptionStatus::Trialing]
    {
        let list = CustomerList {
            status: Some(status.as_str().to_owned()),
            size: few(),
            ..CustomerList::default()
        };
        let page = read.subscriptions_of_customer(scope.customer_id, &list).await?;
        found.extend(page.rows);
    }
    found.truncate(usize::from(FEW));
    subscriptions::views(read, scope, found).await
}

fn few() -> PageSize {
    PageSize::try_from(FEW).unwrap_or_default()
}
