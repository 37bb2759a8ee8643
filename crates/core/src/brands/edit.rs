//! Changing a brand.

use portico_billing::BrandId;
use portico_billing::brand::Brand;
use portico_billing::permission::Permission;

use super::{BrandError, BrandSettings};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Changes settings of a brand. `edit` gets those that it has and gives back those that it
    /// shall have, so that what it does not touch stays as it is, whoever changes it meanwhile.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, the settings have faults, or
    /// the machinery fails; and what `edit` refuses.
    pub async fn edit_brand(
        &self,
        caller: &Caller,
        id: BrandId,
        edit: impl FnOnce(BrandSettings) -> Result<BrandSettings, BrandError> + Send,
    ) -> Result<Brand, BrandError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let before = write.brand_for_update(id).await?.ok_or(BrandError::NotFound)?;
        let settings = edit(BrandSettings::of(&before))?;
        let after = settings.apply(before.clone(), &mut write).await?;
        if after == before {
            return Ok(after);
        }
        write.update_brand(&after).await?;
        let (was, is) = (BrandSettings::of(&before), BrandSettings::of(&after));
        let change = Change::new("brand.updated").on(id.uuid()).changed(&was, &is);
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(after)
    }
}
