//! Removing a brand.

use portico_billing::BrandId;
use portico_billing::permission::Permission;

use super::{BrandError, BrandSettings};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Removes a brand that has no customers, with its hosts, looks, mails and texts.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, it has customers or is the
    /// default one, or the machinery fails.
    pub async fn remove_brand(&self, caller: &Caller, id: BrandId) -> Result<(), BrandError> {
        caller.require(Permission::EditBrands)?;
        let found = self.find_brand(caller, id).await?;
        if found.record.is_default {
            return Err(BrandError::IsDefault);
        }
        self.delete(caller, id).await
    }

    /// The same, whether it is the default one or not; the store keeps that one.
    pub(super) async fn delete(&self, caller: &Caller, id: BrandId) -> Result<(), BrandError> {
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let brand = write.brand_for_update(id).await?.ok_or(BrandError::NotFound)?;
        if write.brand_counts(id, 1).await?.customers > 0 {
            return Err(BrandError::HasCustomers);
        }
        write.delete_brand(id).await?;
        let change = Change::new("brand.removed").on(id.uuid());
        let change = change.changed(&BrandSettings::of(&brand), &serde_json::json!({}));
        change.write(self, &mut write, caller).await?;
        Ok(write.commit().await?)
    }
}
