//! Entering by a link that the organisation's software asked for.

use portico_billing::BrandId;
use portico_billing::account::allows;
use portico_billing::session::OPERATOR_LIMIT;
use portico_core_api::{EntryError, Forward, LinkPreview, Origin, SignedIn};
use portico_store::portal_session::SessionLink;

use super::new_entry;
use crate::secret::hash_secret;
use crate::{Core, Failure};

/// What following the link would do. Looking changes nothing.
pub(crate) async fn preview(
    core: &Core,
    brand: BrandId,
    link: &str,
) -> Result<LinkPreview, EntryError> {
    let link = open_link(core, brand, link).await?;
    Ok(LinkPreview {
        customer_id: link.customer_id,
        contact_id: link.contact_id,
        customer_name: link.customer_name,
        contact_name: link.contact_name,
        email: link.email,
        language: link.language,
    })
}

pub(crate) async fn enter(
    core: &Core,
    brand: BrandId,
    link: &str,
    origin: Origin,
) -> Result<SignedIn, EntryError> {
    let link = open_link(core, brand, link).await?;
    if !allows(&link.allowed_addresses, origin.address) {
        return Err(over(link));
    }
    match follow(core, &link, origin).await? {
        Some(signed_in) => Ok(signed_in),
        None => Err(over(link)),
    }
}

/// The link, if it can be followed on this brand's portal. Of a link of another brand nothing is
/// told, not even where its visitor came from.
async fn open_link(core: &Core, brand: BrandId, link: &str) -> Result<SessionLink, EntryError> {
    let found = find(core, link).await?.filter(|link| link.brand_id == brand);
    let link = found.ok_or(EntryError::NO_LINK)?;
    if link.is_used || !link.may_enter || core.now() >= link.expires_at {
        return Err(over(link));
    }
    Ok(link)
}

fn over(link: SessionLink) -> EntryError {
    let language = link.language.or(link.visitor_language);
    EntryError::LinkOver { return_url: link.return_url, language }
}

async fn find(core: &Core, link: &str) -> Result<Option<SessionLink>, Failure> {
    Ok(core.inner.store.directory().await?.session_link(&hash_secret(link)).await?)
}

/// The new session, unless somebody else followed the link a moment ago.
async fn follow(
    core: &Core,
    link: &SessionLink,
    origin: Origin,
) -> Result<Option<SignedIn>, Failure> {
    let (secret, mut entry) = new_entry(core, origin, core.now());
    if link.is_operators {
        entry.expires_at = entry.now + OPERATOR_LIMIT;
    }
    let forward: Forward = serde_json::from_value(link.forward.clone())?;
    let forward = forward.within(link.sections);
    let mut write = core.inner.store.write(link.organisation_id).await?;
    let won = write.enter_portal_session(link.id, &entry).await?;
    write.commit().await?;
    let (expires_at, language) = (entry.expires_at, link.language.clone());
    Ok(won.then_some(SignedIn { secret, expires_at, forward, language }))
}
