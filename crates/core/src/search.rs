//! The staff's search for anything: by name, number, address; each kind by its index.

use portico_billing::EmailAddress;
use portico_billing::page::{Direction, PageSize};
use portico_store::customer_list::{
    CustomerListFilter, CustomerOrder, CustomerSummary, FoundContact, FoundInvoice,
};

use crate::records::Rejection;
use crate::vouchers::{VoucherView, view};
use crate::{Caller, Core};

/// Records of each kind at most.
const MOST: u16 = 10;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Customers that are named exactly, then those whose names begin so.
    pub customers: Vec<CustomerSummary>,
    /// Contacts with this e-mail address.
    pub contacts: Vec<FoundContact>,
    /// Invoices with this number.
    pub invoices: Vec<FoundInvoice>,
    /// The voucher with this serial.
    pub voucher: Option<VoucherView>,
}

impl Core {
    /// Looks for `words` everywhere, up to ten records of each kind.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn search(&self, caller: &Caller, words: &str) -> Result<Found, Rejection> {
        let words = words.trim();
        let mut read = self.read_as(caller).await?;
        if words.is_empty() {
            return Ok(Found::default());
        }
        let filter = CustomerListFilter {
            name: words.to_owned(),
            order: CustomerOrder::Name,
            direction: Direction::Asc,
            size: PageSize::try_from(MOST).unwrap_or_default(),
            ..CustomerListFilter::default()
        };
        let mut customers = crate::customers::page(&mut read, &filter).await?.rows;
        customers.truncate(usize::from(MOST));
        let contacts = match words.parse::<EmailAddress>() {
            Ok(email) => read.contacts_with_email(&email, MOST).await?,
            Err(_) => Vec::new(),
        };
        let invoices = read.invoices_numbered(words, MOST).await?;
        let voucher = view::named(&mut read, words).await?;
        let voucher = voucher.map(|it| view::voucher_view(it, self.now()));
        Ok(Found { customers, contacts, invoices, voucher })
    }
}
