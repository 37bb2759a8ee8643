//! Saving a contact: which one is meant, what it would contradict, and what ends with the change.

use portico_billing::account::Contact;
use portico_store::Read;
use serde_json::json;

use super::{ContactInput, ContactOutput, ContactRecord, load};
use crate::records::{Outcome, Rejection, Saved, Target, Unit, refer};

/// The contact that the input is meant for, held until the unit of work ends.
pub(super) async fn existing(
    unit: &mut Unit<'_>,
    target: &Target,
    input: &ContactInput,
) -> Result<Option<Contact>, Rejection> {
    let (own, by_external_id) = (input.external_id.as_deref(), Read::contact_by_external_id);
    let found =
        refer::existing::<ContactRecord, _>(unit, target, own, load, by_external_id).await?;
    match found {
        Some(found) => Ok(unit.write.contact_for_update(found.id).await?),
        None => Ok(None),
    }
}

/// A contact never moves: its sessions and links are bound to what it could see.
pub(super) async fn check_conflicts(
    unit: &mut Unit<'_>,
    before: Option<&Contact>,
    after: &Contact,
) -> Result<(), Rejection> {
    if before.is_some_and(|before| before.customer_id != after.customer_id) {
        let message = "a contact cannot move to another customer";
        return Err(Rejection::conflict("customer_id", message));
    }
    if let Some(external_id) = &after.external_id
        && let Some(other) = unit.write.contact_by_external_id(external_id).await?
        && other.id != after.id
    {
        return Err(Rejection::conflict("external_id", "another contact has this external id"));
    }
    let other = unit.write.contact_by_email(after.customer_id, &after.email).await?;
    if other.is_some_and(|other| other.id != after.id) {
        let message = "another contact of the customer has this address";
        return Err(Rejection::conflict("email", message));
    }
    Ok(())
}

pub(super) async fn create(
    unit: &mut Unit<'_>,
    contact: Contact,
) -> Result<Saved<ContactOutput>, Rejection> {
    unit.write.insert_contact(&contact).await?;
    unit.event("contact.created", contact.id.uuid(), event_data(&contact));
    Ok(Saved { output: contact.into(), outcome: Outcome::Created })
}

/// What was mailed to an address that is no longer the contact's must not work any more, be it a
/// link or a temporary password; nobody stays signed in whose signing in is switched off.
pub(super) async fn update(
    unit: &mut Unit<'_>,
    before: &Contact,
    contact: Contact,
) -> Result<Saved<ContactOutput>, Rejection> {
    let contact = Contact { updated_at: unit.now, ..contact };
    unit.write.update_contact(&contact).await?;
    if contact.disabled_at.is_some() {
        unit.write.end_portal_sessions(contact.id, None, unit.now).await?;
    }
    if before.email.key() != contact.email.key() || contact.disabled_at.is_some() {
        unit.write.consume_contact_links(contact.id, unit.now).await?;
        unit.write.drop_temporary_password(contact.id).await?;
    }
    let data = event_data(&contact);
    unit.change("contact.updated", contact.id.uuid(), data, (before, &contact));
    Ok(Saved { output: contact.into(), outcome: Outcome::Updated })
}

fn event_data(contact: &Contact) -> serde_json::Value {
    json!({
        "contact_id": contact.id,
        "customer_id": contact.customer_id,
        "external_id": contact.external_id,
    })
}
