//! Signing in with e-mail and password. Whether an address is known shows neither in the answer
//! nor in the time that it takes.

use portico_billing::brand::Brand;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, EmailAddress};
use portico_core_api::{EntryError, Origin, SignedIn};
use portico_store::contact::ContactCredentials;

use super::{begin_session, hold_contact};
use crate::{Core, Failure, brands};

pub(crate) async fn sign_in(
    core: &Core,
    brand: BrandId,
    email: &str,
    password: &str,
    origin: Origin,
) -> Result<SignedIn, EntryError> {
    let (limits, address) = (&core.inner.limits, origin.address);
    limits.sign_in(address)?;
    let email: EmailAddress = email.parse().map_err(|_| EntryError::BadCredentials)?;
    limits.try_password(brand, &email, address)?;
    let brand = brands::load(core, brand).await?.ok_or(EntryError::BadCredentials)?;
    let known = who_signs_in(core, &brand, &email).await?;
    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    let right = core.inner.passwords.verify(password, hash).await?;
    let known = known.filter(|_| right).ok_or(EntryError::BadCredentials)?;
    limits.forgive(brand.id, &email, address);
    begin(core, &brand, &known, origin).await?.ok_or(EntryError::BadCredentials)
}

/// At most one: for each try exactly one password is checked, whoever's the address is.
async fn who_signs_in(
    core: &Core,
    brand: &Brand,
    email: &EmailAddress,
) -> Result<Option<ContactCredentials>, Failure> {
    let mut read = core.inner.store.read(brand.organisation_id).await?;
    Ok(read.who_signs_in_by_password(brand.id, email).await?)
}

/// The session, unless the contact was switched off or got another password while this one was
/// being checked.
async fn begin(
    core: &Core,
    brand: &Brand,
    known: &ContactCredentials,
    origin: Origin,
) -> Result<Option<SignedIn>, Failure> {
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    let Some(contact) = hold_contact(&mut write, known.contact.id).await? else { return Ok(None) };
    if write.password_hash(contact.id).await?.as_ref() != Some(&known.password_hash) {
        return Ok(None);
    }
    let how = (SessionOrigin::Password, origin);
    let signed_in = begin_session(core, &mut write, brand, &contact, how).await?;
    write.commit().await?;
    Ok(Some(signed_in))
}
