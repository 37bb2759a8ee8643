//! What providers tell by themselves. A notice proves nothing: it makes the provider be asked.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portico_billing::{AttemptId, GatewayId, GatewayNoticeId, OrganisationId};
use portico_gateways::{Message, Notice, Subject, Unproven};
use portico_store::gateway_notice::{GatewayNotice, NewNotice, NoticeState};
use portico_store::payment_attempt::PaymentAttempt;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::learn;
use super::work::in_turn;
use crate::gateways::{self, OpenGateway};
use crate::limits::TooMany;
use crate::{Core, Failure, refunds};

/// Notices of one organisation that are worked on in one round.
const AT_ONCE: u16 = 20;
/// For how long nobody else takes up a notice that is being worked on.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How often a notice is worked on that nothing comes of.
const TRIES_MAX: u32 = 10;
/// How long a notice waits for what it is about: longer than any provider takes to list it.
const PATIENCE: SignedDuration = SignedDuration::from_hours(12);
/// How long before its notice a movement may have been made.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// A message as it came in.
#[derive(Debug, Clone, Copy)]
pub struct NoticeMessage<'a> {
    /// Names in lower case, with their values.
    pub headers: &'a [(String, String)],
    /// Each byte as it was received (WHK-06).
    pub body: &'a [u8],
    /// Where it came from.
    pub address: IpAddr,
}

/// What a provider is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeAnswer {
    /// It is kept, or was before: it need not be sent again.
    Kept,
    /// There is no such address.
    Nowhere,
    /// It is not the provider's. Nothing is told of why.
    Refused,
    /// It may be sent again.
    Later,
    /// Too many came from there that prove nothing, or too many at once.
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl From<TooMany> for NoticeAnswer {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}

/// What a notice is about, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(super) enum About {
    Payment {
        handle: String,
        reference: Option<String>,
    },
    SetUp {
        handle: String,
        reference: Option<String>,
    },
    Reversal {
        charge: String,
        #[serde(default)]
        id: Option<String>,
    },
    Method {
        token: String,
    },
}

impl From<Subject> for About {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Payment { handle, reference } => Self::Payment { handle, reference },
            Subject::SetUp { handle, reference } => Self::SetUp { handle, reference },
            Subject::Reversal { charge, id } => Self::Reversal { charge, id },
            Subject::Method { token } => Self::Method { token },
        }
    }
}

impl Core {
    /// Takes what was sent to the address that ends in `key`: the gateway is known by the address
    /// alone (WHK-02), and the message is kept before it is answered (WHK-07).
    ///
    /// # Errors
    /// Where the machinery fails: the provider sends it again.
    pub async fn take_notice(
        &self,
        key: &str,
        message: NoticeMessage<'_>,
    ) -> Result<NoticeAnswer, Failure> {
        let (limits, now) = (&self.inner.limits.notices, self.now());
        let NoticeMessage { headers, body, address } = message;
        let sender = match limits.admit((key, address), now) {
            Ok(sender) => sender,
            Err(too_many) => return Ok(too_many.into()),
        };
        let found = self.inner.store.directory().await?.gateway_by_notice_key(key).await?;
        let Some(record) = found else { return Ok(NoticeAnswer::Nowhere) };
        let id = record.id;
        if let Err(too_many) = limits.admit_to(&sender, id) {
            return Ok(too_many.into());
        }
        let open = gateways::open_record(self, record)?;
        let Some(notices) = open.gateway.notices() else { return Ok(NoticeAnswer::Nowhere) };
        let notice = match notices.open(&Message { headers, body, now }).await {
            Ok(notice) => notice,
            Err(why) => return Ok(refused(&open, &why)),
        };
        if let Err(too_many) = limits.prove(sender, id, now) {
            return Ok(too_many.into());
        }
        self.keep_notice(&open, notice, now).await?;
        Ok(NoticeAnswer::Kept)
    }

    async fn keep_notice(
        &self,
        open: &OpenGateway,
        notice: Notice,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let about = notice.about.map(About::from).map(serde_json::to_value).transpose()?;
        let new = NewNotice {
            id: GatewayNoticeId::new(now, self.id_bytes()),
            gateway_id: open.record.id,
            event_id: &notice.event_id,
            kind: &notice.kind,
            about: about.as_ref(),
        };
        let mut write = self.inner.store.write(open.record.organisation_id).await?;
        write.insert_gateway_notice(new, now).await?;
        Ok(write.commit().await?)
    }

    /// Works on notices that wait, for all organisations. A gateway that does not answer keeps
    /// none of the others waiting. The answer is how many there were.
    ///
    /// # Errors
    /// Where the machinery fails; what was begun is taken up again.
    pub async fn work_on_notices(&self) -> Result<usize, Failure> {
        let mut work = JoinSet::new();
        let count = begin(self, &mut work, usize::MAX).await?;
        work.join_all().await;
        Ok(count)
    }
}

/// Takes up notices that wait, about `most` of them, and begins to work on them.
pub(super) async fn begin(
    core: &Core,
    work: &mut JoinSet<()>,
    most: usize,
) -> Result<usize, Failure> {
    let (now, mut count) = (core.now(), 0);
    let tenants = core.inner.store.directory().await?.organisations_with_notices(now).await?;
    for organisation in in_turn(tenants, now) {
        if count >= most {
            break;
        }
        let mut write = core.inner.store.write(organisation).await?;
        let waiting = write.claim_gateway_notices((now, now + LEASE), AT_ONCE).await?;
        write.commit().await?;
        count += waiting.len();
        for notices in by_subject(waiting) {
            work.spawn(work_on_all(core.clone(), organisation, notices));
        }
    }
    Ok(count)
}

/// Puts together what is about the same thing.
fn by_subject(notices: Vec<GatewayNotice>) -> Vec<Vec<GatewayNotice>> {
    let mut groups: Vec<Vec<GatewayNotice>> = Vec::new();
    for notice in notices {
        let is_same = |it: &GatewayNotice| subject(it) == subject(&notice);
        match groups.iter().position(|group| group.first().is_some_and(is_same)) {
            Some(place) => groups[place].push(notice),
            None => groups.push(vec![notice]),
        }
    }
    groups
}

/// What a notice is about: the reference where it has one, for kinds of notices of one payment may
/// have handles of their own.
fn subject(notice: &GatewayNotice) -> (GatewayId, Option<&serde_json::Value>) {
    let about = notice.about.as_ref();
    let reference = about.and_then(|it| it.get("reference")).filter(|it| !it.is_null());
    (notice.gateway_id, reference.or(about))
}

/// Notices about one thing, one after the other: what the first one brings to light need not be
/// asked for again.
async fn work_on_all(core: Core, organisation: OrganisationId, notices: Vec<GatewayNotice>) {
    for notice in notices {
        if let Err(failure) = work_on(&core, organisation, &notice).await {
            // Logged there; the notice is taken up again when its lease is over.
            let _reference = failure.report();
        }
    }
}

fn refused(open: &OpenGateway, why: &Unproven) -> NoticeAnswer {
    tracing::warn!(gateway = %open.record.id, %why, "a message is not the provider's");
    match why {
        Unproven::NotAsked(_) => NoticeAnswer::Later,
        _ => NoticeAnswer::Refused,
    }
}

/// Looks up what a notice is about, and notes what came of it.
async fn work_on(
    core: &Core,
    organisation: OrganisationId,
    notice: &GatewayNotice,
) -> Result<(), Failure> {
    let done = act_on(core, organisation, notice).await;
    let mut write = core.inner.store.write(organisation).await?;
    let which = (notice.gateway_id, notice.event_id.as_str());
    let waits = core.now().duration_since(notice.received_at) < PATIENCE;
    match done {
        Ok(Acted::Done(result)) => {
            write.close_gateway_notice(which, NoticeState::Done, &result).await?;
        }
        Ok(Acted::Waits(result)) if waits => {
            write.postpone_gateway_notice(which, &result, again_at(core.now(), notice)).await?;
        }
        Ok(Acted::Ignored(result) | Acted::Waits(result)) => {
            write.close_gateway_notice(which, NoticeState::Ignored, &result).await?;
        }
        Err(failure) if notice.tries < TRIES_MAX => {
            let result = format!("to be tried again (reference {})", failure.report());
            write.postpone_gateway_notice(which, &result, again_at(core.now(), notice)).await?;
        }
        Err(failure) => {
            let result = format!("given up (reference {})", failure.report());
            write.close_gateway_notice(which, NoticeState::GivenUp, &result).await?;
        }
    }
    Ok(write.commit().await?)
}

/// Twice as long after each try.
fn again_at(now: Timestamp, notice: &GatewayNotice) -> Timestamp {
    now + SignedDuration::from_secs(5 << notice.tries.min(10))
}

/// What came of a notice.
enum Acted {
    /// What it is about was looked up.
    Done(String),
    /// It is about nothing of ours.
    Ignored(String),
    /// What it is about is not known yet, here or there.
    Waits(String),
}

async fn act_on(
    core: &Core,
    organisation: OrganisationId,
    notice: &GatewayNotice,
) -> Result<Acted, Failure> {
    let ignored = |why: &str| Ok(Acted::Ignored(why.to_owned()));
    let Some(about) = notice.about.clone() else { return ignored("nothing to look up") };
    let (handle, reference) = match serde_json::from_value(about)? {
        About::Payment { handle, reference } => (handle, reference),
        About::Reversal { charge, id } => {
            return reversal(core, (organisation, notice), (&charge, id.as_deref())).await;
        }
        About::SetUp { .. } | About::Method { .. } => return ignored("not a payment"),
    };
    let found = attempt(core, (organisation, notice), (&handle, reference.as_deref())).await?;
    let Some(it) = found else { return ignored("no attempt of ours") };
    name_attempt(core, (organisation, notice), it.id).await?;
    let open = gateways::open(core, organisation, it.gateway_id).await?;
    let it = learn::by_looking(core, &open, it).await?;
    let result = match &it.mismatch {
        Some(what) => format!("{}: {what}", it.id),
        None => format!("{}: {}", it.id, it.state.as_str()),
    };
    Ok(Acted::Done(result))
}

/// Asks what was taken of the charge that a notice is about. The charge may not be known here yet,
/// and what was taken of it may not be told there yet: both wait.
async fn reversal(
    core: &Core,
    (organisation, notice): (OrganisationId, &GatewayNotice),
    (charge, id): (&str, Option<&str>),
) -> Result<Acted, Failure> {
    let mut read = core.inner.store.read(organisation).await?;
    let gateway = read.gateway(notice.gateway_id).await?.ok_or(Failure::Missing("gateway"))?;
    let found = read.payment_by_charge(&gateway.provider, charge).await?;
    drop(read);
    let Some(payment) = found else { return Ok(Acted::Waits("no payment of ours".to_owned())) };
    let since = notice.received_at - BEFORE;
    let looked = match refunds::look(core, organisation, &payment, (id, since)).await? {
        Ok(looked) => looked,
        Err(error) => return Ok(Acted::Waits(format!("{}: {error}", payment.id))),
    };
    let result = match looked.odd.first() {
        Some(what) => format!("{}: {what}", payment.id),
        None => format!("{}: {} new", payment.id, looked.new),
    };
    let is_told = id.is_some_and(|id| looked.told.iter().any(|told| told == id));
    let is_all = is_told || looked.until >= notice.received_at;
    Ok(if is_all { Acted::Done(result) } else { Acted::Waits(result) })
}

/// Writes down which attempt it is about, for those who look through notices.
async fn name_attempt(
    core: &Core,
    (organisation, notice): (OrganisationId, &GatewayNotice),
    attempt: AttemptId,
) -> Result<(), Failure> {
    let mut write = core.inner.store.write(organisation).await?;
    let which = (notice.gateway_id, notice.event_id.as_str());
    write.name_attempt_of_notice(which, attempt).await?;
    Ok(write.commit().await?)
}

/// The attempt that a notice is about: by Portico's own reference, else by what the provider calls
/// it. It may have begun at another gateway that leads to the same account (WHK-05).
async fn attempt(
    core: &Core,
    (organisation, notice): (OrganisationId, &GatewayNotice),
    (handle, reference): (&str, Option<&str>),
) -> Result<Option<PaymentAttempt>, Failure> {
    let mut read = core.inner.store.read(organisation).await?;
    if let Some(reference) = reference
        && let Some(found) = read.payment_attempt_by_reference(reference).await?
    {
        return Ok(Some(found));
    }
    Ok(read.payment_attempt_by_handle(notice.gateway_id, handle).await?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn notice(gateway: u8, about: Value) -> GatewayNotice {
        GatewayNotice {
            gateway_id: GatewayId::new(Timestamp::UNIX_EPOCH, [gateway; 10]),
            event_id: "1".to_owned(),
            kind: "paid".to_owned(),
            about: Some(about),
            state: NoticeState::Waiting,
            result: None,
            received_at: Timestamp::UNIX_EPOCH,
            tries: 1,
        }
    }

    fn payment(handle: &str, reference: Option<&str>) -> Value {
        json!({ "kind": "payment", "handle": handle, "reference": reference })
    }

    #[test]
    fn pay_17_only_notices_about_the_same_thing_wait_for_each_other() {
        let notices = vec![
            notice(1, payment("pi_1", Some("R1"))),
            notice(1, payment("pi_2", Some("R2"))),
            notice(1, payment("ch_1", Some("R1"))),
            notice(2, payment("pi_1", Some("R1"))),
            notice(1, payment("pi_3", None)),
            notice(1, payment("pi_4", None)),
            notice(1, payment("pi_3", None)),
        ];
        let sizes: Vec<usize> = by_subject(notices).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1, 1, 2, 1]);
    }
}
