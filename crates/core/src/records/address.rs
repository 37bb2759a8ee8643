//! Addresses and tax ids in inputs.

use portico_billing::account::{Address, TaxId};
use portico_billing::tax_id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::faults::Faults;

/// Most tax ids of one record.
const MAX_TAX_IDS: usize = 20;

/// A postal address; all parts optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AddressInput {
    /// First line: street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// City or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country (ISO 3166-1, two letters).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ES")]
    pub country: Option<String>,
}

impl AddressInput {
    /// The address, checked.
    pub(crate) fn check(&self, field: &str, faults: &mut Faults) -> Address {
        let mut line = |name: &str, text: &Option<String>| {
            faults.line(&format!("{field}.{name}"), text.as_deref())
        };
        let (line1, line2) = (line("line1", &self.line1), line("line2", &self.line2));
        let (city, region) = (line("city", &self.city), line("region", &self.region));
        let postal_code = line("postal_code", &self.postal_code);
        let country = line("country", &self.country);
        let country = faults.parse(&format!("{field}.country"), country.as_deref());
        Address { line1, line2, city, region, postal_code, country }
    }

    /// The address, checked; none at all is an empty one.
    pub(crate) fn check_any(input: Option<&Self>, field: &str, faults: &mut Faults) -> Address {
        input.map_or_else(Address::default, |input| input.check(field, faults))
    }

    /// The input that would make the address as it is.
    pub(crate) fn of(address: &Address) -> Self {
        Self {
            line1: address.line1.clone(),
            line2: address.line2.clone(),
            city: address.city.clone(),
            region: address.region.clone(),
            postal_code: address.postal_code.clone(),
            country: address.country.as_ref().map(ToString::to_string),
        }
    }
}

/// A tax identifier. Any number is taken: one in the form of its register is kept in the compact
/// form of that register, another one as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxIdInput {
    /// The register: `eu_vat`, `es_cif`, `us_ein`, `co_nit` …
    #[schema(example = "eu_vat")]
    pub kind: String,
    /// The number, typed with or without gaps and points.
    #[schema(example = "ESB58378431")]
    pub value: String,
}

impl TaxIdInput {
    /// The tax ids, checked; the same one in two spellings is one.
    pub(crate) fn check_all(inputs: &[Self], faults: &mut Faults) -> Vec<TaxId> {
        if inputs.len() > MAX_TAX_IDS {
            faults.add("tax_ids", format!("must not be more than {MAX_TAX_IDS}"));
        }
        let mut tax_ids = Vec::with_capacity(inputs.len());
        for (index, input) in inputs.iter().enumerate() {
            let tax_id = tax_id::kept(TaxId {
                kind: faults.name(&format!("tax_ids.{index}.kind"), &input.kind),
                value: faults.name(&format!("tax_ids.{index}.value"), &input.value),
            });
            if !tax_ids.contains(&tax_id) {
                tax_ids.push(tax_id);
            }
        }
        tax_ids
    }

    /// The inputs that would make the tax ids as they are.
    pub(crate) fn all_of(tax_ids: &[TaxId]) -> Vec<Self> {
        let inputs = tax_ids
            .iter()
            .map(|tax_id| Self { kind: tax_id.kind.clone(), value: tax_id.value.clone() });
        inputs.collect()
    }
}
