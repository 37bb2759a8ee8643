//! Why the core says no.

use std::time::Duration;

use portico_billing::LanguageTag;
use serde::{Deserialize, Serialize};

use crate::LinkToken;

/// Why a call on behalf of a signed-in visitor was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// No session, or it is over.
    #[error("not signed in")]
    SignedOut {
        /// Where the visitor came from, where that is known.
        return_url: Option<String>,
        /// The language that the visit had, where that is known.
        language: Option<LanguageTag>,
    },
    /// Absent, or somebody else's.
    #[error("not found")]
    NotFound,
    /// The role, or the brand's settings, do not allow it.
    #[error("not permitted")]
    NotPermitted,
    /// The input has faults; nothing was changed.
    #[error("{} field(s) need correction", faults.len())]
    Invalid {
        /// What is wrong, by field.
        faults: Vec<FieldFault>,
    },
    /// Too many tries.
    #[error("too many requests")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The core cannot answer now. The cause is in its log under this reference.
    #[error("temporarily unavailable (reference {reference})")]
    Unavailable {
        /// What to quote to the staff.
        reference: String,
    },
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// Name of the field in the form: `email`, `billing_address.country`, `tax_ids.0.value`.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Refusal {
    /// There is no session; of one that there was nothing is told.
    pub const NO_SESSION: Self = Self::SignedOut { return_url: None, language: None };
}

impl FieldFault {
    /// `fault` at `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        Self { field: field.into(), fault }
    }
}

/// What can be wrong with a field. Each has a message `fault-<kebab-case name>` in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Nothing was given.
    Required,
    /// Longer than `max` characters.
    TooLong {
        /// Most characters that fit.
        max: u32,
    },
    /// Shorter than `min` characters.
    TooShort {
        /// Least characters that are needed.
        min: u32,
    },
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a country code.
    NotACountry,
    /// Not a language that the portal speaks.
    NotALanguage,
    /// Not a known time zone.
    NotATimeZone,
    /// Not in the form that tax ids of this register have.
    NotATaxId {
        /// An example of the right form.
        example: String,
    },
    /// Not a number that can be used here.
    NotANumber,
    /// A number, factor or amount that is too small or too large.
    OutOfRange {
        /// The smallest that can be used.
        min: String,
        /// The largest.
        max: String,
    },
    /// Not a telephone number.
    NotAPhone,
    /// Easily guessed, or known from leaks.
    WeakPassword,
    /// Not the present password.
    WrongPassword,
    /// Not the code of this moment, or one that was used.
    WrongCode,
    /// Not the code of a voucher: a character was mistyped.
    MistypedCode,
    /// No code of a voucher that this customer can redeem. Why not is told to nobody.
    CodeNotAccepted,
    /// The code of a voucher that this customer redeemed already.
    CodeAlreadyYours,
    /// In use already.
    Taken,
    /// The same as before.
    Unchanged,
    /// Not one of the values on offer.
    NotAChoice,
    /// Control characters or other things that do not belong there.
    BadCharacters,
    /// The brand does not let customers change it.
    ReadOnly,
}

impl Fault {
    /// The key of its message.
    #[must_use]
    pub const fn message_key(&self) -> &'static str {
        match self {
            Self::Required => "fault-required",
            Self::TooLong { .. } => "fault-too-long",
            Self::TooShort { .. } => "fault-too-short",
            Self::NotAnEmail => "fault-not-an-email",
            Self::NotACountry => "fault-not-a-country",
            Self::NotALanguage => "fault-not-a-language",
            Self::NotATimeZone => "fault-not-a-time-zone",
            Self::NotATaxId { .. } => "fault-not-a-tax-id",
            Self::NotANumber => "fault-not-a-number",
            Self::OutOfRange { .. } => "fault-out-of-range",
            Self::NotAPhone => "fault-not-a-phone",
            Self::WeakPassword => "fault-weak-password",
            Self::WrongPassword => "fault-wrong-password",
            Self::WrongCode => "fault-wrong-code",
            Self::MistypedCode => "fault-mistyped-code",
            Self::CodeNotAccepted => "fault-code-not-accepted",
            Self::CodeAlreadyYours => "fault-code-already-yours",
            Self::Taken => "fault-taken",
            Self::Unchanged => "fault-unchanged",
            Self::NotAChoice => "fault-not-a-choice",
            Self::BadCharacters => "fault-bad-characters",
            Self::ReadOnly => "fault-read-only",
        }
    }
}

/// Why somebody could not enter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum EntryError {
    /// E-mail and password do not belong together (or there is no such contact).
    #[error("e-mail and password do not match")]
    BadCredentials,
    /// E-mail and password belong together, and the password is a temporary one: the person is let
    /// in once it has chosen one of its own.
    #[error("a new password is to be chosen")]
    NewPasswordDue {
        /// Of a link like those that are mailed for [`ResetPassword`].
        ///
        /// [`ResetPassword`]: crate::MailedLinkPurpose::ResetPassword
        token: LinkToken,
    },
    /// The link is unknown, used, expired, revoked, or of another brand.
    #[error("the link is no longer valid")]
    LinkOver {
        /// Where the visitor came from, where that is known.
        return_url: Option<String>,
        /// The language that the visit would have had, where that is known.
        language: Option<LanguageTag>,
    },
    /// The person is known, and its account waits for the staff.
    #[error("the account waits for approval")]
    PendingApproval,
    /// The brand does not offer it.
    #[error("not offered here")]
    NotOffered,
    /// The input has faults.
    #[error("the input needs correction")]
    Invalid {
        /// What is wrong, by field.
        faults: Vec<FieldFault>,
    },
    /// Too many tries.
    #[error("too many tries")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The core cannot answer now.
    #[error("temporarily unavailable (reference {reference})")]
    Unavailable {
        /// What to quote to the staff.
        reference: String,
    },
}

impl EntryError {
    /// There is no such link, or none whose origin may be told.
    pub const NO_LINK: Self = Self::LinkOver { return_url: None, language: None };
}
