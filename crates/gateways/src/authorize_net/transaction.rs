//! Transactions as the provider describes them: in full, and in its lists.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use portico_billing::gateway::DeclineReason;
use portico_billing::{Currency, Money};
use roxmltree::Node;

use super::method;
use super::reasons;
use super::xml::{self, required, value};
use crate::{Declined, GatewayError, Kept, Paid, Progress};

/// What a `transactionStatus` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not decided: somebody reviews it, or only the authorisation was made.
    Waiting,
    /// The money is on its way, or there.
    Paid,
    /// It was not done, and will not be.
    Failed,
    /// Undone before it was settled.
    Voided,
    /// Money that was given back.
    Refunded,
    /// The bank took the money back.
    TakenBack,
    /// Such money, won again.
    WonBack,
}

impl Standing {
    /// By the words of `transactionStatusEnum`. A word that is none of them decides nothing.
    pub(super) fn of(status: &str) -> Self {
        match status {
            "capturedPendingSettlement"
            | "pendingSettlement"
            | "updatingSettlement"
            | "settledSuccessfully" => Self::Paid,
            "declined" | "expired" | "failedReview" | "communicationError" | "generalError"
            | "settlementError" => Self::Failed,
            "voided" => Self::Voided,
            "refundPendingSettlement" | "refundSettledSuccessfully" => Self::Refunded,
            "chargeback" | "returnedItem" => Self::TakenBack,
            "chargebackReversal" => Self::WonBack,
            // authorizedPendingCapture, authorizedPendingRelease, underReview, approvedReview,
            // FDSPendingReview, FDSAuthorizedPendingReview, pendingFinalSettlement, couldNotVoid
            _ => Self::Waiting,
        }
    }

    /// How much it says of a payment: of several with one reference the most telling counts.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::Paid | Self::TakenBack | Self::WonBack => 3,
            Self::Waiting => 2,
            Self::Failed | Self::Voided => 1,
            Self::Refunded => 0,
        }
    }
}

/// A line of a list of transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) id: String,
    pub(super) submitted: Timestamp,
    pub(super) standing: Standing,
    /// `invoiceNumber`: the reference, where the transaction is Portico's.
    pub(super) reference: Option<String>,
    pub(super) amount: Money,
}

impl Summary {
    /// Reads a `transaction` of a list.
    pub(super) fn read(node: Node<'_, '_>, currency: Currency) -> Result<Self, GatewayError> {
        Ok(Self {
            id: required(node, &["transId"])?.to_owned(),
            submitted: moment(required(node, &["submitTimeUTC"])?)?,
            standing: Standing::of(required(node, &["transactionStatus"])?),
            reference: value(node, &["invoiceNumber"]).map(ToOwned::to_owned),
            amount: money(required(node, &["settleAmount"])?, currency)?,
        })
    }
}

/// A transaction in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Transaction {
    pub(super) id: String,
    /// The transaction that it takes from.
    pub(super) of: Option<String>,
    pub(super) submitted: Timestamp,
    pub(super) standing: Standing,
    status: String,
    reason: String,
    pub(super) reference: Option<String>,
    pub(super) amount: Money,
    pub(super) method: Kept,
}

impl Transaction {
    /// Reads a `getTransactionDetailsResponse`.
    pub(super) fn read(root: Node<'_, '_>, currency: Currency) -> Result<Self, GatewayError> {
        let node = xml::find(root, &["transaction"])
            .ok_or_else(|| xml::unreadable("`transaction` is missing"))?;
        let status = required(node, &["transactionStatus"])?.to_owned();
        let owned = |path: &[&'static str]| value(node, path).map(ToOwned::to_owned);
        Ok(Self {
            id: required(node, &["transId"])?.to_owned(),
            of: owned(&["refTransId"]),
            submitted: moment(required(node, &["submitTimeUTC"])?)?,
            standing: Standing::of(&status),
            status,
            reason: owned(&["responseReasonCode"]).unwrap_or_default(),
            reference: owned(&["order", "invoiceNumber"]),
            amount: money(required(node, &["settleAmount"])?, currency)?,
            method: method::of_transaction(node),
        })
    }

    /// Whether it is a payment that was made.
    pub(super) const fn is_paid(&self) -> bool {
        self.standing.weight() == 3
    }

    /// Whether its money has left: it can be given back, and not undone any more.
    pub(super) fn is_settled(&self) -> bool {
        self.status == "settledSuccessfully"
    }

    /// How it stands as a payment.
    pub(super) fn progress(self, test: bool) -> Result<Progress, GatewayError> {
        match self.standing {
            Standing::Waiting => Ok(Progress::Pending { handle: Some(self.id) }),
            // What a bank takes back was paid before: it is another movement.
            Standing::Paid | Standing::TakenBack | Standing::WonBack => {
                Ok(Progress::Paid(Box::new(self.paid(test))))
            }
            Standing::Failed | Standing::Voided => Ok(Progress::Declined(self.declined())),
            Standing::Refunded => Err(reasons::refused("refund", "the transaction is a refund")),
        }
    }

    fn paid(self, test: bool) -> Paid {
        Paid {
            charge: self.id,
            money: self.amount,
            reference: self.reference,
            // The provider does not tell; the keys see only the transactions of their own account.
            recipient: None,
            test,
            fee: None,
            at: self.submitted,
            method: self.method,
        }
    }

    /// Why it was not done.
    pub(super) fn declined(&self) -> Declined {
        // The reason is that of the bank's answer, which may have been a yes before it expired, was
        // voided or could not be settled.
        let code = match self.status.as_str() {
            "declined" if !self.reason.is_empty() => &self.reason,
            status => status,
        };
        let declined = || Declined { reason: DeclineReason::Declined, code: code.to_owned() };
        reasons::unapproved(code, "").unwrap_or_else(|_| declined())
    }
}

/// An amount, which has up to four decimals.
pub(super) fn money(text: &str, currency: Currency) -> Result<Money, GatewayError> {
    Money::parse(text, currency).map_err(|error| xml::unreadable(&error.to_string()))
}

/// A moment of UTC, said or not (`xs:dateTime`).
pub(super) fn moment(text: &str) -> Result<Timestamp, GatewayError> {
    let unmarked = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>()?);
    text.parse().or_else(|_| unmarked()).map_err(|_| xml::unreadable("a time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_of_the_schema_stands_for_something() {
        let statuses = [
            ("authorizedPendingCapture", Standing::Waiting),
            ("capturedPendingSettlement", Standing::Paid),
            ("communicationError", Standing::Failed),
            ("refundSettledSuccessfully", Standing::Refunded),
            ("refundPendingSettlement", Standing::Refunded),
            ("approvedReview", Standing::Waiting),
            ("declined", Standing::Failed),
            ("couldNotVoid", Standing::Waiting),
            ("expired", Standing::Failed),
            ("generalError", Standing::Failed),
            ("pendingFinalSettlement", Standing::Waiting),
            ("pendingSettlement", Standing::Paid),
            ("failedReview", Standing::Failed),
            ("settledSuccessfully", Standing::Paid),
            ("settlementError", Standing::Failed),
            ("underReview", Standing::Waiting),
            ("updatingSettlement", Standing::Paid),
            ("voided", Standing::Voided),
            ("FDSPendingReview", Standing::Waiting),
            ("FDSAuthorizedPendingReview", Standing::Waiting),
            ("returnedItem", Standing::TakenBack),
            ("chargeback", Standing::TakenBack),
            ("chargebackReversal", Standing::WonBack),
            ("authorizedPendingRelease", Standing::Waiting),
            ("a word of tomorrow", Standing::Waiting),
        ];
        for (status, standing) in statuses {
            assert_eq!(Standing::of(status), standing, "{status}");
        }
    }

    fn details(status: &str, reason: &str, amount: &str) -> Result<Transaction, GatewayError> {
        let xml = format!(
            "<r><transaction><transId>12</transId>\
             <submitTimeUTC>2026-11-20T08:00:00.5Z</submitTimeUTC>\
             <transactionStatus>{status}</transactionStatus>\
             <responseReasonCode>{reason}</responseReasonCode>\
             <order><invoiceNumber>REF</invoiceNumber></order>\
             <settleAmount>{amount}</settleAmount>\
             <payment><creditCard><cardNumber>XXXX1111</cardNumber>\
             <expirationDate>XXXX</expirationDate></creditCard></payment></transaction></r>"
        );
        xml::with_root(xml.as_bytes(), |root| Transaction::read(root, Currency::USD))
    }

    #[test]
    fn a_captured_transaction_is_a_payment() {
        let transaction = details("capturedPendingSettlement", "1", "12.3400").expect("details");
        let Ok(Progress::Paid(paid)) = transaction.progress(true) else { panic!("not paid") };
        assert_eq!((paid.charge.as_str(), paid.money.minor()), ("12", 1234));
        assert_eq!(paid.reference.as_deref(), Some("REF"));
        assert_eq!(paid.method.last4.as_deref(), Some("1111"));
        assert!(paid.test);
    }

    #[test]
    fn why_a_transaction_failed_is_told() {
        let code = |status, reason| details(status, reason, "1.00").expect("details").declined();
        let expired = Declined { reason: DeclineReason::Expired, code: "8".to_owned() };
        assert_eq!(code("declined", "8"), expired);
        for status in ["expired", "voided", "settlementError"] {
            let declined = Declined { reason: DeclineReason::Declined, code: status.to_owned() };
            assert_eq!(code(status, "1"), declined);
        }
        // Decided by the provider, whatever the reason would mean for a request.
        assert_eq!(code("declined", "11").code, "11");
    }

    #[test]
    fn pay_07_amounts_beyond_the_currencys_decimals_are_not_read() {
        for amount in ["1.005", "1e3", "-", "", "１.00"] {
            assert!(details("declined", "2", amount).is_err(), "{amount}");
        }
    }

    #[test]
    fn a_refund_is_no_payment() {
        let refund = details("refundSettledSuccessfully", "1", "1.00").expect("details");
        assert!(matches!(refund.progress(false), Err(GatewayError::Refused { .. })));
    }

    #[test]
    fn times_are_of_utc() {
        let expected = "2026-11-20T08:00:00Z".parse::<Timestamp>().expect("a time");
        assert_eq!(moment("2026-11-20T08:00:00Z"), Ok(expected));
        assert_eq!(moment("2026-11-20T08:00:00"), Ok(expected));
        assert!(moment("yesterday").is_err());
    }
}
