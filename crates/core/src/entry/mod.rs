//! Ways in: session links, passwords, mailed links. Each ends in a session with a secret that is
//! made at that moment and has nothing to do with what was shown to enter.

pub(crate) mod mailed_link;
pub(crate) mod password;
pub(crate) mod session_link;

use std::time::Duration;

use jiff::Timestamp;
use portico_billing::account::{Contact, CustomerStatus};
use portico_billing::brand::Brand;
use portico_billing::session::{ABSOLUTE_LIMIT, DEFAULT_IDLE, SessionOrigin};
use portico_billing::{ContactId, SessionId};
use portico_core_api::{EntryError, Forward, Origin, SessionSecret, SignedIn};
use portico_store::Write;
use portico_store::portal_session::{NewPortalSession, SessionEntry};

use crate::limits::TooMany;
use crate::password::Overloaded;
use crate::secret::{hash_secret, new_secret};
use crate::{Core, Failure};

/// Longest name of itself that a browser is listed with.
const MAX_USER_AGENT: usize = 300;

/// How long to wait where too many passwords are being checked.
pub(crate) const WHEN_OVERLOADED: Duration = Duration::from_secs(2);

/// A fresh secret, and what is stored of it and of where it goes.
fn new_entry(core: &Core, origin: Origin, now: Timestamp) -> (SessionSecret, SessionEntry) {
    let secret = new_secret(&core.inner.entropy);
    let entry = SessionEntry {
        secret_hash: hash_secret(&secret),
        now,
        expires_at: now + ABSOLUTE_LIMIT,
        address: origin.address.to_canonical().to_string(),
        user_agent: origin.user_agent.map(|name| name.chars().take(MAX_USER_AGENT).collect()),
    };
    (SessionSecret::new(secret), entry)
}

/// The contact, if it may still sign in. Whoever switches that off waits until the transaction
/// ends, and then ends the session that began in it.
async fn hold_contact(write: &mut Write, id: ContactId) -> Result<Option<Contact>, Failure> {
    let Some(contact) = write.contact_for_update(id).await? else { return Ok(None) };
    let customer = write.customer_for_update(contact.customer_id).await?;
    let active = customer.is_some_and(|it| it.status == CustomerStatus::Active);
    Ok(Some(contact).filter(|contact| active && contact.disabled_at.is_none()))
}

/// Begins a session of a contact who proved to be it.
async fn begin_session(
    core: &Core,
    write: &mut Write,
    brand: &Brand,
    contact: &Contact,
    (how, from): (SessionOrigin, Origin),
) -> Result<SignedIn, Failure> {
    let now = core.now();
    let (secret, entry) = new_entry(core, from, now);
    let forward = Forward::Overview;
    let signed_in = SignedIn { secret, expires_at: entry.expires_at, forward, language: None };
    let session = NewPortalSession {
        id: SessionId::new(now, core.id_bytes()),
        brand_id: brand.id,
        customer_id: contact.customer_id,
        contact_id: Some(contact.id),
        origin: how,
        link: None,
        entry: Some(entry),
        return_url: brand.home_url.clone(),
        forward: serde_json::to_value(signed_in.forward)?,
        language: None,
        idle: DEFAULT_IDLE,
        created_at: now,
    };
    write.insert_portal_session(&session).await?;
    Ok(signed_in)
}

impl From<TooMany> for EntryError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}

impl From<Overloaded> for EntryError {
    fn from(_: Overloaded) -> Self {
        Self::TooMany { retry_after: WHEN_OVERLOADED }
    }
}
