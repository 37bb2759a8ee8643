//! From the core's refusals to what the staff sees, in one place.

use portico_core::StaffError;
use portico_core_api::{EntryError, Fault, FieldFault, Refusal};
use portico_ui::errors::Problem;
use portico_ui::{FormState, TextArgs};

use super::answer::Stop;

/// Where no form is shown that could say more.
impl From<EntryError> for Stop {
    fn from(error: EntryError) -> Self {
        Self::Problem(match error {
            EntryError::TooMany { retry_after } => Problem::TooMany { retry_after },
            EntryError::Unavailable { reference } => Problem::Unavailable { reference },
            _ => Problem::BadRequest,
        })
    }
}

/// Where a document or a table cannot be made.
impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Problem(match refusal {
            Refusal::NotFound => Problem::NotFound,
            Refusal::TooMany { retry_after } => Problem::TooMany { retry_after },
            Refusal::Unavailable { reference } => Problem::Unavailable { reference },
            _ => Problem::Forbidden,
        })
    }
}

/// Where neither a form nor a notice is shown that could say more.
impl From<StaffError> for Stop {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Forbidden(forbidden) => forbidden.into(),
            StaffError::NotFound => Self::Problem(Problem::NotFound),
            StaffError::Invalid(_) => Self::Problem(Problem::BadRequest),
            StaffError::Rule(_) => Self::Problem(Problem::Forbidden),
            StaffError::TooMany(retry_after) => Self::Problem(Problem::TooMany { retry_after }),
            StaffError::Failure(failure) => failure.into(),
        }
    }
}

/// The form with what the core says is wrong with it.
pub fn with_faults(form: FormState, faults: &[FieldFault]) -> FormState {
    faults.iter().fold(form, |form, found| {
        form.with_fault(&found.field, found.fault.message_key(), fault_args(&found.fault))
    })
}

fn fault_args(fault: &Fault) -> TextArgs {
    match fault {
        Fault::TooLong { max } => TextArgs::new().number("max", i64::from(*max)),
        Fault::TooShort { min } => TextArgs::new().number("min", i64::from(*min)),
        Fault::NotATaxId { example } => TextArgs::new().text("example", example.as_str()),
        Fault::OutOfRange { min, max } => {
            TextArgs::new().text("min", min.as_str()).text("max", max.as_str())
        }
        _ => TextArgs::new(),
    }
}
