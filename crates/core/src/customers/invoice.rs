//! What settled an invoice, and what a payment can still settle.

use portico_billing::invoice::{InvoiceStatus, InvoiceSummary};
use portico_billing::{CustomerId, InvoiceId, Money};
use portico_core_api::{AppliedCredit, AppliedCreditNote, AppliedPayment};

use crate::invoices::applied_credit;
use crate::records::invoice::{InvoiceOutput, InvoiceRecord};
use crate::records::{Record, RecordKey, Rejection, Target, Unit};
use crate::settings::next_invoice_number;
use crate::{Caller, Core};

/// Unpaid invoices that a payment is offered at most.
const OFFERED: u16 = 25;

/// What settled an invoice.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    /// Payments, with the part of each.
    pub payments: Vec<AppliedPayment>,
    /// Credit notes.
    pub credit_notes: Vec<AppliedCreditNote>,
    /// Vouchers, and credit notes for no invoice.
    pub credits: Vec<AppliedCredit>,
}

impl Core {
    /// What settled an invoice.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn invoice_settlement(
        &self,
        caller: &Caller,
        id: InvoiceId,
    ) -> Result<Settlement, Rejection> {
        let mut read = self.read_as(caller).await?;
        let Some(invoice) = read.invoice(id).await? else { return Ok(Settlement::default()) };
        let payments = read.payments_of_invoice(id).await?;
        let payments = payments.into_iter().map(|it| AppliedPayment {
            id: it.id,
            paid_at: it.paid_at,
            method_label: it.method_label,
            method: it.method,
            amount: Money::new(it.amount_minor, invoice.currency),
        });
        let credit_notes = read.credit_notes_of_invoice(id).await?;
        let credit_notes = credit_notes.into_iter().map(|note| AppliedCreditNote {
            id: note.id,
            number: note.number,
            issued_on: note.issued_on,
            amount: Money::new(note.total_minor, note.currency),
        });
        let credits = applied_credit(&mut read, &invoice).await?;
        Ok(Settlement {
            payments: payments.collect(),
            credit_notes: credit_notes.collect(),
            credits,
        })
    }

    /// Issues a draft, under `number` or, where none is given, the next one of the organisation.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and no number is used up.
    pub async fn approve_invoice(
        &self,
        caller: &Caller,
        id: InvoiceId,
        number: Option<String>,
    ) -> Result<InvoiceOutput, Rejection> {
        caller.require(InvoiceRecord::EDITED_WITH)?;
        let key = RecordKey::new(id.to_string());
        let mut unit = Unit::begin(self, caller).await?;
        // Who approves it at the same time finds it issued, and gets its number, not another one.
        unit.write.hold(InvoiceRecord::HELD, id.uuid()).await?;
        let input = InvoiceRecord::as_input(&mut unit.write, &key).await?;
        let mut input = input.ok_or_else(|| Rejection::NotFound("invoice".to_owned()))?;
        input.number = match number.or(input.number) {
            Some(number) => Some(number),
            None => Some(next_invoice_number(&mut unit.write).await?),
        };
        input.status = InvoiceStatus::Open;
        let saved = InvoiceRecord::save(&mut unit, Target::Existing(key), input).await?;
        unit.commit().await?;
        Ok(saved.output)
    }

    /// The invoices of a customer that a payment can settle, due or not: those first of which most
    /// remains.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn payable_invoices(
        &self,
        caller: &Caller,
        id: CustomerId,
    ) -> Result<Vec<InvoiceSummary>, Rejection> {
        Ok(self.read_as(caller).await?.most_remaining(id, OFFERED).await?)
    }
}
