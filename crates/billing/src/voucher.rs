//! Vouchers: prepaid codes that add credit, at once or together with a payment.
//!
//! A batch has a number of vouchers with the same [`Terms`]. Each has a [`Serial`], which everybody
//! may know, and a [`Code`], which is worth money and is kept as a keyed hash alone.

mod code;
mod serial;
mod terms;
mod tries;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Money, VoucherId};

pub use code::{Code, NotACode};
pub use serial::{BadSeries, NotASerial, SERIES_MAX, Serial, Series};
pub use terms::{Terms, TermsFault, TermsInput, VoucherKind, parse_multiplier};
pub use tries::{
    MISS_COUNTS_FOR, MISSES_OF_CUSTOMER, MISSES_OF_NETWORK, MISSES_OF_ORGANISATION, Misses,
};

/// Most vouchers of one batch.
pub const MAX_COUNT: u32 = 10_000;

/// Most days that a voucher waits for its payment.
pub const MAX_WAIT_DAYS: u16 = 3_650;

/// What was done with a voucher. Time alone is not in it: see [`VoucherStatus::at`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoucherStatus {
    /// Nothing yet.
    Live,
    /// A customer redeemed it; its credit comes with a payment.
    Waiting,
    /// It gave its credit.
    Redeemed,
    /// The staff took it out of use before it gave any.
    Void,
}

/// How a voucher stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoucherState {
    /// It can be redeemed.
    Live,
    /// A customer redeemed it; its credit comes with a payment.
    Waiting,
    /// It gave its credit.
    Redeemed,
    /// The staff took it out of use before it gave any.
    Void,
    /// Its time was over before it gave any.
    Expired,
}

impl VoucherState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Live, Self::Waiting, Self::Redeemed, Self::Void, Self::Expired];

    /// Its word in data and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Waiting => "waiting",
            Self::Redeemed => "redeemed",
            Self::Void => "void",
            Self::Expired => "expired",
        }
    }
}

impl VoucherStatus {
    /// How the voucher stands at `now`. `ends_at` is when it can be redeemed no more or, where it
    /// waits, when it waits no more.
    #[must_use]
    pub fn at(self, ends_at: Option<Timestamp>, now: Timestamp) -> VoucherState {
        let over = ends_at.is_some_and(|end| end <= now);
        match self {
            Self::Live | Self::Waiting if over => VoucherState::Expired,
            Self::Live => VoucherState::Live,
            Self::Waiting => VoucherState::Waiting,
            Self::Redeemed => VoucherState::Redeemed,
            Self::Void => VoucherState::Void,
        }
    }
}

/// Until when a voucher that was redeemed at `redeemed_at` waits for its payment.
#[must_use]
pub fn waits_until(redeemed_at: Timestamp, wait_days: Option<u16>) -> Option<Timestamp> {
    let wait = SignedDuration::from_hours(24 * i64::from(wait_days?));
    redeemed_at.checked_add(wait).ok()
}

/// What a voucher gave to its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherCredit {
    /// The voucher.
    pub id: VoucherId,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_ends_what_gave_no_credit_and_nothing_else() {
        let second = |second| Timestamp::from_second(second).expect("a time");
        let (end, before, after) = (Some(second(10)), second(9), second(10));
        for (status, then, later) in [
            (VoucherStatus::Live, VoucherState::Live, VoucherState::Expired),
            (VoucherStatus::Waiting, VoucherState::Waiting, VoucherState::Expired),
            (VoucherStatus::Redeemed, VoucherState::Redeemed, VoucherState::Redeemed),
            (VoucherStatus::Void, VoucherState::Void, VoucherState::Void),
        ] {
            assert_eq!(status.at(end, before), then);
            assert_eq!(status.at(end, after), later);
            assert_eq!(status.at(None, after), then);
        }
    }

    #[test]
    fn waiting_ends_so_many_days_later() {
        let redeemed: Timestamp = "2026-03-01T10:00:00Z".parse().expect("a time");
        let until: Timestamp = "2026-03-31T10:00:00Z".parse().expect("a time");
        assert_eq!(waits_until(redeemed, Some(30)), Some(until));
        assert_eq!(waits_until(redeemed, None), None);
    }

    #[test]
    fn words_are_those_of_the_data() {
        for state in VoucherState::ALL {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.word());
        }
    }
}
