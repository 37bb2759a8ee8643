//! What a provider took from a payment in all: asked for because of a notice, or because the staff
//! wants to know, and booked where it is new.

use jiff::Timestamp;
use portico_billing::payment::Payment;
use portico_billing::refund::RefundState;
use portico_billing::reversal::{Booked, Step, TakenBy, Told, news};
use portico_billing::{Money, OrganisationId, PaymentId, RefundId};
use portico_gateways::{GatewayError, Movement, MovementKind, Reversed, Taken};
use portico_store::payment_reversal::PaymentReversal;

use super::book::{self, Exactly, Made, Taking};
use crate::audit::Change;
use crate::records::payment::PaymentRecord;
use crate::records::{Record, Rejection, Unit, tried};
use crate::{Caller, Core, Failure, gateways};

/// What looking brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Movements that were booked.
    pub(crate) new: usize,
    /// Why others were not, in words.
    pub(crate) odd: Vec<String>,
    /// The provider's identifiers of all that it told.
    pub(crate) told: Vec<String>,
    /// Until when the provider told all of them.
    pub(crate) until: Timestamp,
}

/// Asks what was taken from a payment, of which something may not be known `since`, and books what
/// is new. `hint` is the identifier of a movement that the provider told of.
pub(crate) async fn look(
    core: &Core,
    organisation: OrganisationId,
    payment: &Payment,
    (hint, since): (Option<&str>, Timestamp),
) -> Result<Result<Looked, GatewayError>, Failure> {
    let now = core.now();
    let charge = payment.charge.as_ref().ok_or(Failure::Missing("charge of a payment"))?;
    let open = gateways::open(core, organisation, charge.gateway_id).await?;
    let Some(reversals) = open.gateway.reversals() else {
        return Ok(Ok(Looked { new: 0, odd: Vec::new(), told: Vec::new(), until: now }));
    };
    let booked = core.inner.store.read(organisation).await?.payment_reversals(payment.id).await?;
    let known = booked.into_iter().map(|it| it.movement);
    let known: Vec<String> = known.chain(hint.map(str::to_owned)).collect();
    let taken = Taken {
        charge: &charge.id,
        charged: Money::new(charge.charged_minor, payment.currency),
        known: &known,
        since,
        now,
    };
    let Reversed { movements, until } = match reversals.reversals(&taken).await {
        Ok(reversed) => reversed,
        Err(error) => return Ok(Err(error)),
    };
    let (new, odd) = book_all(core, organisation, (payment.id, &movements)).await?;
    let told = movements.into_iter().map(|it| it.id).collect();
    Ok(Ok(Looked { new, odd, told, until }))
}

/// Books what is new of what was told, in one unit of work. The answer is how much that was, and
/// what could not be booked.
async fn book_all(
    core: &Core,
    organisation: OrganisationId,
    (payment, movements): (PaymentId, &[Movement]),
) -> Result<(usize, Vec<String>), Failure> {
    match tried(|| try_to_book(core, organisation, (payment, movements))).await {
        Ok(done) => Ok(done),
        Err(Rejection::Failure(failure)) => Err(failure),
        Err(other) => Err(Failure::Refused(other.to_string())),
    }
}

async fn try_to_book(
    core: &Core,
    organisation: OrganisationId,
    (payment, movements): (PaymentId, &[Movement]),
) -> Result<(usize, Vec<String>), Rejection> {
    let mut unit = Unit::begin(core, &Caller::system(organisation)).await?;
    // Held: who learns the same at the same time finds it booked.
    unit.write.payment_for_update(payment).await?;
    let booked = unit.write.payment_reversals(payment).await?;
    let known: Vec<Booked<'_>> = booked.iter().map(of_row).collect();
    let told: Vec<(&Movement, Told<'_>)> = movements.iter().filter_map(of_movement).collect();
    let plain: Vec<Told<'_>> = told.iter().map(|(_, told)| *told).collect();
    let (mut new, mut odd) = (0, Vec::new());
    for step in news(&known, &plain) {
        let done = match &step {
            Step::Take { told: place } => take(&mut unit, payment, told[*place]).await?,
            Step::ComeBack { told: place, of } => {
                bring_back(&mut unit, payment, (told[*place], of)).await?
            }
        };
        match done {
            Ok(()) => new += 1,
            Err(what) => {
                tracing::error!(%payment, what, "a movement cannot be booked");
                odd.push(what);
            }
        }
    }
    unit.commit().await?;
    Ok((new, odd))
}

fn of_row(it: &PaymentReversal) -> Booked<'_> {
    Booked {
        by: it.taken_by,
        id: &it.movement,
        money: it.amount,
        came_back: it.back.as_ref().map(|(movement, _)| movement.as_str()),
    }
}

fn of_movement(it: &Movement) -> Option<(&Movement, Told<'_>)> {
    let (by, came_back) = match it.kind {
        MovementKind::Payment => return None,
        MovementKind::Refund => (TakenBy::Refund, false),
        MovementKind::RefundFailed => (TakenBy::Refund, true),
        MovementKind::Dispute => (TakenBy::Dispute, false),
        MovementKind::DisputeWon => (TakenBy::Dispute, true),
    };
    Some((it, Told { by, came_back, id: &it.id, money: it.money }))
}

/// Books a movement away from the payment: as what an order of ours asked for, where it is that.
async fn take(
    unit: &mut Unit<'_>,
    payment: PaymentId,
    (it, told): (&Movement, Told<'_>),
) -> Result<Result<(), String>, Rejection> {
    // As it is after the steps before.
    let parent = unit.write.payment_for_update(payment).await?;
    if told.by == TakenBy::Refund
        && let Some(id) = ordered(unit, &parent, it).await?
    {
        let made = Made { id: it.id.clone(), money: it.money, at: it.at };
        let booked = book::order(unit, &parent, (id, &made), Exactly::Asked).await?;
        let Err(what) = booked else { return Ok(Ok(())) };
        let mut order = unit.write.payment_refund_for_update(id).await?;
        book::mismatch(&mut order, &what, unit.now);
        unit.write.update_payment_refund(&order).await?;
        return Ok(Err(what));
    }
    let taking = Taking {
        by: told.by,
        id: &it.id,
        money: it.money,
        at: it.at,
        credited: None,
        reason: None,
        is_flagged: told.by == TakenBy::Dispute,
    };
    Ok(book::take(unit, &parent, &taking).await?.map(drop))
}

/// The order of ours that a movement is: by the reference, or, of what was undone as a whole and
/// has no reference of its own, by the amount.
async fn ordered(
    unit: &mut Unit<'_>,
    parent: &Payment,
    it: &Movement,
) -> Result<Option<RefundId>, Rejection> {
    if let Some(reference) = &it.reference
        && let Some(found) = unit.write.payment_refund_by_reference(reference).await?
        && found.payment_id == parent.id
        && found.state != RefundState::Succeeded
    {
        return Ok(Some(found.id));
    }
    let is_void = parent.charge.as_ref().is_some_and(|charge| charge.id == it.id);
    if !is_void {
        return Ok(None);
    }
    let orders = unit.write.refund_orders_of(parent.id).await?;
    let found = orders.into_iter().find(|order| !order.state.is_over() && order.amount == it.money);
    Ok(found.map(|order| order.id))
}

async fn bring_back(
    unit: &mut Unit<'_>,
    payment: PaymentId,
    ((it, told), of): ((&Movement, Told<'_>), &str),
) -> Result<Result<(), String>, Rejection> {
    let parent = unit.write.payment_for_update(payment).await?;
    let provider = parent.charge.as_ref().map_or("", |charge| charge.provider.as_str());
    let row = unit.write.payment_reversal(provider, (told.by, of)).await?;
    // Where what was taken could not be booked, nothing comes back of it.
    let Some(row) = row else { return Ok(Err(format!("{of} is not booked"))) };
    if row.amount != it.money {
        let what = format!("{} of {} came back, of {} that were taken", it.money, of, row.amount);
        return Ok(Err(what));
    }
    book::bring_back(unit, &parent, row, (it.id.clone(), it.at)).await?;
    Ok(Ok(()))
}

impl Core {
    /// Asks the provider what it took from a payment, and books what is new. The answer is how many
    /// movements that were; nothing where the provider could not be asked, or tells of something
    /// that cannot be booked.
    ///
    /// # Errors
    /// Where the caller may not, there is no such payment, or the machinery fails.
    pub async fn look_at_reversals(
        &self,
        caller: &Caller,
        id: PaymentId,
    ) -> Result<Option<usize>, Rejection> {
        caller.require(PaymentRecord::EDITED_WITH)?;
        let found = self.inner.store.read(caller.organisation_id).await?.payment(id).await?;
        let payment = found.ok_or_else(|| Rejection::NotFound("payment".to_owned()))?;
        if payment.charge.is_none() || payment.parent_id.is_some() {
            return Ok(Some(0));
        }
        let since = payment.paid_at;
        match look(self, caller.organisation_id, &payment, (None, since)).await? {
            Ok(looked) => Ok(Some(looked.new).filter(|_| looked.odd.is_empty())),
            Err(error) => {
                tracing::warn!(payment = %id, %error, "what was taken is not told");
                Ok(None)
            }
        }
    }

    /// Notes that somebody has looked at what was taken from a payment.
    ///
    /// # Errors
    /// Where the caller may not, there is no such payment, or the machinery fails.
    pub async fn mark_reversals_seen(
        &self,
        caller: &Caller,
        id: PaymentId,
    ) -> Result<(), Rejection> {
        caller.require(PaymentRecord::EDITED_WITH)?;
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let found = write.payment(id).await?;
        let payment = found.ok_or_else(|| Rejection::NotFound("payment".to_owned()))?;
        if write.reversals_seen(id).await? {
            let change = Change::new("payment.looked_at").on(id.uuid());
            let change = change.of_customer(payment.customer_id.uuid());
            change.write(self, &mut write, caller).await?;
            write.commit().await?;
        }
        Ok(())
    }
}
