//! The organisation's operators, as people are shown them.

use jiff::Timestamp;
use portico_billing::OperatorId;
use portico_billing::permission::OperatorRole;
use portico_store::operator::StoredOperator;

use super::StaffError;
use crate::{Caller, Core};

/// An operator, as its colleagues are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorView {
    /// Identifier.
    pub id: OperatorId,
    /// Name of the person.
    pub name: String,
    /// Name for signing in.
    pub email: String,
    /// What it is for.
    pub role: OperatorRole,
    /// Whether it was invited and has not come yet.
    pub is_invited: bool,
    /// Whether it has a second factor.
    pub has_totp: bool,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it signed in last.
    pub signed_in_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
}

impl From<StoredOperator> for OperatorView {
    fn from(it: StoredOperator) -> Self {
        Self {
            id: it.id,
            name: it.name,
            email: it.email.to_string(),
            role: it.role,
            is_invited: it.password_hash.is_none(),
            has_totp: it.sealed_totp.is_some(),
            disabled_at: it.disabled_at,
            signed_in_at: it.signed_in_at,
            created_at: it.created_at,
        }
    }
}

impl Core {
    /// The organisation's operators, oldest first.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn operators(&self, caller: &Caller) -> Result<Vec<OperatorView>, StaffError> {
        caller.require(portico_billing::permission::Permission::EditOperators)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        Ok(read.operators().await?.into_iter().map(OperatorView::from).collect())
    }
}
