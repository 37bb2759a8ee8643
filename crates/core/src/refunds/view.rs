//! What became of a payment, as the staff and the organisation's software see it.

use jiff::Timestamp;
use portico_billing::gateway::DeclineReason;
use portico_billing::payment::Payment;
use portico_billing::refund::{Left, RefundState};
use portico_billing::reversal::TakenBy;
use portico_billing::{InvoiceId, Money, OrganisationId, PaymentId, RefundId};
use portico_store::Read;
use portico_store::payment_refund::PaymentRefund;
use portico_store::payment_reversal::{FlaggedReversal, PaymentReversal};

use super::{RefundTo, free};
use crate::records::payment::settled;
use crate::records::{After, Rejection};
use crate::{Caller, Core, Failure, gateways};

/// Orders that do not match, in one list.
const MISMATCHED_MAX: u16 = 50;

/// An order to give a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundView {
    /// Identifier; nothing of what went to the balance.
    pub id: Option<RefundId>,
    /// The payment.
    pub payment_id: PaymentId,
    /// Where the money goes.
    pub to: RefundTo,
    /// How it stands.
    pub state: RefundState,
    /// How much.
    pub amount: Money,
    /// Why; what follows a `#` is for the staff.
    pub reason: Option<String>,
    /// Why it was refused: in general, and the provider's own word.
    pub decline: Option<(DeclineReason, String)>,
    /// Why what the provider says was not booked.
    pub mismatch: Option<String>,
    /// The refund that it became.
    pub refund_id: Option<PaymentId>,
    /// When it was ordered.
    pub asked_at: Timestamp,
}

/// Money that left a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenView {
    /// Why.
    pub by: TakenBy,
    /// The provider's identifier.
    pub movement: String,
    /// The refund that stands for it.
    pub refund_id: PaymentId,
    /// What left.
    pub amount: Money,
    /// When.
    pub taken_at: Timestamp,
    /// When it came back.
    pub back_at: Option<Timestamp>,
    /// Whether somebody is asked to look.
    pub is_flagged: bool,
}

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentReturns {
    /// Orders to give it back that are not done, newest first.
    pub orders: Vec<RefundView>,
    /// What left it through its gateway, oldest first.
    pub taken: Vec<TakenView>,
    /// What is left of it that nobody has asked for yet.
    pub left: Left,
    /// What it settles now: invoice, its number, and how much, minor units.
    pub settled: Vec<(InvoiceId, Option<String>, i64)>,
    /// What was neither used nor given back, minor units.
    pub free_minor: i64,
    /// Whether it can be given back through its gateway.
    pub has_refunds: bool,
    /// Whether its gateway tells what it took by itself.
    pub has_reversals: bool,
}

/// An order as it is shown.
pub(super) fn of_order(it: PaymentRefund) -> RefundView {
    RefundView {
        id: Some(it.id),
        payment_id: it.payment_id,
        to: RefundTo::Method,
        state: it.state,
        amount: it.amount,
        reason: it.reason,
        decline: it.decline,
        mismatch: it.mismatch,
        refund_id: it.refund_id,
        asked_at: it.asked_at,
    }
}

/// What went to the customer's balance.
pub(super) fn to_balance(payment: &Payment, amount: Money, now: Timestamp) -> RefundView {
    RefundView {
        id: None,
        payment_id: payment.id,
        to: RefundTo::Balance,
        state: RefundState::Succeeded,
        amount,
        reason: None,
        decline: None,
        mismatch: None,
        refund_id: None,
        asked_at: now,
    }
}

fn of_row(it: PaymentReversal) -> TakenView {
    TakenView {
        by: it.taken_by,
        movement: it.movement,
        refund_id: it.refund_id,
        amount: it.amount,
        taken_at: it.taken_at,
        back_at: it.back.map(|(_, at)| at),
        is_flagged: it.flagged_at.is_some(),
    }
}

impl Core {
    /// What became of a payment.
    ///
    /// # Errors
    /// Where the caller may not, there is no such payment, or the machinery fails.
    pub async fn payment_returns(
        &self,
        caller: &Caller,
        id: PaymentId,
    ) -> Result<PaymentReturns, Rejection> {
        let mut read = self.read_as(caller).await?;
        let found = read.payment(id).await?;
        let payment = found.ok_or_else(|| Rejection::NotFound("payment".to_owned()))?;
        let orders = read.refund_orders_of(id).await?;
        let open = orders.into_iter().filter(|it| it.state != RefundState::Succeeded);
        let taken = read.payment_reversals(id).await?;
        let left = free(&mut read, &payment).await?;
        let now = settled(&mut read, &payment).await?;
        let numbers = numbers(&mut read, &now.parts).await?;
        drop(read);
        let (has_refunds, has_reversals) = self.can_return(caller.organisation_id, &payment).await;
        Ok(PaymentReturns {
            orders: open.map(of_order).collect(),
            taken: taken.into_iter().map(of_row).collect(),
            left,
            settled: numbers,
            free_minor: now.free_minor,
            has_refunds,
            has_reversals,
        })
    }

    /// Whether the gateway of a payment gives back, and tells what it took. One that cannot be
    /// opened does neither.
    async fn can_return(&self, organisation: OrganisationId, payment: &Payment) -> (bool, bool) {
        let Some(charge) = payment.charge.as_ref().filter(|_| payment.parent_id.is_none()) else {
            return (false, false);
        };
        match gateways::open(self, organisation, charge.gateway_id).await {
            Ok(open) => (open.gateway.refunds().is_some(), open.gateway.reversals().is_some()),
            Err(failure) => {
                // Logged there.
                let _reference = failure.report();
                (false, false)
            }
        }
    }

    /// What the staff is asked to look at: money that banks took, and refunds that came back;
    /// newest first.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn flagged_reversals(
        &self,
        caller: &Caller,
        (after, limit): (Option<After>, u16),
    ) -> Result<(Vec<FlaggedReversal>, Option<After>), Rejection> {
        let mut read = self.read_as(caller).await?;
        let after = after.map_or(portico_store::Position::START, After::position);
        let mut rows = read.flagged_reversals(after, limit.saturating_add(1)).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| After { created_at: last.flagged_at, id: last.refund_id.uuid() });
        Ok((rows, next))
    }

    /// Orders of which the provider says something else than was asked for, oldest first, at most
    /// 50.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn mismatched_refunds(&self, caller: &Caller) -> Result<Vec<RefundView>, Rejection> {
        let rows = self.read_as(caller).await?.mismatched_refunds(MISMATCHED_MAX).await?;
        Ok(rows.into_iter().map(of_order).collect())
    }
}

async fn numbers(
    read: &mut Read,
    parts: &[(InvoiceId, i64)],
) -> Result<Vec<(InvoiceId, Option<String>, i64)>, Failure> {
    let ids: Vec<InvoiceId> = parts.iter().map(|(id, _)| *id).collect();
    let numbers = read.invoice_numbers(&ids).await?;
    let number = |id: InvoiceId| {
        numbers.iter().find(|(known, _)| *known == id).and_then(|(_, number)| number.clone())
    };
    Ok(parts.iter().map(|(id, minor)| (*id, number(*id), *minor)).collect())
}
