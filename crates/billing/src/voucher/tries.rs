//! How often codes may be guessed (VCH-03).
//!
//! Wrong codes are counted per customer, per network and per organisation, over the last hour.
//! Where a whole organisation is guessed at, nobody is locked out who did not take part: each
//! customer and each network still has one try.

use jiff::{SignedDuration, Timestamp};

/// For how long a wrong code counts.
pub const MISS_COUNTS_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Most wrong codes of one customer within that time.
pub const MISSES_OF_CUSTOMER: usize = 5;

/// Most wrong codes from one network within that time.
pub const MISSES_OF_NETWORK: usize = 20;

/// So many wrong codes of all customers within that time are an attack.
pub const MISSES_OF_ORGANISATION: usize = 1_000;

/// Wrong codes of the last hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misses {
    /// Those of the customer, newest first; no more than [`MISSES_OF_CUSTOMER`] are needed.
    pub of_customer: Vec<Timestamp>,
    /// Those from the network, newest first; no more than [`MISSES_OF_NETWORK`] are needed.
    pub of_network: Vec<Timestamp>,
    /// How many there are of all customers; counting may end at [`MISSES_OF_ORGANISATION`].
    pub of_organisation: usize,
}

impl Misses {
    /// Whether the organisation is under attack.
    #[must_use]
    pub const fn are_an_attack(&self) -> bool {
        self.of_organisation >= MISSES_OF_ORGANISATION
    }

    /// When the next code may be tried; nothing where it may be now.
    #[must_use]
    pub fn wait_until(&self) -> Option<Timestamp> {
        let limits = match self.are_an_attack() {
            true => [1, 1],
            false => [MISSES_OF_CUSTOMER, MISSES_OF_NETWORK],
        };
        let [customer, network] = limits;
        let free = |misses: &[Timestamp], limit: usize| {
            let oldest = misses.get(limit.checked_sub(1)?)?;
            oldest.checked_add(MISS_COUNTS_FOR).ok()
        };
        free(&self.of_customer, customer).max(free(&self.of_network, network))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vch_03_limits_hold_and_strangers_to_an_attack_have_a_try() {
        let newest_first = |count: i64| -> Vec<Timestamp> {
            (0..count).map(|it| Timestamp::from_second(1_000 - it).expect("a time")).collect()
        };
        let free_at = |second: i64| Some(Timestamp::from_second(second + 3_600).expect("a time"));
        for (customer, network, organisation, wait) in [
            (0, 0, 0, None),
            (4, 19, 999, None),
            (5, 5, 5, free_at(996)),
            (7, 7, 7, free_at(996)),
            (0, 20, 20, free_at(981)),
            (5, 20, 20, free_at(996)),
            (0, 0, 1_000, None),
            (1, 0, 1_000, free_at(1_000)),
            (0, 1, 1_000, free_at(1_000)),
        ] {
            let misses = Misses {
                of_customer: newest_first(customer),
                of_network: newest_first(network),
                of_organisation: organisation,
            };
            assert_eq!(misses.wait_until(), wait, "{customer} {network} {organisation}");
        }
    }
}
