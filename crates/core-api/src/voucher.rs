//! Vouchers as the customer sees them who redeemed them.

use jiff::Timestamp;
use portico_billing::voucher::{Terms, VoucherKind, VoucherState};
use portico_billing::{Money, VoucherId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A voucher that the customer redeemed. Its code is told to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedeemedVoucher {
    /// Identifier.
    pub id: VoucherId,
    /// What it may be called by: `SUMMER-00042`.
    pub serial: String,
    /// How it stands: redeemed where it gave its credit, else waiting, void or expired.
    pub state: VoucherState,
    /// What it gives, and for what.
    pub terms: Terms,
    /// When the customer redeemed it.
    pub redeemed_at: Timestamp,
    /// Until when it waits for a payment; nothing where there is no end.
    pub waits_until: Option<Timestamp>,
    /// What it gave.
    pub credited: Option<Money>,
    /// When.
    pub credited_at: Option<Timestamp>,
}

/// What a voucher gives, and for what payment, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoucherGain {
    /// Its kind.
    pub kind: VoucherKind,
    /// The least payment that brings the credit.
    pub minimum: Money,
    /// Credit that does not depend on how large the payment is.
    pub addition: Money,
    /// Credit in percent of the payment: 25 where it is a quarter.
    pub percent: Option<Decimal>,
    /// Most that one voucher credits.
    pub ceiling: Option<Money>,
}

impl From<&Terms> for VoucherGain {
    fn from(it: &Terms) -> Self {
        Self {
            kind: it.kind(),
            minimum: it.minimum(),
            addition: it.addition(),
            percent: it.multiplier().map(|factor| (factor * Decimal::ONE_HUNDRED).normalize()),
            ceiling: it.ceiling(),
        }
    }
}
