//! Mails: written into the outbox with the change that asks for them, sealed; taken from there by
//! the worker that sends them.
//!
//! Who asks for a mailed link is told nothing of whether there is such a contact, not even by how
//! long the answer takes: the request alone is written down, and looked into here.

mod content;
mod link_request;
mod server;

use jiff::{SignedDuration, Timestamp};
use portico_billing::brand::{Brand, BrandText};
use portico_billing::{BrandId, EmailAddress, JobId, LanguageTag, OrganisationId, uuid_v7};
use portico_store::Write;
use portico_store::outbox::ClaimedJob;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use content::{MailContent, SecurityChange};
pub(crate) use link_request::{LinkRequest, NewLink, insert_link, language_of, word_of};
pub use server::{MailProbe, ProbeFault, SmtpServer};

use crate::{Core, Failure, operators, sign_up};

const MAIL: &str = "mail";
/// How long a worker has for what it took, before another one may take it.
pub(crate) const LOCK: SignedDuration = SignedDuration::from_mins(10);
/// Tries before a mail is given up; with the pauses between them about two days.
const MAX_TRIES: u32 = 12;
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

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
    /// The brand's own words for this mail, if it has any.
    pub wording: Option<MailWording>,
    /// The brand's own words for texts of the frame around it.
    pub texts: Vec<BrandText>,
    attempt: u32,
}

impl ClaimedMail {
    /// A mail that nobody asked for but to see whether the brand's server works.
    pub(crate) fn to_try(
        id: JobId,
        brand: Brand,
        message: MailMessage,
        server: SmtpServer,
    ) -> Self {
        let organisation_id = brand.organisation_id;
        let (server, wording, texts, attempt) = (Some(server), None, Vec::new(), 1);
        Self { id, organisation_id, brand, message, server, wording, texts, attempt }
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

/// Writes a mail into the outbox; it leaves once the transaction lasts.
pub(crate) async fn enqueue(
    core: &Core,
    write: &mut Write,
    message: &MailMessage,
) -> Result<(), Failure> {
    enqueue_sealed(core, write, MAIL, message).await
}

pub(crate) async fn enqueue_sealed(
    core: &Core,
    write: &mut Write,
    kind: &str,
    payload: &impl Serialize,
) -> Result<(), Failure> {
    let now = core.now();
    let sealed = core.inner.sealer.seal(kind, &serde_json::to_vec(payload)?)?;
    Ok(write.enqueue(JobId::new(now, core.id_bytes()), kind, &sealed, now).await?)
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
        link_request::answer_all(self, organisation, now).await?;
        operators::answer_forgotten(self, organisation, now).await?;
        sign_up::answer_all(self, organisation, now).await?;
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
                Err(Failure::Store(error)) => return Err(error.into()),
                Err(unreadable) => {
                    // Trying again would not make it readable: another key, an older release.
                    let _reference = unreadable.report();
                    write.close_job(job.id, Some(&unreadable.to_string()), now).await?;
                }
            }
        }
        write.commit().await?;
        Ok(mails)
    }

    async fn open_mail(&self, write: &mut Write, job: &ClaimedJob) -> Result<ClaimedMail, Failure> {
        let plain = self.inner.sealer.open(MAIL, &job.sealed_payload)?;
        let message: MailMessage = serde_json::from_slice(&plain)?;
        let brand = write.brand(message.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        // Who edits brands must not read what lets operators in: theirs go by the installation's
        // server, in the shipped words.
        let is_of_staff = message.content.is_of_staff();
        let server =
            if is_of_staff { None } else { server::of_brand(self, write, brand.id).await? };
        let kind = message.content.kind();
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
            wording: template.map(|it| MailWording { subject: it.subject, body: it.body }),
            texts,
            attempt: job.attempt,
        })
    }

    /// A mail was sent; what it said is erased.
    ///
    /// # Errors
    /// Where the machinery fails; the mail may then be sent again.
    pub async fn mail_done(&self, mail: &ClaimedMail) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.close_job(mail.id, None, self.now()).await?;
        Ok(write.commit().await?)
    }

    /// A mail could not be sent: it is tried again after a pause that doubles, at last given up.
    /// `error` is kept with it and says in few words why; never to whom, nor what the mail says.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn mail_failed(&self, mail: &ClaimedMail, error: &str) -> Result<(), Failure> {
        let now = self.now();
        let error: String = error.chars().take(200).collect();
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        if mail.attempt >= MAX_TRIES {
            write.close_job(mail.id, Some(&error), now).await?;
        } else {
            write.retry_job(mail.id, &error, now + pause_after(mail.attempt)).await?;
        }
        Ok(write.commit().await?)
    }

    /// A mail was not tried: its server is busy with others, or known to be out of reach. It waits
    /// for `pause` without losing one of its tries.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn mail_postponed(
        &self,
        mail: &ClaimedMail,
        pause: SignedDuration,
    ) -> Result<(), Failure> {
        let mut write = self.inner.store.write(mail.organisation_id).await?;
        write.postpone_job(mail.id, self.now() + pause).await?;
        Ok(write.commit().await?)
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

/// One minute after the first try, then twice as long each time, up to six hours.
fn pause_after(attempt: u32) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(9);
    SignedDuration::from_mins(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_a_minute_to_six_hours() {
        let minutes: Vec<i64> = (1..=11).map(|attempt| pause_after(attempt).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    }
}
