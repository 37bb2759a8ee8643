//! Inviting a colleague.

use std::time::Duration;

use portico_billing::permission::{OperatorRole, Permission};
use portico_billing::{EmailAddress, OperatorId};
use portico_core_api::Fault;
use portico_store::operator::StoredOperator;
use portico_store::{StoreError, Write};
use serde_json::json;

use super::link::{self, OperatorLinkPurpose};
use super::manage::may_manage;
use super::{OperatorView, StaffError, account};
use crate::audit::Change;
use crate::form::Form;
use crate::mail::{MailContent, Posting};
use crate::{Caller, Core, Who};

/// After which time somebody who was written to too often can be again.
const HOUR: Duration = Duration::from_secs(3_600);

/// A colleague to be.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Name for signing in, and where the invitation goes.
    pub email: String,
    /// Name of the person; it may change it when it comes.
    pub name: String,
    /// What it shall do.
    pub role: OperatorRole,
}

/// Somebody who was invited.
#[derive(Debug, Clone)]
pub struct InvitedOperator {
    /// The record.
    pub operator: OperatorView,
    /// The link that was mailed, for the command line.
    pub url: String,
}

impl Core {
    /// Invites somebody to the organisation's control panel: a link is mailed that works for three
    /// days. Who was invited and has not come yet gets another one, and may get another role.
    ///
    /// # Errors
    /// `Forbidden`, `Rule`, `Invalid` with faults by field, or where the machinery fails.
    pub async fn invite_operator(
        &self,
        caller: &Caller,
        new: NewInvitation,
    ) -> Result<InvitedOperator, StaffError> {
        caller.require(Permission::EditOperators)?;
        let mut form = Form::default();
        let (name, email) = (form.required("name", &new.name), form.email("email", &new.email));
        if new.email.trim().is_empty() {
            form.add("email", Fault::Required);
        }
        form.refuse_staff()?;
        let email = email.ok_or_else(|| StaffError::field("email", Fault::Required))?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        may_manage(&mut write, caller, new.role).await?;
        let invited = self.insert_invited(&mut write, caller, (email, name, new.role)).await?;
        let url = self.mail_invitation(&mut write, caller, &invited).await?;
        write.commit().await?;
        Ok(InvitedOperator { operator: invited.into(), url })
    }

    async fn insert_invited(
        &self,
        write: &mut Write,
        caller: &Caller,
        (email, name, role): (EmailAddress, String, OperatorRole),
    ) -> Result<StoredOperator, StaffError> {
        let taken = || StaffError::field("email", Fault::Taken);
        let shown = json!({"email": email, "name": name, "role": role});
        let operator = match write.operator_by_email(&email).await? {
            Some(known) if known.password_hash.is_some() => return Err(taken()),
            Some(known) => {
                may_manage(write, caller, known.role).await?;
                let again = StoredOperator { name, role, disabled_at: None, ..known };
                write.update_operator(&again).await?;
                write.consume_operator_links(again.id, self.now()).await?;
                again
            }
            None => {
                let operator = self.new_operator(email, name, role);
                write.insert_operator(&operator).await.map_err(|error| match error {
                    StoreError::Duplicate { .. } => taken(),
                    other => other.into(),
                })?;
                operator
            }
        };
        let change = Change::new("operator.invited").on(operator.id.uuid()).to(&shown);
        change.write(self, write, caller).await?;
        Ok(operator)
    }

    /// A record without a password.
    pub(crate) fn new_operator(
        &self,
        email: EmailAddress,
        name: String,
        role: OperatorRole,
    ) -> StoredOperator {
        let now = self.now();
        StoredOperator {
            id: OperatorId::new(now, self.id_bytes()),
            email,
            name,
            role,
            password_hash: None,
            sealed_totp: None,
            totp_step: None,
            recovery_hashes: Vec::new(),
            language: None,
            disabled_at: None,
            signed_in_at: None,
            created_at: now,
        }
    }

    async fn mail_invitation(
        &self,
        write: &mut Write,
        caller: &Caller,
        invited: &StoredOperator,
    ) -> Result<String, StaffError> {
        let purpose = OperatorLinkPurpose::Invitation;
        let url = link::insert(self, write, Some(invited.id), purpose).await?;
        let organisation = write.organisation().await?.map(|it| it.name).unwrap_or_default();
        let inviter = match caller.who {
            Who::Operator(id) => write.operator(id).await?.map(|it| it.name),
            Who::ApiKey(_) | Who::Contact(_) | Who::System => None,
        };
        let content = MailContent::OperatorInvitation {
            url: url.clone(),
            valid_hours: u32::try_from(purpose.life().as_hours()).unwrap_or(u32::MAX),
            inviter: inviter.unwrap_or_else(|| organisation.clone()),
            organisation,
        };
        match account::mail_to(self, write, invited, content).await? {
            Posting::Written => Ok(url),
            Posting::OverBudget => Err(StaffError::TooMany(HOUR)),
        }
    }
}
