//! The paths of the organisation's software: the Management API and the dialects.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::http::Method;

use super::Access::{self, ApiKey, ApiKeyBatch};
use super::Routes;
use crate::api::body::BATCH_BYTES_MAX;
use crate::api::{
    api_keys, audit, brand_mail, brand_texts, brands, operators, organisation, portal_sessions,
};
use crate::dialects::{treli, zenskar};

impl Routes {
    /// All of them but those of the records.
    pub(super) fn api(&mut self) {
        self.dialects();
        self.portal_sessions();
        self.staff_api();
        self.papers_api();
        self.vouchers_api();
        self.gateways_api();
        self.attempts_api();
        self.organisation_api();
        self.looks_api();
        self.brand_words_api();
        self.templates_api();
        self.domains_api();
        self.configuration_api();
    }

    fn dialects(&mut self) {
        for path in zenskar::PATHS {
            self.post(path, Access::Zenskar, zenskar::create);
            // The newer guide's own curl command says GET, with a body.
            self.get(path, Access::Zenskar, zenskar::create);
        }
        self.post(treli::PATH, Access::Treli, treli::create);
    }

    /// The organisation's people, keys and audit log by API.
    fn staff_api(&mut self) {
        self.get("/api/v1/operators", ApiKey, operators::list);
        self.post("/api/v1/operators", ApiKey, operators::invite);
        self.add(Method::PATCH, "/api/v1/operators/{id}", ApiKey, operators::patch);
        self.add(Method::DELETE, "/api/v1/operators/{id}", ApiKey, operators::remove);
        self.get("/api/v1/api-keys", ApiKey, api_keys::list);
        self.post("/api/v1/api-keys", ApiKey, api_keys::create);
        self.add(Method::DELETE, "/api/v1/api-keys/{id}", ApiKey, api_keys::revoke);
        self.get("/api/v1/audit-log", ApiKey, audit::list);
    }

    /// The organisation itself, who wants to be its customer, and who signs in for one.
    fn organisation_api(&mut self) {
        use crate::api::{password_links, sign_ups, temporary_passwords};
        self.get("/api/v1/organisation", ApiKey, organisation::show);
        self.add(Method::PATCH, "/api/v1/organisation", ApiKey, organisation::patch);
        self.get("/api/v1/sign-ups", ApiKey, sign_ups::list);
        self.get("/api/v1/sign-ups/{id}", ApiKey, sign_ups::find);
        self.post("/api/v1/sign-ups/{id}/approval", ApiKey, sign_ups::approve);
        self.post("/api/v1/sign-ups/{id}/refusal", ApiKey, sign_ups::refuse);
        self.post("/api/v1/contacts/{id}/password-link", ApiKey, password_links::create);
        let temporary = "/api/v1/contacts/{id}/temporary-password";
        self.post(temporary, ApiKey, temporary_passwords::create);
    }

    fn portal_sessions(&mut self) {
        self.post("/api/v1/portal-sessions", ApiKey, portal_sessions::create);
        self.get("/api/v1/portal-sessions", ApiKey, portal_sessions::list);
        self.get("/api/v1/portal-sessions/{id}", ApiKey, portal_sessions::find);
        self.add(Method::DELETE, "/api/v1/portal-sessions/{id}", ApiKey, portal_sessions::revoke);
        self.get("/api/v1/brands", ApiKey, brands::list);
        self.post("/api/v1/brands", ApiKey, brands::create);
        self.get("/api/v1/brands/{id}", ApiKey, brands::find);
        self.add(Method::PATCH, "/api/v1/brands/{id}", ApiKey, brands::patch);
        self.add(Method::DELETE, "/api/v1/brands/{id}", ApiKey, brands::remove);
    }

    /// Statements of account, links to pay with, and credit that settles.
    fn papers_api(&mut self) {
        use crate::api::{credit, pay_links, statements};
        self.get("/api/v1/customers/{id}/statement.pdf", ApiKey, statements::pdf);
        self.post("/api/v1/invoices/{id}/pay-link", ApiKey, pay_links::make);
        self.get("/api/v1/invoices/{id}/pay-links", ApiKey, pay_links::list);
        self.add(Method::DELETE, "/api/v1/pay-links/{id}", ApiKey, pay_links::revoke);
        self.post("/api/v1/invoices/{id}/credit", ApiKey, credit::settle);
    }

    fn vouchers_api(&mut self) {
        use crate::api::vouchers;
        self.get("/api/v1/voucher-batches", ApiKey, vouchers::batches);
        self.post("/api/v1/voucher-batches", ApiKey, vouchers::make);
        self.get("/api/v1/voucher-batches/{id}", ApiKey, vouchers::batch);
        self.post("/api/v1/voucher-batches/{id}/export", ApiKey, vouchers::export);
        self.post("/api/v1/voucher-batches/{id}/void", ApiKey, vouchers::void_batch);
        self.get("/api/v1/vouchers", ApiKey, vouchers::list);
        self.get("/api/v1/vouchers/{id}", ApiKey, vouchers::find);
        self.post("/api/v1/vouchers/{id}/void", ApiKey, vouchers::void);
    }

    fn gateways_api(&mut self) {
        use crate::api::gateways;
        const ONE: &str = "/api/v1/gateways/{id}";
        self.get("/api/v1/gateways", ApiKey, gateways::list);
        self.post("/api/v1/gateways", ApiKey, gateways::create);
        self.get(ONE, ApiKey, gateways::find);
        self.add(Method::PATCH, ONE, ApiKey, gateways::patch);
        self.add(Method::DELETE, ONE, ApiKey, gateways::remove);
        self.post("/api/v1/gateways/{id}/test", ApiKey, gateways::test);
        let refund = crate::api::payments::refund;
        self.post("/api/v1/payments/{id}/refund", ApiKey, refund);
    }

    fn attempts_api(&mut self) {
        use crate::api::attempts;
        self.get("/api/v1/payment-attempts", ApiKey, attempts::list);
        self.get("/api/v1/payment-attempts/{id}", ApiKey, attempts::find);
        self.post("/api/v1/payment-attempts/{id}/look", ApiKey, attempts::look);
        self.post("/api/v1/payment-attempts/{id}/dismiss", ApiKey, attempts::dismiss);
        self.get("/api/v1/gateway-notices", ApiKey, attempts::notices);
        self.get("/api/v1/gateway-notices/{id}", ApiKey, attempts::notice);
        self.post("/api/v1/gateway-notices/{id}/replay", ApiKey, attempts::replay);
    }

    fn brand_words_api(&mut self) {
        use brand_mail as mail;
        const SMTP: &str = "/api/v1/brands/{id}/smtp";
        const MAIL: &str = "/api/v1/brands/{id}/mail-templates/{kind}/{language}";
        const TEXT: &str = "/api/v1/brands/{id}/texts/{language}/{key}";
        self.get(SMTP, ApiKey, mail::smtp);
        self.add(Method::PUT, SMTP, ApiKey, mail::save_smtp);
        self.add(Method::DELETE, SMTP, ApiKey, mail::remove_smtp);
        self.post("/api/v1/brands/{id}/smtp/test", ApiKey, mail::try_smtp);
        self.get("/api/v1/brands/{id}/mail-templates", ApiKey, mail::mail_templates);
        self.add(Method::PUT, MAIL, ApiKey, mail::save_mail_template);
        self.add(Method::DELETE, MAIL, ApiKey, mail::reset_mail_template);
        self.get("/api/v1/brands/{id}/texts", ApiKey, brand_texts::texts);
        self.add(Method::PUT, TEXT, ApiKey, brand_texts::save_text);
        self.add(Method::DELETE, TEXT, ApiKey, brand_texts::reset_text);
    }

    fn templates_api(&mut self) {
        use crate::api::templates;
        const ALL: &str = "/api/v1/brands/{id}/templates";
        /// Names have slashes of their own.
        const ONE: &str = "/api/v1/brands/{id}/templates/{*name}";
        self.get(ALL, ApiKey, templates::list);
        self.get(ONE, ApiKey, templates::find);
        self.add(Method::PUT, ONE, ApiKey, templates::save);
        self.add(Method::DELETE, ONE, ApiKey, templates::remove);
    }

    fn looks_api(&mut self) {
        use crate::api::{files, looks};
        const LOOKS: &str = "/api/v1/brands/{id}/looks";
        self.get(LOOKS, ApiKey, looks::find);
        self.add(Method::PUT, LOOKS, ApiKey, looks::save);
        self.add(Method::DELETE, LOOKS, ApiKey, looks::discard);
        self.post("/api/v1/brands/{id}/looks/publish", ApiKey, looks::publish);
        self.post("/api/v1/brands/{id}/looks/roll-back", ApiKey, looks::roll_back);
        self.get("/api/v1/files", ApiKey, files::list);
        let limit = DefaultBodyLimit::max(BATCH_BYTES_MAX);
        self.post("/api/v1/files", ApiKeyBatch, files::create.layer(limit));
        self.get("/api/v1/files/{id}", ApiKey, files::find);
        self.add(Method::DELETE, "/api/v1/files/{id}", ApiKey, files::remove);
    }

    fn configuration_api(&mut self) {
        use crate::api::configuration;
        const PATH: &str = "/api/v1/configuration";
        // The pictures of all brands are in it.
        let limit = DefaultBodyLimit::max(BATCH_BYTES_MAX);
        self.get(PATH, ApiKeyBatch, configuration::show);
        self.add(Method::PUT, PATH, ApiKeyBatch, configuration::apply.layer(limit));
    }

    fn domains_api(&mut self) {
        use crate::api::domains;
        const ALL: &str = "/api/v1/brands/{id}/domains";
        const ONE: &str = "/api/v1/brands/{id}/domains/{host}";
        self.get(ALL, ApiKey, domains::list);
        self.post(ALL, ApiKey, domains::add);
        self.post("/api/v1/brands/{id}/domains/{host}/check", ApiKey, domains::check);
        self.add(Method::DELETE, ONE, ApiKey, domains::remove);
    }
}
