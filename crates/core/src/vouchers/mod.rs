//! Vouchers: made by the staff, redeemed by customers.
//!
//! A code is known for a moment when it is made, and once more when the batch is exported. In
//! between it lies sealed in the batch; what finds a voucher by its code is a keyed hash.

mod batch;
mod codes;
mod credit;
mod guard;
mod history;
mod redeem;
pub(crate) mod view;
mod void;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use portico_billing::voucher::{Code, Terms, VoucherState};
use portico_billing::{Currency, CustomerId, Money, PaymentId, VoucherBatchId, VoucherId};
use rust_decimal::Decimal;

pub(crate) use credit::credit_waiting;
pub(crate) use redeem::{own, redeem};

use crate::Core;

/// What codes are hashed for.
const HASH: &str = "voucher-code";

/// Vouchers to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVoucherBatch {
    /// What their serials begin with, as it was typed. Each series is of one batch.
    pub series: String,
    /// How many.
    pub count: u32,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Least payment, minor units; 0 where none is needed.
    pub minimum_minor: i64,
    /// How often the payment is credited once more: 0.25 is a quarter of it.
    pub multiplier: Option<Decimal>,
    /// Credit that does not depend on how large the payment is, minor units.
    pub addition_minor: i64,
    /// Most that one credits, minor units.
    pub ceiling_minor: Option<i64>,
    /// When they can be redeemed no more.
    pub expires_at: Option<Timestamp>,
    /// How many days a redeemed one waits for its payment.
    pub wait_days: Option<u16>,
    /// A note for the staff; may be empty.
    pub note: String,
}

/// Vouchers that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherBatchView {
    /// Identifier.
    pub id: VoucherBatchId,
    /// What their serials begin with.
    pub series: String,
    /// What each gives, and for what.
    pub terms: Terms,
    /// How many they are.
    pub count: u32,
    /// When they can be redeemed no more.
    pub expires_at: Option<Timestamp>,
    /// How many days a redeemed one waits for its payment.
    pub wait_days: Option<u16>,
    /// A note of the staff.
    pub note: String,
    /// When they were made.
    pub created_at: Timestamp,
    /// When the codes were exported.
    pub exported_at: Option<Timestamp>,
    /// When they were taken out of use.
    pub voided_at: Option<Timestamp>,
    /// How they stand now.
    pub report: VoucherReport,
}

/// How many vouchers of a batch stand how, and what they gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherReport {
    /// That can be redeemed.
    pub live: u32,
    /// That wait for a payment.
    pub waiting: u32,
    /// That gave their credit.
    pub redeemed: u32,
    /// That were taken out of use.
    pub void: u32,
    /// Whose time was over.
    pub expired: u32,
    /// What they gave in all.
    pub credited: Money,
}

/// Which vouchers of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherQuery {
    /// The batch.
    pub batch: VoucherBatchId,
    /// Those alone that stand so.
    pub state: Option<VoucherState>,
    /// Behind the one with this number.
    pub after: Option<u32>,
    /// At most so many.
    pub limit: u16,
}

/// A place in the list of all vouchers: behind this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherPosition {
    /// Its batch.
    pub batch: VoucherBatchId,
    /// Its number there.
    pub number: u32,
}

impl fmt::Display for VoucherPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.batch, self.number)
    }
}

/// The text is no place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the list of vouchers")]
pub struct BadPosition;

impl FromStr for VoucherPosition {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<Self, BadPosition> {
        let (batch, number) = text.split_once('.').ok_or(BadPosition)?;
        let batch = batch.parse().map_err(|_| BadPosition)?;
        Ok(Self { batch, number: number.parse().map_err(|_| BadPosition)? })
    }
}

/// A voucher as the staff sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherView {
    /// Identifier.
    pub id: VoucherId,
    /// What it was made with.
    pub batch_id: VoucherBatchId,
    /// What everybody may call it by.
    pub serial: String,
    /// How it stands.
    pub state: VoucherState,
    /// Who redeemed it.
    pub customer_id: Option<CustomerId>,
    /// The name of that customer.
    pub customer_name: Option<String>,
    /// When.
    pub redeemed_at: Option<Timestamp>,
    /// Until when it waits for a payment, or did.
    pub waits_until: Option<Timestamp>,
    /// What it gave.
    pub credited: Option<Money>,
    /// When.
    pub credited_at: Option<Timestamp>,
    /// The payment that it came with.
    pub payment_id: Option<PaymentId>,
    /// When it was taken out of use.
    pub voided_at: Option<Timestamp>,
}

/// A voucher with its code, to be given away.
#[derive(Clone, PartialEq, Eq)]
pub struct VoucherCode {
    /// What everybody may call it by.
    pub serial: String,
    /// What it is redeemed with.
    pub code: String,
}

impl fmt::Debug for VoucherCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VoucherCode({}, …)", self.serial)
    }
}

impl Core {
    /// What finds a voucher by its code.
    fn voucher_hash(&self, code: &Code) -> [u8; 32] {
        self.inner.sealer.hash(HASH, code.bytes())
    }
}

/// What the codes of a batch are sealed for: those of one are never taken for those of another.
fn seal_purpose(batch: VoucherBatchId) -> String {
    format!("voucher-codes-{batch}")
}
