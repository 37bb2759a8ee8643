//! Who acts for an organisation: its software, proven by an API key; its people; the system.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use portico_billing::permission::{Permission, Permissions};
use portico_billing::{ApiKeyId, ContactId, OperatorId, OrganisationId};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::secret::hash_secret;
use crate::{Core, Failure};

/// Who acts for an organisation: proven, with what it may do and where it calls from. Verbs ask
/// it for a [`Permission`] before they do anything, and write it into the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The tenant whose data it may touch.
    pub organisation_id: OrganisationId,
    /// Who it is.
    pub who: Who,
    /// What it may do.
    pub permissions: Permissions,
    /// Where it calls from, where that is known.
    pub address: Option<IpAddr>,
}

/// Who acts for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Its software, by a key.
    ApiKey(ApiKeyId),
    /// One of its people, in the control panel.
    Operator(OperatorId),
    /// One of a customer's people in the portal; without a name where the software vouched for the
    /// customer alone.
    Contact(Option<ContactId>),
    /// Who runs the program: the command line, sample data, jobs.
    System,
}

impl Who {
    /// Its kind in data.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::ApiKey(_) => "api_key",
            Self::Operator(_) => "operator",
            Self::Contact(_) => "contact",
            Self::System => "system",
        }
    }

    /// Its record, where it has one.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::ApiKey(id) => Some(id.uuid()),
            Self::Operator(id) => Some(id.uuid()),
            Self::Contact(Some(id)) => Some(id.uuid()),
            Self::Contact(None) | Self::System => None,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(id) => id.fmt(f),
            Self::Operator(id) => id.fmt(f),
            Self::Contact(Some(id)) => id.fmt(f),
            Self::Contact(None) => f.write_str("contact"),
            Self::System => f.write_str("system"),
        }
    }
}

/// The caller lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs the permission `{}`", .0.word())]
pub struct Forbidden(pub Permission);

impl Caller {
    /// Who runs the program, with all permissions.
    #[must_use]
    pub const fn system(organisation_id: OrganisationId) -> Self {
        let permissions = Permissions::ALL;
        Self { organisation_id, who: Who::System, permissions, address: None }
    }

    /// The same caller with the address it calls from.
    #[must_use]
    pub const fn calling_from(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    /// Asks for a permission.
    ///
    /// # Errors
    /// Where the caller has it not.
    pub const fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.permissions.has(permission) { Ok(()) } else { Err(Forbidden(permission)) }
    }
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
            who: Who::ApiKey(stored.id),
            permissions: stored.permissions,
            address: None,
        }))
    }
}
