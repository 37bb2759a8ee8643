//! The use cases of Portico: one public verb per file, each a short unit of work.
//!
//! A verb loads, lets `portico_billing` decide, writes, and commits; what leaves the database
//! (mail, webhooks) goes through the outbox in the same transaction. Authorisation is decided here:
//! customer-side calls carry a session secret that [`visit`] resolves, calls of the organisation's
//! software carry a [`Caller`].

mod accounts;
mod api;
mod api_keys;
mod audit;
mod audit_log;
mod balance;
mod billing_details;
mod caller;
mod clock;
mod contacts;
mod contracts;
mod credit;
mod credit_notes;
mod documents;
mod entitlements;
mod entropy;
mod entry;
mod export;
mod failure;
mod form;
mod home;
mod housekeeping;
mod idempotency;
mod invoices;
mod ledger;
mod limits;
mod links;
mod operators;
mod overview;
mod password;
mod pay;
mod pay_links;
mod payment_methods;
mod payments;
mod portal_sessions;
mod profile;
mod seal;
mod search;
mod secret;
mod sessions;
mod settings;
mod setup;
mod sign_up;
mod strength;
mod subscriptions;
mod visit;

pub mod brand_mail;
pub mod brand_texts;
pub mod brands;
pub mod configuration;
pub mod customers;
pub mod domains;
pub mod einvoice;
pub mod files;
pub mod gateways;
pub mod looks;
pub mod mail;
pub mod records;
pub mod refunds;
pub mod vouchers;

use std::sync::Arc;

use portico_documents::Typesetter;
use portico_store::Store;

pub use api_keys::{ApiKeyView, NewApiKey};
pub use audit_log::{AuditActor, AuditLine, AuditQuery};
pub use caller::{ApiKeySecret, Caller, Forbidden, Who};
pub use clock::{Clock, FixedClock};
pub use contacts::{NewTemporaryPassword, PasswordPosting};
pub use credit::{CreditInput, CreditUseOutput, UsedPart};
pub use documents::{DocumentStyles, PlainStyles, SharedFormats};
pub use entropy::Entropy;
pub use failure::Failure;
pub use home::Home;
pub use idempotency::{Idempotency, IdempotencyTicket};
pub use ledger::{LedgerFault, LedgerFaultReason, LedgerReport, LedgerWatch};
pub use links::PublicAddress;
pub use operators::{
    Enrolment, InvitedOperator, NewInvitation, NewOwner, OperatorChange, OperatorLinkPreview,
    OperatorLinkPurpose, OperatorSecret, OperatorSessionView, OperatorSignIn, OperatorView,
    OperatorVisit, OwnAccount, SetUpLink, SignInChoice, StaffError, StaffRule,
};
pub use password::{Overloaded, Passwords};
pub use pay::{
    AttemptDetail, AttemptHistory, AttemptPart, AttemptQuery, AttemptSummary, GatewayName,
    NoticeAnswer, NoticeMessage, NoticeQuery, NoticeState, NoticeSubject, NoticeView,
};
pub use pay_links::{MadePayLink, NewPayLink, PayLinkView};
pub use portal_sessions::{
    CreatedPortalSession, CustomerRef, NewForward, NewPortalSession, PortalSessionError,
    PortalSessionRecord, PortalSessionState,
};
pub use seal::{SealKey, Sealer};
pub use search::Found;
pub use settings::{OrganisationChange, TAX_IDS_MAX};
pub use setup::{NewBrand, NewOperator, NewOrganisation, SetupError};
pub use sign_up::{GuestError, GuestSession, NewGuestSession, WaitingSignUp};
pub use vouchers::{
    NewVoucherBatch, VoucherBatchView, VoucherCode, VoucherPosition, VoucherQuery, VoucherReport,
    VoucherView,
};

/// What a core is made of.
pub struct CoreParts {
    /// The data.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Entropy,
    /// Key for secrets at rest.
    pub seal_key: SealKey,
    /// How the portal is reached from outside.
    pub public_address: PublicAddress,
    /// How the control panel is reached, without a slash at the end: what links to operators
    /// begin with.
    pub panel_url: String,
    /// Words and formats of documents.
    pub styles: Arc<dyn DocumentStyles>,
    /// What sets their pages.
    pub typesetter: Typesetter,
    /// What domains of brands are proven by; nothing where they need no proof.
    pub domains: Option<domains::DomainSettings>,
    /// What sends test mails; nothing where there is no mailer.
    pub mail_probe: Option<Arc<dyn mail::MailProbe>>,
    /// How many mails people can ask an organisation for.
    pub mail_budget: mail::MailBudget,
    /// How payment providers are reached.
    pub http: portico_gateways::Http,
}

/// The core: cheap to clone, shared by all sites.
#[derive(Clone)]
pub struct Core {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Entropy,
    sealer: Sealer,
    passwords: Passwords,
    limits: limits::Limits,
    public_address: PublicAddress,
    panel_url: String,
    press: documents::Press,
    visits: visit::Visits,
    domains: Option<domains::DomainSettings>,
    mail_probe: Option<Arc<dyn mail::MailProbe>>,
    mail_budget: mail::MailBudget,
    http: portico_gateways::Http,
    circuits: gateways::Circuits,
}

impl Core {
    /// Puts a core together.
    #[must_use]
    pub fn new(parts: CoreParts) -> Self {
        let passwords = Passwords::new(parts.entropy.clone());
        Self {
            inner: Arc::new(Inner {
                visits: visit::Visits::default(),
                store: parts.store,
                limits: limits::Limits::new(&parts.clock),
                clock: parts.clock,
                sealer: Sealer::new(&parts.seal_key, parts.entropy.clone()),
                entropy: parts.entropy,
                passwords,
                public_address: parts.public_address,
                panel_url: parts.panel_url,
                press: documents::Press::new(parts.styles, parts.typesetter),
                domains: parts.domains,
                mail_probe: parts.mail_probe,
                mail_budget: parts.mail_budget,
                http: parts.http,
                circuits: gateways::Circuits::default(),
            }),
        }
    }

    /// The data, for the parts of the process that look after it (readiness, closing).
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// How many passwords were hashed since the start: what signing in costs, and what must not
    /// tell whether an address is known (SES-09).
    #[must_use]
    pub fn passwords_hashed(&self) -> u64 {
        self.inner.passwords.hashed()
    }

    /// The time now, exact to the microsecond.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.inner.clock.now()
    }

    /// Random bytes, fit for secrets.
    #[must_use]
    pub fn random(&self) -> [u8; 32] {
        self.inner.entropy.bytes()
    }

    /// Ten random bytes for an identifier.
    pub(crate) fn id_bytes(&self) -> [u8; 10] {
        self.inner.entropy.bytes()
    }
}
