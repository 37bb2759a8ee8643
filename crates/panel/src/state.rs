//! What all handlers share.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use portico_billing::ApiKeyId;
use portico_core::{Caller, Core, Failure};
use portico_ui::Ui;

use crate::health::Readiness;

/// The state of the router.
pub type Shared = Arc<Panel>;

/// How many requests one API key may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRate {
    /// Requests a second, on average.
    pub per_second: NonZeroU32,
    /// Requests at once after a pause.
    pub burst: NonZeroU32,
}

impl Default for KeyRate {
    /// Room for an integration at work; one that has run wild is slowed down.
    fn default() -> Self {
        Self {
            per_second: const { NonZeroU32::new(200).unwrap() },
            burst: const { NonZeroU32::new(1_000).unwrap() },
        }
    }
}

/// What all handlers share.
pub struct Panel {
    pub(crate) core: Core,
    pub(crate) ui: Ui,
    pub(crate) readiness: Readiness,
    /// Whether the mailbox of a demonstration is there.
    pub(crate) mailbox: bool,
    /// The OpenAPI document, written once.
    pub(crate) document: String,
    rates: DefaultKeyedRateLimiter<ApiKeyId>,
    clock: DefaultClock,
}

/// Why a request with a key is not let in.
#[derive(Debug)]
pub enum Denied {
    /// No key, or not one that is valid.
    BadKey,
    /// The key sends too much.
    TooMany {
        /// How long to wait.
        wait_s: u64,
    },
    /// The machinery failed.
    Failure(Failure),
}

impl Panel {
    pub(crate) fn new(core: Core, ui: Ui, rate: KeyRate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            core,
            ui,
            readiness: Readiness::default(),
            mailbox: false,
            document: crate::openapi::text(),
            rates: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }

    pub(crate) fn with(self, readiness: Readiness, mailbox: bool) -> Self {
        Self { readiness, mailbox, ..self }
    }

    /// Who calls, where the key is valid and within its rate.
    pub(crate) async fn admit(&self, key: Option<&str>) -> Result<Caller, Denied> {
        let caller = self.core.authenticate_api_key(key.ok_or(Denied::BadKey)?).await;
        self.within_rate(caller.map_err(Denied::Failure)?)
    }

    /// The same for a key in HTTP's Basic form.
    pub(crate) async fn admit_basic(&self, user: &str, password: &str) -> Result<Caller, Denied> {
        let caller = self.core.authenticate_basic(user, password).await;
        self.within_rate(caller.map_err(Denied::Failure)?)
    }

    fn within_rate(&self, caller: Option<Caller>) -> Result<Caller, Denied> {
        let caller = caller.ok_or(Denied::BadKey)?;
        self.rates.check_key(&caller.api_key_id).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            // Rounded up: an answer at the stated second must not be refused again.
            Denied::TooMany { wait_s: wait.as_secs() + 1 }
        })?;
        Ok(caller)
    }
}

/// The key in `X-API-KEY`, else in `Authorization: Bearer`. A header that is there twice is none.
pub fn presented_key(headers: &HeaderMap) -> Option<&str> {
    if headers.contains_key("x-api-key") {
        return only(headers, "x-api-key");
    }
    let (scheme, key) = only(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The value of a header that is there exactly once.
pub fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}
