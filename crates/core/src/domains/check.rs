//! Looking whether a host's CNAME leads to its claim.

use jiff::SignedDuration;
use portico_billing::domain::{Claim, DnsState};
use portico_billing::permission::Permission;
use portico_billing::{BrandId, OrganisationId};
use tokio::task::JoinSet;

use super::{DomainError, DomainRecord};
use crate::{Caller, Core, Failure};

/// Hosts that are looked at together.
const BATCH: u16 = 16;
/// Whoever takes a host to look at has it so long.
const LEASE: SignedDuration = SignedDuration::from_mins(1);

impl Core {
    /// Asks the DNS about a domain now. Where its CNAME leads to its claim, the host is the brand's
    /// from now on, and a certificate is ordered; one that failed is tried again at once.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the brand has no such host, or the machinery fails.
    pub async fn check_domain(
        &self,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<DomainRecord, DomainError> {
        caller.require(Permission::EditBrands)?;
        let organisation = caller.organisation_id;
        let domain = self.find_domain(caller, brand, host).await?;
        if let Some(claim) = domain.claim {
            let claim = self.ask_dns(organisation, host, claim).await?;
            if claim.dns == Some(DnsState::Points) {
                let mut write = self.inner.store.write(organisation).await?;
                write.hurry_certificate(host, self.now()).await?;
                write.commit().await?;
            }
        }
        let domain = self.find_domain(caller, brand, host).await?;
        Ok(self.domain_record(domain))
    }

    /// Asks the DNS about domains that are due; to be called every few seconds. The answer is how
    /// many there were.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn check_due_domains(&self) -> Result<usize, Failure> {
        if self.inner.domains.is_none() {
            return Ok(0);
        }
        let now = self.now();
        let due = self.inner.store.directory().await?.domains_to_check(now, BATCH).await?;
        let count = due.len();
        let mut checks = JoinSet::new();
        for (organisation, host) in due {
            let core = self.clone();
            checks.spawn(async move { core.check_due_domain(organisation, &host).await });
        }
        for checked in checks.join_all().await {
            checked?;
        }
        Ok(count)
    }

    async fn check_due_domain(
        &self,
        organisation: OrganisationId,
        host: &str,
    ) -> Result<(), Failure> {
        let now = self.now();
        let mut write = self.inner.store.write(organisation).await?;
        let is_mine = write.take_domain_check(host, now, now + LEASE).await?;
        let domain = write.domain(host).await?;
        write.commit().await?;
        if let Some(claim) = domain.and_then(|domain| domain.claim).filter(|_| is_mine) {
            self.ask_dns(organisation, host, claim).await?;
        }
        Ok(())
    }

    /// Asks the DNS and keeps what it says. The answer is the claim as it is now.
    pub(super) async fn ask_dns(
        &self,
        organisation: OrganisationId,
        host: &str,
        claim: Claim,
    ) -> Result<Claim, Failure> {
        let Some(settings) = &self.inner.domains else { return Ok(claim) };
        let target = settings.target(&claim);
        let dns = settings.dns.state_of(host, &target, &settings.cname_target).await;
        let (points, now) = (dns == DnsState::Points, self.now());
        let claim = Claim {
            checked_at: Some(now),
            dns: Some(dns),
            proven_at: claim.proven_at.or_else(|| points.then_some(now)),
            ..claim
        };
        let mut write = self.inner.store.write(organisation).await?;
        let is_still_so = write.save_domain_check(host, &claim, claim.next_check(now)).await?;
        if points && is_still_so && settings.orders_certificates {
            write.want_certificate(host, now).await?;
        }
        write.commit().await?;
        Ok(claim)
    }
}
