//! Links to pay one invoice with, without signing in.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::invoice::Invoice;

/// How long a link works where nothing is said, in days.
pub const LIFE_DAYS: u16 = 30;
/// How long a link works at most, in days.
pub const LIFE_DAYS_MAX: u16 = 365;
/// Links of one invoice that are in force at one time, at most.
pub const LIVE_MAX: i64 = 20;

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayLinkState {
    /// Whoever has it can pay.
    Live,
    /// There is nothing to be paid any more: the invoice is paid, cancelled or given up.
    Done,
    /// Its time is over.
    Expired,
    /// It was switched off.
    Revoked,
}

impl PayLinkState {
    /// How a link stands that ends at `expires_at`, and was switched off or not.
    #[must_use]
    pub fn of(
        invoice: &Invoice,
        (expires_at, revoked_at): (Timestamp, Option<Timestamp>),
        now: Timestamp,
    ) -> Self {
        if revoked_at.is_some() {
            Self::Revoked
        } else if !invoice.remaining().is_positive() {
            Self::Done
        } else if now >= expires_at {
            Self::Expired
        } else {
            Self::Live
        }
    }

    /// Its word in data and texts: `live`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// How long a link of so many days works; nothing where it would be too short or too long.
#[must_use]
pub fn life(days: Option<u16>) -> Option<SignedDuration> {
    let days = days.unwrap_or(LIFE_DAYS);
    (1..=LIFE_DAYS_MAX).contains(&days).then(|| SignedDuration::from_hours(i64::from(days) * 24))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::invoice::{Instalments, InvoiceFigures, InvoiceStatus};
    use crate::{Currency, CustomerId, InvoiceId};

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn invoice(status: InvoiceStatus, paid_minor: i64) -> Invoice {
        let figures = InvoiceFigures { total_minor: 100, paid_minor, ..InvoiceFigures::default() };
        Invoice {
            id: InvoiceId::new(THEN, [1; 10]),
            customer_id: CustomerId::new(THEN, [2; 10]),
            external_id: None,
            number: Some("A-1".to_owned()),
            status,
            currency: Currency::EUR,
            figures,
            issued_on: date(2026, 1, 1),
            due_on: date(2026, 1, 31),
            instalments: Instalments::default(),
            period: None,
            created_at: THEN,
            updated_at: THEN,
        }
    }

    #[test]
    fn a_link_is_in_force_until_it_ends_is_switched_off_or_nothing_is_due() {
        let end = THEN + SignedDuration::from_hours(1);
        let state = |status, paid, revoked_at, now| {
            PayLinkState::of(&invoice(status, paid), (end, revoked_at), now)
        };
        let just_before = end - SignedDuration::from_micros(1);
        assert_eq!(state(InvoiceStatus::Open, 0, None, just_before), PayLinkState::Live);
        assert_eq!(state(InvoiceStatus::PartiallyPaid, 99, None, THEN), PayLinkState::Live);
        assert_eq!(state(InvoiceStatus::Open, 0, None, end), PayLinkState::Expired);
        assert_eq!(state(InvoiceStatus::Open, 0, Some(THEN), THEN), PayLinkState::Revoked);
        for (status, paid) in [
            (InvoiceStatus::Paid, 100),
            (InvoiceStatus::Void, 0),
            (InvoiceStatus::Uncollectible, 0),
            (InvoiceStatus::Draft, 0),
        ] {
            assert_eq!(state(status, paid, None, THEN), PayLinkState::Done, "{status:?}");
        }
    }

    #[test]
    fn a_link_works_for_a_day_at_least_and_a_year_at_most() {
        let days = |life: Option<SignedDuration>| life.map(|life| life.as_hours() / 24);
        assert_eq!(days(life(None)), Some(30));
        assert_eq!(days(life(Some(1))), Some(1));
        assert_eq!(days(life(Some(365))), Some(365));
        assert_eq!([life(Some(0)), life(Some(366)), life(Some(u16::MAX))], [None; 3]);
    }

    #[test]
    fn states_are_the_words_of_the_data() {
        for state in
            [PayLinkState::Live, PayLinkState::Done, PayLinkState::Expired, PayLinkState::Revoked]
        {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.word());
        }
    }
}
