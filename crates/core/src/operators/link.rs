//! One-time links to operators. Looking at one changes nothing; of its token a hash alone is kept.

use jiff::SignedDuration;
use portico_billing::{LanguageTag, OperatorId, OperatorLinkId};
use portico_core_api::{EntryError, FieldFault, Origin};
use portico_store::Write;
use portico_store::operator::StoredOperator;
use portico_store::operator_link::{NewOperatorLink, OperatorLink};

use super::{OperatorSecret, session};
use crate::audit::Change;
use crate::form::Form;
use crate::mail::SecurityChange;
use crate::secret::{hash_secret, new_secret};
use crate::{Core, Failure, strength};

/// What a link to an operator is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorLinkPurpose {
    /// Making the first operator of an organisation.
    SetUp,
    /// Joining an organisation.
    Invitation,
    /// Choosing a new password.
    ResetPassword,
}

impl OperatorLinkPurpose {
    /// Its word in the database.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Invitation => "invitation",
            Self::ResetPassword => "reset_password",
        }
    }

    /// How long it works.
    pub(super) const fn life(self) -> SignedDuration {
        match self {
            Self::SetUp => SignedDuration::from_hours(24),
            Self::Invitation => SignedDuration::from_hours(72),
            Self::ResetPassword => SignedDuration::from_mins(30),
        }
    }

    /// Where it is used, in the control panel.
    const fn path(self) -> &'static str {
        match self {
            Self::SetUp => "/set-up",
            Self::Invitation => "/invitation",
            Self::ResetPassword => "/password/reset",
        }
    }
}

/// What using a link would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorLinkPreview {
    /// The organisation's name.
    pub organisation_name: String,
    /// The person's name, where it is somebody's.
    pub name: Option<String>,
    /// Its name for signing in, where it is somebody's.
    pub email: Option<String>,
    /// The language that it chose.
    pub language: Option<LanguageTag>,
}

/// Makes a link; the answer is its address in the control panel.
pub(super) async fn insert(
    core: &Core,
    write: &mut Write,
    operator_id: Option<OperatorId>,
    purpose: OperatorLinkPurpose,
) -> Result<String, Failure> {
    let (now, token) = (core.now(), new_secret(&core.inner.entropy));
    let link = NewOperatorLink {
        id: OperatorLinkId::new(now, core.id_bytes()),
        operator_id,
        purpose: purpose.word(),
        token_hash: hash_secret(&token),
        created_at: now,
        expires_at: now + purpose.life(),
    };
    write.insert_operator_link(&link).await?;
    Ok(format!("{}{}/{token}", core.inner.panel_url, purpose.path()))
}

/// The link, if it can be used for that purpose.
pub(super) async fn open(
    core: &Core,
    token: &str,
    purpose: OperatorLinkPurpose,
) -> Result<OperatorLink, EntryError> {
    let found =
        async { core.inner.store.directory().await?.operator_link(&hash_secret(token)).await };
    let link = found.await.map_err(Failure::from)?.ok_or(EntryError::NO_LINK)?;
    let is_somebodys = purpose != OperatorLinkPurpose::SetUp;
    let usable = link.purpose == purpose.word()
        && link.used_at.is_none()
        && core.now() < link.expires_at
        && link.operator.is_some() == is_somebodys
        && !link.operator.as_ref().is_some_and(|operator| operator.is_disabled);
    if usable { Ok(link) } else { Err(EntryError::NO_LINK) }
}

impl Core {
    /// What a link would do. Looking at it changes nothing.
    ///
    /// # Errors
    /// `LinkOver` where it cannot be used, or where the machinery fails.
    pub async fn operator_link(
        &self,
        token: &str,
        purpose: OperatorLinkPurpose,
    ) -> Result<OperatorLinkPreview, EntryError> {
        let link = open(self, token, purpose).await?;
        let (mut name, mut email, mut language) = (None, None, None);
        if let Some(operator) = link.operator {
            name = Some(operator.name);
            email = Some(operator.email.to_string());
            language = operator.language;
        }
        let organisation_name = link.organisation_name;
        Ok(OperatorLinkPreview { organisation_name, name, email, language })
    }

    /// Joins an organisation: the invited one gets the name and the password that it chose, and is
    /// signed in.
    ///
    /// # Errors
    /// `Invalid` with faults at `name` and `new_password`, `LinkOver`, `TooMany`, or where the
    /// machinery fails.
    pub async fn accept_operator_invitation(
        &self,
        token: &str,
        name: &str,
        new_password: &str,
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        let link = open(self, token, OperatorLinkPurpose::Invitation).await?;
        let mut form = Form::default();
        let name = form.required("name", name);
        check_password(&link, new_password, &mut form);
        refuse_any(form)?;
        self.take_password(&link, (Some(name), new_password), origin).await
    }

    /// Chooses a new password: all sessions and links of the operator end, and it is signed in,
    /// but for the second factor where it has one.
    ///
    /// # Errors
    /// `Invalid` with a fault at `new_password`, `LinkOver`, `TooMany`, or where the machinery
    /// fails.
    pub async fn reset_operator_password(
        &self,
        token: &str,
        new_password: &str,
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        let link = open(self, token, OperatorLinkPurpose::ResetPassword).await?;
        let mut form = Form::default();
        check_password(&link, new_password, &mut form);
        refuse_any(form)?;
        self.take_password(&link, (None, new_password), origin).await
    }

    async fn take_password(
        &self,
        link: &OperatorLink,
        (name, password): (Option<String>, &str),
        origin: Origin,
    ) -> Result<OperatorSecret, EntryError> {
        let hash = self.inner.passwords.hash(password).await?;
        let entered = use_link(self, link, (name, &hash), origin).await?;
        entered.ok_or(EntryError::NO_LINK)
    }
}

/// Gives the operator of a link its password, and a session; nothing where the link was used, or
/// the operator switched off, a moment ago.
async fn use_link(
    core: &Core,
    link: &OperatorLink,
    (name, hash): (Option<String>, &str),
    origin: Origin,
) -> Result<Option<OperatorSecret>, Failure> {
    let Some(linked) = &link.operator else { return Ok(None) };
    let now = core.now();
    let mut write = core.inner.store.write(link.organisation_id).await?;
    if !write.consume_operator_link(link.id, now).await? {
        return Ok(None);
    }
    let found = write.operator_for_update(linked.id).await?;
    let Some(mut operator) = found.filter(|it| it.disabled_at.is_none()) else { return Ok(None) };
    let joins = name.is_some();
    if let Some(name) = name {
        operator.name = name;
        write.update_operator(&operator).await?;
    }
    set_password(core, &mut write, &operator, hash).await?;
    let caller = session::acting(&write, operator.id).calling_from(origin.address);
    let action = if joins { "operator.joined" } else { "operator.password_reset" };
    Change::new(action).on(operator.id.uuid()).write(core, &mut write, &caller).await?;
    if !joins {
        super::account::warn(core, &mut write, &operator, SecurityChange::Password).await?;
    }
    let is_complete = operator.sealed_totp.is_none();
    let secret = session::begin(core, &mut write, &operator, is_complete, origin).await?;
    write.commit().await?;
    Ok(Some(secret))
}

/// A new password makes void whatever could be used without it.
async fn set_password(
    core: &Core,
    write: &mut Write,
    operator: &StoredOperator,
    hash: &str,
) -> Result<(), Failure> {
    let now = core.now();
    write.set_operator_password(operator.id, hash).await?;
    write.end_operator_sessions(operator.id, None, now).await?;
    write.end_visits_of_operator(operator.id, now).await?;
    Ok(write.consume_operator_links(operator.id, now).await?)
}

fn check_password(link: &OperatorLink, password: &str, form: &mut Form) {
    let mut known = vec![link.organisation_name.as_str()];
    if let Some(operator) = &link.operator {
        known.extend([operator.name.as_str(), operator.email.as_str()]);
    }
    if let Err(fault) = strength::check(password, &known) {
        form.add("new_password", fault);
    }
}

pub(super) fn refuse_any(form: Form) -> Result<(), EntryError> {
    let faults: Vec<FieldFault> = form.into_faults();
    if faults.is_empty() { Ok(()) } else { Err(EntryError::Invalid { faults }) }
}
