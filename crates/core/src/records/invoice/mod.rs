//! Invoices as the organisation's software sends and reads them.
//!
//! The state follows the money. `open` (or `approved`), `partially_paid` and `paid` all say that
//! the invoice is issued; which of them it is follows from what settled it: payments and credit
//! notes that are recorded here, `prepaid_minor` as the document states it, and
//! `paid_elsewhere_minor` on the sender's word. An invoice sent as `paid` counts as paid in full
//! on the sender's word; payments that are recorded later take the place of that word, so that
//! invoices and their payments can be sent in any order and nothing is counted twice.
//!
//! A draft may change in every part. Once it is issued, the figures stand: a credit note corrects
//! them. Due date, instalments, notes, payment instructions and metadata may still change, and the
//! invoice may be given up (`uncollectible`) or, while nothing is paid, cancelled (`void`). Other
//! instalments are filled anew by what is paid: they say when, never how much in all.

mod input;
mod output;
mod plan;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::invoice::{Invoice, InvoiceStatus};
use portico_billing::ledger::Booking;
use portico_billing::permission::Permission;
use portico_billing::{Currency, ExternalId, InvoiceId};
use portico_store::hold::Held;
use portico_store::invoice::InvoiceFilter as StoreFilter;
use portico_store::{Read, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

pub use input::{InstalmentInput, InvoiceInput};
pub use output::{InstalmentOutput, InvoiceOutput};
use plan::Plan;

use super::refer::{self, Whose};
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit};
use crate::Failure;

/// Invoices; see the module's text.
#[derive(Debug)]
pub struct InvoiceRecord;

/// Before all days, until it is known which one it is: [`Record::on`] follows.
const NO_DAY: Date = Date::MIN;

/// Which invoices.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvoiceFilter {
    /// One customer's alone: our id or the external id.
    pub customer_id: Option<String>,
    /// Stored state: `draft`, `open`, `partially_paid`, `paid`, `void`, `uncollectible`.
    #[param(value_type = Option<String>)]
    pub status: Option<InvoiceStatus>,
    /// Issued on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    pub issued_from: Option<Date>,
    /// Issued on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    pub issued_until: Option<Date>,
}

impl Record for InvoiceRecord {
    const PLURAL: &'static str = "invoices";
    const SINGULAR: &'static str = "invoice";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::Invoice;
    const CHANGES_BY_DAY: bool = true;
    type Input = InvoiceInput;
    type Output = InvoiceOutput;
    type Filter = InvoiceFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: InvoiceInput,
    ) -> Result<Saved<InvoiceOutput>, Rejection> {
        let today = unit.today().await?;
        let existing = existing(unit, &target, input.external_id.as_deref()).await?;
        let customer =
            unit.customer("customer_id", &RecordKey::new(input.customer_id.as_str())).await?;
        let Some(before) = existing else {
            let id = InvoiceId::new(unit.now, unit.id_bytes());
            let plan = Plan::new(&input, &customer, unit.now)?;
            return Ok(create(unit, plan.for_new(id)?, today));
        };
        let body = unit.invoice_body(before.id).await?;
        let plan = Plan::new(&input, &customer, unit.now)?;
        let after = plan.for_existing(&before, &body)?;
        if after.is(&before, &body) {
            let output = InvoiceOutput::new(before, body, today);
            return Ok(Saved { output, outcome: Outcome::Unchanged });
        }
        // What settles it may have changed since; from here on it cannot.
        let before = unit.write.invoice_for_update(before.id).await?;
        let after = plan.for_existing(&before, &body)?;
        update(unit, &before, (after, today)).await
    }

    async fn expect(unit: &mut Unit<'_>, inputs: &[Value]) -> Result<(), Failure> {
        let ids = inputs.iter().filter_map(|input| input.get("external_id")?.as_str());
        let ids: Vec<ExternalId> = ids.filter_map(|id| id.parse().ok()).collect();
        Ok(unit.expect_invoices(&ids).await?)
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<InvoiceOutput>, Failure> {
        let Some(invoice) = load(read, key).await? else { return Ok(None) };
        let body = read.invoice_body(invoice.id).await?;
        Ok(Some(InvoiceOutput::new(invoice, body, NO_DAY)))
    }

    async fn as_input(read: &mut Read, key: &RecordKey) -> Result<Option<InvoiceInput>, Failure> {
        let Some(invoice) = load(read, key).await? else { return Ok(None) };
        let body = read.invoice_body(invoice.id).await?;
        Ok(Some(InvoiceInput::of(&invoice, body)))
    }

    async fn list(
        read: &mut Read,
        filter: &InvoiceFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<InvoiceOutput>, Rejection> {
        let customer = match Whose::named(read, filter.customer_id.as_deref()).await? {
            Whose::Nobody => return Ok(Vec::new()),
            Whose::All => None,
            Whose::One(customer) => Some(customer),
        };
        let filter = StoreFilter {
            customer,
            status: filter.status,
            issued_from: filter.issued_from,
            issued_until: filter.issued_until,
            after: refer::position(after),
        };
        let mut outputs = Vec::new();
        for invoice in read.invoices(&filter, limit).await? {
            let body = read.invoice_body(invoice.id).await?;
            outputs.push(InvoiceOutput::new(invoice, body, NO_DAY));
        }
        Ok(outputs)
    }

    fn on(output: InvoiceOutput, today: Date) -> InvoiceOutput {
        output.on(today)
    }

    fn position(output: &InvoiceOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The invoice that `key` names: by our id, or by the organisation's.
pub(crate) async fn load(read: &mut Read, key: &RecordKey) -> Result<Option<Invoice>, Failure> {
    key.find(read, Read::invoice, Read::invoice_by_external_id).await
}

/// The same, or by its printed number: how credit notes and payments name an invoice.
pub(crate) async fn load_by_any_name(
    read: &mut Read,
    key: &RecordKey,
) -> Result<Option<Invoice>, Failure> {
    match load(read, key).await? {
        Some(found) => Ok(Some(found)),
        None => Ok(read.invoice_by_number(key.as_str()).await?),
    }
}

/// The invoice that an input is meant for, where there is one.
async fn existing(
    unit: &mut Unit<'_>,
    target: &Target,
    own: Option<&str>,
) -> Result<Option<Invoice>, Rejection> {
    let id = own.and_then(|id| id.parse().ok());
    if *target == Target::New && id.is_none_or(|id| unit.is_unused_by_invoices(&id)) {
        return Ok(None);
    }
    unit.flush_invoices().await?;
    let by_external_id = Read::invoice_by_external_id;
    refer::existing::<InvoiceRecord, _>(unit, target, own, load, by_external_id).await
}

fn create(unit: &mut Unit<'_>, it: plan::Planned, today: Date) -> Saved<InvoiceOutput> {
    let invoice = it.invoice;
    unit.insert_invoice(invoice.clone(), it.body.clone());
    unit.book(invoice.customer_id, None, &Booking::of_invoice(&invoice));
    unit.event("invoice.created", invoice.id.uuid(), event_data(&invoice));
    Saved { output: InvoiceOutput::new(invoice, it.body, today), outcome: Outcome::Created }
}

async fn update(
    unit: &mut Unit<'_>,
    before: &Invoice,
    (it, today): (plan::Planned, Date),
) -> Result<Saved<InvoiceOutput>, Rejection> {
    let invoice = Invoice { updated_at: unit.now, ..it.invoice };
    let written = unit.write.update_invoice(&invoice).await;
    written.map_err(|error| in_use(error, Some(&invoice)))?;
    unit.write.replace_invoice_body(invoice.id, it.body.clone()).await?;
    let (old, new) = (Booking::of_invoice(before), Booking::of_invoice(&invoice));
    // Only a draft can move to another customer, and a draft stands for nothing.
    unit.book(invoice.customer_id, Some(&old), &new);
    let data = event_data(&invoice);
    unit.change("invoice.updated", invoice.id.uuid(), data, (before, &invoice));
    let output = InvoiceOutput::new(invoice, it.body, today);
    Ok(Saved { output, outcome: Outcome::Updated })
}

/// Adds to what payments and credit notes settled of an invoice; a negative amount takes back. That
/// it can take so much is the caller's to check.
pub(crate) async fn settle(
    unit: &mut Unit<'_>,
    id: InvoiceId,
    (paid_minor, credited_minor): (i64, i64),
) -> Result<(), StoreError> {
    let settled = unit.write.settle_invoice(id, paid_minor, credited_minor, unit.now).await?;
    let (old, new) = (Booking::of_invoice(&settled.before), Booking::of_invoice(&settled.after));
    unit.book(settled.after.customer_id, Some(&old), &new);
    let data = event_data(&settled.after);
    let sides = (&Side::of(&settled.before), &Side::of(&settled.after));
    unit.change("invoice.updated", id.uuid(), data, sides);
    Ok(())
}

/// What the audit log compares where an invoice is settled: all that settling changes.
#[derive(Serialize)]
struct Side {
    status: InvoiceStatus,
    paid_minor: i64,
    credited_minor: i64,
    paid_elsewhere_minor: i64,
    due_minor: i64,
    currency: Currency,
}

impl Side {
    fn of(it: &Invoice) -> Self {
        Self {
            status: it.status,
            paid_minor: it.figures.paid_minor,
            credited_minor: it.figures.credited_minor,
            paid_elsewhere_minor: it.figures.paid_elsewhere_minor,
            due_minor: it.remaining().minor(),
            currency: it.currency,
        }
    }
}

fn event_data(it: &Invoice) -> Value {
    json!({
        "number": it.number,
        "customer_id": it.customer_id,
        "status": it.status,
        "currency": it.currency,
        "total_minor": it.figures.total_minor,
        "due_minor": it.remaining().minor(),
    })
}

/// Names the field whose value another invoice has. Of several invoices it names none: they are
/// saved one by one then.
pub(super) fn in_use(error: StoreError, it: Option<&Invoice>) -> Rejection {
    let StoreError::Duplicate { constraint } = &error else { return error.into() };
    if constraint.contains("number") {
        let number = it.and_then(|it| it.number.as_deref()).unwrap_or_default();
        return Rejection::conflict("number", format!("another invoice has the number `{number}`"));
    }
    if constraint.contains("external_id") {
        return Rejection::conflict("external_id", "another invoice has this external id");
    }
    error.into()
}
