//! Mails: written into the outbox with the change that asks for them, sealed; taken from there by
//! the worker that sends them.
//!
//! Who asks for a mailed link is told nothing of whether there is such a contact, not even by how
//! long the answer takes: the request alone is written down, and looked into here.

mod attachment;
mod content;
mod link_request;
mod outbox;
mod outcome;
pub(crate) mod recipients;
mod server;
pub(crate) mod wish;

use jiff::{SignedDuration, Timestamp};
use portico_billing::brand::{Brand, BrandText};
use portico_billing::{BrandId, EmailAddress, JobId, LanguageTag, OrganisationId, uuid_v7};
use portico_store::Write;
use portico_store::outbox::ClaimedJob;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use attachment::MailAttachment;
pub(crate) use content::approvals_page;
pub use content::{MailContent, SecurityChange};
pub(crate) use link_request::{LinkRequest, NewLink, insert_link, language_of, word_of};
pub use outbox::{LESSER_MAILS_PER_RECIPIENT_AND_HOUR, MAILS_PER_RECIPIENT_AND_HOUR, MailBudget};
pub(crate) use outbox::{Posting, put, put_sent, put_wish};
pub(crate) use server::open_password;
pub use server::{MailProbe, ProbeFault, SmtpServer};
pub(crate) use wish::Wish;

use crate::payments::mailed::ReceiptWish;
use crate::{Core, Failure, operators, sign_up};

const MAIL: &str = "mail";
/// How long a worker has for what it took, before another one may take it.
const LOCK: SignedDuration = SignedDuration::from_mins(10);

/// A mail: to whom, in which language and dress, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMessage {
    /// The address.
    pub to: EmailAddress,
    /// The person's name.
    pub name: String,
    /// The language to write in.
    pub language: LanguageTag,
    /// The brand that writes.
    pub brand_id: BrandId,
    /// What it says.
    pub content: MailContent,
}

impl MailMessage {
    /// The address.
    #[must_use]
    pub const fn to(&self) -> &EmailAddress {
        &self.to
    }
}

/// Which server a mail goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRoute {
    /// The brand's own.
    Brand,
    /// The installation's.
    Installation,
}

impl MailRoute {
    const ALL: [Self; 2] = [Self::Brand, Self::Installation];

    /// Its word in the outbox.
    const fn word(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Installation => "installation",
        }
    }
}

/// A mail that a worker took and shall send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The work's identifier: the same at each try.
    pub id: JobId,
    /// The tenant.
    pub organisation_id: OrganisationId,
    /// The brand that writes.
    pub brand: Brand,
    /// The mail.
    pub message: MailMessage,
    /// The brand's own server, if it has one.
    pub server: Option<SmtpServer>,
    /// By which server alone it may go, because that one got it already and may have taken it: by
    /// another one it might arrive twice.
    pub bound_to: Option<MailRoute>,
    /// The brand's own words for this mail, if it has any.
    pub wording: Option<MailWording>,
    /// The brand's own words for texts of the frame around it.
    pub texts: Vec<BrandText>,
    attempt: u32,
    unanswered: u32,
}

impl ClaimedMail {
    /// A mail that nobody asked for but to see whether the brand's server works.
    pub(crate) fn to_try(
        id: JobId,
        brand: Brand,
        message: MailMessage,
        server: SmtpServer,
    ) -> Self {
        Self {
            id,
            organisation_id: brand.organisation_id,
            brand,
            message,
            server: Some(server),
            bound_to: None,
            wording: None,
            texts: Vec::new(),
            attempt: 1,
            unanswered: 0,
        }
    }
}

/// Subject and text of a mail in a brand's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWording {
    /// The subject, with names in braces.
    pub subject: String,
    /// The text, with names in braces; empty lines part paragraphs.
    pub body: String,
}

/// A mail that is kept to be looked at instead of being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedMail {
    /// To whom.
    pub recipient: String,
    /// From whom.
    pub sender: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text_body: String,
    /// HTML.
    pub html_body: String,
}

/// A mail that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// Identifier.
    pub id: Uuid,
    /// The tenant whose mail it is.
    pub organisation_id: OrganisationId,
    /// The mail.
    pub mail: CapturedMail,
    /// When it would have been sent.
    pub created_at: Timestamp,
}

impl Core {
    /// Takes mails that are due. Each is the caller's for ten minutes, to be reported as sent or
    /// as failed.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn claim_mails(&self, limit: u16) -> Result<Vec<ClaimedMail>, Failure> {
        let now = self.now();
        let waiting = self.inner.store.directory().await?.waiting_organisations(now).await?;
        let mut mails = Vec::new();
        for organisation in waiting {
            let room = limit.saturating_sub(u16::try_from(mails.len()).unwrap_or(u16::MAX));
            if room == 0 {
                break;
            }
            match self.claim_due_mails(organisation, now, room).await {
                Ok(claimed) => mails.extend(claimed),
                // One organisation's trouble must not hold up the mails of all others.
                Err(failure) => drop(failure.report()),
            }
        }
        Ok(mails)
    }

    async fn claim_due_mails(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedMail>, Failure> {
        wish::answer_all::<LinkRequest>(self, organisation, now).await?;
        operators::answer_forgotten(self, organisation, now).await?;
        wish::answer_all::<sign_up::ToMail>(self, organisation, now).await?;
        wish::answer_all::<ReceiptWish>(self, organisation, now).await?;
        self.claim_mails_of(organisation, now, limit).await
    }

    async fn claim_mails_of(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedMail>, Failure> {
        let mut write = self.inner.store.write(organisation).await?;
        let jobs = write.claim_jobs(MAIL, now, now + LOCK, limit).await?;
        let mut mails = Vec::with_capacity(jobs.len());
        for job in jobs {
            match self.open_mail(&mut write, &job).await {
                Ok(mail) => mails.push(mail),
                Err(failure) => wish::close(&mut write, &job, Err(failure), now).await?,
            }
        }
        write.commit().await?;
        Ok(mails)
    }

    async fn open_mail(&self, write: &mut Write, job: &ClaimedJob) -> Result<ClaimedMail, Failure> {
        let plain = self.inner.sealer.open(MAIL, &job.sealed_payload)?;
        let mut message: MailMessage = serde_json::from_slice(&plain)?;
        message.content = message.content.brought_up_to_date(&self.inner.panel_url);
        let brand = write.brand(message.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let server = match message.content.may_go_by_brand() {
            true => server::of_brand(self, write, brand.id).await?,
            false => None,
        };
        // What operators get is in the shipped words.
        let (kind, is_of_staff) = (message.content.kind(), message.content.is_of_staff());
        let template = match is_of_staff {
            true => None,
            false => write.mail_template(brand.id, kind, &message.language).await?,
        };
        let texts = match brand.texts_version {
            version if version == 0 || is_of_staff => Vec::new(),
            _ => write.brand_texts(brand.id).await?,
        };
        Ok(ClaimedMail {
            id: job.id,
            organisation_id: write.organisation_id(),
            brand,
            message,
            server,
            bound_to: MailRoute::ALL
                .into_iter()
                .find(|route| job.handed_to.as_deref() == Some(route.word())),
            wording: template.map(|it| MailWording { subject: it.subject, body: it.body }),
            texts,
            attempt: job.attempt,
            unanswered: job.unanswered,
        })
    }

    /// Keeps a mail to be looked at instead of sending it.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn capture_mail(
        &self,
        organisation: OrganisationId,
        mail: CapturedMail,
    ) -> Result<(), Failure> {
        let now = self.now();
        let stored = portico_store::captured_mail::CapturedMail {
            id: uuid_v7(now, self.id_bytes()),
            organisation_id: organisation,
            recipient: mail.recipient,
            sender: mail.sender,
            subject: mail.subject,
            text_body: mail.text_body,
            html_body: mail.html_body,
            created_at: now,
        };
        let mut write = self.inner.store.write(organisation).await?;
        write.insert_captured_mail(&stored).await?;
        Ok(write.commit().await?)
    }

    /// The newest kept mails, of all organisations.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn captured_mails(&self, limit: u16) -> Result<Vec<KeptMail>, Failure> {
        let mails = self.inner.store.directory().await?.captured_mails(limit).await?;
        Ok(mails.into_iter().map(kept).collect())
    }

    /// One kept mail.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn captured_mail(&self, id: Uuid) -> Result<Option<KeptMail>, Failure> {
        Ok(self.inner.store.directory().await?.captured_mail(id).await?.map(kept))
    }
}

fn kept(stored: portico_store::captured_mail::CapturedMail) -> KeptMail {
    KeptMail {
        id: stored.id,
        organisation_id: stored.organisation_id,
        mail: CapturedMail {
            recipient: stored.recipient,
            sender: stored.sender,
            subject: stored.subject,
            text_body: stored.text_body,
            html_body: stored.html_body,
        },
        created_at: stored.created_at,
    }
}
