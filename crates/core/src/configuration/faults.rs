//! What is wrong with a file, by the path of the value.

use portico_core_api::Fault;

use crate::brand_mail::BrandMailError;
use crate::brands::{BrandError, BrandFault};
use crate::domains::DomainError;
use crate::gateways::AccountError;
use crate::operators::StaffError;
use crate::records::{InputFault, Rejection};

/// All that is wrong so far.
#[derive(Default)]
pub(super) struct Faults(Vec<InputFault>);

impl Faults {
    /// Notes a fault.
    pub(super) fn at(&mut self, path: &str, message: impl Into<String>) {
        self.0.push(InputFault { field: path.to_owned(), message: message.into() });
    }

    /// Notes what is wrong with the values below a path.
    pub(super) fn below(&mut self, path: &str, found: Vec<InputFault>) {
        for InputFault { field, message } in found {
            let field = field.replace('[', ".").replace(']', "");
            let dot = if field.is_empty() { "" } else { "." };
            self.at(&format!("{path}{dot}{field}"), message);
        }
    }

    /// Whether nothing was noted.
    pub(super) const fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or nothing where the input has faults, which are noted. What else is wrong ends
    /// the work.
    pub(super) fn take<T>(
        &mut self,
        path: &str,
        outcome: Result<T, impl Into<Rejection>>,
    ) -> Result<Option<T>, Rejection> {
        match outcome.map_err(Into::into) {
            Ok(value) => Ok(Some(value)),
            Err(Rejection::Invalid(found)) => {
                self.below(path, found);
                Ok(None)
            }
            Err(Rejection::Conflict { message, .. }) => Err(Rejection::conflict(path, message)),
            Err(Rejection::NotFound(what)) => {
                self.at(path, format!("{what} was not found"));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Refuses where anything was noted.
    pub(super) fn refuse_any(&mut self) -> Result<(), Rejection> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Rejection::Invalid(std::mem::take(&mut self.0)))
        }
    }
}

/// The field of a gateway as the file names it.
pub(super) fn within_gateway(error: AccountError) -> Rejection {
    match error {
        AccountError::Forbidden(forbidden) => forbidden.into(),
        AccountError::NotFound => Rejection::NotFound("the gateway".to_owned()),
        AccountError::Invalid(faults) => {
            let mut found: Vec<InputFault> = faults.into_iter().map(InputFault::from).collect();
            for fault in found.iter_mut().filter(|fault| fault.field == "brand_id") {
                "brand".clone_into(&mut fault.field);
            }
            Rejection::Invalid(found)
        }
        AccountError::Input(rejection) => rejection,
        AccountError::Failure(failure) => failure.into(),
        other @ (AccountError::InUse | AccountError::TooMany { .. }) => {
            Rejection::conflict("", other.to_string())
        }
    }
}

/// The field of a brand's settings as the file names it.
pub(super) fn within_brand(error: BrandError) -> Rejection {
    let mut rejection = Rejection::from(error);
    if let Rejection::Invalid(found) = &mut rejection {
        for fault in found {
            let table = match fault.field.as_str() {
                "currencies" | "template_customer" => "sign_up.",
                "breakout" | "cdr" => "report_columns.",
                _ => "",
            };
            fault.field.insert_str(0, table);
        }
    }
    rejection
}

/// The field of the organisation as the file names it.
pub(super) fn within_organisation(error: StaffError) -> Rejection {
    let found = match error {
        StaffError::Invalid(found) => found,
        StaffError::Forbidden(forbidden) => return forbidden.into(),
        StaffError::NotFound => return Rejection::NotFound("the organisation".to_owned()),
        StaffError::Failure(failure) => return failure.into(),
        other @ (StaffError::Rule(_) | StaffError::TooMany(_)) => {
            return Rejection::conflict("organisation", other.to_string());
        }
    };
    let fault = |it: portico_core_api::FieldFault| InputFault {
        field: organisation_field(&it.field),
        message: in_words(&it.fault),
    };
    Rejection::Invalid(found.into_iter().map(fault).collect())
}

fn organisation_field(form: &str) -> String {
    if let Some((index, part)) = form.strip_prefix("tax_").and_then(|rest| rest.split_once('_')) {
        return format!("tax_ids.{index}.{part}");
    }
    let is_address =
        matches!(form, "line1" | "line2" | "city" | "region" | "postal_code" | "country");
    if is_address { format!("address.{form}") } else { form.to_owned() }
}

fn in_words(fault: &Fault) -> String {
    match fault {
        Fault::Required => "must not be empty".to_owned(),
        Fault::TooLong { max } => format!("must not have more than {max} characters"),
        Fault::NotATaxId { example } => {
            format!("is no tax id of this kind, such as {example}")
        }
        Fault::BadCharacters => {
            "has characters that do not belong there, or is a card number".to_owned()
        }
        other => {
            let word = other.message_key().trim_start_matches("fault-").replace('-', " ");
            format!("is {word}")
        }
    }
}

/// What is wrong with a host, which is a value by itself.
pub(super) fn of_domain(error: DomainError) -> Rejection {
    match BrandError::from(error) {
        BrandError::Invalid(faults) => {
            // Two organisations cannot have one host: that is no fault of the file's form.
            let taken = |fault: &BrandFault| matches!(fault, BrandFault::HostInUse);
            let message = faults.iter().map(|(_, fault)| fault.to_string()).collect::<String>();
            if faults.iter().any(|(_, fault)| taken(fault)) {
                Rejection::conflict("", message)
            } else {
                Rejection::field("", message)
            }
        }
        other => other.into(),
    }
}

/// What the organisation's software is told.
impl From<BrandMailError> for Rejection {
    fn from(error: BrandMailError) -> Self {
        match error {
            BrandMailError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            BrandMailError::NotFound => Self::NotFound("the mail or text".to_owned()),
            BrandMailError::Failure(failure) => Self::Failure(failure),
            BrandMailError::Invalid(faults) => {
                let fault = |it: crate::brand_mail::WordedFault| InputFault {
                    field: it.field.to_owned(),
                    message: it.message.to_owned(),
                };
                Self::Invalid(faults.into_iter().map(fault).collect())
            }
            other @ (BrandMailError::TooMany { .. } | BrandMailError::Trial(_)) => {
                Self::conflict("", other.to_string())
            }
        }
    }
}
