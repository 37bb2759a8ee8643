//! Who is signed in to the control panel.

use std::fmt;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portico_billing::permission::{OperatorRole, Permissions};
use portico_billing::{LanguageTag, OperatorId, OperatorSessionId};
use portico_store::operator_session::OperatorVisitRecord;

use crate::secret::hash_secret;
use crate::{Caller, Core, Failure, Who};

/// Inactivity that ends a session of the control panel (SES-08).
pub(super) const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A use is written down once a minute at most.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What an operator's cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorSecret(String);

impl OperatorSecret {
    /// The secret as it came with a request.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret, for the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OperatorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecret(…)")
    }
}

/// A live session of the control panel.
#[derive(Debug, Clone)]
pub struct OperatorVisit {
    /// Who acts. Without any permission until the second factor was given, or set up where the
    /// organisation asks for one.
    pub caller: Caller,
    /// The session.
    pub session_id: OperatorSessionId,
    /// Whether the second factor was given, or none is asked for.
    pub is_complete: bool,
    /// The person.
    pub operator_id: OperatorId,
    /// Its name.
    pub name: String,
    /// Its name for signing in.
    pub email: String,
    /// What it is for.
    pub role: OperatorRole,
    /// Whether it has a second factor.
    pub has_totp: bool,
    /// Whether its organisation asks for one.
    pub needs_totp: bool,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
    /// The tenant's name.
    pub organisation_name: String,
    /// The zone in which the tenant's days begin.
    pub time_zone: String,
}

impl OperatorVisit {
    /// Whether a second factor must be set up before anything else.
    #[must_use]
    pub const fn must_enrol(&self) -> bool {
        self.is_complete && self.needs_totp && !self.has_totp
    }
}

impl Core {
    /// The live session of `secret`; its use is written down.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn operator_visit(
        &self,
        secret: &OperatorSecret,
        address: IpAddr,
    ) -> Result<Option<OperatorVisit>, Failure> {
        let now = self.now();
        let hash = hash_secret(secret.expose());
        let found = self.inner.store.directory().await?.operator_visit(&hash).await?;
        let Some(record) = found.filter(|record| is_live(record, now)) else { return Ok(None) };
        if now.duration_since(record.last_seen_at) >= TOUCH_EVERY {
            let mut write = self.inner.store.write(record.organisation_id).await?;
            write.touch_operator_session(record.session_id, now).await?;
            write.commit().await?;
        }
        Ok(Some(visit(record, address)))
    }
}

fn is_live(record: &OperatorVisitRecord, now: Timestamp) -> bool {
    !record.is_over && now < record.expires_at && now.duration_since(record.last_seen_at) < IDLE
}

fn visit(record: OperatorVisitRecord, address: IpAddr) -> OperatorVisit {
    let proven = record.is_complete && (record.has_totp || !record.needs_totp);
    let permissions = if proven { record.role.permissions() } else { Permissions::NONE };
    OperatorVisit {
        caller: Caller {
            organisation_id: record.organisation_id,
            who: Who::Operator(record.operator_id),
            permissions,
            address: Some(address),
        },
        session_id: record.session_id,
        is_complete: record.is_complete,
        operator_id: record.operator_id,
        name: record.name,
        email: record.email,
        role: record.role,
        has_totp: record.has_totp,
        needs_totp: record.needs_totp,
        language: record.language,
        organisation_name: record.organisation_name,
        time_zone: record.time_zone,
    }
}
