//! Who bills and who is billed: organisations, customers, their addresses, tax ids and contacts.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::section::PortalAccess;
use crate::{
    BrandId, ContactId, CountryCode, Currency, CustomerId, EmailAddress, ExternalId, LanguageTag,
    Metadata, OrganisationId,
};

/// The tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identifier.
    pub id: OrganisationId,
    /// Name in use; also the seller's name on documents where `legal_name` is empty.
    pub name: String,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Where customers can write to.
    pub email: Option<EmailAddress>,
    /// Where customers can call.
    pub phone: Option<String>,
    /// The seller's address on documents.
    pub address: Address,
    /// The seller's tax ids on documents.
    pub tax_ids: Vec<TaxId>,
    /// IANA name of the zone in which the organisation's days begin.
    pub time_zone: String,
    /// Currency of new customers that name none.
    pub currency: Currency,
    /// When the record was made.
    pub created_at: Timestamp,
}

/// A postal address; all parts optional but the country where one is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// First line: street and number.
    pub line1: Option<String>,
    /// Second line.
    pub line2: Option<String>,
    /// City or town.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<CountryCode>,
}

impl Address {
    /// Whether nothing at all is given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A tax identifier: `kind` names the register (`eu_vat`, `es_cif`, `us_ein`, `co_nit` …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxId {
    /// The register, lower case with the country first where there is one.
    pub kind: String,
    /// The number in its register's compact form, or as it was given where it has not that form.
    pub value: String,
}

/// What kind of account is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// Buys.
    #[default]
    Customer,
    /// Sells to and buys from the organisation (telecom).
    Carrier,
}

/// Whether a customer may use the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// In use.
    #[default]
    Active,
    /// May not sign in; sessions end.
    Inactive,
    /// Signed up, waits for the staff.
    PendingApproval,
}

/// The billed account of an organisation, bound to one brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Identifier.
    pub id: CustomerId,
    /// The brand on whose portal its contacts sign in.
    pub brand_id: BrandId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Customer or carrier.
    pub kind: CustomerKind,
    /// Name in use.
    pub name: String,
    /// Company as registered, for documents.
    pub legal_name: Option<String>,
    /// Number in the commercial register.
    pub registration_number: Option<String>,
    /// Billing e-mail.
    pub email: Option<EmailAddress>,
    /// Telephone.
    pub phone: Option<String>,
    /// Language of mails and of the portal where the contact chose none.
    pub language: Option<LanguageTag>,
    /// IANA time zone where the contact chose none.
    pub time_zone: Option<String>,
    /// Currency of new charges; fixed once anything was billed.
    pub currency: Currency,
    /// State.
    pub status: CustomerStatus,
    /// How far below zero the balance may go, in minor units of `currency`; 0 = prepaid.
    pub debit_limit_minor: i64,
    /// Where invoices go.
    pub billing_address: Address,
    /// Where goods go.
    pub shipping_address: Address,
    /// Tax identifiers.
    pub tax_ids: Vec<TaxId>,
    /// Sections of the portal that it sees or does not see, whatever its brand says.
    pub access: PortalAccess,
    /// What the staff notes down; customers never see it.
    pub notes: Option<String>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a contact may do for its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    /// Everything.
    #[default]
    Owner,
    /// Sees everything, changes billing data.
    Billing,
    /// Sees everything, changes nothing but its own profile.
    Viewer,
}

/// What a contact is written to about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Runs the account as a whole.
    Management,
    /// Invoices and payments.
    Billing,
    /// Services and disturbances.
    Technical,
    /// Offers and contracts.
    Sales,
    /// Anything else.
    Other,
}

impl ContactKind {
    /// All of them, in the order in which people are shown them.
    pub const ALL: [Self; 5] =
        [Self::Management, Self::Billing, Self::Technical, Self::Sales, Self::Other];

    /// Its word in data and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Billing => "billing",
            Self::Technical => "technical",
            Self::Sales => "sales",
            Self::Other => "other",
        }
    }
}

/// A person who signs in for a customer. Credentials are kept apart from this record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Identifier.
    pub id: ContactId,
    /// The customer it signs in for.
    pub customer_id: CustomerId,
    /// The organisation's own identifier.
    pub external_id: Option<ExternalId>,
    /// Name of the person.
    pub name: String,
    /// Address of mails and name for signing in.
    pub email: EmailAddress,
    /// Telephone.
    pub phone: Option<String>,
    /// What it may do.
    pub role: ContactRole,
    /// Chosen language.
    pub language: Option<LanguageTag>,
    /// Chosen IANA time zone.
    pub time_zone: Option<String>,
    /// Since when the e-mail address is proven.
    pub email_verified_at: Option<Timestamp>,
    /// What it is written to about.
    pub kind: Option<ContactKind>,
    /// Since when the telephone number is proven, as the staff says.
    pub phone_verified_at: Option<Timestamp>,
    /// The networks that it may sign in from; from anywhere where there are none.
    pub allowed_addresses: Vec<IpNet>,
    /// A note that the contact reads on its profile.
    pub public_note: Option<String>,
    /// A note that only the staff reads.
    pub private_note: Option<String>,
    /// Since when signing in is switched off.
    pub disabled_at: Option<Timestamp>,
    /// The organisation's own data.
    pub metadata: Metadata,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether networks that were named let an address in; all do where none was named. An IPv4 address
/// is the same one where it arrives as IPv6.
#[must_use]
pub fn allows(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.is_empty() || networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_in_where_no_network_was_named_or_one_holds_it() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let networks: Vec<IpNet> =
            ["192.0.2.0/24", "2001:db8::/32"].map(|text| text.parse().expect("a network")).to_vec();
        assert!(allows(&[], address("203.0.113.9")));
        assert!(allows(&networks, address("192.0.2.7")));
        assert!(allows(&networks, address("::ffff:192.0.2.7")));
        assert!(allows(&networks, address("2001:db8::1")));
        assert!(!allows(&networks, address("203.0.113.9")));
        assert!(!allows(&networks, address("2001:db9::1")));
    }

    #[test]
    fn kinds_are_the_words_of_the_data() {
        for kind in ContactKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("a word"), kind.word());
        }
    }
}
