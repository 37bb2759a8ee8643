//! The tab with a customer's credit notes.

use axum::extract::Path;
use jiff::civil::{Date, date};
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::page::Page as Rows;
use portico_billing::{Currency, Money};
use portico_core::customers::{CreditNoteListFilter, HeldCreditNote};
use portico_ui::{Page, Sample};
use serde::Serialize;

use crate::staff::customers::{Head, LONG, sample_id};
use crate::staff::listing::{self, Filters, Listing};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff};

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct CreditNotesTab {
    customer: Head,
    list: Listing<CreditNoteItem>,
}

/// A credit note in the list.
#[derive(Debug, Clone, Serialize)]
struct CreditNoteItem {
    id: String,
    number: String,
    status: CreditNoteStatus,
    issued_on: Date,
    invoice_number: Option<String>,
    total: Money,
}

impl From<HeldCreditNote> for CreditNoteItem {
    fn from(HeldCreditNote { note, invoice_number }: HeldCreditNote) -> Self {
        Self {
            id: note.id.uuid().to_string(),
            number: note.number,
            status: note.status,
            issued_on: note.issued_on,
            invoice_number,
            total: Money::new(note.total_minor, note.currency),
        }
    }
}

impl CreditNoteItem {
    fn samples() -> Vec<Self> {
        let note = Self {
            id: sample_id(1),
            number: "CN-2026-0003".to_owned(),
            status: CreditNoteStatus::Issued,
            issued_on: date(2026, 11, 4),
            invoice_number: Some("INV-2026-0118".to_owned()),
            total: Money::new(5_000, Currency::EUR),
        };
        let free = Self {
            id: sample_id(2),
            number: LONG.to_owned(),
            status: CreditNoteStatus::Void,
            invoice_number: None,
            total: Money::new(987_654_321_012, Currency::KWD),
            ..note.clone()
        };
        vec![note, free]
    }
}

/// Reads the query, with its filters as typed. What is no choice is left out.
pub fn read(params: &Params) -> (CreditNoteListFilter, Filters, Vec<&'static str>) {
    let status = listing::word::<CreditNoteStatus>(params, "status");
    let (from, until) = (listing::day(params, "from"), listing::day(params, "until"));
    let is_faulty = from.is_none() || until.is_none();
    let filters = Filters {
        q: listing::words(params),
        status: status.as_ref().map(|(word, _)| word.clone()).unwrap_or_default(),
        from: params.get("from").to_owned(),
        until: params.get("until").to_owned(),
        ..Filters::default()
    };
    let filter = CreditNoteListFilter {
        search: filters.q.clone(),
        status: status.map(|(_, status)| status),
        from: from.flatten(),
        until: until.flatten(),
        cursor: listing::cursor(params),
    };
    (filter, filters, if is_faulty { vec!["fault-day"] } else { Vec::new() })
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>, params: Params) -> Answer {
    let (customer, output) = Head::load(&staff, &id).await?;
    let (filter, filters, faults) = read(&params);
    let asked = (&filter, listing::size(&params).get());
    let page = staff.core().customer_credit_notes(staff.caller(), output.id, asked).await?;
    let list = Listing::new(&params, filters, page, CreditNoteItem::from);
    staff.page(&CreditNotesTab { customer, list: Listing { faults, ..list } })
}

impl Page for CreditNotesTab {
    const TEMPLATE: &'static str = "panel/customers/credit-notes.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |customer, query: &str, rows| {
            let params = Params::of_query(query);
            let (_, filters, faults) = read(&params);
            let rows = Rows { rows, next: Some("x".to_owned()), previous: None };
            let list = Listing::new(&params, filters, rows, |row| row);
            Self { customer, list: Listing { faults, ..list } }
        };
        let nothing = "q=zzz&status=void&from=x&until=2026-11-30";
        vec![
            Sample::new("typical", page(Head::sample(), "", CreditNoteItem::samples())),
            Sample::new("none-found", page(Head::sample(), nothing, Vec::new())),
            Sample::new("empty", page(Head::extreme_sample(), "", Vec::new())),
        ]
    }
}
