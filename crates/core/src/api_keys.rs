//! Keys of the organisation's software: made, listed, revoked.

use jiff::Timestamp;
use portico_billing::ApiKeyId;
use portico_billing::permission::{Permission, Permissions};
use portico_core_api::Fault;
use portico_store::api_key::StoredApiKey;
use serde_json::{Value, json};

use crate::audit::Change;
use crate::form::Form;
use crate::operators::StaffError;
use crate::secret::{hash_secret, new_secret};
use crate::{ApiKeySecret, Caller, Core, StaffRule};

/// A key to be.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What the staff calls it.
    pub name: String,
    /// What it may do: no more than who makes it.
    pub permissions: Permissions,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// A key, as the staff is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyView {
    /// Identifier.
    pub id: ApiKeyId,
    /// What the staff calls it.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whether it may be used now.
    pub is_live: bool,
}

impl ApiKeyView {
    fn new(it: StoredApiKey, now: Timestamp) -> Self {
        Self {
            is_live: it.is_live(now),
            id: it.id,
            name: it.name,
            permissions: it.permissions,
            created_at: it.created_at,
            expires_at: it.expires_at,
            revoked_at: it.revoked_at,
        }
    }
}

impl Core {
    /// The organisation's keys, newest first.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn api_keys(&self, caller: &Caller) -> Result<Vec<ApiKeyView>, StaffError> {
        caller.require(Permission::EditApiKeys)?;
        let now = self.now();
        let keys = self.inner.store.read(caller.organisation_id).await?.api_keys().await?;
        Ok(keys.into_iter().map(|key| ApiKeyView::new(key, now)).collect())
    }

    /// Makes a key. Its secret is known here and nowhere else.
    ///
    /// # Errors
    /// `Forbidden`, `Rule` where it could do more than who makes it, `Invalid` with faults by
    /// field, or where the machinery fails.
    pub async fn issue_api_key(
        &self,
        caller: &Caller,
        new: NewApiKey,
    ) -> Result<(ApiKeyView, ApiKeySecret), StaffError> {
        caller.require(Permission::EditApiKeys)?;
        let now = self.now();
        let mut form = Form::default();
        let name = form.required("name", &new.name);
        if new.expires_at.is_some_and(|end| end <= now) {
            form.add("expires_on", Fault::NotAChoice);
        }
        if new.permissions == Permissions::NONE {
            form.add("permissions", Fault::Required);
        }
        form.refuse_staff()?;
        if !caller.permissions.has_all(new.permissions) {
            return Err(StaffRule::MoreThanOwn.into());
        }
        let secret = new_secret(&self.inner.entropy);
        let stored = StoredApiKey {
            id: ApiKeyId::new(now, self.id_bytes()),
            organisation_id: caller.organisation_id,
            name,
            secret_hash: hash_secret(&secret),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
            permissions: new.permissions,
        };
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.insert_api_key(&stored).await?;
        let change = Change::new("api_key.created").on(stored.id.uuid()).to(&shown(&stored));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        let key = ApiKeySecret { id: stored.id, secret };
        Ok((ApiKeyView::new(stored, now), key))
    }

    /// Revokes a key at once.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` where it is not in force, or where the machinery fails.
    pub async fn withdraw_api_key(&self, caller: &Caller, id: ApiKeyId) -> Result<(), StaffError> {
        caller.require(Permission::EditApiKeys)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let known = write.api_keys().await?.into_iter().find(|key| key.id == id);
        let known = known.ok_or(StaffError::NotFound)?;
        if !write.revoke_api_key(id, self.now()).await? {
            return Err(StaffError::NotFound);
        }
        let change = Change::new("api_key.revoked").on(id.uuid());
        change.changed(&shown(&known), &Value::Null).write(self, &mut write, caller).await?;
        Ok(write.commit().await?)
    }
}

/// What the audit log says of a key.
fn shown(it: &StoredApiKey) -> Value {
    let permissions = (it.permissions != Permissions::ALL).then_some(it.permissions);
    json!({"name": it.name, "permissions": permissions, "expires_at": it.expires_at})
}
