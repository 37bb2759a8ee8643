//! Sessions that the organisation's software asks for: a link that opens the portal for a customer.

use std::time::Duration;

use jiff::Timestamp;
use portico_billing::account::{Contact, Customer, CustomerStatus};
use portico_billing::brand::{Brand, OriginError};
use portico_billing::permission::Permission;
use portico_billing::session::{
    DEFAULT_IDLE, LINK_LIFE, LONGEST_LINK_LIFE, MAX_IDLE, MIN_IDLE, SessionOrigin,
};
use portico_billing::{
    ContactId, CustomerId, EmailAddress, LanguageTag, SessionId, SubscriptionId,
};
use portico_core_api::Forward;
use portico_store::portal_session::SessionRecord;
use portico_store::{Position, Read, StoreError};
use uuid::Uuid;

use crate::audit::Change;
use crate::records::{After, RecordKey, Rejection};
use crate::secret::{hash_secret, new_secret};
use crate::{Caller, Core, Failure, Forbidden, records};

/// Whose portal a session shall open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerRef {
    /// The customer with this identifier or external id.
    Customer(RecordKey),
    /// The customer of the contact with this identifier or external id, for that person.
    Contact(RecordKey),
    /// The one customer with this e-mail address, its own or a contact's.
    Email(EmailAddress),
}

/// The page that a session shall open on, as the organisation's software names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NewForward {
    /// The first page.
    #[default]
    Overview,
    /// The list of invoices.
    Invoices,
    /// Billing information, at the addresses.
    BillingInformation,
    /// The payment method of the customer's subscription with this identifier or external id.
    SubscriptionPaymentMethod(Option<RecordKey>),
}

/// What the organisation's software asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPortalSession {
    /// Whose portal.
    pub customer: CustomerRef,
    /// Where the logo and signing out lead; the brand's home page where it is absent.
    pub return_url: Option<String>,
    /// Seconds of inactivity that end the visit, 60 to 86,400; half an hour where it is absent.
    /// The absolute limit of twelve hours ends it in any case.
    pub idle_timeout: Option<u64>,
    /// The page to open.
    pub forward: NewForward,
    /// The language of the visit.
    pub locale: Option<LanguageTag>,
    /// How long the link may wait to be followed: five minutes where it is absent, thirty at most.
    pub link_life: Option<Duration>,
}

impl NewPortalSession {
    /// A session with nothing but a customer.
    #[must_use]
    pub const fn of(customer: CustomerRef) -> Self {
        Self {
            customer,
            return_url: None,
            idle_timeout: None,
            forward: NewForward::Overview,
            locale: None,
            link_life: None,
        }
    }
}

/// A session whose link can be handed to the customer. The link is known here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedPortalSession {
    /// The session, to be revoked by.
    pub id: SessionId,
    /// The secret part of the link.
    pub link: String,
    /// The whole link, on the brand's own host.
    pub url: String,
    /// The brand whose portal it opens.
    pub brand: Brand,
    /// The customer.
    pub customer: Customer,
    /// The person, where there is one.
    pub contact_id: Option<ContactId>,
    /// Where the logo and signing out will lead, as it was stored.
    pub return_url: Option<String>,
    /// The page that it opens on.
    pub forward: Forward,
    /// The language of the visit.
    pub locale: Option<LanguageTag>,
    /// Inactivity that ends the visit.
    pub idle_timeout: Duration,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the unused link ends.
    pub link_expires_at: Timestamp,
}

/// A session as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalSessionRecord {
    /// The session as stored.
    pub record: SessionRecord,
    /// The page that it opens on.
    pub forward: Forward,
    /// What has become of it.
    pub state: PortalSessionState,
}

/// What has become of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalSessionState {
    /// Its link waits to be followed.
    Waiting,
    /// Somebody is there.
    Active,
    /// Its link, or the visit, ran out.
    Expired,
    /// It was signed out of, or revoked.
    Ended,
}

/// Why no session was made.
#[derive(Debug, thiserror::Error)]
pub enum PortalSessionError {
    /// The caller may not do this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such customer.
    #[error("no such customer")]
    UnknownCustomer,
    /// No such contact.
    #[error("no such contact")]
    UnknownContact,
    /// Several customers have this e-mail address.
    #[error("more than one customer has this e-mail address; name the customer by its id")]
    AmbiguousEmail,
    /// The customer may not use the portal.
    #[error("the customer is not active")]
    CustomerInactive,
    /// The contact may not sign in.
    #[error("the contact is disabled")]
    ContactDisabled,
    /// The address to return to cannot be used.
    #[error("return_url {0}")]
    ReturnUrl(#[from] OriginError),
    /// The idle time is out of range.
    #[error("idle_timeout must be between {min} and {max} seconds")]
    IdleTimeout {
        /// Least seconds.
        min: u64,
        /// Most seconds.
        max: u64,
    },
    /// The page needs a subscription, and none is named.
    #[error("subscription_id is needed for this page")]
    SubscriptionMissing,
    /// The customer has no such subscription.
    #[error("the customer has no such subscription")]
    UnknownSubscription,
    /// The machinery failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for PortalSessionError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl Core {
    /// Makes a session with a link that can be followed once.
    ///
    /// # Errors
    /// Why there is none; nothing was stored then.
    pub async fn create_portal_session(
        &self,
        caller: &Caller,
        new: NewPortalSession,
    ) -> Result<CreatedPortalSession, PortalSessionError> {
        // Whoever has the link acts as the customer.
        caller.require(Permission::OpenPortal)?;
        caller.require(Permission::ActInPortal)?;
        let idle_timeout = idle_timeout(new.idle_timeout)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let (customer, contact) = find_customer(&mut write, &new.customer).await?;
        let brand = write.brand(customer.brand_id).await?;
        let brand = brand.ok_or(Failure::Missing("brand"))?;
        let return_url = match &new.return_url {
            Some(text) => Some(brand.check_return_url(text)?.to_string()),
            None => brand.home_url.clone(),
        };
        let forward = find_forward(&mut write, customer.id, new.forward).await?;
        let (created_at, link) = (self.now(), new_secret(&self.inner.entropy));
        let life = new.link_life.unwrap_or(LINK_LIFE).min(LONGEST_LINK_LIFE);
        let created = CreatedPortalSession {
            id: SessionId::new(created_at, self.id_bytes()),
            url: self.portal_url(&brand, &format!("/session/{link}")),
            link,
            brand,
            contact_id: contact.map(|contact| contact.id),
            customer,
            return_url,
            forward,
            locale: new.locale,
            idle_timeout,
            created_at,
            link_expires_at: created_at + life,
        };
        write.insert_portal_session(&stored(&created)?).await?;
        let change = Change::new("portal_session.created").on(created.id.uuid());
        change.of_customer(created.customer.id.uuid()).write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(created)
    }

    /// Sessions of the organisation, newest first, of one customer or of all, and where the next
    /// page begins.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn portal_sessions(
        &self,
        caller: &Caller,
        customer: Option<CustomerId>,
        after: Option<After>,
        limit: u16,
    ) -> Result<(Vec<PortalSessionRecord>, Option<After>), Rejection> {
        caller.require(Permission::Read)?;
        let now = self.now();
        let after = after.map_or(Position::START, After::position);
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let mut rows = read.portal_sessions(customer, after, limit + 1).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| After { created_at: last.created_at, id: last.id.uuid() });
        let listed: Result<_, Failure> = rows.into_iter().map(|row| listed(row, now)).collect();
        Ok((listed?, next))
    }

    /// One session of the organisation.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn portal_session(
        &self,
        caller: &Caller,
        id: SessionId,
    ) -> Result<Option<PortalSessionRecord>, Rejection> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.portal_session(id).await?;
        Ok(found.map(|record| listed(record, self.now())).transpose()?)
    }

    /// Ends a session or makes its link void, at once. The answer is the session as it is then, if
    /// there is such a one; ending it twice changes nothing.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn revoke_portal_session(
        &self,
        caller: &Caller,
        id: SessionId,
    ) -> Result<Option<PortalSessionRecord>, Rejection> {
        caller.require(Permission::OpenPortal)?;
        let now = self.now();
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.end_portal_session(id, now).await?;
        let found = write.portal_session(id).await?;
        if let Some(record) = &found {
            let change = Change::new("portal_session.revoked").on(id.uuid());
            change.of_customer(record.customer_id.uuid()).write(self, &mut write, caller).await?;
        }
        write.commit().await?;
        Ok(found.map(|record| listed(record, now)).transpose()?)
    }
}

fn idle_timeout(seconds: Option<u64>) -> Result<Duration, PortalSessionError> {
    let idle = seconds.map_or(DEFAULT_IDLE, Duration::from_secs);
    if (MIN_IDLE..=MAX_IDLE).contains(&idle) {
        return Ok(idle);
    }
    Err(PortalSessionError::IdleTimeout { min: MIN_IDLE.as_secs(), max: MAX_IDLE.as_secs() })
}

/// The customer, who must be active, and the person, who must not be disabled.
async fn find_customer(
    read: &mut Read,
    reference: &CustomerRef,
) -> Result<(Customer, Option<Contact>), PortalSessionError> {
    let (customer, contact) = match reference {
        CustomerRef::Customer(key) => (records::customer::load(read, key).await?, None),
        CustomerRef::Contact(key) => {
            let contact = records::contact::load(read, key).await?;
            let contact = contact.ok_or(PortalSessionError::UnknownContact)?;
            (read.customer(contact.customer_id).await?, Some(contact))
        }
        CustomerRef::Email(email) => find_by_email(read, email).await?,
    };
    let customer = customer.ok_or(PortalSessionError::UnknownCustomer)?;
    if customer.status != CustomerStatus::Active {
        return Err(PortalSessionError::CustomerInactive);
    }
    if contact.as_ref().is_some_and(|contact| contact.disabled_at.is_some()) {
        return Err(PortalSessionError::ContactDisabled);
    }
    Ok((customer, contact))
}

/// An e-mail address is no identity: where two customers have it, no guess is made (AZ-07).
async fn find_by_email(
    read: &mut Read,
    email: &EmailAddress,
) -> Result<(Option<Customer>, Option<Contact>), PortalSessionError> {
    let ids = read.customer_ids_by_email(email).await?;
    match ids.as_slice() {
        [] => Err(PortalSessionError::UnknownCustomer),
        [id] => Ok((read.customer(*id).await?, read.contact_by_email(*id, email).await?)),
        _ => Err(PortalSessionError::AmbiguousEmail),
    }
}

async fn find_forward(
    read: &mut Read,
    customer: CustomerId,
    forward: NewForward,
) -> Result<Forward, PortalSessionError> {
    let key = match forward {
        NewForward::Overview => return Ok(Forward::Overview),
        NewForward::Invoices => return Ok(Forward::Invoices),
        NewForward::BillingInformation => return Ok(Forward::BillingInformation),
        NewForward::SubscriptionPaymentMethod(key) => key,
    };
    let key = key.ok_or(PortalSessionError::SubscriptionMissing)?;
    let id = key.id::<SubscriptionId>().map_or(Uuid::nil(), SubscriptionId::uuid);
    let found = read.subscription_to_forward_to(customer, id, key.as_str()).await?;
    let found = found.ok_or(PortalSessionError::UnknownSubscription)?;
    Ok(Forward::SubscriptionPaymentMethod { subscription_id: found.into() })
}

fn stored(
    created: &CreatedPortalSession,
) -> Result<portico_store::portal_session::NewPortalSession, Failure> {
    Ok(portico_store::portal_session::NewPortalSession {
        id: created.id,
        brand_id: created.brand.id,
        customer_id: created.customer.id,
        contact_id: created.contact_id,
        origin: SessionOrigin::Link,
        operator: None,
        link: Some((hash_secret(&created.link), created.link_expires_at)),
        entry: None,
        return_url: created.return_url.clone(),
        forward: serde_json::to_value(created.forward)?,
        language: created.locale.clone(),
        idle: created.idle_timeout,
        created_at: created.created_at,
    })
}

fn listed(record: SessionRecord, now: Timestamp) -> Result<PortalSessionRecord, Failure> {
    let forward = serde_json::from_value(record.forward.clone())?;
    Ok(PortalSessionRecord { forward, state: state_of(&record, now), record })
}

fn state_of(record: &SessionRecord, now: Timestamp) -> PortalSessionState {
    if record.ended_at.is_some() {
        return PortalSessionState::Ended;
    }
    let (Some(last_seen_at), Some(expires_at)) = (record.last_seen_at, record.expires_at) else {
        let waits = record.link_expires_at.is_some_and(|end| now < end);
        return if waits { PortalSessionState::Waiting } else { PortalSessionState::Expired };
    };
    let idle = now.duration_since(last_seen_at).unsigned_abs();
    if now < expires_at && idle < record.idle {
        PortalSessionState::Active
    } else {
        PortalSessionState::Expired
    }
}
