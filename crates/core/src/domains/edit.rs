//! Adding hosts to a brand, and taking them away.

use portico_billing::domain::{Claim, is_public_name};
use portico_billing::permission::Permission;
use portico_billing::{BrandId, brand};
use portico_store::Write;
use serde_json::json;

use super::{DomainError, DomainRecord};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Adds a host to a brand. A public name gets a claim and waits until its CNAME leads there;
    /// other hosts, and all where the installation has no target for CNAMEs, are the brand's at
    /// once.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, the host cannot be used or is
    /// in use, or the machinery fails.
    pub async fn add_domain(
        &self,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<DomainRecord, DomainError> {
        caller.require(Permission::EditBrands)?;
        let host = brand::host(host.trim()).ok_or(DomainError::Host)?;
        self.free_lapsed(caller, &host).await?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.add_domain_within(&mut write, caller, brand, &host).await?;
        write.commit().await?;
        let domain = self.find_domain(caller, brand, &host).await?;
        Ok(self.domain_record(domain))
    }

    /// The same within a unit of work, of a host that is written as it is stored.
    pub(crate) async fn add_domain_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<(), DomainError> {
        let claim = match &self.inner.domains {
            Some(settings) if settings.owns(host) => return Err(DomainError::Reserved),
            Some(_) if is_public_name(host) => Some(Claim::new(self.new_label(), self.now())),
            _ => None,
        };
        if write.brand(brand).await?.is_none() {
            return Err(DomainError::NotFound);
        }
        write.insert_domain(brand, host, claim.as_ref()).await?;
        let change = Change::new("domain.added").on(brand.uuid()).to(&json!({"host": host}));
        Ok(change.write(self, write, caller).await?)
    }

    /// Takes a host away from a brand, with its certificate. Whoever claims it next, the same brand
    /// as well, has to prove it anew.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the brand has no such host, or the machinery fails.
    pub async fn remove_domain(
        &self,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<(), DomainError> {
        caller.require(Permission::EditBrands)?;
        self.find_domain(caller, brand, host).await?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.remove_domain_within(&mut write, caller, brand, host).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work, of a host that is known to be the brand's.
    pub(crate) async fn remove_domain_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
        host: &str,
    ) -> Result<(), DomainError> {
        if !write.delete_domain(host).await? {
            return Err(DomainError::NotFound);
        }
        let gone = json!({"host": host});
        let change = Change::new("domain.removed").on(brand.uuid()).changed(&gone, &json!({}));
        Ok(change.write(self, write, caller).await?)
    }

    /// Somebody who claims a host without ever proving it must not keep its owner from it.
    pub(crate) async fn free_lapsed(&self, caller: &Caller, host: &str) -> Result<(), DomainError> {
        let holder = self.inner.store.directory().await?.host_holder(host).await?;
        let Some((organisation, Some(claim))) = holder else { return Ok(()) };
        if organisation == caller.organisation_id || !claim.has_lapsed(self.now()) {
            return Ok(());
        }
        let mut write = self.inner.store.write(organisation).await?;
        if !write.delete_unproven_domain(host, &claim.label).await? {
            return Ok(());
        }
        let gone = json!({"host": host});
        let change = Change::new("domain.lapsed").changed(&gone, &json!({}));
        change.write(self, &mut write, &Caller::system(organisation)).await?;
        Ok(write.commit().await?)
    }

    /// A label that nobody guesses, of letters and digits that any DNS server takes.
    fn new_label(&self) -> String {
        let bytes: [u8; 10] = self.inner.entropy.bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
