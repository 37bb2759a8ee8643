//! Payments by hand: recorded, and given back.

pub mod form;
pub mod refund;
pub mod show;

use portico_billing::PaymentId;
use portico_core::records::RecordKey;
use portico_core::records::payment::{PaymentOutput, PaymentRecord};
use portico_ui::errors::Problem;

use super::answer::Stop;
use super::customers::Head;
use super::{Staff, paths};

/// The payment that an address names, with the head of its customer.
async fn load(staff: &Staff, id: &str) -> Result<(Head, PaymentOutput), Stop> {
    let id: PaymentId = id.parse().map_err(|_| Problem::NotFound)?;
    let key = RecordKey::new(id.to_string());
    let payment = staff.core().find_record::<PaymentRecord>(staff.caller(), &key).await?;
    let (head, _) = Head::load(staff, &payment.customer_id.to_string()).await?;
    Ok((head, payment))
}

/// A payment's own page.
fn path(id: PaymentId) -> String {
    paths::PAYMENT.replace("{id}", &id.uuid().to_string())
}
