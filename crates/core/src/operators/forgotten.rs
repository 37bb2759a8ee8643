//! A forgotten password: the wish is written down, and looked into by the worker that sends mails,
//! so that asking is the same work for every address.

use jiff::{SignedDuration, Timestamp};
use portico_billing::{EmailAddress, OrganisationId};
use portico_core_api::{EntryError, Origin};
use portico_store::outbox::ClaimedJob;
use serde::{Deserialize, Serialize};

use super::link::{self, OperatorLinkPurpose};
use crate::entry::typed_address;
use crate::mail::{self, MailContent, Posting, wish};
use crate::{Core, Failure};

const WISH: &str = "operator_link_request";
/// Mails that one operator gets within an hour at most.
const MAILS_PER_HOUR: i64 = 3;
/// Organisations of one address that get a mail.
const ORGANISATIONS_MAX: u16 = 20;

/// Somebody asks for a new password.
#[derive(Serialize, Deserialize)]
struct Wish {
    email: EmailAddress,
}

impl Core {
    /// Mails a link for a new password to the operator with this address, if there is one. The
    /// answer is the same for every address.
    ///
    /// # Errors
    /// `Invalid` where it is no address, `TooMany`, or where the machinery fails.
    pub async fn mail_operator_reset(&self, email: &str, origin: Origin) -> Result<(), EntryError> {
        let email = typed_address(email)?;
        self.inner.limits.mail(origin.address)?;
        Ok(write_down(self, &Wish { email }).await?)
    }
}

/// Any organisation's outbox does: whose operator it is, is not looked up here.
async fn write_down(core: &Core, wish: &Wish) -> Result<(), Failure> {
    let organisations = core.inner.store.directory().await?.organisations().await?;
    let Some(first) = organisations.first() else { return Ok(()) };
    let mut write = core.inner.store.write(first.id).await?;
    mail::put_wish(core, &mut write, WISH, wish).await?;
    Ok(write.commit().await?)
}

/// Looks into the wishes that wait in an organisation's outbox. The operators may be of other
/// organisations: each has a unit of work of its own, so none is open meanwhile.
pub(crate) async fn answer_all(
    core: &Core,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut write = core.inner.store.write(organisation).await?;
    let jobs = wish::claim(&mut write, WISH, now).await?;
    write.commit().await?;
    for job in jobs {
        let outcome = answer(core, &job).await;
        let mut write = core.inner.store.write(organisation).await?;
        wish::close(&mut write, &job, outcome, now).await?;
        write.commit().await?;
    }
    Ok(())
}

async fn answer(core: &Core, job: &ClaimedJob) -> Result<(), Failure> {
    let wish: Wish = wish::open(core, WISH, job)?;
    let known = async {
        let mut directory = core.inner.store.directory().await?;
        directory.operators_by_email(&wish.email, ORGANISATIONS_MAX).await
    };
    for credentials in known.await? {
        let mut write = core.inner.store.write(credentials.organisation_id).await?;
        let purpose = OperatorLinkPurpose::ResetPassword;
        let hour_ago = core.now() - SignedDuration::from_hours(1);
        let sent = write.count_operator_links(credentials.id, purpose.word(), hour_ago).await?;
        let found = write.operator(credentials.id).await?;
        // Who was invited uses the invitation.
        let Some(operator) = found.filter(|it| it.is_active() && sent < MAILS_PER_HOUR) else {
            continue;
        };
        let url = link::insert(core, &mut write, Some(operator.id), purpose).await?;
        let valid_minutes = u32::try_from(purpose.life().as_mins()).unwrap_or(u32::MAX);
        let organisation = credentials.organisation_name;
        let content = MailContent::OperatorPasswordReset { url, valid_minutes, organisation };
        // A link that is not mailed must not count as one that was: it goes with the unit of work.
        if super::account::mail_to(core, &mut write, &operator, content).await? == Posting::Written
        {
            write.commit().await?;
        }
    }
    Ok(())
}
