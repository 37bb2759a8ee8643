//! One of everything that an organisation has, and what stands for the parameters of addresses.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::OrganisationId;
use portico_billing::permission::OperatorRole;
use portico_core::records::RecordKey;
use portico_core::{AuditQuery, Caller, CustomerRef, NewPortalSession, OperatorSecret};
use portico_core_api::{CoreApi, Origin, PayApi, PayOrder};
use portico_panel::{Access, table};
use portico_ui::csrf;
use serde_json::{Value, json};

use crate::attempts::signed;
use crate::site::{Answer, Site, Tenant};
use crate::staff;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <rect width='40' height='20' fill='#2f5bea'/></svg>";

/// A template of the portal.
pub const TEMPLATE: &str = "portal/error/error.html";

/// Records in the order in which they can be made, by the noun of their addresses.
pub const NOUNS: [&str; 9] = [
    "customers",
    "contacts",
    "invoices",
    "payments",
    "credit-notes",
    "payment-methods",
    "subscriptions",
    "entitlements",
    "contracts",
];

/// What an organisation has, with a word in all its texts that nobody else has.
pub struct Belongings<'a> {
    site: &'a Site,
    id: OrganisationId,
    key: String,
    pub canary: &'static str,
    /// The same in texts that may hold anything.
    text: String,
    /// Somebody of the staff who may do everything.
    secret: OperatorSecret,
    ids: BTreeMap<&'static str, String>,
    /// A host of its brand.
    pub host: String,
}

impl<'a> Belongings<'a> {
    pub async fn of(site: &'a Site, tenant: &Tenant, canary: &'static str) -> Self {
        Self::with_texts(site, tenant, (canary, "")).await
    }

    /// The same, with something at the end of all texts.
    pub async fn with_texts(
        site: &'a Site,
        tenant: &Tenant,
        (canary, end): (&'static str, &str),
    ) -> Self {
        let (operator, secret) = staff::session(site, tenant.id, OperatorRole::Owner).await;
        let address = "127.0.0.1".parse().expect("an address");
        let visit = site.core.operator_visit(&secret, address).await.expect("an answer");
        let visit = visit.expect("a visit");
        let ids = BTreeMap::from([
            ("operators", operator),
            ("sessions", visit.session_id.to_string()),
            ("api-keys", tenant.key.id.to_string()),
        ]);
        let (key, host) = (tenant.key.expose(), canary.replace("canary", "host") + ".example");
        let text = format!("{canary}{end}");
        let mut it = Self { site, id: tenant.id, key, canary, text, secret, ids, host };
        it.dress_the_brand().await;
        for noun in NOUNS {
            let record = it.record(noun);
            it.keep(noun, &format!("/api/v1/{noun}"), &record).await;
        }
        let draft = json!({"status": "draft", "number": null});
        it.keep("drafts", "/api/v1/invoices", &with(it.record("invoices"), draft)).await;
        let waits = json!({"status": "pending_approval", "email": null});
        it.keep("approvals", "/api/v1/customers", &with(it.record("customers"), waits)).await;
        it.ids.insert("sign-ups", it.id("approvals").to_owned());
        it.make_vouchers().await;
        it.make_gateway().await;
        let link = format!("/api/v1/invoices/{}/pay-link", it.id("invoices"));
        it.keep("pay-links", &link, &json!({})).await;
        it.make_attempt().await;
        it.make_notice().await;
        let session = json!({"customer_id": it.id("customers")});
        it.keep("portal-sessions", "/api/v1/portal-sessions", &session).await;
        it
    }

    /// A batch of vouchers.
    async fn make_vouchers(&mut self) {
        let batch = json!({
            "series": "SERIES", "count": 2, "currency": "EUR", "addition_minor": 500,
            "note": self.text,
        });
        self.keep("voucher-batches", "/api/v1/voucher-batches", &batch).await;
        let vouchers = self.call(Method::GET, "/api/v1/vouchers", &Value::Null).await.json();
        let voucher = vouchers["data"][0]["id"].as_str().expect("a voucher").to_owned();
        self.ids.insert("vouchers", voucher);
    }

    /// A gateway that moves play money.
    async fn make_gateway(&mut self) {
        let gateway = json!({
            "provider": "sandbox", "name": self.text, "enabled": true, "test": true,
            "currencies": [{"currency": "EUR"}], "brand_id": self.id("brands"),
        });
        self.keep("gateways", "/api/v1/gateways", &gateway).await;
    }

    /// An attempt of its customer to pay by that gateway.
    async fn make_attempt(&mut self) {
        let (core, caller) = (&self.site.core, Caller::system(self.id));
        let customer = CustomerRef::Customer(RecordKey::new(self.id("customers")));
        let session = core.create_portal_session(&caller, NewPortalSession::of(customer)).await;
        let link = session.expect("a session").link;
        let origin = Origin { address: "192.0.2.1".parse().expect("it"), user_agent: None };
        let brand = self.id("brands").parse().expect("a brand");
        let visit = core.enter_by_session_link(brand, &link, origin.clone()).await;
        let order = PayOrder {
            form_key: "k".to_owned(),
            invoices: Vec::new(),
            currency: "EUR".parse().expect("a currency"),
            amount_minor: Some(700),
            whole: false,
            credit: false,
            gateway: Some(self.id("gateways").parse().expect("a gateway")),
            method: None,
            keep: false,
            site: "https://pay.example".parse().expect("an address"),
        };
        let begun = core.pay(&visit.expect("a visit").secret, order, origin).await;
        let attempt = begun.expect("an order").attempt().expect("an attempt");
        self.ids.insert("payment-attempts", attempt.to_string());
    }

    /// What a payment provider told.
    async fn make_notice(&mut self) {
        let secret = format!("whsec_{}", self.canary);
        let gateway = json!({
            "provider": "stripe", "name": self.text, "enabled": false, "test": true,
            "currencies": [{"currency": "EUR"}],
            "settings": {"secret_key": "sk_test_1", "webhook_secret": secret},
        });
        let gateway = self.made(Method::POST, "/api/v1/gateways", &gateway).await;
        let address = gateway["notice_url"].as_str().expect("an address");
        let (event, kind) = (format!("evt_{}", self.text), format!("{}.succeeded", self.text));
        let call = signed(self.site, address, &secret, [&event, &kind, "pi_1"]);
        let answer = call.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let notices = self.call(Method::GET, "/api/v1/gateway-notices", &Value::Null).await.json();
        let notice = notices["data"][0]["id"].as_str().expect("a notice").to_owned();
        self.ids.insert("notices", notice.clone());
        self.ids.insert("gateway-notices", notice);
    }

    /// The brand with a host, looks, a mail server and words of its own.
    async fn dress_the_brand(&mut self) {
        let brands = self.call(Method::GET, "/api/v1/brands", &Value::Null).await.json();
        let brand = brands["data"][0]["id"].as_str().expect("a brand").to_owned();
        let of_brand = |path: &str| format!("/api/v1/brands/{brand}{path}");
        let logo = json!({"name": self.text, "kind": "logo", "content": STANDARD.encode(SVG)});
        self.ids.insert("brands", brand.clone());
        self.keep("files", "/api/v1/files", &logo).await;
        let looks = self.call(Method::GET, &of_brand("/looks"), &Value::Null).await.json();
        let mut draft = json!({"base": looks["base"], "looks": looks["looks"]});
        draft["looks"]["logo"] = json!(self.id("files"));
        draft["looks"]["footer"] = json!(self.text);
        let saved = self.made(Method::PUT, &of_brand("/looks"), &draft).await;
        let base = json!({"base": saved["base"]});
        self.made(Method::POST, &of_brand("/looks/publish"), &base).await;
        self.made(Method::POST, &of_brand("/domains"), &json!({"host": self.host})).await;
        for (path, body) in [
            ("/smtp", smtp(self.canary)),
            (
                "/mail-templates/sign-in-link/en",
                json!({"subject": self.text, "body": "{{action_button}}"}),
            ),
            ("/texts/en/mail-greeting", json!({"text": self.text})),
        ] {
            self.made(Method::PUT, &of_brand(path), &body).await;
        }
    }

    /// A record of a noun that refers to others of the organisation.
    pub fn record(&self, noun: &str) -> Value {
        let (text, id) = (&self.text, |noun: &str| self.ids.get(noun).cloned());
        let email = format!("{}@example.com", self.canary);
        let line = json!({"description": text, "quantity": "1", "unit_price": "100.00"});
        let of_customer = |more: Value| with(json!({"customer_id": id("customers")}), more);
        match noun {
            "customers" => json!({
                "name": text, "email": email, "brand_id": id("brands"), "notes": text,
            }),
            "contacts" => of_customer(json!({
                "name": text, "email": email, "private_note": text,
            })),
            "invoices" => of_customer(json!({
                "number": format!("{text}-I"), "status": "open", "currency": "EUR",
                "issued_on": "2026-11-01", "due_on": "2026-12-01", "notes": text, "lines": [line],
            })),
            "payments" => of_customer(json!({
                "status": "succeeded", "amount_minor": 4_000, "currency": "EUR", "method": "card",
                "reference": text, "paid_at": "2026-11-10T12:00:00Z",
                "allocations": [{"invoice_id": id("invoices"), "amount_minor": 4_000}],
            })),
            "credit-notes" => of_customer(json!({
                "number": format!("{text}-N"), "invoice_id": id("invoices"), "reason": text,
                "issued_on": "2026-11-11",
                "lines": [{"description": text, "unit_price": "10.00"}],
            })),
            "payment-methods" => of_customer(json!({
                "kind": "card", "brand": "Visa", "last4": "4242", "expiry_month": 2,
                "expiry_year": 2030, "holder": text, "gateway": "sandbox", "token": text,
            })),
            "subscriptions" => of_customer(json!({
                "plan": text, "status": "active", "currency": "EUR", "amount_minor": 4_900,
                "interval_unit": "month", "started_on": "2026-01-01",
                "payment_method_id": id("payment-methods"),
            })),
            "entitlements" => of_customer(json!({
                "name": text, "kind": "quantity", "status": "active", "used": "1", "limit": "2",
                "subscription_id": id("subscriptions"),
            })),
            "contracts" => of_customer(json!({"name": text, "status": "active", "body": text})),
            other => panic!("{other}: say in belongings.rs how one is made"),
        }
    }

    /// Makes something that addresses name by `noun`.
    async fn keep(&mut self, noun: &'static str, path: &str, body: &Value) {
        let made = self.made(Method::POST, path, body).await;
        self.ids.insert(noun, made["id"].as_str().expect("an id").to_owned());
    }

    async fn made(&self, method: Method, path: &str, body: &Value) -> Value {
        let answer = self.call(method, path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        if answer.text.is_empty() { Value::Null } else { answer.json() }
    }

    /// Its own id of a noun.
    ///
    /// A route of a new noun is not known here and fails the test, so that it cannot be left out.
    pub fn id(&self, noun: &str) -> &str {
        let known = self.ids.get(noun);
        known.unwrap_or_else(|| panic!("{noun}: say in belongings.rs which record it is"))
    }

    /// The pattern with its own things in place of all parameters.
    pub fn address(&self, pattern: &str) -> String {
        self.address_with(pattern, self.id(noun(pattern)))
    }

    /// The same, but for `{id}`.
    pub fn address_with(&self, pattern: &str, id: &str) -> String {
        let part = |part: &str| match part {
            "{id}" => id.to_owned(),
            "{host}" => self.host.clone(),
            "{version}" => "1".to_owned(),
            "{kind}" => "sign-in-link".to_owned(),
            "{language}" => "en".to_owned(),
            "{key}" => "mail-greeting".to_owned(),
            "{file}" => "statement.pdf".to_owned(),
            "{name}" | "{*name}" => TEMPLATE.to_owned(),
            other if other.starts_with('{') => {
                panic!("{pattern}: say in belongings.rs what {other} is")
            }
            other => other.to_owned(),
        };
        pattern.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// A call of its software.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.site.open(method, path).json(body).header("x-api-key", &self.key).send().await
    }

    /// A page or form of its staff, with the token of its session.
    pub async fn visit(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = csrf::token(self.secret.expose());
        let all = [&[("csrf", token.as_str())], fields].concat();
        let form = serde_urlencoded::to_string(all).expect("a form");
        let cookie = format!("portico-panel={}", self.secret.expose());
        let call = self.site.open(method, path).header("cookie", &cookie);
        call.raw("application/x-www-form-urlencoded", form).send().await
    }

    /// All that its software can read: what somebody changed shows here, and in the audit log too.
    pub async fn everything(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for route in table() {
            if route.method != Method::GET || route.access != Access::ApiKey {
                continue;
            }
            let has_id = route.path.contains("{id}");
            let path = if has_id { self.address(&route.path) } else { route.path };
            let answer = self.call(Method::GET, &path, &Value::Null).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            all.push((path, answer.text));
        }
        assert!(all.len() > 20, "that is not everything");
        all
    }

    /// How many changes the audit log knows.
    pub async fn noted(&self) -> usize {
        let (caller, all) = (Caller::system(self.id), (None, 2_000));
        let log = self.site.core.audit_log(&caller, AuditQuery::default(), all).await;
        log.expect("the log").0.len()
    }

    /// Nothing of it can be read in the answer.
    #[track_caller]
    pub fn assert_untold(&self, answer: &Answer, what: &str) {
        let headers = format!("{:?}", answer.headers);
        let told = answer.text.contains(self.canary) || headers.contains(self.canary);
        assert!(!told, "{what} tells of {}: {}", self.canary, answer.text);
    }
}

/// What `{id}` in a path is: the part before it.
pub fn noun(pattern: &str) -> &str {
    let (before, _) = pattern.split_once("/{id}").expect("an id");
    before.rsplit('/').next().unwrap_or_default()
}

/// A mail server.
pub fn smtp(name: &str) -> Value {
    json!({
        "server": format!("{name}.example"), "from_address": format!("billing@{name}.example"),
        "username": name, "password": "tr4verse-mill-lantern",
    })
}

/// `base` with these fields; `null` takes one away.
pub fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
        base.retain(|_, value| !value.is_null());
    }
    base
}
