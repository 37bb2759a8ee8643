//! The second step of signing in: a code of the authenticator, or one on paper.

use portico_core_api::{EntryError, Fault, FieldFault, Origin};
use portico_store::Write;
use portico_store::operator::StoredOperator;

use super::{OperatorSecret, OperatorVisit, session, totp};
use crate::audit::Change;
use crate::{Core, Failure};

impl Core {
    /// Gives the second factor: the session that waited for it ends, and another one begins whose
    /// secret was never seen before (SES-01). Each code works once.
    ///
    /// # Errors
    /// `Invalid` with a fault at `code`, `TooMany`, `LinkOver` where the session does not wait for
    /// a code, or where the machinery fails.
    pub async fn operator_second_factor(
        &self,
        visit: &OperatorVisit,
        code: &str,
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        if visit.is_complete {
            return Err(EntryError::NO_LINK);
        }
        self.inner.limits.operator_code(visit.operator_id)?;
        let secret = self.complete(visit, code, origin).await?;
        let wrong = || vec![FieldFault::new("code", Fault::WrongCode)];
        let secret = secret.ok_or_else(|| EntryError::Invalid { faults: wrong() })?;
        self.inner.limits.forgive_operator(visit.operator_id);
        Ok(secret)
    }

    async fn complete(
        &self,
        visit: &OperatorVisit,
        code: &str,
        origin: Origin,
    ) -> Result<Option<OperatorSecret>, Failure> {
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let found = write.operator_for_update(visit.operator_id).await?;
        let Some(operator) = found.filter(StoredOperator::is_active) else { return Ok(None) };
        if !use_code(self, &mut write, &operator, code).await? {
            return Ok(None);
        }
        write.end_operator_session(visit.session_id, self.now()).await?;
        let secret = session::begin(self, &mut write, &operator, true, origin).await?;
        write.commit().await?;
        Ok(Some(secret))
    }
}

/// Whether the code is right; it is used up then.
pub(super) async fn use_code(
    core: &Core,
    write: &mut Write,
    operator: &StoredOperator,
    code: &str,
) -> Result<bool, Failure> {
    let Some(sealed) = &operator.sealed_totp else { return Ok(false) };
    let seed = totp::open(core, operator.id, sealed)?;
    if let Some(step) = totp::step_of(core, &seed, code)? {
        return Ok(write.use_totp_step(operator.id, step).await?);
    }
    let hash = totp::recovery_hash(code);
    let mut left = operator.recovery_hashes.clone();
    left.retain(|kept| *kept != hash);
    if left.len() == operator.recovery_hashes.len() {
        return Ok(false);
    }
    write.set_recovery_hashes(operator.id, &left).await?;
    let caller = session::acting(write, operator.id);
    let used = Change::new("operator.recovery_code_used").on(operator.id.uuid());
    used.write(core, write, &caller).await?;
    Ok(true)
}
