//! Payments by hand: recorded, confirmed, cancelled, allocated and given back.

pub mod actions;
pub mod allocate;
pub mod cancel;
pub mod confirm;
pub mod form;
pub mod give_back;
pub mod refund;
pub mod release;
pub mod show;

use portico_billing::PaymentId;
use portico_core::records::payment::{PaymentDeed, PaymentOutput, PaymentRecord};
use portico_core::records::{InputFault, RecordKey, Rejection, Sent};
use portico_ui::errors::Problem;
use portico_ui::{FormState, TextArgs};

use super::answer::Stop;
use super::customers::Head;
use super::faults::rejected;
use super::params::Params;
use super::{Staff, once, paths};

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

/// The path of a form about a payment.
fn path_of(pattern: &str, payment: &PaymentOutput) -> String {
    pattern.replace("{id}", &payment.id.uuid().to_string())
}

/// Does something with a payment, the first time that the form is sent; else the form with what is
/// wrong with it.
async fn change(
    staff: &Staff,
    (fields, form): (&Params, FormState),
    (payment, deed): (&PaymentOutput, &PaymentDeed),
) -> Result<Result<(), FormState>, Stop> {
    let sent = once::sent(staff, fields);
    match staff.core().change_payment(staff.caller(), &sent, (payment.id, deed)).await {
        Ok(Sent::Saved(_)) => Ok(Ok(())),
        Ok(Sent::Otherwise) => Ok(Err(once::sent_before(staff, form))),
        Err(rejection) => refused(form, rejection).map(Err),
    }
}

/// The form with what is wrong with it, in words of money.
fn refused(form: FormState, rejection: Rejection) -> Result<FormState, Stop> {
    let faults = match rejection {
        Rejection::Invalid(faults) => faults,
        Rejection::Conflict { field, message } => vec![InputFault { field, message }],
        other => return Err(other.into()),
    };
    let mut form = form;
    for fault in faults {
        form = match text_of(&fault.field) {
            Some((field, key)) => form.with_fault(field, key, TextArgs::new()),
            None => rejected(form, Rejection::Invalid(vec![fault]))?,
        };
    }
    Ok(form)
}

/// The field of the form, and what is said there.
fn text_of(field: &str) -> Option<(&str, &'static str)> {
    match field {
        "amount_minor" => Some(("amount", "fault-more-than-left")),
        "paid_at" => Some(("paid_on", "fault-day")),
        "to" => Some(("form", "fault-no-gateway")),
        "status" => Some(("form", "fault-payment-state")),
        _ if field.starts_with("settle.") => Some((field, "fault-settles-too-much")),
        _ if field.starts_with("allocations") => Some(("form", "fault-settles-too-much")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_records_refuse_is_said_in_words_of_money() {
        let said = |field: &str| {
            let rejection = Rejection::conflict(field, "must not be empty");
            let form = refused(FormState::new(), rejection).expect("a form");
            form.is_fine()
        };
        for field in ["amount_minor", "to", "status", "settle.x", "allocations.0", "reason"] {
            assert!(!said(field), "{field}");
        }
        assert!(refused(FormState::new(), Rejection::NotFound("payment".to_owned())).is_err());
    }
}
