//! Wishes for mailed links: written down by whoever asks, looked into by the worker.

use jiff::SignedDuration;
use portico_billing::account::Contact;
use portico_billing::brand::Brand;
use portico_billing::{BrandId, ContactLinkId, EmailAddress, LanguageTag};
use portico_core_api::MailedLinkPurpose;
use portico_store::contact_link::NewContactLink;
use portico_store::{Read, Write};
use serde::{Deserialize, Serialize};

use super::{MailContent, MailMessage, Posting, Wish, put, put_wish};
use crate::secret::{hash_secret, new_secret};
use crate::{Core, Failure};

/// Mails of a kind that one contact gets within an hour at most.
const MAILS_PER_HOUR: i64 = 3;

/// Somebody asks for a link to be mailed to this address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LinkRequest {
    pub(crate) brand_id: BrandId,
    pub(crate) email: EmailAddress,
    pub(crate) purpose: MailedLinkPurpose,
}

impl LinkRequest {
    /// Writes the wish down: the same work whether there is such a contact or not.
    pub(crate) async fn enqueue(&self, core: &Core, write: &mut Write) -> Result<(), Failure> {
        put_wish(core, write, Self::KIND, self).await
    }
}

impl Wish for LinkRequest {
    const KIND: &'static str = "link_request";

    async fn answer(self, core: &Core, write: &mut Write) -> Result<(), Failure> {
        let brand = write.brand(self.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        if let Some(newest) = write.who_may_sign_in(brand.id, &self.email).await? {
            let (contact, purpose) = (&newest, self.purpose);
            let link = NewLink { brand: &brand, contact, purpose, new_email: None };
            let _made = insert_link(core, write, link).await?;
        }
        Ok(())
    }
}

/// A link that is to be made.
pub(crate) struct NewLink<'a> {
    pub(crate) brand: &'a Brand,
    pub(crate) contact: &'a Contact,
    pub(crate) purpose: MailedLinkPurpose,
    /// The address that it proves, and that it is then mailed to.
    pub(crate) new_email: Option<EmailAddress>,
}

/// The word that is stored for a purpose.
pub(crate) const fn word_of(purpose: MailedLinkPurpose) -> &'static str {
    match purpose {
        MailedLinkPurpose::SignIn => "sign_in",
        MailedLinkPurpose::ResetPassword => "reset_password",
        MailedLinkPurpose::ConfirmEmail => "confirm_email",
    }
}

/// How long a link works.
const fn life_of(purpose: MailedLinkPurpose) -> SignedDuration {
    match purpose {
        MailedLinkPurpose::SignIn => SignedDuration::from_mins(15),
        MailedLinkPurpose::ResetPassword => SignedDuration::from_mins(30),
        MailedLinkPurpose::ConfirmEmail => SignedDuration::from_hours(24),
    }
}

/// Makes a link and writes the mail with it into the outbox. Neither is kept where the contact, or
/// its address, got its share within the last hour; the answer says whether they were.
pub(crate) async fn insert_link(
    core: &Core,
    write: &mut Write,
    link: NewLink<'_>,
) -> Result<bool, Failure> {
    let (now, purpose) = (core.now(), word_of(link.purpose));
    let hour_ago = now - SignedDuration::from_hours(1);
    if write.count_contact_links(link.contact.id, purpose, hour_ago).await? >= MAILS_PER_HOUR {
        return Ok(false);
    }
    let token = new_secret(&core.inner.entropy);
    let to = link.new_email.as_ref().unwrap_or(&link.contact.email);
    let message = MailMessage {
        language: language_of(write, link.contact, link.brand).await?,
        name: link.contact.name.clone(),
        brand_id: link.brand.id,
        content: content(core, &link, &token),
        to: to.clone(),
    };
    if put(core, write, &message).await? == Posting::OverBudget {
        return Ok(false);
    }
    let stored = NewContactLink {
        id: ContactLinkId::new(now, core.id_bytes()),
        brand_id: link.brand.id,
        contact_id: link.contact.id,
        purpose,
        token_hash: hash_secret(&token),
        new_email: link.new_email,
        created_at: now,
        expires_at: now + life_of(link.purpose),
    };
    write.insert_contact_link(&stored).await?;
    Ok(true)
}

fn content(core: &Core, link: &NewLink<'_>, token: &str) -> MailContent {
    let url =
        |path: &str| core.inner.public_address.url(link.brand, &format!("{path}?token={token}"));
    let life = life_of(link.purpose);
    let valid_minutes = u32::try_from(life.as_mins()).unwrap_or(u32::MAX);
    match link.purpose {
        MailedLinkPurpose::SignIn => {
            MailContent::SignInLink { url: url("/sign-in/link"), valid_minutes }
        }
        MailedLinkPurpose::ResetPassword => {
            MailContent::PasswordReset { url: url("/password/reset"), valid_minutes }
        }
        MailedLinkPurpose::ConfirmEmail => MailContent::ConfirmEmail {
            url: url("/profile/email/confirm"),
            valid_hours: valid_minutes / 60,
        },
    }
}

/// The language of mails to a contact: its own, its customer's, the brand's.
pub(crate) async fn language_of(
    read: &mut Read,
    contact: &Contact,
    brand: &Brand,
) -> Result<LanguageTag, Failure> {
    if let Some(language) = &contact.language {
        return Ok(language.clone());
    }
    let customer = read.customer(contact.customer_id).await?;
    let of_customer = customer.and_then(|customer| customer.language);
    Ok(of_customer.unwrap_or_else(|| brand.default_language.clone()))
}
