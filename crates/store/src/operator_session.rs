//! Sessions of operators in the control panel; of the secret a hash alone.

use jiff::Timestamp;
use portico_billing::permission::OperatorRole;
use portico_billing::{LanguageTag, OperatorId, OperatorSessionId, OrganisationId};
use uuid::Uuid;

use crate::{Directory, StoreError, Write, column};

statements! {
    BY_HASH = "SELECT s.organisation_id, s.id, s.operator_id, s.is_complete, s.last_seen_at, \
        s.expires_at, s.ended_at, o.name, o.email, o.role, o.language, o.disabled_at, \
        o.sealed_totp IS NOT NULL AS has_totp, g.name AS organisation_name, g.time_zone \
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
}
