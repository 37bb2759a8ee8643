//! Ordering a refund: through the gateway, or to the customer's balance.

use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::refund::{RefundState, next_look};
use portico_billing::{Money, PaymentId, RefundId};
use portico_store::payment_refund::PaymentRefund;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::view::{self, RefundView};
use super::{free, learn};
use crate::records::payment::{PaymentDeed, PaymentRecord, load, settled};
use crate::records::{Record, RecordKey, Rejection, Sent, SentForm, Unit, line, tried};
use crate::{Caller, Core, Failure, gateways};

/// Where the money goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundTo {
    /// Back to where it came from, through the gateway.
    #[default]
    Method,
    /// To the customer's balance: it settles the invoices no more that it settled, which are due
    /// again, and is credit. No money moves.
    Balance,
}

/// What is to be given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentRefundInput)]
pub struct RefundInput {
    /// How much, in minor units; all that is left where absent. To the method: what was paid on top
    /// (a surcharge) goes back last.
    #[serde(default)]
    #[schema(example = 2_500)]
    pub amount_minor: Option<i64>,
    /// `method` (through the gateway) or `balance`; to the method where absent.
    #[serde(default)]
    #[schema(value_type = String, example = "method", default = "method")]
    pub to: RefundTo,
    /// Why, of a refund to the method; customers see what stands before the first `#`.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What became of an order within its unit of work.
enum Ordered {
    /// It was stored, and the gateway is to be asked.
    New(Box<PaymentRefund>),
    /// The form was sent before.
    Before(Sent),
}

impl Core {
    /// Gives a payment or a part of it back, the first time that the form is sent. A gateway that
    /// does not answer is no error: the answer says how the order stands.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and the form may be sent again. `Conflict` at
    /// `form` where it was sent before with other values.
    pub async fn refund_payment(
        &self,
        caller: &Caller,
        form: &SentForm,
        (key, input): (&RecordKey, &RefundInput),
    ) -> Result<RefundView, Rejection> {
        caller.require(PaymentRecord::EDITED_WITH)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = load(&mut read, key).await?;
        let payment = found.ok_or_else(|| Rejection::NotFound("payment".to_owned()))?;
        if input.to == RefundTo::Balance {
            drop(read);
            return self.refund_to_balance(caller, form, (payment, input)).await;
        }
        let gateway = payment.charge.as_ref().map(|charge| charge.gateway_id);
        let gateway = gateway.ok_or_else(no_gateway)?;
        // A refund that could not be booked must not be made.
        read.require_whole_ledger().await?;
        drop(read);
        let open = gateways::open(self, caller.organisation_id, gateway).await?;
        if open.gateway.refunds().is_none() {
            return Err(no_gateway());
        }
        let ordered = tried(|| self.try_to_order_refund(caller, form, (payment.id, input))).await?;
        let id = match ordered {
            Ordered::New(order) => learn::by_asking(self, &open, &order).await?.id,
            Ordered::Before(Sent::Saved(id)) => RefundId::from(id),
            Ordered::Before(Sent::Otherwise) => return Err(sent_otherwise()),
        };
        self.refund_order(caller, id).await
    }

    /// The order as it stands now.
    async fn refund_order(&self, caller: &Caller, id: RefundId) -> Result<RefundView, Rejection> {
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let it = read.payment_refund(id).await?.ok_or(Failure::Missing("order to refund"))?;
        Ok(view::of_order(it))
    }

    async fn try_to_order_refund(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, input): (PaymentId, &RefundInput),
    ) -> Result<Ordered, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        if let Some(before) = form.claim(self, &mut unit.write, caller).await? {
            return Ok(Ordered::Before(before));
        }
        // Held: who orders another one at the same time finds this one.
        let payment = unit.write.payment_for_update(id).await?;
        let order = order(&mut unit, &payment, input).await?;
        unit.write.insert_payment_refund(&order).await?;
        let data = json!({
            "id": order.id,
            "customer_id": order.customer_id,
            "payment_id": order.payment_id,
            "amount_minor": order.amount.minor(),
            "currency": order.amount.currency(),
            "reason": order.reason,
        });
        unit.event("refund.ordered", payment.id.uuid(), data);
        form.answer(&mut unit.write, caller, order.id.uuid()).await?;
        unit.commit().await?;
        Ok(Ordered::New(Box::new(order)))
    }

    async fn refund_to_balance(
        &self,
        caller: &Caller,
        form: &SentForm,
        (payment, input): (Payment, &RefundInput),
    ) -> Result<RefundView, Rejection> {
        let amount_minor = match input.amount_minor {
            Some(minor) => minor,
            None => {
                let mut read = self.inner.store.read(caller.organisation_id).await?;
                settled(&mut read, &payment).await?.parts.iter().map(|(_, minor)| minor).sum()
            }
        };
        let deed = PaymentDeed::Release { amount_minor };
        match self.change_payment(caller, form, (payment.id, &deed)).await? {
            Sent::Saved(_) => {
                let amount = Money::new(amount_minor, payment.currency);
                Ok(view::to_balance(&payment, amount, self.now()))
            }
            Sent::Otherwise => Err(sent_otherwise()),
        }
    }

    /// Takes what a provider gave back for what was asked for, where it is something else: of the
    /// orders of a payment that do not match. The answer is how many were booked.
    ///
    /// # Errors
    /// Where the caller may not, there is no such payment, or the machinery fails.
    pub async fn accept_refunds(&self, caller: &Caller, id: PaymentId) -> Result<usize, Rejection> {
        caller.require(PaymentRecord::EDITED_WITH)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        if read.payment(id).await?.is_none() {
            return Err(Rejection::NotFound("payment".to_owned()));
        }
        let orders = read.refund_orders_of(id).await?;
        drop(read);
        let mut count = 0;
        for it in orders.into_iter().filter(|it| it.mismatch.is_some()) {
            let open = gateways::open(self, caller.organisation_id, it.gateway_id).await?;
            count += usize::from(learn::as_told(self, caller, &open, &it).await?);
        }
        Ok(count)
    }
}

/// An order for what is left of a payment, which is held.
async fn order(
    unit: &mut Unit<'_>,
    payment: &Payment,
    input: &RefundInput,
) -> Result<PaymentRefund, Rejection> {
    let succeeded = payment.status == PaymentStatus::Succeeded;
    if payment.kind != PaymentKind::Payment || !succeeded {
        return Err(Rejection::conflict("status", "only payments that succeeded are given back"));
    }
    let gateway = payment.charge.as_ref().map(|charge| charge.gateway_id);
    let gateway_id = gateway.ok_or_else(no_gateway)?;
    let reason = line("reason", input.reason.as_deref())?;
    let free = free(&mut unit.write, payment).await?;
    let minor = input.amount_minor.unwrap_or(free.all_minor());
    let credited = free.credited_of(minor).filter(|_| (1..=free.all_minor()).contains(&minor));
    let Some(credited_minor) = credited else {
        let left = Money::new(free.all_minor(), payment.currency);
        let message = format!("must be more than 0, and at most {left} can still be refunded");
        return Err(Rejection::field("amount_minor", message));
    };
    let state = RefundState::Sent;
    Ok(PaymentRefund {
        id: RefundId::new(unit.now, unit.id_bytes()),
        payment_id: payment.id,
        customer_id: payment.customer_id,
        gateway_id,
        state,
        amount: Money::new(minor, payment.currency),
        credited_minor,
        reason,
        handle: None,
        decline: None,
        mismatch: None,
        refund_id: None,
        asked_at: unit.now,
        next_look_at: next_look(state, unit.now, unit.now),
        updated_at: unit.now,
    })
}

fn no_gateway() -> Rejection {
    Rejection::conflict("to", "the payment cannot be given back through a gateway; record a refund")
}

fn sent_otherwise() -> Rejection {
    Rejection::conflict("form", "was sent before with other values")
}
