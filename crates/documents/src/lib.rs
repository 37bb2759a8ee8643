//! Papers and pictures in and out: PDF invoices, tables, archives, electronic invoices, logos.
//!
//! It knows the words of billing and nothing else of ours: no store, no texts of its own, no
//! formats. What a reader sees comes in as [`Labels`] and [`Formats`], and what sets a page as a
//! [`Typesetter`]. Nothing here opens a file or a connection.

pub mod archive;
pub mod einvoice;
mod formats;
mod labels;
pub mod pdf;
pub mod picture;
pub mod table;

pub use formats::{Formats, PlainFormats};
pub use labels::Labels;
pub use pdf::{
    BrandLook, CreditNoteDocument, DocumentStyle, InvoiceDocument, Movement, OpenInvoices, Page,
    ReceiptDocument, SettledInvoice, StatementDocument, Typesetter, credit_note_pdf, invoice_pdf,
    receipt_pdf, statement_pdf,
};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The typesetter refused the page.
    #[error("the document could not be typeset: {0}")]
    Typeset(String),
    /// The table could not be written.
    #[error("the table could not be written: {0}")]
    Table(String),
    /// The archive could not be written.
    #[error("the archive could not be written: {0}")]
    Archive(String),
}
