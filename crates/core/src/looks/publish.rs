//! Showing looks: the draft, or an earlier version again.

use portico_billing::BrandId;
use portico_billing::brand::{Brand, Looks};
use portico_billing::permission::Permission;
use portico_store::Write;
use portico_store::brand_looks::StoredLooks;

use super::input::absent_files;
use super::{LooksBase, LooksError, draft_on};
use crate::audit::Change;
use crate::{Caller, Core, Who};

impl Core {
    /// Shows the draft to the brand's customers. The answer is its number.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand or no draft, one of its files
    /// was removed, somebody else saved meanwhile, or the machinery fails.
    pub async fn publish_looks(
        &self,
        caller: &Caller,
        id: BrandId,
        began_with: LooksBase,
    ) -> Result<u32, LooksError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let draft = draft_on(&mut write, &brand, began_with).await?.ok_or(LooksError::NoDraft)?;
        let change = Change::new("brand_looks.published").on(id.uuid());
        self.show(caller, write, (brand, draft.looks), change).await
    }

    /// Shows an earlier version again, under a new number. A draft that is there stays a draft.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand or version, one of its files
    /// was removed, or the machinery fails.
    pub async fn roll_back_looks(
        &self,
        caller: &Caller,
        (id, version): (BrandId, u32),
    ) -> Result<u32, LooksError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let earlier = write.looks_version(id, version).await?.ok_or(LooksError::NotFound)?;
        if let Some(draft) = write.looks_draft(id).await? {
            // Its number is taken now; it moves behind what is shown.
            write.delete_looks_draft(id).await?;
            let draft = StoredLooks { version: draft.version + 1, ..draft };
            write.save_looks(&draft).await?;
        }
        let change = Change::new("brand_looks.rolled_back").on(id.uuid());
        self.show(caller, write, (brand, earlier.looks), change).await
    }

    /// Makes looks those of the brand, under the next number, and commits.
    async fn show(
        &self,
        caller: &Caller,
        mut write: Write,
        (brand, looks): (Brand, Looks),
        change: Change,
    ) -> Result<u32, LooksError> {
        let faults = absent_files(&looks, &mut write).await?;
        if !faults.is_empty() {
            return Err(LooksError::Invalid(faults));
        }
        if brand.looks_version == 0 {
            write.save_looks(&first(&brand)).await?;
        }
        let (now, version) = (self.now(), brand.looks_version + 1);
        write
            .save_looks(&StoredLooks {
                brand_id: brand.id,
                version,
                revision: 1,
                looks: looks.clone(),
                saved_at: now,
                published_at: Some(now),
                actor_kind: caller.who.kind().to_owned(),
                actor_id: caller.who.id(),
                actor_name: None,
            })
            .await?;
        let change = change.changed(&brand.looks(), &looks);
        let brand = Brand { looks_version: version, ..brand.with_looks(looks) };
        write.update_brand(&brand).await?;
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(version)
    }
}

/// What was shown before anything was published, so that one can come back to it.
fn first(brand: &Brand) -> StoredLooks {
    StoredLooks {
        brand_id: brand.id,
        version: 0,
        revision: 1,
        looks: brand.looks(),
        saved_at: brand.created_at,
        published_at: Some(brand.created_at),
        actor_kind: Who::System.kind().to_owned(),
        actor_id: None,
        actor_name: None,
    }
}
