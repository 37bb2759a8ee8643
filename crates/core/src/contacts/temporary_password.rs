//! A contact's temporary password: generated, or set by the staff. It is mailed to the person and
//! told to nobody else, and all that it is good for is choosing a password of one's own.

use std::time::Duration;

use jiff::SignedDuration;
use portico_billing::ContactId;
use portico_billing::account::{Contact, Customer};
use portico_billing::permission::Permission;
use portico_billing::text::check_line;
use portico_core_api::Fault;
use portico_store::Write;

use super::{Addressee, may_sign_in};
use crate::audit::Change;
use crate::mail::{MailContent, MailMessage, Posting, language_of, put};
use crate::records::{Sent, SentForm};
use crate::secret::new_code;
use crate::{Caller, Core, Failure, StaffError, strength};

/// How long it works, in hours: long enough for a weekend.
const LIFE_HOURS: u32 = 72;
/// When somebody who got too many mails may get the next one.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// A temporary password as it is asked for.
#[derive(Clone, Default)]
pub struct NewTemporaryPassword {
    /// The password; one is generated where it is absent.
    pub password: Option<String>,
    /// The form that asks for it, which does so once.
    pub form: Option<SentForm>,
}

/// What became of a mail with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordPosting {
    /// It is on its way: since now, or since the same form was sent before.
    Mailed,
    /// There is none, because the contact may not sign in.
    MayNotSignIn,
    /// The form was sent before with another password, which was mailed.
    Otherwise,
}

impl Core {
    /// Gives a contact a temporary password, mails it, and ends what could be used without it.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` where a given password is weak; `TooMany` where the person got enough
    /// mails within the hour, or the organisation gave too many at once; where the caller may not,
    /// or the machinery fails.
    pub async fn mail_temporary_password(
        &self,
        caller: &Caller,
        id: ContactId,
        new: NewTemporaryPassword,
    ) -> Result<PasswordPosting, StaffError> {
        caller.require(Permission::EditContacts)?;
        self.inner.limits.temporary_password(caller.organisation_id)?;
        // Before anything is hashed, which is the dear part.
        let (contact, customer) = look_up(self, caller, id).await?;
        if !may_sign_in(&contact, &customer) {
            return Ok(PasswordPosting::MayNotSignIn);
        }
        let NewTemporaryPassword { password, form } = new;
        let password = match password {
            Some(password) => checked(password, &contact, &customer)?,
            None => new_code(&self.inner.entropy),
        };
        let hash = self.inner.passwords.hash(&password).await?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        if let Some(form) = &form {
            match form.claim(self, &mut write, caller).await? {
                None => form.answer(&mut write, caller, id.uuid()).await?,
                Some(Sent::Saved(to)) if to == id.uuid() => return Ok(PasswordPosting::Mailed),
                Some(_) => return Ok(PasswordPosting::Otherwise),
            }
        }
        let to = Addressee::hold(&mut write, id).await?.ok_or(StaffError::NotFound)?;
        if !to.may_sign_in {
            return Ok(PasswordPosting::MayNotSignIn);
        }
        if mail(self, &mut write, &to, password).await? == Posting::OverBudget {
            return Err(StaffError::TooMany(PAUSE));
        }
        let now = self.now();
        let end = now + SignedDuration::from_hours(LIFE_HOURS.into());
        write.set_temporary_password_hash(id, &hash, (now, end)).await?;
        write.end_portal_sessions(id, None, now).await?;
        write.consume_contact_links(id, now).await?;
        let change = Change::new("contact.temporary_password_mailed").on(id.uuid());
        let change = change.of_customer(to.contact.customer_id.uuid());
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        Ok(PasswordPosting::Mailed)
    }
}

async fn look_up(
    core: &Core,
    caller: &Caller,
    id: ContactId,
) -> Result<(Contact, Customer), StaffError> {
    let mut read = core.inner.store.read(caller.organisation_id).await?;
    let contact = read.contact(id).await?.ok_or(StaffError::NotFound)?;
    let customer = read.customer(contact.customer_id).await?;
    Ok((contact, customer.ok_or(Failure::Missing("customer"))?))
}

/// The password that the staff typed, as strong as one that a person chooses, and such that it can
/// be read off a mail: how many spaces stand at its ends or in a row cannot be seen.
fn checked(password: String, contact: &Contact, customer: &Customer) -> Result<String, StaffError> {
    let known = [contact.email.as_str(), &contact.name, &customer.name];
    let is_legible = |it: &str| check_line(it).is_ok() && it.trim() == it && !it.contains("  ");
    let fault = match strength::check(&password, &known) {
        Err(fault) => fault,
        Ok(()) if is_legible(&password) => return Ok(password),
        Ok(()) => Fault::BadCharacters,
    };
    Err(StaffError::field("password", fault))
}

async fn mail(
    core: &Core,
    write: &mut Write,
    Addressee { contact, brand, .. }: &Addressee,
    password: String,
) -> Result<Posting, Failure> {
    let message = MailMessage {
        to: contact.email.clone(),
        name: contact.name.clone(),
        language: language_of(write, contact, brand).await?,
        brand_id: brand.id,
        content: MailContent::TemporaryPassword {
            password,
            url: core.inner.public_address.url(brand, "/sign-in"),
            valid_hours: LIFE_HOURS,
        },
    };
    put(core, write, &message).await
}
