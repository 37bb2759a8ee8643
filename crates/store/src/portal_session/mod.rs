//! Portal sessions: the link that the organisation's software asked for, the visit that grew from
//! it or from signing in, its end. Of link and secret a hash alone.

mod link;
mod listing;
mod visit;

use std::time::Duration;

use jiff::Timestamp;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, ContactId, CustomerId, LanguageTag, OperatorId, SessionId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

pub use link::SessionLink;
pub use listing::{ContactSession, OperatorSession, SessionRecord};
pub use visit::{VisitContactRecord, VisitOperatorRecord, VisitRecord};

use crate::{Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO portal_session (organisation_id, id, brand_id, customer_id, contact_id, \
        origin, link_hash, link_expires_at, secret_hash, return_url, forward, language, \
        idle_seconds, created_at, started_at, last_seen_at, expires_at, address, user_agent, \
        operator_id, may_act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14, $15, $16, $17, $18, $19, $20, $21)";
    /// The condition decides a race: one of all who try at once meets the row.
    ENTER = "UPDATE portal_session SET secret_hash = $3, started_at = $4, last_seen_at = $4, \
        expires_at = $5, address = $6, user_agent = $7 WHERE organisation_id = $1 AND id = $2 \
        AND secret_hash IS NULL AND ended_at IS NULL AND link_expires_at > $4";
    TOUCH = "UPDATE portal_session SET last_seen_at = $3 WHERE organisation_id = $1 AND id = $2 \
        AND ended_at IS NULL AND last_seen_at < $3";
    /// Changes nothing, but nobody ends the session meanwhile.
    HOLD_OPEN = "UPDATE portal_session SET last_seen_at = last_seen_at \
        WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL";
    END = "UPDATE portal_session SET ended_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL";
    END_OF_CONTACT = "UPDATE portal_session SET ended_at = $4 WHERE organisation_id = $1 \
        AND contact_id = $2 AND id <> $3 AND ended_at IS NULL";
    END_OF_CUSTOMER = "UPDATE portal_session SET ended_at = $3 WHERE organisation_id = $1 \
        AND customer_id = $2 AND ended_at IS NULL";
    END_OF_OPERATOR = "UPDATE portal_session SET ended_at = $3 WHERE organisation_id = $1 \
        AND operator_id = $2 AND ended_at IS NULL";
    DELETE_OLD = "DELETE FROM portal_session \
        WHERE organisation_id = $1 AND created_at < $2";
    SUBSCRIPTION = "SELECT id FROM subscription \
        WHERE organisation_id = $1 AND customer_id = $2 AND (id = $3 OR external_id = $4)";
}

/// All SQL texts of the noun.
pub(crate) fn all_statements() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, link::STATEMENTS, listing::STATEMENTS, visit::STATEMENTS].concat()
}

/// A session that is about to be stored: a link that waits, or a visit that begins at once.
pub struct NewPortalSession {
    /// Identifier.
    pub id: SessionId,
    /// The brand on whose portal it lives.
    pub brand_id: BrandId,
    /// Whose data it shows.
    pub customer_id: CustomerId,
    /// The person, where there is one.
    pub contact_id: Option<ContactId>,
    /// How it came to be.
    pub origin: SessionOrigin,
    /// The operator who looks in, and whether it may act; nothing for all others.
    pub operator: Option<(OperatorId, bool)>,
    /// Hash of the link and when the link ends.
    pub link: Option<(Vec<u8>, Timestamp)>,
    /// The visit, where it begins at once.
    pub entry: Option<SessionEntry>,
    /// Where the visitor came from.
    pub return_url: Option<String>,
    /// The page to open.
    pub forward: Value,
    /// The language that was asked for.
    pub language: Option<LanguageTag>,
    /// Inactivity that ends it.
    pub idle: Duration,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The beginning of a visit.
#[derive(Clone)]
pub struct SessionEntry {
    /// Hash of the secret in the cookie.
    pub secret_hash: Vec<u8>,
    /// When it begins.
    pub now: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The visitor's address.
    pub address: String,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

/// The idle time of stored seconds.
fn idle(seconds: i64) -> Result<Duration, StoreError> {
    column::narrow("portal_session.idle_seconds", seconds).map(Duration::from_secs)
}

impl Read {
    /// The customer's subscription with this identifier, or that the organisation calls so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn subscription_to_forward_to(
        &mut self,
        customer: CustomerId,
        id: Uuid,
        external_id: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let (tenant, customer) = (self.tenant(), customer.uuid());
        let row =
            fetch_optional!(self.conn, (Uuid,), SUBSCRIPTION, tenant, customer, id, external_id)?;
        Ok(row.map(|(id,)| id))
    }
}

impl Write {
    /// Adds a session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_portal_session(&mut self, it: &NewPortalSession) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let (link_hash, link_expires_at) = it.link.clone().unzip();
        let entry = it.entry.as_ref();
        let started_at = entry.map(|entry| column::micros(entry.now));
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.brand_id.uuid(),
            it.customer_id.uuid(),
            it.contact_id.map(ContactId::uuid),
            column::word(&it.origin),
            link_hash,
            link_expires_at.map(column::micros),
            entry.map(|entry| entry.secret_hash.clone()),
            &it.return_url,
            Json(&it.forward),
            it.language.as_ref().map(LanguageTag::as_str),
            i64::try_from(it.idle.as_secs()).unwrap_or(i64::MAX),
            column::micros(it.created_at),
            started_at,
            started_at,
            entry.map(|entry| column::micros(entry.expires_at)),
            entry.map(|entry| entry.address.as_str()),
            entry.and_then(|entry| entry.user_agent.as_deref()),
            it.operator.map(|(operator, _)| operator.uuid()),
            it.operator.is_none_or(|(_, may_act)| may_act),
        )
        .map(drop)
    }

    /// Follows a link: the visit begins, and the link is used up. Of all who try at once exactly
    /// one is told that it worked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn enter_portal_session(
        &mut self,
        id: SessionId,
        entry: &SessionEntry,
    ) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        let met = execute!(
            self.conn,
            ENTER,
            tenant,
            id.uuid(),
            &entry.secret_hash,
            column::micros(entry.now),
            column::micros(entry.expires_at),
            &entry.address,
            &entry.user_agent,
        )?;
        Ok(met == 1)
    }

    /// Writes down that a session was used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn touch_portal_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, TOUCH, tenant, id.uuid(), now).map(drop)
    }

    /// Whether nobody ended the session; nobody does then until this unit of work ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hold_open_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, HOLD_OPEN, tenant, id.uuid())? == 1)
    }

    /// Ends a session, or makes its link void. The answer is whether it was not ended before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_portal_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, END, tenant, id.uuid(), now)? == 1)
    }

    /// Ends all sessions of a contact but `kept`. The answer is how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_portal_sessions(
        &mut self,
        contact: ContactId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        let kept = kept.map_or(Uuid::nil(), SessionId::uuid);
        execute!(self.conn, END_OF_CONTACT, tenant, contact.uuid(), kept, now)
    }

    /// Ends all sessions of a customer, whoever's they are, and makes its links void.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_sessions_of_customer(
        &mut self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, END_OF_CUSTOMER, tenant, customer.uuid(), now).map(drop)
    }

    /// Ends all visits of an operator to customers' portals, and makes its links void.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_visits_of_operator(
        &mut self,
        operator: OperatorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, END_OF_OPERATOR, tenant, operator.uuid(), now).map(drop)
    }

    /// Deletes sessions that were made before `end`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_portal_sessions(&mut self, end: Timestamp) -> Result<u64, StoreError> {
        let (tenant, end) = (self.tenant(), column::micros(end));
        execute!(self.conn, DELETE_OLD, tenant, end)
    }
}
