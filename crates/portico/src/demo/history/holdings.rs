//! What sample customers hold: methods, subscriptions, rights, contracts.

use jiff::ToSpan;
use rand::RngExt;
use rust_decimal::Decimal;
use serde_json::json;

use super::super::company::SampleCustomer;
use super::billing::{in_currency, minor};
use super::{Scene, customer_key, moment};

impl Scene<'_> {
    pub(super) fn holdings(&mut self, index: usize, customer: &SampleCustomer) {
        self.method(index, customer);
        self.subscription(index, customer);
        self.rights(index, customer);
        self.contract(index, customer);
    }

    fn method(&mut self, index: usize, customer: &SampleCustomer) {
        let record = if index % 4 == 3 {
            json!({ "kind": "bank_account", "brand": "Deutsche Bank", "last4": "3000" })
        } else {
            let (brand, last4) =
                [("Visa", "4242"), ("Mastercard", "4444"), ("Amex", "0005")][index % 3];
            let year = i32::from(self.today.year()) + if index == 5 { -1 } else { 2 };
            json!({
                "kind": "card", "brand": brand, "last4": last4,
                "expiry_month": index % 12 + 1, "expiry_year": year,
            })
        };
        self.history.payment_methods.push(with(
            record,
            json!({
                "external_id": self.key('M', index),
                "customer_id": customer_key(self.company, index),
                "holder": customer.person,
                "gateway": "sandbox",
                "token": format!("tok_demo_{index}"),
                "is_default": true,
                "created_at": moment(self.beginning(), index),
            }),
        ));
    }

    fn subscription(&mut self, index: usize, customer: &SampleCustomer) {
        let plan = &self.company.plans[customer.plan];
        let price = minor(in_currency(plan.price, customer.currency), customer.currency);
        let first = self.today.first_of_month();
        let status = match index {
            7 => "paused",
            9 => "past_due",
            _ => "active",
        };
        self.history.subscriptions.push(json!({
            "external_id": self.key('S', index),
            "customer_id": customer_key(self.company, index),
            "plan": plan.name,
            "status": status,
            "currency": customer.currency,
            "amount_minor": price,
            "interval_unit": "month", "interval_count": 1,
            "items": [{ "description": plan.name, "quantity": "1", "unit_price_minor": price }],
            "started_on": self.beginning(),
            "period_start": first, "period_end_exclusive": first.saturating_add(1.month()),
            "payment_method_id": self.key('M', index),
            "created_at": moment(self.beginning(), index),
        }));
    }

    fn rights(&mut self, index: usize, customer: &SampleCustomer) {
        let plan = &self.company.plans[customer.plan];
        let (name, unit, limit) = plan.quota;
        let used = limit / 100 * self.dice.random_range(8..104_u32);
        let first = self.today.first_of_month();
        let common = json!({
            "customer_id": customer_key(self.company, index),
            "subscription_id": self.key('S', index),
            "status": "active",
            "created_at": moment(self.beginning(), index),
        });
        let quota = json!({
            "external_id": self.key('E', index), "kind": "quantity", "name": name, "unit": unit,
            "used": used.min(limit).to_string(), "limit": limit.to_string(),
            "period_start": first, "period_end_exclusive": first.saturating_add(1.month()),
        });
        let feature = json!({
            "external_id": self.key('F', index), "kind": "feature", "name": plan.feature,
        });
        self.history.entitlements.push(with(quota, common.clone()));
        self.history.entitlements.push(with(feature, common.clone()));
        if index.is_multiple_of(3) {
            let spanish = customer.language == "es";
            let credits = json!({
                "external_id": self.key('G', index), "kind": "credits",
                "name": if spanish { "Créditos de bienvenida" } else { "Onboarding credits" },
                "unit": if spanish { "créditos" } else { "credits" },
                "used": Decimal::new(self.dice.random_range(0..2_000), 1).to_string(),
                "limit": "250",
            });
            self.history.entitlements.push(with(credits, common));
        }
    }

    fn contract(&mut self, index: usize, customer: &SampleCustomer) {
        let spanish = customer.language == "es";
        let seller = self.company.legal_name;
        let name = if spanish { "Contrato marco" } else { "Master service agreement" };
        let body = if spanish {
            format!(
                "Entre {seller} (el proveedor) y {buyer} (el cliente).\n\n1. Objeto. El proveedor \
                 presta al cliente los servicios del plan contratado.\n\n2. Precio. El cliente \
                 paga las tarifas vigentes en cada periodo de facturación, impuestos aparte.\n\n\
                 3. Duración. El acuerdo se renueva cada año salvo preaviso de treinta días.",
                buyer = customer.legal_name,
            )
        } else {
            format!(
                "Between {seller} (the supplier) and {buyer} (the customer).\n\n1. Subject. The \
                 supplier provides the services of the chosen plan.\n\n2. Price. The customer pays \
                 the fees in force in each billing period, plus tax.\n\n3. Term. The agreement \
                 renews every twelve months unless ended with thirty days' notice.",
                buyer = customer.legal_name,
            )
        };
        self.history.contracts.push(json!({
            "external_id": self.key('K', index),
            "customer_id": customer_key(self.company, index),
            "name": name,
            "status": "active",
            "starts_on": self.beginning(),
            "signed_at": moment(self.beginning(), index),
            "signed_by": customer.person,
            "body": body,
            "created_at": moment(self.beginning(), index),
        }));
    }
}

/// Both objects in one.
fn with(mut record: serde_json::Value, more: serde_json::Value) -> serde_json::Value {
    if let (Some(record), serde_json::Value::Object(more)) = (record.as_object_mut(), more) {
        record.extend(more);
    }
    record
}
