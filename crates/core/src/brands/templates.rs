//! Templates of the portal that a brand replaces. The files lie on the machine, and what a page
//! looks like is no business of the core; who may change them, and who did, is.

use portico_billing::BrandId;
use portico_billing::permission::Permission;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::BrandError;
use crate::audit::Change;
use crate::{Caller, Core};

/// The text of a template before and after a change; nothing where the brand has none of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateChange {
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

impl Core {
    /// Whether the caller may look after the templates of a brand.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn check_template_access(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<(), BrandError> {
        caller.require(Permission::EditBrands)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        read.brand(brand).await?.map(drop).ok_or(BrandError::NotFound)
    }

    /// Writes down that a template of a brand was changed. Whoever changed it undoes that where
    /// this fails.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn note_template_change(
        &self,
        caller: &Caller,
        (brand, name): (BrandId, &str),
        TemplateChange { before, after }: &TemplateChange,
    ) -> Result<(), BrandError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.brand_for_update(brand).await?.ok_or(BrandError::NotFound)?;
        let action =
            if after.is_some() { "brand_template.saved" } else { "brand_template.removed" };
        let mut became = shown(after.as_deref());
        became["name"] = name.into();
        let line = Change::new(action).on(brand.uuid());
        let line = line.changed(&shown(before.as_deref()), &became);
        line.write(self, &mut write, caller).await?;
        Ok(write.commit().await?)
    }
}

/// What the audit log says of a text: enough to know it by, without the whole of it.
fn shown(text: Option<&str>) -> Value {
    let Some(text) = text else { return json!({}) };
    let hash: String =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "sha256": hash, "bytes": text.len() })
}
