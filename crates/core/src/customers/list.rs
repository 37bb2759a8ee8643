//! The list of customers.

use portico_billing::page::Page;
use portico_store::Read;
use portico_store::customer_list::{CustomerListFilter, CustomerSummary};

use crate::records::Rejection;
use crate::{Caller, Core, Failure};

/// Customers that a search names exactly, shown before those whose names begin with its words.
const EXACT: u16 = 10;

impl Core {
    /// A page of customers. A search finds those whose names begin so and, first of all, those that
    /// it names exactly: by id, external id, billing e-mail or the e-mail of a contact.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customers(
        &self,
        caller: &Caller,
        filter: &CustomerListFilter,
    ) -> Result<Page<CustomerSummary>, Rejection> {
        let mut read = self.read_as(caller).await?;
        Ok(page(&mut read, filter).await?)
    }
}

pub(crate) async fn page(
    read: &mut Read,
    filter: &CustomerListFilter,
) -> Result<Page<CustomerSummary>, Failure> {
    let mut page = read.customer_page(filter).await?;
    if filter.name.trim().is_empty() {
        return Ok(page);
    }
    let mut exact = read.customers_named(&filter.name, EXACT).await?;
    page.rows.retain(|row| exact.iter().all(|it| it.id != row.id));
    if filter.cursor.is_none() {
        exact.retain(|it| is_within(filter, it));
        exact.append(&mut page.rows);
        page.rows = exact;
    }
    Ok(page)
}

fn is_within(filter: &CustomerListFilter, it: &CustomerSummary) -> bool {
    filter.status.is_none_or(|status| status == it.status)
        && filter.kind.is_none_or(|kind| kind == it.kind)
        && filter.brand.is_none_or(|brand| brand == it.brand_id)
}
