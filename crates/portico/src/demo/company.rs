//! A sample organisation: what describes it, and how it comes into the database.
//!
//! Everything goes in by the same records that the Management API takes.

use std::collections::BTreeSet;

use anyhow::Context;
use portico_billing::OrganisationId;
use portico_billing::permission::OperatorRole;
use portico_core::gateways::GatewayInput;
use portico_core::records::contact::ContactRecord;
use portico_core::records::contract::ContractRecord;
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core::records::entitlement::EntitlementRecord;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::payment_method::PaymentMethodRecord;
use portico_core::records::subscription::SubscriptionRecord;
use portico_core::records::{MAX_BATCH, Record};
use portico_core::{ApiKeySecret, Caller, Core};
use portico_core::{NewBrand, NewOperator, NewOrganisation};
use serde_json::{Value, json};

use super::history::{self, History};
use super::online;
use super::sheet::{BrandEntry, ContactEntry, OperatorEntry, OrganisationEntry};

/// Password of every sample contact.
const PASSWORD: &str = "demo-portal-2026";
/// Password of every sample operator.
const OPERATOR_PASSWORD: &str = "demo-panel-2026";
/// The sample operators of each company: before the @, name, role.
const OPERATORS: [(&str, &str, OperatorRole); 3] = [
    ("owner", "Olivia Ortiz", OperatorRole::Owner),
    ("finance", "Frank Meier", OperatorRole::Billing),
    ("support", "Sara Lindqvist", OperatorRole::Support),
];
/// Origins that the sample brands allow to return to: reserved example names, and those that the
/// documentation of the session dialects uses.
const RETURN_ORIGINS: [&str; 4] = [
    "https://example.com",
    "https://www.example.com",
    "https://zenskar.com",
    "https://ejemplo.com",
];

/// A sample organisation.
pub struct Company {
    pub name: &'static str,
    pub legal_name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub address: [&'static str; 4],
    pub tax_id: [&'static str; 2],
    pub time_zone: &'static str,
    pub currency: &'static str,
    pub host: &'static str,
    pub accent: &'static str,
    pub language: &'static str,
    /// Begins the external ids and numbers: `NIM`.
    pub prefix: &'static str,
    pub customers: &'static [SampleCustomer],
    pub plans: &'static [Plan],
    /// Name and rate of the tax in percent.
    pub tax: (&'static str, &'static str),
    pub iban: &'static str,
    pub bic: &'static str,
    pub project: Option<Project>,
}

/// What one of the customers pays in instalments.
pub struct Project {
    /// Index of the customer.
    pub customer: usize,
    pub name: &'static str,
    /// Major units, before tax.
    pub price: &'static str,
}

/// A sample customer.
pub struct SampleCustomer {
    pub name: &'static str,
    pub legal_name: &'static str,
    pub person: &'static str,
    pub email: &'static str,
    pub currency: &'static str,
    pub language: &'static str,
    pub street: &'static str,
    pub postal_code: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    /// Kind and number, or two empty texts.
    pub tax_id: [&'static str; 2],
    /// Index of the plan.
    pub plan: usize,
}

/// What a sample company sells.
pub struct Plan {
    pub name: &'static str,
    /// Major units a month.
    pub price: &'static str,
    /// Per unit of usage: description, unit, price in major units.
    pub usage: (&'static str, &'static str, &'static str),
    /// Right that it grants: name, unit, limit.
    pub quota: (&'static str, &'static str, u32),
    pub feature: &'static str,
}

/// Makes the organisation with all its data.
pub async fn found(core: &Core, company: &Company) -> anyhow::Result<OrganisationEntry> {
    let (organisation, brand) = core
        .create_organisation_with_brand(new_organisation(company)?, new_brand(company)?)
        .await?;
    let key = core.create_api_key(organisation.id, "Demonstration", None).await?;
    let history = history::write(company, core.now());
    save_all(core, organisation.id, history).await?;
    gateway(core, organisation.id, company).await?;
    online::make(core, (organisation.id, brand.id), company).await?;
    let contacts = sign_ins(core, organisation.id, company).await?;
    let operators = operators(core, organisation.id, company).await?;
    Ok(OrganisationEntry {
        id: organisation.id.to_string(),
        name: organisation.name,
        api_key: key.expose(),
        treli_user: key.id.to_string(),
        treli_password: treli_password(&key),
        operators,
        brands: vec![BrandEntry {
            name: brand.name,
            url: format!("http://{}", company.host),
            return_url: "https://example.com/account".to_owned(),
            contacts,
        }],
    })
}

fn treli_password(key: &ApiKeySecret) -> String {
    key.secret.clone()
}

fn new_organisation(company: &Company) -> anyhow::Result<NewOrganisation> {
    let [line1, postal_code, city, country] = company.address;
    let [kind, value] = company.tax_id;
    Ok(NewOrganisation {
        name: company.name.to_owned(),
        legal_name: Some(company.legal_name.to_owned()),
        email: Some(company.email.parse()?),
        phone: Some(company.phone.to_owned()),
        address: serde_json::from_value(json!({
            "line1": line1, "postal_code": postal_code, "city": city, "country": country,
        }))?,
        tax_ids: serde_json::from_value(json!([{ "kind": kind, "value": value }]))?,
        time_zone: company.time_zone.to_owned(),
        currency: company.currency.parse()?,
        created_at: None,
    })
}

fn new_brand(company: &Company) -> anyhow::Result<NewBrand> {
    let hosts = vec![company.host.to_owned()];
    let mut brand = NewBrand::new(company.name, hosts, company.language.parse()?);
    brand.theme.accent = company.accent.to_owned();
    brand.home_url = Some("https://example.com/".to_owned());
    brand.support_email = Some(company.email.to_owned());
    brand.footer = Some(format!("{} · {}", company.legal_name, company.address[2]));
    brand.return_origins = RETURN_ORIGINS
        .into_iter()
        .map(|origin| origin.to_owned().try_into())
        .collect::<Result<_, _>>()?;
    Ok(brand)
}

async fn save_all(core: &Core, id: OrganisationId, history: History) -> anyhow::Result<()> {
    save::<CustomerRecord>(core, id, history.customers).await?;
    save::<ContactRecord>(core, id, history.contacts).await?;
    save::<PaymentMethodRecord>(core, id, history.payment_methods).await?;
    save::<SubscriptionRecord>(core, id, history.subscriptions).await?;
    save::<EntitlementRecord>(core, id, history.entitlements).await?;
    save::<ContractRecord>(core, id, history.contracts).await?;
    save::<InvoiceRecord>(core, id, history.invoices).await?;
    // Credit notes come last: on paid invoices they become balance.
    save::<PaymentRecord>(core, id, history.payments).await?;
    save::<CreditNoteRecord>(core, id, history.credit_notes).await
}

/// A gateway that moves play money, for all currencies of the customers.
async fn gateway(core: &Core, id: OrganisationId, company: &Company) -> anyhow::Result<()> {
    let own = std::iter::once(company.currency);
    let all: BTreeSet<&str> = own.chain(company.customers.iter().map(|it| it.currency)).collect();
    let currencies: Vec<Value> = all.iter().map(|it| json!({ "currency": it })).collect();
    let input = json!({
        "provider": "sandbox",
        "name": "Card (demo)",
        "enabled": true,
        "test": true,
        "currencies": currencies,
    });
    let input: GatewayInput = serde_json::from_value(input)?;
    core.create_gateway(&Caller::system(id), &input).await?;
    Ok(())
}

async fn save<R: Record>(
    core: &Core,
    id: OrganisationId,
    records: Vec<Value>,
) -> anyhow::Result<()> {
    for chunk in records.chunks(MAX_BATCH) {
        let items = core.save_batch::<R>(&Caller::system(id), chunk.to_vec()).await?;
        for (item, input) in items.into_iter().zip(chunk) {
            item.result.with_context(|| format!("{}: {input}", R::SINGULAR))?;
        }
    }
    Ok(())
}

async fn sign_ins(
    core: &Core,
    id: OrganisationId,
    company: &Company,
) -> anyhow::Result<Vec<ContactEntry>> {
    let mut entries = Vec::new();
    for (index, customer) in company.customers.iter().enumerate() {
        let key = portico_core::records::RecordKey::new(history::contact_key(company, index));
        let contact = core.find_record::<ContactRecord>(&Caller::system(id), &key).await?;
        // One hash for all would be faster, but salts are per contact; a few are enough to try.
        if entries.len() < 6 {
            core.set_contact_password(id, contact.id, PASSWORD).await?;
            entries.push(ContactEntry {
                email: customer.email.to_owned(),
                password: PASSWORD.to_owned(),
                customer_id: contact.customer_id.to_string(),
                external_id: history::customer_key(company, index),
            });
        }
    }
    Ok(entries)
}

async fn operators(
    core: &Core,
    id: OrganisationId,
    company: &Company,
) -> anyhow::Result<Vec<OperatorEntry>> {
    let domain = company.email.split('@').next_back().unwrap_or_default();
    let mut entries = Vec::new();
    for (user, name, role) in OPERATORS {
        let email = format!("{user}@{domain}");
        let new = NewOperator {
            email: email.parse()?,
            name: name.to_owned(),
            role,
            password: Some(OPERATOR_PASSWORD.to_owned()),
        };
        core.create_operator(id, new).await?;
        let (password, role) = (OPERATOR_PASSWORD.to_owned(), role.word().to_owned());
        entries.push(OperatorEntry { email, password, role });
    }
    Ok(entries)
}
