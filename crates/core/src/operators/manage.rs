//! Changing and removing colleagues. Owners are the business of owners, one who can sign in always
//! stays, and nobody changes their own role.

use portico_billing::OperatorId;
use portico_billing::permission::{OperatorRole, Permission};
use portico_store::Write;
use portico_store::operator::StoredOperator;
use serde_json::{Value, json};

use super::{OperatorView, StaffError, StaffRule};
use crate::audit::Change;
use crate::{Caller, Core, Who};

/// What is changed about an operator; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OperatorChange {
    /// What it is for.
    pub role: Option<OperatorRole>,
    /// Whether it is switched off: its sessions end then.
    pub is_disabled: Option<bool>,
    /// Whether its second factor is taken away, because it lost it.
    pub removes_second_factor: bool,
}

impl Core {
    /// Changes a colleague's role, or switches it off or on.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Rule`, or where the machinery fails.
    pub async fn change_operator(
        &self,
        caller: &Caller,
        id: OperatorId,
        change: OperatorChange,
    ) -> Result<OperatorView, StaffError> {
        let (mut write, before) = self.hold_colleague(caller, id).await?;
        let now = self.now();
        let mut after = before.clone();
        if let Some(role) = change.role {
            may_manage(&mut write, caller, role).await?;
            after.role = role;
        }
        if let Some(is_disabled) = change.is_disabled {
            after.disabled_at = is_disabled.then(|| before.disabled_at.unwrap_or(now));
        }
        keep_an_owner(&mut write, &before, Some(&after)).await?;
        write.update_operator(&after).await?;
        if change.removes_second_factor {
            write.set_operator_totp(id, None, &[]).await?;
            after.sealed_totp = None;
        }
        if after.disabled_at.is_some() || change.removes_second_factor {
            write.end_operator_sessions(id, None, now).await?;
            write.consume_operator_links(id, now).await?;
        }
        if after.disabled_at.is_some() || change.removes_second_factor || after.role != before.role
        {
            write.end_visits_of_operator(id, now).await?;
        }
        if after != before {
            Change::new("operator.updated")
                .on(id.uuid())
                .changed(&shown(&before), &shown(&after))
                .write(self, &mut write, caller)
                .await?;
        }
        write.commit().await?;
        Ok(after.into())
    }

    /// Removes a colleague. What it did stays in the audit log.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Rule`, or where the machinery fails.
    pub async fn remove_operator(&self, caller: &Caller, id: OperatorId) -> Result<(), StaffError> {
        let (mut write, before) = self.hold_colleague(caller, id).await?;
        keep_an_owner(&mut write, &before, None).await?;
        write.delete_sessions_of_operator(id).await?;
        write.delete_links_of_operator(id).await?;
        write.delete_operator(id).await?;
        Change::new("operator.removed")
            .on(id.uuid())
            .changed(&shown(&before), &Value::Null)
            .write(self, &mut write, caller)
            .await?;
        Ok(write.commit().await?)
    }

    /// A colleague that the caller may change, in a unit of work that alone counts owners.
    async fn hold_colleague(
        &self,
        caller: &Caller,
        id: OperatorId,
    ) -> Result<(Write, StoredOperator), StaffError> {
        caller.require(Permission::EditOperators)?;
        if caller.who == Who::Operator(id) {
            return Err(StaffRule::OwnRecord.into());
        }
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        write.hold_organisation().await?;
        let found = write.operator_for_update(id).await?.ok_or(StaffError::NotFound)?;
        may_manage(&mut write, caller, found.role).await?;
        Ok((write, found))
    }
}

/// Refuses where the caller may not make, change or remove an operator of `role`. An API key is no
/// owner, whatever it may do; who runs the program is more than one.
pub(super) async fn may_manage(
    write: &mut Write,
    caller: &Caller,
    role: OperatorRole,
) -> Result<(), StaffError> {
    let own = match caller.who {
        Who::System => return Ok(()),
        // A key makes nobody who may do more than the key.
        Who::ApiKey(_) if !caller.permissions.has_all(role.permissions()) => None,
        Who::ApiKey(_) => Some(OperatorRole::Admin),
        Who::Contact(_) => None,
        Who::Operator(id) => write.operator(id).await?.map(|it| it.role),
    };
    if own.is_some_and(|own| own.may_manage(role)) {
        return Ok(());
    }
    Err(StaffRule::OwnersOnly.into())
}

/// Refuses where the organisation would be left without an owner who can sign in.
async fn keep_an_owner(
    write: &mut Write,
    before: &StoredOperator,
    after: Option<&StoredOperator>,
) -> Result<(), StaffError> {
    let is_owner = |it: &StoredOperator| it.role == OperatorRole::Owner && it.is_active();
    if !is_owner(before) || after.is_some_and(is_owner) {
        return Ok(());
    }
    let others = write.operators().await?;
    if others.iter().any(|other| other.id != before.id && is_owner(other)) {
        return Ok(());
    }
    Err(StaffRule::LastOwner.into())
}

/// What the audit log says of an operator.
fn shown(it: &StoredOperator) -> Value {
    json!({
        "name": it.name,
        "email": it.email,
        "role": it.role,
        "disabled": it.disabled_at.is_some(),
        "second_factor": it.sealed_totp.is_some(),
    })
}
