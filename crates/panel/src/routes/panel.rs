//! The paths of the control panel, with what it takes to get there.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use portico_billing::permission::Permission;
use portico_ui::forms::UPLOAD_BYTES_MAX;

use super::{Access, Routes};
use crate::staff::{self, paths};

impl Routes {
    /// All of them.
    pub(super) fn control_panel(&mut self) {
        self.panel();
        self.customers();
        self.customers_billing();
        self.attempts();
        self.payments();
        self.vouchers();
        self.gateways();
        self.panel_entry();
        self.own_account();
        self.settings();
        self.brands();
        self.looks();
        self.brand_words();
        self.domains();
        self.approvals();
    }

    /// The control panel.
    fn panel(&mut self) {
        use Access::{Entrance, Operator};
        use Permission::Read;
        self.post(paths::LANGUAGE, Entrance, staff::here::choose);
        self.post(paths::THEME, Entrance, staff::here::choose);
        self.get(paths::HOME, Operator(Read), staff::home::show);
    }

    /// Ways into the control panel, and out.
    fn panel_entry(&mut self) {
        use Access::{Entrance, Waiting};
        use staff::entry::{forgotten, invitation, reset, second_factor, set_up, sign_in};
        self.get(paths::SIGN_IN, Entrance, sign_in::show);
        self.post(paths::SIGN_IN, Entrance, sign_in::submit);
        self.post(paths::SIGN_IN_CHOICE, Entrance, sign_in::choose);
        self.get(paths::SECOND_FACTOR, Waiting, second_factor::show);
        self.post(paths::SECOND_FACTOR, Waiting, second_factor::submit);
        self.post(paths::SIGN_OUT, Waiting, staff::entry::sign_out);
        self.get(paths::PASSWORD_FORGOT, Entrance, forgotten::show);
        self.post(paths::PASSWORD_FORGOT, Entrance, forgotten::send);
        self.get(paths::PASSWORD_RESET, Entrance, reset::show);
        self.post(paths::PASSWORD_RESET, Entrance, reset::save);
        self.get(paths::INVITATION, Entrance, invitation::show);
        self.post(paths::INVITATION, Entrance, invitation::accept);
        self.get(paths::SET_UP, Entrance, set_up::show);
        self.post(paths::SET_UP, Entrance, set_up::save);
    }

    /// Sign-ups that wait for a decision.
    fn approvals(&mut self) {
        use staff::approvals::{approve, list, refuse, show};
        const DECIDE: Access = Access::Operator(Permission::ApproveSignUps);
        self.get(paths::APPROVALS, DECIDE, list);
        self.get(paths::APPROVAL, DECIDE, show);
        self.post(paths::APPROVAL_APPROVE, DECIDE, approve);
        self.post(paths::APPROVAL_REFUSE, DECIDE, refuse);
    }

    /// Brands' mail servers, and their own words for mails and texts.
    fn brand_words(&mut self) {
        use staff::brands::{mail_templates, smtp, texts};
        const EDIT: Access = Access::Operator(Permission::EditBrands);
        self.get(paths::BRAND_SMTP, EDIT, smtp::show);
        self.post(paths::BRAND_SMTP, EDIT, smtp::save);
        self.get(paths::BRAND_SMTP_REMOVE, EDIT, smtp::ask_remove);
        self.post(paths::BRAND_SMTP_REMOVE, EDIT, smtp::remove);
        self.get(paths::BRAND_MAILS, EDIT, mail_templates::list);
        self.get(paths::BRAND_MAIL, EDIT, mail_templates::show);
        self.post(paths::BRAND_MAIL, EDIT, mail_templates::save);
        self.get(paths::BRAND_MAIL_PREVIEW, EDIT, mail_templates::preview);
        self.post(paths::BRAND_MAIL_PREVIEW, EDIT, mail_templates::try_out);
        self.get(paths::BRAND_MAIL_RESET, EDIT, mail_templates::ask_reset);
        self.post(paths::BRAND_MAIL_RESET, EDIT, mail_templates::reset);
        self.get(paths::BRAND_TEXTS, EDIT, texts::list);
        self.get(paths::BRAND_TEXT, EDIT, texts::show);
        self.post(paths::BRAND_TEXT, EDIT, texts::save);
        self.post(paths::BRAND_TEXT_RESET, EDIT, texts::reset);
    }

    /// Domains of brands.
    fn domains(&mut self) {
        use staff::brands::domains;
        const EDIT: Access = Access::Operator(Permission::EditBrands);
        self.get(paths::BRAND_DOMAINS, EDIT, domains::show);
        self.post(paths::BRAND_DOMAINS, EDIT, domains::add);
        self.post(paths::BRAND_DOMAIN_CHECK, EDIT, domains::check);
        self.get(paths::BRAND_DOMAIN_REMOVE, EDIT, domains::ask_remove);
        self.post(paths::BRAND_DOMAIN_REMOVE, EDIT, domains::remove);
    }

    /// Looks of brands, and the pictures that they show.
    fn looks(&mut self) {
        use staff::brands::looks::{self, preview, publish};
        use staff::files;
        const EDIT: Access = Access::Operator(Permission::EditBrands);
        self.get(paths::BRAND_LOOKS, EDIT, looks::show);
        self.post(paths::BRAND_LOOKS, EDIT, looks::save);
        self.get(paths::LOOKS_PREVIEW, EDIT, preview::show);
        self.post(paths::LOOKS_PREVIEW, EDIT, preview::try_out);
        self.get(paths::LOOKS_PUBLISH, EDIT, publish::ask);
        self.post(paths::LOOKS_PUBLISH, EDIT, publish::submit);
        self.get(paths::LOOKS_DISCARD, EDIT, publish::ask_discard);
        self.post(paths::LOOKS_DISCARD, EDIT, publish::discard);
        self.get(paths::LOOKS_ROLL_BACK, EDIT, publish::ask_roll_back);
        self.post(paths::LOOKS_ROLL_BACK, EDIT, publish::roll_back);
        self.get(paths::FILES, EDIT, files::list);
        let limit = DefaultBodyLimit::max(UPLOAD_BYTES_MAX);
        self.post(paths::FILES, EDIT, files::upload.layer(limit));
        self.get(paths::FILE, EDIT, files::picture);
        self.get(paths::FILE_REMOVE, EDIT, files::remove::ask);
        self.post(paths::FILE_REMOVE, EDIT, files::remove::submit);
    }

    /// Portals as brands.
    fn brands(&mut self) {
        use staff::brands::{access, basic, exceptions, list, remove, reports};
        const EDIT: Access = Access::Operator(Permission::EditBrands);
        self.get(paths::BRANDS, EDIT, list::show);
        self.get(paths::BRAND_NEW, EDIT, list::blank);
        self.post(paths::BRAND_NEW, EDIT, list::create);
        self.get(paths::BRAND, EDIT, basic::show);
        self.post(paths::BRAND, EDIT, basic::save);
        self.get(paths::BRAND_SECTIONS, EDIT, access::show);
        self.post(paths::BRAND_SECTIONS, EDIT, access::save);
        self.get(paths::BRAND_BREAKOUT, EDIT, reports::show);
        self.post(paths::BRAND_BREAKOUT, EDIT, reports::save);
        self.get(paths::BRAND_CDR, EDIT, reports::show);
        self.post(paths::BRAND_CDR, EDIT, reports::save);
        self.post(paths::BRAND_DEFAULT, EDIT, remove::make_default);
        self.get(paths::BRAND_REMOVE, EDIT, remove::ask);
        self.post(paths::BRAND_REMOVE, EDIT, remove::submit);
        let customers = Access::Operator(Permission::EditCustomers);
        self.get(paths::CUSTOMER_ACCESS, customers, exceptions::show);
        self.post(paths::CUSTOMER_ACCESS, customers, exceptions::save);
    }

    /// Customers, their people, and the search.
    fn customers(&mut self) {
        use Access::Operator;
        use Permission::{EditContacts, EditCustomers, OpenPortal, Read};
        use staff::contacts::{access, form as contact, temporary_password};
        use staff::customers::{
            activity, balance, configuration, files, form, held, list, overview, portal, status,
        };
        self.get(paths::SEARCH, Operator(Read), staff::search::show);
        self.get(paths::LEDGER, Operator(Read), staff::ledger::show);
        self.get(paths::CUSTOMERS, Operator(Read), list::show);
        self.get(paths::CUSTOMERS_CSV, Operator(Read), list::csv);
        self.get(paths::CUSTOMERS_XLSX, Operator(Read), list::xlsx);
        self.get(paths::CUSTOMER_NEW, Operator(EditCustomers), form::new);
        self.post(paths::CUSTOMER_NEW, Operator(EditCustomers), form::create);
        self.get(paths::CUSTOMER, Operator(Read), overview::show);
        self.get(paths::CUSTOMER_EDIT, Operator(EditCustomers), form::edit);
        self.post(paths::CUSTOMER_EDIT, Operator(EditCustomers), form::update);
        self.get(paths::CUSTOMER_INVOICES, Operator(Read), held::invoices);
        self.get(paths::CUSTOMER_PAYMENTS, Operator(Read), held::payments);
        self.get(paths::CUSTOMER_BALANCE, Operator(Read), balance::show);
        self.get(paths::CUSTOMER_FILE, Operator(Read), files::show);
        self.get(paths::CUSTOMER_SUBSCRIPTIONS, Operator(Read), held::subscriptions);
        self.get(paths::CUSTOMER_CONTRACTS, Operator(Read), held::contracts);
        self.get(paths::CUSTOMER_ENTITLEMENTS, Operator(Read), held::entitlements);
        self.get(paths::CUSTOMER_CONTACTS, Operator(Read), held::contacts);
        self.get(paths::CUSTOMER_CONFIGURATION, Operator(Read), configuration::show);
        self.get(paths::CUSTOMER_ACTIVITY, Operator(Read), activity::show);
        self.get(paths::CUSTOMER_STATUS, Operator(EditCustomers), status::ask);
        self.post(paths::CUSTOMER_STATUS, Operator(EditCustomers), status::switch);
        self.get(paths::CUSTOMER_PORTAL, Operator(OpenPortal), portal::ask);
        self.post(paths::CUSTOMER_PORTAL, Operator(OpenPortal), portal::open);
        self.get(paths::CONTACT_NEW, Operator(EditContacts), contact::new);
        self.post(paths::CONTACT_NEW, Operator(EditContacts), contact::create);
        self.get(paths::CONTACT, Operator(EditContacts), contact::show);
        self.post(paths::CONTACT, Operator(EditContacts), contact::update);
        self.get(paths::CONTACT_SWITCH, Operator(EditContacts), access::ask_disable);
        self.post(paths::CONTACT_SWITCH, Operator(EditContacts), access::switch);
        self.post(paths::CONTACT_PASSWORD, Operator(EditContacts), access::mail_link);
        let path = paths::CONTACT_TEMPORARY_PASSWORD;
        self.get(path, Operator(EditContacts), temporary_password::ask);
        self.post(path, Operator(EditContacts), temporary_password::send);
    }

    /// What is billed to customers by hand.
    fn customers_billing(&mut self) {
        use Access::Operator;
        use Permission::{EditBilling, Read};
        use staff::invoices::{actions, credit, form, pay_links, show, use_credit, write_off};
        use staff::payments::{form as payment, refund, show as paid};
        self.get(paths::INVOICE_NEW, Operator(EditBilling), form::new);
        self.post(paths::INVOICE_NEW, Operator(EditBilling), form::create);
        self.get(paths::INVOICE, Operator(Read), show::show);
        self.get(paths::INVOICE_PDF, Operator(Read), show::pdf);
        self.get(paths::INVOICE_EDIT, Operator(EditBilling), form::edit);
        self.post(paths::INVOICE_EDIT, Operator(EditBilling), form::update);
        self.get(paths::INVOICE_APPROVE, Operator(EditBilling), actions::ask_approve);
        self.post(paths::INVOICE_APPROVE, Operator(EditBilling), actions::approve);
        self.get(paths::INVOICE_VOID, Operator(EditBilling), actions::ask_void);
        self.post(paths::INVOICE_VOID, Operator(EditBilling), actions::void);
        self.get(paths::INVOICE_CREDIT, Operator(EditBilling), credit::ask);
        self.post(paths::INVOICE_CREDIT, Operator(EditBilling), credit::issue);
        self.credit_notes();
        self.get(paths::INVOICE_PAY_LINK, Operator(EditBilling), pay_links::ask);
        self.post(paths::INVOICE_PAY_LINK, Operator(EditBilling), pay_links::make);
        self.post(paths::PAY_LINK_REVOKE, Operator(EditBilling), pay_links::revoke);
        self.get(paths::PAYMENT_NEW, Operator(EditBilling), payment::new);
        self.post(paths::PAYMENT_NEW, Operator(EditBilling), payment::create);
        self.get(paths::PAYMENT, Operator(Read), paid::show);
        self.get(paths::PAYMENT_REFUND, Operator(EditBilling), refund::ask);
        self.post(paths::PAYMENT_REFUND, Operator(EditBilling), refund::create);
        self.get(paths::INVOICE_WRITE_OFF, Operator(EditBilling), write_off::ask);
        self.post(paths::INVOICE_WRITE_OFF, Operator(EditBilling), write_off::write_off);
        self.get(paths::INVOICE_USE_CREDIT, Operator(EditBilling), use_credit::ask);
        self.post(paths::INVOICE_USE_CREDIT, Operator(EditBilling), use_credit::settle);
    }

    /// Credit notes: issued from their invoices, seen and taken back by themselves.
    fn credit_notes(&mut self) {
        use Access::Operator;
        use Permission::{EditBilling, Read};
        use staff::credit_notes::{list, show, void};
        self.get(paths::CUSTOMER_CREDIT_NOTES, Operator(Read), list::show);
        self.get(paths::CREDIT_NOTE, Operator(Read), show::show);
        self.get(paths::CREDIT_NOTE_PDF, Operator(Read), show::pdf);
        self.get(paths::CREDIT_NOTE_VOID, Operator(EditBilling), void::ask);
        self.post(paths::CREDIT_NOTE_VOID, Operator(EditBilling), void::void);
    }

    /// What is done with payments that are there.
    fn payments(&mut self) {
        use staff::payments::{actions, allocate, cancel, confirm, give_back, release};
        const BILL: Access = Access::Operator(Permission::EditBilling);
        self.get(paths::RETURNS, Access::Operator(Permission::Read), staff::returns::show);
        self.get(paths::PAYMENT_RETURN, BILL, give_back::ask);
        self.post(paths::PAYMENT_RETURN, BILL, give_back::order);
        self.get(paths::PAYMENT_RELEASE, BILL, release::ask);
        self.post(paths::PAYMENT_RELEASE, BILL, release::release);
        self.get(paths::PAYMENT_ALLOCATIONS, BILL, allocate::ask);
        self.post(paths::PAYMENT_ALLOCATIONS, BILL, allocate::allocate);
        self.get(paths::PAYMENT_CONFIRM, BILL, confirm::ask);
        self.post(paths::PAYMENT_CONFIRM, BILL, confirm::confirm);
        self.get(paths::PAYMENT_CANCEL, BILL, cancel::ask);
        self.post(paths::PAYMENT_CANCEL, BILL, cancel::cancel);
        self.post(paths::PAYMENT_LOOK, BILL, actions::look);
        self.post(paths::PAYMENT_ACCEPT, BILL, actions::accept);
        self.post(paths::PAYMENT_SEEN, BILL, actions::seen);
    }

    /// What goes through gateways.
    fn attempts(&mut self) {
        use Access::Operator;
        use Permission::{EditBilling, Read};
        use staff::attempts::{dismiss, list, notice, notices, show};
        self.get(paths::PAYMENT_ATTEMPTS, Operator(Read), list::show);
        self.get(paths::PAYMENT_ATTEMPTS_CSV, Operator(Read), list::csv);
        self.get(paths::PAYMENT_ATTEMPTS_XLSX, Operator(Read), list::xlsx);
        self.get(paths::PAYMENT_ATTEMPT, Operator(Read), show::show);
        self.post(paths::ATTEMPT_LOOK, Operator(EditBilling), show::look);
        self.get(paths::ATTEMPT_DISMISS, Operator(EditBilling), dismiss::ask);
        self.post(paths::ATTEMPT_DISMISS, Operator(EditBilling), dismiss::submit);
        self.get(paths::GATEWAY_NOTICES, Operator(Read), notices::show);
        self.get(paths::GATEWAY_NOTICE, Operator(Read), notice::show);
        self.post(paths::NOTICE_REPLAY, Operator(EditBilling), notice::replay);
    }

    /// Vouchers, in batches and single.
    fn vouchers(&mut self) {
        use Access::Operator;
        use Permission::{EditVouchers, Read};
        use staff::vouchers::{actions, batch, form, list, show};
        self.get(paths::VOUCHER_BATCHES, Operator(Read), list::show);
        self.get(paths::VOUCHER_BATCH_NEW, Operator(EditVouchers), form::new);
        self.post(paths::VOUCHER_BATCH_NEW, Operator(EditVouchers), form::create);
        self.get(paths::VOUCHER_BATCH, Operator(Read), batch::show);
        self.get(paths::VOUCHER_CODES, Operator(EditVouchers), actions::ask_codes);
        self.post(paths::VOUCHER_CODES, Operator(EditVouchers), actions::codes);
        self.get(paths::VOUCHER_BATCH_VOID, Operator(EditVouchers), actions::ask_void);
        self.post(paths::VOUCHER_BATCH_VOID, Operator(EditVouchers), actions::void);
        self.get(paths::VOUCHER, Operator(Read), show::show);
        self.get(paths::VOUCHER_VOID, Operator(EditVouchers), show::ask_void);
        self.post(paths::VOUCHER_VOID, Operator(EditVouchers), show::void);
    }

    /// Accounts at payment providers.
    fn gateways(&mut self) {
        use Access::Operator;
        use staff::gateways::{actions, form, list};
        const EDIT: Access = Operator(Permission::EditGateways);
        self.get(paths::GATEWAYS, Operator(Permission::Read), list::show);
        self.get(paths::GATEWAY_NEW, EDIT, list::new);
        self.post(paths::GATEWAY_NEW, EDIT, form::create);
        self.get(paths::GATEWAY, EDIT, form::show);
        self.post(paths::GATEWAY, EDIT, form::save);
        self.post(paths::GATEWAY_TEST, EDIT, form::test);
        self.post(paths::GATEWAY_SWITCH, EDIT, actions::switch);
        self.get(paths::GATEWAY_REMOVE, EDIT, actions::ask_remove);
        self.post(paths::GATEWAY_REMOVE, EDIT, actions::remove);
    }

    /// The own account of whoever is signed in.
    fn own_account(&mut self) {
        use Access::{Enrolling, SignedIn};
        use staff::account::{self, second_factor};
        self.get(paths::OWN_ACCOUNT, SignedIn, account::show);
        self.post(paths::OWN_ACCOUNT, SignedIn, account::save);
        self.post(paths::OWN_PASSWORD, SignedIn, account::change_password);
        self.get(paths::OWN_SECOND_FACTOR, Enrolling, second_factor::show);
        self.post(paths::OWN_SECOND_FACTOR, Enrolling, second_factor::save);
        self.get(paths::OWN_SECOND_FACTOR_OFF, SignedIn, second_factor::ask_off);
        self.post(paths::OWN_SECOND_FACTOR_OFF, SignedIn, second_factor::switch_off);
        self.get(paths::OWN_RECOVERY_CODES, SignedIn, second_factor::ask_codes);
        self.post(paths::OWN_RECOVERY_CODES, SignedIn, second_factor::renew_codes);
        self.post(paths::OWN_SESSION_END, SignedIn, account::end_session);
        self.post(paths::OWN_SESSIONS_END, SignedIn, account::end_other_sessions);
    }

    /// The organisation itself, its people, its keys, its audit log.
    fn settings(&mut self) {
        use Access::Operator;
        use Permission::{EditApiKeys, EditOperators, EditOrganisation, Read, ReadAudit};
        use staff::settings::{api_keys, audit, general, operator, operators};
        self.get(paths::SETTINGS, Operator(Read), general::show);
        self.post(paths::SETTINGS, Operator(EditOrganisation), general::save);
        self.get(paths::OPERATORS, Operator(EditOperators), operators::list);
        self.get(paths::OPERATOR_INVITE, Operator(EditOperators), operators::ask);
        self.post(paths::OPERATOR_INVITE, Operator(EditOperators), operators::invite);
        self.get(paths::OPERATOR, Operator(EditOperators), operator::show);
        self.post(paths::OPERATOR, Operator(EditOperators), operator::save);
        self.post(paths::OPERATOR_REINVITE, Operator(EditOperators), operator::invite_again);
        self.post(paths::OPERATOR_SWITCH, Operator(EditOperators), operator::switch);
        self.post(paths::OPERATOR_FACTOR, Operator(EditOperators), operator::remove_second_factor);
        self.get(paths::OPERATOR_REMOVE, Operator(EditOperators), operator::ask_remove);
        self.post(paths::OPERATOR_REMOVE, Operator(EditOperators), operator::remove);
        self.get(paths::API_KEYS, Operator(EditApiKeys), api_keys::list);
        self.get(paths::API_KEY_NEW, Operator(EditApiKeys), api_keys::ask_new);
        self.post(paths::API_KEY_NEW, Operator(EditApiKeys), api_keys::make);
        self.get(paths::API_KEY_REVOKE, Operator(EditApiKeys), api_keys::ask_revoke);
        self.post(paths::API_KEY_REVOKE, Operator(EditApiKeys), api_keys::revoke);
        self.get(paths::AUDIT, Operator(ReadAudit), audit::list);
        self.get(paths::AUDIT_CSV, Operator(ReadAudit), audit::csv);
    }
}
