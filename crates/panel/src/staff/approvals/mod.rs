//! Sign-ups that wait for the staff: the list, one of them, yes and no.

pub mod decide;
pub mod list;

pub use decide::{approve, refuse, show};
pub use list::list;

use jiff::Timestamp;
use portico_billing::account::CustomerKind;
use portico_core::WaitingSignUp;
use serde::Serialize;

/// A customer that waits.
#[derive(Debug, Clone, Serialize)]
struct WaitingItem {
    id: String,
    company: String,
    person: Option<String>,
    email: Option<String>,
    brand: String,
    kind: CustomerKind,
    country: Option<String>,
    currency: &'static str,
    language: Option<String>,
    address: Option<String>,
    with_value: bool,
    signed_up_at: Timestamp,
}

impl From<WaitingSignUp> for WaitingItem {
    fn from(waiting: WaitingSignUp) -> Self {
        let WaitingSignUp { customer, contact, brand, address, with_value } = waiting;
        let country = customer.billing_address.country.as_ref();
        Self {
            id: customer.id.to_string(),
            country: country.map(ToString::to_string),
            company: customer.name,
            email: contact.as_ref().map(|it| it.email.to_string()),
            language: contact.as_ref().and_then(|it| it.language.as_ref()).map(ToString::to_string),
            person: contact.map(|it| it.name),
            brand,
            kind: customer.kind,
            currency: customer.currency.code(),
            address,
            with_value,
            signed_up_at: customer.created_at,
        }
    }
}

impl WaitingItem {
    fn sample() -> Self {
        Self {
            id: "cus_019a9a44000070008000000000000001".to_owned(),
            company: "Northwind Analytics S.L.".to_owned(),
            person: Some("Ana María Núñez".to_owned()),
            email: Some("ana@northwind.example".to_owned()),
            brand: "Acme Cloud".to_owned(),
            kind: CustomerKind::Customer,
            country: Some("ES".to_owned()),
            currency: "EUR",
            language: Some("es".to_owned()),
            address: Some("192.0.2.7".to_owned()),
            with_value: true,
            signed_up_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn extreme() -> Self {
        Self {
            company: "<b>Donaudampfschifffahrtselektrizitätenhauptbetriebswerk</b> & Söhne"
                .repeat(2),
            person: Some("شركة الخليج للاتصالات والحلول الرقمية".to_owned()),
            email: Some(format!("{}@example.com", "a".repeat(64))),
            kind: CustomerKind::Carrier,
            country: None,
            currency: "KWD",
            language: None,
            address: Some("2001:db8:85a3:8d3::".to_owned()),
            with_value: false,
            ..Self::sample()
        }
    }

    /// Made by the organisation's software, with nobody who signs in.
    fn bare() -> Self {
        Self { person: None, email: None, address: None, with_value: false, ..Self::sample() }
    }
}
