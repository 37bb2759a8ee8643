//! A tenant with customers, for tests of the store.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use portico_billing::account::{Address, Customer, CustomerKind, CustomerStatus, Organisation};
use portico_billing::brand::{Brand, Theme};
use portico_billing::invoice::{Instalments, Invoice, InvoiceFigures, InvoiceStatus};
use portico_billing::{
    BrandId, Currency, CustomerId, InvoiceId, Metadata, OrganisationId, uuid_v7,
};
use portico_store::Store;
use uuid::Uuid;

pub const NOW: Timestamp = Timestamp::UNIX_EPOCH;
pub const TODAY: Date = date(2026, 5, 15);

/// The identifier number `n`.
pub fn id(n: u32) -> Uuid {
    let [a, b, c, d] = n.to_be_bytes();
    uuid_v7(NOW, [0, 0, 0, 0, 0, 0, a, b, c, d])
}

/// Adds a tenant with one brand and two customers.
pub async fn tenant(store: &Store, n: u32) -> (OrganisationId, [CustomerId; 2]) {
    let organisation_id = OrganisationId::from(id(n));
    let mut write = store.write(organisation_id).await.expect("a unit of work");
    write.insert_organisation(&organisation(organisation_id)).await.expect("an organisation");
    let brand = brand(organisation_id, n);
    write.insert_brand(&brand).await.expect("a brand");
    let customers = [1, 2].map(|k| CustomerId::from(id(n * 10 + k)));
    for customer in customers {
        write.insert_customer(&self::customer(customer, brand.id)).await.expect("a customer");
    }
    write.commit().await.expect("a commit");
    (organisation_id, customers)
}

fn organisation(id: OrganisationId) -> Organisation {
    Organisation {
        id,
        name: "Acme".to_owned(),
        legal_name: None,
        email: None,
        phone: None,
        address: Address::default(),
        tax_ids: Vec::new(),
        time_zone: "UTC".to_owned(),
        currency: Currency::EUR,
        created_at: NOW,
    }
}

fn brand(organisation_id: OrganisationId, n: u32) -> Brand {
    Brand {
        id: BrandId::from(id(n)),
        organisation_id,
        name: "Acme".to_owned(),
        hosts: vec![format!("host-{n}.test")],
        theme: Theme::default(),
        default_language: "en".parse().expect("a language"),
        return_origins: Vec::new(),
        home_url: None,
        editable_fields: Vec::new(),
        support_url: None,
        support_email: None,
        footer: None,
        custom: Default::default(),
        looks_version: 0,
        embed_origins: Vec::new(),
        sign_up: Default::default(),
        hidden_sections: Vec::new(),
        report_columns: Default::default(),
        paying: Default::default(),
        texts_version: 0,
        created_at: NOW,
    }
}

fn customer(id: CustomerId, brand_id: BrandId) -> Customer {
    Customer {
        id,
        brand_id,
        external_id: None,
        kind: CustomerKind::Customer,
        name: "Customer".to_owned(),
        legal_name: None,
        registration_number: None,
        email: None,
        phone: None,
        language: None,
        time_zone: None,
        currency: Currency::EUR,
        status: CustomerStatus::Active,
        debit_limit_minor: 0,
        billing_address: Address::default(),
        shipping_address: Address::default(),
        tax_ids: Vec::new(),
        notes: None,
        access: Default::default(),
        metadata: Metadata::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

/// An open invoice of `total` minor units.
pub fn invoice(customer: CustomerId, n: u32, total: i64) -> Invoice {
    let figures =
        InvoiceFigures { subtotal_minor: total, total_minor: total, ..InvoiceFigures::default() };
    Invoice {
        id: InvoiceId::from(id(n)),
        customer_id: customer,
        external_id: None,
        number: Some(format!("INV-{n:05}")),
        status: figures.settle(InvoiceStatus::Open),
        currency: Currency::EUR,
        figures,
        issued_on: TODAY,
        due_on: TODAY,
        instalments: Instalments::default(),
        period: None,
        created_at: NOW,
        updated_at: NOW,
    }
}
