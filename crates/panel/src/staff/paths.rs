//! The addresses of the control panel, for routes and templates alike.

pub use super::leading::{local, second_factor, sign_in};

/// First page.
pub const HOME: &str = "/";
/// Sign-in.
pub const SIGN_IN: &str = "/sign-in";
/// POST: which organisation.
pub const SIGN_IN_CHOICE: &str = "/sign-in/organisation";
/// The second step of signing in.
pub const SECOND_FACTOR: &str = "/sign-in/code";
/// Asks for a link for a new password.
pub const PASSWORD_FORGOT: &str = "/password/forgot";
/// A new password, by a mailed link.
pub const PASSWORD_RESET: &str = "/password/reset/{token}";
/// Joining an organisation, by a mailed link.
pub const INVITATION: &str = "/invitation/{token}";
/// The first operator, by a link of the log.
pub const SET_UP: &str = "/set-up/{token}";
/// The own account.
pub const OWN_ACCOUNT: &str = "/account";
/// POST: another password.
pub const OWN_PASSWORD: &str = "/account/password";
/// The own second factor.
pub const OWN_SECOND_FACTOR: &str = "/account/second-factor";
/// Asks before it is switched off; POST: does it.
pub const OWN_SECOND_FACTOR_OFF: &str = "/account/second-factor/off";
/// Asks before recovery codes are made anew; POST: does it.
pub const OWN_RECOVERY_CODES: &str = "/account/recovery-codes";
/// POST: ends one of the own sessions.
pub const OWN_SESSION_END: &str = "/account/sessions/{id}/end";
/// POST: ends all own sessions but this one.
pub const OWN_SESSIONS_END: &str = "/account/sessions/end-others";
/// The organisation: name, address, numbering, rules.
pub const SETTINGS: &str = "/settings";
/// The organisation's people.
pub const OPERATORS: &str = "/settings/operators";
/// Invites somebody.
pub const OPERATOR_INVITE: &str = "/settings/operators/invite";
/// One of the organisation's people.
pub const OPERATOR: &str = "/settings/operators/{id}";
/// POST: another invitation.
pub const OPERATOR_REINVITE: &str = "/settings/operators/{id}/invite";
/// POST: switches it off or on.
pub const OPERATOR_SWITCH: &str = "/settings/operators/{id}/switch";
/// POST: takes its second factor away.
pub const OPERATOR_FACTOR: &str = "/settings/operators/{id}/second-factor";
/// Asks before it is removed; POST: does it.
pub const OPERATOR_REMOVE: &str = "/settings/operators/{id}/remove";
/// The keys of the organisation's software.
pub const API_KEYS: &str = "/settings/api-keys";
/// Makes a key.
pub const API_KEY_NEW: &str = "/settings/api-keys/new";
/// Asks before a key is revoked; POST: does it.
pub const API_KEY_REVOKE: &str = "/settings/api-keys/{id}/revoke";
/// Accounts at payment providers.
pub const GATEWAYS: &str = "/settings/gateways";
/// The choice of a provider, and the form for it; POST: makes a gateway.
pub const GATEWAY_NEW: &str = "/settings/gateways/new";
/// A gateway; POST: changes it.
pub const GATEWAY: &str = "/settings/gateways/{id}";
/// POST: asks the provider whether its settings are good.
pub const GATEWAY_TEST: &str = "/settings/gateways/{id}/test";
/// POST: enables or disables it.
pub const GATEWAY_SWITCH: &str = "/settings/gateways/{id}/switch";
/// Asks before it is removed; POST: does it.
pub const GATEWAY_REMOVE: &str = "/settings/gateways/{id}/remove";
/// Who changed what.
pub const AUDIT: &str = "/settings/audit-log";
/// The same as a file.
pub const AUDIT_CSV: &str = "/settings/audit-log.csv";
/// POST: ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// POST: another language.
pub const LANGUAGE: &str = "/language";
/// POST: light or dark.
pub const THEME: &str = "/theme";

/// What the organisation's accounts come to.
pub const LEDGER: &str = "/ledger";
/// Sign-ups that wait for a decision.
pub const APPROVALS: &str = "/approvals";
/// One of them.
pub const APPROVAL: &str = "/approvals/{id}";
/// POST: yes.
pub const APPROVAL_APPROVE: &str = "/approvals/{id}/approval";
/// POST: no, and why.
pub const APPROVAL_REFUSE: &str = "/approvals/{id}/refusal";

/// The portals of the organisation.
pub const BRANDS: &str = "/brands";
/// A brand to be; POST: makes it.
pub const BRAND_NEW: &str = "/brands/new";
/// A brand: its first tab.
pub const BRAND: &str = "/brands/{id}";
/// Which sections it shows.
pub const BRAND_SECTIONS: &str = "/brands/{id}/sections";
/// Columns of the breakout report.
pub const BRAND_BREAKOUT: &str = "/brands/{id}/breakout";
/// Columns of the call detail records.
pub const BRAND_CDR: &str = "/brands/{id}/cdr";
/// Its looks: the draft, and what was published.
pub const BRAND_LOOKS: &str = "/brands/{id}/looks";
/// A page of the portal with the draft; POST: with what is typed.
pub const LOOKS_PREVIEW: &str = "/brands/{id}/looks/preview";
/// Asks before the draft is published; POST: does it.
pub const LOOKS_PUBLISH: &str = "/brands/{id}/looks/publish";
/// Asks before the draft is thrown away; POST: does it.
pub const LOOKS_DISCARD: &str = "/brands/{id}/looks/discard";
/// Asks before an earlier version is shown again; POST: does it.
pub const LOOKS_ROLL_BACK: &str = "/brands/{id}/looks/{version}/roll-back";
/// Pictures of the organisation; POST: one more.
pub const FILES: &str = "/files";
/// A picture itself.
pub const FILE: &str = "/files/{id}";
/// Asks before a picture is removed; POST: does it.
pub const FILE_REMOVE: &str = "/files/{id}/remove";
/// POST: makes it that of customers that name none.
pub const BRAND_DEFAULT: &str = "/brands/{id}/default";
/// Asks before it is removed; POST: does it.
pub const BRAND_REMOVE: &str = "/brands/{id}/remove";
/// What one customer sees, whatever its brand says.
pub const CUSTOMER_ACCESS: &str = "/customers/{id}/access";

/// Customers.
pub const CUSTOMERS: &str = "/customers";
/// The same as CSV.
pub const CUSTOMERS_CSV: &str = "/customers.csv";
/// The same as a workbook.
pub const CUSTOMERS_XLSX: &str = "/customers.xlsx";
/// A new customer.
pub const CUSTOMER_NEW: &str = "/customers/new";
/// One customer.
pub const CUSTOMER: &str = "/customers/{id}";
/// Changes to a customer.
pub const CUSTOMER_EDIT: &str = "/customers/{id}/edit";
/// Its invoices.
pub const CUSTOMER_INVOICES: &str = "/customers/{id}/invoices";
/// Its payments.
pub const CUSTOMER_PAYMENTS: &str = "/customers/{id}/payments";
/// Its credit notes.
pub const CUSTOMER_CREDIT_NOTES: &str = "/customers/{id}/credit-notes";
/// Its balance.
pub const CUSTOMER_BALANCE: &str = "/customers/{id}/balance";
/// What it paid, its credit notes and its statement, as files.
pub const CUSTOMER_FILE: &str = "/customers/{id}/files/{file}";
/// Its subscriptions.
pub const CUSTOMER_SUBSCRIPTIONS: &str = "/customers/{id}/subscriptions";
/// Its contracts.
pub const CUSTOMER_CONTRACTS: &str = "/customers/{id}/contracts";
/// Its entitlements.
pub const CUSTOMER_ENTITLEMENTS: &str = "/customers/{id}/entitlements";
/// Its people.
pub const CUSTOMER_CONTACTS: &str = "/customers/{id}/contacts";
/// How it is set up.
pub const CUSTOMER_CONFIGURATION: &str = "/customers/{id}/configuration";
/// What was done to it.
pub const CUSTOMER_ACTIVITY: &str = "/customers/{id}/activity";
/// Asks before it is switched off; POST: switches it.
pub const CUSTOMER_STATUS: &str = "/customers/{id}/status";
/// Asks how its portal is to be seen; POST: opens it.
pub const CUSTOMER_PORTAL: &str = "/customers/{id}/portal";
/// A new contact.
pub const CONTACT_NEW: &str = "/customers/{id}/contacts/new";
/// One contact.
pub const CONTACT: &str = "/contacts/{id}";
/// POST: lets it in, or keeps it out.
pub const CONTACT_SWITCH: &str = "/contacts/{id}/switch";
/// POST: mails a link to choose a password with.
pub const CONTACT_PASSWORD: &str = "/contacts/{id}/password-link";
/// How it gets a temporary password; POST: mails it.
pub const CONTACT_TEMPORARY_PASSWORD: &str = "/contacts/{id}/temporary-password";
/// A new invoice.
pub const INVOICE_NEW: &str = "/customers/{id}/invoices/new";
/// One invoice.
pub const INVOICE: &str = "/invoices/{id}";
/// Changes to a draft.
pub const INVOICE_EDIT: &str = "/invoices/{id}/edit";
/// An invoice as PDF.
pub const INVOICE_PDF: &str = "/invoices/{id}/pdf";
/// Asks before it is approved; POST: does it.
pub const INVOICE_APPROVE: &str = "/invoices/{id}/approve";
/// Asks before it is cancelled; POST: does it.
pub const INVOICE_VOID: &str = "/invoices/{id}/void";
/// A credit note.
pub const INVOICE_CREDIT: &str = "/invoices/{id}/credit-note";
/// Asks before what is due of it is given up; POST: does it.
pub const INVOICE_WRITE_OFF: &str = "/invoices/{id}/write-off";
/// Asks how much credit shall settle; POST: settles.
pub const INVOICE_USE_CREDIT: &str = "/invoices/{id}/use-credit";
/// Asks how long a pay link shall work; POST: makes it.
pub const INVOICE_PAY_LINK: &str = "/invoices/{id}/pay-link";
/// POST: switches it off.
pub const PAY_LINK_REVOKE: &str = "/pay-links/{id}/revoke";
/// One credit note.
pub const CREDIT_NOTE: &str = "/credit-notes/{id}";
/// A credit note as PDF.
pub const CREDIT_NOTE_PDF: &str = "/credit-notes/{id}/pdf";
/// Asks before it is taken back; POST: does it.
pub const CREDIT_NOTE_VOID: &str = "/credit-notes/{id}/void";
/// A payment to record.
pub const PAYMENT_NEW: &str = "/customers/{id}/payments/new";
/// One payment.
pub const PAYMENT: &str = "/payments/{id}";
/// A refund.
pub const PAYMENT_REFUND: &str = "/payments/{id}/refund";
/// Attempts to pay through gateways.
pub const PAYMENT_ATTEMPTS: &str = "/payment-attempts";
/// The same as CSV.
pub const PAYMENT_ATTEMPTS_CSV: &str = "/payment-attempts.csv";
/// The same as a workbook.
pub const PAYMENT_ATTEMPTS_XLSX: &str = "/payment-attempts.xlsx";
/// One attempt.
pub const PAYMENT_ATTEMPT: &str = "/payment-attempts/{id}";
/// POST: asks the provider how it stands.
pub const ATTEMPT_LOOK: &str = "/payment-attempts/{id}/look";
/// Asks why it is closed by hand; POST: does it.
pub const ATTEMPT_DISMISS: &str = "/payment-attempts/{id}/dismiss";
/// What payment providers told.
pub const GATEWAY_NOTICES: &str = "/payment-attempts/notices";
/// One notice.
pub const GATEWAY_NOTICE: &str = "/payment-attempts/notices/{id}";
/// POST: has it worked on again.
pub const NOTICE_REPLAY: &str = "/payment-attempts/notices/{id}/replay";
/// Giving it back through its gateway.
pub const PAYMENT_RETURN: &str = "/payments/{id}/return";
/// Giving it back to the customer's balance.
pub const PAYMENT_RELEASE: &str = "/payments/{id}/release";
/// Which invoices it settles.
pub const PAYMENT_ALLOCATIONS: &str = "/payments/{id}/allocations";
/// It has arrived.
pub const PAYMENT_CONFIRM: &str = "/payments/{id}/confirm";
/// It never was.
pub const PAYMENT_CANCEL: &str = "/payments/{id}/cancel";
/// POST: asks the provider what it took from it.
pub const PAYMENT_LOOK: &str = "/payments/{id}/look";
/// POST: takes what the provider gave back as it is.
pub const PAYMENT_ACCEPT: &str = "/payments/{id}/accept";
/// POST: somebody has looked at it.
pub const PAYMENT_SEEN: &str = "/payments/{id}/seen";
/// What banks took back, and refunds that need a look.
pub const RETURNS: &str = "/returns";
/// Batches of vouchers, and the search for one.
pub const VOUCHER_BATCHES: &str = "/voucher-batches";
/// A new batch.
pub const VOUCHER_BATCH_NEW: &str = "/voucher-batches/new";
/// One batch.
pub const VOUCHER_BATCH: &str = "/voucher-batches/{id}";
/// Asks before its codes are downloaded; POST: the codes, once.
pub const VOUCHER_CODES: &str = "/voucher-batches/{id}/codes";
/// Asks before it is cancelled; POST: does it.
pub const VOUCHER_BATCH_VOID: &str = "/voucher-batches/{id}/void";
/// One voucher.
pub const VOUCHER: &str = "/vouchers/{id}";
/// Asks before it is cancelled; POST: does it.
pub const VOUCHER_VOID: &str = "/vouchers/{id}/void";
/// The search for anything.
pub const SEARCH: &str = "/search";

/// The names that a brand answers on; POST: one more.
pub const BRAND_DOMAINS: &str = "/brands/{id}/domains";
/// POST: asks the DNS about one of them.
pub const BRAND_DOMAIN_CHECK: &str = "/brands/{id}/domains/{host}/check";
/// Asks before it is removed; POST: does it.
pub const BRAND_DOMAIN_REMOVE: &str = "/brands/{id}/domains/{host}/remove";
/// A brand's own mail server.
pub const BRAND_SMTP: &str = "/brands/{id}/smtp";
/// Asks before it is taken away; POST: does it.
pub const BRAND_SMTP_REMOVE: &str = "/brands/{id}/smtp/remove";
/// A brand's mails in its own words.
pub const BRAND_MAILS: &str = "/brands/{id}/mails";
/// One of them, in one language.
pub const BRAND_MAIL: &str = "/brands/{id}/mails/{kind}/{language}";
/// The mail as it looks; POST: as it would look.
pub const BRAND_MAIL_PREVIEW: &str = "/brands/{id}/mails/{kind}/{language}/preview";
/// Asks before its shipped words come back; POST: does it.
pub const BRAND_MAIL_RESET: &str = "/brands/{id}/mails/{kind}/{language}/reset";
/// Texts of the portal in a brand's own words.
pub const BRAND_TEXTS: &str = "/brands/{id}/texts";
/// One of them, in one language.
pub const BRAND_TEXT: &str = "/brands/{id}/texts/{language}/{key}";
/// POST: its shipped words come back.
pub const BRAND_TEXT_RESET: &str = "/brands/{id}/texts/{language}/{key}/reset";
