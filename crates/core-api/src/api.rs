//! The methods.

use std::net::IpAddr;

use async_trait::async_trait;
use portico_billing::brand::{Brand, BrandText};
use portico_billing::contract::ContractRevision;
use portico_billing::page::Page;
use portico_billing::{
    AssetId, BrandId, ContactId, ContractId, CreditNoteId, EntitlementId, InvoiceId, PaymentId,
    PaymentMethodId, SessionId, SubscriptionId,
};

use crate::{
    AccountView, Asset, BillingDetails, BillingDetailsChange, ContractView, CreditNoteView,
    Document, EmailChange, EntitlementView, EntryError, Export, InvoiceDetail, InvoiceQuery,
    InvoiceRow, LinkPreview, ListQuery, MailedLinkPurpose, NewSignUp, Origin, Overview,
    PasswordChange, PayApi, PayLinkApi, PaymentDetail, PaymentMethodView, PaymentQuery, PaymentRow,
    ProfileChange, RedeemedVoucher, Refusal, SessionSecret, SessionView, SignUpOffer,
    SignUpOutcome, SignUpPreview, SignedIn, StaffVisit, Statement, StatementApi, StatementQuery,
    SubscriptionView, TableFormat, Visit,
};

/// What the portal asks of the core.
///
/// Every method that takes a [`SessionSecret`] answers `Refusal::SignedOut` where the session is
/// unknown or over, and `Refusal::NotFound` alike for what is absent and for what is somebody
/// else's.
#[async_trait]
pub trait CoreApi: PayApi + PayLinkApi + StatementApi + Send + Sync {
    // Brands

    /// The brand that answers on `host` (lower case, without port).
    async fn brand_by_host(&self, host: &str) -> Result<Option<Brand>, Refusal>;

    /// The texts that the brand has in its own words; none where its `texts_version` is 0.
    async fn brand_texts(&self, brand: BrandId) -> Result<Vec<BrandText>, Refusal>;

    /// A picture of the brand: logo.
    async fn brand_asset(&self, brand: BrandId, asset: AssetId) -> Result<Asset, Refusal>;

    // Entry

    /// What an unused session link would open; changes nothing.
    async fn preview_session_link(
        &self,
        brand: BrandId,
        link: &str,
    ) -> Result<LinkPreview, EntryError>;

    /// Follows a session link: exactly one caller gets the session.
    async fn enter_by_session_link(
        &self,
        brand: BrandId,
        link: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError>;

    /// Signs in with e-mail and password.
    async fn sign_in_with_password(
        &self,
        brand: BrandId,
        email: &str,
        password: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError>;

    /// Mails a link for signing in, or for choosing a new password, if the address is a contact's.
    /// The answer is the same in any case.
    async fn mail_link(
        &self,
        brand: BrandId,
        email: &str,
        purpose: MailedLinkPurpose,
        origin: Origin,
    ) -> Result<(), EntryError>;

    /// Whether a mailed link could still be used from here, and whom it lets in; changes nothing.
    async fn preview_mailed_link(
        &self,
        brand: BrandId,
        token: &str,
        purpose: MailedLinkPurpose,
        origin: Origin,
    ) -> Result<LinkPreview, EntryError>;

    /// Signs in by a mailed link (after a person pressed the button).
    async fn sign_in_with_mailed_link(
        &self,
        brand: BrandId,
        token: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError>;

    /// Sets a new password by a mailed link; all sessions of the contact end.
    async fn reset_password(
        &self,
        brand: BrandId,
        token: &str,
        new_password: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError>;

    /// Confirms a new e-mail address by the link that was mailed to it.
    async fn confirm_email(&self, brand: BrandId, token: &str) -> Result<(), EntryError>;

    // Signing up

    /// What the brand's form offers; `Refusal::NotFound` where nobody can sign up.
    async fn sign_up_offer(&self, brand: BrandId) -> Result<SignUpOffer, Refusal>;

    /// Mails a link that proves the address, or says that there is an account already. The answer
    /// is the same in any case, and nothing is made yet.
    async fn sign_up(
        &self,
        brand: BrandId,
        new: NewSignUp,
        origin: Origin,
    ) -> Result<(), EntryError>;

    /// Whether the link of a sign-up could still be used; changes nothing.
    async fn preview_sign_up(
        &self,
        brand: BrandId,
        token: &str,
    ) -> Result<SignUpPreview, EntryError>;

    /// Makes the customer of a sign-up (after a person chose the password): exactly once.
    async fn confirm_sign_up(
        &self,
        brand: BrandId,
        token: &str,
        password: &str,
        origin: Origin,
    ) -> Result<SignUpOutcome, EntryError>;

    // Session

    /// Who is there, and what the frame of each page needs. Counts as a use of the session, from
    /// the address `from`: a contact who may only come from some networks is signed in from no
    /// other.
    async fn visit(
        &self,
        brand: BrandId,
        secret: &SessionSecret,
        from: IpAddr,
    ) -> Result<Visit, Refusal>;

    /// Ends the session; the answer is the address to go to, if one was given.
    async fn sign_out(&self, secret: &SessionSecret) -> Result<Option<String>, Refusal>;

    /// The accounts that whoever is signed in proved to be, its own among them.
    async fn accounts(&self, secret: &SessionSecret) -> Result<Vec<AccountView>, Refusal>;

    /// Ends the session and begins one of another account of [`CoreApi::accounts`].
    async fn switch_account(
        &self,
        secret: &SessionSecret,
        account: ContactId,
        origin: Origin,
    ) -> Result<SignedIn, Refusal>;

    /// The live sessions of this contact.
    async fn sessions(&self, secret: &SessionSecret) -> Result<Vec<SessionView>, Refusal>;

    /// The newest visits of the organisation's people to this customer's portal.
    async fn staff_visits(&self, secret: &SessionSecret) -> Result<Vec<StaffVisit>, Refusal>;

    /// Ends one of this contact's sessions.
    async fn end_session(&self, secret: &SessionSecret, id: SessionId) -> Result<(), Refusal>;

    /// Ends all of this contact's sessions but the one that asks.
    async fn end_other_sessions(&self, secret: &SessionSecret) -> Result<u32, Refusal>;

    // Profile

    /// Changes the contact's name, phone, language and time zone, as far as the brand allows.
    async fn change_profile(
        &self,
        secret: &SessionSecret,
        change: ProfileChange,
    ) -> Result<(), Refusal>;

    /// Asks for a new e-mail address: a link is mailed to it, the old one is told.
    async fn request_email_change(
        &self,
        secret: &SessionSecret,
        change: EmailChange,
    ) -> Result<(), Refusal>;

    /// Changes the password; other sessions end.
    async fn change_password(
        &self,
        secret: &SessionSecret,
        change: PasswordChange,
    ) -> Result<(), Refusal>;

    /// Company, addresses and tax ids.
    async fn billing_details(&self, secret: &SessionSecret) -> Result<BillingDetails, Refusal>;

    /// Changes them, as far as the brand allows.
    async fn change_billing_details(
        &self,
        secret: &SessionSecret,
        change: BillingDetailsChange,
    ) -> Result<(), Refusal>;

    // What is theirs

    /// The first page after signing in.
    async fn overview(&self, secret: &SessionSecret) -> Result<Overview, Refusal>;

    /// A page of invoices; drafts are left out.
    async fn invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
    ) -> Result<Page<InvoiceRow>, Refusal>;

    /// One invoice with its lines and what settled it.
    async fn invoice(
        &self,
        secret: &SessionSecret,
        id: InvoiceId,
    ) -> Result<InvoiceDetail, Refusal>;

    /// The invoice as PDF, in the language of the visit.
    async fn invoice_pdf(&self, secret: &SessionSecret, id: InvoiceId)
    -> Result<Document, Refusal>;

    /// Up to 100 invoices as PDFs in one ZIP file.
    async fn invoices_zip(
        &self,
        secret: &SessionSecret,
        ids: Vec<InvoiceId>,
    ) -> Result<Document, Refusal>;

    /// All invoices that `query` matches (its page is ignored), up to 10,000 rows.
    async fn export_invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal>;

    /// One credit note.
    async fn credit_note(
        &self,
        secret: &SessionSecret,
        id: CreditNoteId,
    ) -> Result<CreditNoteView, Refusal>;

    /// The credit note as PDF.
    async fn credit_note_pdf(
        &self,
        secret: &SessionSecret,
        id: CreditNoteId,
    ) -> Result<Document, Refusal>;

    /// The balance in one currency, and a page of how it came to be.
    async fn statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Statement, Refusal>;

    /// All lines of a statement that `query` matches, up to 10,000 rows.
    async fn export_statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal>;

    /// A page of payments and refunds.
    async fn payments(
        &self,
        secret: &SessionSecret,
        query: PaymentQuery,
    ) -> Result<Page<PaymentRow>, Refusal>;

    /// One payment or refund with what it settled.
    async fn payment(
        &self,
        secret: &SessionSecret,
        id: PaymentId,
    ) -> Result<PaymentDetail, Refusal>;

    /// The receipt of a payment that succeeded, as PDF.
    async fn receipt_pdf(&self, secret: &SessionSecret, id: PaymentId)
    -> Result<Document, Refusal>;

    /// All payments that `query` matches, up to 10,000 rows.
    async fn export_payments(
        &self,
        secret: &SessionSecret,
        query: PaymentQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal>;

    /// Redeems a voucher: exactly once, by one customer. A code that is none that this customer can
    /// redeem is answered alike whatever the reason (`Fault::CodeNotAccepted`), and counted: too
    /// many of them, and nothing is looked up any more for a while.
    async fn redeem_voucher(
        &self,
        secret: &SessionSecret,
        code: &str,
        origin: Origin,
    ) -> Result<RedeemedVoucher, Refusal>;

    /// The vouchers that the customer redeemed, newest first, at most 100.
    async fn vouchers(&self, secret: &SessionSecret) -> Result<Vec<RedeemedVoucher>, Refusal>;

    /// A page of entitlements, active ones first.
    async fn entitlements(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<EntitlementView>, Refusal>;

    /// One entitlement.
    async fn entitlement(
        &self,
        secret: &SessionSecret,
        id: EntitlementId,
    ) -> Result<EntitlementView, Refusal>;

    /// A page of subscriptions, newest first.
    async fn subscriptions(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<SubscriptionView>, Refusal>;

    /// One subscription.
    async fn subscription(
        &self,
        secret: &SessionSecret,
        id: SubscriptionId,
    ) -> Result<SubscriptionView, Refusal>;

    /// A page of contracts that are no drafts, newest first.
    async fn contracts(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<ContractView>, Refusal>;

    /// One contract with its revisions, newest first.
    async fn contract(
        &self,
        secret: &SessionSecret,
        id: ContractId,
    ) -> Result<(ContractView, Vec<ContractRevision>), Refusal>;

    /// A page of payment methods, the default one first.
    async fn payment_methods(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<PaymentMethodView>, Refusal>;

    /// One payment method.
    async fn payment_method(
        &self,
        secret: &SessionSecret,
        id: PaymentMethodId,
    ) -> Result<PaymentMethodView, Refusal>;
}
