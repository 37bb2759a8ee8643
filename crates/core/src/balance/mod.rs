//! A customer's balance, and the statement of how it came to be.

mod export;
mod paper;

use jiff::tz::TimeZone;
use portico_billing::ledger::Subject;
use portico_billing::page::Page;
use portico_billing::payment::public_description;
use portico_billing::section::{Section, Sections};
use portico_billing::totals::Sums;
use portico_billing::{Currency, Money};
use portico_core_api::{
    DebitLimit, Refusal, SessionSecret, Statement, StatementLine, StatementQuery,
};
use portico_store::Read;
use portico_store::ledger::{StatementFilter, StatementLine as StoredLine};

pub(crate) use export::export;

use crate::visit::Scope;
use crate::{Core, Failure, visit};

pub(crate) async fn statement(
    core: &Core,
    secret: &SessionSecret,
    query: StatementQuery,
) -> Result<Statement, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Balance).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    Ok(assemble(&mut read, &scope, query).await?)
}

async fn assemble(
    read: &mut Read,
    scope: &Scope,
    query: StatementQuery,
) -> Result<Statement, Failure> {
    let (customer, size) = (scope.customer_id, query.size.get());
    let totals = read.customer_totals(customer).await?;
    let filter = filter(scope, query);
    let currency = filter.currency;
    let sums = totals.iter().find(|(known, _)| *known == currency);
    let live = sums.map_or_else(Sums::default, |(_, sums)| *sums).balance();
    let money = |minor| Money::new(minor, currency);
    let opening = match filter.from {
        Some(day) => Some(read.balance_at_start_of(customer, currency, day).await?),
        None => None,
    };
    let closing = match filter.until.and_then(|day| day.tomorrow().ok()) {
        Some(day) => Some(read.balance_at_start_of(customer, currency, day).await?),
        None => None,
    };
    let Page { rows, next, previous } = read.statement(customer, &filter, size).await?;
    let rows = rows.into_iter().map(|it| line(scope.sections, currency, it)).collect();
    Ok(Statement {
        live: money(live),
        limit: (currency == scope.currency).then(|| DebitLimit {
            limit: money(scope.debit_limit_minor),
            available: money(live.saturating_add(scope.debit_limit_minor)),
        }),
        currencies: currencies(scope, totals.iter().map(|(currency, _)| *currency)),
        opening: opening.map(money),
        closing: closing.map(money),
        lines: Page { rows, next, previous },
    })
}

/// The customer's own currency first, even where nothing happened in it.
fn currencies(scope: &Scope, known: impl Iterator<Item = Currency>) -> Vec<Currency> {
    let others = known.filter(|currency| *currency != scope.currency);
    std::iter::once(scope.currency).chain(others).collect()
}

fn filter(scope: &Scope, query: StatementQuery) -> StatementFilter {
    StatementFilter {
        currency: query.currency.unwrap_or(scope.currency),
        search: query.search,
        sections: scope.sections,
        group: query.group,
        from: query.from,
        until: query.until,
        direction: query.direction,
        cursor: query.cursor,
    }
}

/// What is told of a document whose section is hidden is its amount alone.
fn line(sections: Sections, currency: Currency, it: StoredLine) -> StatementLine {
    let section = match it.subject {
        Subject::Invoice(_) | Subject::CreditNote(_) => Section::Invoices,
        Subject::Payment(_) => Section::Payments,
        Subject::Voucher(_) => Section::Vouchers,
    };
    let shown = sections.has(section);
    let description = it.description.as_deref().map(public_description);
    let description = description.filter(|text| !text.is_empty()).map(str::to_owned);
    StatementLine {
        occurred_on: it.occurred_at.to_zoned(TimeZone::UTC).date(),
        subject: Some(it.subject).filter(|_| shown),
        counter: it.counter,
        amount: Money::new(it.minor, currency),
        balance: it.balance_minor.map(|minor| Money::new(minor, currency)),
        number: it.number.filter(|_| shown),
        method: it.method.filter(|_| shown),
        method_label: it.method_label.filter(|_| shown),
        description: description.filter(|_| shown),
    }
}
