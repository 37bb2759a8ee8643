//! The addresses of the site, each written once: for the router, for templates (by name), and
//! for redirects.

use portico_billing::{AttemptId, CreditUseId, PayLinkId, SubscriptionId};

macro_rules! paths {
    ($($constant:ident = $name:literal $path:literal;)*) => {
        $(pub(crate) const $constant: &str = $path;)*

        /// Names and paths, for the rendering kit.
        pub const TABLE: &[(&str, &str)] = &[$(($name, $path)),*];
    };
}

paths! {
    // Ways in and out
    SESSION_LINK = "session-link" "/session/{token}";
    SESSION_LINK_TRELI = "session-link-treli" "/p/authenticate";
    SIGN_IN = "sign-in" "/sign-in";
    MAILED_LINK = "mailed-link" "/sign-in/link";
    MAILED_LINK_ENTER = "mailed-link-enter" "/sign-in/link/enter";
    PASSWORD_FORGOT = "password-forgot" "/password/forgot";
    PASSWORD_RESET = "password-reset" "/password/reset";
    EMAIL_CONFIRM = "email-confirm" "/profile/email/confirm";
    SIGN_UP = "sign-up" "/sign-up";
    SIGN_UP_CARRIER = "sign-up-carrier" "/sign-up/carrier";
    SIGN_UP_CONFIRM = "sign-up-confirm" "/sign-up/confirm";
    ACCOUNTS = "accounts" "/accounts";
    SIGN_OUT = "sign-out" "/sign-out";
    SIGNED_OUT = "signed-out" "/signed-out";

    // Looks
    BRAND_THEME = "brand-theme" "/brand/theme.css";
    BRAND_CSS = "brand-css" "/brand/custom.css";
    BRAND_SCRIPT = "brand-script" "/brand/custom.js";
    BRAND_FILE = "brand-file" "/brand/files/{id}";
    LANGUAGE = "language" "/preferences/language";
    THEME = "theme" "/preferences/theme";

    // What is theirs
    OVERVIEW = "overview" "/";
    INVOICES = "invoices" "/invoices";
    INVOICES_CSV = "invoices-csv" "/invoices/export.csv";
    INVOICES_XLSX = "invoices-xlsx" "/invoices/export.xlsx";
    INVOICES_ARCHIVE = "invoices-archive" "/invoices/archive";
    INVOICE = "invoice" "/invoices/{id}";
    INVOICE_PDF = "invoice-pdf" "/invoices/{id}/pdf";
    CREDIT_NOTE = "credit-note" "/credit-notes/{id}";
    CREDIT_NOTE_PDF = "credit-note-pdf" "/credit-notes/{id}/pdf";
    BALANCE = "balance" "/balance";
    BALANCE_CSV = "balance-csv" "/balance/export.csv";
    BALANCE_XLSX = "balance-xlsx" "/balance/export.xlsx";
    BALANCE_PDF = "balance-pdf" "/balance/statement.pdf";
    VOUCHERS = "vouchers" "/vouchers";
    VOUCHER_REDEEM = "voucher-redeem" "/vouchers/redeem";
    PAY = "pay" "/pay";
    PAY_SELECTION = "pay-selection" "/pay/selection";
    REFILL = "refill" "/refill";
    ATTEMPT = "attempt" "/pay/{id}";
    ATTEMPT_STATE = "attempt-state" "/pay/{id}/state";
    ATTEMPT_RETURN = "attempt-return" "/pay/{id}/return";
    ATTEMPT_CANCEL = "attempt-cancel" "/pay/{id}/cancel";
    SANDBOX = "sandbox" "/sandbox/{id}";
    CREDIT_USE = "credit-use" "/credit-uses/{id}";

    // One invoice, by a link
    PAY_LINK = "pay-link" "/pay-link/{token}";
    LINKED_INVOICE = "linked-invoice" "/linked/invoice/{id}";
    LINKED_PDF = "linked-pdf" "/linked/invoice/{id}/pdf";
    LINKED_ATTEMPT = "linked-attempt" "/linked/pay/{id}";
    LINKED_STATE = "linked-state" "/linked/pay/{id}/state";
    LINKED_RETURN = "linked-return" "/linked/pay/{id}/return";
    LINKED_CANCEL = "linked-cancel" "/linked/pay/{id}/cancel";
    LINKED_SANDBOX = "linked-sandbox" "/linked/sandbox/{id}";

    // What was paid, and what is held
    PAYMENTS = "payments" "/payments";
    PAYMENTS_CSV = "payments-csv" "/payments/export.csv";
    PAYMENTS_XLSX = "payments-xlsx" "/payments/export.xlsx";
    PAYMENT = "payment" "/payments/{id}";
    RECEIPT = "receipt" "/payments/{id}/receipt";
    ENTITLEMENTS = "entitlements" "/entitlements";
    ENTITLEMENT = "entitlement" "/entitlements/{id}";
    SUBSCRIPTIONS = "subscriptions" "/subscriptions";
    SUBSCRIPTION = "subscription" "/subscriptions/{id}";
    CONTRACTS = "contracts" "/contracts";
    CONTRACT = "contract" "/contracts/{id}";
    PAYMENT_METHODS = "payment-methods" "/payment-methods";
    PAYMENT_METHOD = "payment-method" "/payment-methods/{id}";

    // The account
    PROFILE = "profile" "/profile";
    PROFILE_EMAIL = "profile-email" "/profile/email";
    BILLING_INFORMATION = "billing-information" "/billing-information";
    BILLING_COMPANY = "billing-company" "/billing-information/company";
    BILLING_ADDRESS = "billing-address" "/billing-information/billing-address";
    SHIPPING_ADDRESS = "shipping-address" "/billing-information/shipping-address";
    TAX_IDS = "tax-ids" "/billing-information/tax-ids";
    SECURITY = "security" "/security";
    SECURITY_PASSWORD = "security-password" "/security/password";
    SESSIONS_END_OTHERS = "sessions-end-others" "/security/sessions/end-others";
    SESSION_END = "session-end" "/security/sessions/{id}/end";
}

/// The page of a subscription.
pub(crate) fn subscription(id: SubscriptionId) -> String {
    SUBSCRIPTION.replace("{id}", &id.to_string())
}

/// The page of an attempt to pay.
pub(crate) fn attempt(id: AttemptId) -> String {
    ATTEMPT.replace("{id}", &id.to_string())
}

/// The page of what was settled by credit.
pub(crate) fn credit_use(id: CreditUseId) -> String {
    CREDIT_USE.replace("{id}", &id.to_string())
}

/// Where customers come back to from a provider's pages.
pub(crate) fn attempt_return(id: AttemptId) -> String {
    ATTEMPT_RETURN.replace("{id}", &id.to_string())
}

/// The part of the site for those who hold a link: what its addresses begin with.
pub(crate) const LINKED: &str = "/linked";

/// The page of what a link pays.
pub(crate) fn linked_invoice(id: PayLinkId) -> String {
    LINKED_INVOICE.replace("{id}", &id.to_string())
}

/// The page of an attempt to pay by a link.
pub(crate) fn linked_attempt(id: AttemptId) -> String {
    LINKED_ATTEMPT.replace("{id}", &id.to_string())
}

/// Where those who hold a link come back to from a provider's pages.
pub(crate) fn linked_return(id: AttemptId) -> String {
    LINKED_RETURN.replace("{id}", &id.to_string())
}

/// The choice between accounts, which leads on to `next`.
pub(crate) fn accounts(next: &str) -> String {
    portico_ui::paths::with_query(ACCOUNTS, [("next", local(next).unwrap_or_default())])
}

/// The sign-in page that leads on to `next`.
pub(crate) fn sign_in(next: &str) -> String {
    let next = if next == OVERVIEW { "" } else { next };
    portico_ui::paths::with_query(SIGN_IN, [("next", next)])
}

/// The page on which a password is chosen by a link, and which leads on to `next`.
pub(crate) fn password_reset(token: &str, next: &str) -> String {
    let next = local(next).unwrap_or_default();
    portico_ui::paths::with_query(PASSWORD_RESET, [("token", token), ("next", next)])
}

/// `text` if it is an address on this site that can be redirected to.
///
/// Browsers drop tabs and line breaks and take `\` for `/`, so that `/\evil.example` and
/// `/<tab>/evil.example` would lead away.
pub(crate) fn local(text: &str) -> Option<&str> {
    let odd = |c: char| c.is_control() || c == '\\';
    let plain = text.len() <= 2_000
        && text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(odd);
    let base = url::Url::parse("http://portal.invalid/").ok()?;
    let joined = base.join(text).ok().filter(|_| plain)?;
    let stays = joined.origin() == base.origin() && !joined.path().starts_with("//");
    stays.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of invoices writes its links from the address of the list.
    #[test]
    fn an_invoice_lies_below_the_list() {
        let path = |name: &str| TABLE.iter().find(|(key, _)| *key == name).map(|(_, path)| *path);
        let list = path("invoices").unwrap();
        assert_eq!(path("invoice").unwrap(), format!("{list}/{{id}}"));
    }

    #[test]
    fn only_addresses_of_this_site_are_followed() {
        for good in
            ["/", "/invoices", "/invoices?status=open&q=a%20b", "/a#b", "/a//b", "/%2F%2Fevil"]
        {
            assert_eq!(local(good), Some(good));
        }
        let bad = [
            "",
            "invoices",
            "https://evil.test",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/\t/evil.test",
            "/\n/evil.test",
            "/\u{0}/evil.test",
            "javascript:alert(1)",
            "data:text/html,x",
            " /invoices",
            "/.//evil.test",
            "/a/..//evil.test",
            "/invoices\r\nx: y",
            "http:evil.test",
            "?next=/",
            "#x",
            "/%09/../..//evil.test",
        ];
        for text in bad {
            assert_eq!(local(text), None, "{text:?} was accepted");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(2_001))), None);
    }

    #[test]
    fn the_way_to_sign_in_remembers_where_one_wanted_to_go() {
        assert_eq!(sign_in("/"), "/sign-in");
        assert_eq!(
            sign_in("/invoices?q=a&size=25"),
            "/sign-in?next=%2Finvoices%3Fq%3Da%26size%3D25"
        );
    }
}
