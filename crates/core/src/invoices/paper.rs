//! Invoices as PDF, one or several.

use portico_billing::invoice::InvoiceStatus;
use portico_billing::permission::Permission;
use portico_billing::section::Section;
use portico_billing::{InvoiceId, OrganisationId};
use portico_core_api::{Document, Fault, FieldFault, Refusal, SessionSecret};
use portico_documents::archive::{self, PackedFile};
use portico_documents::{DocumentError, InvoiceDocument, invoice_pdf};

use super::{Paper, load, number};
use crate::documents::{Style, pdf_file};
use crate::{Caller, Core, Failure, visit};

/// Most invoices of one archive.
const MAX_ARCHIVE: usize = 100;

pub(crate) async fn pdf(
    core: &Core,
    secret: &SessionSecret,
    id: InvoiceId,
) -> Result<Document, Refusal> {
    let (style, mut papers) = load_all(core, secret, &[id]).await?;
    let paper = papers.pop().ok_or(Refusal::NotFound)?;
    let name = file_name(&paper);
    let bytes = core.inner.press.print(move || print(&paper, &style)).await?;
    Ok(pdf_file(&name, bytes))
}

impl Core {
    /// An invoice as PDF, as its customer gets it: in its language, with the looks of its brand.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; `NotFound`, for drafts too: nobody has them on
    /// paper; where too many documents are being made; where the machinery fails.
    pub async fn invoice_pdf_for_staff(
        &self,
        caller: &Caller,
        id: InvoiceId,
    ) -> Result<Document, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        pdf_of(self, caller.organisation_id, id).await
    }
}

/// An invoice as its customer gets it, for whoever was found to be allowed to see it.
pub(crate) async fn pdf_of(
    core: &Core,
    organisation: OrganisationId,
    id: InvoiceId,
) -> Result<Document, Refusal> {
    let found = load_of(core, organisation, id).await?;
    let (style, paper) = found.ok_or(Refusal::NotFound)?;
    let name = file_name(&paper);
    let bytes = core.inner.press.print(move || print(&paper, &style)).await?;
    Ok(pdf_file(&name, bytes))
}

async fn load_of(
    core: &Core,
    organisation: OrganisationId,
    id: InvoiceId,
) -> Result<Option<(Style, Paper)>, Failure> {
    let mut read = core.inner.store.read(organisation).await?;
    let found = read.invoice(id).await?;
    let Some(invoice) = found.filter(|it| it.status != InvoiceStatus::Draft) else {
        return Ok(None);
    };
    let customer = read.customer(invoice.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let brand = read.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
    let language = customer.language.unwrap_or_else(|| brand.default_language.clone());
    let paper = super::paper(&mut read, invoice).await?;
    let style = core.inner.press.style_of(&mut read, brand, &language).await?;
    Ok(Some((style, paper)))
}

pub(crate) async fn zip(
    core: &Core,
    secret: &SessionSecret,
    ids: Vec<InvoiceId>,
) -> Result<Document, Refusal> {
    if ids.len() > MAX_ARCHIVE {
        let fault = Fault::TooLong { max: u32::try_from(MAX_ARCHIVE).unwrap_or(u32::MAX) };
        return Err(Refusal::Invalid { faults: vec![FieldFault::new("ids", fault)] });
    }
    let (style, papers) = load_all(core, secret, &ids).await?;
    let work = move || {
        let mut files = Vec::with_capacity(papers.len());
        for paper in &papers {
            let name = format!("{}.pdf", file_name(paper));
            files.push(PackedFile { name, bytes: print(paper, &style)? });
        }
        archive::zip(&files)
    };
    let bytes = core.inner.press.print(work).await?;
    let content_type = "application/zip".to_owned();
    Ok(Document { file_name: "invoices.zip".to_owned(), content_type, bytes })
}

/// The visit's invoices with these identifiers, each once; all of them must be there.
async fn load_all(
    core: &Core,
    secret: &SessionSecret,
    ids: &[InvoiceId],
) -> Result<(Style, Vec<Paper>), Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let mut papers: Vec<Paper> = Vec::with_capacity(ids.len());
    for id in ids {
        if papers.iter().any(|paper| paper.invoice.id == *id) {
            continue;
        }
        papers.push(load(&mut read, &scope, *id).await?.ok_or(Refusal::NotFound)?);
    }
    if papers.is_empty() {
        return Err(Refusal::NotFound);
    }
    let style = core.inner.press.style(&mut read, &scope).await?;
    Ok((style, papers))
}

fn print(paper: &Paper, style: &Style) -> Result<Vec<u8>, DocumentError> {
    let mut invoice = paper.invoice.clone();
    // On paper, paid is paid, whether the payment is known here or not.
    invoice.figures.paid_minor = invoice.figures.paid_in_all_minor();
    invoice.figures.paid_elsewhere_minor = 0;
    let document = InvoiceDocument {
        invoice: &invoice,
        body: &paper.body,
        seller: &paper.seller,
        buyer: &paper.buyer,
    };
    invoice_pdf(&document, &style.borrow())
}

fn file_name(paper: &Paper) -> String {
    format!("invoice-{}", number(paper.invoice.number.as_deref(), paper.invoice.id))
}
