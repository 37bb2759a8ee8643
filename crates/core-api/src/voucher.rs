//! Vouchers as the customer sees them who redeemed them.

use jiff::Timestamp;
use portico_billing::voucher::{Terms, VoucherState};
use portico_billing::{Money, VoucherId};
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
