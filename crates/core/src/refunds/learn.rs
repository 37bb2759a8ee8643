//! What is learned of an order, whatever made the gateway be asked.

use portico_billing::gateway::DeclineReason;
use portico_billing::refund::{ON_ITS_WAY, RefundEvent, next_look};
use portico_billing::{OrganisationId, RefundId};
use portico_gateways::{Declined, GatewayError, Returned};
use portico_store::payment_refund::PaymentRefund;

use super::ask::{self, Question};
use super::book::{self, Made};
use crate::gateways::OpenGateway;
use crate::records::Rejection;
use crate::{Caller, Core, Failure, gateways};

/// Asks for what was ordered, and learns from the answer. Where it is certain that nothing
/// happened, the order is over.
pub(super) async fn by_asking(
    core: &Core,
    open: &OpenGateway,
    it: &PaymentRefund,
) -> Result<PaymentRefund, Failure> {
    match ask::gateway(core, open, it, Question::GiveBack).await? {
        Ok(Some(returned)) => from(core, open, it.id, returned).await,
        Ok(None) => note(core, open, it.id, Learned::Nothing).await,
        Err(error) => {
            tracing::warn!(gateway = %open.record.id, refund = %it.id, %error, "no refund");
            let certain = error.nothing_happened();
            let declined = Declined { reason: DeclineReason::Unavailable, code: code(error) };
            let learned = if certain { Learned::Refused(declined) } else { Learned::Nothing };
            note(core, open, it.id, learned).await
        }
    }
}

fn code(error: GatewayError) -> String {
    match error {
        GatewayError::Refused { code, .. } => code,
        GatewayError::NotSent(_) => "not_reached".to_owned(),
        GatewayError::TooMany => "too_many".to_owned(),
        GatewayError::Unknown(_) => "no_answer".to_owned(),
    }
}

/// Asks the gateway how an order stands, and learns from it. It is never sent again (PAY-05).
pub(super) async fn by_looking(
    core: &Core,
    open: &OpenGateway,
    it: PaymentRefund,
) -> Result<PaymentRefund, Failure> {
    if it.state.is_over() {
        return Ok(it);
    }
    match ask::gateway(core, open, &it, Question::LookUp).await? {
        Ok(Some(returned)) => from(core, open, it.id, returned).await,
        Ok(None) => {
            let is_over = core.now().duration_since(it.asked_at) >= ON_ITS_WAY;
            let (reason, code) = (DeclineReason::Unavailable, "absent".to_owned());
            let absent = Learned::Refused(Declined { reason, code });
            let learned = if is_over { absent } else { Learned::Nothing };
            note(core, open, it.id, learned).await
        }
        Err(error) => {
            tracing::warn!(gateway = %open.record.id, refund = %it.id, %error, "no look");
            note(core, open, it.id, Learned::Nothing).await
        }
    }
}

/// The same for an order of which only the identifier is known.
pub(super) async fn by_looking_at(
    core: &Core,
    organisation: OrganisationId,
    id: RefundId,
) -> Result<PaymentRefund, Failure> {
    let found = core.inner.store.read(organisation).await?.payment_refund(id).await?;
    let it = found.ok_or(Failure::Missing("order to refund"))?;
    let open = gateways::open(core, organisation, it.gateway_id).await?;
    by_looking(core, &open, it).await
}

/// Takes what the provider gave back for what was asked for, though it is something else. The
/// answer is whether it gave anything back.
pub(super) async fn as_told(
    core: &Core,
    caller: &Caller,
    open: &OpenGateway,
    it: &PaymentRefund,
) -> Result<bool, Rejection> {
    let answer = ask::gateway(core, open, it, Question::LookUp).await?;
    let Ok(Some(Returned::Done { id, money, at })) = answer else { return Ok(false) };
    let booked = book::as_told(core, caller, it.id, &Made { id, money, at }).await?;
    Ok(booked.is_ok())
}

async fn from(
    core: &Core,
    open: &OpenGateway,
    id: RefundId,
    returned: Returned,
) -> Result<PaymentRefund, Failure> {
    match returned {
        Returned::Done { id: made, money, at } => {
            book::done(core, open, id, &Made { id: made, money, at }).await
        }
        Returned::Pending { id: handle } => note(core, open, id, Learned::Pending(handle)).await,
        Returned::Refused(declined) => note(core, open, id, Learned::Refused(declined)).await,
    }
}

/// What is learned of an order that is not done.
enum Learned {
    Pending(String),
    Refused(Declined),
    Nothing,
}

async fn note(
    core: &Core,
    open: &OpenGateway,
    id: RefundId,
    learned: Learned,
) -> Result<PaymentRefund, Failure> {
    let now = core.now();
    let mut write = core.inner.store.write(open.record.organisation_id).await?;
    let mut it = write.payment_refund_for_update(id).await?;
    if it.state.is_over() {
        return Ok(it);
    }
    let event = match learned {
        Learned::Pending(handle) => {
            it.handle = Some(handle);
            RefundEvent::Pending
        }
        Learned::Refused(Declined { reason, code }) => {
            it.decline = Some((reason, code));
            it.mismatch = None;
            RefundEvent::Refused
        }
        Learned::Nothing => RefundEvent::NoAnswer,
    };
    it.state = it.state.after(event).unwrap_or(it.state);
    it.next_look_at = next_look(it.state, it.asked_at, now);
    it.updated_at = now;
    write.update_payment_refund(&it).await?;
    write.commit().await?;
    Ok(it)
}
