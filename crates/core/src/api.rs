//! The Core API, answered in this process. Each method is one verb of a module of the same noun.

use async_trait::async_trait;
use portico_billing::brand::{Brand, BrandText};
use portico_billing::contract::ContractRevision;
use portico_billing::page::Page;
use portico_billing::*;
use portico_core_api::*;

use crate::{sign_up, *};

#[async_trait]
impl CoreApi for Core {
    async fn brand_by_host(&self, host: &str) -> Result<Option<Brand>, Refusal> {
        brands::by_host(self, host).await
    }

    async fn brand_texts(&self, brand: BrandId) -> Result<Vec<BrandText>, Refusal> {
        brand_texts::of_brand(self, brand).await
    }

    async fn brand_asset(&self, brand: BrandId, asset: AssetId) -> Result<Asset, Refusal> {
        brands::asset(self, brand, asset).await
    }

    async fn preview_session_link(
        &self,
        brand: BrandId,
        link: &str,
    ) -> Result<LinkPreview, EntryError> {
        entry::session_link::preview(self, brand, link).await
    }

    async fn enter_by_session_link(
        &self,
        brand: BrandId,
        link: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError> {
        entry::session_link::enter(self, brand, link, origin).await
    }

    async fn sign_in_with_password(
        &self,
        brand: BrandId,
        email: &str,
        password: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError> {
        entry::password::sign_in(self, brand, email, password, origin).await
    }

    async fn mail_link(
        &self,
        brand: BrandId,
        email: &str,
        purpose: MailedLinkPurpose,
        origin: Origin,
    ) -> Result<(), EntryError> {
        entry::mailed_link::mail(self, brand, email, purpose, origin).await
    }

    async fn preview_mailed_link(
        &self,
        brand: BrandId,
        token: &str,
        purpose: MailedLinkPurpose,
        origin: Origin,
    ) -> Result<LinkPreview, EntryError> {
        entry::mailed_link::preview(self, brand, (token, purpose), origin).await
    }

    async fn sign_in_with_mailed_link(
        &self,
        brand: BrandId,
        token: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError> {
        entry::mailed_link::sign_in(self, brand, token, origin).await
    }

    async fn reset_password(
        &self,
        brand: BrandId,
        token: &str,
        new_password: &str,
        origin: Origin,
    ) -> Result<SignedIn, EntryError> {
        entry::mailed_link::reset_password(self, brand, token, new_password, origin).await
    }

    async fn confirm_email(&self, brand: BrandId, token: &str) -> Result<(), EntryError> {
        entry::mailed_link::confirm_email(self, brand, token).await
    }

    async fn visit(
        &self,
        brand: BrandId,
        secret: &SessionSecret,
        from: std::net::IpAddr,
    ) -> Result<Visit, Refusal> {
        sessions::visit(self, brand, secret, from).await
    }

    async fn sign_out(&self, secret: &SessionSecret) -> Result<Option<String>, Refusal> {
        sessions::sign_out(self, secret).await
    }

    async fn sign_up_offer(&self, brand: BrandId) -> Result<SignUpOffer, Refusal> {
        sign_up::offer(self, brand).await
    }

    async fn sign_up(
        &self,
        brand: BrandId,
        new: NewSignUp,
        origin: Origin,
    ) -> Result<(), EntryError> {
        sign_up::request(self, brand, new, origin).await
    }

    async fn preview_sign_up(
        &self,
        brand: BrandId,
        token: &str,
    ) -> Result<SignUpPreview, EntryError> {
        sign_up::preview(self, brand, token).await
    }

    async fn confirm_sign_up(
        &self,
        brand: BrandId,
        token: &str,
        password: &str,
        origin: Origin,
    ) -> Result<SignUpOutcome, EntryError> {
        sign_up::confirm(self, brand, (token, password), origin).await
    }

    async fn accounts(&self, secret: &SessionSecret) -> Result<Vec<AccountView>, Refusal> {
        accounts::list(self, secret).await
    }

    async fn switch_account(
        &self,
        secret: &SessionSecret,
        account: ContactId,
        origin: Origin,
    ) -> Result<SignedIn, Refusal> {
        accounts::switch(self, secret, account, origin).await
    }

    async fn sessions(&self, secret: &SessionSecret) -> Result<Vec<SessionView>, Refusal> {
        sessions::list(self, secret).await
    }

    async fn staff_visits(&self, secret: &SessionSecret) -> Result<Vec<StaffVisit>, Refusal> {
        sessions::staff_visits(self, secret).await
    }

    async fn end_session(&self, secret: &SessionSecret, id: SessionId) -> Result<(), Refusal> {
        sessions::end(self, secret, id).await
    }

    async fn end_other_sessions(&self, secret: &SessionSecret) -> Result<u32, Refusal> {
        sessions::end_others(self, secret).await
    }

    async fn change_profile(
        &self,
        secret: &SessionSecret,
        change: ProfileChange,
    ) -> Result<(), Refusal> {
        profile::change(self, secret, change).await
    }

    async fn request_email_change(
        &self,
        secret: &SessionSecret,
        change: EmailChange,
    ) -> Result<(), Refusal> {
        profile::request_email_change(self, secret, change).await
    }

    async fn change_password(
        &self,
        secret: &SessionSecret,
        change: PasswordChange,
    ) -> Result<(), Refusal> {
        profile::change_password(self, secret, change).await
    }

    async fn billing_details(&self, secret: &SessionSecret) -> Result<BillingDetails, Refusal> {
        billing_details::read(self, secret).await
    }

    async fn change_billing_details(
        &self,
        secret: &SessionSecret,
        change: BillingDetailsChange,
    ) -> Result<(), Refusal> {
        billing_details::change(self, secret, change).await
    }

    async fn overview(&self, secret: &SessionSecret) -> Result<Overview, Refusal> {
        overview::read(self, secret).await
    }

    async fn invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
    ) -> Result<Page<InvoiceRow>, Refusal> {
        invoices::list(self, secret, query).await
    }

    async fn invoice(
        &self,
        secret: &SessionSecret,
        id: InvoiceId,
    ) -> Result<InvoiceDetail, Refusal> {
        invoices::find(self, secret, id).await
    }

    async fn invoice_pdf(
        &self,
        secret: &SessionSecret,
        id: InvoiceId,
    ) -> Result<Document, Refusal> {
        invoices::pdf(self, secret, id).await
    }

    async fn invoices_zip(
        &self,
        secret: &SessionSecret,
        ids: Vec<InvoiceId>,
    ) -> Result<Document, Refusal> {
        invoices::zip(self, secret, ids).await
    }

    async fn export_invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal> {
        invoices::export(self, secret, query, format).await
    }

    async fn credit_note(
        &self,
        secret: &SessionSecret,
        id: CreditNoteId,
    ) -> Result<CreditNoteView, Refusal> {
        credit_notes::find(self, secret, id).await
    }

    async fn credit_note_pdf(
        &self,
        secret: &SessionSecret,
        id: CreditNoteId,
    ) -> Result<Document, Refusal> {
        credit_notes::pdf(self, secret, id).await
    }

    async fn statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Statement, Refusal> {
        balance::statement(self, secret, query).await
    }

    async fn export_statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal> {
        balance::export(self, secret, query, format).await
    }

    async fn payments(
        &self,
        secret: &SessionSecret,
        query: PaymentQuery,
    ) -> Result<Page<PaymentRow>, Refusal> {
        payments::list(self, secret, query).await
    }

    async fn payment(
        &self,
        secret: &SessionSecret,
        id: PaymentId,
    ) -> Result<PaymentDetail, Refusal> {
        payments::find(self, secret, id).await
    }

    async fn receipt_pdf(
        &self,
        secret: &SessionSecret,
        id: PaymentId,
    ) -> Result<Document, Refusal> {
        payments::receipt(self, secret, id).await
    }

    async fn export_payments(
        &self,
        secret: &SessionSecret,
        query: PaymentQuery,
        format: TableFormat,
    ) -> Result<Export, Refusal> {
        payments::export(self, secret, query, format).await
    }

    async fn redeem_voucher(
        &self,
        secret: &SessionSecret,
        code: &str,
        origin: Origin,
    ) -> Result<RedeemedVoucher, Refusal> {
        vouchers::redeem(self, secret, code, &origin).await
    }

    async fn vouchers(&self, secret: &SessionSecret) -> Result<Vec<RedeemedVoucher>, Refusal> {
        vouchers::own(self, secret).await
    }

    async fn entitlements(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<EntitlementView>, Refusal> {
        entitlements::list(self, secret, query).await
    }

    async fn entitlement(
        &self,
        secret: &SessionSecret,
        id: EntitlementId,
    ) -> Result<EntitlementView, Refusal> {
        entitlements::find(self, secret, id).await
    }

    async fn subscriptions(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<SubscriptionView>, Refusal> {
        subscriptions::list(self, secret, query).await
    }

    async fn subscription(
        &self,
        secret: &SessionSecret,
        id: SubscriptionId,
    ) -> Result<SubscriptionView, Refusal> {
        subscriptions::find(self, secret, id).await
    }

    async fn contracts(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<ContractView>, Refusal> {
        contracts::list(self, secret, query).await
    }

    async fn contract(
        &self,
        secret: &SessionSecret,
        id: ContractId,
    ) -> Result<(ContractView, Vec<ContractRevision>), Refusal> {
        contracts::find(self, secret, id).await
    }

    async fn payment_methods(
        &self,
        secret: &SessionSecret,
        query: ListQuery,
    ) -> Result<Page<PaymentMethodView>, Refusal> {
        payment_methods::list(self, secret, query).await
    }

    async fn payment_method(
        &self,
        secret: &SessionSecret,
        id: PaymentMethodId,
    ) -> Result<PaymentMethodView, Refusal> {
        payment_methods::find(self, secret, id).await
    }
}
