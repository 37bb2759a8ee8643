//! Credit notes: those of a customer, one of them, and taking one back.

pub mod list;
pub mod show;
pub mod void;

use portico_billing::CreditNoteId;
use portico_core::records::RecordKey;
use portico_core::records::credit_note::{CreditNoteOutput, CreditNoteRecord};
use portico_ui::errors::Problem;

use super::answer::Stop;
use super::customers::Head;
use super::{Staff, paths};

/// The credit note that an address names, with the head of its customer.
async fn load(staff: &Staff, id: &str) -> Result<(Head, CreditNoteOutput), Stop> {
    let key = RecordKey::new(note_id(id)?.to_string());
    let note = staff.core().find_record::<CreditNoteRecord>(staff.caller(), &key).await?;
    let (head, _) = Head::load(staff, &note.customer_id.to_string()).await?;
    Ok((head, note))
}

fn note_id(text: &str) -> Result<CreditNoteId, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

/// A credit note's own page.
fn path(id: CreditNoteId) -> String {
    paths::CREDIT_NOTE.replace("{id}", &id.uuid().to_string())
}
