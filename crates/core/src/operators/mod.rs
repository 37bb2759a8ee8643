//! The organisation's people: who they are, how they sign in, what they may do.

mod account;
mod enrolment;
mod forgotten;
mod invite;
mod link;
mod list;
mod manage;
mod second_factor;
mod session;
mod set_up;
mod sign_in;
mod totp;
mod visit;

use std::time::Duration;

use portico_core_api::{Fault, FieldFault};

pub use account::OwnAccount;
pub use enrolment::Enrolment;
pub use invite::{InvitedOperator, NewInvitation};
pub use link::{OperatorLinkPreview, OperatorLinkPurpose};
pub use list::OperatorView;
pub use manage::OperatorChange;
pub use session::OperatorSessionView;
pub use set_up::{NewOwner, SetUpLink};
pub use sign_in::{OperatorSignIn, SignInChoice};
pub use visit::{OperatorSecret, OperatorVisit};

pub(crate) use forgotten::answer_all as answer_forgotten;

use crate::form::Form;
use crate::limits::TooMany;
use crate::password::Overloaded;
use crate::{Failure, Forbidden};

/// Why a verb on operators, keys or settings was refused.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The caller lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such record.
    #[error("not found")]
    NotFound,
    /// The input has faults; nothing was changed.
    #[error("{} field(s) need correction", .0.len())]
    Invalid(Vec<FieldFault>),
    /// A rule of the house stands against it.
    #[error(transparent)]
    Rule(#[from] StaffRule),
    /// Too many tries.
    #[error("too many tries")]
    TooMany(Duration),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// A rule that keeps an organisation in good hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffRule {
    /// Owners are the business of owners.
    #[error("only owners may make, change or remove owners")]
    OwnersOnly,
    /// Each organisation has one who can sign in.
    #[error("the last owner who can sign in must stay one")]
    LastOwner,
    /// Nobody gives themselves another role, or locks themselves out.
    #[error("nobody changes their own role, switches themselves off or removes themselves")]
    OwnRecord,
    /// The organisation asks everybody for a second factor.
    #[error("the organisation asks for a second factor")]
    SecondFactorRequired,
    /// Nobody gives away more than they have.
    #[error("a key cannot have permissions that its maker lacks")]
    MoreThanOwn,
    /// Codes are told once.
    #[error("the codes were exported already")]
    CodesExported,
    /// What is void is not given away.
    #[error("the vouchers are void")]
    VouchersVoid,
    /// What a voucher gave is not taken back.
    #[error("the voucher gave its credit already")]
    VoucherSpent,
    /// How a payment ends is what its provider says.
    #[error("only an attempt whose payment does not match can be dismissed")]
    AttemptMatches,
}

impl StaffRule {
    /// The key of the text that says it.
    #[must_use]
    pub const fn message_key(self) -> &'static str {
        match self {
            Self::OwnersOnly => "notice-operators-owners-only",
            Self::LastOwner => "notice-operators-last-owner",
            Self::OwnRecord => "notice-operators-own-record",
            Self::SecondFactorRequired => "notice-account-factor-required",
            Self::MoreThanOwn => "notice-api-keys-more-than-own",
            Self::CodesExported => "notice-vouchers-exported",
            Self::VouchersVoid => "notice-vouchers-void",
            Self::VoucherSpent => "notice-vouchers-spent",
            Self::AttemptMatches => "notice-attempt-not-dismissed",
        }
    }
}

impl StaffError {
    /// One field is wrong.
    pub(crate) fn field(field: &str, fault: Fault) -> Self {
        Self::Invalid(vec![FieldFault::new(field, fault)])
    }
}

impl Form {
    /// Refuses the form of staff where anything was noted.
    pub(crate) fn refuse_staff(self) -> Result<(), StaffError> {
        let faults = self.into_faults();
        if faults.is_empty() { Ok(()) } else { Err(StaffError::Invalid(faults)) }
    }
}

impl From<portico_store::StoreError> for StaffError {
    fn from(error: portico_store::StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<TooMany> for StaffError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many.retry_after)
    }
}

impl From<Overloaded> for StaffError {
    fn from(_: Overloaded) -> Self {
        Self::TooMany(crate::entry::WHEN_OVERLOADED)
    }
}
