//! The machine's clock and randomness: read here and nowhere else.

use jiff::Timestamp;
use portico_core::{Clock, Entropy};
use rand::TryRng;

/// The clock on the wall.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        #[cfg(debug_assertions)]
        let now = now + wrong_by();
        // The database keeps microseconds: what is compared must not know more.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// By how much the clock is wrong, where a test wants it: seconds in `PORTICO_TEST_CLOCK`. What is
/// released has none of it.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "a switch of the tests, no configuration")]
fn wrong_by() -> jiff::SignedDuration {
    static WRONG_BY: std::sync::OnceLock<jiff::SignedDuration> = std::sync::OnceLock::new();
    *WRONG_BY.get_or_init(|| {
        let seconds = std::env::var("PORTICO_TEST_CLOCK").ok().and_then(|text| text.parse().ok());
        jiff::SignedDuration::from_secs(seconds.unwrap_or_default())
    })
}

/// `N` bytes of the operating system.
pub fn random_bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

/// A generator seeded by the operating system.
pub fn entropy() -> anyhow::Result<Entropy> {
    Ok(Entropy::from_seed(random_bytes()?))
}

/// The date now in UTC.
pub fn today_utc() -> jiff::civil::Date {
    SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
