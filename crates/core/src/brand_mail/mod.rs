//! How a brand mails: by which server, and in which words.

mod input;
mod server;
mod trial;
mod wording;

pub use input::{SmtpInput, WordedFault};
pub use server::SmtpRecord;
pub use trial::Recipient;
pub use wording::{BODY_MAX, SUBJECT_MAX};

use portico_billing::BrandId;
use portico_billing::brand::Brand;
use portico_store::{Read, StoreError};

use crate::mail::ProbeFault;
use crate::{Failure, Forbidden};

/// What passwords of mail servers are sealed for.
pub(crate) const PASSWORD: &str = "smtp_password";

/// Why a brand's mail or texts could not be changed, or a mail not be tried.
#[derive(Debug, thiserror::Error)]
pub enum BrandMailError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such brand, kind of mail or text.
    #[error("there is no such brand, mail or text")]
    NotFound,
    /// Fields have faults; nothing was changed.
    #[error("{} field(s) need correction", .0.len())]
    Invalid(Vec<WordedFault>),
    /// Too many test mails.
    #[error("too many test mails; wait {wait_s} s")]
    TooMany {
        /// How long to wait.
        wait_s: u64,
    },
    /// The server did not take the test mail.
    #[error("{0}")]
    Trial(ProbeFault),
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for BrandMailError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// The brand, which must be the caller's organisation's.
pub(crate) async fn brand_of(read: &mut Read, id: BrandId) -> Result<Brand, BrandMailError> {
    read.brand(id).await?.ok_or(BrandMailError::NotFound)
}
