//! Payments, refunds and what they settle.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, CustomerId, ExternalId, GatewayId, InvoiceId, Metadata, PaymentId, PaymentMethodId,
};

/// Money in, or money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// From the customer.
    Payment,
    /// Back to the customer, of an earlier payment.
    Refund,
}

/// The state of a payment or refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// On its way; does not count yet.
    Processing,
    /// Done; counts.
    Succeeded,
    /// Refused.
    Failed,
    /// Given up before it was done.
    Cancelled,
}

impl PaymentStatus {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a payment in this state may come to be in state `next`: what arrived stays arrived
    /// (refunds give it back), and what ended is not on its way again.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Processing => true,
            Self::Succeeded => matches!(next, Self::Succeeded),
            Self::Failed | Self::Cancelled => !matches!(next, Self::Processing),
        }
    }
}

/// A movement of money at a payment provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The account at the provider.
    pub gateway_id: GatewayId,
    /// The provider's stored word: `stripe`.
    pub provider: String,
    /// The provider's identifier: credited once, whatever tells of it.
    pub id: String,
    /// What left the customer's account (of a refund: what went back), minor units. What of it was
    /// not credited was paid on top: surcharges, and fees that the customer bears.
    pub charged_minor: i64,
    /// What the provider kept of it, minor units; 0 where it is not known.
    pub fee_minor: i64,
}

/// A payment or a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Identifier.
    pub id: PaymentId,
    /// Who paid.
    pub customer_id: CustomerId,
    /// Payment or refund.
    pub kind: PaymentKind,
    /// The payment that a refund gives back.
    pub parent_id: Option<PaymentId>,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// State.
    pub status: PaymentStatus,
    /// Currency.
    pub currency: Currency,
    /// Minor units, positive for refunds too.
    pub amount_minor: i64,
    /// Minor units of it that refunds gave back.
    pub refunded_minor: i64,
    /// Kind of method: `card`, `bank_transfer`, `direct_debit`, `paypal`, `cash`, `check`, `other`.
    pub method: String,
    /// The method as people read it: "Visa ending 4242".
    pub method_label: Option<String>,
    /// The stored method that was used.
    pub payment_method_id: Option<PaymentMethodId>,
    /// What to quote: bank reference, receipt number.
    pub reference: Option<String>,
    /// Text; what follows a `#` is for the staff.
    pub description: Option<String>,
    /// When the money moved.
    pub paid_at: Timestamp,
    /// The movement of money at a gateway that it is, where it went through one.
    pub charge: Option<Charge>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Payment {
    /// What can still be given back, minor units: nothing of refunds, and of payments that did not
    /// succeed.
    #[must_use]
    pub fn refundable_minor(&self) -> i64 {
        match (self.kind, self.status) {
            (PaymentKind::Payment, PaymentStatus::Succeeded) => {
                self.amount_minor.saturating_sub(self.refunded_minor)
            }
            _ => 0,
        }
    }

    /// Whether the record can be taken back: of a payment that is still on its way, or that was
    /// recorded here and of which nothing moved through a gateway, nor was given back.
    #[must_use]
    pub const fn may_be_cancelled(&self) -> bool {
        let untouched = self.charge.is_none() && self.refunded_minor == 0;
        let lives = matches!(self.status, PaymentStatus::Processing | PaymentStatus::Succeeded);
        matches!(self.kind, PaymentKind::Payment) && untouched && lives
    }

    /// Whether the staff can confirm that it arrived.
    #[must_use]
    pub const fn may_be_confirmed(&self) -> bool {
        let waits = matches!(self.status, PaymentStatus::Processing);
        matches!(self.kind, PaymentKind::Payment) && waits && self.charge.is_none()
    }

    /// What customers paid on top of what was credited to them, minor units.
    #[must_use]
    pub fn on_top_minor(&self) -> i64 {
        let charged = self.charge.as_ref().map_or(self.amount_minor, |it| it.charged_minor);
        charged.saturating_sub(self.amount_minor).max(0)
    }
}

/// The part of a payment that settles one invoice; of a refund, the part of that which it reopens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The payment.
    pub payment_id: PaymentId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Minor units, positive.
    pub amount_minor: i64,
}

/// The part of a payment's description that customers may read: all before the first `#`.
#[must_use]
pub fn public_description(description: &str) -> &str {
    description.split('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrived_stays_and_what_ended_does_not_begin_again() {
        use PaymentStatus::{Cancelled, Failed, Processing, Succeeded};
        let all = [Processing, Succeeded, Failed, Cancelled];
        let next = |from: PaymentStatus| all.map(|to| from.may_become(to));
        assert_eq!(next(Processing), [true, true, true, true]);
        assert_eq!(next(Succeeded), [false, true, false, false]);
        assert_eq!(next(Failed), [false, true, true, true]);
        assert_eq!(next(Cancelled), [false, true, true, true]);
    }

    #[test]
    fn customers_read_what_stands_before_the_first_number_sign() {
        assert_eq!(public_description("May # called twice # rude"), "May");
        assert_eq!(public_description("# internal"), "");
    }
}
