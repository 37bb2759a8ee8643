//! What is asked of a provider.

use jiff::Timestamp;
use portico_billing::Money;
use portico_billing::gateway::Reference;
use url::Url;

/// Who pays, as far as a provider is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payer<'a> {
    /// Portico's identifier of the customer, as text.
    pub customer: &'a str,
    /// Name of the customer.
    pub name: &'a str,
    /// Address for the provider's own mails.
    pub email: Option<&'a str>,
    /// What the provider calls the customer, where a method was stored before ([`crate::Kept`]).
    pub profile: Option<&'a str>,
}

/// A payment that the customer finishes on the provider's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout<'a> {
    /// Portico's reference of the attempt: the key against doubles, and what the payment is found
    /// by.
    pub reference: &'a Reference,
    /// How much.
    pub money: Money,
    /// What the customer reads there: "Invoices R-12, R-13". At most 120 characters.
    pub description: &'a str,
    /// Who pays.
    pub payer: Payer<'a>,
    /// Language of the provider's pages, BCP 47.
    pub locale: &'a str,
    /// Where the customer comes back to, whatever happened.
    pub return_url: &'a Url,
    /// Where the customer comes back to who does not want to pay.
    pub cancel_url: &'a Url,
    /// Whether the method is to be stored for later.
    pub keep: bool,
}

/// The storing of a method, without a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp<'a> {
    /// Portico's reference of the attempt.
    pub reference: &'a Reference,
    /// Who stores it.
    pub payer: Payer<'a>,
    /// Currency that it will be charged in.
    pub currency: portico_billing::Currency,
    /// Language of the provider's pages, BCP 47.
    pub locale: &'a str,
    /// Where the customer comes back to, whatever happened.
    pub return_url: &'a Url,
    /// Where the customer comes back to who does not want to.
    pub cancel_url: &'a Url,
}

/// A charge of a stored method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge<'a> {
    /// Portico's reference of the attempt.
    pub reference: &'a Reference,
    /// How much.
    pub money: Money,
    /// What stands on statements and receipts.
    pub description: &'a str,
    /// Who pays.
    pub payer: Payer<'a>,
    /// The provider's token of the method.
    pub token: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Where a customer who is there comes back to, if the provider wants to see them; nothing
    /// where the charge is the organisation's doing.
    pub return_url: Option<&'a Url>,
}

/// A payment or a set-up that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sought<'a> {
    /// Portico's reference of the attempt.
    pub reference: &'a Reference,
    /// The provider's handle, where an answer told it.
    pub handle: Option<&'a str>,
    /// How much it is about; nothing for a set-up.
    pub money: Option<Money>,
    /// When the attempt began: nothing of the provider's is older.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// A charge of which is asked what was taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken<'a> {
    /// The charge ([`crate::Paid::charge`]).
    pub charge: &'a str,
    /// How much the charge was.
    pub charged: Money,
    /// The provider's identifiers of refunds and disputes that are known of it already, or that it
    /// told of.
    pub known: &'a [String],
    /// From when on what was taken may not be known yet.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// A payment, or a part of it, to be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundOrder<'a> {
    /// Portico's reference of the refund: the key against doubles.
    pub reference: &'a Reference,
    /// The charge ([`crate::Paid::charge`]).
    pub charge: &'a str,
    /// How much.
    pub money: Money,
    /// How much the charge was.
    pub charged: Money,
    /// Last four characters of the method, where they are known: Authorize.Net asks for them.
    pub last4: Option<&'a str>,
    /// When the refund was ordered: nothing of the provider's is older.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}
