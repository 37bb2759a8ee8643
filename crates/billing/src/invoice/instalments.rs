//! Invoices that are paid in parts: which part is to be paid by which day.
//!
//! What settles an invoice fills its instalments in their order. Which of them are open, and what
//! is due on a day, follows from what remains to be paid: nothing of it is stored apart.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Instalments of one invoice, at most.
pub const INSTALMENTS_MAX: usize = 60;

/// A part of an invoice with the last day to pay it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// Last day to pay it.
    pub due_on: Date,
    /// How much, minor units.
    pub amount_minor: i64,
}

/// The instalments of an invoice, the first day first; none where all of it is payable at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instalments(Vec<Instalment>);

/// Why a list is none of instalments. Places count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstalmentFault {
    /// More than [`INSTALMENTS_MAX`].
    #[error("are too many")]
    TooMany,
    /// One of nothing, or of less.
    #[error("must be more than 0")]
    NoAmount {
        /// Its place.
        place: usize,
    },
    /// One whose day is not after that of the one before.
    #[error("must be after the day of the instalment before")]
    OutOfOrder {
        /// Its place.
        place: usize,
    },
    /// They do not come to what the invoice asks for.
    #[error("must come to the total of the invoice")]
    OtherSum {
        /// What they come to, minor units.
        sum_minor: i64,
    },
}

/// How an instalment stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstalmentState {
    /// Settled in full.
    Paid,
    /// Its day is over, and it is not settled.
    Overdue,
    /// Today is its day.
    Due,
    /// Its day is still to come.
    Upcoming,
    /// Nothing is expected of it: the invoice is a draft, cancelled or given up.
    Closed,
}

impl InstalmentState {
    /// Its word in data and texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Upcoming => "upcoming",
            Self::Closed => "closed",
        }
    }
}

/// An instalment with what of it is still to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInstalment {
    /// Last day to pay it.
    pub due_on: Date,
    /// How much it was, minor units.
    pub amount_minor: i64,
    /// What of it is still to be paid, minor units.
    pub open_minor: i64,
}

impl Instalments {
    /// Those of an invoice that asks for `total_minor`; an empty list is none.
    ///
    /// # Errors
    /// What is wrong with the list.
    pub fn new(list: Vec<Instalment>, total_minor: i64) -> Result<Self, InstalmentFault> {
        if list.len() > INSTALMENTS_MAX {
            return Err(InstalmentFault::TooMany);
        }
        for (place, it) in list.iter().enumerate() {
            if it.amount_minor <= 0 {
                return Err(InstalmentFault::NoAmount { place });
            }
            if place > 0 && it.due_on <= list[place - 1].due_on {
                return Err(InstalmentFault::OutOfOrder { place });
            }
        }
        let list = Self(list);
        let sum_minor = list.sum_minor();
        if !list.is_empty() && sum_minor != total_minor {
            return Err(InstalmentFault::OtherSum { sum_minor });
        }
        Ok(list)
    }

    /// As they were stored: what is stored was checked.
    #[must_use]
    pub fn stored(list: Vec<Instalment>) -> Self {
        Self(list)
    }

    /// Whether there are none: all of the invoice is payable at once.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them, the first day first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Instalment> + '_ {
        self.0.iter().copied()
    }

    /// Each of them with what those behind it come to: while more than that remains of the invoice,
    /// it is open.
    pub fn with_rest(&self) -> impl Iterator<Item = (Instalment, i64)> + '_ {
        let mut rest = self.sum_minor();
        self.iter().map(move |it| {
            rest = rest.saturating_sub(it.amount_minor);
            (it, rest)
        })
    }

    /// The last day of all, where there are any.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.0.last().map(|it| it.due_on)
    }

    /// Each of them with what of it is open where `remaining_minor` of the invoice is to be paid.
    #[must_use]
    pub fn filled(&self, remaining_minor: i64) -> Vec<OpenInstalment> {
        let open = |(it, rest): (Instalment, i64)| OpenInstalment {
            due_on: it.due_on,
            amount_minor: it.amount_minor,
            open_minor: remaining_minor.saturating_sub(rest).clamp(0, it.amount_minor),
        };
        self.with_rest().map(open).collect()
    }

    /// What of `remaining_minor` is to be paid by `day`: all of it where there are no instalments,
    /// else what those up to the day leave open.
    #[must_use]
    pub fn due_minor(&self, remaining_minor: i64, day: Date) -> i64 {
        if self.is_empty() {
            return remaining_minor;
        }
        let later = self.0.iter().filter(|it| it.due_on > day);
        let later = later.fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor));
        remaining_minor.saturating_sub(later).max(0)
    }

    /// The day of the first that is open where `remaining_minor` is to be paid.
    #[must_use]
    pub fn next_day(&self, remaining_minor: i64) -> Option<Date> {
        let open = |(_, rest): &(Instalment, i64)| remaining_minor > *rest;
        self.with_rest().find(open).map(|(it, _)| it.due_on)
    }

    fn sum_minor(&self) -> i64 {
        self.0.iter().fold(0_i64, |sum, it| sum.saturating_add(it.amount_minor))
    }
}

impl OpenInstalment {
    /// How it stands on the day `today`; `expected` says whether money is expected for the invoice.
    #[must_use]
    pub fn state(&self, expected: bool, today: Date) -> InstalmentState {
        if self.open_minor == 0 {
            InstalmentState::Paid
        } else if !expected {
            InstalmentState::Closed
        } else if self.due_on < today {
            InstalmentState::Overdue
        } else if self.due_on == today {
            InstalmentState::Due
        } else {
            InstalmentState::Upcoming
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::{Currency, Money};

    const FIRST: Date = date(2026, 5, 31);

    fn list(minors: &[i64]) -> Vec<Instalment> {
        let day = |place: i64| FIRST.checked_add((place * 30).days()).expect("a day");
        let one =
            |(place, minor): (i64, &i64)| Instalment { due_on: day(place), amount_minor: *minor };
        (0..).zip(minors).map(one).collect()
    }

    fn of(minors: &[i64]) -> Instalments {
        Instalments::new(list(minors), minors.iter().sum()).expect("instalments")
    }

    #[test]
    fn what_is_no_list_of_instalments_is_refused_with_its_place() {
        let new = |minors: &[i64], total| Instalments::new(list(minors), total);
        assert_eq!(new(&[], 7), Ok(Instalments::default()));
        assert_eq!(new(&[5, 0], 5), Err(InstalmentFault::NoAmount { place: 1 }));
        assert_eq!(new(&[-1, 6], 5), Err(InstalmentFault::NoAmount { place: 0 }));
        assert_eq!(new(&[5, 5], 11), Err(InstalmentFault::OtherSum { sum_minor: 10 }));
        assert_eq!(new(&[1; INSTALMENTS_MAX + 1], 61), Err(InstalmentFault::TooMany));
        assert!(new(&[1; INSTALMENTS_MAX], 60).is_ok());
        let mut twice = list(&[5, 5]);
        twice[1].due_on = twice[0].due_on;
        let refused = Instalments::new(twice, 10);
        assert_eq!(refused, Err(InstalmentFault::OutOfOrder { place: 1 }));
        let most = Instalments::new(list(&[i64::MAX, i64::MAX]), 1);
        assert_eq!(most, Err(InstalmentFault::OtherSum { sum_minor: i64::MAX }));
    }

    #[test]
    fn what_is_paid_fills_the_first_first() {
        let plan = of(&[100, 200, 300]);
        let open =
            |remaining| plan.filled(remaining).iter().map(|it| it.open_minor).collect::<Vec<_>>();
        assert_eq!(open(600), [100, 200, 300]);
        assert_eq!(open(550), [50, 200, 300]);
        assert_eq!(open(300), [0, 0, 300]);
        assert_eq!(open(1), [0, 0, 1]);
        assert_eq!(open(0), [0, 0, 0]);
        assert_eq!(plan.next_day(600), Some(FIRST));
        assert_eq!(plan.next_day(500), Some(FIRST + 30.days()));
        assert_eq!(plan.next_day(0), None);
    }

    #[test]
    fn what_is_due_is_what_the_instalments_up_to_the_day_leave_open() {
        let plan = of(&[100, 200, 300]);
        let day = |days: i64| FIRST + days.days();
        assert_eq!(plan.due_minor(600, day(-1)), 0);
        assert_eq!(plan.due_minor(600, day(0)), 100);
        assert_eq!(plan.due_minor(600, day(29)), 100);
        assert_eq!(plan.due_minor(600, day(30)), 300);
        assert_eq!(plan.due_minor(550, day(30)), 250);
        // More was paid than is due: the rest of it counts against what comes later.
        assert_eq!(plan.due_minor(250, day(30)), 0);
        assert_eq!(plan.due_minor(250, day(60)), 250);
        assert_eq!(Instalments::default().due_minor(600, day(-99)), 600);
    }

    #[test]
    fn an_instalment_is_overdue_the_day_after_its_own() {
        let state = |open_minor, expected, today| {
            let it = OpenInstalment { due_on: FIRST, amount_minor: 5, open_minor };
            it.state(expected, today)
        };
        let (before, after) = (FIRST - 1.days(), FIRST + 1.days());
        assert_eq!(state(5, true, before), InstalmentState::Upcoming);
        assert_eq!(state(5, true, FIRST), InstalmentState::Due);
        assert_eq!(state(5, true, after), InstalmentState::Overdue);
        assert_eq!(state(0, true, after), InstalmentState::Paid);
        assert_eq!(state(5, false, after), InstalmentState::Closed);
    }

    #[test]
    fn states_are_the_words_of_the_data() {
        use InstalmentState::{Closed, Due, Overdue, Paid, Upcoming};
        for state in [Paid, Overdue, Due, Upcoming, Closed] {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.as_str());
        }
    }

    /// One currency of each number of decimal places.
    fn currencies() -> impl Strategy<Value = Currency> {
        let codes = ["JPY", "EUR", "KWD", "CLF"];
        proptest::sample::select(codes.to_vec()).prop_map(|code| code.parse().expect("a currency"))
    }

    proptest! {
        #[test]
        fn pay_08_instalments_conserve_every_unit_in_every_currency(
            minors in proptest::collection::vec(1_i64..1_000_000, 1..=INSTALMENTS_MAX),
            share in 0_i64..=1_000,
            currency in currencies(),
            days in -60_i64..2_000,
        ) {
            let (plan, total) = (of(&minors), minors.iter().sum::<i64>());
            let remaining = total * share / 1_000;
            let filled = plan.filled(remaining);
            let open: i64 = filled.iter().map(|it| it.open_minor).sum();
            prop_assert_eq!(Money::new(open, currency), Money::new(remaining, currency));
            // Behind one that is open, all are untouched.
            let first = filled.iter().position(|it| it.open_minor > 0).unwrap_or(filled.len());
            for it in filled.iter().skip(first + 1) {
                prop_assert_eq!(it.open_minor, it.amount_minor);
            }
            // What is due on a day is what is open of those up to it.
            let day = FIRST + days.days();
            let due = filled.iter().filter(|it| it.due_on <= day).map(|it| it.open_minor);
            prop_assert_eq!(plan.due_minor(remaining, day), due.sum::<i64>());
            let next = filled.iter().find(|it| it.open_minor > 0).map(|it| it.due_on);
            prop_assert_eq!(plan.next_day(remaining), next);
        }

        #[test]
        fn what_is_due_never_falls_from_one_day_to_the_next(
            minors in proptest::collection::vec(1_i64..1_000, 1..12),
            paid in 0_i64..12_000,
            days in -40_i64..400,
        ) {
            let (plan, total) = (of(&minors), minors.iter().sum::<i64>());
            let remaining = (total - paid).max(0);
            let day = FIRST + days.days();
            let (today, tomorrow) =
                (plan.due_minor(remaining, day), plan.due_minor(remaining, day + 1.days()));
            prop_assert!(today <= tomorrow && tomorrow <= remaining);
            // Nor does it rise by what is paid.
            prop_assert!(plan.due_minor((remaining - 1).max(0), day) <= today);
        }
    }
}
