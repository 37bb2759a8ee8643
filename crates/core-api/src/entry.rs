//! Entering, and the session that follows.

use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use portico_billing::account::ContactRole;
use portico_billing::brand::ProfileField;
use portico_billing::section::{Section, Sections};
use portico_billing::session::SessionOrigin;
use portico_billing::{
    BrandId, ContactId, Currency, CustomerId, LanguageTag, OrganisationId, SessionId,
    SubscriptionId,
};
use serde::{Deserialize, Serialize};

/// Texts that open something for whoever has them, and that no log may have.
macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the secret.
            #[must_use]
            pub fn new(secret: String) -> Self {
                Self(secret)
            }

            /// The secret, for where it belongs alone.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secrets! {
    /// The secret in a visitor's cookie. Never printed.
    SessionSecret;
    /// The secret of a link that leads on at once, without a mail. Never printed.
    LinkToken;
    /// The secret of a link to pay one invoice with. It signs nobody in. Never printed.
    PayLinkSecret;
}

/// Where a request comes from: what rate limits and the list of sessions need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The client's address, behind trusted proxies the one they report.
    pub address: IpAddr,
    /// The browser's name of itself, at most 300 characters.
    pub user_agent: Option<String>,
}

/// The page that a session opens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum Forward {
    /// The first page.
    Overview,
    /// The choice between several accounts.
    Accounts,
    /// The list of invoices.
    Invoices,
    /// Billing information, at the addresses.
    BillingInformation,
    /// The payment method of one subscription.
    SubscriptionPaymentMethod {
        /// The subscription.
        subscription_id: SubscriptionId,
    },
}

impl Forward {
    /// The sections that its page belongs to.
    #[must_use]
    pub const fn sections(self) -> &'static [Section] {
        match self {
            Self::Overview | Self::Accounts => &[],
            Self::Invoices => &[Section::Invoices],
            Self::BillingInformation => &[Section::BillingInformation],
            Self::SubscriptionPaymentMethod { .. } => {
                &[Section::Subscriptions, Section::PaymentMethods]
            }
        }
    }

    /// The page, or the first one where it is not shown.
    #[must_use]
    pub fn within(self, shown: Sections) -> Self {
        if shown.has_all(self.sections()) { self } else { Self::Overview }
    }
}

/// What an unused link would open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPreview {
    /// The customer.
    pub customer_id: CustomerId,
    /// The person, where the link is for one.
    pub contact_id: Option<ContactId>,
    /// The customer's name.
    pub customer_name: String,
    /// The contact's name, where the link is for a contact.
    pub contact_name: Option<String>,
    /// The contact's e-mail address, where the link is for a contact.
    pub email: Option<String>,
    /// The language that was asked for.
    pub language: Option<LanguageTag>,
}

/// A fresh session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// What goes into the cookie.
    pub secret: SessionSecret,
    /// When the cookie dies at the latest.
    pub expires_at: Timestamp,
    /// The page to open.
    pub forward: Forward,
    /// The language that the session was asked to be in.
    pub language: Option<LanguageTag>,
}

/// What a mailed link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailedLinkPurpose {
    /// Signing in.
    SignIn,
    /// Choosing a new password.
    ResetPassword,
    /// Proving a new e-mail address.
    ConfirmEmail,
}

/// Who is there. Everything that the frame of a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The session.
    pub session_id: SessionId,
    /// How it began.
    pub origin: SessionOrigin,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand.
    pub brand_id: BrandId,
    /// Whose data is shown.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Its currency.
    pub currency: Currency,
    /// The person; absent where the link was made for the customer as such.
    pub contact: Option<VisitContact>,
    /// One of the organisation's people who looks in, where one does.
    pub staff: Option<StaffVisitor>,
    /// Where the logo and signing out lead.
    pub return_url: Option<String>,
    /// Language: the session's, else the contact's, else the customer's; the browser's otherwise.
    pub language: Option<LanguageTag>,
    /// IANA time zone: the contact's, the customer's, or the organisation's.
    pub time_zone: String,
    /// What may be edited in this session.
    pub editable_fields: Vec<ProfileField>,
    /// Whether there are more accounts to switch to.
    pub may_switch: bool,
    /// What is shown: all else is answered as if it were not there.
    pub sections: Sections,
    /// Whether the brand has a gateway that customers can pay by.
    pub takes_payments: bool,
}

/// The person of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitContact {
    /// The contact.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub phone: Option<String>,
    /// What it may do.
    pub role: ContactRole,
    /// Chosen language.
    pub language: Option<LanguageTag>,
    /// Chosen IANA time zone.
    pub time_zone: Option<String>,
    /// An address that waits to be confirmed.
    pub pending_email: Option<String>,
    /// Whether a password is set.
    pub has_password: bool,
    /// What the organisation's people wrote to it.
    pub note: Option<String>,
}

/// One of the organisation's people on a customer's portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffVisitor {
    /// Its name.
    pub name: String,
    /// When the visit ends at the latest.
    pub until: Timestamp,
    /// Whether it may act; it only looks otherwise.
    pub may_act: bool,
}

/// A visit of the organisation's people, as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffVisit {
    /// When it began.
    pub started_at: Timestamp,
    /// When it was ended, or ran out at the latest.
    pub over_at: Option<Timestamp>,
    /// Whether it could act.
    pub may_act: bool,
}

/// One live session, as listed to its contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Identifier.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// How it began.
    pub origin: SessionOrigin,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
    /// The address it was entered from.
    pub address: Option<String>,
    /// When it was entered.
    pub started_at: Timestamp,
    /// When it was last used, exact to about a minute.
    pub last_seen_at: Timestamp,
}
