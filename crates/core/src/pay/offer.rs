//! What can be paid, and by what.

use portico_billing::invoice::Invoice;
use portico_billing::section::Section;
use portico_billing::totals::Sums;
use portico_billing::{Currency, Money};
use portico_core_api::{
    CurrencyTotals, PAYABLE_MAX, PayOffer, PayableInvoice, Refusal, SessionSecret, WayToPay,
};
use portico_gateways::provider;
use portico_store::Read;
use portico_store::gateway::GatewayRecord;

use crate::invoices::put_off_in;
use crate::visit::Scope;
use crate::{Core, Failure, credit, gateways, visit};

/// What the customer can pay in a currency.
pub(crate) async fn offer(
    core: &Core,
    secret: &SessionSecret,
    currency: Option<Currency>,
) -> Result<PayOffer, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    if !scope.shows(Section::PayInvoices) && !scope.shows(Section::RefillBalance) {
        return Err(Refusal::NotFound);
    }
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    Ok(assemble(core, &mut read, &scope, currency).await?)
}

async fn assemble(
    core: &Core,
    read: &mut Read,
    scope: &Scope,
    wanted: Option<Currency>,
) -> Result<PayOffer, Failure> {
    let shows = |section| scope.shows(section);
    let pays = shows(Section::Invoices) && shows(Section::PayInvoices);
    let totals = read.customer_totals(scope.customer_id).await?;
    let gateways = read.enabled_gateways(scope.brand_id).await?;
    let due_in: Vec<Currency> = match pays {
        true => totals.iter().filter(|(_, sums)| sums.due > 0).map(|(it, _)| *it).collect(),
        false => Vec::new(),
    };
    let currencies = currencies(scope.currency, &due_in, &gateways);
    let currency = wanted.filter(|it| currencies.contains(it)).unwrap_or(scope.currency);
    let mut invoices = match pays {
        true => read.payable_invoices(scope.customer_id, currency, PAYABLE_MAX + 1).await?,
        false => Vec::new(),
    };
    let more = invoices.len() > usize::from(PAYABLE_MAX);
    invoices.truncate(usize::from(PAYABLE_MAX));
    let own = totals.iter().find(|(of, _)| *of == currency);
    let own = own.map_or_else(Sums::default, |(_, sums)| *sums);
    let put_off = put_off_in(&read.put_off(scope.customer_id, scope.today).await?, currency);
    let totals = CurrencyTotals::new(currency, own, put_off);
    let credit = credit::usable(read, (scope.customer_id, currency)).await?;
    let mut ways = Vec::new();
    for record in gateways {
        ways.extend(way(core, read, scope, (record, currency)).await?);
    }
    Ok(PayOffer {
        currency,
        currencies,
        due_in,
        invoices: invoices.into_iter().map(|it| payable_invoice(&it, scope)).collect(),
        more,
        due: if pays { totals.due } else { Money::zero(currency) },
        remaining: Money::new(if pays { own.due } else { 0 }, currency),
        credit: Money::new(credit, currency),
        ways,
    })
}

/// The customer's own first, then those that something is due in, then those that gateways take.
fn currencies(own: Currency, due_in: &[Currency], gateways: &[GatewayRecord]) -> Vec<Currency> {
    let taken = gateways.iter().flat_map(|it| it.currencies.iter().map(|terms| terms.currency));
    let mut currencies = Vec::new();
    for currency in std::iter::once(own).chain(due_in.iter().copied()).chain(taken) {
        if !currencies.contains(&currency) {
            currencies.push(currency);
        }
    }
    currencies
}

fn payable_invoice(it: &Invoice, scope: &Scope) -> PayableInvoice {
    PayableInvoice {
        id: it.id,
        number: it.number.clone(),
        due_on: it.next_due_on(),
        overdue: it.next_due_on() < scope.today,
        total: it.total(),
        due: it.next_payment(scope.today),
        is_due: it.due(scope.today).is_positive(),
        remaining: it.remaining(),
    }
}

/// The gateway as a way to pay in the currency, where it takes it, by a method that is not kept.
pub(crate) fn way_once(
    core: &Core,
    record: &GatewayRecord,
    currency: Currency,
) -> Option<WayToPay> {
    let terms = record.currencies.iter().find(|terms| terms.currency == currency)?;
    Some(WayToPay {
        gateway: record.id,
        name: record.name.clone(),
        provider: provider(&record.provider)?.name.to_owned(),
        test: record.is_test,
        answers: core.inner.circuits.answers(record.id),
        terms: terms.clone(),
        keeps: false,
        methods: Vec::new(),
    })
}

/// The same with the customer's own methods there, where it can keep some.
async fn way(
    core: &Core,
    read: &mut Read,
    scope: &Scope,
    (record, currency): (GatewayRecord, Currency),
) -> Result<Option<WayToPay>, Failure> {
    let Some(once) = way_once(core, &record, currency) else { return Ok(None) };
    let id = record.id;
    let keeps = gateways::open_record(core, record)?.gateway.stored_methods().is_some();
    let mut methods = match keeps && scope.shows(Section::PaymentMethods) {
        true => read.payment_methods_of_gateway(scope.customer_id, id).await?,
        false => Vec::new(),
    };
    methods.retain(|method| !method.is_expired(scope.today));
    Ok(Some(WayToPay { keeps, methods, ..once }))
}
