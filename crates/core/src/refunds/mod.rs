//! Giving payments back through their gateways, and money that gateways took by themselves.
//!
//! An order is stored before the gateway is asked, and no transaction is open meanwhile. Whatever
//! tells how it stands (the answer, the clock, a notice, what the gateway took in all) is learned
//! in one place, and money is booked in one place: each movement once, by the provider's
//! identifier.

mod ask;
mod book;
mod learn;
mod look;
mod order;
mod view;
mod watch;

pub(crate) use look::look;
pub use order::{RefundInput, RefundTo};
pub use portico_store::payment_reversal::FlaggedReversal;
pub use view::{PaymentReturns, RefundView, TakenView};
pub(crate) use watch::begin as begin_looks;

use portico_billing::payment::{Payment, PaymentStatus};
use portico_billing::refund::Left;
use portico_store::{Read, StoreError};

/// What is left of a payment, without what open orders ask for.
async fn left(read: &mut Read, payment: &Payment) -> Result<Left, StoreError> {
    let refunds = read.refunds_of_payment(payment.id).await?;
    let given = refunds.iter().filter(|it| it.status == PaymentStatus::Succeeded);
    let on_top = given.fold(0_i64, |sum, it| sum.saturating_add(it.on_top_minor()));
    Ok(Left {
        credited_minor: payment.refundable_minor(),
        on_top_minor: payment.on_top_minor().saturating_sub(on_top).max(0),
    })
}

/// What is left of a payment that nobody has asked for yet (PAY-06).
async fn free(read: &mut Read, payment: &Payment) -> Result<Left, StoreError> {
    let left = left(read, payment).await?;
    let reserved = read.reserved_refunds(payment.id).await?;
    Ok(Left {
        credited_minor: left.credited_minor.saturating_sub(reserved.credited_minor).max(0),
        on_top_minor: left.on_top_minor.saturating_sub(reserved.on_top_minor).max(0),
    })
}
