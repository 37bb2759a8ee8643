//! Credit notes.

use axum::extract::Path;
use jiff::civil::date;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::{Currency, Money};
use portico_core_api::CreditNoteView;
use portico_ui::errors::Problem;
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::answer::{Answer, download};
use crate::invoices::body::BodyView;
use crate::samples::{LONG, at, id};
use crate::visitor::Visitor;

/// One credit note.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CreditNotePage {
    note: CreditNote,
    invoice_number: Option<String>,
    subtotal: Money,
    tax: Money,
    total: Money,
    body: BodyView,
}

impl CreditNotePage {
    fn new(note: CreditNote, invoice_number: Option<String>, body: BodyView) -> Self {
        let money = |minor| Money::new(minor, note.currency);
        Self {
            subtotal: money(note.subtotal_minor),
            tax: money(note.tax_minor),
            total: money(note.total_minor),
            invoice_number,
            body,
            note,
        }
    }
}

/// GET: the credit note.
pub(crate) async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let view: CreditNoteView = visitor.core().credit_note(&visitor.secret, id).await?;
    let body = BodyView::new(view.body, view.note.currency);
    visitor.page(&CreditNotePage::new(view.note, view.invoice_number, body))
}

/// GET: the credit note as PDF.
pub(crate) async fn pdf(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(download(visitor.core().credit_note_pdf(&visitor.secret, id).await?))
}

impl Page for CreditNotePage {
    const TEMPLATE: &'static str = "portal/credit-notes/detail.html";
    const RUNS_BRAND_SCRIPT: bool = true;

    fn samples() -> Vec<Sample<Self>> {
        let issued_on = date(2026, 11, 4);
        let note = CreditNote {
            id: id(9),
            customer_id: id(1),
            invoice_id: Some(id(118)),
            external_id: None,
            number: "CN-2026-0003".to_owned(),
            status: CreditNoteStatus::Issued,
            currency: Currency::EUR,
            subtotal_minor: 4_132,
            tax_minor: 868,
            total_minor: 5_000,
            reason: Some("Service was down for two days".to_owned()),
            issued_on,
            created_at: at(issued_on),
            updated_at: at(issued_on),
        };
        let free = CreditNote {
            invoice_id: None,
            status: CreditNoteStatus::Void,
            currency: Currency::KWD,
            total_minor: 9_876_543_210,
            reason: Some(LONG.to_owned()),
            ..note.clone()
        };
        let bare = CreditNote { reason: None, ..note.clone() };
        let number = || Some("INV-2026-0118".to_owned());
        vec![
            Sample::new("typical", Self::new(note, number(), BodyView::typical())),
            Sample::new("without-lines", Self::new(bare, number(), BodyView::empty(Currency::EUR))),
            Sample::new("extreme", Self::new(free, None, BodyView::extreme())),
        ]
    }
}
