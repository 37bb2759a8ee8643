//! Operators: the people of an organisation who sign in to the control panel.

use jiff::Timestamp;
use portico_billing::permission::OperatorRole;
use portico_billing::{EmailAddress, LanguageTag, OperatorId, OrganisationId};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

macro_rules! columns {
    () => {
        "SELECT id, email, name, role, password_hash, sealed_totp, totp_step, recovery_hashes, \
         language, disabled_at, signed_in_at, created_at FROM operator WHERE organisation_id = $1 "
    };
}

statements! {
    FIND = concat!(columns!(), "AND id = $2");
    BY_EMAIL = concat!(columns!(), "AND email_key = $2");
    LIST = concat!(columns!(), "ORDER BY id LIMIT 1000");
    /// Those that a person used last come first: the others are not looked at.
    BY_EMAIL_ANYWHERE = "SELECT o.organisation_id, g.name AS organisation_name, o.id, \
        o.password_hash FROM operator o \
        JOIN organisation g ON g.organisation_id = o.organisation_id \
        WHERE o.email_key = $1 AND o.disabled_at IS NULL \
        ORDER BY COALESCE(o.signed_in_at, 0) DESC, o.id LIMIT $2";
    WITHOUT = "SELECT g.organisation_id, g.name FROM organisation g WHERE NOT EXISTS ( \
        SELECT 1 FROM operator o WHERE o.organisation_id = g.organisation_id \
        AND o.password_hash IS NOT NULL AND o.disabled_at IS NULL) \
        ORDER BY g.organisation_id LIMIT 100";
    INSERT = "INSERT INTO operator (organisation_id, id, email, email_key, name, role, \
        password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE = "UPDATE operator SET name = $3, role = $4, language = $5, disabled_at = $6 \
        WHERE organisation_id = $1 AND id = $2";
    HOLD = "UPDATE operator SET name = name WHERE organisation_id = $1 AND id = $2";
    SET_PASSWORD = "UPDATE operator SET password_hash = $3 WHERE organisation_id = $1 AND id = $2";
    SET_TOTP = "UPDATE operator SET sealed_totp = $3, totp_step = $4, recovery_hashes = $5 \
        WHERE organisation_id = $1 AND id = $2";
    /// A code counts once: each step of time is used up by the first one.
    USE_STEP = "UPDATE operator SET totp_step = $3 WHERE organisation_id = $1 AND id = $2 \
        AND sealed_totp IS NOT NULL AND (totp_step IS NULL OR totp_step < $3)";
    SET_RECOVERY = "UPDATE operator SET recovery_hashes = $3 \
        WHERE organisation_id = $1 AND id = $2";
    SIGNED_IN = "UPDATE operator SET signed_in_at = $3 WHERE organisation_id = $1 AND id = $2";
    DELETE = "DELETE FROM operator WHERE organisation_id = $1 AND id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    password_hash: Option<String>,
    sealed_totp: Option<Vec<u8>>,
    totp_step: Option<i64>,
    recovery_hashes: Json<Vec<String>>,
    language: Option<String>,
    disabled_at: Option<i64>,
    signed_in_at: Option<i64>,
    created_at: i64,
}

/// An operator as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredOperator {
    /// Identifier.
    pub id: OperatorId,
    /// Name for signing in.
    pub email: EmailAddress,
    /// Name of the person.
    pub name: String,
    /// What it may do.
    pub role: OperatorRole,
    /// Hash of its password; none until an invitation is accepted.
    pub password_hash: Option<String>,
    /// The seed of its second factor, sealed.
    pub sealed_totp: Option<Vec<u8>>,
    /// The step of time whose code was used last.
    pub totp_step: Option<i64>,
    /// Hashes of the recovery codes that are left.
    pub recovery_hashes: Vec<String>,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it signed in last.
    pub signed_in_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
}

impl StoredOperator {
    /// Whether it can sign in: it has a password and is not switched off.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.password_hash.is_some() && self.disabled_at.is_none()
    }
}

impl TryFrom<Row> for StoredOperator {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: OperatorId::from(row.id),
            email: column::parse("operator.email", &row.email)?,
            name: row.name,
            role: column::from_word("operator.role", &row.role)?,
            password_hash: row.password_hash,
            sealed_totp: row.sealed_totp,
            totp_step: row.totp_step,
            recovery_hashes: row.recovery_hashes.0,
            language: column::parse_opt("operator.language", row.language)?,
            disabled_at: column::time_opt("operator.disabled_at", row.disabled_at)?,
            signed_in_at: column::time_opt("operator.signed_in_at", row.signed_in_at)?,
            created_at: column::time("operator.created_at", row.created_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    organisation_id: Uuid,
    organisation_name: String,
    id: Uuid,
    password_hash: Option<String>,
}

/// Somebody who may be signing in.
#[derive(Clone)]
pub struct OperatorCredentials {
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The person there.
    pub id: OperatorId,
    /// Hash of its password.
    pub password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TenantRow {
    organisation_id: Uuid,
    name: String,
}

impl Directory {
    /// The operators with this address, of whichever organisation, that are not switched off; at
    /// most `limit`, those that signed in last first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operators_by_email(
        &mut self,
        email: &EmailAddress,
        limit: u16,
    ) -> Result<Vec<OperatorCredentials>, StoreError> {
        let (key, limit) = (email.key(), i64::from(limit));
        let rows = fetch_all!(self.conn, CredentialsRow, BY_EMAIL_ANYWHERE, key, limit)?;
        let credentials = |row: CredentialsRow| OperatorCredentials {
            organisation_id: OrganisationId::from(row.organisation_id),
            organisation_name: row.organisation_name,
            id: OperatorId::from(row.id),
            password_hash: row.password_hash,
        };
        Ok(rows.into_iter().map(credentials).collect())
    }

    /// The organisations that nobody can sign in to, with their names; at most 100.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organisations_without_operator(
        &mut self,
    ) -> Result<Vec<(OrganisationId, String)>, StoreError> {
        let rows = fetch_all!(self.conn, TenantRow, WITHOUT)?;
        let tenant = |row: TenantRow| (OrganisationId::from(row.organisation_id), row.name);
        Ok(rows.into_iter().map(tenant).collect())
    }
}

impl Read {
    /// One operator.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator(&mut self, id: OperatorId) -> Result<Option<StoredOperator>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, FIND, tenant, id.uuid())?;
        row.map(StoredOperator::try_from).transpose()
    }

    /// The operator with this address.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_by_email(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<StoredOperator>, StoreError> {
        let tenant = self.tenant();
        let row = fetch_optional!(self.conn, Row, BY_EMAIL, tenant, email.key())?;
        row.map(StoredOperator::try_from).transpose()
    }

    /// The organisation's operators, oldest first, at most 1,000.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operators(&mut self) -> Result<Vec<StoredOperator>, StoreError> {
        let tenant = self.tenant();
        let rows = fetch_all!(self.conn, Row, LIST, tenant)?;
        rows.into_iter().map(StoredOperator::try_from).collect()
    }
}

impl Write {
    /// Adds an operator: identity, role and password; the rest comes later.
    ///
    /// # Errors
    /// `Duplicate` where its e-mail address is in use, or where the database fails.
    pub async fn insert_operator(&mut self, it: &StoredOperator) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.email.as_str(),
            it.email.key(),
            &it.name,
            it.role.word(),
            &it.password_hash,
            column::micros(it.created_at),
        )
        .map(drop)
    }

    /// One operator, kept from all other units of work until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_for_update(
        &mut self,
        id: OperatorId,
    ) -> Result<Option<StoredOperator>, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, HOLD, tenant, id.uuid())?;
        self.operator(id).await
    }

    /// Writes name, role, language and whether it is switched off.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn update_operator(&mut self, it: &StoredOperator) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            UPDATE,
            tenant,
            it.id.uuid(),
            &it.name,
            it.role.word(),
            it.language.as_ref().map(|language| language.as_str()),
            it.disabled_at.map(column::micros),
        )
        .map(drop)
    }

    /// Gives it a password.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_operator_password(
        &mut self,
        id: OperatorId,
        hash: &str,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, SET_PASSWORD, tenant, id.uuid(), hash).map(drop)
    }

    /// Gives it a second factor, of which the code of `step` is used up; or takes it away.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_operator_totp(
        &mut self,
        id: OperatorId,
        factor: Option<(&[u8], i64)>,
        recovery_hashes: &[String],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let (sealed, step) = factor.unzip();
        let hashes = Json(recovery_hashes);
        execute!(self.conn, SET_TOTP, tenant, id.uuid(), sealed, step, hashes).map(drop)
    }

    /// Uses up the codes until `step`. The answer is whether that one was not used yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_totp_step(&mut self, id: OperatorId, step: i64) -> Result<bool, StoreError> {
        let tenant = self.tenant();
        Ok(execute!(self.conn, USE_STEP, tenant, id.uuid(), step)? == 1)
    }

    /// Writes the recovery codes that are left.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_recovery_hashes(
        &mut self,
        id: OperatorId,
        hashes: &[String],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, SET_RECOVERY, tenant, id.uuid(), Json(hashes)).map(drop)
    }

    /// Notes that it signed in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_operator_signed_in(
        &mut self,
        id: OperatorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, SIGNED_IN, tenant, id.uuid(), column::micros(now)).map(drop)
    }

    /// Removes an operator whose sessions and links are gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_operator(&mut self, id: OperatorId) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE, tenant, id.uuid()).map(drop)
    }
}
