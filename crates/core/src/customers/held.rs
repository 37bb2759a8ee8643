//! What a customer has: invoices, payments and what it holds, a page at a time.

use jiff::civil::Date;
use portico_billing::CustomerId;
use portico_billing::contract::Contract;
use portico_billing::invoice::InvoiceSummary;
use portico_billing::page::Page;
use portico_billing::payment::Payment;
use portico_billing::subscription::Subscription;
use portico_store::CustomerList;
use portico_store::invoice::InvoiceListFilter;
use portico_store::payment::PaymentListFilter;

use crate::records::Rejection;
use crate::{Caller, Core};

/// A payment or refund.
pub type HeldPayment = Payment;
/// A subscription.
pub type HeldSubscription = Subscription;
/// A contract.
pub type HeldContract = Contract;
/// An entitlement with the plan that it comes from.
pub type HeldEntitlement = portico_store::entitlement::PlannedEntitlement;

impl Core {
    /// A page of a customer's invoices without drafts, the drafts (on the first page), and the day
    /// it is for the organisation.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_invoices(
        &self,
        caller: &Caller,
        id: CustomerId,
        filter: impl FnOnce(Date) -> InvoiceListFilter + Send,
    ) -> Result<(Page<InvoiceSummary>, Date), Rejection> {
        let mut read = self.read_as(caller).await?;
        let today = self.today_of(&mut read).await?;
        Ok((read.invoices_of_customer(id, &filter(today)).await?, today))
    }

    /// A customer's invoices that are not issued yet, the newest 50.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_drafts(
        &self,
        caller: &Caller,
        id: CustomerId,
    ) -> Result<Vec<InvoiceSummary>, Rejection> {
        Ok(self.read_as(caller).await?.draft_invoices(id, 50).await?)
    }

    /// A page of a customer's payments and refunds.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_payments(
        &self,
        caller: &Caller,
        id: CustomerId,
        (filter, size): (&PaymentListFilter, u16),
    ) -> Result<Page<HeldPayment>, Rejection> {
        Ok(self.read_as(caller).await?.payments_of_customer(id, filter, size).await?)
    }

    /// A page of a customer's subscriptions.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_subscriptions(
        &self,
        caller: &Caller,
        id: CustomerId,
        list: &CustomerList,
    ) -> Result<Page<HeldSubscription>, Rejection> {
        Ok(self.read_as(caller).await?.subscriptions_of_customer(id, list).await?)
    }

    /// A page of a customer's contracts, drafts among them.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_contracts(
        &self,
        caller: &Caller,
        id: CustomerId,
        list: &CustomerList,
    ) -> Result<Page<HeldContract>, Rejection> {
        Ok(self.read_as(caller).await?.contracts_of_customer(id, list, true).await?)
    }

    /// A page of a customer's entitlements.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_entitlements(
        &self,
        caller: &Caller,
        id: CustomerId,
        list: &CustomerList,
    ) -> Result<Page<HeldEntitlement>, Rejection> {
        let mut read = self.read_as(caller).await?;
        let today = self.today_of(&mut read).await?;
        let page = read.entitlements_of_customer(id, list, today).await?;
        Ok(page.map(|mut it| {
            it.entitlement.status = it.entitlement.shown_status(today);
            it
        }))
    }
}
