//! Paying: what is due, by what it can be paid, and how an attempt to pay stands.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::{CurrencyTerms, DeclineReason, Reference};
use portico_billing::payment_method::PaymentMethod;
use portico_billing::{
    AttemptId, CreditUseId, Currency, GatewayId, InvoiceId, Money, PaymentId, PaymentMethodId,
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

    /// Begins to pay, and asks the gateway; where credit is to be used and is enough, settles by
    /// it alone. Sent again with the same form key, it is the same attempt or the same use of
    /// credit, and nothing is asked a second time.
    async fn pay(
        &self,
        secret: &SessionSecret,
        order: PayOrder,
        origin: Origin,
    ) -> Result<Begun, Refusal>;

    /// What was settled by one use of credit.
    async fn credit_use(
        &self,
        secret: &SessionSecret,
        id: CreditUseId,
    ) -> Result<CreditUseView, Refusal>;

    /// When credit was used: the newest five.
    async fn credit_uses(&self, secret: &SessionSecret) -> Result<Vec<CreditUseView>, Refusal>;

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
    /// What is due today of all of them.
    pub due: Money,
    /// What is to be paid of all of them, due or not.
    pub remaining: Money,
    /// The customer's credit that settles no invoice yet, as far as it can be used.
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
    /// Last day to pay what is to be paid next.
    pub due_on: Date,
    /// Whether that day is over.
    pub overdue: bool,
    /// What it asks for in all.
    pub total: Money,
    /// What is to be paid next: what is due today or, where nothing is, the next instalment.
    pub due: Money,
    /// Whether that is due today.
    pub is_due: bool,
    /// What is still to be paid in all, due or not.
    pub remaining: Money,
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
    /// How much, in minor units. Where absent, what is to be paid next of each invoice.
    pub amount_minor: Option<i64>,
    /// Where no amount is told: all that remains of the invoices, due or not.
    pub whole: bool,
    /// Whether the customer's credit is used first.
    pub credit: bool,
    /// By which gateway; needed unless credit is enough.
    pub gateway: Option<GatewayId>,
    /// By which stored method; by a new one where absent.
    pub method: Option<PaymentMethodId>,
    /// Whether a new method is to be stored for later.
    pub keep: bool,
    /// The portal as the customer sees it, `https://billing.example.com`: where they come back to.
    pub site: Url,
}

/// What came of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Begun {
    /// An attempt to pay through a gateway.
    Attempt(AttemptId),
    /// Credit settled all of it.
    Credit(CreditUseId),
}

impl Begun {
    /// The attempt, where it is one.
    #[must_use]
    pub const fn attempt(self) -> Option<AttemptId> {
        match self {
            Self::Attempt(id) => Some(id),
            Self::Credit(_) => None,
        }
    }
}

/// What was settled by one use of credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditUseView {
    /// Identifier.
    pub id: CreditUseId,
    /// How much credit was used.
    pub amount: Money,
    /// Invoices with their numbers and what was settled of each. None where invoices are not
    /// shown.
    pub invoices: Vec<(InvoiceId, Option<String>, Money)>,
    /// When.
    pub used_at: Timestamp,
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
    /// What the customer's credit settles beside that, where it is paid.
    pub credit: Money,
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
