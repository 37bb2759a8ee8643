//! What is sent to make a customer.

use jiff::Timestamp;
use portico_billing::account::{Customer, CustomerKind, CustomerStatus};
use portico_billing::{BrandId, Currency, CustomerId, Metadata};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PortalAccessInput;
use crate::records::address::{AddressInput, TaxIdInput};
use crate::records::amount::check_minor;
use crate::records::faults::Faults;
use crate::records::refer;

/// A customer, as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerInput {
    /// The organisation's own identifier. A customer that has it already is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "customer-4711")]
    pub external_id: Option<String>,
    /// The brand on whose portal its contacts sign in; the organisation's first brand where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// `customer` or `carrier`; a new one is a `customer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub kind: Option<CustomerKind>,
    /// Name in use.
    #[schema(example = "Acme Robotics")]
    pub name: String,
    /// Company as registered, for documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// Number in the commercial register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// Billing e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Language of mails and of the portal where the contact chose none (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "es")]
    pub language: Option<String>,
    /// IANA time zone where the contact chose none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Madrid")]
    pub time_zone: Option<String>,
    /// ISO 4217 code; the organisation's where it is absent. Fixed once anything was billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// `active`, `inactive` or `pending_approval`; a new one is `active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<CustomerStatus>,
    /// How far below zero the balance may go, in minor units of `currency`; 0 = prepaid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debit_limit_minor: Option<i64>,
    /// Where invoices go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<AddressInput>,
    /// Where goods go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<AddressInput>,
    /// Tax identifiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_ids: Option<Vec<TaxIdInput>>,
    /// Sections of the portal that it sees or does not see, whatever its brand says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal_access: Option<PortalAccessInput>,
    /// What your staff notes down; customers never see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Your own data: at most 50 keys of 40 characters, values of 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub metadata: Option<Metadata>,
    /// When it became a customer; now where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// What a new customer gets where its input says nothing.
pub(super) struct Defaults {
    pub(super) id: CustomerId,
    pub(super) brand_id: BrandId,
    pub(super) currency: Currency,
    pub(super) now: Timestamp,
}

impl CustomerInput {
    /// The customer as it shall be. Of one that is there, brand, kind, currency, state and time
    /// stay where the input does not name them.
    pub(super) fn check(
        &self,
        before: Option<&Customer>,
        defaults: &Defaults,
        faults: &mut Faults,
    ) -> Customer {
        let currency = faults.parse("currency", self.currency.as_deref());
        let kind = self.kind.or(before.map(|it| it.kind));
        let status = self.status.or(before.map(|it| it.status));
        let before_at = before.map(|it| it.created_at);
        Customer {
            id: defaults.id,
            brand_id: defaults.brand_id,
            external_id: faults.external_id(self.external_id.as_deref()),
            kind: kind.unwrap_or_default(),
            name: faults.name("name", &self.name),
            legal_name: faults.line("legal_name", self.legal_name.as_deref()),
            registration_number: faults
                .line("registration_number", self.registration_number.as_deref()),
            email: faults.parse("email", self.email.as_deref()),
            phone: faults.line("phone", self.phone.as_deref()),
            language: faults.parse("language", self.language.as_deref()),
            time_zone: faults.time_zone("time_zone", self.time_zone.as_deref()),
            currency: currency.or(before.map(|it| it.currency)).unwrap_or(defaults.currency),
            status: status.unwrap_or_default(),
            debit_limit_minor: check_minor(
                "debit_limit_minor",
                self.debit_limit_minor.unwrap_or_default(),
                faults,
            ),
            billing_address: AddressInput::check_any(
                self.billing_address.as_ref(),
                "billing_address",
                faults,
            ),
            shipping_address: AddressInput::check_any(
                self.shipping_address.as_ref(),
                "shipping_address",
                faults,
            ),
            tax_ids: TaxIdInput::check_all(self.tax_ids.as_deref().unwrap_or_default(), faults),
            access: self.portal_access.clone().unwrap_or_default().check(faults),
            notes: faults.text("notes", self.notes.as_deref()),
            metadata: faults.checked_metadata(self.metadata.as_ref()),
            created_at: refer::made_at(self.created_at, before_at, defaults.now),
            updated_at: before.map_or(defaults.now, |it| it.updated_at),
        }
    }

    /// The input that would make the customer as it is.
    pub(crate) fn of(customer: &Customer) -> Self {
        Self {
            external_id: customer.external_id.as_ref().map(ToString::to_string),
            brand_id: Some(customer.brand_id.to_string()),
            kind: Some(customer.kind),
            name: customer.name.clone(),
            legal_name: customer.legal_name.clone(),
            registration_number: customer.registration_number.clone(),
            email: customer.email.as_ref().map(ToString::to_string),
            phone: customer.phone.clone(),
            language: customer.language.as_ref().map(ToString::to_string),
            time_zone: customer.time_zone.clone(),
            currency: Some(customer.currency.code().to_owned()),
            status: Some(customer.status),
            debit_limit_minor: Some(customer.debit_limit_minor),
            billing_address: Some(AddressInput::of(&customer.billing_address)),
            shipping_address: Some(AddressInput::of(&customer.shipping_address)),
            tax_ids: Some(TaxIdInput::all_of(&customer.tax_ids)),
            portal_access: Some(PortalAccessInput::of(&customer.access)),
            notes: customer.notes.clone(),
            metadata: Some(customer.metadata.clone()),
            created_at: Some(customer.created_at),
        }
    }
}
