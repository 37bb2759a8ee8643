//! Invoices by hand: written, approved, credited, cancelled.

pub mod actions;
pub mod credit;
pub mod form;
pub mod lines;
pub mod pay_links;
pub mod show;
pub mod use_credit;
pub mod write_off;

use portico_billing::InvoiceId;
use portico_core::records::RecordKey;
use portico_core::records::invoice::{InvoiceOutput, InvoiceRecord};
use portico_ui::errors::Problem;

use super::answer::Stop;
use super::customers::Head;
use super::{Staff, paths};

/// The invoice that an address names, with the head of its customer.
async fn load(staff: &Staff, id: &str) -> Result<(Head, InvoiceOutput), Stop> {
    let id: InvoiceId = id.parse().map_err(|_| Problem::NotFound)?;
    let key = RecordKey::new(id.to_string());
    let invoice = staff.core().find_record::<InvoiceRecord>(staff.caller(), &key).await?;
    let (head, _) = Head::load(staff, &invoice.customer_id.to_string()).await?;
    Ok((head, invoice))
}

/// An invoice's own page.
fn path(id: InvoiceId) -> String {
    paths::INVOICE.replace("{id}", &id.uuid().to_string())
}
