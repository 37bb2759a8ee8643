//! Stored ways to pay: what a gateway calls a token, never a card number.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CustomerId, ExternalId, PaymentMethodId};

/// What kind of method it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethodKind {
    /// Credit or debit card.
    Card,
    /// Bank account that is debited.
    BankAccount,
    /// PayPal account.
    Paypal,
    /// Anything else.
    Other,
}

/// A stored way to pay. The gateway's token is kept apart and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethod {
    /// Identifier.
    pub id: PaymentMethodId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Kind.
    pub kind: PaymentMethodKind,
    /// Card scheme or bank: "Visa".
    pub brand: Option<String>,
    /// Last four characters of the number.
    pub last4: Option<String>,
    /// Month of expiry, 1 to 12.
    pub expiry_month: Option<u8>,
    /// Year of expiry, four digits.
    pub expiry_year: Option<u16>,
    /// Holder.
    pub holder: Option<String>,
    /// Used where nothing else is said; at most one per customer.
    pub is_default: bool,
    /// Name of the gateway that keeps it.
    pub gateway: Option<String>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PaymentMethod {
    /// Whether the month of its expiry is over on the day `today`.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        let (Some(year), Some(month)) = (self.expiry_year, self.expiry_month) else { return false };
        let today = i32::from(today.year()) * 12 + i32::from(today.month());
        i32::from(year) * 12 + i32::from(month) < today
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_card_is_good_to_the_last_day_of_its_month() {
        let mut card = PaymentMethod {
            id: PaymentMethodId::new(Timestamp::UNIX_EPOCH, [0; 10]),
            customer_id: CustomerId::new(Timestamp::UNIX_EPOCH, [0; 10]),
            external_id: None,
            kind: PaymentMethodKind::Card,
            brand: None,
            last4: None,
            expiry_month: Some(12),
            expiry_year: Some(2026),
            holder: None,
            is_default: false,
            gateway: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        };
        assert!(!card.is_expired(date(2026, 12, 31)));
        assert!(card.is_expired(date(2027, 1, 1)));
        card.expiry_month = None;
        assert!(!card.is_expired(date(2100, 1, 1)));
    }
}
