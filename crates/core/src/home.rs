//! The staff's first page: what is to be paid, who is new, who waits.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use portico_billing::account::CustomerStatus;
use portico_billing::page::{Direction, PageSize};
use portico_store::Read;
use portico_store::customer_list::{CustomerListFilter, CustomerSummary};
use portico_store::home::{NewestPayment, PayableTotal};

use crate::records::Rejection;
use crate::{Caller, Core, Failure};

/// Rows of each short list.
const FEW: u16 = 6;
/// For how long a customer is new.
const NEW_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What the first page shows.
#[derive(Debug, Clone)]
pub struct Home {
    /// What all customers have to pay, per currency.
    pub payable: Vec<PayableTotal>,
    /// How many customers were made within the last 30 days.
    pub new_customers: u32,
    /// The newest customers.
    pub customers: Vec<CustomerSummary>,
    /// How many customers wait for approval.
    pub waiting: u32,
    /// Those who wait longest.
    pub waiting_customers: Vec<CustomerSummary>,
    /// The newest payments and refunds.
    pub payments: Vec<NewestPayment>,
    /// How many attempts to pay somebody has to look at.
    pub attempts_to_look_at: u32,
    /// How many notices of payment providers wait for long, or were given up lately.
    pub notices_to_look_at: u32,
    /// The day it is for the organisation.
    pub today: Date,
}

impl Core {
    /// What the staff's first page shows.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn home(&self, caller: &Caller) -> Result<Home, Rejection> {
        let mut read = self.read_as(caller).await?;
        let today = self.today_of(&mut read).await?;
        Ok(assemble(&mut read, today, self.now()).await?)
    }
}

async fn assemble(read: &mut Read, today: Date, now: Timestamp) -> Result<Home, Failure> {
    let newest = CustomerListFilter {
        direction: Direction::Desc,
        size: PageSize::try_from(FEW).unwrap_or_default(),
        ..CustomerListFilter::default()
    };
    let waiting = CustomerListFilter {
        status: Some(CustomerStatus::PendingApproval),
        direction: Direction::Asc,
        ..newest.clone()
    };
    Ok(Home {
        payable: read.payable_totals(today).await?,
        new_customers: read.count_new_customers(now - NEW_FOR).await?,
        customers: read.customer_page(&newest).await?.rows,
        waiting: read.count_waiting_customers().await?,
        waiting_customers: read.customer_page(&waiting).await?.rows,
        payments: read.newest_payments(FEW).await?,
        attempts_to_look_at: read.count_attempts_to_look_at(now).await?,
        notices_to_look_at: read.count_notices_to_look_at(now).await?,
        today,
    })
}
