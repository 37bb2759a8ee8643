//! The answer to a transaction:
//! <https://developer.authorize.net/api/reference/index.html#payment-transactions>.

use roxmltree::Node;

use super::in_test_mode;
use super::reasons;
use super::xml::{self, find, required, value};
use crate::{Declined, GatewayError};

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Receipt {
    /// Done, under this identifier.
    Approved(String),
    /// Held back until somebody has reviewed it.
    Held(String),
    /// Not done.
    Declined(Declined),
}

impl Receipt {
    /// Reads a `createTransactionResponse`.
    pub(super) fn read(root: Node<'_, '_>) -> Result<Self, GatewayError> {
        let response = find(root, &["transactionResponse"])
            .ok_or_else(|| xml::unreadable("`transactionResponse` is missing"))?;
        // Without an identifier, or with "0", it was approved for show.
        let id = || match value(response, &["transId"]) {
            Some(id) if id != "0" => Ok(id.to_owned()),
            _ => Err(in_test_mode()),
        };
        match required(response, &["responseCode"])? {
            "1" => id().map(Self::Approved),
            "4" => id().map(Self::Held),
            "2" | "3" => {
                let told = |name| value(response, &["errors", "error", name]);
                let code = told("errorCode").unwrap_or_default();
                let message = told("errorText").unwrap_or_default();
                reasons::unapproved(code, message).map(Self::Declined)
            }
            code => Err(xml::unreadable(&format!("response code {code}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use portico_billing::gateway::DeclineReason;

    use super::*;

    fn receipt(code: &str, id: &str, error: &str) -> Result<Receipt, GatewayError> {
        let xml = format!(
            "<r><transactionResponse><responseCode>{code}</responseCode><transId>{id}</transId>\
             <errors><error><errorCode>{error}</errorCode><errorText>t</errorText></error></errors>\
             </transactionResponse></r>"
        );
        xml::with_root(xml.as_bytes(), Receipt::read)
    }

    #[test]
    fn each_response_code_says_what_became_of_it() {
        assert_eq!(receipt("1", "9", ""), Ok(Receipt::Approved("9".to_owned())));
        assert_eq!(receipt("4", "9", ""), Ok(Receipt::Held("9".to_owned())));
        let declined = Declined { reason: DeclineReason::Expired, code: "8".to_owned() };
        for code in ["2", "3"] {
            assert_eq!(receipt(code, "9", "8"), Ok(Receipt::Declined(declined.clone())));
        }
        assert!(matches!(receipt("5", "9", ""), Err(GatewayError::Unknown(_))));
    }

    #[test]
    fn pay_05_a_duplicate_is_unknown() {
        assert!(matches!(receipt("3", "9", "11"), Err(GatewayError::Unknown(_))));
    }

    #[test]
    fn an_account_in_test_mode_approves_nothing() {
        for id in ["0", ""] {
            assert!(matches!(receipt("1", id, ""), Err(GatewayError::Refused { .. })), "{id}");
        }
    }
}
