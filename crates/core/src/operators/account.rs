//! What operators change about themselves: name, language, password.

use portico_billing::LanguageTag;
use portico_core_api::Fault;
use portico_store::Write;
use portico_store::operator::StoredOperator;
use serde_json::json;

use super::{OperatorVisit, StaffError};
use crate::audit::Change;
use crate::form::Form;
use crate::mail::{self, MailContent, MailMessage, Posting, SecurityChange};
use crate::{Core, Failure, strength};

/// An operator's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// Name of the person.
    pub name: String,
    /// Name for signing in.
    pub email: String,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
    /// Whether it has a second factor.
    pub has_totp: bool,
    /// Whether its organisation asks for one.
    pub needs_totp: bool,
    /// Recovery codes that are left.
    pub recovery_codes_left: usize,
}

impl Core {
    /// The account of who is signed in.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn own_operator_account(&self, visit: &OperatorVisit) -> Result<OwnAccount, Failure> {
        let mut read = self.inner.store.read(visit.caller.organisation_id).await?;
        let operator = read.operator(visit.operator_id).await?;
        let operator = operator.ok_or(Failure::Missing("operator"))?;
        Ok(OwnAccount {
            has_totp: operator.sealed_totp.is_some(),
            needs_totp: visit.needs_totp,
            recovery_codes_left: operator.recovery_hashes.len(),
            name: operator.name,
            email: operator.email.to_string(),
            language: operator.language,
        })
    }

    /// Changes one's own name and language; an empty language is the browser's.
    ///
    /// # Errors
    /// `Invalid` with faults at `name` and `language`, or where the machinery fails.
    pub async fn change_own_operator(
        &self,
        visit: &OperatorVisit,
        name: &str,
        language: &str,
    ) -> Result<(), StaffError> {
        let mut form = Form::default();
        let (name, language) = (form.required("name", name), form.language("language", language));
        form.refuse_staff()?;
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let before = own(&mut write, visit).await?;
        let after = StoredOperator { name, language, ..before.clone() };
        write.update_operator(&after).await?;
        let shown = |it: &StoredOperator| json!({"name": it.name, "language": it.language});
        Change::new("operator.updated")
            .on(after.id.uuid())
            .changed(&shown(&before), &shown(&after))
            .write(self, &mut write, &visit.caller)
            .await?;
        Ok(write.commit().await?)
    }

    /// Chooses another password; all other sessions and all links of the operator end.
    ///
    /// # Errors
    /// `Invalid` with faults at `current_password` and `new_password`, `TooMany`, or where the
    /// machinery fails.
    pub async fn change_own_operator_password(
        &self,
        visit: &OperatorVisit,
        current: &str,
        new: &str,
    ) -> Result<(), StaffError> {
        self.check_own_password(visit, current, "current_password").await?;
        let known = [visit.email.as_str(), visit.name.as_str(), visit.organisation_name.as_str()];
        let checked = strength::check(new, &known);
        checked.map_err(|fault| StaffError::field("new_password", fault))?;
        if new == current {
            return Err(StaffError::field("new_password", Fault::Unchanged));
        }
        let hash = self.inner.passwords.hash(new).await?;
        let now = self.now();
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let operator = own(&mut write, visit).await?;
        write.set_operator_password(operator.id, &hash).await?;
        write.end_operator_sessions(operator.id, Some(visit.session_id), now).await?;
        write.consume_operator_links(operator.id, now).await?;
        let change = Change::new("operator.password_changed").on(operator.id.uuid());
        change.write(self, &mut write, &visit.caller).await?;
        warn(self, &mut write, &operator, SecurityChange::Password).await?;
        Ok(write.commit().await?)
    }

    /// Refuses where `password` is not that of who is signed in.
    pub(super) async fn check_own_password(
        &self,
        visit: &OperatorVisit,
        password: &str,
        field: &str,
    ) -> Result<(), StaffError> {
        self.inner.limits.operator_password(visit.operator_id)?;
        let stored = async {
            let mut read = self.inner.store.read(visit.caller.organisation_id).await?;
            read.operator(visit.operator_id).await
        };
        let hash = stored.await?.and_then(|operator| operator.password_hash);
        if !self.inner.passwords.verify(password, hash.as_deref()).await? {
            return Err(StaffError::field(field, Fault::WrongPassword));
        }
        self.inner.limits.forgive_operator_password(visit.operator_id);
        Ok(())
    }
}

/// The record of who is signed in, held.
pub(super) async fn own(
    write: &mut Write,
    visit: &OperatorVisit,
) -> Result<StoredOperator, Failure> {
    let found = write.operator_for_update(visit.operator_id).await?;
    found.ok_or(Failure::Missing("operator"))
}

/// Tells an operator that how it signs in was changed.
pub(super) async fn warn(
    core: &Core,
    write: &mut Write,
    operator: &StoredOperator,
    change: SecurityChange,
) -> Result<(), Failure> {
    let organisation = write.organisation().await?.ok_or(Failure::Missing("organisation"))?.name;
    let changed_at = core.now();
    let content = MailContent::OperatorSecurity { change, changed_at, organisation };
    mail_to(core, write, operator, content).await.map(drop)
}

/// Writes a mail to an operator into the outbox, in the looks of the organisation's first brand.
/// Without a brand there is nothing to write it in.
pub(super) async fn mail_to(
    core: &Core,
    write: &mut Write,
    operator: &StoredOperator,
    content: MailContent,
) -> Result<Posting, Failure> {
    let Some(brand) = write.default_brand().await? else { return Ok(Posting::Written) };
    let message = MailMessage {
        to: operator.email.clone(),
        name: operator.name.clone(),
        language: operator.language.clone().unwrap_or(brand.default_language),
        brand_id: brand.id,
        content,
    };
    mail::put(core, write, &message).await
}
