//! Refunds of captures. <https://developer.paypal.com/docs/api/payments/v2/#captures_refund>

use async_trait::async_trait;
use jiff::SignedDuration;
use portico_billing::gateway::DeclineReason;
use reqwest::StatusCode;

use super::api::part;
use super::fault::{Fault, Trouble};
use super::wire::Refund;
use super::{PayPal, request};
use crate::{Declined, GatewayError, RefundOrder, Refunds, Returned};

/// How long PayPal keeps the key of a refund is 45 days (Payments v2, `PayPal-Request-Id`); a day
/// less, so that no request arrives after its end.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(44 * 24);

#[async_trait]
impl Refunds for PayPal {
    async fn refund(&self, order: &RefundOrder<'_>) -> Result<Returned, GatewayError> {
        Ok(self.give_back(order).await?)
    }

    /// Reads the order of the charge, which lists its refunds with their references. Where PayPal
    /// does not have the order any more, the refund is sent again: within 45 days that is the same
    /// one, whether it arrived before or not. After those it is not known.
    async fn look_up_refund(
        &self,
        order: &RefundOrder<'_>,
    ) -> Result<Option<Returned>, GatewayError> {
        let capture = self.capture(order.charge).await?;
        let paid_by = self.order_of(&capture).await?;
        if let Some(payments) = paid_by.as_ref().and_then(|order| order.payments()) {
            let reference = Some(order.reference.as_str());
            let ours = |refund: &&Refund| {
                refund.invoice_id.as_deref() == reference
                    || refund.custom_id.as_deref() == reference
            };
            let found = payments.refunds.iter().find(ours).map(returned).transpose()?;
            // A charge that was given back, with no refund listed, is not told in full.
            if found.is_some() || capture.status == "COMPLETED" || !payments.refunds.is_empty() {
                return Ok(found);
            }
        }
        if order.now.duration_since(order.since) < KEY_LIFE {
            return Ok(Some(self.give_back(order).await?));
        }
        Err(GatewayError::Unknown("PayPal does not tell of refunds that old".to_owned()))
    }
}

impl PayPal {
    async fn give_back(&self, order: &RefundOrder<'_>) -> Result<Returned, Trouble> {
        let path = format!("/v2/payments/captures/{}/refund", part(order.charge)?);
        let body = request::refund(order)?;
        match self.api.post::<Refund>(&path, Some(order.reference.as_str()), &body).await {
            Ok(refund) => Ok(returned(&refund)?),
            Err(Trouble::Fault(fault)) => refusal(fault).map(Returned::Refused),
            Err(trouble) => Err(trouble),
        }
    }
}

fn returned(refund: &Refund) -> Result<Returned, GatewayError> {
    let lacking = |what| GatewayError::Unknown(format!("a refund without {what}"));
    let id = refund.id.clone();
    Ok(match refund.status.as_str() {
        "COMPLETED" => Returned::Done {
            id,
            money: refund.amount.as_ref().ok_or_else(|| lacking("an amount"))?.money()?,
            at: refund.create_time.ok_or_else(|| lacking("a time"))?,
        },
        "PENDING" => Returned::Pending { id },
        "CANCELLED" | "FAILED" => {
            let details = refund.status_details.as_ref();
            let why = details.and_then(|details| details.reason.as_ref());
            let code = why.unwrap_or(&refund.status).clone();
            Returned::Refused(Declined { reason: DeclineReason::Declined, code })
        }
        other => return Err(GatewayError::Unknown(format!("a refund that is {other}"))),
    })
}

/// What PayPal could not do for a reason in the payment or the account. The rest is an error: the
/// request as such, or a refund of the same reference that is there already.
fn refusal(fault: Fault) -> Result<Declined, Trouble> {
    let reason = match fault.code.as_str() {
        _ if fault.status != StatusCode::UNPROCESSABLE_ENTITY || fault.is_double() => None,
        "REFUND_FAILED_INSUFFICIENT_FUNDS" => Some(DeclineReason::InsufficientFunds),
        "CAPTURE_FULLY_REFUNDED" | "REFUND_AMOUNT_EXCEEDED" => Some(DeclineReason::TooMuch),
        "CANNOT_BE_ZERO_OR_NEGATIVE"
        | "DECIMALS_NOT_SUPPORTED"
        | "DECIMAL_PRECISION"
        | "INVALID_CURRENCY_CODE" => None,
        _ => Some(DeclineReason::Declined),
    };
    match reason {
        Some(reason) => Ok(Declined { reason, code: fault.code }),
        None => Err(Trouble::Fault(fault)),
    }
}
