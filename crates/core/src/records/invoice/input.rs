//! What is sent for an invoice.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::invoice::{Instalment, Invoice, InvoiceBody, InvoiceStatus, Period};
use portico_billing::{Currency, Metadata};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::lines::{AdjustmentInput, LineInput, TaxInput};
use crate::records::parties::{PartyInput, PaymentInstructionsInput};

/// An invoice, as sent. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "external_id": "2026-0001",
    "customer_id": "crm-4711",
    "number": "INV-2026-0001",
    "status": "open",
    "currency": "EUR",
    "issued_on": "2026-05-01",
    "due_on": "2026-05-31",
    "lines": [
        {"description": "Team plan", "quantity": "3", "unit_price": "19.00", "tax_rate": "21"}
    ]
}))]
pub struct InvoiceInput {
    /// The organisation's own identifier: sent again, it names this invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Who owes it: our id of the customer, or its external id.
    pub customer_id: String,
    /// Number as printed, unique in the organisation. Only a draft may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// `draft`, `open` (also `approved`), `partially_paid`, `paid`, `void` or `uncollectible`.
    /// Which of open, partially paid and paid it is follows from what settled it; one sent as
    /// `paid` counts as paid in full even where no payment is recorded here.
    #[schema(value_type = String, example = "open")]
    pub status: InvoiceStatus,
    /// ISO 4217 code; the customer's currency where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "EUR")]
    pub currency: Option<Currency>,
    /// Date on the document.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// Last day to pay all of it; where absent, that of the last instalment, else `issued_on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Where it is paid in parts: at most 60, each day after the one before; they come to the
    /// total. What is paid fills them in their order. All of it is payable at once where there are
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 60)]
    pub instalments: Vec<InstalmentInput>,
    /// First day of the billing period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_start: Option<Date>,
    /// Day after the last one of the billing period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub period_end_exclusive: Option<Date>,
    /// Lines, in order; only a draft may have none.
    #[serde(default)]
    pub lines: Vec<LineInput>,
    /// Tax summary; computed from the rates of the lines where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<TaxInput>>,
    /// Allowances and charges on the whole document, part of the subtotal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<AdjustmentInput>,
    /// Lines and adjustments before tax. Where given, it must be what they add up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtotal_minor: Option<i64>,
    /// Tax. Where given, it must be what the taxes add up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_minor: Option<i64>,
    /// Subtotal and tax, not negative. Where given, it must be what they add up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_minor: Option<i64>,
    /// Paid before the document was issued, as it states (EN 16931 BT-113).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepaid_minor: Option<i64>,
    /// Paid by payments that are not recorded here. Where absent: all that is missing for one sent
    /// as `paid`, else nothing. Payments that are recorded later take its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_elsewhere_minor: Option<i64>,
    /// Who issued it; the organisation where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<PartyInput>,
    /// Who received it; the customer where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<PartyInput>,
    /// How to pay, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentInstructionsInput>,
    /// The buyer's order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order: Option<String>,
    /// Text for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The organisation's own data: up to 50 keys.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// When it was made, for history; now where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A part of an invoice with a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstalmentInput {
    /// Last day to pay it.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// How much it is, more than 0.
    #[schema(example = 5_000)]
    pub amount_minor: i64,
}

impl From<Instalment> for InstalmentInput {
    fn from(it: Instalment) -> Self {
        Self { due_on: it.due_on, amount_minor: it.amount_minor }
    }
}

impl InvoiceInput {
    /// What would be sent to get the invoice as it is. Totals are left out: they follow.
    pub(super) fn of(it: &Invoice, body: InvoiceBody) -> Self {
        let figures = it.figures;
        let some = |minor: i64| Some(minor).filter(|minor| *minor != 0);
        // One that is paid counts as paid for whatever reason: nothing more has to be said.
        let says_it_all = it.status == InvoiceStatus::Paid;
        Self {
            external_id: it.external_id.as_ref().map(ToString::to_string),
            customer_id: it.customer_id.to_string(),
            number: it.number.clone(),
            status: it.status,
            currency: Some(it.currency),
            issued_on: it.issued_on,
            // That of instalments follows from them: whoever changes these changes both.
            due_on: it.instalments.is_empty().then_some(it.due_on),
            instalments: it.instalments.iter().map(InstalmentInput::from).collect(),
            period_start: it.period.map(Period::start),
            period_end_exclusive: it.period.map(Period::end_exclusive),
            lines: body.lines.iter().map(|line| LineInput::of(line, it.currency)).collect(),
            taxes: TaxInput::all_of(&body),
            adjustments: body.adjustments.iter().map(AdjustmentInput::of).collect(),
            subtotal_minor: None,
            tax_minor: None,
            total_minor: None,
            prepaid_minor: some(figures.prepaid_minor),
            paid_elsewhere_minor: some(figures.paid_elsewhere_minor).filter(|_| !says_it_all),
            seller: body.seller.map(PartyInput::from),
            buyer: body.buyer.map(PartyInput::from),
            payment: Some(body.payment.into()),
            purchase_order: body.purchase_order,
            notes: body.notes,
            metadata: body.metadata,
            created_at: Some(it.created_at),
        }
    }
}
