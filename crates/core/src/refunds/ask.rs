//! Asking a gateway. No transaction is open here.

use portico_billing::Money;
use portico_billing::payment::Charge;
use portico_gateways::{GatewayError, RefundOrder, Returned};
use portico_store::payment_refund::PaymentRefund;

use crate::gateways::OpenGateway;
use crate::{Core, Failure};

/// What is asked: to give money back, or how that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// It is asked for, once.
    GiveBack,
    /// It was asked for.
    LookUp,
}

/// Asks the gateway. What it knows nothing of is `None`.
pub(super) async fn gateway(
    core: &Core,
    open: &OpenGateway,
    it: &PaymentRefund,
    question: Question,
) -> Result<Result<Option<Returned>, GatewayError>, Failure> {
    let charge = charge(core, open, it).await?;
    let reference = it.reference();
    let order = RefundOrder {
        reference: &reference,
        charge: &charge.id,
        money: it.amount,
        charged: Money::new(charge.charged_minor, it.amount.currency()),
        // Who wants them knows them of the charge.
        last4: None,
        since: it.asked_at,
        now: core.now(),
    };
    let refunds = open.gateway.refunds().ok_or(Failure::Missing("refunds"))?;
    Ok(match question {
        Question::GiveBack => refunds.refund(&order).await.map(Some),
        Question::LookUp => refunds.look_up_refund(&order).await,
    })
}

async fn charge(core: &Core, open: &OpenGateway, it: &PaymentRefund) -> Result<Charge, Failure> {
    let mut read = core.inner.store.read(open.record.organisation_id).await?;
    let payment = read.payment(it.payment_id).await?.ok_or(Failure::Missing("payment"))?;
    payment.charge.ok_or(Failure::Missing("charge of a payment"))
}
