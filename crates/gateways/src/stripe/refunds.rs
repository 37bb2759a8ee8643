//! Money given back (<https://docs.stripe.com/refunds>).

use async_trait::async_trait;

use super::client::{Fault, Form};
use super::list::{self, Found};
use super::wire::{Refund, reference};
use super::{Stripe, amount, decline, judge};
use crate::{Declined, GatewayError, RefundOrder, Refunds, Returned};

#[async_trait]
impl Refunds for Stripe {
    /// Sent again within 24 hours, the same order is answered as it was the first time.
    async fn refund(&self, order: &RefundOrder<'_>) -> Result<Returned, GatewayError> {
        let form = of_charge(Form::default(), order.charge)
            .with("amount", amount::to_stripe(order.money)?.to_string())
            .with("metadata[portico_reference]", order.reference.as_str());
        let key = format!("{}-refund", order.reference);
        match self.client.post::<Refund>("refunds", &form, Some(&key)).await {
            Ok(refund) => returned(refund),
            Err(Fault::Said(refusal)) => match decline::of_refund_request(&refusal.code) {
                Some(reason) => Ok(Returned::Refused(Declined { reason, code: refusal.code })),
                None => Err(Fault::Said(refusal).into()),
            },
            Err(fault) => Err(fault.into()),
        }
    }

    async fn look_up_refund(
        &self,
        order: &RefundOrder<'_>,
    ) -> Result<Option<Returned>, GatewayError> {
        let is_it =
            |refund: &Refund| reference(refund.metadata.as_ref()) == Some(order.reference.as_str());
        let query = of_charge(list::plain(), order.charge);
        match list::first(&self.client, "refunds", &query, is_it).await? {
            Found::One(refund) => returned(refund).map(Some),
            Found::None => {
                list::surely_absent(order.since, order.now)?;
                Ok(None)
            }
            Found::TooLong => Err(list::too_long()),
        }
    }
}

/// Which charge is meant: a PaymentIntent, or one of Stripe's Charges that was made without.
pub fn of_charge(form: Form, charge: &str) -> Form {
    form.with(if charge.starts_with("pi_") { "payment_intent" } else { "charge" }, charge)
}

fn returned(refund: Refund) -> Result<Returned, GatewayError> {
    match refund.status.as_deref() {
        Some("succeeded") => Ok(Returned::Done {
            money: amount::from_stripe(refund.amount, &refund.currency)?,
            at: judge::time(refund.created)?,
            id: refund.id,
        }),
        Some("pending" | "requires_action") => Ok(Returned::Pending { id: refund.id }),
        Some(status @ ("failed" | "canceled")) => {
            let reason = refund.failure_reason.as_deref().unwrap_or(status);
            Ok(Returned::Refused(decline::refund(reason)))
        }
        other => {
            let status = other.unwrap_or_default();
            Err(GatewayError::Unknown(format!("a refund that is `{status}`")))
        }
    }
}

#[cfg(test)]
mod tests {
    use portico_billing::Money;
    use serde_json::json;

    use super::*;

    fn of_status(status: &str, reason: Option<&str>) -> Result<Returned, GatewayError> {
        let refund = json!({
            "id": "re_1", "amount": 500, "currency": "isk", "created": 1_790_000_000,
            "status": status, "failure_reason": reason,
        });
        returned(serde_json::from_value(refund).expect("a refund"))
    }

    #[test]
    fn each_status_of_a_refund_is_told() {
        let id = || "re_1".to_owned();
        let money = Money::new(5, "ISK".parse().expect("a currency"));
        let at = judge::time(1_790_000_000).expect("a time");
        assert_eq!(of_status("succeeded", None), Ok(Returned::Done { id: id(), money, at }));
        for waits in ["pending", "requires_action"] {
            assert_eq!(of_status(waits, None), Ok(Returned::Pending { id: id() }), "{waits}");
        }
        for (status, reason, code) in [
            ("failed", Some("declined"), "declined"),
            ("failed", None, "failed"),
            ("canceled", None, "canceled"),
        ] {
            let outcome = of_status(status, reason);
            let Ok(Returned::Refused(declined)) = outcome else { panic!("{status}: {outcome:?}") };
            assert_eq!(declined.code, code);
        }
        assert!(matches!(of_status("new", None), Err(GatewayError::Unknown(_))));
    }
}
