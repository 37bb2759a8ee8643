//! Credit notes as the organisation's software sends and reads them.
//!
//! A credit note for an invoice settles it: what is still due falls, and what was paid beyond that
//! becomes the customer's balance. It can take back no more than the invoice asked for. Without an
//! invoice it is a free credit. Once issued its figures stand; it may be cancelled (`void`): what
//! it settled is due again.

mod input;
mod plan;

use jiff::Timestamp;
use portico_billing::CreditNoteId;
use portico_billing::credit::CreditSource;
use portico_billing::credit_note::{CreditNote, CreditNoteStatus};
use portico_billing::ledger::Booking;
use portico_billing::permission::Permission;
use portico_store::credit_note::CreditNoteFilter as StoreFilter;
use portico_store::hold::Held;
use portico_store::{Read, StoreError};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

pub use input::{CreditNoteInput, CreditNoteOutput};
use plan::{Plan, Planned};

use super::refer::{self, Whose};
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit, invoice};
use crate::Failure;

/// Credit notes; see the module's text.
#[derive(Debug)]
pub struct CreditNoteRecord;

/// Which credit notes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CreditNoteFilter {
    /// One customer's alone: our id or the external id.
    pub customer_id: Option<String>,
}

impl Record for CreditNoteRecord {
    const PLURAL: &'static str = "credit-notes";
    const SINGULAR: &'static str = "credit note";
    const EDITED_WITH: Permission = Permission::EditBilling;
    const HELD: Held = Held::CreditNote;
    type Input = CreditNoteInput;
    type Output = CreditNoteOutput;
    type Filter = CreditNoteFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: CreditNoteInput,
    ) -> Result<Saved<CreditNoteOutput>, Rejection> {
        let (own, by_external_id) =
            (input.external_id.as_deref(), Read::credit_note_by_external_id);
        let existing = refer::existing::<Self, _>(unit, &target, own, load, by_external_id).await?;
        let customer =
            unit.customer("customer_id", &RecordKey::new(input.customer_id.as_str())).await?;
        let invoice = match &input.invoice_id {
            None => None,
            Some(key) => {
                let key = RecordKey::new(key.as_str());
                let found = invoice::load_by_any_name(&mut unit.write, &key).await?;
                let of_customer = found.filter(|it| it.customer_id == customer.id);
                let Some(it) = of_customer else { return Err(no_such_invoice(&key)) };
                Some(it)
            }
        };
        let plan = Plan::new(&input, &customer, invoice.as_ref(), unit.now)?;
        let Some(before) = existing else { return create(unit, plan).await };
        let body = unit.write.credit_note_body(before.id).await?;
        let after = plan.for_existing(&before, &body)?;
        if after.is(&before, &body) {
            let output = CreditNoteOutput::new(before, body);
            return Ok(Saved { output, outcome: Outcome::Unchanged });
        }
        // Its state may have changed since; from here on it cannot.
        let before = unit.write.credit_note_for_update(before.id).await?;
        let after = plan.for_existing(&before, &body)?;
        update(unit, &before, after).await
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<CreditNoteOutput>, Failure> {
        let Some(note) = load(read, key).await? else { return Ok(None) };
        let body = read.credit_note_body(note.id).await?;
        Ok(Some(CreditNoteOutput::new(note, body)))
    }

    async fn as_input(
        read: &mut Read,
        key: &RecordKey,
    ) -> Result<Option<CreditNoteInput>, Failure> {
        let Some(note) = load(read, key).await? else { return Ok(None) };
        let body = read.credit_note_body(note.id).await?;
        Ok(Some(CreditNoteInput::of(note, body)))
    }

    async fn list(
        read: &mut Read,
        filter: &CreditNoteFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<CreditNoteOutput>, Rejection> {
        let customer = match Whose::named(read, filter.customer_id.as_deref()).await? {
            Whose::Nobody => return Ok(Vec::new()),
            Whose::All => None,
            Whose::One(customer) => Some(customer),
        };
        let after = refer::position(after);
        let mut outputs = Vec::new();
        for note in read.credit_notes(&StoreFilter { customer, after }, limit).await? {
            let body = read.credit_note_body(note.id).await?;
            outputs.push(CreditNoteOutput::new(note, body));
        }
        Ok(outputs)
    }

    fn position(output: &CreditNoteOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

async fn load(read: &mut Read, key: &RecordKey) -> Result<Option<CreditNote>, Failure> {
    key.find(read, Read::credit_note, Read::credit_note_by_external_id).await
}

async fn create(unit: &mut Unit<'_>, plan: Plan) -> Result<Saved<CreditNoteOutput>, Rejection> {
    let it = plan.for_new(CreditNoteId::new(unit.now, unit.id_bytes()));
    let counts = it.note.status == CreditNoteStatus::Issued;
    if let (Some(invoice), true) = (it.note.invoice_id, counts) {
        let invoice = unit.write.invoice_for_update(invoice).await?;
        let most = invoice.figures.creditable_minor();
        if it.note.total_minor > most {
            let message = format!("is more than the invoice still has to give, {most}");
            return Err(Rejection::field("total_minor", message));
        }
    }
    let inserted = unit.write.insert_credit_note(&it.note, &it.body).await;
    inserted.map_err(|error| in_use(error, &it.note))?;
    if let (Some(invoice), true) = (it.note.invoice_id, counts) {
        invoice::settle(unit, invoice, (0, it.note.total_minor)).await?;
    }
    unit.book(it.note.customer_id, None, &Booking::of_credit_note(&it.note));
    unit.event("credit_note.created", it.note.id.uuid(), event_data(&it.note));
    let output = CreditNoteOutput::new(it.note, it.body);
    Ok(Saved { output, outcome: Outcome::Created })
}

async fn update(
    unit: &mut Unit<'_>,
    before: &CreditNote,
    it: Planned,
) -> Result<Saved<CreditNoteOutput>, Rejection> {
    let note = CreditNote { updated_at: unit.now, ..it.note };
    if note.status != before.status {
        take_back(unit, before).await?;
    }
    let updated = unit.write.update_credit_note(&note, &it.body).await;
    updated.map_err(|error| in_use(error, &note))?;
    if let (Some(invoice), true) = (note.invoice_id, note.status != before.status) {
        invoice::settle(unit, invoice, (0, -note.total_minor)).await?;
    }
    let (old, new) = (Booking::of_credit_note(before), Booking::of_credit_note(&note));
    unit.book(note.customer_id, Some(&old), &new);
    let data = event_data(&note);
    unit.change("credit_note.updated", note.id.uuid(), data, (before, &note));
    let output = CreditNoteOutput::new(note, it.body);
    Ok(Saved { output, outcome: Outcome::Updated })
}

/// What a credit note for no invoice settled as credit is due again.
async fn take_back(unit: &mut Unit<'_>, it: &CreditNote) -> Result<(), Rejection> {
    for part in unit.write.credit_of_source(CreditSource::CreditNote(it.id)).await? {
        unit.write.take_credit(part).await?;
        unit.write.use_credit_note(it.id, -part.amount_minor).await?;
        invoice::settle(unit, part.invoice_id, (-part.amount_minor, 0)).await?;
    }
    Ok(())
}

fn event_data(it: &CreditNote) -> serde_json::Value {
    json!({
        "number": it.number,
        "customer_id": it.customer_id,
        "invoice_id": it.invoice_id,
        "status": it.status,
        "currency": it.currency,
        "total_minor": it.total_minor,
    })
}

fn no_such_invoice(key: &RecordKey) -> Rejection {
    let message = format!("the customer has no invoice `{}`", key.as_str());
    Rejection::field("invoice_id", message)
}

/// Names the field whose value another credit note has.
fn in_use(error: StoreError, it: &CreditNote) -> Rejection {
    let StoreError::Duplicate { constraint } = &error else { return error.into() };
    if constraint.contains("number") {
        let message = format!("another credit note has the number `{}`", it.number);
        return Rejection::conflict("number", message);
    }
    if constraint.contains("external_id") {
        return Rejection::conflict("external_id", "another credit note has this external id");
    }
    error.into()
}
