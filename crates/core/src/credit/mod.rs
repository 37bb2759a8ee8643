//! Credit of a customer that settles invoices: alone, together with a payment, or by the staff.
//!
//! Using credit moves no money and posts nothing (decision 8): it says of payments, vouchers and
//! credit notes what they settle. Who uses credit holds the customer, then the sources, then the
//! invoices, so that two who use it at once do so one after the other (PAY-06).

mod alone;
mod apply;
mod staff;
mod take;
mod view;

use portico_billing::totals::Sums;
use portico_billing::{Currency, CustomerId};
use portico_store::{Read, StoreError};

pub(crate) use alone::{Alone, Asked, alone};
pub(crate) use apply::{apply, note};
pub use staff::{CreditInput, CreditUseOutput, UsedPart};
pub(crate) use view::{find, list};

/// Whose credit, and in which currency.
pub(crate) type Whose = (CustomerId, Currency);

/// How much credit of a customer can settle invoices, minor units.
pub(crate) async fn usable(read: &mut Read, whose: Whose) -> Result<i64, StoreError> {
    let sources = read.credit_sources(whose).await?;
    let left = sources.iter().fold(0_i64, |sum, it| sum.saturating_add(it.left_minor));
    Ok(left.min(in_the_books(read, whose).await?))
}

/// What the books say is credit: the live balance, and what is still to be paid of invoices. Less
/// than what is left of the sources where more was given back of a payment than was free of it.
async fn in_the_books(read: &mut Read, (customer, currency): Whose) -> Result<i64, StoreError> {
    let totals = read.customer_totals(customer).await?;
    let own = totals.iter().find(|(known, _)| *known == currency);
    let sums = own.map_or_else(Sums::default, |(_, sums)| *sums);
    Ok(sums.balance().saturating_add(sums.due).max(0))
}
