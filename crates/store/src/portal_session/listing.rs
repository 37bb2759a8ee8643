//! Lists of sessions: for the organisation's software, and for the person whose sessions they are.

use std::time::Duration;

use jiff::Timestamp;
use portico_billing::session::SessionOrigin;
use portico_billing::{BrandId, ContactId, CustomerId, LanguageTag, SessionId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Position, Read, StoreError, column};

macro_rules! columns {
    () => {
        "SELECT id, brand_id, customer_id, contact_id, origin, link_expires_at, return_url, \
         forward, language, idle_seconds, created_at, started_at, last_seen_at, expires_at, \
         ended_at FROM portal_session WHERE organisation_id = $1 "
    };
}

statements! {
    FIND = concat!(columns!(), "AND id = $2");
    LIST = concat!(columns!(),
        "AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4");
    LIST_OF_CUSTOMER = concat!(columns!(), "AND customer_id = $5 \
        AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4");
    /// The absolute limit alone is told to the database; idleness is the rule's to decide.
    LIST_OF_CONTACT = "SELECT id, origin, user_agent, address, started_at, last_seen_at, \
        idle_seconds FROM portal_session WHERE organisation_id = $1 AND contact_id = $2 \
        AND ended_at IS NULL AND started_at IS NOT NULL AND expires_at > $3 \
        ORDER BY started_at DESC, id LIMIT 200";
    /// Answered by the index `portal_session_by_operator`.
    LIST_OF_OPERATORS = "SELECT id, started_at, ended_at, expires_at, may_act \
        FROM portal_session WHERE organisation_id = $1 AND customer_id = $2 \
        AND operator_id IS NOT NULL AND started_at IS NOT NULL \
        ORDER BY created_at DESC LIMIT 20";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    brand_id: Uuid,
    customer_id: Uuid,
    contact_id: Option<Uuid>,
    origin: String,
    link_expires_at: Option<i64>,
    return_url: Option<String>,
    forward: Json<Value>,
    language: Option<String>,
    idle_seconds: i64,
    created_at: i64,
    started_at: Option<i64>,
    last_seen_at: Option<i64>,
    expires_at: Option<i64>,
    ended_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ContactSessionRow {
    id: Uuid,
    origin: String,
    user_agent: Option<String>,
    address: Option<String>,
    started_at: i64,
    last_seen_at: i64,
    idle_seconds: i64,
}

/// A visit of the organisation's people, as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorSession {
    /// Identifier.
    pub id: SessionId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was ended, or ran out at the latest.
    pub over_at: Option<Timestamp>,
    /// Whether it could act.
    pub may_act: bool,
}

/// A session as the organisation's software sees it: without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
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
    /// When its link ends, where it has one.
    pub link_expires_at: Option<Timestamp>,
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
    /// When it was entered.
    pub started_at: Option<Timestamp>,
    /// When it was last used.
    pub last_seen_at: Option<Timestamp>,
    /// When it ends at the latest.
    pub expires_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

/// A session that was entered and neither ended nor reached its longest life, as its person sees
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSession {
    /// Identifier.
    pub id: SessionId,
    /// How it began.
    pub origin: SessionOrigin,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
    /// The address it was entered from.
    pub address: Option<String>,
    /// When it was entered.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// Inactivity that ends it.
    pub idle: Duration,
}

impl TryFrom<Row> for SessionRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let time = |micros| column::time_opt("portal_session.started_at", micros);
        Ok(Self {
            id: SessionId::from(row.id),
            brand_id: BrandId::from(row.brand_id),
            customer_id: CustomerId::from(row.customer_id),
            contact_id: row.contact_id.map(ContactId::from),
            origin: column::from_word("portal_session.origin", &row.origin)?,
            link_expires_at: time(row.link_expires_at)?,
            return_url: row.return_url,
            forward: row.forward.0,
            language: column::parse_opt("portal_session.language", row.language)?,
            idle: super::idle(row.idle_seconds)?,
            created_at: column::time("portal_session.created_at", row.created_at)?,
            started_at: time(row.started_at)?,
            last_seen_at: time(row.last_seen_at)?,
            expires_at: time(row.expires_at)?,
            ended_at: time(row.ended_at)?,
        })
    }
}

impl TryFrom<ContactSessionRow> for ContactSession {
    type Error = StoreError;

    fn try_from(row: ContactSessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::from(row.id),
            origin: column::from_word("portal_session.origin", &row.origin)?,
            user_agent: row.user_agent,
            address: row.address,
            started_at: column::time("portal_session.started_at", row.started_at)?,
            last_seen_at: column::time("portal_session.last_seen_at", row.last_seen_at)?,
            idle: super::idle(row.idle_seconds)?,
        })
    }
}

impl Read {
    /// The session with this identifier.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn portal_session(
        &mut self,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(SessionRecord::try_from).transpose()
    }

    /// Sessions older than `after`, newest first, of one customer or of all.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn portal_sessions(
        &mut self,
        customer: Option<CustomerId>,
        after: Position,
        limit: u16,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let (tenant, limit) = (self.tenant(), i64::from(limit));
        let (micros, id) = (after.micros(), after.id());
        let rows = match customer.map(CustomerId::uuid) {
            None => fetch_all!(self.conn, Row, LIST, tenant, micros, id, limit)?,
            Some(customer) => {
                fetch_all!(self.conn, Row, LIST_OF_CUSTOMER, tenant, micros, id, limit, customer)?
            }
        };
        rows.into_iter().map(SessionRecord::try_from).collect()
    }

    /// The newest visits of the organisation's people to a customer's portal.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_visits(
        &mut self,
        customer: CustomerId,
    ) -> Result<Vec<OperatorSession>, StoreError> {
        type Found = (Uuid, i64, Option<i64>, Option<i64>, bool);
        let (tenant, customer) = (self.tenant(), customer.uuid());
        let rows = fetch_all!(self.conn, Found, LIST_OF_OPERATORS, tenant, customer)?;
        let session = |(id, started_at, ended_at, expires_at, may_act): Found| {
            Ok(OperatorSession {
                id: SessionId::from(id),
                started_at: column::time("portal_session.started_at", started_at)?,
                over_at: column::time_opt("portal_session.ended_at", ended_at.or(expires_at))?,
                may_act,
            })
        };
        rows.into_iter().map(session).collect()
    }

    /// A contact's sessions that were entered and not ended, newest first, at most 200. Some of
    /// them may have been idle for too long.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contact_sessions(
        &mut self,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<Vec<ContactSession>, StoreError> {
        let (tenant, contact, now) = (self.tenant(), contact.uuid(), column::micros(now));
        let rows = fetch_all!(self.conn, ContactSessionRow, LIST_OF_CONTACT, tenant, contact, now)?;
        rows.into_iter().map(ContactSession::try_from).collect()
    }
}
