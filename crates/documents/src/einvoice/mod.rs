//! Electronic invoices in: UBL 2.1 (also Peppol BIS Billing 3) and UN/CEFACT CII, as EN 16931
//! binds them, read into billing's own words.
//!
//! What is read is exact or refused: an amount with more decimals than its currency has, an amount
//! in a second currency, a date that does not exist or a total that does not add up is an error
//! that names the element and its line. Attachments, delivery and accounting codes are not read.
//!
//! An *invoice* with a negative total is how some systems take back an earlier one. It is read as
//! the credit note that it amounts to: all signs are turned, and [`ReadInvoice::reversed`] says so.

mod cii;
mod common;
mod element;
mod totals;
mod ubl;

use jiff::civil::Date;
use portico_billing::invoice::{Adjustment, Line, Party, PaymentInstructions, Period, Tax};
use portico_billing::{Currency, Money};

use element::with_root;

/// A file beyond this many bytes is refused unread.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EInvoiceError {
    /// Beyond [`LARGEST_FILE`].
    #[error("the file is larger than 10 MB")]
    TooLarge,
    /// Not UTF-8, or not well-formed XML.
    #[error("not well-formed XML: {0}")]
    NotXml(String),
    /// Has a document type definition, which no invoice needs and attacks begin with.
    #[error("a document type definition (<!DOCTYPE>) is not allowed")]
    DocumentType,
    /// Elements within elements without end.
    #[error("elements are nested more than {0} deep")]
    TooDeep(usize),
    /// Well-formed, but neither UBL nor CII.
    #[error("expected a UBL Invoice or CreditNote or a CII CrossIndustryInvoice, found <{0}>")]
    NotAnInvoice(String),
    /// An element that is needed is not there, or empty.
    #[error("{element} is missing")]
    Missing {
        /// The path of the element.
        element: String,
        /// The line of the element that it should be in.
        line: u32,
    },
    /// An element says what cannot be represented.
    #[error("{element} is `{value}`: {reason}")]
    Invalid {
        /// The path of the element.
        element: String,
        /// Its line.
        line: u32,
        /// What it says.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Figures contradict each other.
    #[error("{figure} is stated as {stated}, but {computation} is {computed}")]
    Mismatch {
        /// Which figure.
        figure: &'static str,
        /// What the document says.
        stated: Money,
        /// What it should be the result of.
        computation: &'static str,
        /// What that gives.
        computed: Money,
    },
    /// Figures beyond 64 bits of minor units.
    #[error("the amounts are too large to be added up")]
    Overflow,
    /// A credit note that takes money instead of giving it.
    #[error("a credit note with a negative total ({0}) is not supported")]
    NegativeCreditNote(Money),
}

impl EInvoiceError {
    /// The line of the file that it is about, where there is one.
    #[must_use]
    pub const fn line(&self) -> Option<u32> {
        match self {
            Self::Missing { line, .. } | Self::Invalid { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// Asks for money.
    Invoice,
    /// Gives it back.
    CreditNote,
}

/// An invoice or credit note as another system wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadInvoice {
    /// What it is.
    pub kind: DocumentKind,
    /// Whether it was an invoice with a negative total, whose signs were all turned.
    pub reversed: bool,
    /// Number.
    pub number: String,
    /// Date on the document.
    pub issued_on: Date,
    /// Last day to pay.
    pub due_on: Option<Date>,
    /// Currency of all its figures.
    pub currency: Currency,
    /// Billing period.
    pub period: Option<Period>,
    /// Who issued it.
    pub seller: ReadParty,
    /// Who received it.
    pub buyer: ReadParty,
    /// What the buyer wants quoted.
    pub buyer_reference: Option<String>,
    /// Number of the buyer's order.
    pub order_reference: Option<String>,
    /// Number of the invoice that it corrects.
    pub corrects: Option<String>,
    /// Lines, in order.
    pub lines: Vec<Line>,
    /// Tax summary.
    pub taxes: Vec<Tax>,
    /// Allowances and charges on the whole document.
    pub adjustments: Vec<Adjustment>,
    /// Figures.
    pub totals: ReadTotals,
    /// How to pay.
    pub payment: PaymentInstructions,
    /// Text for the customer.
    pub notes: Option<String>,
}

/// Seller or buyer, with what identifies them beside their tax ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadParty {
    /// Name, address, tax ids.
    pub party: Party,
    /// Name that it trades under, where it is another one.
    pub trading_name: Option<String>,
    /// Number in the commercial register.
    pub registration_number: Option<String>,
    /// Identifiers that seller and buyer agreed upon, and the electronic address.
    pub identifiers: Vec<PartyIdentifier>,
    /// Name of the person to turn to.
    pub contact_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// An identifier of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyIdentifier {
    /// Code of the register (ISO 6523 or EAS), where one is named.
    pub scheme: Option<String>,
    /// The identifier.
    pub value: String,
}

/// The figures of a document. They add up: that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadTotals {
    /// Lines and adjustments before tax.
    pub subtotal: Money,
    /// Tax.
    pub tax: Money,
    /// Subtotal and tax.
    pub total: Money,
    /// Paid before the document was issued.
    pub prepaid: Money,
    /// Added to the total to round what is to be paid.
    pub rounding: Money,
    /// Still to be paid: total less prepaid plus rounding.
    pub due: Money,
}

/// Reads an electronic invoice or credit note.
///
/// # Errors
/// See [`EInvoiceError`]; what is wrong with the file is said so that its sender can mend it.
pub fn read_invoice(bytes: &[u8]) -> Result<ReadInvoice, EInvoiceError> {
    if bytes.len() > LARGEST_FILE {
        return Err(EInvoiceError::TooLarge);
    }
    let read = with_root(bytes, |root| match (root.name(), root.namespace()) {
        ("Invoice", ubl::INVOICE) => ubl::read(root, DocumentKind::Invoice),
        ("CreditNote", ubl::CREDIT_NOTE) => ubl::read(root, DocumentKind::CreditNote),
        ("CrossIndustryInvoice", cii::INVOICE) => cii::read(root),
        (name, _) => Err(EInvoiceError::NotAnInvoice(name.to_owned())),
    })?;
    totals::check(&read)?;
    totals::turned_if_negative(read)
}
