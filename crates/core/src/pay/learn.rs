//! What is learned of an attempt, whatever made the gateway be asked.

use portico_billing::AttemptId;
use portico_billing::attempt::{AttemptEvent, AttemptState, next_look};
use portico_billing::gateway::DeclineReason;
use portico_core_api::LeadsTo;
use portico_gateways::answer::Way;
use portico_gateways::{Declined, GatewayError, Progress, Sight};
use portico_store::payment_attempt::PaymentAttempt;

use super::{ask, settle};
use crate::gateways::OpenGateway;
use crate::{Core, Failure, gateways};

/// What the answer to an order says. Where it is certain that nothing happened, the attempt is
/// over.
pub(super) async fn from_order(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    answer: Result<Progress, GatewayError>,
) -> Result<PaymentAttempt, Failure> {
    match answer {
        Ok(progress) => from_progress(core, open, id, progress).await,
        Err(error) => {
            tracing::warn!(gateway = %open.record.id, attempt = %id, %error, "a gateway failed");
            let certain = error.nothing_happened();
            let code = match error {
                GatewayError::Refused { code, .. } => code,
                GatewayError::NotSent(_) => "not_reached".to_owned(),
                GatewayError::TooMany => "too_many".to_owned(),
                GatewayError::Unknown(_) => "no_answer".to_owned(),
            };
            let declined = Declined { reason: DeclineReason::Unavailable, code };
            let learned = if certain { Learned::Declined(declined) } else { Learned::Nothing };
            note(core, open, id, learned).await
        }
    }
}

/// Asks the gateway how an attempt stands, and learns from it.
pub(super) async fn by_looking(
    core: &Core,
    open: &OpenGateway,
    it: PaymentAttempt,
) -> Result<PaymentAttempt, Failure> {
    if it.state == AttemptState::Succeeded || it.standing().is_dismissed() {
        return Ok(it);
    }
    match ask::to_look(core, open, &it).await {
        Ok(Sight::There(progress)) => from_progress(core, open, it.id, progress).await,
        Ok(Sight::Absent) => {
            let (reason, code) = (DeclineReason::Abandoned, "absent".to_owned());
            note(core, open, it.id, Learned::Declined(Declined { reason, code })).await
        }
        Err(error) => {
            tracing::warn!(gateway = %open.record.id, attempt = %it.id, %error, "no look");
            note(core, open, it.id, Learned::Nothing).await
        }
    }
}

/// The same for an attempt of which only the identifier is known.
pub(super) async fn by_looking_at(
    core: &Core,
    organisation: portico_billing::OrganisationId,
    id: AttemptId,
) -> Result<PaymentAttempt, Failure> {
    let found = core.inner.store.read(organisation).await?.payment_attempt(id).await?;
    let it = found.ok_or(Failure::Missing("attempt"))?;
    let open = gateways::open(core, organisation, it.gateway_id).await?;
    by_looking(core, &open, it).await
}

async fn from_progress(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    progress: Progress,
) -> Result<PaymentAttempt, Failure> {
    let learned = match progress {
        Progress::Paid(paid) => return settle::settle(core, open, id, &paid).await,
        Progress::Stored(_) => {
            return settle::mismatch(core, open, id, "a method was stored, nothing was paid").await;
        }
        Progress::Away { handle, way } => Learned::Away(handle, way),
        Progress::Unfinished => Learned::Unfinished,
        Progress::Pending { handle } => Learned::Pending(handle),
        Progress::Declined(declined) => Learned::Declined(declined),
    };
    note(core, open, id, learned).await
}

/// What is learned of an attempt that is not paid.
enum Learned {
    Away(String, Way),
    Unfinished,
    Pending(Option<String>),
    Declined(Declined),
    Nothing,
}

async fn note(
    core: &Core,
    open: &OpenGateway,
    id: AttemptId,
    learned: Learned,
) -> Result<PaymentAttempt, Failure> {
    let now = core.now();
    let mut write = core.inner.store.write(open.record.organisation_id).await?;
    let mut it = write.payment_attempt_for_update(id).await?;
    if it.state.is_over() {
        return Ok(it);
    }
    let event = match learned {
        Learned::Away(handle, way) => {
            it.way = Some(seal_way(core, id, way)?);
            it.handle = Some(handle);
            Some(AttemptEvent::Away)
        }
        Learned::Pending(handle) => {
            it.handle = handle.or(it.handle);
            Some(AttemptEvent::Pending)
        }
        Learned::Declined(Declined { reason, code }) => {
            it.decline = Some((reason, code));
            Some(AttemptEvent::Declined(reason))
        }
        Learned::Unfinished => None,
        Learned::Nothing => Some(AttemptEvent::NoAnswer),
    };
    it.state = event.and_then(|event| it.state.after(event)).unwrap_or(it.state);
    if it.state != AttemptState::NeedsAction {
        it.way = None;
    }
    it.next_look_at = next_look(it.state, it.begun_at, now);
    it.updated_at = now;
    write.update_payment_attempt(&it).await?;
    write.commit().await?;
    Ok(it)
}

/// What the way to a provider's page is sealed for.
fn purpose(id: AttemptId) -> String {
    format!("way of {id}")
}

fn seal_way(core: &Core, id: AttemptId, way: Way) -> Result<Vec<u8>, Failure> {
    let leads_to = match way {
        Way::Go(url) => LeadsTo { url, fields: Vec::new() },
        Way::Post(url, fields) => LeadsTo { url, fields },
    };
    Ok(core.inner.sealer.seal(&purpose(id), &serde_json::to_vec(&leads_to)?)?)
}

/// Where the customer has to go, where there is such a place.
pub(super) fn open_way(core: &Core, it: &PaymentAttempt) -> Result<Option<LeadsTo>, Failure> {
    let Some(sealed) = &it.way else { return Ok(None) };
    let plain = core.inner.sealer.open(&purpose(it.id), sealed)?;
    Ok(Some(serde_json::from_slice(&plain)?))
}
