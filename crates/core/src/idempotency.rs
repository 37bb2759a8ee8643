//! Requests that carry a key are done once, however often they are sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jiff::SignedDuration;
use portico_billing::OrganisationId;
use portico_store::idempotency::{IdempotencyClaim, IdempotencyState};

use crate::seal::SealError;
use crate::{Caller, Core, Failure};

/// How long a request may take before another one with its key may try: longer than any request
/// is allowed to run.
const LOCK: SignedDuration = SignedDuration::from_mins(5);
/// How long an answer is kept.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What answers are sealed for.
const PURPOSE: &str = "idempotency-answer";
/// What requests are hashed for.
pub(crate) const FINGERPRINT: &str = "idempotency-fingerprint";

/// What a key stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Nobody used it: do the work, then finish or abandon the ticket.
    Begun(IdempotencyTicket),
    /// The request was answered so; answer the same.
    Done {
        /// Status of the answer.
        status: u16,
        /// Body of the answer.
        body: String,
    },
    /// The same request is being worked on.
    InFlight,
    /// It came with a different request before.
    Different,
}

/// The right to answer under a key.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "finish or abandon it, else the key is blocked for minutes"]
pub struct IdempotencyTicket {
    organisation_id: OrganisationId,
    scope: String,
    key: String,
}

impl Core {
    /// Takes a key for a request of the caller. Keys are apart for each API key.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn begin_idempotent(
        &self,
        caller: &Caller,
        key: &str,
        fingerprint: [u8; 32],
    ) -> Result<Idempotency, Failure> {
        let (now, scope) = (self.now(), caller.who.to_string());
        // What is sent can be a password.
        let keyed = self.inner.sealer.hash(FINGERPRINT, &fingerprint);
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let claim = IdempotencyClaim {
            scope: &scope,
            key,
            fingerprint: &keyed,
            earlier_fingerprint: &fingerprint,
            now,
            locked_until: now + LOCK,
        };
        let state = write.claim_idempotency_key(claim).await?;
        write.commit().await?;
        Ok(match state {
            IdempotencyState::Fresh => Idempotency::Begun(IdempotencyTicket {
                organisation_id: caller.organisation_id,
                scope,
                key: key.to_owned(),
            }),
            IdempotencyState::InFlight => Idempotency::InFlight,
            IdempotencyState::Mismatch => Idempotency::Different,
            IdempotencyState::Answered { status, body } => {
                Idempotency::Done { status, body: self.open_answer(&body)? }
            }
        })
    }

    /// Keeps the answer for seven days. A refused request (status 400 and above) changed nothing,
    /// so that its key is given back, and may be sent again when it is mended.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn finish_idempotent(
        &self,
        ticket: IdempotencyTicket,
        status: u16,
        body: &str,
    ) -> Result<(), Failure> {
        if status >= 400 {
            return self.abandon_idempotent(ticket).await;
        }
        let body = self.seal_answer(body)?;
        let mut write = self.inner.store.write(ticket.organisation_id).await?;
        write.answer_idempotency_key(&ticket.scope, &ticket.key, status, &body).await?;
        Ok(write.commit().await?)
    }

    /// An answer can hold a session link, of which nothing but a hash may be stored in the clear.
    fn seal_answer(&self, body: &str) -> Result<String, Failure> {
        Ok(STANDARD_NO_PAD.encode(self.inner.sealer.seal(PURPOSE, body.as_bytes())?))
    }

    fn open_answer(&self, sealed: &str) -> Result<String, Failure> {
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| SealError)?;
        let plain = self.inner.sealer.open(PURPOSE, &sealed)?;
        Ok(String::from_utf8(plain).map_err(|_| SealError)?)
    }

    /// Gives a key back unanswered.
    ///
    /// # Errors
    /// Where the machinery fails.
    pub async fn abandon_idempotent(&self, ticket: IdempotencyTicket) -> Result<(), Failure> {
        let mut write = self.inner.store.write(ticket.organisation_id).await?;
        write.release_idempotency_key(&ticket.scope, &ticket.key).await?;
        Ok(write.commit().await?)
    }
}
