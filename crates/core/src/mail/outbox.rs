//! The one way into the outbox: mails, and wishes for mails that the worker looks into later.
//!
//! Mails that somebody has written by asking for them have a budget: whoever asks may be a
//! stranger, and must neither fill anybody's mailbox nor cost the business the good name of its
//! mail server (DOS-09). How often one address of the network may ask is counted where it asks.

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use portico_billing::{EmailAddress, JobId};
use portico_store::Write;
use portico_store::outbox::{MailRequest, NewJob};
use serde::Serialize;

use super::{MAIL, MailMessage};
use crate::secret::hash_secret;
use crate::{Core, Failure};

/// Mails on request that one address gets from one organisation within an hour.
pub const MAILS_PER_RECIPIENT_AND_HOUR: u32 = 20;
/// Of these, how many there may be for one to follow that lets nobody in: whoever was signed up by
/// strangers all over the place can still ask for a link to sign in with.
pub const LESSER_MAILS_PER_RECIPIENT_AND_HOUR: u32 = 10;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Mails on request that one organisation sends within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailBudget(u32);

impl MailBudget {
    /// What it may be. Each mail counts those of the last hour, so there is an end to it.
    pub const RANGE: RangeInclusive<u32> = 100..=20_000;

    /// So many; the nearest in [`Self::RANGE`] where they are not in it.
    #[must_use]
    pub fn new(per_hour: u32) -> Self {
        Self(per_hour.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// How many they are.
    #[must_use]
    pub const fn per_hour(self) -> u32 {
        self.0
    }

    /// Those of sign-ups: to whatever addresses strangers invent. A share of their own, so that a
    /// flood of them keeps no customer from signing in.
    #[must_use]
    pub const fn sign_ups(self) -> u32 {
        self.0 / 4
    }

    /// Those to customers, but for sign-ups. Strangers have these written to its contacts alone,
    /// and a few to each; this ends what they can do with a list of all addresses.
    #[must_use]
    pub const fn customers(self) -> u32 {
        self.0 - self.sign_ups()
    }
}

impl Default for MailBudget {
    fn default() -> Self {
        Self(2_000)
    }
}

/// A share of what one organisation may send on request: using up one leaves the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// To customers who are known.
    Customers,
    /// To whoever signs up.
    SignUps,
    /// To operators.
    Staff,
}

impl Share {
    /// Its word in the outbox.
    const fn word(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::SignUps => "sign_ups",
            Self::Staff => "staff",
        }
    }

    /// How many mails it is within an hour. Operators get what strangers ask for a few times each,
    /// and everything else takes a permission: what strangers do must not shut them out.
    const fn of(self, budget: MailBudget) -> Option<u32> {
        match self {
            Self::Customers => Some(budget.customers()),
            Self::SignUps => Some(budget.sign_ups()),
            Self::Staff => None,
        }
    }
}

/// What became of a mail. Whoever may be a stranger is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Posting {
    /// It is in the outbox.
    Written,
    /// It was asked for too often, and is left out.
    OverBudget,
}

/// Puts a mail into the outbox; it leaves once the transaction lasts.
pub(crate) async fn put(
    core: &Core,
    write: &mut Write,
    message: &MailMessage,
) -> Result<Posting, Failure> {
    let recipient = hash_secret(&message.to.key());
    let (budget, share) = (message.content.budget(), message.content.share());
    if let Some(budget) = budget
        && !has_room(core, write, (&recipient, share), budget).await?
    {
        return Ok(Posting::OverBudget);
    }
    let counted = budget.map(|_| (recipient.as_slice(), share));
    insert(core, write, (MAIL, message), counted).await?;
    Ok(Posting::Written)
}

/// Puts a wish into the outbox, to be looked into by the worker: nothing but what was asked is
/// written down, so that asking is the same work whoever it is about.
pub(crate) async fn put_wish(
    core: &Core,
    write: &mut Write,
    kind: &str,
    wish: &impl Serialize,
) -> Result<(), Failure> {
    insert(core, write, (kind, wish), None).await.map(drop)
}

/// Counts a mail that does not wait but is sent at once.
pub(crate) async fn put_sent(
    core: &Core,
    write: &mut Write,
    to: &EmailAddress,
) -> Result<Posting, Failure> {
    let recipient = hash_secret(&to.key());
    let counted = (recipient.as_slice(), Share::Customers);
    if !has_room(core, write, counted, LESSER_MAILS_PER_RECIPIENT_AND_HOUR).await? {
        return Ok(Posting::OverBudget);
    }
    let id = insert(core, write, (MAIL, &()), Some(counted)).await?;
    write.close_job(id, None, core.now()).await?;
    Ok(Posting::Written)
}

async fn has_room(
    core: &Core,
    write: &mut Write,
    (recipient_hash, share): (&[u8], Share),
    budget: u32,
) -> Result<bool, Failure> {
    let like = MailRequest { recipient_hash, share: share.word() };
    let lately = write.count_mails_on_request(like, core.now() - HOUR).await?;
    let in_all = share.of(core.inner.mail_budget);
    let has_room =
        lately.to_recipient < budget && in_all.is_none_or(|in_all| lately.in_share < in_all);
    // Said once, by the mail that takes the last room.
    if has_room && in_all == Some(lately.in_share + 1) {
        let (organisation, share) = (write.organisation_id(), share.word());
        tracing::error!(
            %organisation, share,
            "too many mails are asked for; no more of their share within this hour"
        );
    }
    Ok(has_room)
}

async fn insert(
    core: &Core,
    write: &mut Write,
    (kind, payload): (&str, &impl Serialize),
    counted: Option<(&[u8], Share)>,
) -> Result<JobId, Failure> {
    let now = core.now();
    let sealed = core.inner.sealer.seal(kind, &serde_json::to_vec(payload)?)?;
    let id = JobId::new(now, core.id_bytes());
    let request =
        counted.map(|(recipient_hash, share)| MailRequest { recipient_hash, share: share.word() });
    write.enqueue(NewJob { id, kind, sealed_payload: &sealed, request }, now).await?;
    Ok(id)
}
