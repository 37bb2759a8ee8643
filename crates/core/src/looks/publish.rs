//! Showing looks: the draft, or an earlier version again.

use portico_billing::BrandId;
use portico_billing::brand::{Brand, Looks};
use portico_billing::permission::Permission;
use portico_store::brand_looks::StoredLooks;
use portico_store::{StoreError, Write};

use super::input::absent_files;
use super::{LooksBase, LooksError, LooksInput, draft_on};
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
        // No file that they show is removed meanwhile.
        write.hold_organisation().await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let draft = draft_on(&mut write, &brand, began_with).await?.ok_or(LooksError::NoDraft)?;
        let change = Change::new("brand_looks.published").on(id.uuid());
        let version = self.show(&mut write, caller, (brand, draft.looks), change).await?;
        write.commit().await?;
        Ok(version)
    }

    /// Shows looks that were never a draft. A draft that is there stays a draft.
    pub(crate) async fn publish_looks_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: BrandId,
        input: &LooksInput,
    ) -> Result<(), LooksError> {
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let looks = input.check(write).await?;
        if looks == brand.looks() {
            return Ok(());
        }
        make_room(write, id).await?;
        let change = Change::new("brand_looks.published").on(id.uuid());
        self.show(write, caller, (brand, looks), change).await.map(drop)
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
        // No file that they show is removed meanwhile.
        write.hold_organisation().await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let earlier = write.looks_version(id, version).await?.ok_or(LooksError::NotFound)?;
        make_room(&mut write, id).await?;
        let change = Change::new("brand_looks.rolled_back").on(id.uuid());
        let version = self.show(&mut write, caller, (brand, earlier.looks), change).await?;
        write.commit().await?;
        Ok(version)
    }

    /// Makes looks those of the brand, under the next number.
    async fn show(
        &self,
        write: &mut Write,
        caller: &Caller,
        (brand, looks): (Brand, Looks),
        change: Change,
    ) -> Result<u32, LooksError> {
        let faults = absent_files(&looks, write).await?;
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
        change.write(self, write, caller).await?;
        Ok(version)
    }
}

/// Moves the draft, where there is one, behind what is shown next: that takes its number.
async fn make_room(write: &mut Write, id: BrandId) -> Result<(), StoreError> {
    let Some(draft) = write.looks_draft(id).await? else { return Ok(()) };
    write.delete_looks_draft(id).await?;
    let draft = StoredLooks { version: draft.version + 1, ..draft };
    write.save_looks(&draft).await
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
