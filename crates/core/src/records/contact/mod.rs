//! Contacts as the organisation's software sends and reads them. Passwords are never among it.

mod save;

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use portico_billing::account::{Contact, ContactKind, ContactRole, Customer};
use portico_billing::permission::Permission;
use portico_billing::{ContactId, CustomerId, EmailAddress, ExternalId, Metadata};
use portico_store::Read;
use portico_store::contact::ContactFilter as StoreFilter;
use portico_store::hold::Held;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::faults::Faults;
use super::refer;
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit};
use crate::Failure;

/// Contacts.
#[derive(Debug)]
pub struct ContactRecord;

/// A contact, as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactInput {
    /// The organisation's own identifier. A contact that has it already is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "user-12")]
    pub external_id: Option<String>,
    /// The customer that it signs in for: our id or the external id. It cannot change.
    #[schema(example = "customer-4711")]
    pub customer_id: String,
    /// Name of the person.
    #[schema(example = "Ana Gómez")]
    pub name: String,
    /// Address of mails and name for signing in.
    #[schema(example = "ana@acme.example")]
    pub email: String,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// `owner` (everything), `billing` (sees everything, changes billing data) or `viewer`; a new
    /// one is `owner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<ContactRole>,
    /// Chosen language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "es")]
    pub language: Option<String>,
    /// Chosen IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What it is written to about: `management`, `billing`, `technical`, `sales` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub kind: Option<ContactKind>,
    /// Whether you know that the e-mail address is its own; where absent it stays as it is, and a
    /// new address is not proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The same for the telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// Addresses and networks that it may sign in from (`203.0.113.7`, `192.0.2.0/24`,
    /// `2001:db8::/32`); from anywhere where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["192.0.2.0/24"]))]
    pub allowed_addresses: Option<Vec<String>>,
    /// A note that the contact reads on its profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_note: Option<String>,
    /// A note that only your staff reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// Whether signing in is switched off; a new one may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Your own data: at most 50 keys of 40 characters, values of 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub metadata: Option<Metadata>,
    /// When the record was made; now where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A contact, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactOutput {
    /// Identifier.
    #[schema(value_type = String, example = "con_0196d8a2f1c07d0b8a6b1c2d3e4f5061")]
    pub id: ContactId,
    /// The organisation's own identifier.
    #[schema(value_type = Option<String>)]
    pub external_id: Option<ExternalId>,
    /// The customer that it signs in for.
    #[schema(value_type = String)]
    pub customer_id: CustomerId,
    /// Name of the person.
    pub name: String,
    /// Address of mails and name for signing in.
    pub email: String,
    /// Telephone.
    pub phone: Option<String>,
    /// `owner`, `billing` or `viewer`.
    #[schema(value_type = String)]
    pub role: ContactRole,
    /// Chosen language.
    pub language: Option<String>,
    /// Chosen IANA time zone.
    pub time_zone: Option<String>,
    /// Since when the e-mail address is proven.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub email_verified_at: Option<Timestamp>,
    /// What it is written to about.
    #[schema(value_type = Option<String>)]
    pub kind: Option<ContactKind>,
    /// Since when the telephone number is proven.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub phone_verified_at: Option<Timestamp>,
    /// Networks that it may sign in from; from anywhere where there are none.
    pub allowed_addresses: Vec<String>,
    /// A note that the contact reads on its profile.
    pub public_note: Option<String>,
    /// A note that only your staff reads.
    pub private_note: Option<String>,
    /// Since when signing in is switched off.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub disabled_at: Option<Timestamp>,
    /// Your own data.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub metadata: Metadata,
    /// When the record was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the record last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which contacts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactFilter {
    /// One customer's alone: our id or the external id.
    pub customer_id: Option<String>,
    /// With this e-mail address alone.
    pub email: Option<String>,
}

impl From<Contact> for ContactOutput {
    fn from(contact: Contact) -> Self {
        Self {
            id: contact.id,
            external_id: contact.external_id,
            customer_id: contact.customer_id,
            name: contact.name,
            email: contact.email.to_string(),
            phone: contact.phone,
            role: contact.role,
            language: contact.language.map(|tag| tag.to_string()),
            time_zone: contact.time_zone,
            email_verified_at: contact.email_verified_at,
            kind: contact.kind,
            phone_verified_at: contact.phone_verified_at,
            allowed_addresses: texts(&contact.allowed_addresses),
            public_note: contact.public_note,
            private_note: contact.private_note,
            disabled_at: contact.disabled_at,
            metadata: contact.metadata,
            created_at: contact.created_at,
            updated_at: contact.updated_at,
        }
    }
}

impl ContactInput {
    /// The contact as it shall be; nothing where it has faults. Of one that is there, role, state
    /// and time stay where the input does not name them. A new address is not proven.
    fn check(
        &self,
        (before, customer): (Option<&Contact>, Option<Customer>),
        (id, now): (ContactId, Timestamp),
        mut faults: Faults,
    ) -> Result<Contact, Rejection> {
        let metadata = faults.checked_metadata(self.metadata.as_ref());
        let email = faults.required::<EmailAddress>("email", &self.email);
        let disabled_at = match self.disabled {
            None => before.and_then(|it| it.disabled_at),
            Some(false) => None,
            Some(true) => Some(before.and_then(|it| it.disabled_at).unwrap_or(now)),
        };
        let role = self.role.or(before.map(|it| it.role)).unwrap_or_default();
        let created_at = refer::made_at(self.created_at, before.map(|it| it.created_at), now);
        let external_id = faults.external_id(self.external_id.as_deref());
        let name = faults.name("name", &self.name);
        let phone = faults.line("phone", self.phone.as_deref());
        let language = faults.parse("language", self.language.as_deref());
        let time_zone = faults.time_zone("time_zone", self.time_zone.as_deref());
        let allowed_addresses = networks(self.allowed_addresses.as_deref(), &mut faults);
        let public_note = faults.text("public_note", self.public_note.as_deref());
        let private_note = faults.text("private_note", self.private_note.as_deref());
        let (Some(customer), Some(email), true) = (customer, email, faults.is_empty()) else {
            return Err(faults.refusal());
        };
        let same_email = before.filter(|it| it.email.key() == email.key());
        let same_phone = before.filter(|it| it.phone == phone);
        let proven = |wanted: Option<bool>, since: Option<Timestamp>| match wanted {
            None => since,
            Some(false) => None,
            Some(true) => since.or(Some(now)),
        };
        let phone_verified = self.phone_verified.filter(|_| phone.is_some());
        Ok(Contact {
            id,
            customer_id: customer.id,
            external_id,
            name,
            email_verified_at: proven(
                self.email_verified,
                same_email.and_then(|it| it.email_verified_at),
            ),
            kind: self.kind,
            phone_verified_at: proven(
                phone_verified,
                same_phone.and_then(|it| it.phone_verified_at),
            ),
            allowed_addresses,
            public_note,
            private_note,
            email,
            phone,
            role,
            language,
            time_zone,
            disabled_at,
            metadata,
            created_at,
            updated_at: before.map_or(now, |it| it.updated_at),
        })
    }

    /// The input that would make the contact as it is.
    fn of(contact: &Contact) -> Self {
        Self {
            external_id: contact.external_id.as_ref().map(ToString::to_string),
            customer_id: contact.customer_id.to_string(),
            name: contact.name.clone(),
            email: contact.email.to_string(),
            phone: contact.phone.clone(),
            role: Some(contact.role),
            language: contact.language.as_ref().map(ToString::to_string),
            time_zone: contact.time_zone.clone(),
            kind: contact.kind,
            // Left out, so that a patch of the address does not vouch for the new one.
            email_verified: None,
            phone_verified: None,
            allowed_addresses: Some(texts(&contact.allowed_addresses)),
            public_note: contact.public_note.clone(),
            private_note: contact.private_note.clone(),
            disabled: Some(contact.disabled_at.is_some()),
            metadata: Some(contact.metadata.clone()),
            created_at: Some(contact.created_at),
        }
    }
}

/// Most networks of one contact.
const MAX_NETWORKS: usize = 50;

/// Addresses and networks as they are sent; a single address is the network of it alone.
fn networks(texts: Option<&[String]>, faults: &mut Faults) -> Vec<IpNet> {
    let texts = texts.unwrap_or_default();
    if texts.len() > MAX_NETWORKS {
        faults.add("allowed_addresses", format!("must not be more than {MAX_NETWORKS}"));
    }
    let mut networks = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let text = text.trim();
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(network) if networks.contains(&network.trunc()) => {}
            Ok(network) => networks.push(network.trunc()),
            Err(_) => {
                let message = "is no address or network such as `192.0.2.0/24`";
                faults.add(format!("allowed_addresses.{index}"), message);
            }
        }
    }
    networks
}

fn texts(networks: &[IpNet]) -> Vec<String> {
    networks.iter().map(ToString::to_string).collect()
}

impl Record for ContactRecord {
    const PLURAL: &'static str = "contacts";
    const SINGULAR: &'static str = "contact";
    const EDITED_WITH: Permission = Permission::EditContacts;
    const HELD: Held = Held::Contact;
    type Input = ContactInput;
    type Output = ContactOutput;
    type Filter = ContactFilter;

    async fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: ContactInput,
    ) -> Result<Saved<ContactOutput>, Rejection> {
        let before = save::existing(unit, &target, &input).await?;
        let mut faults = Faults::default();
        let customer = refer::customer(unit, &input.customer_id, &mut faults).await?;
        let id = ContactId::new(unit.now, unit.id_bytes());
        let id = before.as_ref().map_or(id, |it| it.id);
        let after = input.check((before.as_ref(), customer), (id, unit.now), faults)?;
        save::check_conflicts(unit, before.as_ref(), &after).await?;
        match before {
            None => save::create(unit, after).await,
            Some(before) if before == after => {
                Ok(Saved { output: after.into(), outcome: Outcome::Unchanged })
            }
            Some(before) => save::update(unit, &before, after).await,
        }
    }

    async fn find(read: &mut Read, key: &RecordKey) -> Result<Option<ContactOutput>, Failure> {
        Ok(load(read, key).await?.map(ContactOutput::from))
    }

    async fn as_input(read: &mut Read, key: &RecordKey) -> Result<Option<ContactInput>, Failure> {
        Ok(load(read, key).await?.map(|contact| ContactInput::of(&contact)))
    }

    async fn list(
        read: &mut Read,
        filter: &ContactFilter,
        after: Option<After>,
        limit: u16,
    ) -> Result<Vec<ContactOutput>, Rejection> {
        let mut faults = Faults::default();
        let email = faults.parse("email", filter.email.as_deref());
        faults.refuse_any()?;
        let customer_id = match refer::Whose::named(read, filter.customer_id.as_deref()).await? {
            refer::Whose::All => None,
            refer::Whose::One(customer) => Some(customer),
            refer::Whose::Nobody => return Ok(Vec::new()),
        };
        let after = refer::position(after);
        let contacts = read.contacts(&StoreFilter { customer_id, email }, after, limit).await?;
        Ok(contacts.into_iter().map(ContactOutput::from).collect())
    }

    fn position(output: &ContactOutput) -> (Timestamp, Uuid) {
        (output.created_at, output.id.uuid())
    }
}

/// The contact that `key` names, by our id or the external id.
pub(crate) async fn load(read: &mut Read, key: &RecordKey) -> Result<Option<Contact>, Failure> {
    key.find(read, Read::contact, Read::contact_by_external_id).await
}
