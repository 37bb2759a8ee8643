//! Removing a brand.

use portico_billing::BrandId;
use portico_billing::permission::Permission;
use portico_store::Write;

use super::{BrandError, BrandSettings};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Removes a brand that has no customers and no gateways of its own, with its hosts, looks,
    /// mails and texts.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, it has customers or
    /// gateways or is the default one, or the machinery fails.
    pub async fn remove_brand(&self, caller: &Caller, id: BrandId) -> Result<(), BrandError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.remove_brand_within(&mut write, caller, id).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn remove_brand_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: BrandId,
    ) -> Result<(), BrandError> {
        write.hold_organisation().await?;
        if write.default_brand().await?.is_some_and(|default| default.id == id) {
            return Err(BrandError::IsDefault);
        }
        self.delete_within(write, caller, id).await
    }

    /// The same, whether it is the default one or not; the store keeps that one.
    pub(super) async fn delete(&self, caller: &Caller, id: BrandId) -> Result<(), BrandError> {
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.delete_within(&mut write, caller, id).await?;
        Ok(write.commit().await?)
    }

    async fn delete_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: BrandId,
    ) -> Result<(), BrandError> {
        let brand = write.brand_for_update(id).await?.ok_or(BrandError::NotFound)?;
        if write.brand_counts(id, 1).await?.customers > 0 {
            return Err(BrandError::HasCustomers);
        }
        if write.has_gateways_of_brand(id).await? {
            return Err(BrandError::HasGateways);
        }
        if !write.delete_brand(id).await? {
            return Err(BrandError::IsDefault);
        }
        let change = Change::new("brand.removed").on(id.uuid());
        let change = change.changed(&BrandSettings::of(&brand), &serde_json::json!({}));
        Ok(change.write(self, write, caller).await?)
    }
}
