//! What all handlers share.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use portico_core::{Caller, Core, Failure, Who};
use portico_ui::Ui;
use portico_ui::origin::{self, TrustedProxies};
use portico_ui::preview::Preview;

use crate::health::Readiness;
use crate::templates::Templates;

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
    /// Shows pages of the portal with the looks of a draft.
    pub(crate) preview: Option<Preview>,
    /// Templates that brands replace.
    pub(crate) templates: Option<Templates>,
    /// The OpenAPI document, written once.
    pub(crate) document: String,
    proxies: TrustedProxies,
    rates: DefaultKeyedRateLimiter<Who>,
    clock: DefaultClock,
}

/// Why a request with a key is not let in.
#[derive(Debug)]
pub enum Denied {
    /// No key, or not one that is valid.
    BadKey,
    /// The key sends too much, or the address too many that are none.
    TooMany {
        /// How long to wait.
        wait_s: u64,
    },
    /// The machinery failed.
    Failure(Failure),
}

impl Panel {
    pub(crate) fn new(core: Core, ui: Ui, proxies: TrustedProxies, rate: KeyRate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            core,
            ui,
            readiness: Readiness::default(),
            mailbox: false,
            preview: None,
            templates: None,
            document: crate::openapi::text(),
            proxies,
            rates: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }

    pub(crate) fn with(self, readiness: Readiness, mailbox: bool) -> Self {
        Self { readiness, mailbox, ..self }
    }

    pub(crate) fn with_portal(
        self,
        preview: Option<Preview>,
        templates: Option<Templates>,
    ) -> Self {
        Self { preview, templates, ..self }
    }

    /// Who calls, where the key is valid and within its rate.
    pub(crate) async fn admit(
        &self,
        extensions: &Extensions,
        headers: &HeaderMap,
    ) -> Result<Caller, Denied> {
        let caller = match presented_key(headers) {
            Some(key) => self.core.authenticate_api_key(key).await.map_err(Denied::Failure)?,
            None => None,
        };
        let caller = caller.ok_or_else(|| self.bad_key(extensions, headers))?;
        self.within_rate(caller.calling_from(self.address(extensions, headers)))
    }

    /// The same for a key in HTTP's Basic form.
    pub(crate) async fn admit_basic(
        &self,
        parts: &Parts,
        credentials: Option<(String, String)>,
    ) -> Result<Caller, Denied> {
        let caller = match credentials {
            Some((user, password)) => {
                let caller = self.core.authenticate_basic(&user, &password).await;
                caller.map_err(Denied::Failure)?
            }
            None => None,
        };
        let (extensions, headers) = (&parts.extensions, &parts.headers);
        let caller = caller.ok_or_else(|| self.bad_key(extensions, headers))?;
        self.within_rate(caller.calling_from(self.address(extensions, headers)))
    }

    /// Who sends no valid key is told to wait once that came too often from one address.
    fn bad_key(&self, extensions: &Extensions, headers: &HeaderMap) -> Denied {
        match self.core.count_bad_api_key(self.address(extensions, headers)) {
            None => Denied::BadKey,
            Some(wait) => Denied::TooMany { wait_s: wait.as_secs() },
        }
    }

    /// Where a request comes from.
    pub(crate) fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        origin::client_address(extensions, headers, &self.proxies)
    }

    fn within_rate(&self, caller: Caller) -> Result<Caller, Denied> {
        self.rates.check_key(&caller.who).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            // Rounded up: an answer at the stated second must not be refused again.
            Denied::TooMany { wait_s: wait.as_secs() + 1 }
        })?;
        Ok(caller)
    }
}

/// The key in `X-API-KEY`, else in `Authorization: Bearer`. A header that is there twice is none.
fn presented_key(headers: &HeaderMap) -> Option<&str> {
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
