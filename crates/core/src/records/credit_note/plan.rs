//! What an input makes of a credit note: pure, and before anything is written.

use jiff::Timestamp;
use portico_billing::CreditNoteId;
use portico_billing::account::Customer;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::{Invoice, InvoiceBody, InvoiceStatus};

use super::CreditNoteInput;
use crate::records::Rejection;
use crate::records::amount::whole_micros;
use crate::records::faults::Faults;
use crate::records::lines::{Rows, StatedTotals, Totals};

/// A checked input.
pub(super) struct Plan {
    created_at: Option<Timestamp>,
    note: CreditNote,
    body: InvoiceBody,
}

/// A credit note as it shall be.
pub(super) struct Planned {
    pub(super) note: CreditNote,
    pub(super) body: InvoiceBody,
}

impl Planned {
    /// Whether it is so already.
    pub(super) fn is(&self, note: &CreditNote, body: &InvoiceBody) -> bool {
        self.note == *note && self.body == *body
    }
}

impl Plan {
    /// Checks an input; all of its faults are told.
    pub(super) fn new(
        input: &CreditNoteInput,
        customer: &Customer,
        invoice: Option<&Invoice>,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        let mut faults = Faults::default();
        let natural = invoice.map_or(customer.currency, |invoice| invoice.currency);
        let currency = input.currency.unwrap_or(natural);
        if let Some(invoice) = invoice {
            if currency != invoice.currency {
                faults.add("currency", format!("the invoice is in {}", invoice.currency));
            }
            if invoice.status == InvoiceStatus::Draft {
                faults.add("invoice_id", "a draft cannot be credited; change it instead");
            }
        }
        let mut body = texts(input, &mut faults);
        let rows = Rows {
            lines: &input.lines,
            taxes: input.taxes.as_deref(),
            adjustments: &input.adjustments,
        };
        let totals = rows.assemble(currency, &mut body, &mut faults);
        check_totals(input, totals, &mut faults);
        let note = CreditNote {
            id: CreditNoteId::new(now, [0; 10]),
            customer_id: customer.id,
            invoice_id: invoice.map(|invoice| invoice.id),
            external_id: faults.external_id(input.external_id.as_deref()),
            number: faults.name("number", &input.number),
            status: input.status,
            currency,
            subtotal_minor: totals.subtotal,
            tax_minor: totals.tax,
            total_minor: totals.total,
            reason: faults.text("reason", input.reason.as_deref()),
            issued_on: input.issued_on,
            created_at: now,
            updated_at: now,
        };
        faults.refuse_any()?;
        Ok(Self { created_at: input.created_at.map(whole_micros), note, body })
    }

    /// A new credit note of it.
    pub(super) fn for_new(self, id: CreditNoteId) -> Planned {
        let created_at = self.created_at.unwrap_or(self.note.created_at);
        Planned { note: CreditNote { id, created_at, ..self.note }, body: self.body }
    }

    /// What it makes of a credit note that is there.
    pub(super) fn for_existing(
        &self,
        before: &CreditNote,
        body: &InvoiceBody,
    ) -> Result<Planned, Rejection> {
        let note = CreditNote {
            id: before.id,
            created_at: self.created_at.unwrap_or(before.created_at),
            updated_at: before.updated_at,
            ..self.note.clone()
        };
        if before.status == CreditNoteStatus::Void && note.status == CreditNoteStatus::Issued {
            return Err(Rejection::conflict("status", "a void credit note stays void"));
        }
        if let Some(field) = self.altered_part(before, body) {
            let message = "an issued credit note cannot change; void it and issue another";
            return Err(Rejection::conflict(field, message));
        }
        Ok(Planned { note, body: self.body.clone() })
    }

    /// The first part that may not change and that would change.
    fn altered_part(&self, old: &CreditNote, body: &InvoiceBody) -> Option<&'static str> {
        let new = &self.note;
        let figures = |it: &CreditNote| (it.subtotal_minor, it.tax_minor, it.total_minor);
        let parts = [
            ("customer_id", new.customer_id != old.customer_id),
            ("invoice_id", new.invoice_id != old.invoice_id),
            ("number", new.number != old.number),
            ("currency", new.currency != old.currency),
            ("issued_on", new.issued_on != old.issued_on),
            ("lines", self.body.lines != body.lines),
            ("adjustments", self.body.adjustments != body.adjustments),
            ("taxes", self.body.taxes != body.taxes),
            ("total_minor", figures(new) != figures(old)),
            ("seller", self.body.seller != body.seller),
            ("buyer", self.body.buyer != body.buyer),
            ("purchase_order", self.body.purchase_order != body.purchase_order),
        ];
        parts.into_iter().find_map(|(field, differs)| differs.then_some(field))
    }
}

fn texts(input: &CreditNoteInput, faults: &mut Faults) -> InvoiceBody {
    faults.metadata(&input.metadata);
    InvoiceBody {
        seller: input.seller.as_ref().map(|party| party.check("seller", faults)),
        buyer: input.buyer.as_ref().map(|party| party.check("buyer", faults)),
        purchase_order: faults.line("purchase_order", input.purchase_order.as_deref()),
        notes: faults.text("notes", input.notes.as_deref()),
        metadata: input.metadata.clone(),
        ..InvoiceBody::default()
    }
}

fn check_totals(input: &CreditNoteInput, totals: Totals, faults: &mut Faults) {
    if input.lines.is_empty() {
        faults.add("lines", "must not be empty");
    }
    if !faults.is_empty() {
        return;
    }
    let stated = StatedTotals {
        subtotal: input.subtotal_minor,
        tax: input.tax_minor,
        total: input.total_minor,
    };
    totals.check(stated, faults);
    if totals.total <= 0 {
        faults.add("total_minor", "must be positive: a credit note states what it gives back");
    }
}
