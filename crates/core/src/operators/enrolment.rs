//! An operator's own second factor: set up, switched off, its recovery codes made anew.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico_core_api::Fault;

use super::account::{own, warn};
use super::{OperatorVisit, StaffError, StaffRule, totp};
use crate::audit::Change;
use crate::mail::SecurityChange;
use crate::{Core, Failure};

/// A second factor to be: nothing is stored until a code of it is given.
#[derive(Clone)]
pub struct Enrolment {
    /// The sealed seed, for the form that confirms it.
    pub ticket: String,
    /// The seed as it is typed into an authenticator: base32.
    pub secret: String,
    /// The same for a camera: `otpauth://…`.
    pub url: String,
}

impl Core {
    /// Begins to set up a second factor.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub fn begin_second_factor(&self, visit: &OperatorVisit) -> Result<Enrolment, Failure> {
        self.enrolment(visit, self.inner.entropy.bytes())
    }

    /// Shows again what [`Core::begin_second_factor`] began, after a wrong code.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub fn resume_second_factor(
        &self,
        visit: &OperatorVisit,
        ticket: &str,
    ) -> Result<Enrolment, Failure> {
        match self.open_enrolment(visit, ticket) {
            Some(seed) => self.enrolment(visit, seed),
            None => self.begin_second_factor(visit),
        }
    }

    /// Sets a second factor up, once a code shows that the authenticator has it. The answer is the
    /// recovery codes, which nobody sees again. All other sessions end.
    ///
    /// # Errors
    /// `Invalid` with a fault at `code`, `TooMany`, or where the machinery fails.
    pub async fn confirm_second_factor(
        &self,
        visit: &OperatorVisit,
        ticket: &str,
        code: &str,
    ) -> Result<Vec<String>, StaffError> {
        self.inner.limits.operator_code(visit.operator_id)?;
        let wrong = || StaffError::field("code", Fault::WrongCode);
        let seed = self.open_enrolment(visit, ticket).ok_or_else(wrong)?;
        let step = totp::step_of(self, &seed, code)?.ok_or_else(wrong)?;
        let sealed = totp::seal(self, visit.operator_id, &seed)?;
        let (codes, hashes) = totp::new_recovery_codes(&self.inner.entropy);
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let operator = own(&mut write, visit).await?;
        if operator.sealed_totp.is_some() {
            return Err(wrong());
        }
        write.set_operator_totp(operator.id, Some((&sealed, step)), &hashes).await?;
        write.end_operator_sessions(operator.id, Some(visit.session_id), self.now()).await?;
        let change = Change::new("operator.second_factor_on").on(operator.id.uuid());
        change.write(self, &mut write, &visit.caller).await?;
        warn(self, &mut write, &operator, SecurityChange::SecondFactorOn).await?;
        write.commit().await?;
        self.inner.limits.forgive_operator(visit.operator_id);
        Ok(codes)
    }

    /// Switches the second factor off.
    ///
    /// # Errors
    /// `Invalid` with a fault at `password`, `Rule` where the organisation asks for it, `TooMany`,
    /// or where the machinery fails.
    pub async fn remove_second_factor(
        &self,
        visit: &OperatorVisit,
        password: &str,
    ) -> Result<(), StaffError> {
        if visit.needs_totp {
            return Err(StaffRule::SecondFactorRequired.into());
        }
        self.check_own_password(visit, password, "password").await?;
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let operator = own(&mut write, visit).await?;
        write.set_operator_totp(operator.id, None, &[]).await?;
        let change = Change::new("operator.second_factor_off").on(operator.id.uuid());
        change.write(self, &mut write, &visit.caller).await?;
        warn(self, &mut write, &operator, SecurityChange::SecondFactorOff).await?;
        Ok(write.commit().await?)
    }

    /// Makes new recovery codes; the earlier ones are void.
    ///
    /// # Errors
    /// `Invalid` with a fault at `password`, `NotFound` where there is no second factor, `TooMany`,
    /// or where the machinery fails.
    pub async fn renew_recovery_codes(
        &self,
        visit: &OperatorVisit,
        password: &str,
    ) -> Result<Vec<String>, StaffError> {
        self.check_own_password(visit, password, "password").await?;
        let (codes, hashes) = totp::new_recovery_codes(&self.inner.entropy);
        let mut write = self.inner.store.write(visit.caller.organisation_id).await?;
        let operator = own(&mut write, visit).await?;
        if operator.sealed_totp.is_none() {
            return Err(StaffError::NotFound);
        }
        write.set_recovery_hashes(operator.id, &hashes).await?;
        let change = Change::new("operator.recovery_codes_renewed").on(operator.id.uuid());
        change.write(self, &mut write, &visit.caller).await?;
        write.commit().await?;
        Ok(codes)
    }

    fn enrolment(
        &self,
        visit: &OperatorVisit,
        seed: [u8; totp::SEED],
    ) -> Result<Enrolment, Failure> {
        let made = totp::authenticator(&seed, &visit.email, &visit.organisation_name)?;
        let url = made.to_url().map_err(|_| Failure::Missing("address of a second factor"))?;
        let sealed = totp::seal(self, visit.operator_id, &seed)?;
        let ticket = URL_SAFE_NO_PAD.encode(sealed);
        Ok(Enrolment { ticket, secret: made.secret().to_base32(), url })
    }

    fn open_enrolment(&self, visit: &OperatorVisit, ticket: &str) -> Option<[u8; totp::SEED]> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        totp::open(self, visit.operator_id, &sealed).ok()
    }
}
