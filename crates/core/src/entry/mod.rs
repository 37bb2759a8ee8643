//! Ways in: session links, passwords, mailed links. Each ends in a session with a secret that is
//! made at that moment and has nothing to do with what was shown to enter.

pub(crate) mod mailed_link;
pub(crate) mod password;
pub(crate) mod session_link;
pub(crate) mod temporary;

use std::time::Duration;

use jiff::Timestamp;
use portico_billing::account::{Contact, CustomerStatus, allows};
use portico_billing::brand::Brand;
use portico_billing::session::{ABSOLUTE_LIMIT, DEFAULT_IDLE, SessionOrigin};
use portico_billing::{ContactId, EmailAddress, SessionId};
use portico_core_api::{EntryError, Fault, FieldFault, Forward, Origin, SessionSecret, SignedIn};
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
/// ends, and then ends the session that began in it. From another network than its own it may not.
pub(crate) async fn hold_contact(
    write: &mut Write,
    id: ContactId,
    from: &Origin,
) -> Result<Option<Contact>, Failure> {
    // The customer first, like whoever switches it off with all its contacts.
    let Some(found) = write.contact(id).await? else { return Ok(None) };
    let customer = write.customer_for_update(found.customer_id).await?;
    let Some(contact) = write.contact_for_update(id).await? else { return Ok(None) };
    let active = customer.is_some_and(|it| it.status == CustomerStatus::Active);
    let here = allows(&contact.allowed_addresses, from.address);
    Ok(Some(contact).filter(|contact| active && here && contact.disabled_at.is_none()))
}

/// How somebody enters.
pub(crate) struct Entering {
    /// What proved who it is.
    pub(crate) how: SessionOrigin,
    /// Where it comes from.
    pub(crate) from: Origin,
    /// The contacts that it proved to be: what it may switch to.
    pub(crate) proven: Vec<ContactId>,
    /// When the session ends at the latest, where that is before the usual time.
    pub(crate) until: Option<Timestamp>,
    /// Where the logo and signing out lead; the brand's home page where it is absent.
    pub(crate) return_url: Option<String>,
}

impl Entering {
    /// Entering with nothing but one account.
    pub(crate) const fn by(how: SessionOrigin, from: Origin) -> Self {
        Self { how, from, proven: Vec::new(), until: None, return_url: None }
    }
}

/// Begins a session of a contact who proved to be it. Of several accounts one has to be chosen.
pub(crate) async fn begin_session(
    core: &Core,
    write: &mut Write,
    brand: &Brand,
    contact: &Contact,
    entering: Entering,
) -> Result<SignedIn, Failure> {
    let now = core.now();
    let (secret, mut entry) = new_entry(core, entering.from, now);
    entry.expires_at = entering.until.unwrap_or(entry.expires_at).min(entry.expires_at);
    let several = entering.proven.len() > 1;
    let forward = if several { Forward::Accounts } else { Forward::Overview };
    let signed_in = SignedIn { secret, expires_at: entry.expires_at, forward, language: None };
    let session = NewPortalSession {
        id: SessionId::new(now, core.id_bytes()),
        brand_id: brand.id,
        customer_id: contact.customer_id,
        contact_id: Some(contact.id),
        origin: entering.how,
        operator: None,
        link: None,
        entry: Some(entry),
        return_url: entering.return_url.or_else(|| brand.home_url.clone()),
        forward: serde_json::to_value(Forward::Overview)?,
        language: None,
        idle: DEFAULT_IDLE,
        created_at: now,
    };
    write.insert_portal_session(&session).await?;
    if several {
        write.set_proven_contacts(session.id, &entering.proven).await?;
    }
    Ok(signed_in)
}

/// Names what of a name and a password was left empty. That is told before anything is counted or
/// looked up: it says nothing of who there is.
pub(crate) fn require_typed(email: &str, password: &str) -> Result<(), EntryError> {
    let typed = [("email", email.trim()), ("password", password)];
    let missing = typed.into_iter().filter(|(_, text)| text.is_empty());
    let faults: Vec<_> =
        missing.map(|(field, _)| FieldFault::new(field, Fault::Required)).collect();
    if faults.is_empty() { Ok(()) } else { Err(EntryError::Invalid { faults }) }
}

/// The address that a link shall be mailed to.
pub(crate) fn typed_address(email: &str) -> Result<EmailAddress, EntryError> {
    let fault = if email.trim().is_empty() { Fault::Required } else { Fault::NotAnEmail };
    let invalid = |_| EntryError::Invalid { faults: vec![FieldFault::new("email", fault)] };
    email.parse().map_err(invalid)
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
