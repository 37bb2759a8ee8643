//! What is in the file. A table that is absent is left as it is; in a table that is there, what is
//! absent has its default. Nothing in it is a secret, unless somebody writes one into it.

use std::collections::BTreeMap;
use std::fmt;

use portico_billing::account::TaxId;
use portico_billing::brand::{Paying, ProfileField, ReportColumns};
use portico_billing::section::Section;
use portico_billing::settings::OrganisationSettings;
use portico_billing::smtp::SmtpSecurity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::brands::{PayingSettings, ReportColumnsSettings, SignUpSettings};
use crate::gateways::{CurrencyTermsInput, Settings};
use crate::looks::LooksInput;

/// The version of the format that is written and read.
pub const FORMAT: u32 = 1;

/// The configuration of an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Version of the format: 1.
    #[schema(example = 1)]
    pub format: u32,
    /// What the organisation is, on documents and in its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationEntry>,
    /// Its brands: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brands: Option<Vec<BrandEntry>>,
    /// Its accounts at payment providers: all of them, without their secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateways: Option<Vec<GatewayEntry>>,
    /// Its pictures by name, in Base64: all of them. They are drawn anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<BTreeMap<String, String>>,
}

/// What the organisation is, on documents and in its settings. The number of the next invoice is
/// none of it: that goes on by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ConfiguredOrganisation)]
pub struct OrganisationEntry {
    /// Name in use.
    #[schema(example = "Acme")]
    pub name: String,
    /// Registered name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// Where customers can write to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where customers can call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// IANA name of the zone in which its days begin.
    #[schema(example = "Europe/Madrid")]
    pub time_zone: String,
    /// Currency (ISO 4217) of new customers that name none.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What the numbers of invoices begin with; `INV-` where it is absent.
    #[serde(default = "usual_prefix")]
    #[schema(example = "INV-")]
    pub invoice_prefix: String,
    /// Whether every operator must have a second factor. Where it is absent it stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_second_factor: Option<bool>,
    /// The seller's address on documents.
    pub address: AddressEntry,
    /// The seller's tax identifiers on documents.
    #[schema(value_type = Vec<Object>)]
    pub tax_ids: Vec<TaxId>,
}

fn usual_prefix() -> String {
    OrganisationSettings::default().invoice_prefix
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ConfiguredAddress)]
pub struct AddressEntry {
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
    pub country: Option<String>,
}

/// One brand. It is the brand that has one of its `domains`; where none has, the one of its `name`;
/// where there is none either, a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConfiguredBrand)]
pub struct BrandEntry {
    /// Name that customers read.
    #[schema(example = "Acme Telecom")]
    pub name: String,
    /// Whether it is that of customers that name none. Where no brand says so it stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// Its hosts, those that wait for their proof as well. The first one is in links; the order of
    /// those that it has already stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["billing.acme.example"]))]
    pub domains: Option<Vec<String>>,
    /// Language (BCP 47) where neither session, contact nor browser says one.
    #[serde(default)]
    #[schema(example = "en")]
    pub default_language: String,
    /// Where the logo leads for those who signed in without a session link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_url: Option<String>,
    /// Origins that `return_url` may have.
    #[serde(default)]
    pub return_origins: Vec<String>,
    /// Origins whose pages may show the portal in a frame.
    #[serde(default)]
    pub embed_origins: Vec<String>,
    /// Which profile fields customers may change; all of them where it is absent.
    #[serde(default = "all_fields")]
    #[schema(value_type = Vec<String>)]
    pub editable_fields: Vec<ProfileField>,
    /// Sections of the portal that are switched off.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub hidden_sections: Vec<Section>,
    /// How customers come to it by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUpSettings>,
    /// Columns of the reports and their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ReportColumnsSettings>)]
    pub report_columns: Option<ReportColumns>,
    /// What it does around payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PayingSettings>)]
    pub paying: Option<Paying>,
    /// Its looks, published. Files are named here by their names, in the style sheet as
    /// `/brand/files/{logo.png}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<LooksInput>,
    /// Its own mail server; an empty table where the installation's server sends. To take one away
    /// has to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<SmtpEntry>,
    /// Mails in its own words, by kind and language: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub mail_templates: Option<BTreeMap<String, BTreeMap<String, MailEntry>>>,
    /// Texts in its own words, by language and key: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub texts: Option<BTreeMap<String, BTreeMap<String, String>>>,
}

fn all_fields() -> Vec<ProfileField> {
    ProfileField::ALL.to_vec()
}

/// A brand's own mail server.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ConfiguredSmtp)]
pub struct SmtpEntry {
    /// Its name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Its port; 587, 465 or 25 where it is absent, by `security`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// `starttls`, `tls` (from the start) or `unencrypted` (on the same machine alone).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub security: Option<SmtpSecurity>,
    /// Who signs in to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// With which password. It is never written; where it is absent, the stored one stays as long
    /// as server, port, security and user name do.
    #[serde(skip_serializing)]
    pub password: Option<String>,
    /// Where the password is read; for the command line alone.
    #[serde(skip_serializing)]
    pub password_from: Option<SecretSource>,
    /// The address that mail comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_address: Option<String>,
    /// The name before it; the brand's where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_name: Option<String>,
    /// Whether the installation's server sends where this one cannot be reached; `true` where it is
    /// absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub falls_back: Option<bool>,
}

impl fmt::Debug for SmtpEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpEntry").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Where a secret is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// A variable of the environment.
    Env(String),
    /// A file.
    File(String),
}

/// A mail in a brand's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConfiguredMail)]
pub struct MailEntry {
    /// The subject, with names in braces.
    pub subject: String,
    /// The text, with names in braces.
    pub body: String,
}

/// An account at a payment provider. It is the one of its `provider` and `name`, and where several
/// have both, of its `brand` and mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConfiguredGateway)]
pub struct GatewayEntry {
    /// The provider's key; stays what it is.
    #[schema(example = "stripe")]
    pub provider: String,
    /// What customers read.
    #[schema(example = "Card")]
    pub name: String,
    /// The name of the brand that alone has it; all brands have it where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Whether customers can pay by it.
    #[serde(default)]
    pub enabled: bool,
    /// Whether it moves play money.
    #[serde(default)]
    pub test: bool,
    /// Whether what the provider keeps is taken off what is credited.
    #[serde(default)]
    pub deducts_fees: bool,
    /// Its place in the order in which customers read them. Where it is absent it stays; a new one
    /// is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// What can be paid, each currency once.
    #[serde(default)]
    pub currencies: Vec<CurrencyTermsInput>,
    /// The values of the provider's fields, by key. Secrets are never written; where one is absent,
    /// the stored one stays as long as the provider's address does.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub settings: Settings,
    /// Where secrets among them are read, by key; for the command line alone.
    #[serde(default, skip_serializing)]
    #[schema(value_type = Object)]
    pub settings_from: BTreeMap<String, SecretSource>,
}

impl Configuration {
    /// Puts secrets that are named by where they are into their places.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn resolve_secrets<E>(
        &mut self,
        read: impl Fn(&SecretSource) -> Result<String, E>,
    ) -> Result<(), E> {
        let brands = self.brands.iter_mut().flatten();
        for smtp in brands.filter_map(|brand| brand.smtp.as_mut()) {
            if let Some(source) = smtp.password_from.take() {
                smtp.password = Some(read(&source)?);
            }
        }
        for gateway in self.gateways.iter_mut().flatten() {
            for (key, source) in std::mem::take(&mut gateway.settings_from) {
                gateway.settings.set(key, &read(&source)?);
            }
        }
        Ok(())
    }
}
