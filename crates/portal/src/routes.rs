//! The table of the whole site: every address, what may be done there, and who may.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter};
use portico_billing::section::Section;
use portico_ui::{handler, headers};

use crate::{Portal, account, balance, brand, contracts, credit_notes, entitlements, entry};
use crate::{invoices, linked, overview, paths, pay, payment_methods, payments, preferences};
use crate::{subscriptions, visitor, vouchers};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Those who are signed in.
    Contact,
}

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path, with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The sections that must be shown to its visitor.
    pub sections: &'static [Section],
}

/// The whole table, in the order in which it is written.
#[must_use]
pub fn table() -> Vec<Route> {
    site().lines
}

/// The methods of one path.
struct Methods {
    router: MethodRouter<Portal>,
    names: Vec<&'static str>,
}

fn get<H: Handler<T, Portal>, T: 'static>(handler: H) -> Methods {
    Methods { router: handler::route(MethodFilter::GET, handler), names: vec!["GET"] }
}

fn post<H: Handler<T, Portal>, T: 'static>(handler: H) -> Methods {
    Methods { router: handler::route(MethodFilter::POST, handler), names: vec!["POST"] }
}

impl Methods {
    fn post<H: Handler<T, Portal>, T: 'static>(mut self, handler: H) -> Self {
        self.router = self.router.merge(handler::route(MethodFilter::POST, handler));
        self.names.push("POST");
        self
    }

    /// For addresses that hold a secret: nothing of it leaves by the `Referer`.
    fn secret_address(mut self) -> Self {
        self.router = self.router.layer(from_fn(headers::no_referrer));
        self
    }
}

/// Routes with their access. There is no way to add one without saying whose it is.
#[derive(Default)]
pub(crate) struct Routes {
    open: Router<Portal>,
    signed_in: Router<Portal>,
    lines: Vec<Route>,
}

impl Routes {
    fn public(mut self, path: &'static str, methods: Methods) -> Self {
        self.note(Access::Public, path, &methods, &[]);
        self.open = self.open.route(path, methods.router);
        self
    }

    /// Only for those who are signed in: the handler runs with a `Visitor`, or not at all.
    fn contact(mut self, path: &'static str, methods: Methods) -> Self {
        self.note(Access::Contact, path, &methods, &[]);
        self.signed_in = self.signed_in.route(path, methods.router);
        self
    }

    /// The same for pages of sections: for visitors who are shown all of them.
    fn section(
        mut self,
        sections: &'static [Section],
        path: &'static str,
        methods: Methods,
    ) -> Self {
        self.note(Access::Contact, path, &methods, sections);
        let guard = from_fn_with_state(sections, visitor::require_sections);
        self.signed_in = self.signed_in.route(path, methods.router.route_layer(guard));
        self
    }

    fn note(
        &mut self,
        access: Access,
        path: &'static str,
        methods: &Methods,
        sections: &'static [Section],
    ) {
        let line = |method: &&'static str| Route { method, path, access, sections };
        self.lines.extend(methods.names.iter().map(line));
    }

    /// The router. A method that a path does not have is refused before anybody is asked to sign
    /// in.
    pub fn into_router(self, portal: &Portal) -> Router<Portal> {
        let guard = from_fn_with_state(portal.clone(), visitor::require);
        self.open.merge(self.signed_in.route_layer(guard))
    }
}

/// The site.
pub(crate) fn site() -> Routes {
    let routes = entrance(Routes::default());
    let routes = paying(billing(routes));
    account(by_link(routes))
}

fn entrance(routes: Routes) -> Routes {
    use entry::{choose, email, link, mailed, out, password, sign_in, sign_up, sign_up_confirm};
    routes
        .public(paths::SESSION_LINK, get(link::open).post(link::confirm).secret_address())
        .public(paths::SESSION_LINK_TRELI, get(link::open_treli).secret_address())
        .public(paths::SIGN_IN, get(sign_in::show).post(sign_in::submit))
        .public(paths::MAILED_LINK, get(mailed::show).post(mailed::send).secret_address())
        .public(paths::MAILED_LINK_ENTER, post(mailed::enter).secret_address())
        .public(paths::PASSWORD_FORGOT, get(password::forgot).post(password::send))
        .public(paths::PASSWORD_RESET, get(password::reset).post(password::save).secret_address())
        .public(paths::EMAIL_CONFIRM, get(email::show).post(email::confirm).secret_address())
        .public(paths::SIGN_UP, get(sign_up::show).post(sign_up::submit))
        .public(paths::SIGN_UP_CARRIER, get(sign_up::show_carrier).post(sign_up::submit_carrier))
        .public(
            paths::SIGN_UP_CONFIRM,
            get(sign_up_confirm::show).post(sign_up_confirm::confirm).secret_address(),
        )
        .contact(paths::ACCOUNTS, get(choose::show).post(choose::choose))
        .public(paths::SIGN_OUT, post(out::submit))
        .public(paths::SIGNED_OUT, get(out::show))
        .public(paths::BRAND_THEME, get(brand::files::theme))
        .public(paths::BRAND_CSS, get(brand::files::custom_css))
        .public(paths::BRAND_SCRIPT, get(brand::files::script))
        .public(paths::BRAND_FILE, get(brand::files::picture))
        .public(paths::LANGUAGE, post(preferences::language))
        .public(paths::THEME, post(preferences::theme))
}

const INVOICES: &[Section] = &[Section::Invoices];
const INVOICE_TABLES: &[Section] = &[Section::Invoices, Section::Exports];
const BALANCE: &[Section] = &[Section::Balance];
const BALANCE_TABLES: &[Section] = &[Section::Balance, Section::Exports];
const VOUCHERS: &[Section] = &[Section::Vouchers];
const PAYMENTS: &[Section] = &[Section::Payments];
const PAYMENT_TABLES: &[Section] = &[Section::Payments, Section::Exports];
const ENTITLEMENTS: &[Section] = &[Section::Entitlements];
const SUBSCRIPTIONS: &[Section] = &[Section::Subscriptions];
const CONTRACTS: &[Section] = &[Section::Contracts];
const PAYMENT_METHODS: &[Section] = &[Section::PaymentMethods];
const BILLING_INFORMATION: &[Section] = &[Section::BillingInformation];

fn billing(routes: Routes) -> Routes {
    routes
        .contact(paths::OVERVIEW, get(overview::show))
        .section(INVOICES, paths::INVOICES, get(invoices::list::show))
        .section(INVOICE_TABLES, paths::INVOICES_CSV, get(invoices::files::csv))
        .section(INVOICE_TABLES, paths::INVOICES_XLSX, get(invoices::files::xlsx))
        .section(INVOICES, paths::INVOICES_ARCHIVE, post(invoices::files::archive))
        .section(INVOICES, paths::INVOICE, get(invoices::detail::show))
        .section(INVOICES, paths::INVOICE_PDF, get(invoices::files::pdf))
        .section(INVOICES, paths::CREDIT_NOTE, get(credit_notes::show))
        .section(INVOICES, paths::CREDIT_NOTE_PDF, get(credit_notes::pdf))
        .section(BALANCE, paths::BALANCE, get(balance::show))
        .section(BALANCE_TABLES, paths::BALANCE_CSV, get(balance::csv))
        .section(BALANCE_TABLES, paths::BALANCE_XLSX, get(balance::xlsx))
        .section(BALANCE, paths::BALANCE_PDF, get(balance::pdf))
        .section(VOUCHERS, paths::VOUCHERS, get(vouchers::list))
        .section(VOUCHERS, paths::VOUCHER_REDEEM, get(vouchers::ask).post(vouchers::redeem))
        .section(PAYMENTS, paths::PAYMENTS, get(payments::list::show))
        .section(PAYMENT_TABLES, paths::PAYMENTS_CSV, get(payments::files::csv))
        .section(PAYMENT_TABLES, paths::PAYMENTS_XLSX, get(payments::files::xlsx))
        .section(PAYMENTS, paths::PAYMENT, get(payments::detail::show))
        .section(PAYMENTS, paths::RECEIPT, get(payments::files::receipt))
        .section(ENTITLEMENTS, paths::ENTITLEMENTS, get(entitlements::list))
        .section(ENTITLEMENTS, paths::ENTITLEMENT, get(entitlements::show))
        .section(SUBSCRIPTIONS, paths::SUBSCRIPTIONS, get(subscriptions::list))
        .section(SUBSCRIPTIONS, paths::SUBSCRIPTION, get(subscriptions::show))
        .section(CONTRACTS, paths::CONTRACTS, get(contracts::list))
        .section(CONTRACTS, paths::CONTRACT, get(contracts::show))
        .section(PAYMENT_METHODS, paths::PAYMENT_METHODS, get(payment_methods::list))
        .section(PAYMENT_METHODS, paths::PAYMENT_METHOD, get(payment_methods::show))
}

const PAY_INVOICES: &[Section] = &[Section::Invoices, Section::PayInvoices];
const REFILL_BALANCE: &[Section] = &[Section::RefillBalance];

/// What was begun stays to be seen, and come back to, when its section is hidden meanwhile.
fn paying(routes: Routes) -> Routes {
    use pay::{attempt, credit, invoices, refill, sandbox};
    routes
        .section(PAY_INVOICES, paths::PAY, get(invoices::show).post(invoices::submit))
        .section(PAY_INVOICES, paths::PAY_SELECTION, post(invoices::select))
        .section(REFILL_BALANCE, paths::REFILL, get(refill::show).post(refill::submit))
        .contact(paths::ATTEMPT, get(attempt::show))
        .contact(paths::ATTEMPT_STATE, get(attempt::state))
        .contact(paths::ATTEMPT_RETURN, get(attempt::come_back))
        .contact(paths::ATTEMPT_CANCEL, get(attempt::turn_back))
        .contact(paths::SANDBOX, get(sandbox::show).post(sandbox::choose))
        .contact(paths::CREDIT_USE, get(credit::show))
}

/// For whoever holds a link to pay one invoice with. The pages ask for it themselves, and show
/// nothing without it.
fn by_link(routes: Routes) -> Routes {
    use linked::{attempt, invoice, sandbox};
    routes
        .public(paths::PAY_LINK, get(linked::follow).secret_address())
        .public(paths::LINKED_INVOICE, get(invoice::show).post(invoice::pay))
        .public(paths::LINKED_PDF, get(invoice::pdf))
        .public(paths::LINKED_ATTEMPT, get(attempt::show))
        .public(paths::LINKED_STATE, get(attempt::state))
        .public(paths::LINKED_RETURN, get(attempt::come_back))
        .public(paths::LINKED_CANCEL, get(attempt::turn_back))
        .public(paths::LINKED_SANDBOX, get(sandbox::show).post(sandbox::choose))
}

fn account(routes: Routes) -> Routes {
    use account::{billing, profile, security};
    routes
        .contact(paths::PROFILE, get(profile::show).post(profile::save))
        .contact(paths::PROFILE_EMAIL, post(profile::change_email))
        .section(BILLING_INFORMATION, paths::BILLING_INFORMATION, get(billing::show))
        .section(BILLING_INFORMATION, paths::BILLING_COMPANY, post(billing::save_company))
        .section(BILLING_INFORMATION, paths::BILLING_ADDRESS, post(billing::save_billing_address))
        .section(BILLING_INFORMATION, paths::SHIPPING_ADDRESS, post(billing::save_shipping_address))
        .section(BILLING_INFORMATION, paths::TAX_IDS, post(billing::save_tax_ids))
        .contact(paths::SECURITY, get(security::show))
        .contact(paths::SECURITY_PASSWORD, post(security::change_password))
        .contact(paths::SESSIONS_END_OTHERS, post(security::end_others))
        .contact(paths::SESSION_END, post(security::end))
}
