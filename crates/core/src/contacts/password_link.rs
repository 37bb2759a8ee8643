//! A link for a contact's new password: never told by the staff, always chosen by the person.

use portico_billing::ContactId;
use portico_billing::permission::Permission;
use portico_core_api::MailedLinkPurpose;

use super::Addressee;
use crate::audit::Change;
use crate::mail::{NewLink, insert_link};
use crate::records::Rejection;
use crate::{Caller, Core};

impl Core {
    /// Mails a contact a link to choose a password with. The answer is whether it was: not so where
    /// the person got enough of such mails within the hour.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where the contact may not sign in; where the caller may not, or the
    /// machinery fails.
    pub async fn mail_password_link(
        &self,
        caller: &Caller,
        id: ContactId,
    ) -> Result<bool, Rejection> {
        caller.require(Permission::EditContacts)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let to = Addressee::hold(&mut write, id).await?;
        let Addressee { contact, brand, may_sign_in } =
            to.ok_or_else(|| Rejection::NotFound("contact".to_owned()))?;
        if !may_sign_in {
            return Err(Rejection::conflict("disabled", "the contact may not sign in"));
        }
        let purpose = MailedLinkPurpose::ResetPassword;
        let link = NewLink { brand: &brand, contact: &contact, purpose, new_email: None };
        if !insert_link(self, &mut write, link).await? {
            return Ok(false);
        }
        let change = Change::new("contact.password_link_mailed").on(id.uuid());
        let change = change.of_customer(contact.customer_id.uuid());
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(true)
    }
}
