//! The organisation's software: who calls, proven by an API key.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use portico_billing::{ApiKeyId, OrganisationId};
use subtle::ConstantTimeEq;

use crate::secret::hash_secret;
use crate::{Core, Failure};

/// A caller whose key was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The tenant that the key belongs to.
    pub organisation_id: OrganisationId,
    /// The key.
    pub api_key_id: ApiKeyId,
}

/// A key as it is given out: `<key id>.<secret>`; the id finds it, the secret proves it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret {
    /// Which key.
    pub id: ApiKeyId,
    /// What proves it.
    pub secret: String,
}

impl ApiKeySecret {
    /// Takes a key apart. Nothing is said of why a text is no key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.trim().split_once('.')?;
        Some(Self { id: id.parse().ok()?, secret: secret.to_owned() })
    }

    /// A key as user name and password: its two parts, or all of it as the user name alone.
    #[must_use]
    pub fn from_basic(user: &str, password: &str) -> Option<Self> {
        if password.is_empty() {
            return Self::parse(user);
        }
        Some(Self { id: user.trim().parse().ok()?, secret: password.to_owned() })
    }

    /// The whole key, to be shown once.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}.{}", self.id, self.secret)
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeySecret({}, …)", self.id)
    }
}

impl Core {
    /// The caller with this key (`key_….secret`), if it is one in force.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn authenticate_api_key(&self, text: &str) -> Result<Option<Caller>, Failure> {
        match ApiKeySecret::parse(text) {
            Some(key) => self.check_api_key(&key).await,
            None => Ok(None),
        }
    }

    /// The caller with this key in HTTP's Basic form; see [`ApiKeySecret::from_basic`].
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn authenticate_basic(
        &self,
        user: &str,
        password: &str,
    ) -> Result<Option<Caller>, Failure> {
        match ApiKeySecret::from_basic(user, password) {
            Some(key) => self.check_api_key(&key).await,
            None => Ok(None),
        }
    }

    /// Counts a key from `address` that is none. The answer is how long to wait where there were
    /// too many of them. Valid keys are not counted: whoever shares an address with somebody who
    /// guesses is let in all the same.
    #[must_use]
    pub fn count_bad_api_key(&self, address: IpAddr) -> Option<Duration> {
        self.inner.limits.bad_key(address).err().map(|too_many| too_many.retry_after)
    }

    /// An unknown key costs the same look-up, hash and comparison as a known one.
    async fn check_api_key(&self, key: &ApiKeySecret) -> Result<Option<Caller>, Failure> {
        let stored = self.inner.store.directory().await?.api_key(key.id).await?;
        let given = hash_secret(&key.secret);
        let expected = stored.as_ref().map_or(&[0; 32][..], |stored| &stored.secret_hash);
        let matches = bool::from(given.ct_eq(expected));
        let live = stored.filter(|stored| matches && stored.is_live(self.now()));
        Ok(live.map(|stored| Caller {
            organisation_id: stored.organisation_id,
            api_key_id: stored.id,
        }))
    }
}
