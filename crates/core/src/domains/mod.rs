//! Domains of brands: claimed by an organisation, proven by a CNAME, given a certificate.
//!
//! A host's CNAME must lead to `<label>.<cname target>`, where the label is random and new with
//! each claim. So a host that was released proves nothing to the next organisation that claims it.
//! The brand answers on the host, and a certificate is ordered for it, only once that was seen.

mod acme;
mod certificates;
mod check;
mod dns;
mod edit;
mod list;

use portico_billing::domain::Claim;

pub use certificates::{CertificateOrder, Issued, ServedCertificate, TlsCertificate};
pub use dns::{Dns, DnsSetupError};
pub use list::{ClaimRecord, DomainRecord};

use crate::{Core, Failure, Forbidden};

/// What domains of brands need of the installation.
pub struct DomainSettings {
    /// What CNAMEs lead to, below a label of each claim: `portal.example.com`.
    pub cname_target: String,
    /// Where the DNS is asked.
    pub dns: Dns,
    /// Whether certificates are ordered for those that are proven.
    pub orders_certificates: bool,
}

impl DomainSettings {
    /// Where the CNAME of a claim must lead.
    fn target(&self, claim: &Claim) -> String {
        format!("{}.{}", claim.label, self.cname_target)
    }

    /// Whether `name` is this installation's own.
    fn owns(&self, name: &str) -> bool {
        name.strip_suffix(&self.cname_target)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// Why a domain could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such brand, or no such host of it.
    #[error("there is no such domain")]
    NotFound,
    /// A brand cannot be found by this host.
    #[error("this is no host: a name without scheme, port and path is expected")]
    Host,
    /// The host belongs to the installation itself.
    #[error("this host is the portal's own: domains lead to it by a CNAME")]
    Reserved,
    /// The host is in use, by this organisation or another one.
    #[error("the host is in use already")]
    InUse,
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<portico_store::StoreError> for DomainError {
    fn from(error: portico_store::StoreError) -> Self {
        match error {
            portico_store::StoreError::Duplicate { .. } => Self::InUse,
            other => Self::Failure(other.into()),
        }
    }
}

impl Core {
    /// What CNAMEs lead to; nothing where domains need no proof and get no certificate.
    #[must_use]
    pub fn cname_target(&self) -> Option<&str> {
        self.inner.domains.as_ref().map(|domains| domains.cname_target.as_str())
    }

    /// Whether domains get certificates once they are proven.
    #[must_use]
    pub fn orders_certificates(&self) -> bool {
        self.inner.domains.as_ref().is_some_and(|domains| domains.orders_certificates)
    }
}
