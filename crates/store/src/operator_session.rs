//! Sessions of operators in the control panel; of the secret a hash alone.

use jiff::Timestamp;
use portico_billing::permission::OperatorRole;
use portico_billing::settings::OrganisationSettings;
use portico_billing::{LanguageTag, OperatorId, OperatorSessionId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    BY_HASH = "SELECT s.organisation_id, s.id, s.operator_id, s.is_complete, s.last_seen_at, \
        s.expires_at, s.ended_at, o.name, o.email, o.role, o.language, o.disabled_at, \
        o.sealed_totp IS NOT NULL AS has_totp, g.name AS organisation_name, g.time_zone, \
        g.settings \
        FROM operator_session s \
        JOIN operator o ON o.organisation_id = s.organisation_id AND o.id = s.operator_id \
        JOIN organisation g ON g.organisation_id = s.organisation_id \
        WHERE s.secret_hash = $1";
    INSERT = "INSERT INTO operator_session (organisation_id, id, operator_id, secret_hash, \
        is_complete, created_at, last_seen_at, expires_at, address, user_agent) \
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)";
    TOUCH = "UPDATE operator_session SET last_seen_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL";
    END = "UPDATE operator_session SET ended_at = $3 \
        WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL";
    /// $3: the one that goes on, or no session's identifier at all.
    END_OTHERS = "UPDATE operator_session SET ended_at = $4 \
        WHERE organisation_id = $1 AND operator_id = $2 AND id <> $3 AND ended_at IS NULL";
    LIVE = "SELECT id, created_at, last_seen_at, address, user_agent \
        FROM operator_session WHERE organisation_id = $1 AND operator_id = $2 \
        AND ended_at IS NULL AND is_complete AND expires_at > $3 AND last_seen_at > $4 \
        ORDER BY last_seen_at DESC, id DESC LIMIT 100";
    DELETE_OF = "DELETE FROM operator_session WHERE organisation_id = $1 AND operator_id = $2";
    DELETE_OLD = "DELETE FROM operator_session WHERE organisation_id = $1 AND expires_at < $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    operator_id: Uuid,
    is_complete: bool,
    last_seen_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    name: String,
    email: String,
    role: String,
    language: Option<String>,
    disabled_at: Option<i64>,
    has_totp: bool,
    organisation_name: String,
    time_zone: String,
    settings: Json<OrganisationSettings>,
}

/// A session with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorVisitRecord {
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The zone in which its days begin.
    pub time_zone: String,
    /// The session.
    pub session_id: OperatorSessionId,
    /// Whether the second factor was given, or none is asked for.
    pub is_complete: bool,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether it was ended, or its operator switched off.
    pub is_over: bool,
    /// Whose it is.
    pub operator_id: OperatorId,
    /// The person's name.
    pub name: String,
    /// The name for signing in.
    pub email: String,
    /// What it may do.
    pub role: OperatorRole,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
    /// Whether it has a second factor.
    pub has_totp: bool,
    /// Whether its organisation asks for one.
    pub needs_totp: bool,
}

impl TryFrom<Row> for OperatorVisitRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: OrganisationId::from(row.organisation_id),
            organisation_name: row.organisation_name,
            time_zone: row.time_zone,
            session_id: OperatorSessionId::from(row.id),
            is_complete: row.is_complete,
            last_seen_at: column::time("operator_session.last_seen_at", row.last_seen_at)?,
            expires_at: column::time("operator_session.expires_at", row.expires_at)?,
            is_over: row.ended_at.is_some() || row.disabled_at.is_some(),
            operator_id: OperatorId::from(row.operator_id),
            name: row.name,
            email: row.email,
            role: column::from_word("operator.role", &row.role)?,
            language: column::parse_opt("operator.language", row.language)?,
            has_totp: row.has_totp,
            needs_totp: row.settings.0.require_second_factor,
        })
    }
}

/// A session to be.
#[derive(Clone)]
pub struct NewOperatorSession {
    /// Identifier.
    pub id: OperatorSessionId,
    /// Whose it is.
    pub operator_id: OperatorId,
    /// Hash of its secret.
    pub secret_hash: Vec<u8>,
    /// Whether no second factor is waited for.
    pub is_complete: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The address that it was entered from.
    pub address: Option<String>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    address: Option<String>,
    user_agent: Option<String>,
}

/// A live session, as its owner is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOperatorSession {
    /// Identifier.
    pub id: OperatorSessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The address that it was entered from.
    pub address: Option<String>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

impl TryFrom<ListedRow> for ListedOperatorSession {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OperatorSessionId::from(row.id),
            created_at: column::time("operator_session.created_at", row.created_at)?,
            last_seen_at: column::time("operator_session.last_seen_at", row.last_seen_at)?,
            address: row.address,
            user_agent: row.user_agent,
        })
    }
}

impl Read {
    /// An operator's sessions that end after `now` and were used since `seen_since`, the one used
    /// last first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_sessions(
        &mut self,
        operator: OperatorId,
        now: Timestamp,
        seen_since: Timestamp,
    ) -> Result<Vec<ListedOperatorSession>, StoreError> {
        let (tenant, id) = (self.tenant(), operator.uuid());
        let (now, seen) = (column::micros(now), column::micros(seen_since));
        let rows = fetch_all!(self.conn, ListedRow, LIVE, tenant, id, now, seen)?;
        rows.into_iter().map(ListedOperatorSession::try_from).collect()
    }
}

impl Directory {
    /// The session with this hash, living or not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_visit(
        &mut self,
        hash: &[u8],
    ) -> Result<Option<OperatorVisitRecord>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_HASH, hash)?;
        row.map(OperatorVisitRecord::try_from).transpose()
    }
}

impl Write {
    /// Adds a session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_operator_session(
        &mut self,
        it: &NewOperatorSession,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.operator_id.uuid(),
            &it.secret_hash,
            it.is_complete,
            column::micros(it.created_at),
            column::micros(it.expires_at),
            &it.address,
            &it.user_agent,
        )
        .map(drop)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn touch_operator_session(
        &mut self,
        id: OperatorSessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, TOUCH, tenant, id.uuid(), column::micros(now)).map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_operator_session(
        &mut self,
        id: OperatorSessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, END, tenant, id.uuid(), column::micros(now)).map(drop)
    }

    /// Ends all sessions of an operator, but for `keep`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_operator_sessions(
        &mut self,
        operator: OperatorId,
        keep: Option<OperatorSessionId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, id, now) = (self.tenant(), operator.uuid(), column::micros(now));
        let keep = keep.map_or(Uuid::nil(), |keep| keep.uuid());
        execute!(self.conn, END_OTHERS, tenant, id, keep, now).map(drop)
    }

    /// Deletes all sessions of an operator.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_sessions_of_operator(
        &mut self,
        operator: OperatorId,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_OF, tenant, operator.uuid()).map(drop)
    }

    /// Deletes the sessions that ended before `before`. The answer is how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_operator_sessions(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_OLD, tenant, column::micros(before))
    }
}
