//! Removing a file that nothing shows.

use portico_billing::AssetId;
use portico_billing::permission::Permission;
use portico_store::Write;
use serde_json::json;

use super::{FileError, uses};
use crate::audit::Change;
use crate::{Caller, Core};

impl Core {
    /// Removes a file.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such file, a brand or its draft shows it,
    /// or the machinery fails.
    pub async fn remove_file(&self, caller: &Caller, id: AssetId) -> Result<(), FileError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.remove_file_within(&mut write, caller, id).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn remove_file_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        id: AssetId,
    ) -> Result<(), FileError> {
        // No looks that would show it are saved meanwhile.
        write.hold_organisation().await?;
        let entry = write.asset_entry(id).await?.ok_or(FileError::NotFound)?;
        let uses = uses::of(&uses::all(write).await?, id);
        if !uses.is_empty() {
            return Err(FileError::InUse(uses));
        }
        write.delete_asset(id).await?;
        let change = Change::new("file.removed").on(id.uuid());
        let change = change.changed(&json!({ "name": entry.name }), &json!({}));
        Ok(change.write(self, write, caller).await?)
    }
}
