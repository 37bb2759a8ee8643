//! Operators: the people of an organisation who sign in to the control panel.

use jiff::Timestamp;
use portico_billing::{EmailAddress, OperatorId};

use crate::{StoreError, Write, column};

statements! {
    INSERT = "INSERT INTO operator (organisation_id, id, email, email_key, name, role, \
        password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// An operator as stored.
#[derive(Clone)]
pub struct StoredOperator {
    /// Identifier.
    pub id: OperatorId,
    /// Name for signing in.
    pub email: EmailAddress,
    /// Name of the person.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// Hash of its password, where one is set.
    pub password_hash: Option<String>,
    /// When the record was made.
    pub created_at: Timestamp,
}

impl Write {
    /// Adds an operator.
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
            &it.role,
            &it.password_hash,
            column::micros(it.created_at),
        )
        .map(drop)
    }
}
