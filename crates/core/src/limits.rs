//! How often things may be tried that can be guessed, or that cost much. Links are neither: they
//! hold 256 random bits, and looking one up is cheap.
//!
//! Kept in memory: what is counted is lost with the process, and is soon enough gone anyway.
//!
//! Wrong passwords are counted per account and address, tightly, and per account, loosely. Where
//! the loose count is used up, an address that has not failed yet still has one try: whoever
//! attacks an account slows down strangers, never its owner.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};
use portico_billing::{BrandId, ContactId, EmailAddress, OperatorId, OrganisationId};

use crate::Clock;
use crate::pay::NoticeLimits;

/// Most keys of one limit; beyond it those that are free again are dropped.
const MAX_KEYS: usize = 100_000;

/// Too many tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// How long to wait.
    pub(crate) retry_after: Duration,
}

/// An account as it is typed: a brand's portal, or the control panel where there is none, and an
/// e-mail address, existing or not.
type Account = (Option<BrandId>, String);

/// All limits of the core.
pub(crate) struct Limits {
    sign_ins: Limit<IpAddr>,
    mails: Limit<IpAddr>,
    failures: Limit<(Account, IpAddr)>,
    failures_of_besieged: Limit<(Account, IpAddr)>,
    failures_of_account: Limit<Account>,
    password_checks: Limit<ContactId>,
    operator_passwords: Limit<OperatorId>,
    operator_codes: Limit<OperatorId>,
    bad_keys: Limit<IpAddr>,
    sign_ups: Limit<IpAddr>,
    sign_ups_of_email: Limit<Account>,
    mail_trials: Limit<OrganisationId>,
    gateway_probes: Limit<OrganisationId>,
    attempt_looks: Limit<OrganisationId>,
    declines_alarms: Limit<OrganisationId>,
    pub(crate) notices: NoticeLimits,
    temporary_passwords: Limit<OrganisationId>,
    pay_links: Limit<IpAddr>,
    linked_payments: Limit<IpAddr>,
}

impl Limits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        let seconds = Duration::from_secs;
        Self {
            sign_ins: Limit::new(clock, 60, seconds(1)),
            mails: Limit::new(clock, 20, seconds(30)),
            failures: Limit::new(clock, 10, seconds(30)),
            failures_of_besieged: Limit::new(clock, 1, seconds(300)),
            failures_of_account: Limit::new(clock, 100, seconds(36)),
            password_checks: Limit::new(clock, 10, seconds(30)),
            operator_passwords: Limit::new(clock, 10, seconds(30)),
            operator_codes: Limit::new(clock, 5, seconds(120)),
            bad_keys: Limit::new(clock, 600, Duration::from_millis(200)),
            sign_ups: Limit::new(clock, 20, seconds(60)),
            sign_ups_of_email: Limit::new(clock, 5, seconds(600)),
            mail_trials: Limit::new(clock, 10, seconds(30)),
            gateway_probes: Limit::new(clock, 10, seconds(30)),
            attempt_looks: Limit::new(clock, 60, seconds(2)),
            declines_alarms: Limit::new(clock, 1, seconds(3_600)),
            notices: NoticeLimits::new(clock),
            temporary_passwords: Limit::new(clock, 60, seconds(1)),
            pay_links: Limit::new(clock, 60, seconds(1)),
            linked_payments: Limit::new(clock, 10, seconds(360)),
        }
    }

    /// One more password from this address, for whichever account.
    pub(crate) fn sign_in(&self, address: IpAddr) -> Result<(), TooMany> {
        self.sign_ins.take(&network(address))
    }

    /// One more test mail of an organisation.
    pub(crate) fn mail_trial(&self, organisation: OrganisationId) -> Result<(), TooMany> {
        self.mail_trials.take(&organisation)
    }

    /// One more question of an organisation to a payment provider whether settings are good.
    pub(crate) fn gateway_probe(&self, organisation: OrganisationId) -> Result<(), TooMany> {
        self.gateway_probes.take(&organisation)
    }

    /// One more question of an organisation's staff to a payment provider how an attempt stands.
    pub(crate) fn attempt_look(&self, organisation: OrganisationId) -> Result<(), TooMany> {
        self.attempt_looks.take(&organisation)
    }

    /// Whether the log may tell once more that an organisation's customers are declined too often.
    pub(crate) fn declines_alarm(&self, organisation: OrganisationId) -> Result<(), TooMany> {
        self.declines_alarms.take(&organisation)
    }

    /// One more temporary password that an organisation gives: each has to be hashed.
    pub(crate) fn temporary_password(&self, organisation: OrganisationId) -> Result<(), TooMany> {
        self.temporary_passwords.take(&organisation)
    }

    /// One more pay link that is followed from this address.
    pub(crate) fn pay_link(&self, address: IpAddr) -> Result<(), TooMany> {
        self.pay_links.take(&network(address))
    }

    /// One more payment that is begun from this address by a link: ten an hour, so that nobody
    /// tries out cards (DOS-08).
    pub(crate) fn linked_payment(&self, address: IpAddr) -> Result<(), TooMany> {
        self.linked_payments.take(&network(address))
    }

    /// One more mail that this address asks for.
    pub(crate) fn mail(&self, address: IpAddr) -> Result<(), TooMany> {
        self.mails.take(&network(address))
    }

    /// One more sign-up from this address.
    pub(crate) fn sign_up(&self, address: IpAddr) -> Result<(), TooMany> {
        self.sign_ups.take(&network(address))
    }

    /// One more sign-up with this e-mail address, whether it is known or not.
    pub(crate) fn sign_up_of(&self, brand: BrandId, email: &EmailAddress) -> Result<(), TooMany> {
        self.sign_ups_of_email.take(&(Some(brand), email.key()))
    }

    /// One more password for this account; [`Limits::forgive`] follows where it was right.
    pub(crate) fn try_password(
        &self,
        brand: impl Into<Option<BrandId>>,
        email: &EmailAddress,
        address: IpAddr,
    ) -> Result<(), TooMany> {
        let account = (brand.into(), email.key());
        let here = (account.clone(), network(address));
        if self.failures_of_account.take(&account).is_err() {
            self.failures_of_besieged.take(&here)?;
        }
        self.failures.take(&here)
    }

    /// The password was right: what was counted from this address is forgotten.
    pub(crate) fn forgive(
        &self,
        brand: impl Into<Option<BrandId>>,
        email: &EmailAddress,
        address: IpAddr,
    ) {
        let here = ((brand.into(), email.key()), network(address));
        self.failures.forget(&here);
        self.failures_of_besieged.forget(&here);
    }

    /// One more password of an operator who is signed in.
    pub(crate) fn operator_password(&self, operator: OperatorId) -> Result<(), TooMany> {
        self.operator_passwords.take(&operator)
    }

    /// One more code of an operator's second factor: few, because a code has six digits alone.
    pub(crate) fn operator_code(&self, operator: OperatorId) -> Result<(), TooMany> {
        self.operator_codes.take(&operator)
    }

    /// The password of an operator who is signed in was right.
    pub(crate) fn forgive_operator_password(&self, operator: OperatorId) {
        self.operator_passwords.forget(&operator);
    }

    /// The code of an operator's second factor was right.
    pub(crate) fn forgive_operator(&self, operator: OperatorId) {
        self.operator_codes.forget(&operator);
    }

    /// One more API key from this address that is none.
    pub(crate) fn bad_key(&self, address: IpAddr) -> Result<(), TooMany> {
        self.bad_keys.take(&network(address))
    }

    /// One more password of somebody who is signed in.
    pub(crate) fn check_password(&self, contact: ContactId) -> Result<(), TooMany> {
        self.password_checks.take(&contact)
    }

    /// The password of somebody who is signed in was right.
    pub(crate) fn forgive_contact(&self, contact: ContactId) {
        self.password_checks.forget(&contact);
    }
}

/// What is counted as one address: of IPv6 the network of a household.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// So many at once per key, then one in each `period`.
pub(crate) struct Limit<K: Hash + Eq + Clone> {
    period: Nanos,
    states: States<K>,
    limiter: RateLimiter<K, States<K>, Ticks, NoOpMiddleware<Duration>>,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    pub(crate) fn new(clock: &Arc<dyn Clock>, burst: u32, period: Duration) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        let (states, ticks) = (States::new(), Ticks::new(clock));
        let period = quota.replenish_interval().into();
        Self { period, limiter: RateLimiter::new(quota, states.clone(), ticks), states }
    }

    pub(crate) fn take(&self, key: &K) -> Result<(), TooMany> {
        let now = governor::clock::Clock::now(self.limiter.clock());
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(now);
            TooMany { retry_after: Duration::from_secs(wait.as_secs() + 1) }
        })
    }

    /// Takes back what [`Limit::take`] counted.
    pub(crate) fn give_back(&self, key: &K) {
        self.states.give_back(key, self.period);
    }

    fn forget(&self, key: &K) {
        self.states.forget(key);
    }
}

/// The injected clock, as time since the limiter began.
struct Ticks {
    clock: Arc<dyn Clock>,
    began: jiff::Timestamp,
}

impl Ticks {
    fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { clock: Arc::clone(clock), began: clock.now() }
    }
}

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.clock.now().duration_since(self.began)).unwrap_or_default()
    }
}

/// The limiter's memory. Its own ones cannot forget a single key.
struct States<K>(Arc<Mutex<HashMap<K, Nanos>>>);

impl<K> Clone for States<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Hash + Eq> States<K> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(HashMap::new())))
    }

    fn forget(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// The state is the moment at which all is free again: it comes so much earlier.
    fn give_back(&self, key: &K, period: Nanos) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = states.get_mut(key) {
            *state = state.saturating_sub(period);
        }
    }
}

impl<K: Hash + Eq + Clone> StateStore for States<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, state) = decide(states.get(key).copied())?;
        if states.len() >= MAX_KEYS && !states.contains_key(key) {
            shrink(&mut states);
        }
        states.insert(key.clone(), state);
        Ok(answer)
    }
}

/// Drops the half that is free again soonest.
fn shrink<K: Hash + Eq + Clone>(states: &mut HashMap<K, Nanos>) {
    let mut ends: Vec<Nanos> = states.values().copied().collect();
    let middle = ends.len() / 2;
    let (_, &mut median, _) = ends.select_nth_unstable(middle);
    states.retain(|_, end| *end > median);
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use portico_billing::uuid_v7;

    use super::*;
    use crate::FixedClock;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn limits() -> (Limits, Arc<FixedClock>, BrandId, EmailAddress) {
        let clock = Arc::new(FixedClock::at(Timestamp::UNIX_EPOCH));
        let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let brand = BrandId::from(uuid_v7(Timestamp::UNIX_EPOCH, [0; 10]));
        (Limits::new(&shared), clock, brand, "ana@example.com".parse().expect("an address"))
    }

    #[test]
    fn dos_05_passwords_are_limited_per_household_and_say_how_long_to_wait() {
        let (limits, clock, brand, email) = limits();
        for last in 0..10 {
            let here = address(&format!("2001:db8::{last}"));
            assert_eq!(limits.try_password(brand, &email, here), Ok(()));
        }
        let here = address("2001:db8::ffff");
        let refused = limits.try_password(brand, &email, here).expect_err("a limit");
        assert_eq!(refused.retry_after, Duration::from_secs(31));
        assert_eq!(limits.try_password(brand, &email, address("2001:db8:0:1::1")), Ok(()));
        clock.set(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(31));
        assert_eq!(limits.try_password(brand, &email, here), Ok(()));
    }

    #[test]
    fn dos_06_a_flood_of_wrong_passwords_does_not_lock_the_owner_out() {
        let (limits, _, brand, email) = limits();
        for attacker in 0..10_000_u32 {
            let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0a00_0000 + attacker));
            let _counted = limits.try_password(brand, &email, from);
        }
        let home = address("192.0.2.7");
        assert_eq!(limits.try_password(brand, &email, home), Ok(()));
        limits.forgive(brand, &email, home);
        assert_eq!(limits.try_password(brand, &email, home), Ok(()));
        assert!(limits.try_password(brand, &email, home).is_err());
    }

    #[test]
    fn dos_10_the_memory_of_a_limit_is_bounded() {
        let (limits, _, _, _) = limits();
        for attacker in 0..250_000_u32 {
            let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(attacker));
            let _counted = limits.sign_in(from);
        }
        let kept = limits.sign_ins.states.0.lock().expect("not poisoned").len();
        assert!(kept <= MAX_KEYS, "{kept} keys are kept");
    }
}
