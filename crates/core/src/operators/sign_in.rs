//! Signing in to the control panel with e-mail and password. Whether an address is known, and to
//! how many organisations, shows neither in the answer nor in the work that is done (SES-09).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use portico_billing::{EmailAddress, OperatorId, OrganisationId};
use portico_core_api::{EntryError, Origin};
use portico_store::operator::OperatorCredentials;
use serde::{Deserialize, Serialize};

use super::{OperatorSecret, session};
use crate::entry::require_typed;
use crate::secret::hash_secret;
use crate::{Core, Failure};

/// Organisations that one address can sign in to by its password; for each try so many passwords
/// are checked. Of more, those that were used last count.
const ORGANISATIONS_MAX: u16 = 3;
/// How long there is to choose between organisations.
const CHOICE: SignedDuration = SignedDuration::from_mins(5);
/// What a choice is sealed for.
const PURPOSE: &str = "operator_choice";

/// What a right password leads to.
#[derive(Debug)]
pub enum OperatorSignIn {
    /// A session; it may still wait for the second factor.
    Entered(OperatorSecret),
    /// The password is that of several organisations: which one?
    Choose(SignInChoice),
}

/// The organisations to choose from.
#[derive(Debug, Clone)]
pub struct SignInChoice {
    /// Proves the password, for five minutes.
    pub ticket: String,
    /// The organisations.
    pub organisations: Vec<(OrganisationId, String)>,
}

/// What a ticket says.
#[derive(Serialize, Deserialize)]
struct Ticket {
    expires_at: Timestamp,
    places: Vec<Place>,
}

/// An operator whose password was right; another password makes it void.
#[derive(Serialize, Deserialize)]
struct Place {
    organisation_id: OrganisationId,
    operator_id: OperatorId,
    password: Vec<u8>,
}

impl From<&OperatorCredentials> for Place {
    fn from(it: &OperatorCredentials) -> Self {
        let password = hash_secret(it.password_hash.as_deref().unwrap_or_default());
        Self { organisation_id: it.organisation_id, operator_id: it.id, password }
    }
}

impl Core {
    /// Signs in to the control panel.
    ///
    /// # Errors
    /// `Invalid` where something was left empty, `BadCredentials`, `TooMany`, or where the
    /// machinery fails.
    pub async fn operator_sign_in(
        &self,
        email: &str,
        password: &str,
        origin: Origin,
    ) -> Result<OperatorSignIn, EntryError> {
        require_typed(email, password)?;
        let (limits, address) = (&self.inner.limits, origin.address);
        limits.sign_in(address)?;
        let email: EmailAddress = email.parse().map_err(|_| EntryError::BadCredentials)?;
        limits.try_password(None, &email, address)?;
        let known = self.who_has_password(&email, password).await?;
        let Some(first) = known.first() else { return Err(EntryError::BadCredentials) };
        limits.forgive(None, &email, address);
        if known.len() > 1 {
            return Ok(OperatorSignIn::Choose(self.choice(&known)?));
        }
        let entered = self.enter(&Place::from(first), origin).await?;
        entered.map(OperatorSignIn::Entered).ok_or(EntryError::BadCredentials)
    }

    /// Signs in to one of the organisations of a choice.
    ///
    /// # Errors
    /// `LinkOver` where the choice is over or the organisation not among it, or where the
    /// machinery fails.
    pub async fn operator_choose(
        &self,
        ticket: &str,
        organisation: OrganisationId,
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        let ticket = self.open_ticket(ticket).ok_or(EntryError::NO_LINK)?;
        let place = ticket.places.iter().find(|place| place.organisation_id == organisation);
        let place = place.ok_or(EntryError::NO_LINK)?;
        self.enter(place, origin).await?.ok_or(EntryError::NO_LINK)
    }

    /// The operators with this address whose password it is. As many are checked for everybody.
    async fn who_has_password(
        &self,
        email: &EmailAddress,
        password: &str,
    ) -> Result<Vec<OperatorCredentials>, EntryError> {
        let known = async {
            let mut directory = self.inner.store.directory().await?;
            directory.operators_by_email(email, ORGANISATIONS_MAX).await
        };
        let mut known = known.await.map_err(Failure::from)?.into_iter();
        let mut matching = Vec::new();
        for _ in 0..ORGANISATIONS_MAX {
            let candidate = known.next();
            let hash = candidate.as_ref().and_then(|it| it.password_hash.as_deref());
            let right = self.inner.passwords.verify(password, hash).await?;
            matching.extend(candidate.filter(|_| right));
        }
        Ok(matching)
    }

    /// The session, unless the operator was switched off or got another password meanwhile.
    async fn enter(
        &self,
        place: &Place,
        origin: Origin,
    ) -> Result<Option<OperatorSecret>, Failure> {
        let mut write = self.inner.store.write(place.organisation_id).await?;
        let found = write.operator_for_update(place.operator_id).await?;
        let same = |hash: &String| hash_secret(hash) == place.password;
        let operator = found.filter(|it| it.is_active() && it.password_hash.iter().any(same));
        let Some(operator) = operator else { return Ok(None) };
        let is_complete = operator.sealed_totp.is_none();
        let secret = session::begin(self, &mut write, &operator, is_complete, origin).await?;
        write.commit().await?;
        Ok(Some(secret))
    }

    fn choice(&self, known: &[OperatorCredentials]) -> Result<SignInChoice, Failure> {
        let places = known.iter().map(Place::from).collect();
        let ticket = Ticket { expires_at: self.now() + CHOICE, places };
        let sealed = self.inner.sealer.seal(PURPOSE, &serde_json::to_vec(&ticket)?)?;
        let name = |it: &OperatorCredentials| (it.organisation_id, it.organisation_name.clone());
        let organisations = known.iter().map(name).collect();
        Ok(SignInChoice { ticket: URL_SAFE_NO_PAD.encode(sealed), organisations })
    }

    fn open_ticket(&self, ticket: &str) -> Option<Ticket> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let plain = self.inner.sealer.open(PURPOSE, &sealed).ok()?;
        let ticket: Ticket = serde_json::from_slice(&plain).ok()?;
        (self.now() < ticket.expires_at).then_some(ticket)
    }
}
