//! Electronic invoices as records: what an importer saves for one that was read.
//!
//! An organisation is the seller of its invoices, so that a number of theirs means one document.
//! Where it is there already, in whichever syntax it came, nothing is saved; another document with
//! its number is refused.

mod facts;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::credit_note::CreditNoteStatus;
use portico_billing::invoice::{Adjustment, InvoiceStatus, Party, Period};
use portico_billing::{CustomerId, InvoiceId, Metadata, OrganisationId};
use portico_documents::einvoice::{DocumentKind, ReadInvoice, ReadParty};
use portico_store::Read;

use crate::documents::buyer;
use crate::records::{RecordKey, Rejection};
use crate::{Core, Failure};
use facts::Facts;

use crate::records::address::{AddressInput, TaxIdInput};
use crate::records::credit_note::CreditNoteInput;
use crate::records::customer::CustomerInput;
use crate::records::invoice::{self, InvoiceInput};
use crate::records::{AdjustmentInput, LineInput, PartyInput, TaxInput};

/// The records that an electronic invoice makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EInvoiceRecords {
    /// Who is billed. To be saved only where there is no customer with its external id: one that is
    /// there knows better than an old invoice.
    pub customer: CustomerInput,
    /// The document itself; its number is its external id.
    pub document: EInvoiceDocument,
    facts: Facts,
}

/// The document of an electronic invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EInvoiceDocument {
    /// Asks for money.
    Invoice(Box<InvoiceInput>),
    /// Gives it back.
    CreditNote(Box<CreditNoteInput>),
}

impl From<ReadInvoice> for EInvoiceRecords {
    fn from(mut read: ReadInvoice) -> Self {
        let facts = Facts::of_read(&read);
        // What is to be paid is what counts: rounding it (EN 16931 BT-114) is one more adjustment.
        let rounding = read.totals.rounding.minor();
        if rounding != 0 {
            let reason = "Rounding".to_owned();
            read.adjustments.push(Adjustment { reason, amount_minor: rounding });
        }
        let customer = customer_input(&read);
        let customer_id = customer.external_id.clone().unwrap_or_default();
        let document = match read.kind {
            DocumentKind::Invoice => {
                EInvoiceDocument::Invoice(Box::new(invoice_input(read, customer_id)))
            }
            DocumentKind::CreditNote => {
                EInvoiceDocument::CreditNote(Box::new(credit_note_input(read, customer_id)))
            }
        };
        Self { customer, document, facts }
    }
}

impl Core {
    /// Whether the document of an electronic invoice is there already: the same parties, date and
    /// figures under the same number, in whatever words. A draft does not count: it may become it.
    ///
    /// # Errors
    /// `Conflict` where another document has its number, or where it corrects an invoice of another
    /// customer; the text says which, and what tells the two apart. `Invalid` where the invoice
    /// that it corrects is not there. Or where the machinery fails.
    pub async fn has_einvoice(
        &self,
        organisation: OrganisationId,
        records: &EInvoiceRecords,
    ) -> Result<bool, Rejection> {
        let mut read = self.inner.store.read(organisation).await?;
        let new = &records.facts;
        let (noun, found) = match &records.document {
            EInvoiceDocument::Invoice(_) => ("invoice", stored_invoice(&mut read, new).await?),
            EInvoiceDocument::CreditNote(_) => ("credit note", stored_note(&mut read, new).await?),
        };
        let Some(there) = found else {
            check_corrected(&mut read, records).await?;
            return Ok(false);
        };
        let Some(difference) = there.difference(new) else { return Ok(true) };
        let (number, summary) = (&new.number, there.summary());
        let taken = if there.number == *number {
            format!("`{number}` is taken by the {noun} {summary}")
        } else {
            format!("`{number}` is the external id of the {noun} `{}` {summary}", there.number)
        };
        Err(Rejection::conflict("number", format!("{taken}; this one {difference}")))
    }
}

async fn stored_invoice(read: &mut Read, new: &Facts) -> Result<Option<Facts>, Failure> {
    let found = invoice::load_by_any_name(read, &RecordKey::new(new.number.as_str())).await?;
    let issued = found.filter(|it| it.status != InvoiceStatus::Draft);
    let Some(it) = issued else { return Ok(None) };
    let body = read.invoice_body(it.id).await?;
    let customer = customer_of(read, it.customer_id).await?;
    Ok(Some(Facts::of_invoice(it, body, customer)))
}

async fn stored_note(read: &mut Read, new: &Facts) -> Result<Option<Facts>, Failure> {
    let mut found = match RecordKey::new(new.number.as_str()).external_id() {
        Some(external_id) => read.credit_note_by_external_id(&external_id).await?,
        None => None,
    };
    if found.is_none()
        && let Some(id) = read.credit_note_with_number(&new.number).await?
    {
        found = read.credit_note(id).await?;
    }
    let Some(it) = found else { return Ok(None) };
    let body = read.credit_note_body(it.id).await?;
    let customer = customer_of(read, it.customer_id).await?;
    let corrects = corrected(read, it.invoice_id, new.corrects.as_deref()).await?;
    Ok(Some(Facts::of_credit_note(it, body, customer, corrects)))
}

/// The invoice that a stored credit note corrects: as `name` calls it, where that is the same one.
async fn corrected(
    read: &mut Read,
    id: Option<InvoiceId>,
    name: Option<&str>,
) -> Result<Option<String>, Failure> {
    let Some(id) = id else { return Ok(None) };
    if let Some(name) = name
        && let Some(named) = invoice::load_by_any_name(read, &RecordKey::new(name)).await?
        && named.id == id
    {
        return Ok(Some(name.to_owned()));
    }
    Ok(read.invoice(id).await?.and_then(|invoice| invoice.number))
}

/// Refuses a credit note that corrects what is not its customer's.
async fn check_corrected(read: &mut Read, records: &EInvoiceRecords) -> Result<(), Rejection> {
    let EInvoiceDocument::CreditNote(input) = &records.document else { return Ok(()) };
    let Some(number) = &input.invoice_id else { return Ok(()) };
    let field = "invoice_id";
    let found = invoice::load_by_any_name(read, &RecordKey::new(number.as_str())).await?;
    let Some(it) = found else {
        let message = format!("corrects the invoice `{number}`, which is not there");
        return Err(Rejection::field(field, message));
    };
    let customer = read.customer(it.customer_id).await?.ok_or(Failure::Missing("customer"))?;
    let own_id = customer.external_id.as_ref().map(ToString::to_string);
    let owner = own_id.unwrap_or_else(|| customer.id.to_string());
    let other = records.customer.external_id.as_deref().unwrap_or_default();
    if owner == other {
        return Ok(());
    }
    let body = read.invoice_body(it.id).await?;
    let there = Facts::of_invoice(it, body, buyer(&customer)).summary();
    let message = format!(
        "corrects `{number}`, which is the invoice {there}, of the customer `{owner}`; this one is \
         of the customer `{other}`"
    );
    Err(Rejection::conflict(field, message))
}

async fn customer_of(read: &mut Read, id: CustomerId) -> Result<Party, Failure> {
    Ok(buyer(&read.customer(id).await?.ok_or(Failure::Missing("customer"))?))
}

/// What the buyer is known by: an identifier that it goes by in invoices, a tax id, its number in
/// the register, or at last its name.
fn external_id(buyer: &ReadParty) -> String {
    let identifier = buyer.identifiers.first().map(|it| match &it.scheme {
        Some(scheme) => format!("{scheme}:{}", it.value),
        None => it.value.clone(),
    });
    let tax_id = || buyer.party.tax_ids.first().map(|it| format!("{}:{}", it.kind, it.value));
    let registered =
        || buyer.registration_number.as_ref().map(|number| format!("registration:{number}"));
    let name = || {
        let words: Vec<String> =
            buyer.party.name.split_whitespace().map(str::to_lowercase).collect();
        format!("name:{}", words.join("-"))
    };
    let id = identifier.or_else(tax_id).or_else(registered).unwrap_or_else(name);
    id.chars().take(200).collect()
}

fn customer_input(read: &ReadInvoice) -> CustomerInput {
    let ReadParty { party, trading_name, registration_number, phone, .. } = &read.buyer;
    CustomerInput {
        external_id: Some(external_id(&read.buyer)),
        brand_id: None,
        kind: None,
        name: trading_name.as_ref().unwrap_or(&party.name).clone(),
        legal_name: Some(party.name.clone()),
        registration_number: registration_number.clone(),
        email: party.email.clone(),
        phone: phone.clone(),
        language: None,
        time_zone: None,
        currency: Some(read.currency.to_string()),
        status: None,
        debit_limit_minor: None,
        billing_address: Some(AddressInput::of(&party.address)),
        shipping_address: None,
        tax_ids: Some(TaxIdInput::all_of(&party.tax_ids)),
        portal_access: None,
        notes: None,
        metadata: None,
        created_at: Some(midnight(read.issued_on)),
    }
}

fn invoice_input(read: ReadInvoice, customer_id: String) -> InvoiceInput {
    let rounding = read.totals.rounding.minor();
    InvoiceInput {
        external_id: Some(read.number.clone()),
        customer_id,
        number: Some(read.number),
        status: InvoiceStatus::Open,
        currency: Some(read.currency),
        issued_on: read.issued_on,
        due_on: read.due_on,
        instalments: Vec::new(),
        period_start: read.period.map(Period::start),
        period_end_exclusive: read.period.map(Period::end_exclusive),
        lines: read.lines.iter().map(|line| LineInput::of(line, read.currency)).collect(),
        taxes: Some(read.taxes.iter().map(TaxInput::of).collect()),
        adjustments: read.adjustments.iter().map(AdjustmentInput::of).collect(),
        subtotal_minor: read.totals.subtotal.minor().checked_add(rounding),
        tax_minor: Some(read.totals.tax.minor()),
        total_minor: read.totals.total.minor().checked_add(rounding),
        prepaid_minor: Some(read.totals.prepaid.minor()).filter(|minor| *minor != 0),
        paid_elsewhere_minor: None,
        seller: Some(party(read.seller)),
        buyer: Some(party(read.buyer)),
        payment: Some(read.payment.into()),
        purchase_order: read.order_reference.or(read.buyer_reference),
        notes: read.notes,
        metadata: Metadata::new(),
        created_at: Some(midnight(read.issued_on)),
    }
}

fn credit_note_input(read: ReadInvoice, customer_id: String) -> CreditNoteInput {
    let rounding = read.totals.rounding.minor();
    CreditNoteInput {
        external_id: Some(read.number.clone()),
        customer_id,
        invoice_id: read.corrects,
        number: read.number,
        status: CreditNoteStatus::Issued,
        currency: Some(read.currency),
        issued_on: read.issued_on,
        reason: None,
        lines: read.lines.iter().map(|line| LineInput::of(line, read.currency)).collect(),
        taxes: Some(read.taxes.iter().map(TaxInput::of).collect()),
        adjustments: read.adjustments.iter().map(AdjustmentInput::of).collect(),
        subtotal_minor: read.totals.subtotal.minor().checked_add(rounding),
        tax_minor: Some(read.totals.tax.minor()),
        total_minor: read.totals.total.minor().checked_add(rounding),
        seller: Some(party(read.seller)),
        buyer: Some(party(read.buyer)),
        purchase_order: read.order_reference.or(read.buyer_reference),
        notes: read.notes,
        metadata: Metadata::new(),
        created_at: Some(midnight(read.issued_on)),
    }
}

fn party(read: ReadParty) -> PartyInput {
    PartyInput::from(read.party)
}

/// The beginning of a day in UTC: an invoice says no time.
fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
