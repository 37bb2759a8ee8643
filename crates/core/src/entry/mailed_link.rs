//! Links that are mailed to contacts: to sign in, to choose a new password, to prove an address.
//!
//! Looking at a link changes nothing, so that mail scanners cannot burn it; using it is a verb of
//! its own.

use portico_billing::BrandId;
use portico_billing::account::{Contact, CustomerStatus, allows};
use portico_billing::brand::Brand;
use portico_billing::session::SessionOrigin;
use portico_core_api::{
    EntryError, Fault, FieldFault, LinkPreview, MailedLinkPurpose, Origin, SignedIn,
};
use portico_store::account::Account;
use portico_store::contact_link::ContactLink;
use portico_store::hold::Held;
use portico_store::{Read, StoreError, Write};

use super::{Entering, begin_session, hold_contact, temporary, typed_address};
use crate::mail::{LinkRequest, MailContent, MailMessage};
use crate::secret::hash_secret;
use crate::{Core, Failure, brands, mail as mails, strength};

/// Writes down that a link is wanted. Whether there is such a contact is looked into later, by the
/// worker that sends mails: here the work is the same for all.
pub(crate) async fn mail(
    core: &Core,
    brand: BrandId,
    email: &str,
    purpose: MailedLinkPurpose,
    origin: Origin,
) -> Result<(), EntryError> {
    let email = typed_address(email)?;
    core.inner.limits.mail(origin.address)?;
    if purpose == MailedLinkPurpose::ConfirmEmail {
        return Ok(());
    }
    Ok(write_down(core, &LinkRequest { brand_id: brand, email, purpose }).await?)
}

async fn write_down(core: &Core, request: &LinkRequest) -> Result<(), Failure> {
    let Some(brand) = brands::load(core, request.brand_id).await? else { return Ok(()) };
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    request.enqueue(core, &mut write).await?;
    Ok(write.commit().await?)
}

/// Whom a link lets in from here, or whose new address it proves.
pub(crate) async fn preview(
    core: &Core,
    brand: BrandId,
    (token, purpose): (&str, MailedLinkPurpose),
    origin: Origin,
) -> Result<LinkPreview, EntryError> {
    let link = open_link(core, brand, token, purpose).await?;
    let mut preview = LinkPreview {
        customer_id: link.customer_id,
        contact_id: Some(link.contact_id),
        customer_name: link.customer_name.clone(),
        contact_name: Some(link.contact_name.clone()),
        email: Some(link.new_email.as_ref().unwrap_or(&link.email).to_string()),
        language: link.language.clone(),
    };
    if purpose != MailedLinkPurpose::ConfirmEmail {
        let mut read = core.inner.store.read(link.organisation_id).await.map_err(Failure::from)?;
        let accounts = accounts_from(&mut read, &link, &origin).await?;
        let mut active = accounts.into_iter().filter(|it| it.status == CustomerStatus::Active);
        let account = active.next().ok_or_else(|| over(&link))?;
        preview.customer_id = account.customer_id;
        preview.contact_id = Some(account.contact_id);
        preview.customer_name = account.customer_name;
    }
    Ok(preview)
}

pub(crate) async fn sign_in(
    core: &Core,
    brand: BrandId,
    token: &str,
    origin: Origin,
) -> Result<SignedIn, EntryError> {
    let link = open_link(core, brand, token, MailedLinkPurpose::SignIn).await?;
    use_link(core, &link, None, origin).await?.ok_or_else(|| over(&link))
}

/// Sets a new password, ends all sessions of the contact, and signs in.
pub(crate) async fn reset_password(
    core: &Core,
    brand: BrandId,
    token: &str,
    new_password: &str,
    origin: Origin,
) -> Result<SignedIn, EntryError> {
    let link = open_link(core, brand, token, MailedLinkPurpose::ResetPassword).await?;
    let known = [link.email.as_str(), link.contact_name.as_str(), link.customer_name.as_str()];
    let invalid =
        |fault| EntryError::Invalid { faults: vec![FieldFault::new("new_password", fault)] };
    strength::check(new_password, &known).map_err(invalid)?;
    let mut read = core.inner.store.read(link.organisation_id).await.map_err(Failure::from)?;
    let accounts = accounts_from(&mut read, &link, &origin).await?;
    drop(read);
    if temporary::is_kept(core, &accounts, new_password).await? {
        return Err(invalid(Fault::Unchanged));
    }
    let hash = core.inner.passwords.hash(new_password).await?;
    use_link(core, &link, Some(&hash), origin).await?.ok_or_else(|| over(&link))
}

/// The session that a link opens, with a new password where there is one; nothing where somebody
/// else used it a moment ago, or it was made void. That mail arrived proves the address, unless the
/// link was not mailed.
///
/// Contacts are held before links are used up, as everywhere: of two units of work that hold what
/// the other one waits for, the database gives one up.
async fn use_link(
    core: &Core,
    link: &ContactLink,
    password_hash: Option<&str>,
    origin: Origin,
) -> Result<Option<SignedIn>, Failure> {
    let now = core.now();
    let Some(brand) = brands::load(core, link.brand_id).await? else { return Ok(None) };
    let mut write = core.inner.store.write(link.organisation_id).await?;
    let Some((mut contact, accounts)) = who_comes_in(&mut write, link, &origin).await? else {
        return Ok(None);
    };
    if !write.consume_contact_link(link.id, now).await? {
        return Ok(None);
    }
    let was_mailed = !temporary::led_to(link);
    if was_mailed && contact.email_verified_at.is_none() {
        contact.email_verified_at = Some(now);
        write.update_contact(&contact).await?;
    }
    if let Some(hash) = password_hash {
        set_password(core, &mut write, (&brand, &contact), (&accounts, hash)).await?;
    }
    let active = accounts.iter().filter(|it| it.status == CustomerStatus::Active);
    let how = if was_mailed { SessionOrigin::MailedLink } else { SessionOrigin::Password };
    let entering =
        Entering { proven: active.map(|it| it.contact_id).collect(), ..Entering::by(how, origin) };
    let signed_in = begin_session(core, &mut write, &brand, &contact, entering).await?;
    write.commit().await?;
    Ok(Some(signed_in))
}

/// The accounts of the link's address that may be entered from here, and the contact of the one
/// that now is. Who is kept out is told that the link is over; it works on from where the contact
/// may be.
async fn who_comes_in(
    write: &mut Write,
    link: &ContactLink,
    origin: &Origin,
) -> Result<Option<(Contact, Vec<Account>)>, Failure> {
    let accounts = accounts_from(write, link, origin).await?;
    let mut ids: Vec<_> = accounts.iter().map(|it| it.contact_id).collect();
    // In one order, whichever account the link is of.
    ids.sort_unstable();
    let mut held = Vec::new();
    for id in &ids {
        held.extend(hold_contact(write, *id, origin).await?);
    }
    // Only while they are held they stay as they are read.
    let mut accounts = accounts_from(write, link, origin).await?;
    accounts.retain(|it| ids.contains(&it.contact_id));
    let mut contacts = accounts.iter().filter_map(|it| held.iter().find(|k| k.id == it.contact_id));
    Ok(contacts.next().cloned().map(|contact| (contact, accounts)))
}

/// The accounts of the link's address that may be entered from here: first the link's own, unless
/// the contact's networks keep it out. Where the link was not mailed there is no other.
async fn accounts_from(
    read: &mut Read,
    link: &ContactLink,
    origin: &Origin,
) -> Result<Vec<Account>, Failure> {
    let mut accounts = read.accounts(link.brand_id, &link.email).await?;
    accounts.retain(|it| it.contact_id == link.contact_id || !temporary::led_to(link));
    let all = accounts.len();
    accounts.retain(|account| allows(&account.allowed_addresses, origin.address));
    if accounts.len() < all {
        let (contact, address) = (link.contact_id, origin.address.to_canonical());
        let kept_out = all - accounts.len();
        tracing::info!(%contact, %address, kept_out, "a mailed link met networks of accounts");
    }
    accounts.sort_by_key(|account| account.contact_id != link.contact_id);
    Ok(accounts)
}

/// A new password makes void whatever could be used without it. It is that of all accounts of the
/// address that may be entered from here: the mail proved the address, and from then on one
/// password opens them all.
async fn set_password(
    core: &Core,
    write: &mut Write,
    (brand, contact): (&Brand, &Contact),
    (accounts, hash): (&[Account], &str),
) -> Result<(), Failure> {
    let now = core.now();
    for account in accounts {
        write.set_password_hash(account.contact_id, hash, now).await?;
        write.end_portal_sessions(account.contact_id, None, now).await?;
        write.consume_contact_links(account.contact_id, now).await?;
    }
    let notice = MailMessage {
        to: contact.email.clone(),
        name: contact.name.clone(),
        language: mails::language_of(write, contact, brand).await?,
        brand_id: brand.id,
        content: MailContent::PasswordChanged { changed_at: now },
    };
    mails::put(core, write, &notice).await.map(drop)
}

pub(crate) async fn confirm_email(
    core: &Core,
    brand: BrandId,
    token: &str,
) -> Result<(), EntryError> {
    let link = open_link(core, brand, token, MailedLinkPurpose::ConfirmEmail).await?;
    if confirm(core, &link).await? { Ok(()) } else { Err(over(&link)) }
}

/// Gives the contact its new address. Not done where the link was used a moment ago, where another
/// address was asked for since, or where the address is taken.
async fn confirm(core: &Core, link: &ContactLink) -> Result<bool, Failure> {
    let Some(email) = &link.new_email else { return Ok(false) };
    let now = core.now();
    let mut write = core.inner.store.write(link.organisation_id).await?;
    write.hold(Held::Contact, link.contact_id.uuid()).await?;
    if !write.consume_contact_link(link.id, now).await? {
        return Ok(false);
    }
    match write.confirm_email(link.contact_id, email, now).await {
        Ok(true) => {
            write.consume_contact_links(link.contact_id, now).await?;
            write.drop_temporary_password(link.contact_id).await?;
            write.commit().await?;
            Ok(true)
        }
        Ok(false) | Err(StoreError::Duplicate { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The link, if it can be used on this brand's portal for that purpose.
async fn open_link(
    core: &Core,
    brand: BrandId,
    token: &str,
    purpose: MailedLinkPurpose,
) -> Result<ContactLink, EntryError> {
    let found = find(core, token).await?.filter(|link| link.brand_id == brand);
    let link = found.ok_or(EntryError::NO_LINK)?;
    let is_new = link.used_at.is_none() && core.now() < link.expires_at;
    if is_new && temporary::serves(&link, purpose) { Ok(link) } else { Err(over(&link)) }
}

fn over(link: &ContactLink) -> EntryError {
    EntryError::LinkOver { return_url: None, language: link.language.clone() }
}

async fn find(core: &Core, token: &str) -> Result<Option<ContactLink>, Failure> {
    Ok(core.inner.store.directory().await?.contact_link(&hash_secret(token)).await?)
}
