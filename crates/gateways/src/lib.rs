//! Payment providers: the only crate that speaks to them.
//!
//! A [`Gateway`] is one account at a provider. It is a set of small parts: one that cannot store
//! methods has no [`StoredMethods`], so that nobody can ask it to. A provider is a folder and a
//! line in [`PROVIDERS`]; its form in the control panel is drawn from its [`settings::Field`]s.
//!
//! Nothing here decides what a payment means: a gateway is asked, and tells how things stand there.
//! What customers do (a declined card, a page that they left) is an answer. An error is where there
//! is no answer, and says whether something may have happened all the same: [`GatewayError`].

mod circuit;
#[cfg(debug_assertions)]
pub mod crash;
mod http;
mod provider;

pub mod answer;
pub mod authorize_net;
pub mod order;
pub mod paypal;
pub mod sandbox;
pub mod settings;
pub mod stripe;

use async_trait::async_trait;
use jiff::Timestamp;

pub use answer::{
    Declined, Kept, Movement, MovementKind, Paid, Progress, Returned, Reversed, Sight,
};
pub use circuit::Circuit;
pub use http::{Http, Networks};
pub use order::{Charge, Checkout, Payer, RefundOrder, SetUp, Sought, Taken};
pub use provider::{Account, Mode, PROVIDERS, Provider, provider};

/// One account at a provider.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Asks the provider, without moving anything, whether the settings are good.
    ///
    /// # Errors
    /// `Refused` where they are not; else see [`GatewayError`].
    async fn probe(&self) -> Result<(), GatewayError>;

    /// Begins a payment that the customer finishes on the provider's own pages. Asked again for the
    /// same [`Checkout::reference`], it begins no second one.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn begin(&self, order: &Checkout<'_>) -> Result<Progress, GatewayError>;

    /// How a payment stands, by what is known of it. What the customer has agreed to and the
    /// provider waits for (PayPal's capture) is done on the way: that may be repeated.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn resume(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError>;

    /// Whether this account is the recipient that a payment names ([`Paid::recipient`]). Of a
    /// provider that names none, it is not.
    fn is_own(&self, _recipient: &str) -> bool {
        false
    }

    /// Where methods can be stored for later.
    fn stored_methods(&self) -> Option<&dyn StoredMethods> {
        None
    }

    /// Where payments can be given back through the provider.
    fn refunds(&self) -> Option<&dyn Refunds> {
        None
    }

    /// Where the provider tells what it took from a payment.
    fn reversals(&self) -> Option<&dyn Reversals> {
        None
    }

    /// Where the provider tells by itself what happened.
    fn notices(&self) -> Option<&dyn Notices> {
        None
    }

    /// Where the provider's own list of what it moved can be read.
    fn books(&self) -> Option<&dyn Books> {
        None
    }
}

/// Methods that the provider stores, and that are charged without the customer's doing.
#[async_trait]
pub trait StoredMethods: Send + Sync {
    /// Begins the storing of a method on the provider's own pages, without a payment.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn begin_set_up(&self, order: &SetUp<'_>) -> Result<Progress, GatewayError>;

    /// How the storing stands.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn resume_set_up(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError>;

    /// Charges a stored method. Where the provider has no keys against doubles (Authorize.Net), the
    /// caller sees to it that no order is sent twice.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn charge(&self, order: &Charge<'_>) -> Result<Progress, GatewayError>;

    /// Has the provider forget a method. One that it does not know is forgotten already.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn forget(&self, token: &str, profile: Option<&str>) -> Result<(), GatewayError>;
}

/// Giving payments back.
#[async_trait]
pub trait Refunds: Send + Sync {
    /// Gives back a payment or a part of it.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn refund(&self, order: &RefundOrder<'_>) -> Result<Returned, GatewayError>;

    /// How a refund stands; nothing where the provider knows none of the order's reference.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn look_up_refund(
        &self,
        order: &RefundOrder<'_>,
    ) -> Result<Option<Returned>, GatewayError>;
}

/// What was taken from a payment past Portico's orders too: refunds made at the provider's own
/// site, disputes, and what came back of them.
#[async_trait]
pub trait Reversals: Send + Sync {
    /// All that was taken from a charge, and all that came back of it. A movement has the same kind
    /// and the same identifier here as in the [`Books`].
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn reversals(&self, taken: &Taken<'_>) -> Result<Reversed, GatewayError>;
}

/// What the provider tells by itself (webhooks). A notice proves no payment: it says what to look
/// up.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Opens a message, exactly as it was received, after making sure that it is the provider's.
    ///
    /// # Errors
    /// [`Unproven`].
    async fn open(&self, message: &Message<'_>) -> Result<Notice, Unproven>;
}

/// A message as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Names in lower case, with their values.
    pub headers: &'a [(String, String)],
    /// Each byte as it was received.
    pub body: &'a [u8],
    /// Now: old messages are refused.
    pub now: Timestamp,
}

impl Message<'_> {
    /// The value of the header `name` (in lower case), where there is exactly one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }
}

/// What a provider told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The provider's identifier of the message: one that comes again is known by it.
    pub event_id: String,
    /// The provider's word for what happened.
    pub kind: String,
    /// What to look up because of it.
    pub about: Option<Subject>,
}

/// What a notice is about, by the provider's identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A payment: its handle ([`Progress`]) or its charge ([`Paid::charge`]), and, where the
    /// message has it, the reference that Portico gave it.
    Payment {
        /// The provider's identifier.
        handle: String,
        /// Portico's own.
        reference: Option<String>,
    },
    /// The storing of a method, by its handle.
    SetUp {
        /// The provider's identifier.
        handle: String,
        /// Portico's own.
        reference: Option<String>,
    },
    /// A refund or a dispute: the charge that it takes from.
    Reversal {
        /// The provider's identifier of the charge.
        charge: String,
        /// That of the refund or the dispute itself, where the message is about one.
        id: Option<String>,
    },
    /// A stored method that the provider changed or dropped.
    Method {
        /// Its token.
        token: String,
    },
}

/// Why a message is not taken for the provider's. None of it is told to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// No secret is set, so that nothing can be proven.
    #[error("the gateway has no webhook secret")]
    NoSecret,
    /// No signature, or several.
    #[error("the message is not signed")]
    Unsigned,
    /// A wrong one.
    #[error("the signature is wrong")]
    WrongSignature,
    /// Older than five minutes, or of the future.
    #[error("the message is of another time")]
    Stale,
    /// Of the other mode: a test event for a live account, or the other way round.
    #[error("the message is of the other mode")]
    OtherMode,
    /// Signed, and not understood.
    #[error("the message cannot be read: {0}")]
    Malformed(String),
    /// The provider could not be asked. The message may be sent again.
    #[error("the provider could not be asked: {0}")]
    NotAsked(#[from] GatewayError),
}

/// The provider's own list of what it moved.
#[async_trait]
pub trait Books: Send + Sync {
    /// A page of what moved from `from` until before `until`, oldest first; the second value asks
    /// for the next page, nothing where there is none.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn movements(
        &self,
        window: (Timestamp, Timestamp),
        cursor: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>), GatewayError>;
}

/// Why there is no answer, and what may have happened all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// The request never reached the provider: nothing happened there.
    #[error("the provider was not reached: {0}")]
    NotSent(String),
    /// The request was sent, and no answer that can be understood came back: it may have been done.
    #[error("the provider's answer is missing: {0}")]
    Unknown(String),
    /// The provider refused the request as such: wrong keys, a right that is missing, a value that
    /// it does not take. Nothing happened there.
    #[error("the provider refused the request ({code}): {message}")]
    Refused {
        /// The provider's code, for the staff.
        code: String,
        /// Its explanation, for the staff.
        message: String,
    },
    /// The provider asks to wait. Nothing happened there.
    #[error("the provider asks to send less")]
    TooMany,
}

impl GatewayError {
    /// Whether it is certain that nothing happened at the provider.
    #[must_use]
    pub const fn nothing_happened(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}
