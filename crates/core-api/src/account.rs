//! Profile, billing information and the overview.

use portico_billing::account::{Address, TaxId};
use portico_billing::totals::{Month, Sums};
use portico_billing::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::{InvoiceRow, SubscriptionView};

/// New values of the contact's own fields; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChange {
    /// Name of the person.
    pub name: Option<String>,
    /// Telephone; empty clears it.
    pub phone: Option<String>,
    /// Language tag; empty means the browser's.
    pub language: Option<String>,
    /// IANA time zone; empty means the organisation's.
    pub time_zone: Option<String>,
}

/// A wish for another e-mail address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    /// The new address.
    pub email: String,
    /// The present password, where the contact has one.
    pub password: Option<String>,
}

/// A new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The present one; not asked for where none is set.
    pub current: Option<String>,
    /// The new one.
    pub new: String,
}

/// Company, addresses and tax ids of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingDetails {
    /// Name of the account; not editable here.
    pub name: String,
    /// Company as registered.
    pub legal_name: Option<String>,
    /// Number in the commercial register.
    pub registration_number: Option<String>,
    /// Billing e-mail.
    pub email: Option<String>,
    /// Billing address.
    pub billing_address: Address,
    /// Shipping address.
    pub shipping_address: Address,
    /// Tax identifiers.
    pub tax_ids: Vec<TaxId>,
}

/// New values, as typed; a part that is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingDetailsChange {
    /// Company fields.
    pub company: Option<CompanyChange>,
    /// Billing address.
    pub billing_address: Option<AddressChange>,
    /// Shipping address.
    pub shipping_address: Option<AddressChange>,
    /// All tax ids, as they shall be.
    pub tax_ids: Option<Vec<TaxId>>,
}

/// Company fields as typed; empty clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyChange {
    /// Company as registered.
    pub legal_name: String,
    /// Number in the commercial register.
    pub registration_number: String,
    /// Billing e-mail.
    pub email: String,
}

/// An address as typed; empty means absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressChange {
    /// Street and number.
    pub line1: String,
    /// Second line.
    pub line2: String,
    /// City.
    pub city: String,
    /// State or region.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country code.
    pub country: String,
}

/// What the first page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Sums over all time, one entry per currency, the customer's own first. Empty where balances
    /// are not shown.
    pub totals: Vec<CurrencyTotals>,
    /// Invoices of which something should have been paid before today: how many and how much, per
    /// currency.
    pub overdue: Vec<Overdue>,
    /// The next invoice that is due and not overdue, with what is due of it then.
    pub next_due: Option<InvoiceRow>,
    /// The five newest invoices.
    pub recent_invoices: Vec<InvoiceRow>,
    /// Up to five subscriptions that are in use.
    pub active_subscriptions: Vec<SubscriptionView>,
    /// The last twelve months in the customer's currency, oldest first. Empty where balances are
    /// not shown.
    pub months: Vec<MonthTotals>,
    /// What may still be used: balance plus debit limit, in the customer's currency.
    pub available: Money,
}

/// Sums of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyTotals {
    /// The currency.
    pub currency: Currency,
    /// The sums. What is due in them is all that remains to be paid, due or not.
    pub sums: Sums,
    /// What is due today: without what instalments put off.
    pub due: Money,
    /// On how many invoices.
    pub due_invoices: i64,
}

impl CurrencyTotals {
    /// The sums of a currency, of which instalments put so much off, on so many invoices wholly.
    #[must_use]
    pub fn new(currency: Currency, sums: Sums, (put_off, invoices): (i64, i64)) -> Self {
        let due = Money::new(sums.due.saturating_sub(put_off), currency);
        Self { currency, sums, due, due_invoices: sums.payable.saturating_sub(invoices) }
    }
}

/// What is overdue in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// How much.
    pub amount: Money,
    /// How many invoices.
    pub count: u32,
    /// Whether there are so many that not all were added up: amount and count are then the least
    /// that it can be.
    pub at_least: bool,
}

/// One month of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTotals {
    /// The month.
    pub month: Month,
    /// What was invoiced.
    pub invoiced: Money,
    /// What was paid, less what was refunded.
    pub paid: Money,
}
