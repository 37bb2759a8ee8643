//! The draft of a brand's looks.

use portico_billing::BrandId;
use portico_billing::permission::Permission;
use portico_store::brand_looks::StoredLooks;
use serde_json::json;

use super::{LooksBase, LooksError, LooksInput, base, draft_on};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Saves the draft of a brand's looks; nobody sees it yet. The answer is what the next editor
    /// begins with.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, fields have faults, somebody
    /// else saved meanwhile, or the machinery fails.
    pub async fn save_looks_draft(
        &self,
        caller: &Caller,
        id: BrandId,
        (began_with, input): (LooksBase, &LooksInput),
    ) -> Result<LooksBase, LooksError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        // No file that they show is removed meanwhile.
        write.hold_organisation().await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let looks = input.check(&mut write).await?;
        let draft = draft_on(&mut write, &brand, began_with).await?;
        let before = draft.as_ref().map_or_else(|| brand.looks(), |draft| draft.looks.clone());
        if before == looks {
            return Ok(began_with);
        }
        let change = Change::new("brand_looks.drafted").on(id.uuid()).changed(&before, &looks);
        let after = StoredLooks {
            brand_id: id,
            version: brand.looks_version + 1,
            revision: draft.map_or(0, |draft| draft.revision) + 1,
            looks,
            saved_at: self.now(),
            published_at: None,
            actor_kind: caller.who.kind().to_owned(),
            actor_id: caller.who.id(),
            actor_name: None,
        };
        write.save_looks(&after).await?;
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(base(&brand, Some(&after)))
    }

    /// Throws the draft away: what is published stays.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand or no draft, somebody else
    /// saved meanwhile, or the machinery fails.
    pub async fn discard_looks_draft(
        &self,
        caller: &Caller,
        id: BrandId,
        began_with: LooksBase,
    ) -> Result<(), LooksError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let brand = write.brand_for_update(id).await?.ok_or(LooksError::NotFound)?;
        let draft = draft_on(&mut write, &brand, began_with).await?.ok_or(LooksError::NoDraft)?;
        write.delete_looks_draft(id).await?;
        let change = Change::new("brand_looks.discarded").on(id.uuid());
        let change = change.changed(&draft.looks, &json!({}));
        change.write(self, &mut write, caller).await?;
        Ok(write.commit().await?)
    }
}
