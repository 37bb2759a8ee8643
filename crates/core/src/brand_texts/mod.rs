//! Texts of the portal in a brand's own words. Whether they are sound patterns is checked where
//! texts are known; here they are kept. A pattern that cannot be formatted gives way to the shipped
//! text.

use portico_billing::brand::BrandText;
use portico_billing::permission::Permission;
use portico_billing::{BrandId, LanguageTag};
use portico_core_api::Refusal;
use portico_store::Write;
use serde_json::json;

use crate::audit::Change;
use crate::brand_mail::{BrandMailError, WordedFault, brand_of};
use crate::{Caller, Core, Failure};

/// Most characters of a text.
pub const TEXT_MAX: usize = 2_000;
/// Most texts of one brand: more than the portal has, and few enough to be read at once.
const TEXTS_MAX: u64 = 5_000;

const TEXT: (&str, &str) = ("text", "must have 1 to 2,000 characters, none of control");
const MANY: (&str, &str) = ("many", "the brand has as many texts of its own as are taken");

/// The brand's own texts, as the portal asks for them.
pub(crate) async fn of_brand(core: &Core, brand: BrandId) -> Result<Vec<BrandText>, Refusal> {
    let found = async { core.inner.store.directory().await?.brand_texts(brand).await };
    Ok(found.await.map_err(Failure::from)?)
}

impl Core {
    /// The texts that a brand has in its own words.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, or the machinery fails.
    pub async fn own_texts(
        &self,
        caller: &Caller,
        brand: BrandId,
    ) -> Result<Vec<BrandText>, BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        brand_of(&mut read, brand).await?;
        Ok(read.brand_texts(brand).await?)
    }

    /// Gives a text of the portal the brand's own words.
    ///
    /// # Errors
    /// Where the caller may not edit brands, there is no such brand, the text has not the form of
    /// one, or the machinery fails.
    pub async fn save_own_text(
        &self,
        caller: &Caller,
        brand: BrandId,
        text: &BrandText,
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.save_own_text_within(&mut write, caller, brand, text).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn save_own_text_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
        text: &BrandText,
    ) -> Result<(), BrandMailError> {
        if !is_key(&text.key) {
            return Err(BrandMailError::NotFound);
        }
        let odd = |c: char| c.is_control() && c != '\n';
        let fits = !text.text.trim().is_empty()
            && text.text.chars().count() <= TEXT_MAX
            && !text.text.contains(odd);
        if !fits {
            return Err(BrandMailError::Invalid(vec![WordedFault::new("text", TEXT)]));
        }
        brand_of(write, brand).await?;
        let before = write.brand_text(brand, &text.language, &text.key).await?;
        if before.is_none() && write.count_brand_texts(brand).await? >= TEXTS_MAX {
            return Err(BrandMailError::Invalid(vec![WordedFault::new("text", MANY)]));
        }
        write.save_brand_text(brand, text, self.now()).await?;
        let before = before.map_or_else(|| json!({}), |before| json!({ "text": before.text }));
        let change = Change::new("brand_text.saved").on(brand.uuid()).changed(&before, text);
        Ok(change.write(self, write, caller).await?)
    }

    /// Gives a text of the portal its shipped words back.
    ///
    /// # Errors
    /// Where the caller may not edit brands, the brand has no words of its own for it, or the
    /// machinery fails.
    pub async fn reset_own_text(
        &self,
        caller: &Caller,
        brand: BrandId,
        (language, key): (&LanguageTag, &str),
    ) -> Result<(), BrandMailError> {
        caller.require(Permission::EditBrands)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        self.reset_own_text_within(&mut write, caller, brand, (language, key)).await?;
        Ok(write.commit().await?)
    }

    /// The same within a unit of work.
    pub(crate) async fn reset_own_text_within(
        &self,
        write: &mut Write,
        caller: &Caller,
        brand: BrandId,
        (language, key): (&LanguageTag, &str),
    ) -> Result<(), BrandMailError> {
        let before = write.brand_text(brand, language, key).await?;
        let before = before.ok_or(BrandMailError::NotFound)?;
        write.delete_brand_text(brand, language, key, self.now()).await?;
        let after = json!({ "key": key, "language": language });
        let change = Change::new("brand_text.reset").on(brand.uuid());
        let change = change.changed(&json!({ "text": before.text }), &after);
        Ok(change.write(self, write, caller).await?)
    }
}

/// Whether a text is the key of one.
fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 100
        && text.chars().all(fits)
}
