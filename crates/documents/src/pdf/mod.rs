//! Invoices, credit notes, receipts and statements of account as PDF.
//!
//! Texts reach the page as data of a virtual file, never as source of a template, so whatever a
//! customer is called stays a name. The same document always gives the same bytes.

mod bill;
mod receipt;
mod sheet;
mod statement;
mod text;

use jiff::civil::Date;
use portico_billing::Money;
use portico_billing::credit_note::CreditNote;
use portico_billing::invoice::{Invoice, InvoiceBody, Party};
use portico_billing::payment::Payment;

use crate::{DocumentError, Formats, Labels};
use sheet::Sheet;
pub use statement::{Movement, OpenInvoices, StatementDocument};
pub use text::is_invisible;

/// A page that is to be typeset.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// File name of the template.
    pub template: &'a str,
    /// What the template is given, as JSON.
    pub data: &'a str,
    /// The logo, where the page has one: PNG or JPEG.
    pub logo: Option<&'a [u8]>,
}

/// What makes a PDF of a page. It is given rather than named here: a typesetter is larger than all
/// the rest of the program.
pub type Typesetter = fn(&Page<'_>) -> Result<Vec<u8>, DocumentError>;

/// In whose looks and whose language a document is printed.
#[derive(Clone, Copy)]
pub struct DocumentStyle<'a> {
    /// The words.
    pub labels: &'a Labels,
    /// The values.
    pub format: &'a dyn Formats,
    /// Language of both, for readers' software (`en`, `es-419`).
    pub language: &'a str,
    /// The looks.
    pub look: &'a BrandLook,
    /// What sets it.
    pub typesetter: Typesetter,
}

/// The looks of a brand on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrandLook {
    /// Name, printed where there is no logo.
    pub name: String,
    /// Logo as PNG or JPEG.
    pub logo: Option<Vec<u8>>,
    /// Accent colour as `#rrggbb`.
    pub accent: String,
    /// A line at the foot of each page.
    pub footer: Option<String>,
}

/// An invoice to print.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceDocument<'a> {
    /// The record.
    pub invoice: &'a Invoice,
    /// Lines, taxes and the rest.
    pub body: &'a InvoiceBody,
    /// Who issued it.
    pub seller: &'a Party,
    /// Who owes it.
    pub buyer: &'a Party,
}

/// A credit note to print.
#[derive(Debug, Clone, Copy)]
pub struct CreditNoteDocument<'a> {
    /// The record.
    pub note: &'a CreditNote,
    /// Lines, taxes and the rest.
    pub body: &'a InvoiceBody,
    /// Number of the invoice that it corrects.
    pub invoice_number: Option<&'a str>,
    /// Who issued it.
    pub seller: &'a Party,
    /// Who is credited.
    pub buyer: &'a Party,
}

/// A receipt to print, for a payment or a refund.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptDocument<'a> {
    /// The record.
    pub payment: &'a Payment,
    /// The method as the reader knows it.
    pub method: &'a str,
    /// The day on which the money moved, where the reader lives.
    pub paid_on: Date,
    /// What it settled.
    pub settled: &'a [SettledInvoice],
    /// Who was paid.
    pub seller: &'a Party,
    /// Who paid.
    pub buyer: &'a Party,
}

/// An invoice that a payment settled, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledInvoice {
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: Date,
    /// The part of the payment.
    pub amount: Money,
}

/// Prints an invoice.
///
/// # Errors
/// `Typeset`.
pub fn invoice_pdf(
    document: &InvoiceDocument<'_>,
    style: &DocumentStyle<'_>,
) -> Result<Vec<u8>, DocumentError> {
    print("invoice.typ", bill::invoice(document, style), style)
}

/// Prints a credit note.
///
/// # Errors
/// `Typeset`.
pub fn credit_note_pdf(
    document: &CreditNoteDocument<'_>,
    style: &DocumentStyle<'_>,
) -> Result<Vec<u8>, DocumentError> {
    print("credit_note.typ", bill::credit_note(document, style), style)
}

/// Prints a receipt for a payment or a refund.
///
/// # Errors
/// `Typeset`.
pub fn receipt_pdf(
    document: &ReceiptDocument<'_>,
    style: &DocumentStyle<'_>,
) -> Result<Vec<u8>, DocumentError> {
    print("receipt.typ", receipt::receipt(document, style), style)
}

/// Prints a statement of account.
///
/// # Errors
/// `Typeset`.
pub fn statement_pdf(
    document: &StatementDocument<'_>,
    style: &DocumentStyle<'_>,
) -> Result<Vec<u8>, DocumentError> {
    print("statement.typ", statement::statement(document, style), style)
}

fn print(
    template: &str,
    mut sheet: Sheet,
    style: &DocumentStyle<'_>,
) -> Result<Vec<u8>, DocumentError> {
    let set = |sheet: &Sheet, logo| {
        let data = serde_json::to_string(sheet);
        let data = data.map_err(|error| DocumentError::Typeset(error.to_string()))?;
        (style.typesetter)(&Page { template, data: &data, logo })
    };
    let with_logo = set(&sheet, style.look.logo.as_deref());
    if with_logo.is_ok() || !sheet.logo {
        return with_logo;
    }
    // A logo that cannot be read must not keep anybody from an invoice.
    sheet.logo = false;
    let without = set(&sheet, None)?;
    tracing::warn!(brand = style.look.name, "a logo is no readable picture; printed the name");
    Ok(without)
}
