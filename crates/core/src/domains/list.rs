//! The domains of a brand, as people are shown them.

use jiff::Timestamp;
use portico_billing::BrandId;
use portico_billing::domain::{CertificateState, DnsState, Domain};
use portico_billing::permission::Permission;

use super::DomainError;
use crate::{Caller, Core};

/// A host of a brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRecord {
    /// The brand.
    pub brand_id: BrandId,
    /// The host.
    pub host: String,
    /// How it is proven; nothing for hosts that need no proof and get no certificate.
    pub claim: Option<ClaimRecord>,
    /// How its certificate stands.
    pub certificate: CertificateState,
}

/// How a host is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRecord {
    /// What the host's CNAME must be set to.
    pub target: String,
    /// When the DNS was asked last.
    pub checked_at: Option<Timestamp>,
    /// What it said then.
    pub dns: Option<DnsState>,
    /// When the CNAME was first seen: since then the brand answers on the host.
    pub proven_at: Option<Timestamp>,
}

impl DomainRecord {
    /// Whether the brand answers on the host.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.claim.as_ref().is_none_or(|claim| claim.proven_at.is_some())
    }
}

impl Core {
    /// The domains of a brand in their order, those that wait for their proof as well.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such brand, or the machinery fails.
    pub async fn domains(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<Vec<DomainRecord>, DomainError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        if read.brand(brand).await?.is_none() {
            return Err(DomainError::NotFound);
        }
        let domains = read.domains(brand).await?;
        Ok(domains.into_iter().map(|domain| self.domain_record(domain)).collect())
    }

    /// One domain of a brand.
    pub(super) async fn find_domain(
        &self,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<Domain, DomainError> {
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.domain(host).await?.filter(|domain| domain.brand_id == brand);
        found.ok_or(DomainError::NotFound)
    }

    pub(super) fn domain_record(&self, domain: Domain) -> DomainRecord {
        let settings = self.inner.domains.as_ref();
        let claim = domain.claim.map(|claim| ClaimRecord {
            target: settings.map_or_else(|| claim.label.clone(), |it| it.target(&claim)),
            checked_at: claim.checked_at,
            dns: claim.dns,
            proven_at: claim.proven_at,
        });
        let now = self.now();
        let certificate = domain.certificate.map_or(CertificateState::None, |it| it.state(now));
        DomainRecord { brand_id: domain.brand_id, host: domain.host, claim, certificate }
    }
}
