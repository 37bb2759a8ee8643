//! The accounts of one person: an e-mail address may be that of contacts of several customers.
//!
//! A session remembers which of them its visitor proved to be when it signed in, and opens no
//! others. What has happened since counts: a contact that was switched off, has another address,
//! or whose password was changed, is none of them any more.

use portico_billing::account::CustomerStatus;
use portico_billing::{ContactId, EmailAddress};
use portico_core_api::{AccountView, Origin, Refusal, SessionSecret, SignedIn};
use portico_store::Read;
use portico_store::account::Account;
use portico_store::portal_session::VisitRecord;

use crate::entry::{self, Entering};
use crate::{Core, Failure, brands, visit};

pub(crate) async fn list(core: &Core, secret: &SessionSecret) -> Result<Vec<AccountView>, Refusal> {
    let record = visit::live_record(core, secret, core.now()).await?;
    let mut accounts = own(core, &record).await?;
    accounts.sort_by_cached_key(|account| account.customer_name.to_lowercase());
    Ok(accounts.into_iter().map(|account| view(&record, account)).collect())
}

fn view(record: &VisitRecord, account: Account) -> AccountView {
    AccountView {
        current: account.customer_id == record.customer_id,
        contact_id: account.contact_id,
        customer_name: account.customer_name,
        role: account.role,
    }
}

/// Ends the session and begins one of another account, which ends when this one would have.
pub(crate) async fn switch(
    core: &Core,
    secret: &SessionSecret,
    account: ContactId,
    origin: Origin,
) -> Result<SignedIn, Refusal> {
    let record = visit::live_record(core, secret, core.now()).await?;
    if record.operator.is_some() {
        return Err(Refusal::NotPermitted);
    }
    begin(core, &record, account, origin).await?.ok_or(Refusal::NotFound)
}

async fn begin(
    core: &Core,
    record: &VisitRecord,
    account: ContactId,
    origin: Origin,
) -> Result<Option<SignedIn>, Failure> {
    let Some(brand) = brands::load(core, record.brand_id).await? else { return Ok(None) };
    let mut write = core.inner.store.write(record.organisation_id).await?;
    let contact = entry::hold_contact(&mut write, account, &origin).await?;
    let accounts = open_to(&mut write, record).await?;
    let is_open = accounts.iter().any(|it| it.contact_id == account);
    let Some(contact) = contact.filter(|_| is_open) else { return Ok(None) };
    write.end_portal_session(record.session_id, core.now()).await?;
    let entering = Entering {
        proven: accounts.iter().map(|it| it.contact_id).collect(),
        until: Some(record.times.expires_at),
        return_url: record.return_url.clone(),
        ..Entering::by(record.origin, origin)
    };
    let signed_in = entry::begin_session(core, &mut write, &brand, &contact, entering).await?;
    write.commit().await?;
    Ok(Some(signed_in))
}

async fn own(core: &Core, record: &VisitRecord) -> Result<Vec<Account>, Failure> {
    let mut read = core.inner.store.read(record.organisation_id).await?;
    open_to(&mut read, record).await
}

/// The accounts that the visitor proved to be and still is.
async fn open_to(read: &mut Read, record: &VisitRecord) -> Result<Vec<Account>, Failure> {
    let Some(contact) = &record.contact else { return Ok(Vec::new()) };
    let Ok(email) = contact.email.parse::<EmailAddress>() else { return Ok(Vec::new()) };
    let mut accounts = read.accounts(record.brand_id, &email).await?;
    accounts.retain(|account| {
        let proven = record.proven.contains(&account.contact_id);
        let same_password =
            account.password_changed_at.is_none_or(|at| at <= record.times.started_at);
        let active = account.status == CustomerStatus::Active;
        account.contact_id == contact.id || proven && same_password && active
    });
    Ok(accounts)
}
