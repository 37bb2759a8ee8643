//! Whom mails about a customer's bills go to.

use std::collections::BTreeSet;

use portico_billing::account::{Contact, ContactKind, ContactRole, Customer};
use portico_billing::brand::Brand;
use portico_billing::{EmailAddress, LanguageTag};
use portico_store::contact::ContactFilter;
use portico_store::{Position, Read};

use crate::Failure;

/// Most contacts of a customer that are looked at.
const LOOKED_AT: u16 = 200;
/// Most who are written to about one thing.
const MOST: usize = 10;

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// The address.
    pub(crate) to: EmailAddress,
    /// The name.
    pub(crate) name: String,
    /// The language to write in.
    pub(crate) language: LanguageTag,
}

/// Those who are written to about a customer's bills, each address once: its contacts for bills;
/// without any its own address; without one those who may pay for it.
pub(crate) async fn of_bills(
    read: &mut Read,
    customer: &Customer,
    brand: &Brand,
) -> Result<Vec<Recipient>, Failure> {
    let filter = ContactFilter { customer_id: Some(customer.id), email: None };
    let contacts = read.contacts(&filter, Position::START, LOOKED_AT).await?;
    let contacts: Vec<&Contact> = contacts.iter().filter(|it| it.disabled_at.is_none()).collect();
    let of = |wanted: &dyn Fn(&Contact) -> bool| -> Vec<Recipient> {
        let wanted = contacts.iter().filter(|it| wanted(it));
        wanted.map(|it| of_contact(it, customer, brand)).collect()
    };
    let mut all = of(&|it: &Contact| it.kind == Some(ContactKind::Billing));
    if all.is_empty() {
        all.extend(of_customer(customer, brand));
    }
    if all.is_empty() {
        all = of(&|it: &Contact| it.role != ContactRole::Viewer);
    }
    let mut known = BTreeSet::new();
    all.retain(|it| known.insert(it.to.key()));
    all.truncate(MOST);
    Ok(all)
}

/// One of a customer's people.
pub(crate) fn of_contact(contact: &Contact, customer: &Customer, brand: &Brand) -> Recipient {
    let language = contact.language.as_ref().or(customer.language.as_ref());
    Recipient {
        to: contact.email.clone(),
        name: contact.name.clone(),
        language: language.unwrap_or(&brand.default_language).clone(),
    }
}

fn of_customer(customer: &Customer, brand: &Brand) -> Option<Recipient> {
    Some(Recipient {
        to: customer.email.clone()?,
        name: customer.name.clone(),
        language: customer.language.as_ref().unwrap_or(&brand.default_language).clone(),
    })
}
