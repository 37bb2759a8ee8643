//! Why the looks of a brand could not be saved.

use portico_billing::script::ScriptFault;
use portico_store::StoreError;

use crate::records::{InputFault, Rejection};
use crate::{Failure, Forbidden};

/// What is wrong with a field. Its `Display` is for the organisation's software, its key for
/// people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LooksFaultKind {
    /// Not `#rrggbb`.
    #[error("must be a colour `#rrggbb`")]
    Colour,
    /// More than 24.
    #[error("must be 0 to 24")]
    Radius,
    /// No file of the organisation.
    #[error("no file has this id")]
    NoFile,
    /// Not an address that may be linked to.
    #[error("must be an absolute http(s) URL without user name or password")]
    Link,
    /// Not an address that mail can be sent to.
    #[error("is not a valid e-mail address")]
    Email,
    /// Not one line of text.
    #[error("must be one line without control characters")]
    Line,
    /// Longer than `max`.
    #[error("must not have more than {max} characters")]
    TooLong {
        /// Most characters that fit.
        max: usize,
    },
    /// More values than are kept.
    #[error("must not have more than {max} values")]
    TooMany {
        /// Most values that are kept.
        max: usize,
    },
    /// A link without a label, or a label without an address.
    #[error("needs a label and an address")]
    HalfLink,
    /// Not an origin, or not by HTTPS.
    #[error("`{0}` is no https origin such as `https://cdn.example.com`")]
    Origin(String),
    /// The script is refused.
    #[error("{0}")]
    Script(#[from] ScriptFault),
}

impl LooksFaultKind {
    /// The key of its message.
    #[must_use]
    pub const fn message_key(&self) -> &'static str {
        match self {
            Self::Colour => "looks-fault-colour",
            Self::Radius => "looks-fault-radius",
            Self::NoFile => "looks-fault-no-file",
            Self::Link => "looks-fault-link",
            Self::Email => "fault-not-an-email",
            Self::Line => "fault-bad-characters",
            Self::TooLong { .. } => "fault-too-long",
            Self::TooMany { .. } => "looks-fault-too-many",
            Self::HalfLink => "looks-fault-half-link",
            Self::Origin(_) => "looks-fault-origin",
            Self::Script(ScriptFault::TooLarge) => "looks-fault-script-large",
            Self::Script(ScriptFault::Markup) => "looks-fault-script-markup",
            Self::Script(ScriptFault::Address) => "looks-fault-script-address",
            Self::Script(ScriptFault::Origin(_)) => "looks-fault-script-origin",
            Self::Script(ScriptFault::Integrity) => "looks-fault-script-integrity",
        }
    }

    /// The largest number that fits, for its message.
    #[must_use]
    pub const fn max(&self) -> Option<usize> {
        match self {
            Self::TooLong { max } | Self::TooMany { max } => Some(*max),
            _ => None,
        }
    }

    /// What was given, for its message.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Origin(text) | Self::Script(ScriptFault::Origin(text)) => Some(text),
            _ => None,
        }
    }
}

/// One fault and its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooksFault {
    /// The field as the API names it: `accent`, `legal_links[2].url`.
    pub field: String,
    /// What is wrong.
    pub kind: LooksFaultKind,
}

/// Why looks could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum LooksError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such brand or version.
    #[error("there is no such brand or version")]
    NotFound,
    /// Fields have faults; nothing was changed.
    #[error("{} field(s) need correction", .0.len())]
    Invalid(Vec<LooksFault>),
    /// Somebody else saved or published meanwhile; nothing was changed.
    #[error("somebody saved or published meanwhile; read the looks again")]
    Stale,
    /// There is nothing to publish.
    #[error("there is no draft")]
    NoDraft,
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for LooksError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// What the organisation's software is told.
impl From<LooksError> for Rejection {
    fn from(error: LooksError) -> Self {
        match error {
            LooksError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            LooksError::NotFound => Self::NotFound("the brand or the version".to_owned()),
            LooksError::Invalid(faults) => {
                let fault =
                    |it: LooksFault| InputFault { message: it.kind.to_string(), field: it.field };
                Self::Invalid(faults.into_iter().map(fault).collect())
            }
            LooksError::Stale => Self::conflict("base", error.to_string()),
            LooksError::NoDraft => Self::conflict("", error.to_string()),
            LooksError::Failure(failure) => Self::Failure(failure),
        }
    }
}
