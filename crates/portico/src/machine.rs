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
        // The database keeps microseconds: what is compared must not know more.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
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
