//! Customers with one record of every noun, each with texts that nobody else may read.

use std::collections::BTreeMap;

use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Currency};
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
use portico_core::records::{RecordKey, SentForm};
use portico_core::{Caller, CreditInput, NewPayLink, NewVoucherBatch};
use serde_json::{Value, json};

use super::site::{Place, Session, Site, Tenant};

/// A customer with its contact, its records, and a session.
pub struct Holder {
    /// Stands in every text of this customer, and in no other's.
    pub canary: String,
    /// Stands in every text of its organisation.
    pub organisation: String,
    pub customer: String,
    pub contact: String,
    pub email: String,
    pub place: Place,
    pub session: Session,
    /// The code of a voucher that nobody has redeemed.
    pub voucher: String,
    /// By which it can pay.
    pub gateway: String,
    /// What stands for `{id}` in addresses, by their first part.
    ids: BTreeMap<&'static str, String>,
}

impl Holder {
    /// A customer without any records. `key` begins its external ids.
    pub async fn empty(site: &Site, tenant: &Tenant, place: Place, name: &str, key: &str) -> Self {
        let canary = format!("canary-{name}");
        let email = format!("{canary}@example.com");
        let customer = json!({
            "external_id": key, "brand_id": place.id.to_string(), "name": canary,
            "legal_name": format!("{canary} Ltd"), "email": email, "phone": canary,
            "registration_number": canary, "tax_ids": [{"kind": "eu_vat", "value": canary}],
            "billing_address": address(&canary), "shipping_address": address(&canary),
        });
        let customer = site.save::<CustomerRecord>(tenant, customer).await.id.to_string();
        let contact = json!({
            "external_id": format!("{key}-contacts"), "customer_id": key, "name": canary,
            "email": email, "role": "owner",
        });
        let contact = site.save::<ContactRecord>(tenant, contact).await.id.to_string();
        let session = site.enter(tenant, place, &contact).await;
        let voucher = voucher(site, tenant, name).await;
        let gateway = gateway(site, tenant, place).await;
        let (organisation, ids) = (tenant.canary.clone(), BTreeMap::new());
        Self {
            canary,
            organisation,
            customer,
            contact,
            email,
            place,
            session,
            voucher,
            gateway,
            ids,
        }
    }

    /// A customer with one record of every noun.
    pub async fn new(site: &Site, tenant: &Tenant, place: Place, name: &str, key: &str) -> Self {
        let mut it = Self::empty(site, tenant, place, name, key).await;
        let of = |noun: &str, more: Value| {
            let mut record = json!({
                "external_id": format!("{key}-{noun}"), "customer_id": key,
                "metadata": {"note": format!("metadata of {name}")},
            });
            if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
                record.extend(more);
                record.retain(|_, value| !value.is_null());
            }
            record
        };
        let text = it.canary.clone();
        it.holdings(site, tenant, &of, &text).await;
        it.documents(site, tenant, &of, &text).await;
        it.attempt(site).await;
        let spare = site.enter(tenant, place, &it.contact).await;
        it.ids.insert("security", spare.id.to_string());
        it
    }

    async fn holdings(
        &mut self,
        site: &Site,
        tenant: &Tenant,
        of: &impl Fn(&str, Value) -> Value,
        text: &str,
    ) {
        let method = json!({
            "kind": "card", "brand": "Visa", "last4": "4242", "expiry_month": 2,
            "expiry_year": 2030, "holder": format!("{text}-M"), "gateway": "sandbox", "token": text,
            "is_default": true, "metadata": null,
        });
        let subscription = json!({
            "plan": format!("{text}-S"), "status": "active", "currency": "EUR",
            "amount_minor": 4_900,
            "interval_unit": "month", "started_on": "2025-01-01",
            "items": [{"description": text, "quantity": "1", "unit_price_minor": 4_900}],
        });
        let entitlement = json!({
            "name": format!("{text}-E"), "description": text, "kind": "quantity",
            "status": "active", "used": "1", "limit": "2",
        });
        let contract = json!({
            "name": format!("{text}-C"), "status": "active", "signed_by": text, "body": text,
        });
        let method = site.save::<PaymentMethodRecord>(tenant, of("payment-methods", method)).await;
        let subscription = of("subscriptions", subscription);
        let subscription = site.save::<SubscriptionRecord>(tenant, subscription).await;
        let right = site.save::<EntitlementRecord>(tenant, of("entitlements", entitlement)).await;
        let contract = site.save::<ContractRecord>(tenant, of("contracts", contract)).await;
        self.ids.insert("payment-methods", method.id.to_string());
        self.ids.insert("subscriptions", subscription.id.to_string());
        self.ids.insert("entitlements", right.id.to_string());
        self.ids.insert("contracts", contract.id.to_string());
    }

    async fn documents(
        &mut self,
        site: &Site,
        tenant: &Tenant,
        of: &impl Fn(&str, Value) -> Value,
        text: &str,
    ) {
        let invoice = json!({
            "number": format!("{text}-I"), "status": "open", "currency": "EUR",
            "issued_on": "2026-02-01", "due_on": "2026-03-01", "notes": text,
            "purchase_order": text,
            "payment": {"means": text, "account_name": text, "reference": text, "terms": text},
            "lines": [
                {"description": text, "note": text, "quantity": "1", "unit_price": "100.00"},
            ],
        });
        let invoice = site.save::<InvoiceRecord>(tenant, of("invoices", invoice)).await;
        let payment = json!({
            "status": "succeeded", "amount_minor": 4_000, "currency": "EUR", "method": "card",
            "method_label": text, "reference": format!("{text}-P"), "description": text,
            "paid_at": "2026-02-20T12:00:00Z",
            "allocations": [{"invoice_id": invoice.id.to_string(), "amount_minor": 4_000}],
        });
        let note = json!({
            "number": format!("{text}-N"), "invoice_id": invoice.id.to_string(), "reason": text,
            "issued_on": "2026-02-21", "lines": [{"description": text, "unit_price": "10.00"}],
        });
        let payment = site.save::<PaymentRecord>(tenant, of("payments", payment)).await;
        let note = site.save::<CreditNoteRecord>(tenant, of("credit-notes", note)).await;
        let caller = Caller::system(tenant.id);
        let link = site.core.make_pay_link(&caller, invoice.id, NewPayLink::default()).await;
        self.ids.insert("linked", link.expect("a link").link.id.to_string());
        let more = json!({
            "status": "succeeded", "amount_minor": 100, "currency": "EUR", "method": "card",
            "method_label": text, "reference": format!("{text}-P"),
            "paid_at": "2026-02-20T12:00:00Z",
        });
        site.save::<PaymentRecord>(tenant, of("more-payments", more)).await;
        let (form, key) = (once(site), RecordKey::new(invoice.id.to_string()));
        let asked = (&key, CreditInput { amount_minor: Some(50) });
        let used = site.core.settle_by_credit(&caller, &form, asked).await.expect("settled");
        self.ids.insert("credit-uses", used.id.to_string());
        self.ids.insert("invoices", invoice.id.to_string());
        self.ids.insert("payments", payment.id.to_string());
        self.ids.insert("credit-notes", note.id.to_string());
    }

    /// Begins to pay the invoice, and leaves it at that.
    async fn attempt(&mut self, site: &Site) {
        let fields = super::fields("/pay", self);
        let fields: Vec<_> = fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
        let begun = site.post(&self.session, "/pay", &fields).await;
        let path = begun.header("location").split('?').next().unwrap_or_default();
        let id: AttemptId = path.trim_start_matches("/pay/").parse().expect("an attempt");
        self.ids.insert("pay", id.to_string());
        self.ids.insert("sandbox", Reference::of(id).to_string());
    }

    /// What stands for `{id}` in this path: the customer's own record.
    ///
    /// A route of a new noun is not known here and fails the test, so that it cannot be left out.
    pub fn id(&self, path: &str) -> &str {
        let noun = path.split('/').nth(1).unwrap_or_default();
        self.ids
            .get(noun)
            .unwrap_or_else(|| panic!("{path}: say in matrix/holder.rs which record its {{id}} is"))
    }
}

/// A form that is sent once.
fn once(site: &Site) -> SentForm {
    SentForm::new(site.core.form_key(), std::iter::empty())
}

/// A batch of one voucher; the answer is its code.
async fn voucher(site: &Site, tenant: &Tenant, series: &str) -> String {
    let new = NewVoucherBatch {
        series: series.to_owned(),
        count: 1,
        currency: Currency::EUR,
        minimum_minor: 0,
        multiplier: None,
        addition_minor: 500,
        ceiling_minor: None,
        expires_at: None,
        wait_days: None,
        note: String::new(),
    };
    let caller = Caller::system(tenant.id);
    let batch = site.core.make_voucher_batch(&caller, new).await.expect("a batch");
    let mut codes = site.core.export_voucher_codes(&caller, batch.id).await.expect("codes");
    codes.remove(0).code
}

/// The brand's way to pay, with play money; the first one where it has some.
async fn gateway(site: &Site, tenant: &Tenant, place: Place) -> String {
    let caller = Caller::system(tenant.id);
    let own = site.core.gateways(&caller).await.expect("gateways");
    if let Some(own) = own.iter().find(|it| it.input.brand_id == Some(place.id)) {
        return own.id.to_string();
    }
    let input = json!({
        "provider": "sandbox", "name": place.host, "brand_id": place.id.to_string(),
        "enabled": true, "test": true, "currencies": [{"currency": "EUR"}],
    });
    let input: GatewayInput = serde_json::from_value(input).expect("an input");
    let created = site.core.create_gateway(&caller, &input).await.expect("a gateway");
    created.id.to_string()
}

fn address(text: &str) -> Value {
    json!({
        "line1": text, "line2": text, "city": text, "region": text, "postal_code": text,
        "country": "ES",
    })
}
