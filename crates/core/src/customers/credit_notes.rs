//! A customer's credit notes, a page at a time and as a table.

use std::collections::HashMap;

use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::page::Page;
use portico_billing::permission::Permission;
use portico_billing::{CustomerId, InvoiceId, LanguageTag, Money};
use portico_core_api::{Export, Refusal, TableFormat};
use portico_documents::table::{Cell, Column, Kind, Table};
use portico_store::credit_note::CreditNoteListFilter;
use portico_store::{Read, StoreError};

use crate::export::{MAX_ROWS, write_list};
use crate::records::Rejection;
use crate::{Caller, Core, Failure};

/// Rows that are read at a time for a table.
const CHUNK: u16 = 200;

/// A credit note with the number of the invoice that it corrects.
#[derive(Debug, Clone)]
pub struct HeldCreditNote {
    /// The credit note.
    pub note: CreditNote,
    /// Number of its invoice, where it has one.
    pub invoice_number: Option<String>,
}

impl Core {
    /// A page of a customer's credit notes.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails.
    pub async fn customer_credit_notes(
        &self,
        caller: &Caller,
        id: CustomerId,
        (filter, size): (&CreditNoteListFilter, u16),
    ) -> Result<Page<HeldCreditNote>, Rejection> {
        let mut read = self.read_as(caller).await?;
        Ok(page(&mut read, id, (filter, size)).await?)
    }

    /// A customer's credit notes that the filter finds, up to 10,000 rows, with heads in
    /// `language`.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; where too many tables are being written; where the
    /// machinery fails.
    pub async fn export_customer_credit_notes(
        &self,
        caller: &Caller,
        id: CustomerId,
        filter: CreditNoteListFilter,
        (language, format): (&LanguageTag, TableFormat),
    ) -> Result<Export, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        let all = self.all_credit_notes(caller, id, filter, language).await?;
        write_list(self, ("credit-notes", language), all, format).await
    }

    async fn all_credit_notes(
        &self,
        caller: &Caller,
        id: CustomerId,
        mut filter: CreditNoteListFilter,
        language: &LanguageTag,
    ) -> Result<(Table, bool), Failure> {
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        filter.cursor = None;
        let mut table = Table { columns: columns(self, language), rows: Vec::new() };
        loop {
            let page = page(&mut read, id, (&filter, CHUNK)).await?;
            let free = MAX_ROWS - table.rows.len();
            let more = page.next.is_some() || page.rows.len() > free;
            let rows = page.rows.into_iter().take(free);
            table.rows.extend(rows.map(|it| cells(self, language, it)));
            if page.next.is_none() || table.rows.len() == MAX_ROWS {
                return Ok((table, more));
            }
            filter.cursor = page.next;
        }
    }
}

/// The credit notes with the numbers of their invoices, by two queries.
async fn page(
    read: &mut Read,
    id: CustomerId,
    (filter, size): (&CreditNoteListFilter, u16),
) -> Result<Page<HeldCreditNote>, StoreError> {
    let page = read.credit_notes_of_customer(id, filter, size).await?;
    let invoices: Vec<InvoiceId> = page.rows.iter().filter_map(|note| note.invoice_id).collect();
    let numbers: HashMap<InvoiceId, Option<String>> =
        read.invoice_numbers(&invoices).await?.into_iter().collect();
    let number = |id: InvoiceId| numbers.get(&id).cloned().flatten();
    Ok(page.map(|note| HeldCreditNote { invoice_number: note.invoice_id.and_then(number), note }))
}

fn columns(core: &Core, language: &LanguageTag) -> Vec<Column> {
    let columns = [
        ("label-number", Kind::Text),
        ("credit-notes-issue-date", Kind::Date),
        ("label-status", Kind::Text),
        ("label-invoice", Kind::Text),
        ("label-currency", Kind::Text),
        ("label-subtotal", Kind::Money),
        ("label-tax", Kind::Money),
        ("label-total", Kind::Money),
        ("credit-notes-reason", Kind::Text),
        ("label-id", Kind::Text),
    ];
    let column = |(key, kind)| Column::new(core.inner.press.text_in(language, key), kind);
    columns.map(column).to_vec()
}

fn cells(core: &Core, language: &LanguageTag, it: HeldCreditNote) -> Vec<Cell> {
    let note = it.note;
    let money = |minor| Money::new(minor, note.currency);
    vec![
        note.number.into(),
        note.issued_on.into(),
        core.inner.press.text_in(language, status_key(note.status)).into(),
        it.invoice_number.into(),
        note.currency.code().into(),
        money(note.subtotal_minor).into(),
        money(note.tax_minor).into(),
        money(note.total_minor).into(),
        note.reason.into(),
        note.id.to_string().into(),
    ]
}

const fn status_key(status: CreditNoteStatus) -> &'static str {
    match status {
        CreditNoteStatus::Issued => "credit-note-status-issued",
        CreditNoteStatus::Void => "credit-note-status-void",
    }
}
