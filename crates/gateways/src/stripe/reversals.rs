//! What was taken from a payment: refunds, also those that were made at Stripe's own site, and
//! disputes (<https://docs.stripe.com/api/refunds/list>, <https://docs.stripe.com/api/disputes>).

use async_trait::async_trait;

use super::refunds::of_charge;
use super::wire::{Dispute, Refund, reference};
use super::{Stripe, amount, judge, list};
use crate::{GatewayError, Movement, MovementKind, Reversals, Reversed, Taken};

#[async_trait]
impl Reversals for Stripe {
    async fn reversals(&self, taken: &Taken<'_>) -> Result<Reversed, GatewayError> {
        let query = of_charge(list::plain(), taken.charge);
        let refunds = list::all::<Refund>(&self.client, "refunds", &query).await?;
        let disputes = list::all::<Dispute>(&self.client, "disputes", &query).await?;
        let mut movements = Vec::new();
        // Stripe lists the newest first.
        for it in refunds.ok_or_else(list::too_long)?.iter().rev() {
            movements.extend(of_refund(it, taken)?);
        }
        for it in disputes.ok_or_else(list::too_long)?.iter().rev() {
            movements.extend(of_dispute(it, taken)?);
        }
        Ok(Reversed { movements, until: taken.now })
    }
}

/// A refund that failed had left the account's balance, and is on it again.
fn of_refund(it: &Refund, taken: &Taken<'_>) -> Result<Vec<Movement>, GatewayError> {
    let kinds: &[MovementKind] = match it.status.as_deref() {
        Some("succeeded") => &[MovementKind::Refund],
        Some("failed" | "canceled") => &[MovementKind::Refund, MovementKind::RefundFailed],
        _ => &[],
    };
    let money = amount::from_stripe(it.amount, &it.currency)?;
    let made = judge::time(it.created)?;
    let movement = |&kind: &MovementKind| Movement {
        kind,
        id: it.id.clone(),
        charge: Some(taken.charge.to_owned()),
        reference: reference(it.metadata.as_ref()).map(str::to_owned),
        money,
        fee: None,
        at: if kind == MovementKind::RefundFailed { taken.now } else { made },
    };
    Ok(kinds.iter().map(movement).collect())
}

/// A dispute moves money when it is opened, and again where it is won.
fn of_dispute(it: &Dispute, taken: &Taken<'_>) -> Result<Vec<Movement>, GatewayError> {
    let money = amount::from_stripe(it.amount, &it.currency)?;
    let sides = [(MovementKind::Dispute, -1), (MovementKind::DisputeWon, 1)];
    let mut movements = Vec::new();
    for (kind, sign) in sides {
        let moved = it.balance_transactions.iter().find(|it| it.amount.signum() == sign);
        let Some(moved) = moved else { continue };
        movements.push(Movement {
            kind,
            id: it.id.clone(),
            charge: Some(taken.charge.to_owned()),
            reference: None,
            money,
            fee: None,
            at: judge::time(moved.created)?,
        });
    }
    Ok(movements)
}
