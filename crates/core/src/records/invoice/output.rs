//! What is answered of an invoice.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::invoice::{
    InstalmentState, Invoice, InvoiceBody, InvoiceStatus, OpenInstalment, Period,
};
use portico_billing::{Currency, CustomerId, ExternalId, InvoiceId, Metadata};
use serde::Serialize;
use utoipa::ToSchema;

use crate::records::lines::{AdjustmentInput, LineInput, TaxInput};
use crate::records::parties::{PartyInput, PaymentInstructionsInput};

/// An invoice, as it is. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvoiceOutput {
    /// Identifier.
    #[schema(value_type = String, example = "inv_0196d8a2f1c07d0b8a6b1c2d3e4f5061")]
    pub id: InvoiceId,
    /// The organisation's own identifier.
    #[schema(value_type = Option<String>)]
    pub external_id: Option<ExternalId>,
    /// Who owes it.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Number as printed.
    pub number: Option<String>,
    /// `draft`, `open`, `partially_paid`, `paid`, `void` or `uncollectible`.
    #[schema(value_type = String)]
    pub status: InvoiceStatus,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Lines and adjustments before tax.
    pub subtotal_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// What it asks for in all.
    pub total_minor: i64,
    /// Settled by payments that are recorded here, and by credit of the customer.
    pub paid_minor: i64,
    /// Settled by payments that are not recorded here.
    pub paid_elsewhere_minor: i64,
    /// Settled by credit notes.
    pub credited_minor: i64,
    /// Paid before the document was issued.
    pub prepaid_minor: i64,
    /// What is due today: all that remains or, of instalments, those whose day has come.
    pub due_minor: i64,
    /// Still to be paid in all, due or not.
    pub remaining_minor: i64,
    /// Date on the document.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// Last day to pay all of it.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Last day to pay what is to be paid next: that of the first instalment that is open.
    #[schema(value_type = String, format = Date)]
    pub next_due_on: Date,
    /// The parts that it is paid in, in order; none where all of it is payable at once.
    pub instalments: Vec<InstalmentOutput>,
    /// First day of the billing period.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one of the billing period.
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Lines, in order.
    pub lines: Vec<LineInput>,
    /// Tax summary.
    pub taxes: Vec<TaxInput>,
    /// Allowances and charges on the whole document.
    pub adjustments: Vec<AdjustmentInput>,
    /// Who issued it, where the document says so.
    pub seller: Option<PartyInput>,
    /// Who received it, where the document says so.
    pub buyer: Option<PartyInput>,
    /// How to pay.
    pub payment: PaymentInstructionsInput,
    /// The buyer's order number.
    pub purchase_order: Option<String>,
    /// Text for the customer.
    pub notes: Option<String>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A part of an invoice with a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct InstalmentOutput {
    /// Last day to pay it.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// How much it is.
    pub amount_minor: i64,
    /// What of it is still to be paid.
    pub open_minor: i64,
    /// `paid`, `overdue`, `due` (today is its day), `upcoming`, or `closed` where the invoice is a
    /// draft, void or uncollectible.
    #[schema(value_type = String)]
    pub state: InstalmentState,
}

impl InstalmentOutput {
    fn new(it: OpenInstalment, expected: bool, today: Date) -> Self {
        let OpenInstalment { due_on, amount_minor, open_minor } = it;
        Self { due_on, amount_minor, open_minor, state: it.state(expected, today) }
    }
}

impl InvoiceOutput {
    /// The invoice as it is on the day `today`.
    pub(super) fn new(it: Invoice, body: InvoiceBody, today: Date) -> Self {
        let (figures, expected) = (it.figures, it.status.is_payable());
        let open = it.open_instalments().into_iter();
        Self {
            id: it.id,
            customer_id: it.customer_id,
            status: it.status,
            currency: it.currency,
            subtotal_minor: figures.subtotal_minor,
            tax_minor: figures.tax_minor,
            total_minor: figures.total_minor,
            paid_minor: figures.paid_minor,
            paid_elsewhere_minor: figures.paid_elsewhere_minor,
            credited_minor: figures.credited_minor,
            prepaid_minor: figures.prepaid_minor,
            due_minor: it.due(today).minor(),
            remaining_minor: it.remaining().minor(),
            issued_on: it.issued_on,
            due_on: it.due_on,
            next_due_on: it.next_due_on(),
            instalments: open.map(|it| InstalmentOutput::new(it, expected, today)).collect(),
            period_start: it.period.map(Period::start),
            period_end_exclusive: it.period.map(Period::end_exclusive),
            lines: body.lines.iter().map(|line| LineInput::of(line, it.currency)).collect(),
            taxes: body.taxes.iter().map(TaxInput::of).collect(),
            adjustments: body.adjustments.iter().map(AdjustmentInput::of).collect(),
            seller: body.seller.map(PartyInput::from),
            buyer: body.buyer.map(PartyInput::from),
            payment: body.payment.into(),
            purchase_order: body.purchase_order,
            notes: body.notes,
            metadata: body.metadata,
            created_at: it.created_at,
            updated_at: it.updated_at,
            external_id: it.external_id,
            number: it.number,
        }
    }

    /// The same on another day.
    pub(super) fn on(mut self, today: Date) -> Self {
        let expected = self.status.is_payable();
        for part in &mut self.instalments {
            let InstalmentOutput { due_on, amount_minor, open_minor, .. } = *part;
            let it = OpenInstalment { due_on, amount_minor, open_minor };
            *part = InstalmentOutput::new(it, expected, today);
        }
        if expected && !self.instalments.is_empty() {
            let due = self.instalments.iter().filter(|it| it.due_on <= today);
            self.due_minor = due.fold(0_i64, |sum, it| sum.saturating_add(it.open_minor));
        }
        self
    }
}
