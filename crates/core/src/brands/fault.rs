//! Why a brand could not be changed.

use portico_billing::brand::OriginError;
use portico_billing::report::ColumnError;
use portico_billing::text::LineError;
use portico_store::StoreError;

use crate::records::{InputFault, Rejection};
use crate::{Failure, Forbidden};

/// What is wrong with a field. Its `Display` is for the organisation's software, its key for
/// people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrandFault {
    /// Nothing was given.
    #[error("must not be empty")]
    Required,
    /// Longer than `max` characters.
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
    /// Not one line of text.
    #[error("{0}")]
    Line(#[from] LineError),
    /// Not a host.
    #[error("is no host: a name without scheme, port and path is expected")]
    Host,
    /// A host of the installation itself.
    #[error("is the installation's own host")]
    ReservedHost,
    /// A host that is in use.
    #[error("is in use already")]
    HostInUse,
    /// Not an address that may be linked to, or not at an origin that is allowed.
    #[error("{0}")]
    Link(#[from] OriginError),
    /// Not an origin.
    #[error("`{0}` is no origin: scheme, host and port of a web address are expected")]
    Origin(String),
    /// Not the code of a currency.
    #[error("`{0}` is no ISO 4217 code")]
    Currency(String),
    /// Not the tag of a language.
    #[error("is no language (BCP 47)")]
    Language,
    /// No customer of the organisation.
    #[error("no customer has this id or external id")]
    NoCustomer,
    /// A column that the report has not, or twice.
    #[error("{0}")]
    Column(#[from] ColumnError),
}

impl BrandFault {
    /// The key of its message.
    #[must_use]
    pub const fn message_key(&self) -> &'static str {
        match self {
            Self::Required => "fault-required",
            Self::TooLong { .. } => "fault-too-long",
            Self::TooMany { .. } => "brands-fault-too-many",
            Self::Line(_) => "fault-bad-characters",
            Self::Host => "brands-fault-host",
            Self::ReservedHost => "brands-fault-reserved-host",
            Self::HostInUse => "brands-fault-host-in-use",
            Self::Link(OriginError::NotHttp) => "brands-fault-link",
            Self::Link(OriginError::NotAllowed(_)) => "brands-fault-not-allowed",
            Self::Origin(_) => "brands-fault-origin",
            Self::Currency(_) => "brands-fault-currency",
            Self::Language => "fault-not-a-language",
            Self::NoCustomer => "brands-fault-no-customer",
            Self::Column(_) => "fault-not-a-choice",
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
            Self::Origin(text) | Self::Currency(text) => Some(text),
            Self::Link(OriginError::NotAllowed(origin)) => Some(origin),
            _ => None,
        }
    }
}

/// All that is wrong with an input, by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct BrandFaults(Vec<(&'static str, BrandFault)>);

impl BrandFaults {
    /// Notes a fault.
    pub(super) fn add(&mut self, field: &'static str, fault: impl Into<BrandFault>) {
        self.0.push((field, fault.into()));
    }

    /// The value, or nothing where there is a fault, which is noted.
    pub(super) fn take<T>(
        &mut self,
        field: &'static str,
        value: Result<T, impl Into<BrandFault>>,
    ) -> Option<T> {
        value.map_err(|fault| self.add(field, fault)).ok()
    }

    /// The field of each fault with the fault.
    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, BrandFault)> {
        self.0.iter()
    }

    /// Refuses where anything was noted.
    pub(super) fn refuse_any(self) -> Result<(), BrandError> {
        if self.0.is_empty() { Ok(()) } else { Err(BrandError::Invalid(self)) }
    }
}

/// Why a brand could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// The input has faults; nothing was changed.
    #[error("the brand needs correction")]
    Invalid(BrandFaults),
    /// What was sent is no brand at all; says the organisation's software.
    #[error(transparent)]
    Input(Rejection),
    /// There is none (in this organisation).
    #[error("the brand was not found")]
    NotFound,
    /// It has customers, so that it cannot be removed.
    #[error("the brand has customers; attach them to another brand first")]
    HasCustomers,
    /// It has gateways of its own, so that it cannot be removed.
    #[error("the brand has payment gateways of its own; remove them or give them to all brands")]
    HasGateways,
    /// It is that of customers that name none, so that it cannot be removed.
    #[error("the brand is the default one; make another one the default first")]
    IsDefault,
    /// The caller may not do this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl BrandError {
    /// One fault at `field`.
    pub(super) fn at(field: &'static str, fault: BrandFault) -> Self {
        Self::Invalid(BrandFaults(vec![(field, fault)]))
    }
}

impl From<StoreError> for BrandError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// What the organisation's software is told.
impl From<BrandError> for Rejection {
    fn from(error: BrandError) -> Self {
        match error {
            BrandError::Invalid(faults) => {
                let fault = |(field, fault): (&str, BrandFault)| InputFault {
                    field: field.to_owned(),
                    message: fault.to_string(),
                };
                Self::Invalid(faults.0.into_iter().map(fault).collect())
            }
            BrandError::Input(rejection) => rejection,
            BrandError::NotFound => Self::NotFound("the brand".to_owned()),
            BrandError::HasCustomers | BrandError::HasGateways | BrandError::IsDefault => {
                Self::conflict("", error.to_string())
            }
            BrandError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            BrandError::Failure(failure) => Self::Failure(failure),
        }
    }
}
