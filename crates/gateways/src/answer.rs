//! How things stand at a provider.

use jiff::Timestamp;
use portico_billing::Money;
use portico_billing::payment_method::PaymentMethodKind;
use url::Url;

/// How a payment or a set-up stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The customer has to go to the provider.
    Away {
        /// What the provider calls it.
        handle: String,
        /// How the browser gets there.
        way: Way,
    },
    /// The customer has not finished on the provider's page, and still can.
    Unfinished,
    /// The provider works on it, or waits for money (a bank's transfer).
    Pending {
        /// What the provider calls it, where it has told.
        handle: Option<String>,
    },
    /// Paid.
    Paid(Box<Paid>),
    /// A method is stored, nothing was paid.
    Stored(Box<Kept>),
    /// It was not done, and will not be.
    Declined(Declined),
}

/// How a browser gets to the provider's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a redirect.
    Go(Url),
    /// By a form that is posted with these hidden fields.
    Post(Url, Vec<(String, String)>),
}

/// What looking brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// The provider knows nothing of it and never will: nothing was begun.
    Absent,
    /// This is how it stands.
    There(Progress),
}

/// A payment that was made, as the provider tells it. Who gets it compares each figure with what
/// was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The provider's identifier of the movement of money: credited once.
    pub charge: String,
    /// What was paid.
    pub money: Money,
    /// The reference that the provider has of it.
    pub reference: Option<String>,
    /// The provider's identifier of the account that got the money, where it tells.
    pub recipient: Option<String>,
    /// Whether it is play money.
    pub test: bool,
    /// What the provider keeps of it, where it is known already.
    pub fee: Option<Money>,
    /// When it was paid.
    pub at: Timestamp,
    /// The method, and its token where it was stored.
    pub method: Kept,
}

/// A method as the provider describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What to charge it by later; nothing where it was not stored.
    pub token: Option<String>,
    /// What the provider calls the customer whom it belongs to.
    pub profile: Option<String>,
    /// Kind.
    pub kind: PaymentMethodKind,
    /// Card scheme or bank: "Visa".
    pub brand: Option<String>,
    /// Last four characters of the number.
    pub last4: Option<String>,
    /// Month of expiry, 1 to 12, and the year with four digits.
    pub expiry: Option<(u8, u16)>,
    /// Holder, or the address of the account (PayPal).
    pub holder: Option<String>,
}

/// Why a payment was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// What the customer is told.
    pub reason: portico_billing::gateway::DeclineReason,
    /// The provider's own code, for the staff.
    pub code: String,
}

/// How a refund stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// The provider works on it.
    Pending {
        /// What the provider calls it.
        id: String,
    },
    /// Given back.
    Done {
        /// What the provider calls it.
        id: String,
        /// How much was given back.
        money: Money,
        /// When.
        at: Timestamp,
    },
    /// It was not done, and will not be.
    Refused(Declined),
}

/// What was taken from a charge, and what came back of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversed {
    /// The movements, none of them a payment.
    pub movements: Vec<Movement>,
    /// Until when the provider tells all of them: it may list later ones later.
    pub until: Timestamp,
}

/// What moved in the provider's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Kind.
    pub kind: MovementKind,
    /// The provider's identifier: of a payment [`Paid::charge`].
    pub id: String,
    /// Of what takes from a payment: its charge.
    pub charge: Option<String>,
    /// Portico's reference, where the provider has it.
    pub reference: Option<String>,
    /// How much, positive.
    pub money: Money,
    /// What the provider keeps of it, where it tells.
    pub fee: Option<Money>,
    /// When.
    pub at: Timestamp,
}

/// Kinds of movements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// Money from a customer.
    Payment,
    /// Money given back.
    Refund,
    /// Money that a bank took back.
    Dispute,
    /// Such money, won again.
    DisputeWon,
    /// Money given back that did not arrive, and is here again.
    RefundFailed,
}
