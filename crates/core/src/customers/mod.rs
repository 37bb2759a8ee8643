//! Customers as the staff sees them: lists, all that is one customer's, and its portal from within.

mod activity;
mod credit_notes;
mod export;
mod held;
mod invoice;
mod list;
mod overview;
mod portal;
mod statement;
mod write_off;

pub use activity::Activity;
pub(crate) use activity::signed;
pub use credit_notes::HeldCreditNote;
pub use held::{HeldContract, HeldEntitlement, HeldPayment, HeldSubscription};
pub use invoice::Settlement;
pub(crate) use list::page;
pub use overview::CustomerOverview;
pub use portal::OperatorVisitLink;
pub use portico_store::CustomerList;
pub use portico_store::credit_note::CreditNoteListFilter;
pub use portico_store::customer_list::{
    CustomerListFilter, CustomerOrder, CustomerSummary, FoundContact, FoundInvoice,
};
pub use portico_store::home::{MOST_COUNTED, NewestPayment, PayableTotal};
pub use portico_store::invoice::{InvoiceListFilter, InvoiceOrder, PayableSum};
pub use portico_store::ledger::{AccountSum, StatementFilter, StatementLine};
pub use portico_store::payment::{PaymentListFilter, PaymentOrder};
pub use statement::CustomerStatement;

use jiff::civil::Date;
use portico_billing::Currency;
use portico_billing::permission::Permission;
use portico_store::Read;

use crate::records::Rejection;
use crate::{Caller, Core, Failure, visit};

impl Core {
    /// The data of the caller's organisation, to look at.
    pub(crate) async fn read_as(&self, caller: &Caller) -> Result<Read, Rejection> {
        caller.require(Permission::Read)?;
        Ok(self.inner.store.read(caller.organisation_id).await?)
    }

    /// The currency of new customers that name none.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn usual_currency(&self, caller: &Caller) -> Result<Currency, Rejection> {
        let organisation = self.read_as(caller).await?.organisation().await?;
        Ok(organisation.ok_or(Failure::Missing("organisation"))?.currency)
    }

    /// The day it is for the organisation.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn today(&self, caller: &Caller) -> Result<Date, Rejection> {
        let mut read = self.read_as(caller).await?;
        Ok(self.today_of(&mut read).await?)
    }

    /// The day it is for the organisation.
    pub(crate) async fn today_of(&self, read: &mut Read) -> Result<Date, Failure> {
        let organisation = read.organisation().await?.ok_or(Failure::Missing("organisation"))?;
        Ok(visit::date_in(&organisation.time_zone, self.now()))
    }
}
