//! The looks of a brand: drafted, published, rolled back together.
//!
//! A brand shows what was published. What is edited is its draft, one for each brand; publishing
//! gives the draft the next number and shows it. To roll back is to publish an earlier version
//! again under a new number: the history only grows.
//!
//! What a style sheet may hold is known to the rendering kit, which this crate does not see. The
//! panel and the API check a sheet before they save it; whatever is stored, a portal serves only
//! what comes out of the kit's cage, and nothing of a sheet that does not pass it.

mod draft;
mod fault;
mod input;
mod publish;

use portico_billing::BrandId;
use portico_billing::brand::{Brand, Looks};
use portico_billing::permission::Permission;
use portico_store::Read;
use portico_store::brand_looks::StoredLooks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use fault::{LooksError, LooksFault, LooksFaultKind};
pub use input::{LEGAL_LINKS_MAX, LegalLinkInput, LooksInput};

use crate::{Caller, Core};

/// Versions that are listed; older ones stay where they are.
const VERSIONS_SHOWN: u32 = 50;

/// What an editor began with. Whoever saves on another base than the present one would write over
/// somebody else's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LooksBase {
    /// Number of the version that is published, or of the draft.
    pub version: u32,
    /// How often the draft was saved; 0 where there is none.
    pub revision: u32,
}

/// One version that was published, or the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooksVersion {
    /// Its number.
    pub version: u32,
    /// When it was published, or the draft saved.
    pub at: jiff::Timestamp,
    /// Who did so: the name of one of the organisation's people.
    pub by: Option<String>,
    /// What kind of caller did so: `operator`, `api_key`, `system`.
    pub actor_kind: String,
}

/// All that an editor of looks needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooksState {
    /// The brand as it is shown.
    pub brand: Brand,
    /// The draft's looks, or what is published where there is no draft.
    pub looks: Looks,
    /// What the editor begins with.
    pub base: LooksBase,
    /// The draft, where there is one.
    pub draft: Option<LooksVersion>,
    /// What was published, newest first.
    pub versions: Vec<LooksVersion>,
}

impl From<&StoredLooks> for LooksVersion {
    fn from(stored: &StoredLooks) -> Self {
        Self {
            version: stored.version,
            at: stored.published_at.unwrap_or(stored.saved_at),
            by: stored.actor_name.clone(),
            actor_kind: stored.actor_kind.clone(),
        }
    }
}

impl Core {
    /// The looks of a brand to be edited, with their history.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such brand, or the machinery fails.
    pub async fn brand_looks(
        &self,
        caller: &Caller,
        id: BrandId,
    ) -> Result<LooksState, LooksError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let brand = read.brand(id).await?.ok_or(LooksError::NotFound)?;
        let draft = read.looks_draft(id).await?;
        let versions = read.looks_versions(id, VERSIONS_SHOWN).await?;
        Ok(LooksState {
            base: base(&brand, draft.as_ref()),
            looks: draft.as_ref().map_or_else(|| brand.looks(), |draft| draft.looks.clone()),
            draft: draft.as_ref().map(LooksVersion::from),
            versions: versions.iter().map(LooksVersion::from).collect(),
            brand,
        })
    }

    /// The looks of one published version.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such version, or the machinery fails.
    pub async fn looks_of_version(
        &self,
        caller: &Caller,
        (id, version): (BrandId, u32),
    ) -> Result<(Brand, Looks), LooksError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let brand = read.brand(id).await?.ok_or(LooksError::NotFound)?;
        let stored = read.looks_version(id, version).await?.ok_or(LooksError::NotFound)?;
        Ok((brand, stored.looks))
    }
}

/// What an editor begins with who looks now.
fn base(brand: &Brand, draft: Option<&StoredLooks>) -> LooksBase {
    draft.map_or(LooksBase { version: brand.looks_version, revision: 0 }, |draft| LooksBase {
        version: draft.version,
        revision: draft.revision,
    })
}

/// The draft, where the editor began with what is there now.
async fn draft_on(
    read: &mut Read,
    brand: &Brand,
    began_with: LooksBase,
) -> Result<Option<StoredLooks>, LooksError> {
    let draft = read.looks_draft(brand.id).await?;
    if base(brand, draft.as_ref()) == began_with { Ok(draft) } else { Err(LooksError::Stale) }
}
