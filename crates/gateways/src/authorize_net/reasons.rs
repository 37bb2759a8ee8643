//! What the provider's codes mean:
//! <https://developer.authorize.net/api/reference/responseCodes.html>.

use portico_billing::gateway::DeclineReason;

use crate::{Declined, GatewayError};

/// The error that a code of the API (`E00007`) is.
pub(super) fn refusal(code: &str, message: &str) -> GatewayError {
    match code {
        // An error within, of which nobody says how far it got.
        "E00000" | "E00001" => GatewayError::Unknown(format!("{code}: {message}")),
        // Too busy; in maintenance.
        "E00053" | "E00104" => GatewayError::TooMany,
        _ => refused(code, message),
    }
}

/// A refusal: nothing happened.
pub(super) fn refused(code: &str, message: &str) -> GatewayError {
    GatewayError::Refused { code: code.to_owned(), message: message.to_owned() }
}

/// Whether the provider says that it does not know what was named.
pub(super) fn is_not_found(error: &GatewayError) -> bool {
    matches!(error, GatewayError::Refused { code, .. } if code == "E00040")
}

/// Whether the provider says that there is such a one already.
pub(super) fn is_duplicate(error: &GatewayError) -> bool {
    matches!(error, GatewayError::Refused { code, .. } if code == "E00039")
}

/// What a response reason code says of a transaction that was not approved.
pub(super) fn unapproved(code: &str, message: &str) -> Result<Declined, GatewayError> {
    let reason = match code {
        // The same was sent before, and is done or being done: it is to be looked for.
        "11" | "318" => return Err(unknown(code, message)),
        // A time-out on the way to the bank, and what was to undo it failed too.
        "120" | "121" | "122" => return Err(unknown(code, message)),
        // The account's doing: login, processor, currency, kind of transaction, missing fields.
        "5" | "13" | "18" | "29" | "30" | "31" | "32" | "33" | "34" | "35" | "38" | "39" | "40"
        | "43" | "66" | "87" | "100" | "102" | "103" | "123" | "130" | "131" | "132" | "170"
        | "171" | "172" | "173" | "174" | "175" | "176" | "180" | "185" => {
            return Err(refused(code, message));
        }
        "8" | "317" => DeclineReason::Expired,
        "6" | "7" | "9" | "10" | "27" | "37" | "44" | "45" | "65" | "78" | "127" | "165"
        | "200" | "201" | "315" | "316" => DeclineReason::WrongDetails,
        "49" => DeclineReason::TooMuch,
        _ => DeclineReason::Declined,
    };
    Ok(Declined { reason, code: code.to_owned() })
}

fn unknown(code: &str, message: &str) -> GatewayError {
    GatewayError::Unknown(format!("{code}: {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_api_say_whether_something_may_have_happened() {
        for code in ["E00003", "E00005", "E00007", "E00011", "E00027", "E00040", "E99999"] {
            assert!(matches!(refusal(code, "x"), GatewayError::Refused { .. }), "{code}");
        }
        assert!(!refusal("E00001", "x").nothing_happened());
        assert_eq!(refusal("E00053", "x"), GatewayError::TooMany);
        assert!(is_not_found(&refusal("E00040", "x")) && !is_not_found(&refusal("E00007", "x")));
        assert!(is_duplicate(&refusal("E00039", "x")) && !is_duplicate(&GatewayError::TooMany));
    }

    #[test]
    fn reason_codes_are_the_customers_the_accounts_or_nobodys() {
        use DeclineReason::{Declined, Expired, TooMuch, WrongDetails};
        let reasons = [
            ("2", Declined),
            ("3", Declined),
            ("4", Declined),
            ("8", Expired),
            ("6", WrongDetails),
            ("27", WrongDetails),
            ("65", WrongDetails),
            ("49", TooMuch),
            ("141", Declined),
            ("", Declined),
        ];
        for (code, expected) in reasons {
            let declined = unapproved(code, "x").expect("a decline");
            assert_eq!((declined.reason, declined.code.as_str()), (expected, code));
        }
        for code in ["13", "39", "40", "103"] {
            assert!(matches!(unapproved(code, "x"), Err(GatewayError::Refused { .. })), "{code}");
        }
    }

    #[test]
    fn pay_05_a_duplicate_is_looked_for_not_given_up() {
        for code in ["11", "120"] {
            let error = unapproved(code, "x").expect_err("no decline");
            assert!(!error.nothing_happened(), "{code}");
        }
    }
}
