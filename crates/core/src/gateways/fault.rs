//! Why a gateway could not be set up.

use portico_billing::gateway::TermsFault;
use portico_billing::text::LineError;
use portico_gateways::settings::SettingsFault;
use portico_store::StoreError;

use crate::limits::TooMany;
use crate::records::{InputFault, Rejection};
use crate::{Failure, Forbidden};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayFault {
    /// The field: `name`, `settings.secret_key`, `currencies.0.minimum_minor`.
    pub field: String,
    /// What is wrong with it.
    pub kind: GatewayFaultKind,
}

/// What can be wrong with a field. Its `Display` is for the organisation's software, its key for
/// people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GatewayFaultKind {
    /// Nothing was given.
    #[error("must not be empty")]
    Required,
    /// Longer than `max` characters.
    #[error("must not have more than {max} characters")]
    TooLong {
        /// Most characters that fit.
        max: usize,
    },
    /// Not one line of text.
    #[error("{0}")]
    Line(LineError),
    /// Not in the form that the provider's values have.
    #[error("does not have the form that the provider gives it")]
    Malformed,
    /// The provider has no such field.
    #[error("is no field of this provider")]
    UnknownField,
    /// No such provider.
    #[error("is no provider")]
    NoProvider,
    /// A gateway stays with its provider.
    #[error("cannot be changed: make another gateway")]
    ProviderStays,
    /// No brand of the organisation.
    #[error("no brand has this id")]
    NoBrand,
    /// The provider moves play money alone.
    #[error("the provider has no live mode")]
    NotLive,
    /// Needed before anybody can pay.
    #[error("is needed before the gateway can be enabled")]
    NeededToEnable,
    /// At least one currency is needed before anybody can pay.
    #[error("at least one currency is needed before the gateway can be enabled")]
    NoCurrency,
    /// More currencies than are kept.
    #[error("must not have more than {max} values")]
    TooMany {
        /// Most that are kept.
        max: usize,
    },
    /// The same currency before.
    #[error("the currency is there already")]
    CurrencyTwice,
    /// Terms that cannot be.
    #[error("{0}")]
    Terms(TermsFault),
    /// Money is not sent by plain text.
    #[error("must begin with https:// while the gateway is enabled and live")]
    NotHttps,
    /// Secrets are not sent where they were not meant for.
    #[error("must be given again where an address of the provider changes")]
    SecretAgain,
}

impl GatewayFaultKind {
    /// The key of its text.
    #[must_use]
    pub const fn message_key(self) -> &'static str {
        match self {
            Self::Required => "fault-required",
            Self::TooLong { .. } => "fault-too-long",
            Self::Line(_) => "fault-bad-characters",
            Self::Malformed => "gateways-fault-malformed",
            Self::UnknownField | Self::NoProvider | Self::NoBrand => "fault-not-a-choice",
            Self::ProviderStays => "gateways-fault-provider-stays",
            Self::NotLive => "gateways-fault-not-live",
            Self::NeededToEnable => "gateways-fault-needed-to-enable",
            Self::NoCurrency => "gateways-fault-no-currency",
            Self::TooMany { .. } => "gateways-fault-too-many",
            Self::CurrencyTwice => "gateways-fault-currency-twice",
            Self::Terms(TermsFault::Minimum | TermsFault::Surcharge) => "fault-amount",
            Self::Terms(TermsFault::Maximum) => "gateways-fault-maximum",
            Self::Terms(TermsFault::Percent) => "gateways-fault-percent",
            Self::NotHttps => "gateways-fault-not-https",
            Self::SecretAgain => "gateways-fault-secret-again",
        }
    }

    /// The largest number that fits, for its message.
    #[must_use]
    pub const fn max(self) -> Option<usize> {
        match self {
            Self::TooLong { max } | Self::TooMany { max } => Some(max),
            _ => None,
        }
    }
}

impl From<SettingsFault> for GatewayFault {
    fn from(fault: SettingsFault) -> Self {
        match fault {
            SettingsFault::Missing(key) => Self::of_setting(key, GatewayFaultKind::Required),
            SettingsFault::Malformed(key) => Self::of_setting(key, GatewayFaultKind::Malformed),
            SettingsFault::NotLive => Self::new("test", GatewayFaultKind::NotLive),
        }
    }
}

impl GatewayFault {
    pub(super) fn new(field: impl Into<String>, kind: GatewayFaultKind) -> Self {
        Self { field: field.into(), kind }
    }

    /// At one of the provider's fields.
    pub(super) fn of_setting(key: &str, kind: GatewayFaultKind) -> Self {
        Self::new(format!("settings.{key}"), kind)
    }
}

/// Why a gateway could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is none (in this organisation).
    #[error("the gateway was not found")]
    NotFound,
    /// The input has faults; nothing was changed.
    #[error("{} field(s) need correction", .0.len())]
    Invalid(Vec<GatewayFault>),
    /// What was sent is no gateway at all; says the organisation's software.
    #[error(transparent)]
    Input(Rejection),
    /// Payments, attempts to pay or stored methods refer to it.
    #[error("the gateway has payments or stored methods: disable it instead")]
    InUse,
    /// The provider was asked too often.
    #[error("too many tests; wait {wait_s} s")]
    TooMany {
        /// How long to wait.
        wait_s: u64,
    },
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<TooMany> for AccountError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { wait_s: too_many.retry_after.as_secs() + 1 }
    }
}

/// What a unit of work ends with.
impl From<Rejection> for AccountError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Forbidden(forbidden) => Self::Forbidden(forbidden),
            Rejection::Failure(failure) => Self::Failure(failure),
            other => Self::Input(other),
        }
    }
}

impl From<GatewayFault> for InputFault {
    fn from(fault: GatewayFault) -> Self {
        Self { field: fault.field, message: fault.kind.to_string() }
    }
}
