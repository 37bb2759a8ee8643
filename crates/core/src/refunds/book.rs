//! Booking what left a payment, and what came back: the only place that does.

use jiff::Timestamp;
use portico_billing::payment::{Charge, Payment, PaymentKind, PaymentStatus};
use portico_billing::refund::{RefundEvent, next_look};
use portico_billing::reversal::TakenBy;
use portico_billing::{Metadata, Money, PaymentId, RefundId};
use portico_store::payment_refund::PaymentRefund;
use portico_store::payment_reversal::PaymentReversal;

use super::left;
use crate::gateways::OpenGateway;
use crate::records::payment::{come_back, give_back, told};
use crate::records::{Rejection, Unit, tried};
use crate::{Caller, Core, Failure};

/// A refund that was made, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// The provider's identifier.
    pub(super) id: String,
    /// How much.
    pub(super) money: Money,
    /// When.
    pub(super) at: Timestamp,
}

/// Books what an order asked for, once: order, refund, invoices, balance, ledger and events in one
/// unit of work. What is something else than was asked for is booked by nobody.
pub(super) async fn done(
    core: &Core,
    open: &OpenGateway,
    id: RefundId,
    made: &Made,
) -> Result<PaymentRefund, Failure> {
    let caller = Caller::system(open.record.organisation_id);
    match tried(|| try_to_book(core, &caller, (id, made), Exactly::Asked)).await {
        Ok(Ok(it)) => Ok(it),
        Ok(Err(what)) => {
            let mut write = core.inner.store.write(caller.organisation_id).await?;
            let mut it = write.payment_refund_for_update(id).await?;
            mismatch(&mut it, &what, core.now());
            write.update_payment_refund(&it).await?;
            write.commit().await?;
            Ok(it)
        }
        Err(Rejection::Failure(failure)) => Err(failure),
        Err(other) => Err(Failure::Refused(other.to_string())),
    }
}

/// Books what was given back, also where it is not what was asked for: somebody has looked.
pub(super) async fn as_told(
    core: &Core,
    caller: &Caller,
    id: RefundId,
    made: &Made,
) -> Result<Result<PaymentRefund, String>, Rejection> {
    tried(|| try_to_book(core, caller, (id, made), Exactly::Told)).await
}

async fn try_to_book(
    core: &Core,
    caller: &Caller,
    (id, made): (RefundId, &Made),
    exactly: Exactly,
) -> Result<Result<PaymentRefund, String>, Rejection> {
    let mut unit = Unit::begin(core, caller).await?;
    let found = unit.write.payment_refund(id).await?;
    let payment = found.ok_or(Failure::Missing("order to refund"))?.payment_id;
    let parent = unit.write.payment_for_update(payment).await?;
    let booked = order(&mut unit, &parent, (id, made), exactly).await?;
    if booked.is_ok() {
        unit.commit().await?;
    }
    Ok(booked)
}

/// Whether what was given back has to be what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactly {
    /// It has to be.
    Asked,
    /// Somebody of the staff has seen that it is not, and takes it as it is.
    Told,
}

/// Books what an order of a payment, which is held, asked for. The inner answer is the order, or
/// what is not as it should be.
pub(super) async fn order(
    unit: &mut Unit<'_>,
    parent: &Payment,
    (id, made): (RefundId, &Made),
    exactly: Exactly,
) -> Result<Result<PaymentRefund, String>, Rejection> {
    let mut it = unit.write.payment_refund_for_update(id).await?;
    let Some(state) = it.state.after(RefundEvent::Done) else { return Ok(Ok(it)) };
    if made.money != it.amount && exactly == Exactly::Asked {
        let what = format!("{} was given back, {} was asked for", made.money, it.amount);
        return Ok(Err(what));
    }
    let refund = match known(unit, parent, (id, made)).await? {
        Err(what) => return Ok(Err(what)),
        Ok(Some(known)) => known,
        Ok(None) => {
            let credited = (made.money == it.amount).then_some(it.credited_minor);
            let taking = Taking {
                by: TakenBy::Refund,
                id: &made.id,
                money: made.money,
                at: made.at,
                credited,
                reason: it.reason.clone(),
                is_flagged: false,
            };
            match take(unit, parent, &taking).await? {
                Ok(refund) => refund,
                Err(what) => return Ok(Err(what)),
            }
        }
    };
    (it.state, it.refund_id, it.handle) = (state, Some(refund), Some(made.id.clone()));
    (it.decline, it.mismatch, it.next_look_at) = (None, None, None);
    it.updated_at = unit.now;
    unit.write.update_payment_refund(&it).await?;
    Ok(Ok(it))
}

/// The refund that a movement was booked as before, by a notice that was faster than the answer. No
/// other order may have become it.
async fn known(
    unit: &mut Unit<'_>,
    parent: &Payment,
    (id, made): (RefundId, &Made),
) -> Result<Result<Option<PaymentId>, String>, Rejection> {
    let provider = parent.charge.as_ref().map_or("", |charge| charge.provider.as_str());
    let found = unit.write.payment_reversal(provider, (TakenBy::Refund, &made.id)).await?;
    let Some(found) = found else { return Ok(Ok(None)) };
    let orders = unit.write.refund_orders_of(parent.id).await?;
    let others = orders.iter().any(|it| it.id != id && it.refund_id == Some(found.refund_id));
    if others || found.payment_id != parent.id {
        return Ok(Err(format!("{} was booked already, as {}", made.id, found.refund_id)));
    }
    Ok(Ok(Some(found.refund_id)))
}

/// Notes that what the provider says is not what was asked for. Nothing is booked; people have to
/// look.
pub(super) fn mismatch(it: &mut PaymentRefund, what: &str, now: Timestamp) {
    tracing::error!(refund = %it.id, what, "a refund does not match");
    if it.state.after(RefundEvent::Done).is_none() {
        return;
    }
    it.mismatch = Some(what.to_owned());
    it.state = it.state.after(RefundEvent::NoAnswer).unwrap_or(it.state);
    it.next_look_at = next_look(it.state, it.asked_at, now);
    it.updated_at = now;
}

/// A movement of money away from a payment.
#[derive(Debug)]
pub(super) struct Taking<'a> {
    /// Why.
    pub(super) by: TakenBy,
    /// The provider's identifier.
    pub(super) id: &'a str,
    /// How much.
    pub(super) money: Money,
    /// When.
    pub(super) at: Timestamp,
    /// What of it was credited, minor units, where that was decided before.
    pub(super) credited: Option<i64>,
    /// Why, in words.
    pub(super) reason: Option<String>,
    /// Whether the staff is asked to look.
    pub(super) is_flagged: bool,
}

/// Books a movement of money away from a payment, which is held. The inner answer is the refund, or
/// why it cannot be booked.
pub(super) async fn take(
    unit: &mut Unit<'_>,
    parent: &Payment,
    it: &Taking<'_>,
) -> Result<Result<PaymentId, String>, Rejection> {
    let Some(charge) = &parent.charge else {
        return Ok(Err(format!("{} went through no gateway", parent.id)));
    };
    if it.money.currency() != parent.currency || !it.money.is_positive() {
        return Ok(Err(format!("{} was taken of a payment in {}", it.money, parent.currency)));
    }
    let left = left(&mut unit.write, parent).await?;
    let Some(credited) = it.credited.or_else(|| left.credited_of(it.money.minor())) else {
        return Ok(Err(format!("nothing of {} was credited", it.money)));
    };
    let taken = unit.write.payment_by_charge(&charge.provider, it.id).await?.is_some();
    // What was undone before it was settled has the identifier of the payment itself.
    let name = if taken { format!("{}/{}", it.id, it.by) } else { it.id.to_owned() };
    let refund = refund(unit, (parent, charge), (it, credited), name);
    let counted_minor = credited.min(left.credited_minor).max(0);
    give_back(unit, parent, &refund, counted_minor).await?;
    let row = PaymentReversal {
        provider: charge.provider.clone(),
        taken_by: it.by,
        movement: it.id.to_owned(),
        payment_id: parent.id,
        refund_id: refund.id,
        amount: it.money,
        taken_at: it.at,
        back: None,
        flagged_at: it.is_flagged.then_some(unit.now),
    };
    unit.write.insert_payment_reversal(&row).await?;
    let kind = match it.by {
        TakenBy::Refund => "refund.created",
        TakenBy::Dispute => "payment.disputed",
    };
    unit.event(kind, refund.id.uuid(), told(&refund));
    Ok(Ok(refund.id))
}

/// The refund as it is booked.
fn refund(
    unit: &Unit<'_>,
    (parent, charge): (&Payment, &Charge),
    (it, credited): (&Taking<'_>, i64),
    name: String,
) -> Payment {
    Payment {
        id: PaymentId::new(unit.now, unit.id_bytes()),
        customer_id: parent.customer_id,
        kind: PaymentKind::Refund,
        parent_id: Some(parent.id),
        external_id: None,
        status: PaymentStatus::Succeeded,
        currency: parent.currency,
        amount_minor: credited,
        refunded_minor: 0,
        method: parent.method.clone(),
        method_label: parent.method_label.clone(),
        payment_method_id: parent.payment_method_id,
        reference: parent.reference.clone(),
        description: it.reason.clone(),
        paid_at: it.at,
        charge: Some(Charge {
            gateway_id: charge.gateway_id,
            provider: charge.provider.clone(),
            id: name,
            charged_minor: it.money.minor(),
            fee_minor: 0,
        }),
        metadata: Metadata::new(),
        created_at: unit.now,
        updated_at: unit.now,
    }
}

/// Books that a movement of a payment, which is held, came back.
pub(super) async fn bring_back(
    unit: &mut Unit<'_>,
    parent: &Payment,
    row: PaymentReversal,
    back: (String, Timestamp),
) -> Result<(), Rejection> {
    let refund = unit.write.payment_for_update(row.refund_id).await?;
    let (kind, status, flagged_at) = match row.taken_by {
        TakenBy::Refund => ("refund.came_back", PaymentStatus::Failed, Some(unit.now)),
        TakenBy::Dispute => ("payment.dispute_won", PaymentStatus::Cancelled, row.flagged_at),
    };
    if refund.status == PaymentStatus::Succeeded {
        let after = come_back(unit, parent, &refund, status).await?;
        unit.change(kind, refund.id.uuid(), told(&after), (&refund, &after));
    }
    let row = PaymentReversal { back: Some(back), flagged_at, ..row };
    Ok(unit.write.reversal_came_back(&row).await?)
}
