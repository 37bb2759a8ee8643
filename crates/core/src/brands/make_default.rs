//! Which brand customers belong to that name none.

use portico_billing::BrandId;
use portico_billing::permission::Permission;
use portico_store::Write;
use serde_json::json;

use super::BrandError;
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Makes a brand that of customers that name none. Customers that there are stay where they
    /// are.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn make_brand_default(&self, caller: &Caller, id: BrandId) -> Result<(), BrandError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.make_brand_default_within(&mut write, caller, id).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn make_brand_default_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: BrandId,
    ) -> Result<(), BrandError> {
        // Of two at once the later one sees what the earlier one made the default.
        write.hold_organisation().await?;
        write.brand_for_update(id).await?.ok_or(BrandError::NotFound)?;
        let before = write.default_brand().await?.map(|brand| brand.id);
        if before == Some(id) {
            return Ok(());
        }
        write.make_brand_default(id).await?;
        let (was, is) = (json!({"default_brand": before}), json!({"default_brand": id}));
        let change = Change::new("brand.made_default").on(id.uuid()).changed(&was, &is);
        Ok(change.write(self, write, caller).await?)
    }
}
