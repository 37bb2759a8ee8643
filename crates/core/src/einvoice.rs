//! Electronic invoices as records: what an importer saves for one that was read.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::Metadata;
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::invoice::{Adjustment, InvoiceStatus, Period};
use portico_documents::einvoice::{DocumentKind, ReadInvoice, ReadParty};

use crate::records::address::{AddressInput, TaxIdInput};
use crate::records::credit_note::CreditNoteInput;
use crate::records::customer::CustomerInput;
use crate::records::invoice::InvoiceInput;
use crate::records::{AdjustmentInput, LineInput, PartyInput, TaxInput};

/// The records that an electronic invoice makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EInvoiceRecords {
    /// Who is billed. To be saved only where there is no customer with its external id: one that is
    /// there knows better than an old invoice.
    pub customer: CustomerInput,
    /// The document itself; its number is its external id.
    pub document: EInvoiceDocument,
}

/// The document of an electronic invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EInvoiceDocument {
    /// Asks for money.
    Invoice(Box<InvoiceInput>),
    /// Gives it back.
    CreditNote(Box<CreditNoteInput>),
}

impl From<ReadInvoice> for EInvoiceRecords {
    fn from(mut read: ReadInvoice) -> Self {
        // What is to be paid is what counts: rounding it (EN 16931 BT-114) is one more adjustment.
        let rounding = read.totals.rounding.minor();
        if rounding != 0 {
            let reason = "Rounding".to_owned();
            read.adjustments.push(Adjustment { reason, amount_minor: rounding });
        }
        let customer = customer(&read);
        let customer_id = customer.external_id.clone().unwrap_or_default();
        let document = match read.kind {
            DocumentKind::Invoice => {
                EInvoiceDocument::Invoice(Box::new(invoice(read, customer_id)))
            }
            DocumentKind::CreditNote => {
                EInvoiceDocument::CreditNote(Box::new(credit_note(read, customer_id)))
            }
        };
        Self { customer, document }
    }
}

/// What the buyer is known by: an identifier that it goes by in invoices, a tax id, its number in
/// the register, or at last its name.
fn external_id(buyer: &ReadParty) -> String {
    let identifier = buyer.identifiers.first().map(|it| match &it.scheme {
        Some(scheme) => format!("{scheme}:{}", it.value),
        None => it.value.clone(),
    });
    let tax_id = || buyer.party.tax_ids.first().map(|it| format!("{}:{}", it.kind, it.value));
    let registered =
        || buyer.registration_number.as_ref().map(|number| format!("registration:{number}"));
    let name = || {
        let words: Vec<String> =
            buyer.party.name.split_whitespace().map(str::to_lowercase).collect();
        format!("name:{}", words.join("-"))
    };
    let id = identifier.or_else(tax_id).or_else(registered).unwrap_or_else(name);
    id.chars().take(200).collect()
}

fn customer(read: &ReadInvoice) -> CustomerInput {
    let ReadParty { party, trading_name, registration_number, phone, .. } = &read.buyer;
    CustomerInput {
        external_id: Some(external_id(&read.buyer)),
        brand_id: None,
        kind: None,
        name: trading_name.as_ref().unwrap_or(&party.name).clone(),
        legal_name: Some(party.name.clone()),
        registration_number: registration_number.clone(),
        email: party.email.clone(),
        phone: phone.clone(),
        language: None,
        time_zone: None,
        currency: Some(read.currency.to_string()),
        status: None,
        debit_limit_minor: None,
        billing_address: Some(AddressInput::of(&party.address)),
        shipping_address: None,
        tax_ids: Some(TaxIdInput::all_of(&party.tax_ids)),
        metadata: None,
        created_at: Some(midnight(read.issued_on)),
    }
}

fn invoice(read: ReadInvoice, customer_id: String) -> InvoiceInput {
    let rounding = read.totals.rounding.minor();
    InvoiceInput {
        external_id: Some(read.number.clone()),
        customer_id,
        number: Some(read.number),
        status: InvoiceStatus::Open,
        currency: Some(read.currency),
        issued_on: read.issued_on,
        due_on: read.due_on,
        period_start: read.period.map(Period::start),
        period_end_exclusive: read.period.map(Period::end_exclusive),
        lines: read.lines.iter().map(|line| LineInput::of(line, read.currency)).collect(),
        taxes: Some(read.taxes.iter().map(TaxInput::of).collect()),
        adjustments: read.adjustments.iter().map(AdjustmentInput::of).collect(),
        subtotal_minor: read.totals.subtotal.minor().checked_add(rounding),
        tax_minor: Some(read.totals.tax.minor()),
        total_minor: read.totals.total.minor().checked_add(rounding),
        prepaid_minor: Some(read.totals.prepaid.minor()).filter(|minor| *minor != 0),
        paid_elsewhere_minor: None,
        seller: Some(party(read.seller)),
        buyer: Some(party(read.buyer)),
        payment: Some(read.payment.into()),
        purchase_order: read.order_reference.or(read.buyer_reference),
        notes: read.notes,
        metadata: Metadata::new(),
        created_at: Some(midnight(read.issued_on)),
    }
}

fn credit_note(read: ReadInvoice, customer_id: String) -> CreditNoteInput {
    let rounding = read.totals.rounding.minor();
    CreditNoteInput {
        external_id: Some(read.number.clone()),
        customer_id,
        invoice_id: read.corrects,
        number: read.number,
        status: CreditNoteStatus::Issued,
        currency: Some(read.currency),
        issued_on: read.issued_on,
        reason: None,
        lines: read.lines.iter().map(|line| LineInput::of(line, read.currency)).collect(),
        taxes: Some(read.taxes.iter().map(TaxInput::of).collect()),
        adjustments: read.adjustments.iter().map(AdjustmentInput::of).collect(),
        subtotal_minor: read.totals.subtotal.minor().checked_add(rounding),
        tax_minor: Some(read.totals.tax.minor()),
        total_minor: read.totals.total.minor().checked_add(rounding),
        seller: Some(party(read.seller)),
        buyer: Some(party(read.buyer)),
        purchase_order: read.order_reference.or(read.buyer_reference),
        notes: read.notes,
        metadata: Metadata::new(),
        created_at: Some(midnight(read.issued_on)),
    }
}

fn party(read: ReadParty) -> PartyInput {
    PartyInput::from(read.party)
}

/// The beginning of a day in UTC: an invoice says no time.
fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
