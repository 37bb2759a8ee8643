//! Lists: what may be asked, and the rows.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::account::{Address, TaxId};
use portico_billing::contract::Contract;
use portico_billing::credit::CreditSource;
use portico_billing::credit_note::CreditNote;
use portico_billing::entitlement::Entitlement;
use portico_billing::invoice::{
    InstalmentState, Invoice, InvoiceBody, OpenInstalment, Party, Period, ShownStatus,
};
use portico_billing::page::{Direction, PageSize};
use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::payment_method::PaymentMethod;
use portico_billing::subscription::Subscription;
use portico_billing::tax_id;
use portico_billing::{CreditNoteId, InvoiceId, Money, PaymentId};
use serde::{Deserialize, Serialize};

/// A plain list: a page, and words to search for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Words; empty finds all.
    pub search: String,
    /// Stored word of the state; absent finds all.
    pub status: Option<String>,
    /// Where the page begins: a cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// Columns by which invoices can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceSort {
    /// When the record was made.
    #[default]
    GeneratedOn,
    /// Number.
    Number,
    /// Invoice total, minor units.
    Total,
    /// Due date.
    DueDate,
    /// Amount due, minor units.
    AmountDue,
    /// First day of the billing period.
    Period,
}

/// Which invoices, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceQuery {
    /// Part of the number.
    pub search: String,
    /// State as shown; absent finds all.
    pub status: Option<ShownStatus>,
    /// Issued on this day or later.
    pub from: Option<Date>,
    /// Issued on this day or earlier.
    pub until: Option<Date>,
    /// Total of at least so many minor units.
    pub min_minor: Option<i64>,
    /// Total of at most so many minor units.
    pub max_minor: Option<i64>,
    /// Column.
    pub sort: InvoiceSort,
    /// Direction.
    pub direction: Direction,
    /// Where the page begins: a cursor of an earlier answer to the same query.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// One row of the list of invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Identifier.
    pub id: InvoiceId,
    /// Number as printed.
    pub number: String,
    /// State on the organisation's today.
    pub status: ShownStatus,
    /// Invoice total.
    pub total: Money,
    /// Due date: of instalments that of the first that is open.
    pub due_on: Date,
    /// Amount due: of instalments those whose day has come.
    pub due: Money,
    /// Billing period.
    pub period: Option<Period>,
    /// Generated on.
    pub created_at: Timestamp,
    /// Date on the document.
    pub issued_on: Date,
}

/// One invoice, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDetail {
    /// What the list shows.
    pub row: InvoiceRow,
    /// Still to be paid in all, due or not.
    pub remaining: Money,
    /// What is to be paid next: what is due or, where nothing is, the next instalment.
    pub next_payment: Money,
    /// The parts that it is paid in, in order; none where all of it is payable at once.
    pub instalments: Vec<InstalmentView>,
    /// Before tax.
    pub subtotal: Money,
    /// Tax.
    pub tax: Money,
    /// Settled by payments.
    pub paid: Money,
    /// Settled by credit notes.
    pub credited: Money,
    /// Paid before the document was issued.
    pub prepaid: Money,
    /// Lines, taxes, notes.
    pub body: InvoiceBody,
    /// The seller as on the document.
    pub seller: Party,
    /// The buyer as on the document.
    pub buyer: Party,
    /// Payments that settled it, oldest first.
    pub payments: Vec<AppliedPayment>,
    /// Credit notes that settled it, oldest first.
    pub credit_notes: Vec<AppliedCreditNote>,
    /// Other credit that settled it, oldest first.
    pub credits: Vec<AppliedCredit>,
}

/// A part of an invoice with a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentView {
    /// Last day to pay it.
    pub due_on: Date,
    /// How much it is.
    pub amount: Money,
    /// What of it is still to be paid.
    pub open: Money,
    /// How it stands today.
    pub state: InstalmentState,
}

impl InstalmentView {
    /// Those of an invoice, on the day `today`.
    #[must_use]
    pub fn all_of(invoice: &Invoice, today: Date) -> Vec<Self> {
        let (expected, currency) = (invoice.status.is_payable(), invoice.currency);
        let view = |it: OpenInstalment| Self {
            due_on: it.due_on,
            amount: Money::new(it.amount_minor, currency),
            open: Money::new(it.open_minor, currency),
            state: it.state(expected, today),
        };
        invoice.open_instalments().into_iter().map(view).collect()
    }
}

/// A voucher, or a credit note for no invoice, that settled a part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedCredit {
    /// The voucher or the credit note.
    pub source: CreditSource,
    /// What people call it by: a serial, a number.
    pub name: Option<String>,
    /// When it was used.
    pub used_at: Timestamp,
    /// The part.
    pub amount: Money,
}

/// A payment that settled a part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedPayment {
    /// The payment.
    pub id: PaymentId,
    /// When the money moved.
    pub paid_at: Timestamp,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// Kind of method.
    pub method: String,
    /// The part.
    pub amount: Money,
}

/// A credit note that settled a part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedCreditNote {
    /// The credit note.
    pub id: CreditNoteId,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: Date,
    /// Its total.
    pub amount: Money,
}

/// One credit note, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNoteView {
    /// The record.
    pub note: CreditNote,
    /// Number of the invoice that it corrects.
    pub invoice_number: Option<String>,
    /// Lines, taxes, notes.
    pub body: InvoiceBody,
}

/// Columns by which payments can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentSort {
    /// When the money moved.
    #[default]
    PaidAt,
    /// Amount, minor units.
    Amount,
}

/// Which payments, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentQuery {
    /// Part of reference, description or method.
    pub search: String,
    /// Payments or refunds only.
    pub kind: Option<PaymentKind>,
    /// State.
    pub status: Option<PaymentStatus>,
    /// Moved on this day (UTC) or later.
    pub from: Option<Date>,
    /// Moved on this day (UTC) or earlier.
    pub until: Option<Date>,
    /// Column.
    pub sort: PaymentSort,
    /// Direction.
    pub direction: Direction,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// One row of the list of payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Identifier.
    pub id: PaymentId,
    /// Payment or refund.
    pub kind: PaymentKind,
    /// The payment that a refund gives back.
    pub parent_id: Option<PaymentId>,
    /// State.
    pub status: PaymentStatus,
    /// Amount, positive for refunds too.
    pub amount: Money,
    /// What of it was given back.
    pub refunded: Money,
    /// Kind of method.
    pub method: String,
    /// The method as people read it.
    pub method_label: Option<String>,
    /// What to quote.
    pub reference: Option<String>,
    /// Text for the customer; what follows a `#` is cut off.
    pub description: Option<String>,
    /// When the money moved.
    pub paid_at: Timestamp,
    /// Of a refund: whether the payer's bank took it.
    pub disputed: bool,
    /// What it settled: at most three, for the list.
    pub settled: Vec<SettledInvoice>,
}

/// The part of a payment that settled one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledInvoice {
    /// The invoice.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The part.
    pub amount: Money,
}

/// One payment or refund, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentDetail {
    /// What the list shows, with all that it settled.
    pub row: PaymentRow,
    /// What no invoice took.
    pub unallocated: Money,
    /// What of it is being given back, and has not arrived.
    pub returning: Money,
    /// Refunds of this payment, oldest first.
    pub refunds: Vec<PaymentRow>,
    /// The payer's name and address, for the receipt.
    pub payer: Party,
}

/// An entitlement as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitlementView {
    /// The record.
    pub entitlement: Entitlement,
    /// Name of the plan of the subscription that grants it.
    pub plan: Option<String>,
}

/// A subscription as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    /// The record.
    pub subscription: Subscription,
    /// The method that it is charged to.
    pub payment_method: Option<PaymentMethod>,
}

/// A contract as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractView {
    /// The record.
    pub contract: Contract,
}

/// A payment method as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethodView {
    /// The record.
    pub method: PaymentMethod,
    /// Whether its date of expiry has passed.
    pub expired: bool,
    /// Plans of the subscriptions that are charged to it.
    pub used_by: Vec<String>,
}

/// Name, address and tax ids, as people read them, for a document.
#[must_use]
pub fn party(name: &str, address: &Address, tax_ids: &[TaxId], email: Option<&str>) -> Party {
    Party {
        name: name.to_owned(),
        address: address.clone(),
        tax_ids: tax_ids.iter().map(tax_id::shown).collect(),
        email: email.map(str::to_owned),
    }
}
