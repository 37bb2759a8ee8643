//! Signing in with e-mail and password. Whether an address is known shows neither in the answer
//! nor in the time that it takes.

use portico_billing::account::Contact;
use portico_billing::brand::Brand;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, EmailAddress};
use portico_core_api::{EntryError, Origin, SignedIn};
use portico_store::contact::ContactCredentials;

use super::begin_session;
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
    let known = who_may_sign_in(core, &brand, &email).await?;
    let contact = matching(core, known, password).await?;
    let contact = contact.ok_or(EntryError::BadCredentials)?;
    limits.forgive(brand.id, &email, address);
    Ok(begin(core, &brand, &contact, origin).await?)
}

async fn who_may_sign_in(
    core: &Core,
    brand: &Brand,
    email: &EmailAddress,
) -> Result<Vec<ContactCredentials>, Failure> {
    let mut read = core.inner.store.read(brand.organisation_id).await?;
    Ok(read.who_may_sign_in(brand.id, email).await?)
}

/// The newest of the contacts whose password it is. Where there is none to check, the same work is
/// done on a hash that belongs to nobody.
async fn matching(
    core: &Core,
    known: Vec<ContactCredentials>,
    password: &str,
) -> Result<Option<Contact>, EntryError> {
    let passwords = &core.inner.passwords;
    let mut with_password = known.into_iter().filter(|it| it.password_hash.is_some()).peekable();
    if with_password.peek().is_none() {
        passwords.verify(password, None).await?;
    }
    for it in with_password {
        if passwords.verify(password, it.password_hash.as_deref()).await? {
            return Ok(Some(it.contact));
        }
    }
    Ok(None)
}

async fn begin(
    core: &Core,
    brand: &Brand,
    contact: &Contact,
    origin: Origin,
) -> Result<SignedIn, Failure> {
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    let how = (SessionOrigin::Password, origin);
    let signed_in = begin_session(core, &mut write, brand, contact, how).await?;
    write.commit().await?;
    Ok(signed_in)
}
