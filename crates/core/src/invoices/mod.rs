//! A customer's invoices: list, detail, papers, tables.

mod export;
mod paper;

use jiff::civil::Date;
use portico_billing::credit::CreditSource;
use portico_billing::invoice::{Invoice, InvoiceBody, InvoiceSummary, Party};
use portico_billing::page::Page;
use portico_billing::section::Section;
use portico_billing::{Currency, InvoiceId, Money};
use portico_core_api::{
    AppliedCredit, AppliedCreditNote, AppliedPayment, InstalmentView, InvoiceDetail, InvoiceQuery,
    InvoiceRow, InvoiceSort, Refusal, SessionSecret,
};
use portico_store::Read;
use portico_store::invoice::{InvoiceListFilter, InvoiceOrder, PutOff};

pub(crate) use export::export;
pub(crate) use paper::{pdf, pdf_of, zip};

use crate::visit::Scope;
use crate::{Core, Failure, documents, visit};

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: InvoiceQuery,
) -> Result<Page<InvoiceRow>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let filter = filter(query, scope.today);
    let page = read.invoices_of_customer(scope.customer_id, &filter).await;
    Ok(page.map_err(Failure::from)?.map(|invoice| row(invoice, scope.today)))
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: InvoiceId,
) -> Result<InvoiceDetail, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Invoices).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let paper = load(&mut read, &scope, id).await?.ok_or(Refusal::NotFound)?;
    Ok(detail(&mut read, &scope, paper).await?)
}

/// An invoice with all that stands on it.
pub(super) struct Paper {
    invoice: Invoice,
    body: InvoiceBody,
    seller: Party,
    buyer: Party,
}

/// The visit's invoice with this identifier; drafts and other customers' do not exist for it.
async fn load(read: &mut Read, scope: &Scope, id: InvoiceId) -> Result<Option<Paper>, Failure> {
    let Some(invoice) = read.invoice_of_customer(scope.customer_id, id).await? else {
        return Ok(None);
    };
    paper(read, invoice).await.map(Some)
}

async fn paper(read: &mut Read, invoice: Invoice) -> Result<Paper, Failure> {
    let mut body = read.invoice_body(invoice.id).await?;
    // The organisation's own data is not for its customers.
    body.metadata.clear();
    let named = (body.seller.take(), body.buyer.take());
    let (seller, buyer) = documents::parties(read, invoice.customer_id, named).await?;
    Ok(Paper { invoice, body, seller, buyer })
}

async fn detail(read: &mut Read, scope: &Scope, paper: Paper) -> Result<InvoiceDetail, Failure> {
    let Paper { invoice, body, seller, buyer } = paper;
    let money = |minor| Money::new(minor, invoice.currency);
    let payments = match scope.shows(Section::Payments) {
        true => read.payments_of_invoice(invoice.id).await?,
        false => Vec::new(),
    };
    let credit_notes = read.credit_notes_of_invoice(invoice.id).await?;
    let mut credits = applied_credit(read, &invoice).await?;
    if !scope.shows(Section::Vouchers) {
        let vouchers =
            credits.iter_mut().filter(|it| matches!(it.source, CreditSource::Voucher(_)));
        vouchers.for_each(|it| it.name = None);
    }
    Ok(InvoiceDetail {
        row: row((&invoice).into(), scope.today),
        remaining: invoice.remaining(),
        next_payment: invoice.next_payment(scope.today),
        instalments: InstalmentView::all_of(&invoice, scope.today),
        subtotal: money(invoice.figures.subtotal_minor),
        tax: money(invoice.figures.tax_minor),
        paid: money(invoice.figures.paid_in_all_minor()),
        credited: money(invoice.figures.credited_minor),
        prepaid: money(invoice.figures.prepaid_minor),
        payments: payments
            .into_iter()
            .map(|it| AppliedPayment {
                id: it.id,
                paid_at: it.paid_at,
                method_label: it.method_label,
                method: it.method,
                amount: money(it.amount_minor),
            })
            .collect(),
        credit_notes: credit_notes
            .into_iter()
            .map(|note| AppliedCreditNote {
                id: note.id,
                number: note.number,
                issued_on: note.issued_on,
                amount: Money::new(note.total_minor, note.currency),
            })
            .collect(),
        credits,
        body,
        seller,
        buyer,
    })
}

/// The vouchers and free credit notes that settle an invoice.
pub(crate) async fn applied_credit(
    read: &mut Read,
    invoice: &Invoice,
) -> Result<Vec<AppliedCredit>, Failure> {
    let found = read.credit_of_invoice(invoice.id).await?;
    let applied = found.into_iter().map(|it| AppliedCredit {
        source: it.source,
        name: it.name,
        used_at: it.since,
        amount: Money::new(it.amount_minor, invoice.currency),
    });
    Ok(applied.collect())
}

pub(crate) fn row(invoice: InvoiceSummary, today: Date) -> InvoiceRow {
    InvoiceRow {
        id: invoice.id,
        number: number(invoice.number.as_deref(), invoice.id),
        status: invoice.shown(today),
        total: invoice.total,
        due_on: invoice.due_on,
        due: invoice.due(today),
        period: invoice.period,
        created_at: invoice.created_at,
        issued_on: invoice.issued_on,
    }
}

/// What instalments put off in a currency, and of how many invoices nothing is due.
pub(crate) fn put_off_in(put_off: &[PutOff], currency: Currency) -> (i64, i64) {
    let found = put_off.iter().find(|it| it.amount.currency() == currency);
    found.map_or((0, 0), |it| (it.amount.minor(), it.invoices))
}

/// The printed number; every issued invoice has one.
pub(crate) fn number(number: Option<&str>, id: InvoiceId) -> String {
    number.map_or_else(|| id.to_string(), str::to_owned)
}

fn filter(query: InvoiceQuery, today: Date) -> InvoiceListFilter {
    InvoiceListFilter {
        search: query.search,
        status: query.status,
        today,
        from: query.from,
        until: query.until,
        min_minor: query.min_minor,
        max_minor: query.max_minor,
        order: match query.sort {
            InvoiceSort::GeneratedOn => InvoiceOrder::Created,
            InvoiceSort::Number => InvoiceOrder::Number,
            InvoiceSort::Total => InvoiceOrder::Total,
            InvoiceSort::DueDate => InvoiceOrder::DueDate,
            InvoiceSort::AmountDue => InvoiceOrder::AmountDue,
            InvoiceSort::Period => InvoiceOrder::Period,
        },
        direction: query.direction,
        cursor: query.cursor,
        size: query.size,
    }
}
