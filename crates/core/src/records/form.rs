//! Saving what a form says once, however often it is sent: by a double click, by a browser that
//! sends again, by somebody who went back.
//!
//! The form carries a key of its own from the moment it is shown. The key is taken, the record
//! saved and the answer kept in one unit of work: whoever sends the same form meanwhile waits for
//! it, and of a request that is given up nothing is left.

use portico_store::Write;
use portico_store::idempotency::{IdempotencyClaim, IdempotencyState};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::batch::tried;
use super::{Record, Rejection, Target, Unit};
use crate::idempotency::FINGERPRINT;
use crate::{Caller, Core, Failure};

/// What the answers are stored under: a form that was saved leads to its record.
const SEE_OTHER: u16 = 303;

/// A form as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentForm {
    key: String,
    fingerprint: [u8; 32],
}

impl SentForm {
    /// The form with this key, sent with these fields, which come in the same order each time.
    pub fn new<'f>(
        key: impl Into<String>,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Self {
        let mut hash = Sha256::new();
        for part in fields.flat_map(|(name, value)| [name, value]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self { key: key.into(), fingerprint: hash.finalize().into() }
    }

    /// Takes the form's key in a unit of work. The answer is what became of the form before;
    /// nothing where it comes for the first time.
    pub(crate) async fn claim(
        &self,
        core: &Core,
        write: &mut Write,
        caller: &Caller,
    ) -> Result<Option<Sent>, Failure> {
        let (now, scope) = (core.now(), caller.who.to_string());
        let claim = IdempotencyClaim {
            scope: &scope,
            key: &self.key,
            fingerprint: &core.inner.sealer.hash(FINGERPRINT, &self.fingerprint),
            earlier_fingerprint: &self.fingerprint,
            now,
            // Nobody sees the key before it has its answer.
            locked_until: now,
        };
        match write.claim_idempotency_key(claim).await? {
            IdempotencyState::Fresh => Ok(None),
            IdempotencyState::Mismatch => Ok(Some(Sent::Otherwise)),
            IdempotencyState::InFlight => Err(Failure::Missing("answer to a form")),
            IdempotencyState::Answered { body, .. } => {
                let id = body.parse().map_err(|_| Failure::Missing("record of a form"))?;
                Ok(Some(Sent::Saved(id)))
            }
        }
    }

    /// Keeps in the same unit of work which record the form made or changed.
    pub(crate) async fn answer(
        &self,
        write: &mut Write,
        caller: &Caller,
        record: Uuid,
    ) -> Result<(), Failure> {
        let (scope, body) = (caller.who.to_string(), record.to_string());
        Ok(write.answer_idempotency_key(&scope, &self.key, SEE_OTHER, &body).await?)
    }
}

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It made this record: now, or when it was sent before.
    Saved(Uuid),
    /// It was sent before with other values, which were saved; these were not.
    Otherwise,
}

impl Core {
    /// A key for a form that is shown.
    #[must_use]
    pub fn form_key(&self) -> String {
        uuid::Builder::from_random_bytes(self.inner.entropy.bytes()).into_uuid().to_string()
    }

    /// Saves the new record that a form describes, the first time that the form is sent.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then, and the form may be sent again.
    pub async fn save_form<R: Record>(
        &self,
        caller: &Caller,
        form: &SentForm,
        input: R::Input,
    ) -> Result<Sent, Rejection> {
        caller.require(R::EDITED_WITH)?;
        tried(|| self.try_to_save_form::<R>(caller, form, input.clone())).await
    }

    async fn try_to_save_form<R: Record>(
        &self,
        caller: &Caller,
        form: &SentForm,
        input: R::Input,
    ) -> Result<Sent, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        if let Some(before) = form.claim(self, &mut unit.write, caller).await? {
            return Ok(before);
        }
        let saved = R::save(&mut unit, Target::New, input).await?;
        let (_, id) = R::position(&saved.output);
        form.answer(&mut unit.write, caller, id).await?;
        unit.commit().await?;
        Ok(Sent::Saved(id))
    }
}
