//! Data for the samples of pages: one customer's account, believable and at its extremes.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::account::{Address, TaxId};
use portico_billing::invoice::{Party, Period};
use portico_billing::{Currency, Money};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A name as long as registers allow, without a place to break.
pub(crate) const LONG: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co.";
/// A name in a script that runs from right to left.
pub(crate) const RTL: &str = "شركة الخليج للاتصالات والحلول الرقمية";
/// What must never be taken for markup.
pub(crate) const MARKUP: &str = "<script>alert(1)</script> & \"Söhne\"";

/// The identifier with this number.
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(0x019a_9a44_0000_7000_8000_0000_0000_0000 + number))
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn jpy(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

pub(crate) fn kwd(minor: i64) -> Money {
    Money::new(minor, Currency::KWD)
}

/// A moment on a day.
pub(crate) fn at(day: Date) -> Timestamp {
    day.at(9, 15, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp())
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

/// October 2026.
pub(crate) fn october() -> Option<Period> {
    Period::new(date(2026, 10, 1), date(2026, 11, 1)).ok()
}

pub(crate) fn seller() -> Party {
    Party {
        name: "Acme Cloud GmbH".to_owned(),
        address: address("Unter den Linden 21", "Berlin", "10117", "DE"),
        tax_ids: vec![TaxId { kind: "eu_vat".to_owned(), value: "DE123456789".to_owned() }],
        email: Some("billing@acme.example".to_owned()),
    }
}

pub(crate) fn buyer() -> Party {
    Party {
        name: "Northwind Analytics S.L.".to_owned(),
        address: address("Calle de Alcalá 45", "Madrid", "28014", "ES"),
        tax_ids: vec![TaxId { kind: "eu_vat".to_owned(), value: "ESB12345678".to_owned() }],
        email: Some("ana@northwind.example".to_owned()),
    }
}

pub(crate) fn extreme_party() -> Party {
    Party {
        name: RTL.to_owned(),
        address: Address {
            line1: Some(LONG.to_owned()),
            line2: Some(MARKUP.to_owned()),
            ..Address::default()
        },
        ..Party::default()
    }
}

pub(crate) fn address(line1: &str, city: &str, postal_code: &str, country: &str) -> Address {
    Address {
        line1: Some(line1.to_owned()),
        city: Some(city.to_owned()),
        postal_code: Some(postal_code.to_owned()),
        country: country.parse().ok(),
        ..Address::default()
    }
}
