//! Money that a provider took from a payment past Portico's own orders: refunds made at its own
//! site, and disputes that a bank decided; and such money that came back.
//!
//! The provider is asked what it took in all. Which of that is new is decided here: whatever made
//! it be asked, and however often, each movement is booked once.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Money;

/// Why money was taken from a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// It was given back.
    Refund,
    /// The payer's bank took it back.
    Dispute,
}

impl TakenBy {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Dispute => "dispute",
        }
    }
}

impl fmt::Display for TakenBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A movement as the provider tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told<'a> {
    /// Why.
    pub by: TakenBy,
    /// Whether the money came back: a dispute was won, a refund did not arrive.
    pub came_back: bool,
    /// The provider's identifier. What comes back may have that of what was taken, or one of its
    /// own.
    pub id: &'a str,
    /// How much, positive.
    pub money: Money,
}

/// A movement that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked<'a> {
    /// Why.
    pub by: TakenBy,
    /// The provider's identifier.
    pub id: &'a str,
    /// How much, positive.
    pub money: Money,
    /// The provider's identifier of what came back of it.
    pub came_back: Option<&'a str>,
}

/// What is to be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Money was taken.
    Take {
        /// The movement: its place among what was told.
        told: usize,
    },
    /// It came back.
    ComeBack {
        /// The movement: its place among what was told.
        told: usize,
        /// The identifier of what it brings back, which is booked before.
        of: String,
    },
}

/// What is new in what a provider tells of one payment. What came back of something that is not
/// known yet waits for that.
#[must_use]
pub fn news(booked: &[Booked<'_>], told: &[Told<'_>]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut all: Vec<Booked<'_>> = booked.to_vec();
    for (place, it) in told.iter().enumerate().filter(|(_, it)| !it.came_back) {
        if all.iter().all(|known| (known.by, known.id) != (it.by, it.id)) {
            all.push(Booked { by: it.by, id: it.id, money: it.money, came_back: None });
            steps.push(Step::Take { told: place });
        }
    }
    for (place, it) in told.iter().enumerate().filter(|(_, it)| it.came_back) {
        if let Some(of) = brought_back(&all, it) {
            all[of].came_back = Some(it.id);
            steps.push(Step::ComeBack { told: place, of: all[of].id.to_owned() });
        }
    }
    steps
}

/// Where what came back stands among what was taken: by its identifier, else the last of the same
/// amount that has not come back.
fn brought_back(all: &[Booked<'_>], it: &Told<'_>) -> Option<usize> {
    let of_kind = |known: &Booked<'_>| known.by == it.by;
    if all.iter().any(|known| of_kind(known) && known.came_back == Some(it.id)) {
        return None;
    }
    match all.iter().position(|known| of_kind(known) && known.id == it.id) {
        Some(same) => all[same].came_back.is_none().then_some(same),
        None => all.iter().rposition(|known| {
            of_kind(known) && known.money == it.money && known.came_back.is_none()
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Currency;

    const IDS: [&str; 4] = ["a", "b", "c", "d"];

    fn euros(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn told(by: TakenBy, id: &'static str, minor: i64) -> Told<'static> {
        Told { by, came_back: false, id, money: euros(minor) }
    }

    /// What is booked after a provider told this.
    fn learn(booked: &mut Vec<Booked<'static>>, told: &[Told<'static>]) {
        for step in news(booked, told) {
            match step {
                Step::Take { told: place } => {
                    let Told { by, id, money, .. } = told[place];
                    booked.push(Booked { by, id, money, came_back: None });
                }
                Step::ComeBack { told: place, of } => {
                    let by = told[place].by;
                    let found = booked.iter_mut().find(|it| it.by == by && it.id == of);
                    let found = found.expect("taken before it came back");
                    assert_eq!(found.came_back, None, "once");
                    found.came_back = Some(told[place].id);
                }
            }
        }
    }

    fn sorted(mut booked: Vec<Booked<'static>>) -> Vec<Booked<'static>> {
        booked.sort_by_key(|it| (it.by.as_str(), it.id));
        booked
    }

    fn a_movement() -> impl Strategy<Value = Told<'static>> {
        (any::<bool>(), any::<bool>(), 0_usize..4).prop_map(|(refund, came_back, id)| {
            let by = if refund { TakenBy::Refund } else { TakenBy::Dispute };
            // Of the same identifier the same amount.
            let minor = i64::try_from(id).unwrap_or_default() * 100 + 100;
            Told { came_back, ..told(by, IDS[id], minor) }
        })
    }

    proptest! {
        /// WHK-03: whatever is told, in whatever order, in whatever portions, however often: the
        /// end is that of all of it told at once.
        #[test]
        fn whk_03_the_end_does_not_depend_on_the_order(
            movements in prop::collection::vec(a_movement(), 1..8),
            portions in prop::collection::vec(prop::collection::vec(0_usize..8, 0..6), 0..6),
        ) {
            let mut at_once = Vec::new();
            learn(&mut at_once, &movements);
            let mut bit_by_bit = Vec::new();
            for portion in portions {
                let chosen = portion.into_iter().filter_map(|place| movements.get(place).copied());
                learn(&mut bit_by_bit, &chosen.collect::<Vec<_>>());
            }
            let mut turned = movements.clone();
            turned.reverse();
            learn(&mut bit_by_bit, &turned);
            prop_assert_eq!(sorted(bit_by_bit.clone()), sorted(at_once));
            prop_assert_eq!(news(&bit_by_bit, &movements), Vec::new());
        }
    }

    #[test]
    fn what_comes_back_by_another_identifier_is_known_by_its_amount() {
        let dispute = |id, minor| told(TakenBy::Dispute, id, minor);
        let won = Told { came_back: true, ..dispute("w", 300) };
        let all = [dispute("a", 500), dispute("b", 300), won];
        let back = Step::ComeBack { told: 2, of: "b".to_owned() };
        assert_eq!(news(&[], &all), [Step::Take { told: 0 }, Step::Take { told: 1 }, back]);
        // Another one of the same amount is not brought back by the same movement.
        let booked =
            |id, came_back| Booked { by: TakenBy::Dispute, id, money: euros(300), came_back };
        assert_eq!(news(&[booked("b", Some("w")), booked("c", None)], &[won]), []);
        let other = Told { money: euros(299), ..won };
        assert_eq!(news(&[booked("c", None)], &[other]), [], "of another amount");
        let refund = Told { by: TakenBy::Refund, ..won };
        assert_eq!(news(&[booked("c", None)], &[refund]), [], "of another kind");
    }

    #[test]
    fn what_came_back_waits_for_what_was_taken() {
        let taken = told(TakenBy::Refund, "r", 500);
        let back = Told { came_back: true, ..taken };
        assert_eq!(news(&[], &[back]), []);
        let steps = [Step::Take { told: 1 }, Step::ComeBack { told: 0, of: "r".to_owned() }];
        assert_eq!(news(&[], &[back, taken]), steps);
    }
}
