//! What PayPal says where it does not do what it was asked for.

use portico_billing::gateway::DeclineReason;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::http::Answer;
use crate::{Declined, GatewayError};

/// Characters of an explanation that are kept.
const EXPLANATION_MAX: usize = 300;

/// An answer with a status from 400 to 499.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    /// `UNPROCESSABLE_ENTITY`.
    name: String,
    /// The finest word that it has for it: `INSTRUMENT_DECLINED`, else the name.
    pub(super) code: String,
    pub(super) message: String,
}

/// Why there is no answer of the kind that was hoped for.
#[derive(Debug)]
pub(super) enum Trouble {
    /// PayPal says why.
    Fault(Fault),
    /// Anything else.
    Error(GatewayError),
}

/// <https://developer.paypal.com/api/rest/responses/>; the endpoint of tokens has words of its own
/// (RFC 6749 section 5.2).
#[derive(Default, Deserialize)]
struct Body {
    name: Option<String>,
    message: Option<String>,
    debug_id: Option<String>,
    #[serde(default)]
    details: Vec<Detail>,
    error: Option<String>,
    error_description: Option<String>,
}

#[derive(Deserialize)]
struct Detail {
    issue: Option<String>,
    description: Option<String>,
}

impl Fault {
    pub(super) fn of(answer: &Answer) -> Self {
        let body: Body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let detail = body.details.into_iter().next();
        let (issue, description) = detail.map_or((None, None), |it| (it.issue, it.description));
        let name = body.name.or(body.error);
        let name = name.unwrap_or_else(|| format!("HTTP {}", answer.status.as_u16()));
        // Older interfaces have a sentence in its place.
        let code = issue.filter(|issue| is_word(issue)).unwrap_or_else(|| name.clone());
        let told = description.or(body.message).or(body.error_description).unwrap_or_default();
        let mut message: String = told.chars().take(EXPLANATION_MAX).collect();
        if let Some(id) = body.debug_id {
            message = format!("{message} (debug id {id})");
        }
        Self { status: answer.status, name, code, message }
    }

    /// Whether that is its name, whatever the details are.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// That a payment was refused, where this says so.
    pub(super) fn declined(&self) -> Option<Declined> {
        let reason =
            (self.status == StatusCode::UNPROCESSABLE_ENTITY).then(|| reason(&self.code))?;
        Some(Declined { reason: reason?, code: self.code.clone() })
    }

    /// Whether the order has gone on in the meantime, so that it has to be looked at again.
    pub(super) fn is_overtaken(&self) -> bool {
        matches!(
            self.code.as_str(),
            "ORDER_ALREADY_CAPTURED"
                | "ORDER_COMPLETION_IN_PROGRESS"
                | "ORDER_NOT_APPROVED"
                | "PAYER_ACTION_REQUIRED"
        )
    }

    /// Whether a transaction of the same reference is there already: the `invoice_id` is the
    /// reference of one attempt, so it is this one's.
    pub(super) fn is_double(&self) -> bool {
        self.code == "DUPLICATE_INVOICE_ID"
    }
}

fn is_word(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(fits)
}

/// The issues of Orders v2, "create" and "capture", that tell of the payer or the method. Those
/// that tell of the request or the organisation's account are errors.
fn reason(issue: &str) -> Option<DeclineReason> {
    Some(match issue {
        "COMPLIANCE_VIOLATION"
        | "DECLINED_DUE_TO_RELATED_TXN"
        | "DOMESTIC_TRANSACTION_REQUIRED"
        | "INSTRUMENT_DECLINED"
        | "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED"
        | "PAYEE_BLOCKED_TRANSACTION"
        | "PAYER_ACCOUNT_LOCKED_OR_CLOSED"
        | "PAYER_ACCOUNT_RESTRICTED"
        | "PAYER_CANNOT_PAY"
        | "PAYMENT_SOURCE_CANNOT_BE_USED"
        | "PAYMENT_SOURCE_DECLINED_BY_PROCESSOR"
        | "PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED"
        | "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING"
        | "TRANSACTION_BLOCKED_BY_PAYEE"
        | "TRANSACTION_REFUSED" => DeclineReason::Declined,
        "TRANSACTION_LIMIT_EXCEEDED" | "TRANSACTION_RECEIVING_LIMIT_EXCEEDED" => {
            DeclineReason::TooMuch
        }
        "CARD_EXPIRED" | "REFERENCED_CARD_EXPIRED" => DeclineReason::Expired,
        "PAYER_ACTION_REQUIRED" => DeclineReason::CustomerNeeded,
        "AGREEMENT_ALREADY_CANCELLED"
        | "BILLING_AGREEMENT_NOT_FOUND"
        | "IDENTIFIER_NOT_FOUND"
        | "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE"
        | "TOKEN_EXPIRED"
        | "TOKEN_ID_NOT_FOUND" => DeclineReason::MethodGone,
        _ => return None,
    })
}

impl From<GatewayError> for Trouble {
    fn from(error: GatewayError) -> Self {
        Self::Error(error)
    }
}

impl From<Trouble> for GatewayError {
    fn from(trouble: Trouble) -> Self {
        let fault = match trouble {
            Trouble::Error(error) => return error,
            Trouble::Fault(fault) => fault,
        };
        let Fault { status, code, message, .. } = fault;
        match status {
            // The same request is worked on (`PREVIOUS_REQUEST_IN_PROGRESS`), or arrived in part.
            StatusCode::CONFLICT | StatusCode::REQUEST_TIMEOUT => Self::Unknown(code),
            _ if code == "DUPLICATE_INVOICE_ID" => Self::Unknown(code),
            _ => Self::Refused { code, message },
        }
    }
}
