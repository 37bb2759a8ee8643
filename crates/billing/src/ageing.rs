//! What is owed, by how long it is overdue: how accountants look at a customer.

use jiff::civil::Date;

/// A span of days by which something is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Not overdue: the last day to pay is today or later.
    Current,
    /// By 1 to 30 days.
    To30,
    /// By 31 to 60 days.
    To60,
    /// By 61 to 90 days.
    To90,
    /// By 91 days or more.
    Older,
}

impl Age {
    /// All of them, the youngest first.
    pub const ALL: [Self; 5] = [Self::Current, Self::To30, Self::To60, Self::To90, Self::Older];

    /// The age on the day `today` of what was to be paid on `due_on` at the latest.
    #[must_use]
    pub fn of(due_on: Date, today: Date) -> Self {
        match due_on.duration_until(today).as_hours() / 24 {
            ..=0 => Self::Current,
            1..=30 => Self::To30,
            31..=60 => Self::To60,
            61..=90 => Self::To90,
            91.. => Self::Older,
        }
    }
}

/// What is owed of one age, in one currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aged {
    /// How many invoices, and instalments of those that are paid in parts.
    pub invoices: u32,
    /// How much of them, minor units.
    pub minor: i64,
}

/// What is owed in one currency, by its age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing([Aged; Age::ALL.len()]);

impl Ageing {
    /// Of invoices by their last day to pay, with what is due of each in minor units, on the day
    /// `today`. Where nothing is due of one, it is none that is owed.
    #[must_use]
    pub fn of(open: impl IntoIterator<Item = (Date, i64)>, today: Date) -> Self {
        let mut ageing = Self::default();
        for (due_on, minor) in open.into_iter().filter(|(_, minor)| *minor > 0) {
            let aged = &mut ageing.0[Age::of(due_on, today) as usize];
            aged.invoices = aged.invoices.saturating_add(1);
            aged.minor = aged.minor.saturating_add(minor);
        }
        ageing
    }

    /// What is owed of one age.
    #[must_use]
    pub const fn aged(&self, age: Age) -> Aged {
        self.0[age as usize]
    }

    /// All that is owed.
    #[must_use]
    pub fn total(&self) -> Aged {
        let add = |sum: Aged, it: &Aged| Aged {
            invoices: sum.invoices.saturating_add(it.invoices),
            minor: sum.minor.saturating_add(it.minor),
        };
        self.0.iter().fold(Aged::default(), add)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 3, 31);

    #[test]
    fn the_last_day_to_pay_is_not_overdue_and_each_age_ends_where_the_next_begins() {
        for (days, age) in [
            (-400, Age::Current),
            (-1, Age::Current),
            (0, Age::Current),
            (1, Age::To30),
            (30, Age::To30),
            (31, Age::To60),
            (60, Age::To60),
            (61, Age::To90),
            (90, Age::To90),
            (91, Age::Older),
            (40_000, Age::Older),
        ] {
            assert_eq!(Age::of(TODAY - days.days(), TODAY), age, "{days} days");
        }
    }

    #[test]
    fn days_are_days_over_ends_of_months_and_leap_days() {
        for (due_on, today, age) in [
            (date(2026, 2, 28), date(2026, 3, 1), Age::To30),
            (date(2028, 2, 28), date(2028, 3, 29), Age::To30),
            (date(2028, 2, 28), date(2028, 3, 30), Age::To60),
            (date(2027, 2, 28), date(2027, 3, 30), Age::To30),
            (date(2025, 12, 31), date(2026, 4, 1), Age::Older),
        ] {
            assert_eq!(Age::of(due_on, today), age, "{due_on} on {today}");
        }
    }

    #[test]
    fn what_is_owed_lies_in_the_age_that_it_has() {
        let open = [(TODAY, 100), (date(2026, 3, 1), 20), (date(2026, 3, 2), 3), (TODAY, 0)];
        let ageing = Ageing::of(open, TODAY);
        assert_eq!(ageing.aged(Age::Current), Aged { invoices: 1, minor: 100 });
        assert_eq!(ageing.aged(Age::To30), Aged { invoices: 2, minor: 23 });
        assert_eq!(ageing.aged(Age::Older), Aged::default());
        assert_eq!(ageing.total(), Aged { invoices: 3, minor: 123 });
        assert_eq!(Ageing::of([], TODAY), Ageing::default());
    }

    proptest! {
        #[test]
        fn the_ages_come_to_what_is_due(
            open in prop::collection::vec((-200_i32..400, 0_i64..1_000_000_000), 0..200)
        ) {
            let open: Vec<(Date, i64)> =
                open.into_iter().map(|(days, minor)| (TODAY - days.days(), minor)).collect();
            let due: i64 = open.iter().map(|(_, minor)| minor).sum();
            let ageing = Ageing::of(open.iter().copied(), TODAY);
            prop_assert_eq!(ageing.total().minor, due);
            let ages = Age::ALL.map(|age| ageing.aged(age).minor);
            prop_assert_eq!(ages.iter().sum::<i64>(), due);
            let owed = open.iter().filter(|(_, minor)| *minor > 0).count();
            prop_assert_eq!(ageing.total().invoices as usize, owed);
            for age in Age::ALL {
                let of_age = open.iter().filter(|(due_on, _)| Age::of(*due_on, TODAY) == age);
                let minor: i64 = of_age.map(|(_, minor)| minor).sum();
                prop_assert_eq!(ageing.aged(age).minor, minor);
            }
        }
    }
}
