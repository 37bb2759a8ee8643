//! What an input makes of an invoice: pure, and before anything is written.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::InvoiceId;
use portico_billing::account::Customer;
use portico_billing::invoice::{
    INSTALMENTS_MAX, Instalment, InstalmentFault, Instalments, Invoice, InvoiceBody,
    InvoiceFigures, InvoiceStatus,
};

use super::{InstalmentInput, InvoiceInput};
use crate::records::Rejection;
use crate::records::amount::{check_minor, whole_micros};
use crate::records::faults::Faults;
use crate::records::lines::{Rows, StatedTotals, Totals, period};
use crate::records::parties::PaymentInstructionsInput;

/// A checked input: the invoice as it would be with nothing settled yet.
pub(super) struct Plan {
    wanted: InvoiceStatus,
    paid_elsewhere: Option<i64>,
    created_at: Option<Timestamp>,
    invoice: Invoice,
    body: InvoiceBody,
}

/// An invoice as it shall be.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) invoice: Invoice,
    pub(super) body: InvoiceBody,
}

impl Planned {
    /// Whether it is so already.
    pub(super) fn is(&self, invoice: &Invoice, body: &InvoiceBody) -> bool {
        self.invoice == *invoice && self.body == *body
    }
}

impl Plan {
    /// Checks an input; all of its faults are told.
    pub(super) fn new(
        input: &InvoiceInput,
        customer: &Customer,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        let mut faults = Faults::default();
        let currency = input.currency.unwrap_or(customer.currency);
        let mut body = texts(input, &mut faults);
        let rows = Rows {
            lines: &input.lines,
            taxes: input.taxes.as_deref(),
            adjustments: &input.adjustments,
        };
        let totals = rows.assemble(currency, &mut body, &mut faults);
        let figures = figures(input, totals, &mut faults);
        let instalments = instalments(input, totals, &mut faults);
        let number = faults.line("number", input.number.as_deref());
        if input.status != InvoiceStatus::Draft {
            check_issued(input, number.is_none(), &mut faults);
        }
        let ends = (input.period_start, input.period_end_exclusive);
        let invoice = Invoice {
            id: InvoiceId::new(now, [0; 10]),
            customer_id: customer.id,
            external_id: faults.external_id(input.external_id.as_deref()),
            number,
            status: input.status,
            currency,
            figures,
            issued_on: input.issued_on,
            due_on: due_on(input, &instalments, &mut faults),
            instalments,
            period: period("period", ends, &mut faults),
            created_at: now,
            updated_at: now,
        };
        faults.refuse_any()?;
        Ok(Self {
            wanted: input.status,
            paid_elsewhere: input.paid_elsewhere_minor,
            created_at: input.created_at.map(whole_micros),
            invoice,
            body,
        })
    }

    /// A new invoice of it.
    pub(super) fn for_new(&self, id: InvoiceId) -> Result<Planned, Rejection> {
        let mut invoice = Invoice { id, ..self.invoice.clone() };
        invoice.created_at = self.created_at.unwrap_or(invoice.created_at);
        self.settle(&mut invoice)?;
        Ok(Planned { invoice, body: self.body.clone() })
    }

    /// What it makes of an invoice that is there.
    pub(super) fn for_existing(
        &self,
        before: &Invoice,
        body: &InvoiceBody,
    ) -> Result<Planned, Rejection> {
        let mut invoice = Invoice {
            id: before.id,
            created_at: self.created_at.unwrap_or(before.created_at),
            updated_at: before.updated_at,
            ..self.invoice.clone()
        };
        invoice.figures.paid_minor = before.figures.paid_minor;
        invoice.figures.credited_minor = before.figures.credited_minor;
        self.settle(&mut invoice)?;
        if before.status != InvoiceStatus::Draft {
            self.check_transition(before, &invoice)?;
            if let Some(field) = self.altered_part(before, body) {
                let message = "an issued invoice cannot change; issue a credit note";
                return Err(Rejection::conflict(field, message));
            }
        }
        Ok(Planned { invoice, body: self.body.clone() })
    }

    /// Derives state and what was paid elsewhere from the money.
    fn settle(&self, invoice: &mut Invoice) -> Result<(), Rejection> {
        let open = invoice.figures.allocatable_minor();
        let implied = if self.wanted == InvoiceStatus::Paid { open } else { 0 };
        invoice.figures.paid_elsewhere_minor = self.paid_elsewhere.unwrap_or(implied).min(open);
        invoice.status = invoice.figures.settle(self.wanted);
        if self.wanted == InvoiceStatus::Void && invoice.figures.paid_minor > 0 {
            let message = "payments settled a part of it; refund them or issue a credit note";
            return Err(Rejection::conflict("status", message));
        }
        Ok(())
    }

    fn check_transition(&self, before: &Invoice, after: &Invoice) -> Result<(), Rejection> {
        let message = match (before.status, after.status) {
            (_, InvoiceStatus::Draft) => "an issued invoice cannot become a draft again",
            (InvoiceStatus::Void, status) if status != InvoiceStatus::Void => {
                "a void invoice stays void"
            }
            _ => return Ok(()),
        };
        Err(Rejection::conflict("status", message))
    }

    /// The first part that an issued invoice may not change and that would change.
    fn altered_part(&self, before: &Invoice, body: &InvoiceBody) -> Option<&'static str> {
        let (new, old) = (&self.invoice, before);
        let figures = |it: &InvoiceFigures| (it.subtotal_minor, it.tax_minor, it.total_minor);
        let parts = [
            ("customer_id", new.customer_id != old.customer_id),
            ("number", new.number != old.number),
            ("currency", new.currency != old.currency),
            ("issued_on", new.issued_on != old.issued_on),
            ("period_start", new.period != old.period),
            ("lines", self.body.lines != body.lines),
            ("adjustments", self.body.adjustments != body.adjustments),
            ("taxes", self.body.taxes != body.taxes),
            ("total_minor", figures(&new.figures) != figures(&old.figures)),
            ("prepaid_minor", new.figures.prepaid_minor != old.figures.prepaid_minor),
            ("seller", self.body.seller != body.seller),
            ("buyer", self.body.buyer != body.buyer),
            ("purchase_order", self.body.purchase_order != body.purchase_order),
        ];
        parts.into_iter().find_map(|(field, differs)| differs.then_some(field))
    }
}

fn texts(input: &InvoiceInput, faults: &mut Faults) -> InvoiceBody {
    faults.metadata(&input.metadata);
    let instructions = PaymentInstructionsInput::default();
    InvoiceBody {
        seller: input.seller.as_ref().map(|party| party.check("seller", faults)),
        buyer: input.buyer.as_ref().map(|party| party.check("buyer", faults)),
        payment: input.payment.as_ref().unwrap_or(&instructions).check(faults),
        purchase_order: faults.line("purchase_order", input.purchase_order.as_deref()),
        notes: faults.text("notes", input.notes.as_deref()),
        metadata: input.metadata.clone(),
        ..InvoiceBody::default()
    }
}

fn figures(input: &InvoiceInput, totals: Totals, faults: &mut Faults) -> InvoiceFigures {
    if faults.is_empty() {
        let stated = StatedTotals {
            subtotal: input.subtotal_minor,
            tax: input.tax_minor,
            total: input.total_minor,
        };
        totals.check(stated, faults);
    }
    if totals.total < 0 {
        faults.add("total_minor", "is negative: issue a credit note instead");
    }
    let settled = [
        ("prepaid_minor", input.prepaid_minor),
        ("paid_elsewhere_minor", input.paid_elsewhere_minor),
    ];
    for (field, minor) in settled {
        let minor = minor.map_or(0, |minor| check_minor(field, minor, faults));
        if minor < 0 || minor > totals.total.max(0) && faults.is_empty() {
            faults.add(field, format!("must lie between 0 and the total, {}", totals.total));
        }
    }
    InvoiceFigures {
        subtotal_minor: totals.subtotal,
        tax_minor: totals.tax,
        total_minor: totals.total,
        prepaid_minor: input.prepaid_minor.unwrap_or(0),
        ..InvoiceFigures::default()
    }
}

/// The parts that it is paid in; none where something is wrong with them.
fn instalments(input: &InvoiceInput, totals: Totals, faults: &mut Faults) -> Instalments {
    for (place, it) in input.instalments.iter().enumerate().take(INSTALMENTS_MAX) {
        check_minor(&format!("instalments.{place}.amount_minor"), it.amount_minor, faults);
    }
    let part =
        |it: &InstalmentInput| Instalment { due_on: it.due_on, amount_minor: it.amount_minor };
    let list = input.instalments.iter().map(part).collect();
    // Where the total is wrong, nobody can say what they should come to.
    let known = faults.is_empty();
    let (field, message) = match Instalments::new(list, totals.total) {
        Ok(instalments) => return instalments,
        Err(InstalmentFault::OtherSum { .. }) if !known => return Instalments::default(),
        Err(InstalmentFault::TooMany) => {
            ("instalments".to_owned(), format!("must have at most {INSTALMENTS_MAX} entries"))
        }
        Err(InstalmentFault::NoAmount { place }) => {
            (format!("instalments.{place}.amount_minor"), "must be more than 0".to_owned())
        }
        Err(InstalmentFault::OutOfOrder { place }) => {
            let message = "must be after the day of the instalment before";
            (format!("instalments.{place}.due_on"), message.to_owned())
        }
        Err(InstalmentFault::OtherSum { sum_minor }) => {
            let message = format!("come to {sum_minor}, but the total is {}", totals.total);
            ("instalments".to_owned(), message)
        }
    };
    faults.add(field, message);
    Instalments::default()
}

/// The last day to pay all of it.
fn due_on(input: &InvoiceInput, instalments: &Instalments, faults: &mut Faults) -> Date {
    let last = instalments.last_day();
    if let Some(last) = last
        && input.due_on.is_some_and(|stated| stated != last)
    {
        faults.add("due_on", format!("must be the day of the last instalment, {last}"));
    }
    last.or(input.due_on).unwrap_or(input.issued_on)
}

/// What only drafts may lack.
fn check_issued(input: &InvoiceInput, no_number: bool, faults: &mut Faults) {
    if no_number {
        faults.add("number", "must be given unless the status is `draft`");
    }
    if input.lines.is_empty() {
        faults.add("lines", "must be given unless the status is `draft`");
    }
    let paid = input.paid_elsewhere_minor.unwrap_or(0) > 0;
    if paid && input.status == InvoiceStatus::Void {
        faults.add("paid_elsewhere_minor", "a void invoice is not paid");
    }
}
