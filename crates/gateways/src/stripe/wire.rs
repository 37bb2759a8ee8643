//! What Stripe answers, as far as it is read. Events carry the same objects, in the version of the
//! API that their endpoint has: all that is not needed is optional.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A page of a list (<https://docs.stripe.com/api/pagination>).
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// Newest first.
    pub data: Vec<T>,
    /// Whether older ones follow.
    pub has_more: bool,
}

/// What can be listed.
pub trait Listed {
    /// The identifier that the next page begins after.
    fn id(&self) -> &str;
}

/// Another object: its identifier, or the whole where that was asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    /// Identifier.
    Id(#[expect(dead_code, reason = "what is not unfolded is not asked for")] String),
    /// All of it.
    Object(Box<T>),
}

/// The whole of another object, where it is there.
pub fn whole<T>(field: Option<&Expandable<T>>) -> Option<&T> {
    match field {
        Some(Expandable::Object(object)) => Some(object),
        Some(Expandable::Id(_)) | None => None,
    }
}

/// What Portico notes on the objects that it makes.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Metadata {
    /// Reference of the attempt.
    pub portico_reference: Option<String>,
}

/// The reference on an object.
pub fn reference(metadata: Option<&Metadata>) -> Option<&str> {
    metadata.and_then(|metadata| metadata.portico_reference.as_deref())
}

/// A page of Stripe's that a customer is sent to (<https://docs.stripe.com/api/checkout/sessions>).
#[derive(Debug, Deserialize)]
pub struct Session {
    /// Identifier: `cs_…`.
    pub id: String,
    /// `payment`, `setup`, `subscription`.
    pub mode: String,
    /// `open`, `complete`, `expired`.
    pub status: Option<String>,
    /// Where it is; nothing when it is over.
    pub url: Option<String>,
    /// Portico's reference.
    pub client_reference_id: Option<String>,
    /// The payment, once the customer has tried.
    pub payment_intent: Option<Expandable<Intent>>,
    /// The set-up.
    pub setup_intent: Option<Expandable<Setup>>,
}

/// A payment with all of its tries (<https://docs.stripe.com/api/payment_intents>).
#[derive(Debug, Deserialize)]
pub struct Intent {
    /// Identifier: `pi_…`.
    pub id: String,
    /// How much was asked for.
    pub amount: i64,
    /// How much was paid.
    pub amount_received: Option<i64>,
    /// Currency in lower case.
    pub currency: String,
    /// How it stands.
    pub status: String,
    /// Seconds since 1970.
    pub created: i64,
    /// Whether it is money.
    pub livemode: bool,
    /// The customer whom a stored method belongs to.
    pub customer: Option<String>,
    /// What Portico noted.
    pub metadata: Option<Metadata>,
    /// Why the last try failed.
    pub last_payment_error: Option<Failure>,
    /// What the customer has to do.
    pub next_action: Option<NextAction>,
    /// Why it was cancelled.
    pub cancellation_reason: Option<String>,
    /// The method.
    pub payment_method: Option<Expandable<Method>>,
    /// The last try.
    pub latest_charge: Option<Expandable<Try>>,
    /// The account that the charge is made for (Connect).
    pub on_behalf_of: Option<String>,
    /// Where the money is passed on to (Connect).
    pub transfer_data: Option<TransferData>,
}

/// Where the money is passed on to.
#[derive(Debug, Deserialize)]
pub struct TransferData {
    /// The account.
    pub destination: Option<String>,
}

/// The storing of a method (<https://docs.stripe.com/api/setup_intents>).
#[derive(Debug, Deserialize)]
pub struct Setup {
    /// How it stands.
    pub status: String,
    /// The customer whom the method belongs to.
    pub customer: Option<String>,
    /// Why the last try failed.
    pub last_setup_error: Option<Failure>,
    /// Why it was cancelled.
    pub cancellation_reason: Option<String>,
    /// The method.
    pub payment_method: Option<Expandable<Method>>,
    /// The last try.
    pub latest_attempt: Option<Expandable<Try>>,
}

/// Why a try failed.
#[derive(Debug, Deserialize)]
pub struct Failure {
    /// Error code.
    pub code: Option<String>,
    /// The bank's reason, more precise.
    pub decline_code: Option<String>,
}

/// What the customer has to do.
#[derive(Debug, Deserialize)]
pub struct NextAction {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The way to the bank's page.
    pub redirect_to_url: Option<Redirect>,
}

/// The way to a page.
#[derive(Debug, Deserialize)]
pub struct Redirect {
    /// Its address.
    pub url: Option<String>,
}

/// One try of a payment or a set-up.
#[derive(Debug, Deserialize)]
pub struct Try {
    /// Seconds since 1970.
    pub created: i64,
    /// What it did to the account's balance.
    pub balance_transaction: Option<Expandable<Settled>>,
    /// The method as it was used.
    pub payment_method_details: Option<MethodDetails>,
}

/// What a charge did to the account's balance.
#[derive(Debug, Deserialize)]
pub struct Settled {
    /// Seconds since 1970.
    pub created: i64,
    /// What Stripe keeps.
    pub fee: i64,
    /// The currency of that, in lower case: the account's, not the payment's.
    pub currency: String,
}

/// A method (<https://docs.stripe.com/api/payment_methods>).
#[derive(Debug, Deserialize)]
pub struct Method {
    /// Identifier: `pm_…`.
    pub id: String,
    /// The customer that it is stored with; nothing where it is not stored.
    pub customer: Option<String>,
    /// Whom it belongs to.
    pub billing_details: Option<BillingDetails>,
    /// What it is.
    #[serde(flatten)]
    pub details: MethodDetails,
}

/// Whom a method belongs to.
#[derive(Debug, Deserialize)]
pub struct BillingDetails {
    /// Name.
    pub name: Option<String>,
}

/// What a method is: its type, and a field of that name.
#[derive(Debug, Deserialize)]
pub struct MethodDetails {
    /// `card`, `sepa_debit`, `paypal`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The rest.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl MethodDetails {
    /// What stands in the field of its type.
    pub fn detail(&self) -> Detail {
        let field = self.fields.get(&self.kind).cloned();
        field.and_then(|field| serde_json::from_value(field).ok()).unwrap_or_default()
    }
}

/// What types of methods have to say of themselves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Card: scheme.
    pub brand: Option<String>,
    /// Card, bank account.
    pub last4: Option<String>,
    /// Card.
    pub exp_month: Option<u8>,
    /// Card.
    pub exp_year: Option<u16>,
    /// Bank account.
    pub bank_name: Option<String>,
    /// PayPal account.
    pub payer_email: Option<String>,
    /// The bank account's debit that a payment by transfer (iDEAL, Bancontact) left behind.
    pub generated_sepa_debit: Option<String>,
    /// Its account.
    pub iban_last4: Option<String>,
}

/// Money given back (<https://docs.stripe.com/api/refunds>).
#[derive(Debug, Deserialize)]
pub struct Refund {
    /// Identifier: `re_…`, `pyr_…`.
    pub id: String,
    /// How much.
    pub amount: i64,
    /// Currency in lower case.
    pub currency: String,
    /// Seconds since 1970.
    pub created: i64,
    /// How it stands; always there for those of today.
    pub status: Option<String>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// What Portico noted.
    pub metadata: Option<Metadata>,
}

/// Money that a payer's bank wants back (<https://docs.stripe.com/api/disputes>).
#[derive(Debug, Deserialize)]
pub struct Dispute {
    /// Identifier: `dp_…`, `du_…`.
    pub id: String,
    /// How much.
    pub amount: i64,
    /// Currency in lower case.
    pub currency: String,
    /// What it did to the account's balance: taken first, and given back where it was won. Nothing
    /// of an inquiry.
    #[serde(default)]
    pub balance_transactions: Vec<Withdrawn>,
}

/// What a dispute did to the account's balance.
#[derive(Debug, Deserialize)]
pub struct Withdrawn {
    /// How much: below zero where it was taken.
    pub amount: i64,
    /// Seconds since 1970.
    pub created: i64,
}

/// What changed the account's balance (<https://docs.stripe.com/api/balance_transactions>).
#[derive(Debug, Deserialize)]
pub struct BalanceTransaction {
    /// Identifier: `txn_…`.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
    /// What Stripe keeps.
    pub fee: i64,
    /// The currency of that, in lower case.
    pub currency: String,
    /// What it is (<https://docs.stripe.com/reports/reporting-categories>).
    pub reporting_category: String,
    /// The charge, refund or dispute behind it.
    pub source: Option<Value>,
}

/// A charge, a refund or a dispute, as the source of a movement or the subject of an event.
#[derive(Debug, Deserialize)]
pub struct Source {
    /// Identifier.
    pub id: String,
    /// How much, in the currency that the customer paid in.
    pub amount: i64,
    /// That currency, in lower case.
    pub currency: String,
    /// The charge, where this is none.
    pub charge: Option<String>,
    /// The payment.
    pub payment_intent: Option<String>,
    /// What Portico noted.
    pub metadata: Option<Metadata>,
}

impl Listed for Session {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for Intent {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for Refund {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for Dispute {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for BalanceTransaction {
    fn id(&self) -> &str {
        &self.id
    }
}
