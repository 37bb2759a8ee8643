//! The fields of the customer itself.

use portico_billing::account::{Address, Customer};
use portico_billing::{CountryCode, Currency};
use serde_json::json;

use crate::Failure;
use crate::records::address::AddressInput;
use crate::records::customer::CustomerInput;

/// What a customer has of its template: debit limit, language, time zone, access to the portal,
/// notes, its own data. Who it is, is its own.
pub(in crate::sign_up) fn customer(
    template: Option<&Customer>,
    currency: Currency,
    with_value: bool,
) -> Result<CustomerInput, Failure> {
    let Some(template) = template else {
        let mut nothing: CustomerInput = serde_json::from_value(json!({ "name": "" }))?;
        nothing.currency = Some(currency.code().to_owned());
        return Ok(nothing);
    };
    let has_limit = with_value && template.currency == currency;
    Ok(CustomerInput {
        external_id: None,
        legal_name: None,
        registration_number: None,
        phone: None,
        shipping_address: None,
        tax_ids: None,
        created_at: None,
        currency: Some(currency.code().to_owned()),
        debit_limit_minor: has_limit.then_some(template.debit_limit_minor),
        ..CustomerInput::of(template)
    })
}

/// An address of which no more is known.
pub(in crate::sign_up) fn address_in(country: &CountryCode) -> AddressInput {
    AddressInput::of(&Address { country: Some(country.clone()), ..Address::default() })
}
