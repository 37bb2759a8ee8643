//! A customer's balance as the staff sees it, and the organisation's accounts.

use portico_billing::page::Page;
use portico_billing::totals::Sums;
use portico_billing::{Currency, CustomerId, Money};
use portico_store::ledger::{AccountSum, StatementFilter, StatementLine};

use crate::records::Rejection;
use crate::{Caller, Core, Failure};

/// The balance in one currency, and a page of how it came to be.
#[derive(Debug, Clone)]
pub struct CustomerStatement {
    /// What was paid in minus what was charged.
    pub live: Money,
    /// Currencies that there is a statement of, the customer's own first.
    pub currencies: Vec<Currency>,
    /// The lines.
    pub lines: Page<StatementLine>,
}

impl Core {
    /// A page of a customer's statement, in its own currency where `filter` is told none.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_statement(
        &self,
        caller: &Caller,
        id: CustomerId,
        filter: impl FnOnce(Currency) -> StatementFilter + Send,
        size: u16,
    ) -> Result<CustomerStatement, Rejection> {
        let mut read = self.read_as(caller).await?;
        let customer = read.customer(id).await?.ok_or(Failure::Missing("customer"))?;
        let totals = read.customer_totals(id).await?;
        let filter = filter(customer.currency);
        let sums = totals.iter().find(|(currency, _)| *currency == filter.currency);
        let sums = sums.map_or_else(Sums::default, |(_, sums)| *sums);
        let others = totals.iter().map(|(currency, _)| *currency);
        let others = others.filter(|currency| *currency != customer.currency);
        Ok(CustomerStatement {
            live: Money::new(sums.balance(), filter.currency),
            currencies: std::iter::once(customer.currency).chain(others).collect(),
            lines: read.statement(id, &filter, size).await?,
        })
    }

    /// What the organisation's accounts come to, by currency.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn trial_balance(&self, caller: &Caller) -> Result<Vec<AccountSum>, Rejection> {
        Ok(self.read_as(caller).await?.trial_balance().await?)
    }
}
