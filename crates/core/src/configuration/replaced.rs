//! Looks go on with a picture that was replaced. It is another file then: browsers keep for ever
//! what they once had from the address of a file.

use portico_billing::AssetId;
use portico_billing::brand::Looks;
use portico_store::Write;
use portico_store::brand_looks::StoredLooks;

use super::apply::Apply;
use crate::audit::Change;
use crate::looks::LooksInput;
use crate::records::Rejection;

impl Apply<'_> {
    /// Lets all that shows a file show the one that took its place: published looks, whether or not
    /// the file tells of them, and drafts.
    pub(super) async fn show_replaced(
        &mut self,
        write: &mut Write,
        replaced: &[(AssetId, AssetId)],
    ) -> Result<(), Rejection> {
        if replaced.is_empty() {
            return Ok(());
        }
        for brand in write.brands().await? {
            let shown = brand.looks();
            let looks = with(shown.clone(), replaced);
            if looks != shown {
                let input = LooksInput::of(&looks);
                let outcome =
                    self.core.publish_looks_within(write, self.caller, brand.id, &input).await;
                self.faults.take("files", outcome)?;
            }
        }
        for draft in write.looks_drafts().await? {
            let looks = with(draft.looks.clone(), replaced);
            if looks != draft.looks {
                let change = Change::new("brand_looks.drafted").on(draft.brand_id.uuid());
                let change = change.changed(&draft.looks, &looks);
                // Whoever edits it at the moment began with what is no more.
                let revision = draft.revision + 1;
                write.save_looks(&StoredLooks { looks, revision, ..draft }).await?;
                change.write(self.core, write, self.caller).await?;
            }
        }
        Ok(())
    }
}

/// Looks with files in the places of others.
fn with(mut looks: Looks, replaced: &[(AssetId, AssetId)]) -> Looks {
    let theme = &mut looks.theme;
    for (old, new) in replaced {
        for place in [&mut theme.logo, &mut theme.dark_logo, &mut theme.favicon] {
            if *place == Some(*old) {
                *place = Some(*new);
            }
        }
        looks.custom.css = looks.custom.css.replace(&old.to_string(), &new.to_string());
    }
    looks
}
