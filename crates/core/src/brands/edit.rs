//! Changing a brand.

use portico_billing::BrandId;
use portico_billing::brand::Brand;
use portico_billing::permission::Permission;
use portico_store::Write;

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
        let after = self.edit_brand_within(&mut write, caller, id, edit).await?;
        write.commit().await?;
        Ok(after)
    }

    /// The same within a unit of work.
    pub(crate) async fn edit_brand_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: BrandId,
        edit: impl FnOnce(BrandSettings) -> Result<BrandSettings, BrandError> + Send,
    ) -> Result<Brand, BrandError> {
        let before = write.brand_for_update(id).await?.ok_or(BrandError::NotFound)?;
        let settings = edit(BrandSettings::of(&before))?;
        let after = settings.apply(before.clone(), write).await?;
        if after == before {
            return Ok(after);
        }
        write.update_brand(&after).await?;
        let (was, is) = (BrandSettings::of(&before), BrandSettings::of(&after));
        let change = Change::new("brand.updated").on(id.uuid()).changed(&was, &is);
        change.write(self, write, caller).await?;
        Ok(after)
    }
}
