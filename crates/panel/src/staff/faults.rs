//! From what the records say to software, in English, to what forms say to people.

use portico_core::records::{InputFault, Rejection};
use portico_ui::{FormState, TextArgs};

use super::answer::Stop;

/// The form with what is wrong with it; anything but that ends the request.
pub fn rejected(form: FormState, rejection: Rejection) -> Result<FormState, Stop> {
    match rejection {
        Rejection::Invalid(faults) => Ok(faults.iter().fold(form, with_fault)),
        Rejection::Conflict { field, message } => {
            Ok(with_fault(form, &InputFault { field, message }))
        }
        other => Err(other.into()),
    }
}

fn with_fault(form: FormState, fault: &InputFault) -> FormState {
    let (key, args) = text_of(fault);
    // Instalments are written by software alone: no form has them.
    let of_form = fault.field.is_empty() || fault.field == "instalments";
    let field = if of_form { "form" } else { fault.field.as_str() };
    form.with_fault(field, key, args)
}

/// What people read: by what is said where many fields say it, else by the field that says it.
fn text_of(fault: &InputFault) -> (&'static str, TextArgs) {
    let message = fault.message.as_str();
    if message.contains("payment card") {
        return ("fault-card-number", TextArgs::new());
    }
    if message.contains("instalment") || fault.field == "instalments" {
        return ("fault-instalments", TextArgs::new());
    }
    if message.contains("must not be empty") {
        return ("fault-required", TextArgs::new());
    }
    if let Some(max) = number_in(message, "must not have more than ", " characters") {
        return ("fault-too-long", TextArgs::new().number("max", max));
    }
    if message.contains("external id") || message.contains("has the number") {
        return ("fault-taken", TextArgs::new());
    }
    (of_field(&fault.field), TextArgs::new())
}

fn of_field(field: &str) -> &'static str {
    let last = field.rsplit('.').next().unwrap_or(field);
    let list = field.split('.').next().unwrap_or(field);
    match last {
        "email" => "fault-not-an-email",
        "country" => "fault-not-a-country",
        "language" => "fault-not-a-language",
        "time_zone" => "fault-not-a-time-zone",
        "currency" => "fault-currency",
        "brand_id" | "kind" | "status" | "method" => "fault-not-a-choice",
        "quantity" | "unit_price" | "tax_rate" => "fault-number",
        "due_on" | "issued_on" | "paid_at" => "fault-day",
        _ if last.ends_with("_minor") => "fault-amount",
        _ if list == "allowed_addresses" => "fault-network",
        _ => "fault-value",
    }
}

fn number_in(message: &str, before: &str, after: &str) -> Option<i64> {
    message.split_once(before)?.1.split_once(after)?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(field: &str, message: &str) -> &'static str {
        text_of(&InputFault { field: field.to_owned(), message: message.to_owned() }).0
    }

    #[test]
    fn what_is_said_to_software_has_a_text_for_people() {
        assert_eq!(key("name", "must not be empty"), "fault-required");
        assert_eq!(key("notes", "must not have more than 5000 characters"), "fault-too-long");
        assert_eq!(key("email", "is no address"), "fault-not-an-email");
        assert_eq!(key("billing_address.country", "is no code"), "fault-not-a-country");
        assert_eq!(key("external_id", "another customer has this external id"), "fault-taken");
        assert_eq!(key("lines.3.unit_price", "must be given"), "fault-number");
        assert_eq!(key("allowed_addresses.0", "is no address or network"), "fault-network");
        assert_eq!(key("odd", "is odd"), "fault-value");
        assert_eq!(key("instalments", "come to 5, but the total is 6"), "fault-instalments");
        let last = "must be the day of the last instalment, 2026-12-01";
        assert_eq!(key("due_on", last), "fault-instalments");
    }
}
