//! Wishes for mails, which the outbox holds: looked into by the worker that sends mails.

use jiff::Timestamp;
use portico_billing::OrganisationId;
use portico_store::Write;
use portico_store::outbox::ClaimedJob;
use serde::de::DeserializeOwned;

use super::LOCK;
use crate::{Core, Failure};

/// Wishes of a kind that are looked into at a time.
const AT_A_TIME: u16 = 50;

/// Something that was asked for, and that is looked into in the unit of work that closes it.
pub(crate) trait Wish: DeserializeOwned + Send {
    /// Its kind in the outbox.
    const KIND: &'static str;

    /// Writes the mail, where the wish can be granted.
    fn answer(
        self,
        core: &Core,
        write: &mut Write,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Looks into the wishes of a kind that wait.
pub(crate) async fn answer_all<W: Wish>(
    core: &Core,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut write = core.inner.store.write(organisation).await?;
    for job in claim(&mut write, W::KIND, now).await? {
        let outcome = match open::<W>(core, W::KIND, &job) {
            Ok(wish) => wish.answer(core, &mut write).await,
            Err(unreadable) => Err(unreadable),
        };
        close(&mut write, &job, outcome, now).await?;
    }
    Ok(write.commit().await?)
}

/// Takes wishes of a kind that wait.
pub(crate) async fn claim(
    write: &mut Write,
    kind: &str,
    now: Timestamp,
) -> Result<Vec<ClaimedJob>, Failure> {
    Ok(write.claim_jobs(kind, now, now + LOCK, AT_A_TIME).await?)
}

/// What was asked for.
pub(crate) fn open<W: DeserializeOwned>(
    core: &Core,
    kind: &str,
    job: &ClaimedJob,
) -> Result<W, Failure> {
    let plain = core.inner.sealer.open(kind, &job.sealed_payload)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// Closes what was taken, with what came of it. Only what the database fails at is tried again:
/// what cannot be read (another key, an older release) would be no more readable then.
pub(crate) async fn close(
    write: &mut Write,
    job: &ClaimedJob,
    outcome: Result<(), Failure>,
    now: Timestamp,
) -> Result<(), Failure> {
    let error = match outcome {
        Ok(()) => None,
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(lasting) => {
            let _reference = lasting.report();
            Some(lasting.to_string())
        }
    };
    Ok(write.close_job(job.id, error.as_deref(), now).await?)
}
