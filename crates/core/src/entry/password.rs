//! Signing in with e-mail and password. Whether an address is known shows neither in the answer
//! nor in the time that it takes.
//!
//! One address may be that of several contacts, each with a password of its own. For each try
//! exactly one is checked: that of an account in use before one that waits for approval, of several
//! the one that was set last. Where it is right, the same password is tried on the others; those
//! that it opens can be chosen. All others take a mailed link, which proves the address itself.
//!
//! A temporary password lets nobody in: see [`super::temporary`].

use std::cmp::Reverse;
use std::net::IpAddr;

use portico_billing::account::{CustomerStatus, allows};
use portico_billing::brand::Brand;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, EmailAddress};
use portico_core_api::{EntryError, Origin, SignedIn};
use portico_store::account::Account;

use super::{Entering, begin_session, hold_contact, require_typed, temporary};
use crate::password::Overloaded;
use crate::{Core, Failure, brands};

/// Accounts beside the first on which a right password is tried.
const MAX_OTHERS: usize = 10;

pub(crate) async fn sign_in(
    core: &Core,
    brand: BrandId,
    email: &str,
    password: &str,
    origin: Origin,
) -> Result<SignedIn, EntryError> {
    require_typed(email, password)?;
    let (limits, address) = (&core.inner.limits, origin.address);
    limits.sign_in(address)?;
    let email: EmailAddress = email.parse().map_err(|_| EntryError::BadCredentials)?;
    limits.try_password(brand, &email, address)?;
    let brand = brands::load(core, brand).await?.ok_or(EntryError::BadCredentials)?;
    let mut accounts = accounts(core, &brand, &email, address).await?.into_iter();
    let first = accounts.next();
    let hash = first.as_ref().and_then(|first| first.password_hash.as_deref());
    let is_right = core.inner.passwords.verify(password, hash).await?;
    let first = first.filter(|_| is_right).ok_or(EntryError::BadCredentials)?;
    limits.forgive(brand.id, &email, address);
    if first.has_temporary_password() {
        return Err(temporary::answer(core, &brand, (&email, &first), &origin).await?);
    }
    let opened = opened_by(core, first, accounts, password).await?;
    if !opened.iter().any(is_active) {
        return Err(EntryError::PendingApproval);
    }
    begin(core, &brand, (&email, &opened), origin).await?.ok_or(EntryError::BadCredentials)
}

/// The accounts with a password that works and may be used from here, in the order in which theirs
/// counts.
async fn accounts(
    core: &Core,
    brand: &Brand,
    email: &EmailAddress,
    from: IpAddr,
) -> Result<Vec<Account>, Failure> {
    let mut read = core.inner.store.read(brand.organisation_id).await?;
    let mut accounts = read.accounts(brand.id, email).await?;
    accounts.retain(|it| it.has_password(core.now()) && allows(&it.allowed_addresses, from));
    accounts.sort_by_key(|it| Reverse((is_active(it), it.password_changed_at, it.created_at)));
    Ok(accounts)
}

fn is_active(account: &Account) -> bool {
    account.status == CustomerStatus::Active
}

/// The first account, whose password was right, and those of the others that it opens as well.
async fn opened_by(
    core: &Core,
    first: Account,
    others: impl Iterator<Item = Account>,
    password: &str,
) -> Result<Vec<Account>, Overloaded> {
    let mut opened = vec![first];
    for account in others.filter(|it| !it.has_temporary_password()).take(MAX_OTHERS) {
        let known = |other: &Account| other.password_hash == account.password_hash;
        let hash = account.password_hash.as_deref();
        if opened.iter().any(known) || core.inner.passwords.verify(password, hash).await? {
            opened.push(account);
        }
    }
    Ok(opened)
}

/// The session of the first account that can be entered, unless all of them were switched off, got
/// other passwords or other networks while this one was being checked.
async fn begin(
    core: &Core,
    brand: &Brand,
    (email, opened): (&EmailAddress, &[Account]),
    origin: Origin,
) -> Result<Option<SignedIn>, Failure> {
    let mut write = core.inner.store.write(brand.organisation_id).await?;
    for known in opened {
        let held = hold_contact(&mut write, known.contact_id, &origin).await?;
        let Some(contact) = held else { continue };
        // Only while it is held its password stays as it is read.
        let mut now = write.accounts(brand.id, email).await?;
        now.retain(|account| is_active(account) && opened.iter().any(|it| is_same(it, account)));
        if !now.iter().any(|account| is_same(known, account)) {
            continue;
        }
        let entering = Entering {
            proven: now.iter().map(|account| account.contact_id).collect(),
            ..Entering::by(SessionOrigin::Password, origin)
        };
        let signed_in = begin_session(core, &mut write, brand, &contact, entering).await?;
        write.commit().await?;
        return Ok(Some(signed_in));
    }
    Ok(None)
}

/// Whether it is the same account with the same password.
pub(super) fn is_same(one: &Account, other: &Account) -> bool {
    one.contact_id == other.contact_id && one.password_hash == other.password_hash
}
