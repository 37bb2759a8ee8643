//! One credit note, as the staff sees it.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::invoice::ShownStatus;
use portico_billing::{Currency, Money};
use portico_core::records::RecordKey;
use portico_core::records::credit_note::CreditNoteOutput;
use portico_core::records::invoice::InvoiceRecord;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{load, note_id};
use crate::staff::answer::download;
use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::invoices::show::{Line, Shown as Invoice, Tax};
use crate::staff::{Answer, Staff};

/// The credit note with the invoice that it was applied to.
#[derive(Debug, Clone, Serialize)]
pub struct CreditNotePage {
    customer: Head,
    note: Shown,
    lines: Vec<Line>,
    taxes: Vec<Tax>,
    /// Nothing where it belongs to no invoice.
    invoice: Option<Invoice>,
    can_void: bool,
}

/// What of a credit note is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    id: String,
    number: String,
    external_id: Option<String>,
    status: CreditNoteStatus,
    subtotal: Money,
    tax: Money,
    total: Money,
    issued_on: Date,
    reason: Option<String>,
    notes: Option<String>,
    created_at: Timestamp,
}

impl Shown {
    /// The credit note.
    pub fn new(it: &CreditNoteOutput) -> Self {
        let money = |minor| Money::new(minor, it.currency);
        Self {
            id: it.id.uuid().to_string(),
            number: it.number.clone(),
            external_id: it.external_id.as_ref().map(ToString::to_string),
            status: it.status,
            subtotal: money(it.subtotal_minor),
            tax: money(it.tax_minor),
            total: money(it.total_minor),
            issued_on: it.issued_on,
            reason: it.reason.clone(),
            notes: it.notes.clone(),
            created_at: it.created_at,
        }
    }

    /// One that counts.
    pub fn sample() -> Self {
        let money = |minor| Money::new(minor, Currency::EUR);
        Self {
            id: sample_id(1),
            number: "CN-2026-0003".to_owned(),
            external_id: None,
            status: CreditNoteStatus::Issued,
            subtotal: money(4_132),
            tax: money(868),
            total: money(5_000),
            issued_on: date(2026, 11, 4),
            reason: Some("Service was down for two days".to_owned()),
            notes: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

/// GET: the credit note.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (customer, note) = load(&staff, &id).await?;
    let invoice = match note.invoice_id {
        None => None,
        Some(id) => {
            let today = staff.core().today(staff.caller()).await?;
            let key = RecordKey::new(id.to_string());
            let found = staff.core().find_record::<InvoiceRecord>(staff.caller(), &key).await?;
            Some(Invoice::new(&found, today))
        }
    };
    staff.page(&CreditNotePage {
        can_void: customer.may_bill() && note.status == CreditNoteStatus::Issued,
        lines: note.lines.iter().map(|line| Line::new(line, note.currency)).collect(),
        taxes: note.taxes.iter().map(|tax| Tax::new(tax, note.currency)).collect(),
        note: Shown::new(&note),
        customer,
        invoice,
    })
}

/// GET: the credit note as its customer gets it.
pub async fn pdf(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = note_id(&id)?;
    Ok(download(staff.core().credit_note_pdf_for_staff(staff.caller(), id).await?))
}

impl Page for CreditNotePage {
    const TEMPLATE: &'static str = "panel/credit-notes/show.html";

    fn samples() -> Vec<Sample<Self>> {
        let typical = Self {
            customer: Head::sample(),
            note: Shown::sample(),
            lines: vec![Line::sample()],
            taxes: vec![Tax::sample()],
            invoice: Some(Invoice::sample(ShownStatus::PartiallyPaid)),
            can_void: true,
        };
        let free = Self {
            customer: Head::extreme_sample(),
            note: Shown {
                number: LONG.to_owned(),
                external_id: Some(LONG.to_owned()),
                status: CreditNoteStatus::Void,
                total: Money::new(987_654_321_012, Currency::KWD),
                reason: None,
                notes: Some(LONG.to_owned()),
                ..Shown::sample()
            },
            taxes: Vec::new(),
            invoice: None,
            can_void: false,
            ..typical.clone()
        };
        vec![Sample::new("typical", typical), Sample::new("free", free)]
    }
}
