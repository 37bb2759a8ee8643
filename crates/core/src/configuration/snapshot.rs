//! The configuration as it is, with the identifiers that the file does not tell.

use std::collections::BTreeMap;

use portico_billing::account::Organisation;
use portico_billing::brand::Brand;
use portico_billing::settings::OrganisationSettings;
use portico_billing::{BrandId, GatewayId};
use portico_store::brand_mail::BrandSmtp;
use portico_store::{Read, StoreError};

use super::document::{
    AddressEntry, BrandEntry, Configuration, FORMAT, GatewayEntry, MailEntry, OrganisationEntry,
    SmtpEntry,
};
use super::files::Files;
use crate::Core;
use crate::brands::BrandSettings;
use crate::gateways::{GatewayInput, input_shown};
use crate::looks::LooksInput;
use crate::records::{RecordKey, Rejection, customer};

/// The configuration as it is.
pub(super) struct Snapshot {
    /// What the file says, without the pictures.
    pub configuration: Configuration,
    /// The organisation, as it is stored.
    pub organisation: (Organisation, OrganisationSettings),
    /// The brands, in the order of the file.
    pub brands: Vec<KnownBrand>,
    /// The gateways, in the order of the file.
    gateways: Vec<GatewayId>,
    /// What is known of the pictures.
    pub files: Files,
}

/// A brand with what tells it from others.
pub(super) struct KnownBrand {
    pub id: BrandId,
    pub name: String,
    pub hosts: Vec<String>,
}

impl Snapshot {
    /// Takes one.
    pub(super) async fn take(core: &Core, read: &mut Read) -> Result<Self, Rejection> {
        let missing = || Rejection::NotFound("the organisation".to_owned());
        let organisation = read.organisation().await?.ok_or_else(missing)?;
        let organisation = (organisation, read.organisation_settings().await?);
        let files = Files::load(read).await?;
        let (mut brands, mut entries) = (Vec::new(), Vec::new());
        for (index, brand) in read.brands().await?.into_iter().enumerate() {
            let entry = entry_of(read, &brand, &files).await?;
            let hosts = entry.domains.clone().unwrap_or_default();
            brands.push(KnownBrand { id: brand.id, name: brand.name, hosts });
            entries.push(BrandEntry { default: index == 0, ..entry });
        }
        let (mut gateways, mut accounts) = (Vec::new(), Vec::new());
        for record in read.gateways().await? {
            gateways.push(record.id);
            accounts.push(gateway_entry(input_shown(core, &record)?, &brands));
        }
        let configuration = Configuration {
            format: FORMAT,
            organisation: Some(organisation_entry(&organisation)),
            brands: Some(entries),
            gateways: Some(accounts),
            files: None,
        };
        Ok(Self { configuration, organisation, brands, gateways, files })
    }

    /// What the file says of the gateways.
    pub(super) fn gateways(&self) -> impl Iterator<Item = (GatewayId, &GatewayEntry)> {
        self.gateways.iter().copied().zip(self.configuration.gateways.iter().flatten())
    }

    /// Adds a host that the brand will have.
    pub(super) fn add_host(&mut self, id: BrandId, host: String) {
        let at = self.brands.iter().position(|brand| brand.id == id);
        let entries = self.configuration.brands.as_mut();
        if let Some(entry) = at.zip(entries).and_then(|(at, entries)| entries.get_mut(at)) {
            entry.domains.get_or_insert_default().push(host);
        }
    }

    /// What the file says of a brand.
    pub(super) fn entry(&self, id: BrandId) -> Option<&BrandEntry> {
        let at = self.brands.iter().position(|brand| brand.id == id)?;
        self.configuration.brands.as_ref()?.get(at)
    }
}

fn organisation_entry((it, settings): &(Organisation, OrganisationSettings)) -> OrganisationEntry {
    let address = &it.address;
    OrganisationEntry {
        name: it.name.clone(),
        legal_name: it.legal_name.clone(),
        email: it.email.as_ref().map(ToString::to_string),
        phone: it.phone.clone(),
        time_zone: it.time_zone.clone(),
        currency: it.currency.code().to_owned(),
        invoice_prefix: settings.invoice_prefix.clone(),
        require_second_factor: Some(settings.require_second_factor),
        address: AddressEntry {
            line1: address.line1.clone(),
            line2: address.line2.clone(),
            city: address.city.clone(),
            region: address.region.clone(),
            postal_code: address.postal_code.clone(),
            country: address.country.as_ref().map(ToString::to_string),
        },
        tax_ids: it.tax_ids.clone(),
    }
}

async fn entry_of(read: &mut Read, brand: &Brand, files: &Files) -> Result<BrandEntry, Rejection> {
    let id = brand.id;
    let mut settings = BrandSettings::of(brand);
    if let Some(key) = settings.sign_up.template_customer.take() {
        // An identifier means nothing in another installation; the organisation's own key does.
        let found = customer::load(read, &RecordKey::new(&key)).await?;
        let own = found.and_then(|customer| customer.external_id);
        settings.sign_up.template_customer = Some(own.map_or(key, |own| own.to_string()));
    }
    let domains = read.domains(id).await?.into_iter().map(|domain| domain.host);
    let looks = files.by_name(LooksInput::of(&brand.looks()));
    Ok(BrandEntry {
        name: settings.name,
        default: false,
        domains: Some(domains.collect()),
        default_language: settings.default_language,
        home_url: settings.home_url,
        return_origins: settings.return_origins,
        embed_origins: settings.embed_origins,
        editable_fields: settings.editable_fields,
        hidden_sections: settings.hidden_sections,
        sign_up: Some(settings.sign_up),
        report_columns: Some(settings.report_columns),
        paying: Some(settings.paying),
        looks: Some(looks),
        smtp: Some(read.brand_smtp(id).await?.map(smtp_entry).unwrap_or_default()),
        mail_templates: Some(mails(read, id).await?),
        texts: Some(texts(read, id).await?),
    })
}

fn gateway_entry(it: GatewayInput, brands: &[KnownBrand]) -> GatewayEntry {
    let name = |id| brands.iter().find(|brand| brand.id == id).map(|brand| brand.name.clone());
    GatewayEntry {
        provider: it.provider,
        name: it.name,
        brand: it.brand_id.and_then(name),
        enabled: it.enabled,
        test: it.test,
        deducts_fees: it.deducts_fees,
        position: it.position,
        currencies: it.currencies,
        settings: it.settings,
        settings_from: BTreeMap::new(),
    }
}

fn smtp_entry(it: BrandSmtp) -> SmtpEntry {
    SmtpEntry {
        server: Some(it.server),
        port: Some(it.port),
        security: Some(it.security),
        username: it.username,
        password: None,
        password_from: None,
        from_address: Some(it.from_address.to_string()),
        from_name: it.from_name,
        falls_back: Some(it.falls_back),
    }
}

async fn mails(
    read: &mut Read,
    id: BrandId,
) -> Result<BTreeMap<String, BTreeMap<String, MailEntry>>, StoreError> {
    let mut all: BTreeMap<String, BTreeMap<String, MailEntry>> = BTreeMap::new();
    for it in read.mail_templates(id).await? {
        let entry = MailEntry { subject: it.subject, body: it.body.replace("\r\n", "\n") };
        all.entry(it.kind).or_default().insert(it.language.to_string(), entry);
    }
    Ok(all)
}

async fn texts(
    read: &mut Read,
    id: BrandId,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, StoreError> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for it in read.brand_texts(id).await? {
        let text = it.text.replace("\r\n", "\n");
        all.entry(it.language.to_string()).or_default().insert(it.key, text);
    }
    Ok(all)
}
