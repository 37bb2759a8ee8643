//! Giving an invoice up: what is unpaid of it is a loss, and the customer owes it no more.

use portico_billing::InvoiceId;
use portico_billing::invoice::InvoiceStatus;
use serde_json::json;

use crate::records::invoice::InvoiceRecord;
use crate::records::{Record, RecordKey, Rejection, Sent, SentForm, Target, Unit, line, tried};
use crate::{Caller, Core};

impl Core {
    /// Gives up what is due of an invoice, the first time that the form is sent: it becomes
    /// uncollectible, and the ledger writes the rest off.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and the form may be sent again.
    pub async fn write_off_invoice(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, reason): (InvoiceId, &str),
    ) -> Result<Sent, Rejection> {
        caller.require(InvoiceRecord::EDITED_WITH)?;
        tried(|| self.try_to_write_off(caller, form, (id, reason))).await
    }

    async fn try_to_write_off(
        &self,
        caller: &Caller,
        form: &SentForm,
        (id, reason): (InvoiceId, &str),
    ) -> Result<Sent, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        if let Some(before) = form.claim(self, &mut unit.write, caller).await? {
            return Ok(before);
        }
        // Held: what is paid at the same time is paid, and not written off.
        unit.write.hold(InvoiceRecord::HELD, id.uuid()).await?;
        let missing = || Rejection::NotFound("invoice".to_owned());
        let before = unit.write.invoice(id).await?.ok_or_else(missing)?;
        let due = before.remaining();
        if !due.is_positive() {
            return Err(Rejection::conflict("status", "nothing is due of the invoice"));
        }
        let Some(reason) = line("reason", Some(reason))? else {
            return Err(Rejection::field("reason", "must not be empty"));
        };
        let key = RecordKey::new(id.to_string());
        let input = InvoiceRecord::as_input(&mut unit.write, &key).await?;
        let mut input = input.ok_or_else(missing)?;
        input.status = InvoiceStatus::Uncollectible;
        InvoiceRecord::save(&mut unit, Target::Existing(key), input).await?;
        let data = json!({
            "number": before.number,
            "customer_id": before.customer_id,
            "currency": before.currency,
            "written_off_minor": due.minor(),
            "reason": reason,
        });
        unit.event("invoice.written_off", id.uuid(), data);
        form.answer(&mut unit.write, caller, id.uuid()).await?;
        unit.commit().await?;
        Ok(Sent::Saved(id.uuid()))
    }
}
