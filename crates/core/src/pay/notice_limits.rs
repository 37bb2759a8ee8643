//! How many messages are taken from where. Whoever has proven to be the provider is let through as
//! fast as providers send (WHK-07); a stranger is not, for some proofs cost a request of ours.
//!
//! Each message is counted before it is looked at. What turns out to be the provider's is given
//! back, so that only those are counted that prove nothing, and those that are being looked at.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portico_billing::GatewayId;

use crate::Clock;
use crate::limits::{Limit, TooMany, network};

/// For how long a network is known to be the provider's after its last proof.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Networks that are known at most.
const KNOWN_MAX: usize = 10_000;

/// The end of an address for notices, and where a message to it came from.
type Place = (String, IpAddr);

/// Who sends a message.
pub(super) struct Sender {
    place: Place,
    /// Whether the provider has sent from there lately.
    is_known: bool,
}

/// The bounds on messages to the addresses for notices.
pub(crate) struct NoticeLimits {
    /// Of strangers, to whatever address, whether it exists or not.
    strangers: Limit<IpAddr>,
    /// Of all strangers together, to one gateway.
    strangers_to: Limit<GatewayId>,
    /// From where the provider has sent lately.
    known: Limit<Place>,
    /// Of the provider.
    proven: Limit<GatewayId>,
    /// Where the provider has sent from, and when it last did.
    places: Mutex<HashMap<Place, Timestamp>>,
}

impl NoticeLimits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        let (seconds, millis) = (Duration::from_secs, Duration::from_millis);
        Self {
            strangers: Limit::new(clock, 100, seconds(10)),
            strangers_to: Limit::new(clock, 300, seconds(1)),
            known: Limit::new(clock, 2_000, millis(20)),
            proven: Limit::new(clock, 5_000, millis(2)),
            places: Mutex::default(),
        }
    }

    /// One more message to the address that ends in `key`.
    pub(super) fn admit(
        &self,
        (key, address): (&str, IpAddr),
        now: Timestamp,
    ) -> Result<Sender, TooMany> {
        let place = (key.to_owned(), network(address));
        let is_known = self.is_known(&place, now);
        if is_known {
            self.known.take(&place)?;
        } else {
            self.strangers.take(&place.1)?;
        }
        Ok(Sender { place, is_known })
    }

    /// The address is this gateway's.
    pub(super) fn admit_to(&self, sender: &Sender, gateway: GatewayId) -> Result<(), TooMany> {
        if sender.is_known {
            return Ok(());
        }
        self.strangers_to.take(&gateway)
    }

    /// The message is the provider's.
    pub(super) fn prove(
        &self,
        sender: Sender,
        gateway: GatewayId,
        now: Timestamp,
    ) -> Result<(), TooMany> {
        if sender.is_known {
            self.known.give_back(&sender.place);
        } else {
            self.strangers.give_back(&sender.place.1);
            self.strangers_to.give_back(&gateway);
        }
        self.remember(sender.place, now);
        self.proven.take(&gateway)
    }

    fn is_known(&self, place: &Place, now: Timestamp) -> bool {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(place).is_some_and(|at| now.duration_since(*at) < KNOWN_FOR)
    }

    fn remember(&self, place: Place, now: Timestamp) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= KNOWN_MAX && !places.contains_key(&place) {
            // Who was forgotten proves it again.
            places.clear();
        }
        places.insert(place, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedClock;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn limits() -> (NoticeLimits, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock::at(NOW));
        let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
        (NoticeLimits::new(&shared), clock)
    }

    fn gateway(number: u8) -> GatewayId {
        GatewayId::new(NOW, [number; 10])
    }

    fn address(last: u32) -> IpAddr {
        IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0a00_0000 + last))
    }

    /// A message that proves nothing, to a gateway that there is.
    fn forge(limits: &NoticeLimits, from: IpAddr, now: Timestamp) -> Result<(), TooMany> {
        let sender = limits.admit(("key", from), now)?;
        limits.admit_to(&sender, gateway(1))
    }

    /// A message of the provider.
    fn tell(limits: &NoticeLimits, from: IpAddr, now: Timestamp) -> Result<(), TooMany> {
        let sender = limits.admit(("key", from), now)?;
        limits.admit_to(&sender, gateway(1))?;
        limits.prove(sender, gateway(1), now)
    }

    #[test]
    fn whk_07_the_provider_may_send_200_a_second_and_more_at_once() {
        let (limits, clock) = limits();
        let from = address(1);
        for second in 0..60 {
            let now = NOW + SignedDuration::from_secs(second);
            clock.set(now);
            for _ in 0..200 {
                assert_eq!(tell(&limits, from, now), Ok(()), "second {second}");
            }
        }
        // All of them are on their way before the first one has proven anything.
        let (fresh, _) = self::limits();
        let senders: Vec<_> =
            (0..100).map(|_| fresh.admit(("key", from), NOW).expect("let in")).collect();
        for sender in senders {
            assert_eq!(fresh.admit_to(&sender, gateway(1)), Ok(()));
            assert_eq!(fresh.prove(sender, gateway(1), NOW), Ok(()));
        }
    }

    #[test]
    fn whk_01_who_forges_is_stopped_soon_and_nobody_else() {
        let (limits, clock) = limits();
        let (provider, forger) = (address(1), address(2));
        assert_eq!(tell(&limits, provider, NOW), Ok(()));
        let taken = (0..10_000).filter(|_| forge(&limits, forger, NOW).is_ok()).count();
        assert_eq!(taken, 100);
        let refused = forge(&limits, forger, NOW).expect_err("a limit");
        assert_eq!(refused.retry_after, Duration::from_secs(11));
        for _ in 0..1_000 {
            assert_eq!(tell(&limits, provider, NOW), Ok(()), "the provider is let through");
        }
        let later = NOW + SignedDuration::from_mins(10);
        clock.set(later);
        let taken = (0..1_000).filter(|_| forge(&limits, forger, later).is_ok()).count();
        assert_eq!(taken, 60, "six a minute");
    }

    #[test]
    fn whk_01_many_forgers_together_are_stopped_and_other_gateways_go_on() {
        let (limits, _) = limits();
        let provider = address(0);
        assert_eq!(tell(&limits, provider, NOW), Ok(()));
        let forgers = (1..5_000).map(address);
        let taken = forgers.filter(|from| forge(&limits, *from, NOW).is_ok()).count();
        assert_eq!(taken, 300);
        assert_eq!(tell(&limits, provider, NOW), Ok(()), "it is known");
        let elsewhere = limits.admit(("other", address(9_999)), NOW).expect("let in");
        assert_eq!(limits.admit_to(&elsewhere, gateway(2)), Ok(()));
    }

    #[test]
    fn whk_01_guessed_addresses_are_counted_as_well() {
        let (limits, _) = limits();
        let guess = |number: u32| limits.admit((&format!("guess-{number}"), address(1)), NOW);
        assert_eq!((0..1_000).filter(|number| guess(*number).is_ok()).count(), 100);
    }

    #[test]
    fn whk_02_who_is_known_at_one_gateway_is_a_stranger_at_another() {
        let (limits, _) = limits();
        let from = address(1);
        assert_eq!(tell(&limits, from, NOW), Ok(()));
        let there = limits.admit(("other", from), NOW).expect("let in");
        assert!(!there.is_known);
        let day = NOW + KNOWN_FOR;
        assert!(!limits.admit(("key", from), day).expect("let in").is_known, "for a day");
    }

    #[test]
    fn dos_10_the_memory_of_known_places_is_bounded() {
        let (limits, _) = limits();
        for last in 0..25_000 {
            limits.remember(("key".to_owned(), address(last)), NOW);
        }
        assert!(limits.places.lock().expect("not poisoned").len() <= KNOWN_MAX);
    }
}
