//! One-time links to operators; of the token a hash alone.

use jiff::Timestamp;
use portico_billing::{EmailAddress, LanguageTag, OperatorId, OperatorLinkId, OrganisationId};
use uuid::Uuid;

use crate::{Directory, Read, StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO operator_link (organisation_id, id, operator_id, purpose, token_hash, \
        created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_TOKEN = "SELECT l.organisation_id, l.id, l.operator_id, l.purpose, l.expires_at, \
        l.used_at, g.name AS organisation_name, o.name, o.email, o.language, o.disabled_at \
        FROM operator_link l JOIN organisation g ON g.organisation_id = l.organisation_id \
        LEFT JOIN operator o ON o.organisation_id = l.organisation_id AND o.id = l.operator_id \
        WHERE l.token_hash = $1";
    CONSUME = "UPDATE operator_link SET used_at = $3 WHERE organisation_id = $1 AND id = $2 \
        AND used_at IS NULL AND expires_at > $3";
    CONSUME_ALL_OF = "UPDATE operator_link SET used_at = $3 \
        WHERE organisation_id = $1 AND operator_id = $2 AND used_at IS NULL";
    CONSUME_ALL_FOR = "UPDATE operator_link SET used_at = $3 \
        WHERE organisation_id = $1 AND purpose = $2 AND used_at IS NULL";
    COUNT_SINCE = "SELECT COUNT(*) FROM operator_link WHERE organisation_id = $1 \
        AND operator_id = $2 AND purpose = $3 AND created_at > $4";
    DELETE_OF = "DELETE FROM operator_link WHERE organisation_id = $1 AND operator_id = $2";
    DELETE_OLD = "DELETE FROM operator_link WHERE organisation_id = $1 AND expires_at < $2";
}

/// A link to be.
pub struct NewOperatorLink {
    /// Identifier.
    pub id: OperatorLinkId,
    /// Whose it is; nobody's where it makes the first operator.
    pub operator_id: Option<OperatorId>,
    /// What it is for, as a word.
    pub purpose: &'static str,
    /// Hash of its token.
    pub token_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A link that was found by its token, with whom it is for.
#[derive(Debug, Clone)]
pub struct OperatorLink {
    /// Identifier.
    pub id: OperatorLinkId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// What it is for, as a word.
    pub purpose: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// Whose it is; nobody's where it makes the first operator.
    pub operator: Option<LinkedOperator>,
}

/// Whose link it is.
#[derive(Debug, Clone)]
pub struct LinkedOperator {
    /// Identifier.
    pub id: OperatorId,
    /// The person's name.
    pub name: String,
    /// The name for signing in.
    pub email: EmailAddress,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
    /// Whether it is switched off.
    pub is_disabled: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    organisation_id: Uuid,
    id: Uuid,
    operator_id: Option<Uuid>,
    purpose: String,
    expires_at: i64,
    used_at: Option<i64>,
    organisation_name: String,
    name: Option<String>,
    email: Option<String>,
    language: Option<String>,
    disabled_at: Option<i64>,
}

impl TryFrom<Row> for OperatorLink {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let operator = match (row.operator_id, row.name, row.email) {
            (Some(id), Some(name), Some(email)) => Some(LinkedOperator {
                id: OperatorId::from(id),
                name,
                email: column::parse("operator.email", &email)?,
                language: column::parse_opt("operator.language", row.language)?,
                is_disabled: row.disabled_at.is_some(),
            }),
            _ => None,
        };
        Ok(Self {
            id: OperatorLinkId::from(row.id),
            organisation_id: OrganisationId::from(row.organisation_id),
            organisation_name: row.organisation_name,
            purpose: row.purpose,
            expires_at: column::time("operator_link.expires_at", row.expires_at)?,
            used_at: column::time_opt("operator_link.used_at", row.used_at)?,
            operator,
        })
    }
}

impl Directory {
    /// The link with this hash, whatever its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn operator_link(&mut self, hash: &[u8]) -> Result<Option<OperatorLink>, StoreError> {
        let row = fetch_optional!(self.conn, Row, BY_TOKEN, hash)?;
        row.map(OperatorLink::try_from).transpose()
    }
}

impl Read {
    /// How many links for `purpose` an operator got since `since`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_operator_links(
        &mut self,
        operator: OperatorId,
        purpose: &str,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        let (tenant, since) = (self.tenant(), column::micros(since));
        let id = operator.uuid();
        let count = fetch_optional!(self.conn, (i64,), COUNT_SINCE, tenant, id, purpose, since)?;
        Ok(count.map_or(0, |(count,)| count))
    }
}

impl Write {
    /// Adds a link.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_operator_link(&mut self, it: &NewOperatorLink) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(
            self.conn,
            INSERT,
            tenant,
            it.id.uuid(),
            it.operator_id.map(|id| id.uuid()),
            it.purpose,
            &it.token_hash,
            column::micros(it.created_at),
            column::micros(it.expires_at),
        )
        .map(drop)
    }

    /// Uses a link up. The answer is whether it could still be used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_operator_link(
        &mut self,
        id: OperatorLinkId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        Ok(execute!(self.conn, CONSUME, tenant, id.uuid(), now)? == 1)
    }

    /// Makes all links of an operator void.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_operator_links(
        &mut self,
        operator: OperatorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, CONSUME_ALL_OF, tenant, operator.uuid(), now).map(drop)
    }

    /// Makes all links for `purpose` void.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consume_operator_links_for(
        &mut self,
        purpose: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (tenant, now) = (self.tenant(), column::micros(now));
        execute!(self.conn, CONSUME_ALL_FOR, tenant, purpose, now).map(drop)
    }

    /// Deletes all links of an operator.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_links_of_operator(
        &mut self,
        operator: OperatorId,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_OF, tenant, operator.uuid()).map(drop)
    }

    /// Deletes the links that ended before `before`. The answer is how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_operator_links(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let tenant = self.tenant();
        execute!(self.conn, DELETE_OLD, tenant, column::micros(before))
    }
}
