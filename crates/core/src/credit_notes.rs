//! A customer's credit notes: detail and paper.

use portico_billing::CreditNoteId;
use portico_billing::credit_note::CreditNote;
use portico_billing::invoice::{InvoiceBody, Party};
use portico_billing::permission::Permission;
use portico_billing::section::Section;
use portico_core_api::{CreditNoteView, Document, Refusal, SessionSecret};
use portico_documents::{CreditNoteDocument, credit_note_pdf};
use portico_store::Read;

use crate::documents::Style;
use crate::visit::Scope;
use crate::{Caller, Core, Failure, documents, visit};

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: CreditNoteId,
) -> Result<CreditNoteView, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let paper = load(&mut read, &scope, id).await?.ok_or(Refusal::NotFound)?;
    let Paper { note, mut body, invoice_number, seller, buyer } = paper;
    (body.seller, body.buyer) = (Some(seller), Some(buyer));
    Ok(CreditNoteView { note, invoice_number, body })
}

pub(crate) async fn pdf(
    core: &Core,
    secret: &SessionSecret,
    id: CreditNoteId,
) -> Result<Document, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let paper = load(&mut read, &scope, id).await?.ok_or(Refusal::NotFound)?;
    let style = core.inner.press.style(&mut read, &scope).await?;
    drop(read);
    print(core, paper, style).await
}

impl Core {
    /// A credit note as PDF, as its customer gets it: in its language, with the looks of its brand.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; `NotFound`; where too many documents are being
    /// made; where the machinery fails.
    pub async fn credit_note_pdf_for_staff(
        &self,
        caller: &Caller,
        id: CreditNoteId,
    ) -> Result<Document, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        let (style, paper) = self.credit_note_paper(caller, id).await?.ok_or(Refusal::NotFound)?;
        print(self, paper, style).await
    }

    async fn credit_note_paper(
        &self,
        caller: &Caller,
        id: CreditNoteId,
    ) -> Result<Option<(Style, Paper)>, Failure> {
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let Some(note) = read.credit_note(id).await? else { return Ok(None) };
        let customer = read.customer(note.customer_id).await?;
        let customer = customer.ok_or(Failure::Missing("customer"))?;
        let brand = read.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let language = customer.language.unwrap_or_else(|| brand.default_language.clone());
        let paper = paper_of(&mut read, note).await?;
        let style = self.inner.press.style_of(&mut read, brand, &language).await?;
        Ok(Some((style, paper)))
    }
}

async fn print(core: &Core, paper: Paper, style: Style) -> Result<Document, Refusal> {
    let name = format!("credit-note-{}", paper.note.number);
    let work = move || {
        let document = CreditNoteDocument {
            note: &paper.note,
            body: &paper.body,
            invoice_number: paper.invoice_number.as_deref(),
            seller: &paper.seller,
            buyer: &paper.buyer,
        };
        credit_note_pdf(&document, &style.borrow())
    };
    let bytes = core.inner.press.print(work).await?;
    Ok(documents::pdf_file(&name, bytes))
}

/// A credit note with all that stands on it.
struct Paper {
    note: CreditNote,
    body: InvoiceBody,
    invoice_number: Option<String>,
    seller: Party,
    buyer: Party,
}

/// The visit's credit note with this identifier; other customers' do not exist for it.
async fn load(read: &mut Read, scope: &Scope, id: CreditNoteId) -> Result<Option<Paper>, Failure> {
    let Some(note) = read.credit_note_of_customer(scope.customer_id, id).await? else {
        return Ok(None);
    };
    Ok(Some(paper_of(read, note).await?))
}

async fn paper_of(read: &mut Read, note: CreditNote) -> Result<Paper, Failure> {
    let mut body = read.credit_note_body(note.id).await?;
    // The organisation's own data is not for its customers.
    body.metadata.clear();
    let invoice_number = match note.invoice_id {
        None => None,
        Some(id) => read.invoice(id).await?.and_then(|invoice| invoice.number),
    };
    let named = (body.seller.take(), body.buyer.take());
    let (seller, buyer) = documents::parties(read, note.customer_id, named).await?;
    Ok(Paper { note, body, invoice_number, seller, buyer })
}
