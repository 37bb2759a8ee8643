//! Giving what a voucher is worth: voucher, balance, ledger, event and audit log in one unit of
//! work.

use portico_billing::ledger::Booking;
use portico_billing::payment::{Payment, PaymentKind, PaymentStatus};
use portico_billing::voucher::VoucherCredit;
use portico_billing::{CustomerId, Money, PaymentId};
use portico_store::StoreError;
use portico_store::voucher::Voucher;
use serde_json::{Value, json};

use crate::Failure;
use crate::records::Unit;

/// Credits what waited for a payment that succeeded just now. Vouchers whose least payment it does
/// not reach wait on.
pub(crate) async fn credit_waiting(unit: &mut Unit<'_>, payment: &Payment) -> Result<(), Failure> {
    let (kind, status) = (payment.kind, payment.status);
    if kind != PaymentKind::Payment || status != PaymentStatus::Succeeded {
        return Ok(());
    }
    let of = (payment.customer_id, payment.currency);
    for voucher in unit.write.waiting_vouchers(of, unit.now).await? {
        let paid = Money::new(payment.amount_minor, payment.currency);
        let Some(amount) = voucher.terms.credit_of(paid) else { continue };
        if credit(unit, &voucher, amount, Some(payment.id)).await? {
            let data = told(&voucher, payment.customer_id, Some(amount));
            unit.event("voucher.credited", voucher.id.uuid(), data);
        }
    }
    Ok(())
}

/// Credits an amount for a voucher that waits. The answer is whether it still did.
pub(super) async fn credit(
    unit: &mut Unit<'_>,
    voucher: &Voucher,
    amount: Money,
    payment: Option<PaymentId>,
) -> Result<bool, StoreError> {
    let credit = VoucherCredit { id: voucher.id, amount, at: unit.now };
    let Some(customer) = voucher.customer_id else { return Ok(false) };
    if !unit.write.credit_voucher(&credit, payment).await? {
        return Ok(false);
    }
    unit.book(customer, None, &Booking::of_voucher(&credit));
    Ok(true)
}

/// What events and the audit log tell of a voucher. Never its code.
pub(super) fn told(it: &Voucher, customer: CustomerId, credited: Option<Money>) -> Value {
    json!({
        "id": it.id,
        "batch_id": it.batch_id,
        "serial": it.serial,
        "customer_id": customer,
        "credited_minor": credited.map(Money::minor),
        "currency": it.terms.currency(),
    })
}
