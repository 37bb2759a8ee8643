//! What the staff does with a payment that is recorded: each once, however often its form is sent.

use jiff::Timestamp;
use portico_billing::ledger::Booking;
use portico_billing::payment::{Payment, PaymentStatus};
use portico_billing::{InvoiceId, PaymentId};
use serde_json::json;

use super::{AllocationInput, PaymentRecord, parts};
use crate::records::{
    Record, RecordKey, Rejection, Sent, SentForm, Target, Unit, invoice, line, tried,
};
use crate::{Caller, Core};

/// What is done with a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentDeed {
    /// One that is on its way has arrived.
    Confirm {
        /// When.
        paid_at: Timestamp,
        /// What it settles, minor units.
        parts: Vec<(InvoiceId, i64)>,
    },
    /// It never was, or will not be.
    Cancel {
        /// Why, for the staff.
        reason: String,
    },
    /// It settles these invoices and no others.
    Allocate {
        /// By how much each, minor units.
        parts: Vec<(InvoiceId, i64)>,
    },
    /// So much of what it settles becomes credit of the customer.
    Release {
        /// Minor units.
        amount_minor: i64,
    },
}

impl Core {
    /// Does something with a payment, the first time that the form is sent.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and the form may be sent again.
    pub async fn change_payment(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, deed): (PaymentId, &PaymentDeed),
    ) -> Result<Sent, Rejection> {
        caller.require(PaymentRecord::EDITED_WITH)?;
        tried(|| self.try_to_change_payment(caller, form, (id, deed))).await
    }

    async fn try_to_change_payment(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, deed): (PaymentId, &PaymentDeed),
    ) -> Result<Sent, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        if let Some(before) = form.claim(self, &mut unit.write, caller).await? {
            return Ok(before);
        }
        if unit.write.payment(id).await?.is_none() {
            return Err(Rejection::NotFound("payment".to_owned()));
        }
        let payment = unit.write.payment_for_update(id).await?;
        match deed {
            PaymentDeed::Confirm { paid_at, parts } => {
                confirm(&mut unit, &payment, (*paid_at, parts)).await?;
            }
            PaymentDeed::Cancel { reason } => cancel(&mut unit, &payment, reason).await?,
            PaymentDeed::Allocate { parts } => {
                parts::allocate(&mut unit, &payment, parts).await?;
            }
            PaymentDeed::Release { amount_minor } => {
                parts::release(&mut unit, &payment, *amount_minor).await?;
            }
        }
        form.answer(&mut unit.write, caller, id.uuid()).await?;
        unit.commit().await?;
        Ok(Sent::Saved(id.uuid()))
    }
}

/// It becomes a payment that succeeded, as if the organisation's software said so.
async fn confirm(
    unit: &mut Unit<'_>,
    payment: &Payment,
    (paid_at, parts): (Timestamp, &[(InvoiceId, i64)]),
) -> Result<(), Rejection> {
    if !payment.may_be_confirmed() {
        return Err(Rejection::conflict("status", "only what is on its way can be confirmed"));
    }
    let key = RecordKey::new(payment.id.to_string());
    let input = PaymentRecord::as_input(&mut unit.write, &key).await?;
    let mut input = input.ok_or_else(|| Rejection::NotFound("payment".to_owned()))?;
    input.status = PaymentStatus::Succeeded;
    input.paid_at = paid_at;
    let part = |(id, amount_minor): &(InvoiceId, i64)| AllocationInput {
        invoice_id: id.to_string(),
        amount_minor: *amount_minor,
    };
    input.allocations = Some(parts.iter().map(part).collect());
    PaymentRecord::save(unit, Target::Existing(key), input).await.map(drop)
}

/// What was recorded is taken back: its invoices are due again, and the ledger says so.
async fn cancel(unit: &mut Unit<'_>, payment: &Payment, reason: &str) -> Result<(), Rejection> {
    if !payment.may_be_cancelled() {
        let message = "money moved by it: it can be refunded, not cancelled";
        return Err(Rejection::conflict("status", message));
    }
    let reason = line("reason", Some(reason))?;
    let after =
        Payment { status: PaymentStatus::Cancelled, updated_at: unit.now, ..payment.clone() };
    unit.write.update_payment(&after).await?;
    if payment.status == PaymentStatus::Succeeded {
        let settled = unit.write.allocations(payment.id).await?;
        unit.write.put_allocations(payment.id, &[]).await?;
        for part in settled {
            invoice::settle(unit, part.invoice_id, (-part.amount_minor, 0)).await?;
        }
    }
    unit.write.recount_payment(payment.id).await?;
    let (old, new) = (Booking::of_payment(payment), Booking::of_payment(&after));
    unit.book(payment.customer_id, Some(&old), &new);
    let data = json!({
        "id": payment.id,
        "customer_id": payment.customer_id,
        "status": after.status,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reason": reason,
    });
    let old = json!({"status": payment.status});
    let new = json!({"status": after.status, "reason": reason});
    unit.change("payment.cancelled", payment.id.uuid(), data, (&old, &new));
    Ok(())
}
