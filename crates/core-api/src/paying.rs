//! Paying: what is due, by what it can be paid, and how an attempt to pay stands.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::{CurrencyTerms, DeclineReason, Reference};
use portico_billing::payment_method::PaymentMethod;
use portico_billing::{
    AttemptId, Currency, GatewayId, InvoiceId, Money, PaymentId, PaymentMethodId,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Origin, Refusal, SessionSecret};

/// The methods of paying: a part of [`crate::CoreApi`].
#[async_trait]
pub trait PayApi: Send + Sync {
    /// What can be paid in a currency (the customer's own where absent), and by what.
    async fn pay_offer(
        &self,
        secret: &SessionSecret,
        currency: Option<Currency>,
    ) -> Result<PayOffer, Refusal>;

    /// Begins to pay, and asks the gateway. Sent again with the same form key, it is the same
    /// attempt, and nothing is asked a second time.
    async fn pay(
        &self,
        secret: &SessionSecret,
        order: PayOrder,
        origin: Origin,
    ) -> Result<AttemptId, Refusal>;

    /// How an attempt to pay stands, as far as it is known.
    async fn attempt(&self, secret: &SessionSecret, id: AttemptId) -> Result<AttemptView, Refusal>;

    /// Asks the gateway how it stands, where that is not known for certain: when the customer comes
    /// back from its pages.
    async fn look_at_attempt(
        &self,
        secret: &SessionSecret,
        id: AttemptId,
    ) -> Result<AttemptView, Refusal>;

    /// The sandbox's page for one of the customer's attempts.
    async fn sandbox(
        &self,
        secret: &SessionSecret,
        reference: &Reference,
    ) -> Result<SandboxView, Refusal>;

    /// What the customer chose there.
    async fn choose_in_sandbox(
        &self,
        secret: &SessionSecret,
        reference: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal>;
}

/// What can be paid in one currency, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayOffer {
    /// The currency that the offer is in.
    pub currency: Currency,
    /// Currencies that something is due in, or that the balance can be refilled in, the customer's
    /// own first.
    pub currencies: Vec<Currency>,
    /// Those of them that something is due in.
    pub due_in: Vec<Currency>,
    /// Invoices that money is expected for, due first; at most [`PAYABLE_MAX`].
    pub invoices: Vec<PayableInvoice>,
    /// Whether there are more of them.
    pub more: bool,
    /// What all of them come to.
    pub due: Money,
    /// What the customer has paid in that settles no invoice yet.
    pub credit: Money,
    /// By what it can be paid, in the order of the brand.
    pub ways: Vec<WayToPay>,
}

/// Invoices that are paid at once, at most.
pub const PAYABLE_MAX: u16 = 100;

/// An invoice that money is expected for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayableInvoice {
    /// Identifier.
    pub id: InvoiceId,
    /// Number.
    pub number: Option<String>,
    /// Last day to pay.
    pub due_on: Date,
    /// Whether that day is over.
    pub overdue: bool,
    /// What it asks for in all.
    pub total: Money,
    /// What is still to be paid.
    pub due: Money,
}

/// A gateway that the customer can pay by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayToPay {
    /// The gateway.
    pub gateway: GatewayId,
    /// What it is called here: "Card".
    pub name: String,
    /// The provider's own name: "Stripe".
    pub provider: String,
    /// Whether it moves play money.
    pub test: bool,
    /// Whether its provider answers. Where it does not, nobody can pay by it just now.
    pub answers: bool,
    /// Minimum, maximum and surcharge.
    pub terms: CurrencyTerms,
    /// Whether a method can be stored for later.
    pub keeps: bool,
    /// The customer's methods that are stored there, the default one first.
    pub methods: Vec<PaymentMethod>,
}

/// What a customer wants to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayOrder {
    /// Key of the form: sent again, it is the same attempt (PAY-04).
    pub form_key: String,
    /// The invoices; none where the balance is to be refilled.
    pub invoices: Vec<InvoiceId>,
    /// The currency.
    pub currency: Currency,
    /// How much, in minor units; all that is due of the invoices where absent.
    pub amount_minor: Option<i64>,
    /// By which gateway.
    pub gateway: GatewayId,
    /// By which stored method; by a new one where absent.
    pub method: Option<PaymentMethodId>,
    /// Whether a new method is to be stored for later.
    pub keep: bool,
    /// The portal as the customer sees it, `https://billing.example.com`: where they come back to.
    pub site: Url,
}

/// How an attempt to pay stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    /// Identifier.
    pub id: AttemptId,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// How it stands.
    pub state: AttemptState,
    /// Why it failed, where it did.
    pub reason: Option<DeclineReason>,
    /// What is credited.
    pub amount: Money,
    /// What is paid on top of that.
    pub surcharge: Money,
    /// What leaves the customer's account: both.
    pub charged: Money,
    /// Numbers of the invoices that it is for.
    pub invoices: Vec<(InvoiceId, Option<String>)>,
    /// What the gateway is called here.
    pub way: String,
    /// The provider's own name.
    pub provider: String,
    /// Whether it moves play money.
    pub test: bool,
    /// The payment that it became.
    pub payment: Option<PaymentId>,
    /// Where the customer has to go, while the state is `needs_action`.
    pub leads_to: Option<LeadsTo>,
    /// When it began.
    pub begun_at: Timestamp,
}

/// A page of the provider's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadsTo {
    /// Its address.
    pub url: Url,
    /// Hidden fields of the form that leads there; none where a link does.
    pub fields: Vec<(String, String)>,
}

/// An attempt at the sandbox, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxView {
    /// The attempt.
    pub attempt: AttemptId,
    /// What would be paid; nothing where a method is stored.
    pub money: Option<Money>,
    /// Whether a choice can still be made.
    pub open: bool,
    /// Words of the choices, in the order of the page.
    pub choices: Vec<String>,
}
