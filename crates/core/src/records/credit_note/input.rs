//! What is sent for a credit note, and what is answered.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::invoice::InvoiceBody;
use portico_billing::{CreditNoteId, Currency, CustomerId, ExternalId, InvoiceId, Metadata};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::lines::{AdjustmentInput, LineInput, TaxInput};
use crate::records::parties::PartyInput;

/// A credit note, as sent. Amounts are positive minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "external_id": "CN-2026-0001",
    "customer_id": "crm-4711",
    "invoice_id": "INV-2026-0001",
    "number": "CN-2026-0001",
    "issued_on": "2026-05-12",
    "reason": "Service credit",
    "lines": [{"description": "Team plan", "unit_price": "19.00", "tax_rate": "21"}]
}))]
pub struct CreditNoteInput {
    /// The organisation's own identifier: sent again, it names this credit note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Who is credited: our id of the customer, or its external id.
    pub customer_id: String,
    /// The invoice that it corrects and settles: our id, its external id or its number. Absent for
    /// a free credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// Number as printed, unique in the organisation.
    pub number: String,
    /// `issued` or `void`; `issued` where absent.
    #[serde(default = "issued")]
    #[schema(value_type = Option<String>, example = "issued")]
    pub status: CreditNoteStatus,
    /// ISO 4217 code; the invoice's currency where absent, else the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// Date on the document.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Lines, in order, at least one; what is given back is positive.
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
    /// Subtotal and tax, positive. Where given, it must be what they add up to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_minor: Option<i64>,
    /// Who issued it; the organisation where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<PartyInput>,
    /// Who received it; the customer where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<PartyInput>,
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

/// A credit note, as it is. Amounts are positive minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CreditNoteOutput {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: CreditNoteId,
    /// The organisation's own identifier.
    #[schema(value_type = Option<String>)]
    pub external_id: Option<ExternalId>,
    /// Who is credited.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// The invoice that it corrects.
    #[schema(value_type = Option<String>)]
    pub invoice_id: Option<InvoiceId>,
    /// Number as printed.
    pub number: String,
    /// `issued` or `void`.
    #[schema(value_type = String)]
    pub status: CreditNoteStatus,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Lines and adjustments before tax.
    pub subtotal_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// What it gives back in all.
    pub total_minor: i64,
    /// Date on the document.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// Why.
    pub reason: Option<String>,
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

const fn issued() -> CreditNoteStatus {
    CreditNoteStatus::Issued
}

impl CreditNoteInput {
    /// What would be sent to get the credit note as it is. Totals are left out: they follow.
    pub(super) fn of(it: CreditNote, body: InvoiceBody) -> Self {
        Self {
            external_id: it.external_id.map(|id| id.to_string()),
            customer_id: it.customer_id.to_string(),
            invoice_id: it.invoice_id.map(|id| id.to_string()),
            number: it.number,
            status: it.status,
            currency: Some(it.currency),
            issued_on: it.issued_on,
            reason: it.reason,
            lines: body.lines.iter().map(|line| LineInput::of(line, it.currency)).collect(),
            taxes: TaxInput::all_of(&body),
            adjustments: body.adjustments.iter().map(AdjustmentInput::of).collect(),
            subtotal_minor: None,
            tax_minor: None,
            total_minor: None,
            seller: body.seller.map(PartyInput::from),
            buyer: body.buyer.map(PartyInput::from),
            purchase_order: body.purchase_order,
            notes: body.notes,
            metadata: body.metadata,
            created_at: Some(it.created_at),
        }
    }
}

impl CreditNoteOutput {
    pub(super) fn new(it: CreditNote, body: InvoiceBody) -> Self {
        Self {
            id: it.id,
            external_id: it.external_id,
            customer_id: it.customer_id,
            invoice_id: it.invoice_id,
            number: it.number,
            status: it.status,
            currency: it.currency,
            subtotal_minor: it.subtotal_minor,
            tax_minor: it.tax_minor,
            total_minor: it.total_minor,
            issued_on: it.issued_on,
            reason: it.reason,
            lines: body.lines.iter().map(|line| LineInput::of(line, it.currency)).collect(),
            taxes: body.taxes.iter().map(TaxInput::of).collect(),
            adjustments: body.adjustments.iter().map(AdjustmentInput::of).collect(),
            seller: body.seller.map(PartyInput::from),
            buyer: body.buyer.map(PartyInput::from),
            purchase_order: body.purchase_order,
            notes: body.notes,
            metadata: body.metadata,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}
