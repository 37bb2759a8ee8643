//! Temporary passwords. With one nobody gets a session, but a link to choose a password of one's
//! own by. The staff may know such a password: it proves neither the e-mail address nor who stands
//! behind other accounts of it, and nor does the link.

use jiff::SignedDuration;
use portico_billing::account::CustomerStatus;
use portico_billing::brand::Brand;
use portico_billing::{ContactLinkId, EmailAddress};
use portico_core_api::{EntryError, LinkToken, MailedLinkPurpose, Origin};
use portico_store::account::Account;
use portico_store::contact_link::{ContactLink, NewContactLink};

use super::hold_contact;
use super::password::is_same;
use crate::mail::word_of;
use crate::password::Overloaded;
use crate::secret::{hash_secret, new_secret};
use crate::{Core, Failure};

/// What such a link is for, in the store. Those that are mailed are counted by another word.
const PURPOSE: &str = "choose_password";
/// How long it works.
const LIFE: SignedDuration = SignedDuration::from_mins(30);

/// What somebody is answered whose password was right, and is a temporary one.
pub(super) async fn answer(
    core: &Core,
    brand: &Brand,
    (email, account): (&EmailAddress, &Account),
    origin: &Origin,
) -> Result<EntryError, Failure> {
    if account.status != CustomerStatus::Active {
        return Ok(EntryError::PendingApproval);
    }
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    // It may have been changed while it was being checked; while it is held it stays.
    let held = hold_contact(&mut write, account.contact_id, origin).await?;
    let accounts = write.accounts(brand.id, email).await?;
    if held.is_none() || !accounts.iter().any(|it| is_same(it, account)) {
        return Ok(EntryError::BadCredentials);
    }
    let (now, token) = (core.now(), new_secret(&core.inner.entropy));
    let link = NewContactLink {
        id: ContactLinkId::new(now, core.id_bytes()),
        brand_id: brand.id,
        contact_id: account.contact_id,
        purpose: PURPOSE,
        token_hash: hash_secret(&token),
        new_email: None,
        created_at: now,
        expires_at: now + LIFE,
    };
    write.insert_contact_link(&link).await?;
    write.commit().await?;
    Ok(EntryError::NewPasswordDue { token: LinkToken::new(token) })
}

/// Whether a temporary password led to the link.
pub(super) fn led_to(link: &ContactLink) -> bool {
    link.purpose == PURPOSE
}

/// Whether the link can be used for that.
pub(super) fn serves(link: &ContactLink, purpose: MailedLinkPurpose) -> bool {
    link.purpose == word_of(purpose)
        || (led_to(link) && purpose == MailedLinkPurpose::ResetPassword)
}

/// Whether a password that somebody chooses is a temporary one of these accounts, working or not:
/// others may know it, so that it becomes nobody's own, whichever way the person came in.
pub(crate) async fn is_kept(
    core: &Core,
    accounts: &[Account],
    new_password: &str,
) -> Result<bool, Overloaded> {
    for account in accounts.iter().filter(|it| it.has_temporary_password()) {
        let hash = account.password_hash.as_deref();
        if core.inner.passwords.verify(new_password, hash).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
