//! Forms that book something: each does so once, however often it is sent. A hidden field holds
//! the key that it was shown with, and travels through the question whether one is sure.

use portico_core::records::{Record, Sent, SentForm};
use portico_ui::{FormState, TextArgs};
use uuid::Uuid;

use super::Staff;
use super::answer::Stop;
use super::faults::rejected;
use super::params::Params;
use super::sure::PRESSED;

/// Name of the hidden field; templates write it into the form.
const FIELD: &str = "once";
/// Keys are identifiers, which are shorter.
const KEY_LENGTH_MAX: usize = 64;

/// A form to begin with, with a key of its own.
pub fn form(staff: &Staff) -> FormState {
    FormState::new().with_value(FIELD, staff.core().form_key())
}

/// Saves the new record that the form describes. The answer is its identifier, of the first time
/// where the form was sent before; else the form with what is wrong with it.
pub async fn save<R: Record>(
    staff: &Staff,
    (fields, form): (&Params, FormState),
    input: R::Input,
) -> Result<Result<Uuid, FormState>, Stop> {
    match staff.core().save_form::<R>(staff.caller(), &sent(staff, fields), input).await {
        Ok(Sent::Saved(id)) => Ok(Ok(id)),
        Ok(Sent::Otherwise) => Ok(Err(sent_before(staff, form))),
        Err(rejection) => rejected(form, rejection).map(Err),
    }
}

/// The form that was sent before with other values, with a key for sending it again.
pub fn sent_before(staff: &Staff, form: FormState) -> FormState {
    let form = form.with_value(FIELD, staff.core().form_key());
    form.with_fault("form", "fault-sent-before", TextArgs::new())
}

/// What was sent, but for which button.
pub fn sent(staff: &Staff, fields: &Params) -> SentForm {
    let key = Some(fields.get(FIELD)).filter(|key| {
        (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(|it| it.is_ascii_graphic())
    });
    let key = key.map_or_else(|| staff.core().form_key(), str::to_owned);
    SentForm::new(key, fields.iter().filter(|(name, _)| ![FIELD, PRESSED].contains(name)))
}
