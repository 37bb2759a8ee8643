//! One customer at a glance.

use jiff::civil::Date;
use portico_billing::account::Customer;
use portico_billing::invoice::InvoiceSummary;
use portico_billing::page::PageSize;
use portico_billing::payment::Payment;
use portico_billing::totals::Sums;
use portico_billing::{CustomerId, Money};
use portico_core_api::CurrencyTotals;
use portico_store::Read;
use portico_store::invoice::{InvoiceListFilter, PayableSum};
use portico_store::payment::PaymentListFilter;

use crate::invoices::put_off_in;
use crate::records::{RecordKey, Rejection};
use crate::{Caller, Core, Failure};

/// Rows of each short list.
const FEW: u16 = 5;
/// Drafts that are shown at most.
const DRAFTS: u16 = 20;

/// What the first tab of a customer shows.
#[derive(Debug, Clone)]
pub struct CustomerOverview {
    /// Sums over all time, the customer's own currency first.
    pub totals: Vec<CurrencyTotals>,
    /// What should have been paid, per currency.
    pub overdue: Vec<PayableSum>,
    /// Balance plus debit limit.
    pub available: Money,
    /// Invoices that are not issued yet.
    pub drafts: Vec<InvoiceSummary>,
    /// The newest invoices.
    pub invoices: Vec<InvoiceSummary>,
    /// The newest payments and refunds.
    pub payments: Vec<Payment>,
    /// The day it is for the organisation.
    pub today: Date,
}

impl Core {
    /// What the first tab of a customer shows.
    ///
    /// # Errors
    /// `NotFound`, where the caller may not, or where the machinery fails.
    pub async fn customer_overview(
        &self,
        caller: &Caller,
        id: CustomerId,
    ) -> Result<CustomerOverview, Rejection> {
        let mut read = self.read_as(caller).await?;
        let key = RecordKey::new(id.to_string());
        let found = read.customer(id).await?;
        let customer = found.ok_or_else(|| Rejection::NotFound(key.as_str().to_owned()))?;
        let today = self.today_of(&mut read).await?;
        Ok(assemble(&mut read, &customer, today).await?)
    }
}

async fn assemble(
    read: &mut Read,
    customer: &Customer,
    today: Date,
) -> Result<CustomerOverview, Failure> {
    let few = PageSize::try_from(FEW).unwrap_or_default();
    let newest = InvoiceListFilter { size: few, ..InvoiceListFilter::default() };
    let totals = totals(read, customer, today).await?;
    let own = totals.first().map_or_else(Sums::default, |own| own.sums);
    let available = own.balance().saturating_add(customer.debit_limit_minor);
    let payments = PaymentListFilter::default();
    Ok(CustomerOverview {
        available: Money::new(available, customer.currency),
        totals,
        overdue: read.overdue_sums(customer.id, today).await?,
        drafts: read.draft_invoices(customer.id, DRAFTS).await?,
        invoices: read.invoices_of_customer(customer.id, &newest).await?.rows,
        payments: read.payments_of_customer(customer.id, &payments, FEW).await?.rows,
        today,
    })
}

/// Sums over all time, the customer's own currency first, even where nothing happened in it.
async fn totals(
    read: &mut Read,
    customer: &Customer,
    today: Date,
) -> Result<Vec<CurrencyTotals>, Failure> {
    let found = read.customer_totals(customer.id).await?;
    let put_off = read.put_off(customer.id, today).await?;
    let mut totals: Vec<_> = found
        .into_iter()
        .map(|(currency, sums)| CurrencyTotals::new(currency, sums, put_off_in(&put_off, currency)))
        .collect();
    let own = totals.iter().position(|it| it.currency == customer.currency);
    let own = own.map(|at| totals.remove(at));
    let nothing = CurrencyTotals::new(customer.currency, Sums::default(), (0, 0));
    totals.insert(0, own.unwrap_or(nothing));
    Ok(totals)
}
