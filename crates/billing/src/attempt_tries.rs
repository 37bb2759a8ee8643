//! How often it may be tried to pay (DOS-08): whoever has numbers of cards tries them out by paying
//! small amounts.

use jiff::SignedDuration;

/// For how long an attempt counts.
pub const TRY_COUNTS_FOR: SignedDuration = SignedDuration::from_hours(1);
/// For how long whoever tried too often waits at least.
pub const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// Attempts of one customer that count at once, at most.
pub const BEGUN_OF_CUSTOMER: u32 = 30;
/// Declined ones of one customer, at most.
pub const DECLINED_OF_CUSTOMER: u32 = 5;
/// Declined ones from one network, whoever's they are, at most.
pub const DECLINED_OF_NETWORK: u32 = 10;
/// Customers of one organisation with declined attempts, at most: beyond it cards are being tried
/// out with many accounts from many networks.
pub const DECLINED_CUSTOMERS: u32 = 1_000;

/// What counts against the next attempt. Of the customer, what is being asked at this moment
/// counts as declined until it is known to be something else; of a network it does not, for many
/// people may share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tries {
    /// Attempts of the customer.
    pub begun: u32,
    /// Declined ones of the customer.
    pub declined: u32,
    /// Declined ones from the network.
    pub declined_of_network: u32,
    /// Customers of the organisation with declined ones.
    pub declined_customers: u32,
}

/// Who has tried too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooOften {
    /// The customer.
    Customer,
    /// The network.
    Network,
    /// All customers together: new methods are not taken for a while.
    Organisation,
}

impl Tries {
    /// Whether there were too many for one more, with a method that is stored or a new one. A
    /// stored one was paid with before: nobody tries it out.
    #[must_use]
    pub const fn refusal(&self, by_stored_method: bool) -> Option<TooOften> {
        if self.begun >= BEGUN_OF_CUSTOMER || self.declined >= DECLINED_OF_CUSTOMER {
            return Some(TooOften::Customer);
        }
        if self.declined_of_network >= DECLINED_OF_NETWORK {
            return Some(TooOften::Network);
        }
        if !by_stored_method && self.declined_customers >= DECLINED_CUSTOMERS {
            return Some(TooOften::Organisation);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dos_08_each_bound_stops_the_next_attempt_and_none_stops_the_last_one_before() {
        let below = Tries {
            begun: BEGUN_OF_CUSTOMER - 1,
            declined: DECLINED_OF_CUSTOMER - 1,
            declined_of_network: DECLINED_OF_NETWORK - 1,
            declined_customers: DECLINED_CUSTOMERS - 1,
        };
        for by_stored_method in [false, true] {
            assert_eq!(Tries::default().refusal(by_stored_method), None);
            assert_eq!(below.refusal(by_stored_method), None);
            for (tries, who) in [
                (Tries { begun: BEGUN_OF_CUSTOMER, ..below }, TooOften::Customer),
                (Tries { declined: DECLINED_OF_CUSTOMER, ..below }, TooOften::Customer),
                (Tries { declined_of_network: DECLINED_OF_NETWORK, ..below }, TooOften::Network),
            ] {
                assert_eq!(tries.refusal(by_stored_method), Some(who), "{tries:?}");
            }
        }
    }

    #[test]
    fn dos_08_an_attack_from_everywhere_stops_new_methods_alone() {
        let attacked = Tries { declined_customers: DECLINED_CUSTOMERS, ..Tries::default() };
        assert_eq!(attacked.refusal(false), Some(TooOften::Organisation));
        assert_eq!(attacked.refusal(true), None);
    }
}
