//! Sessions of the control panel: their beginning, their list, their end.

use jiff::{SignedDuration, Timestamp};
use portico_billing::{OperatorId, OperatorSessionId};
use portico_core_api::Origin;
use portico_store::Write;
use portico_store::operator::StoredOperator;
use portico_store::operator_session::{ListedOperatorSession, NewOperatorSession};

use super::visit::IDLE;
use super::{OperatorSecret, OperatorVisit, StaffError};
use crate::audit::Change;
use crate::secret::{hash_secret, new_secret};
use crate::{Caller, Core, Failure, Who};

/// The longest that a session of the control panel lives (SES-08).
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// How long the second factor is waited for.
const WAITING: SignedDuration = SignedDuration::from_mins(10);
/// Longest name of itself that a browser is listed with.
const MAX_USER_AGENT: usize = 300;

/// A live session, as its owner is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorSessionView {
    /// Identifier.
    pub id: OperatorSessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The address that it was entered from.
    pub address: Option<String>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

/// Begins a session of an operator who proved to be it: a complete one, or one that waits for the
/// second factor.
pub(super) async fn begin(
    core: &Core,
    write: &mut Write,
    operator: &StoredOperator,
    is_complete: bool,
    origin: Origin,
) -> Result<OperatorSecret, Failure> {
    let now = core.now();
    let secret = new_secret(&core.inner.entropy);
    let session = NewOperatorSession {
        id: OperatorSessionId::new(now, core.id_bytes()),
        operator_id: operator.id,
        secret_hash: hash_secret(&secret),
        is_complete,
        created_at: now,
        expires_at: now + if is_complete { ABSOLUTE } else { WAITING },
        address: Some(origin.address.to_canonical().to_string()),
        user_agent: origin.user_agent.map(|name| name.chars().take(MAX_USER_AGENT).collect()),
    };
    write.insert_operator_session(&session).await?;
    if is_complete {
        write.note_operator_signed_in(operator.id, now).await?;
        let caller = acting(write, operator.id).calling_from(origin.address);
        Change::new("operator.signed_in")
            .on(operator.id.uuid())
            .write(core, write, &caller)
            .await?;
    }
    Ok(OperatorSecret::new(secret))
}

/// The operator as who acts, for what is written down before there is a session.
pub(super) fn acting(write: &Write, operator: OperatorId) -> Caller {
    let who = Who::Operator(operator);
    Caller { who, ..Caller::system(write.organisation_id()) }
}

impl Core {
    /// Ends the session that acts.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn operator_sign_out(&self, visit: &OperatorVisit) -> Result<(), Failure> {
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        write.end_operator_session(visit.session_id, self.now()).await?;
        Ok(write.commit().await?)
    }

    /// The live sessions of who is signed in, the one used last first.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn operator_sessions(
        &self,
        visit: &OperatorVisit,
    ) -> Result<Vec<OperatorSessionView>, Failure> {
        let now = self.now();
        let mut read = self.inner.store.read(visit.caller.organisation_id).await?;
        let found = read.operator_sessions(visit.operator_id, now, now - IDLE).await?;
        let view = |it: ListedOperatorSession| OperatorSessionView {
            id: it.id,
            is_current: it.id == visit.session_id,
            started_at: it.created_at,
            last_seen_at: it.last_seen_at,
            address: it.address,
            user_agent: it.user_agent,
        };
        Ok(found.into_iter().map(view).collect())
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `NotFound` where it is not one's own or over, or where the machinery fails.
    pub async fn end_own_operator_session(
        &self,
        visit: &OperatorVisit,
        id: OperatorSessionId,
    ) -> Result<(), StaffError> {
        let own = self.operator_sessions(visit).await?;
        if !own.iter().any(|session| session.id == id) {
            return Err(StaffError::NotFound);
        }
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        write.end_operator_session(id, self.now()).await?;
        Ok(write.commit().await?)
    }

    /// Ends all of one's own sessions but this one.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn end_other_operator_sessions(&self, visit: &OperatorVisit) -> Result<(), Failure> {
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let keep = Some(visit.session_id);
        write.end_operator_sessions(visit.operator_id, keep, self.now()).await?;
        Ok(write.commit().await?)
    }
}
