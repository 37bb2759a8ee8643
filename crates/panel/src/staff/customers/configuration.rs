//! How a customer is set up: brand, money, language, addresses, tax ids, the organisation's own
//! data.

use axum::extract::Path;
use jiff::Timestamp;
use portico_billing::{Currency, Money};
use portico_core::records::address::{AddressInput, TaxIdInput};
use portico_core::records::customer::CustomerOutput;
use portico_ui::{Page, Sample};
use serde::Serialize;

use super::{Head, LONG, list};
use crate::staff::{Answer, Staff};

/// The tab.
#[derive(Debug, Clone, Serialize)]
pub struct ConfigurationTab {
    customer: Head,
    brand: String,
    legal_name: Option<String>,
    registration_number: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    currency: &'static str,
    debit_limit: Money,
    billing_address: AddressInput,
    shipping_address: AddressInput,
    tax_ids: Vec<TaxIdInput>,
    notes: Option<String>,
    metadata: Vec<(String, String)>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ConfigurationTab {
    fn new(customer: Head, it: CustomerOutput, brand: String) -> Self {
        Self {
            customer,
            brand,
            legal_name: it.legal_name,
            registration_number: it.registration_number,
            email: it.email,
            phone: it.phone,
            language: it.language,
            time_zone: it.time_zone,
            currency: it.currency.code(),
            debit_limit: Money::new(it.debit_limit_minor, it.currency),
            billing_address: it.billing_address,
            shipping_address: it.shipping_address,
            tax_ids: it.tax_ids,
            notes: it.notes,
            metadata: it.metadata.into_iter().collect(),
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl Page for ConfigurationTab {
    const TEMPLATE: &'static str = "panel/customers/configuration.html";

    fn samples() -> Vec<Sample<Self>> {
        let text = |text: &str| Some(text.to_owned());
        let address = AddressInput {
            line1: text("Gran Vía 1"),
            city: text("Madrid"),
            country: text("ES"),
            ..AddressInput::default()
        };
        let typical = Self {
            customer: Head::sample(),
            brand: "Northwind".to_owned(),
            legal_name: text("Northwind Telecom, S.L."),
            registration_number: text("M-1"),
            email: text("billing@northwind.example"),
            phone: text("+34 600 000 000"),
            language: text("es"),
            time_zone: text("Europe/Madrid"),
            currency: "EUR",
            debit_limit: Money::new(50_000, Currency::EUR),
            billing_address: address,
            shipping_address: AddressInput::default(),
            tax_ids: vec![TaxIdInput { kind: "eu_vat".into(), value: "ESB58378431".into() }],
            notes: text(LONG),
            metadata: vec![("tier".to_owned(), "gold".to_owned())],
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        };
        let bare = Self {
            customer: Head::extreme_sample(),
            legal_name: None,
            language: None,
            billing_address: AddressInput::default(),
            tax_ids: Vec::new(),
            notes: None,
            metadata: Vec::new(),
            ..typical.clone()
        };
        vec![Sample::new("typical", typical), Sample::new("bare", bare)]
    }
}

/// GET: the tab.
pub async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let (head, customer) = Head::load(&staff, &id).await?;
    let brand_id = customer.brand_id.to_string();
    let brands = list::brands(&staff).await?;
    let brand = brands.into_iter().find(|brand| brand.value == brand_id);
    let brand = brand.map(|brand| brand.label).unwrap_or_default();
    staff.page(&ConfigurationTab::new(head, customer, brand))
}
