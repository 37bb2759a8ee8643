//! The contact's own fields, address and password.

use portico_billing::account::Contact;
use portico_billing::brand::{Brand, ProfileField};
use portico_billing::{ContactId, EmailAddress, EventId};
use portico_core_api::{
    EmailChange, Fault, FieldFault, MailedLinkPurpose, PasswordChange, ProfileChange, Refusal,
    SessionSecret,
};
use portico_store::Write;
use portico_store::event::Event;
use serde_json::json;

use crate::entry::{WHEN_OVERLOADED, temporary};
use crate::form::Form;
use crate::limits::TooMany;
use crate::mail::{MailContent, MailMessage, NewLink};
use crate::password::Overloaded;
use crate::visit::{self, Scope};
use crate::{Core, Failure, mail, strength};

/// How long to wait where enough mails were sent for now.
const MAIL_PAUSE: std::time::Duration = std::time::Duration::from_secs(3_600);

pub(crate) async fn change(
    core: &Core,
    secret: &SessionSecret,
    change: ProfileChange,
) -> Result<(), Refusal> {
    let scope = visit::resolve(core, secret).await?;
    scope.require_acting()?;
    let mut write = begin(core, &scope).await?;
    let contact = hold_own(&mut write, &scope).await?;
    let mut form = Form::default();
    let after = changed(&contact, &change, &scope, &mut form);
    form.refuse_any()?;
    if after != contact {
        save(core, write, &scope, Contact { updated_at: scope.now, ..after }).await?;
    }
    Ok(())
}

async fn begin(core: &Core, scope: &Scope) -> Result<Write, Failure> {
    Ok(core.inner.store.write(scope.organisation_id).await?)
}

/// The contact of the session, held: what the organisation's software changes meanwhile must not
/// be written over.
async fn hold_own(write: &mut Write, scope: &Scope) -> Result<Contact, Refusal> {
    let id = scope.contact_id.ok_or(Refusal::NotPermitted)?;
    let found = write.contact_for_update(id).await.map_err(Failure::from)?;
    found.filter(|contact| contact.customer_id == scope.customer_id).ok_or(Refusal::NotFound)
}

/// The contact with the new values. One that is not open for editing may be sent as it is.
fn changed(contact: &Contact, change: &ProfileChange, scope: &Scope, form: &mut Form) -> Contact {
    let mut after = contact.clone();
    if let Some(name) = &change.name {
        after.name = form.required("name", name);
        refuse_closed(after.name != contact.name, ProfileField::Name, scope, form);
    }
    if let Some(phone) = &change.phone {
        after.phone = form.phone("phone", phone);
        refuse_closed(after.phone != contact.phone, ProfileField::Phone, scope, form);
    }
    if let Some(language) = &change.language {
        after.language = form.language("language", language);
    }
    if let Some(time_zone) = &change.time_zone {
        after.time_zone = form.time_zone("time_zone", time_zone);
    }
    after
}

fn refuse_closed(changes: bool, field: ProfileField, scope: &Scope, form: &mut Form) {
    if changes && !scope.editable_fields.contains(&field) {
        let name = if field == ProfileField::Phone { "phone" } else { "name" };
        form.add(name, Fault::ReadOnly);
    }
}

async fn save(
    core: &Core,
    mut write: Write,
    scope: &Scope,
    contact: Contact,
) -> Result<(), Failure> {
    write.update_contact(&contact).await?;
    write.insert_event(&updated_event(core, &contact, scope)).await?;
    Ok(write.commit().await?)
}

fn updated_event(core: &Core, contact: &Contact, scope: &Scope) -> Event {
    Event {
        id: EventId::new(scope.now, core.id_bytes()),
        kind: "contact.updated".into(),
        subject_id: contact.id.uuid(),
        data: json!({
            "contact_id": contact.id,
            "customer_id": contact.customer_id,
            "external_id": contact.external_id,
        }),
        created_at: scope.now,
    }
}

/// Mails a link to the new address that proves it, and tells the old one.
pub(crate) async fn request_email_change(
    core: &Core,
    secret: &SessionSecret,
    change: EmailChange,
) -> Result<(), Refusal> {
    let scope = visit::resolve(core, secret).await?;
    scope.require_acting()?;
    let contact = own(core, &scope).await?;
    let mut form = Form::default();
    if !scope.editable_fields.contains(&ProfileField::Email) {
        form.add("email", Fault::ReadOnly);
    }
    let email = form.email("email", &change.email);
    if change.email.trim().is_empty() {
        form.add("email", Fault::Required);
    }
    if email.as_ref().is_some_and(|email| email.key() == contact.email.key()) {
        form.add("email", Fault::Unchanged);
    }
    form.refuse_any()?;
    let email = email.ok_or(Refusal::NotFound)?;
    let typed = ("password", change.password.as_deref());
    let proof = check_password(core, &scope, contact.id, typed).await?;
    let (write, contact) = begin_proven(core, secret, &scope, proof).await?;
    if mail_confirmation(core, write, (&scope, &contact), email).await? {
        return Ok(());
    }
    Err(Refusal::TooMany { retry_after: MAIL_PAUSE })
}

/// Whether the mail was written; not so where enough of them were within the hour.
async fn mail_confirmation(
    core: &Core,
    mut write: Write,
    (scope, contact): (&Scope, &Contact),
    email: EmailAddress,
) -> Result<bool, Failure> {
    let brand = brand(&mut write, scope).await?;
    write.set_pending_email(contact.id, &email).await?;
    let notice = MailContent::EmailChangeNotice { new_email: email.clone() };
    let purpose = MailedLinkPurpose::ConfirmEmail;
    let link = NewLink { brand: &brand, contact, purpose, new_email: Some(email) };
    if !mail::insert_link(core, &mut write, link).await? {
        return Ok(false);
    }
    notify(core, &mut write, (contact, &brand), notice).await?;
    write.commit().await?;
    Ok(true)
}

/// Sets a new password, ends the contact's other sessions and makes its mailed links void.
pub(crate) async fn change_password(
    core: &Core,
    secret: &SessionSecret,
    change: PasswordChange,
) -> Result<(), Refusal> {
    let scope = visit::resolve(core, secret).await?;
    scope.require_acting()?;
    let contact = own(core, &scope).await?;
    let current = ("current_password", change.current.as_deref());
    let proof = check_password(core, &scope, contact.id, current).await?;
    let known = [contact.email.as_str(), contact.name.as_str()];
    let mut form = Form::default();
    if let Err(fault) = strength::check(&change.new, &known) {
        form.add("new_password", fault);
    } else if change.current.as_deref() == Some(change.new.as_str())
        || is_temporary(core, &scope, &contact, &change.new).await?
    {
        form.add("new_password", Fault::Unchanged);
    }
    form.refuse_any()?;
    let hash = core.inner.passwords.hash(&change.new).await?;
    let (write, contact) = begin_proven(core, secret, &scope, proof).await?;
    Ok(set_password(core, write, (&scope, &contact), &hash).await?)
}

/// Whether it is the temporary password of somebody who came in by a mailed link instead.
async fn is_temporary(
    core: &Core,
    scope: &Scope,
    contact: &Contact,
    password: &str,
) -> Result<bool, Refusal> {
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let accounts = read.accounts(scope.brand_id, &contact.email).await.map_err(Failure::from)?;
    drop(read);
    let own: Vec<_> = accounts.into_iter().filter(|it| it.contact_id == contact.id).collect();
    Ok(temporary::is_kept(core, &own, password).await?)
}

async fn set_password(
    core: &Core,
    mut write: Write,
    (scope, contact): (&Scope, &Contact),
    hash: &str,
) -> Result<(), Failure> {
    let brand = brand(&mut write, scope).await?;
    write.set_password_hash(contact.id, hash, scope.now).await?;
    write.end_portal_sessions(contact.id, Some(scope.session_id), scope.now).await?;
    write.consume_contact_links(contact.id, scope.now).await?;
    let notice = MailContent::PasswordChanged { changed_at: scope.now };
    notify(core, &mut write, (contact, &brand), notice).await?;
    Ok(write.commit().await?)
}

/// What the person proved by its present password.
struct Proof<'f> {
    /// The field with the password.
    field: &'f str,
    /// The hash that it belongs to; nothing where the contact has no password of its own.
    hash: Option<String>,
}

/// The present password, where the contact has one, must be right: what is left open on a screen
/// is not enough to take an account over.
async fn check_password<'f>(
    core: &Core,
    scope: &Scope,
    contact: ContactId,
    (field, given): (&'f str, Option<&str>),
) -> Result<Proof<'f>, Refusal> {
    let hash = stored_hash(core, scope, contact).await?;
    if hash.is_some() {
        let given = given.filter(|given| !given.is_empty());
        let given = given.ok_or_else(|| fault(field, Fault::Required))?;
        core.inner.limits.check_password(contact)?;
        if !core.inner.passwords.verify(given, hash.as_deref()).await? {
            return Err(fault(field, Fault::WrongPassword));
        }
        core.inner.limits.forgive_contact(contact);
    }
    Ok(Proof { field, hash })
}

/// Begins what the proof was asked for. Hashing takes its time: what ended the session meanwhile,
/// or gave the contact another password, wins.
async fn begin_proven(
    core: &Core,
    secret: &SessionSecret,
    scope: &Scope,
    proof: Proof<'_>,
) -> Result<(Write, Contact), Refusal> {
    let mut write = begin(core, scope).await?;
    let contact = hold_own(&mut write, scope).await?;
    if !write.hold_open_session(scope.session_id).await.map_err(Failure::from)? {
        drop(write);
        return Err(visit::ended(core, secret).await);
    }
    let hash = write.password_hash(contact.id).await.map_err(Failure::from)?;
    if hash != proof.hash {
        return Err(fault(proof.field, Fault::WrongPassword));
    }
    Ok((write, contact))
}

fn fault(field: &str, fault: Fault) -> Refusal {
    Refusal::Invalid { faults: vec![FieldFault::new(field, fault)] }
}

async fn stored_hash(
    core: &Core,
    scope: &Scope,
    contact: ContactId,
) -> Result<Option<String>, Failure> {
    Ok(core.inner.store.read(scope.organisation_id).await?.password_hash(contact).await?)
}

/// The contact of the session. A visit for the customer as such has no profile to change.
async fn own(core: &Core, scope: &Scope) -> Result<Contact, Refusal> {
    let id = scope.contact_id.ok_or(Refusal::NotPermitted)?;
    let found = async { core.inner.store.read(scope.organisation_id).await?.contact(id).await };
    let found = found.await.map_err(Failure::from)?;
    found.filter(|contact| contact.customer_id == scope.customer_id).ok_or(Refusal::NotFound)
}

async fn brand(write: &mut Write, scope: &Scope) -> Result<Brand, Failure> {
    write.brand(scope.brand_id).await?.ok_or(Failure::Missing("brand"))
}

async fn notify(
    core: &Core,
    write: &mut Write,
    (contact, brand): (&Contact, &Brand),
    content: MailContent,
) -> Result<(), Failure> {
    let message = MailMessage {
        to: contact.email.clone(),
        name: contact.name.clone(),
        language: mail::language_of(write, contact, brand).await?,
        brand_id: brand.id,
        content,
    };
    mail::put(core, write, &message).await.map(drop)
}

impl From<TooMany> for Refusal {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}

impl From<Overloaded> for Refusal {
    fn from(_: Overloaded) -> Self {
        Self::TooMany { retry_after: WHEN_OVERLOADED }
    }
}
