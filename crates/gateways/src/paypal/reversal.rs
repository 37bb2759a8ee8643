//! What was taken from a capture: refunds, which its order lists at once, and reversals, which
//! PayPal's list of transactions has, up to three hours late. A dispute that is open holds money,
//! and takes none.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portico_billing::gateway::Reference;
use reqwest::StatusCode;

use super::PayPal;
use super::api::part;
use super::fault::Trouble;
use super::wire::{Capture, Order, Refund};
use crate::{GatewayError, Movement, MovementKind, Reversals, Reversed, Taken};

/// How late the list of transactions may be: three hours, and some.
const LATENESS: SignedDuration = SignedDuration::from_mins(3 * 60 + 15);

#[async_trait]
impl Reversals for PayPal {
    async fn reversals(&self, taken: &Taken<'_>) -> Result<Reversed, GatewayError> {
        let mut movements = Vec::new();
        for refund in self.refunds_of(taken).await? {
            movements.extend(of_refund(&refund, taken)?);
        }
        let until = taken.now.checked_sub(LATENESS).unwrap_or(Timestamp::MIN);
        match self.listed_of(taken).await {
            Ok(listed) => movements.extend(listed),
            // What is known is told all the same.
            Err(_) if !movements.is_empty() => {
                return Ok(Reversed { movements, until: taken.since.min(until) });
            }
            Err(trouble) => return Err(trouble.into()),
        }
        Ok(Reversed { movements, until })
    }
}

impl PayPal {
    /// The refunds of a capture: those of its order, and what is known besides.
    async fn refunds_of(&self, taken: &Taken<'_>) -> Result<Vec<Refund>, Trouble> {
        let capture = self.capture(taken.charge).await?;
        let order = self.order_of(&capture).await?;
        let payments = order.as_ref().and_then(Order::payments);
        let mut refunds = payments.map(|it| it.refunds.clone()).unwrap_or_default();
        for id in taken.known {
            if refunds.iter().any(|refund| refund.id == *id) {
                continue;
            }
            match self.api.get(&format!("/v2/payments/refunds/{}", part(id)?)).await {
                Ok(refund) => refunds.push(refund),
                // A dispute's transaction, for example.
                Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(refunds)
    }

    /// The order that a capture is of, where PayPal still has it.
    pub(super) async fn order_of(&self, capture: &Capture) -> Result<Option<Order>, Trouble> {
        let Some(id) = capture.order_id() else { return Ok(None) };
        match self.order(id).await {
            Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => Ok(None),
            found => found.map(Some),
        }
    }
}

/// One that failed brings back what was given back, where that was known.
fn of_refund(it: &Refund, taken: &Taken<'_>) -> Result<Option<Movement>, GatewayError> {
    let kind = match it.status.as_str() {
        "COMPLETED" => MovementKind::Refund,
        "CANCELLED" | "FAILED" => MovementKind::RefundFailed,
        _ => return Ok(None),
    };
    let lacking = || GatewayError::Unknown("a refund without an amount".to_owned());
    let names = [&it.invoice_id, &it.custom_id].into_iter().flatten();
    let made = it.create_time.filter(|_| kind == MovementKind::Refund);
    Ok(Some(Movement {
        kind,
        id: it.id.clone(),
        charge: Some(taken.charge.to_owned()),
        reference: names.into_iter().find(|name| name.parse::<Reference>().is_ok()).cloned(),
        money: it.amount.as_ref().ok_or_else(lacking)?.money()?,
        fee: None,
        at: made.unwrap_or(taken.now),
    }))
}
