//! The fake's answers.

use async_trait::async_trait;
use jiff::Timestamp;
use portico_billing::account::{Address, ContactRole, TaxId};
use portico_billing::brand::{Brand, BrandText, ProfileField};
use portico_billing::contract::ContractRevision;
use portico_billing::invoice::ShownStatus;
use portico_billing::page::Page;
use portico_billing::section::Sections;
use portico_billing::session::SessionOrigin;
use portico_billing::voucher::{Terms, TermsInput, VoucherState};
use portico_billing::*;
use portico_core_api::*;

use super::{Fake, PASSWORD, Person, WAITING_CODE, brand, id};

fn document(name: &str, content_type: &str) -> Document {
    Document {
        file_name: name.to_owned(),
        content_type: content_type.to_owned(),
        bytes: b"bytes".to_vec(),
    }
}

fn nothing<T>() -> Page<T> {
    Page { rows: Vec::new(), next: None, previous: None }
}

fn row() -> InvoiceRow {
    let eur = |minor| Money::new(minor, Currency::EUR);
    InvoiceRow {
        id: id(10),
        number: "INV-1".to_owned(),
        status: ShownStatus::Open,
        total: eur(12_345),
        due_on: jiff::civil::date(2026, 11, 30),
        due: eur(12_345),
        period: None,
        created_at: Timestamp::UNIX_EPOCH,
        issued_on: jiff::civil::date(2026, 11, 1),
    }
}

/// One of each: with its credit, or waiting for a payment.
fn voucher(waits: bool) -> RedeemedVoucher {
    let terms = TermsInput {
        currency: Currency::EUR,
        minimum_minor: if waits { 2_000 } else { 0 },
        multiplier: None,
        addition_minor: 2_500,
        ceiling_minor: None,
    };
    RedeemedVoucher {
        id: id(if waits { 21 } else { 20 }),
        serial: if waits { "BONUS-00007" } else { "SUMMER-00042" }.to_owned(),
        state: if waits { VoucherState::Waiting } else { VoucherState::Redeemed },
        terms: Terms::new(terms).unwrap(),
        redeemed_at: Timestamp::UNIX_EPOCH,
        waits_until: waits.then(|| "2026-12-24T10:00:00Z".parse().unwrap()),
        credited: (!waits).then(|| Money::new(2_500, Currency::EUR)),
        credited_at: (!waits).then_some(Timestamp::UNIX_EPOCH),
    }
}

#[async_trait]
impl CoreApi for Fake {
    async fn brand_by_host(&self, host: &str) -> Result<Option<Brand>, Refusal> {
        if let Some(brand) = self.brand_of(host) {
            return Ok(Some(brand));
        }
        Ok(Some(brand()).filter(|brand| brand.hosts.iter().any(|known| known == host)))
    }

    async fn brand_texts(&self, _: BrandId) -> Result<Vec<BrandText>, Refusal> {
        Ok(Vec::new())
    }

    async fn brand_asset(&self, _: BrandId, _: AssetId) -> Result<Asset, Refusal> {
        Err(Refusal::NotFound)
    }

    async fn preview_session_link(
        &self,
        _: BrandId,
        link: &str,
    ) -> Result<LinkPreview, EntryError> {
        self.preview(link)
    }

    async fn enter_by_session_link(
        &self,
        _: BrandId,
        link: &str,
        _: Origin,
    ) -> Result<SignedIn, EntryError> {
        self.take_link(link).map(|person| self.enter(person))
    }

    async fn sign_in_with_password(
        &self,
        _: BrandId,
        email: &str,
        password: &str,
        _: Origin,
    ) -> Result<SignedIn, EntryError> {
        let missing = |field: &str| FieldFault::new(field, Fault::Required);
        match (email, password) {
            ("", "") => {
                Err(EntryError::Invalid { faults: vec![missing("email"), missing("password")] })
            }
            (_, "") => Err(EntryError::Invalid { faults: vec![missing("password")] }),
            ("ana@northwind.example", PASSWORD) => Ok(self.enter(Person::ana())),
            ("temporary@northwind.example", PASSWORD) => {
                let token = LinkToken::new("link".to_owned());
                Err(EntryError::NewPasswordDue { token })
            }
            ("waiting@northwind.example", PASSWORD) => Err(EntryError::PendingApproval),
            ("flood@northwind.example", _) => {
                Err(EntryError::TooMany { retry_after: std::time::Duration::from_millis(30_500) })
            }
            _ => Err(EntryError::BadCredentials),
        }
    }

    async fn mail_link(
        &self,
        _: BrandId,
        email: &str,
        _: MailedLinkPurpose,
        _: Origin,
    ) -> Result<(), EntryError> {
        if email.contains('@') {
            return Ok(());
        }
        Err(EntryError::Invalid { faults: vec![FieldFault::new("email", Fault::NotAnEmail)] })
    }

    async fn preview_mailed_link(
        &self,
        _: BrandId,
        token: &str,
        _: MailedLinkPurpose,
        _: Origin,
    ) -> Result<LinkPreview, EntryError> {
        self.preview(token)
    }

    async fn sign_in_with_mailed_link(
        &self,
        _: BrandId,
        token: &str,
        _: Origin,
    ) -> Result<SignedIn, EntryError> {
        self.take_link(token).map(|person| self.enter(person))
    }

    async fn reset_password(
        &self,
        _: BrandId,
        token: &str,
        new_password: &str,
        _: Origin,
    ) -> Result<SignedIn, EntryError> {
        if new_password.len() < 8 {
            let faults = vec![FieldFault::new("new_password", Fault::TooShort { min: 8 })];
            return Err(EntryError::Invalid { faults });
        }
        self.take_link(token).map(|person| self.enter(person))
    }

    async fn confirm_email(&self, _: BrandId, token: &str) -> Result<(), EntryError> {
        self.take_link(token).map(drop)
    }

    async fn visit(
        &self,
        brand_id: BrandId,
        secret: &SessionSecret,
        _: std::net::IpAddr,
    ) -> Result<Visit, Refusal> {
        let state = self.state.lock().unwrap();
        let person = state.sessions.get(secret.expose()).cloned().ok_or_else(super::over)?;
        let language = person.language();
        let contact = person.contact.map(|name| VisitContact {
            id: id(100 + person.number),
            name,
            email: "ana@northwind.example".to_owned(),
            phone: None,
            role: person.role.unwrap_or(ContactRole::Owner),
            language: None,
            time_zone: None,
            pending_email: None,
            has_password: true,
            note: None,
        });
        Ok(Visit {
            session_id: id(3),
            origin: SessionOrigin::Link,
            organisation_id: id(2),
            brand_id,
            customer_id: id(person.number),
            customer_name: person.customer,
            currency: Currency::EUR,
            contact,
            staff: None,
            return_url: person.return_url,
            language,
            time_zone: "UTC".to_owned(),
            editable_fields: ProfileField::ALL.to_vec(),
            may_switch: true,
            sections: person.sections.unwrap_or(Sections::ALL),
            takes_payments: !person.has_no_gateway,
        })
    }

    async fn sign_up_offer(&self, _: BrandId) -> Result<SignUpOffer, Refusal> {
        Ok(SignUpOffer { currencies: brand().sign_up.currencies })
    }

    async fn sign_up(&self, _: BrandId, new: NewSignUp, _: Origin) -> Result<(), EntryError> {
        if !new.email.contains('@') {
            let faults = vec![FieldFault::new("email", Fault::NotAnEmail)];
            return Err(EntryError::Invalid { faults });
        }
        self.note_sign_up(new);
        Ok(())
    }

    async fn preview_sign_up(&self, _: BrandId, token: &str) -> Result<SignUpPreview, EntryError> {
        let preview = self.preview(token)?;
        Ok(SignUpPreview {
            company: preview.customer_name,
            name: preview.contact_name.unwrap_or_default(),
            email: preview.email.unwrap_or_default(),
            language: "en".parse().unwrap(),
        })
    }

    async fn confirm_sign_up(
        &self,
        _: BrandId,
        token: &str,
        password: &str,
        _: Origin,
    ) -> Result<SignUpOutcome, EntryError> {
        if self.has_link(token) && password != PASSWORD {
            let faults = vec![FieldFault::new("password", Fault::WeakPassword)];
            return Err(EntryError::Invalid { faults });
        }
        let person = self.take_link(token)?;
        Ok(match token {
            "pending" => SignUpOutcome::PendingApproval,
            "known" => SignUpOutcome::Known,
            _ => SignUpOutcome::SignedIn(self.enter(person)),
        })
    }

    async fn accounts(&self, secret: &SessionSecret) -> Result<Vec<AccountView>, Refusal> {
        let person = self.ask(secret, "accounts")?;
        let account = |number: u128, name: &str| AccountView {
            contact_id: id(100 + number),
            customer_name: name.to_owned(),
            role: ContactRole::Owner,
            current: number == person.number,
        };
        Ok(vec![account(5, "Northwind"), account(6, "Globex")])
    }

    async fn switch_account(
        &self,
        secret: &SessionSecret,
        account: ContactId,
        _: Origin,
    ) -> Result<SignedIn, Refusal> {
        let person = self.ask(secret, "switch_account")?;
        if account != id(106) {
            return Err(Refusal::NotFound);
        }
        let signed_in = self.enter(Person { contact: person.contact, ..Person::globex() });
        Ok(SignedIn { forward: Forward::Accounts, ..signed_in })
    }

    async fn sign_out(&self, secret: &SessionSecret) -> Result<Option<String>, Refusal> {
        let ended = self.state.lock().unwrap().sessions.remove(secret.expose());
        ended.map(|person| person.return_url).ok_or(Refusal::NO_SESSION)
    }

    async fn sessions(&self, secret: &SessionSecret) -> Result<Vec<SessionView>, Refusal> {
        self.ask(secret, "sessions").map(|_| Vec::new())
    }

    async fn staff_visits(&self, secret: &SessionSecret) -> Result<Vec<StaffVisit>, Refusal> {
        self.ask(secret, "staff_visits").map(|_| Vec::new())
    }

    async fn end_session(&self, secret: &SessionSecret, _: SessionId) -> Result<(), Refusal> {
        self.change(secret, "end_session")
    }

    async fn end_other_sessions(&self, secret: &SessionSecret) -> Result<u32, Refusal> {
        self.change(secret, "end_other_sessions").map(|()| 1)
    }

    async fn change_profile(
        &self,
        secret: &SessionSecret,
        _: ProfileChange,
    ) -> Result<(), Refusal> {
        self.change(secret, "change_profile")
    }

    async fn request_email_change(
        &self,
        secret: &SessionSecret,
        _: EmailChange,
    ) -> Result<(), Refusal> {
        self.change(secret, "request_email_change")
    }

    async fn change_password(
        &self,
        secret: &SessionSecret,
        _: PasswordChange,
    ) -> Result<(), Refusal> {
        self.change(secret, "change_password")
    }

    async fn billing_details(&self, secret: &SessionSecret) -> Result<BillingDetails, Refusal> {
        let person = self.ask(secret, "billing_details")?;
        Ok(BillingDetails {
            name: person.customer,
            legal_name: None,
            registration_number: None,
            email: None,
            billing_address: Address::default(),
            shipping_address: Address::default(),
            tax_ids: vec![TaxId { kind: "us_ein".to_owned(), value: "911144442".to_owned() }],
        })
    }

    async fn change_billing_details(
        &self,
        secret: &SessionSecret,
        _: BillingDetailsChange,
    ) -> Result<(), Refusal> {
        self.change(secret, "change_billing_details")
    }

    async fn overview(&self, secret: &SessionSecret) -> Result<Overview, Refusal> {
        self.ask(secret, "overview")?;
        Ok(Overview {
            totals: Vec::new(),
            overdue: Vec::new(),
            next_due: None,
            recent_invoices: Vec::new(),
            active_subscriptions: Vec::new(),
            months: Vec::new(),
            available: Money::zero(Currency::EUR),
        })
    }

    async fn invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
    ) -> Result<Page<InvoiceRow>, Refusal> {
        self.ask(secret, "invoices")?;
        self.state.lock().unwrap().invoice_query = Some(query.clone());
        let rows = if query.search.is_empty() { vec![row()] } else { Vec::new() };
        Ok(Page { rows, next: Some("n+/=".to_owned()), previous: None })
    }

    async fn invoice(
        &self,
        secret: &SessionSecret,
        _: InvoiceId,
    ) -> Result<InvoiceDetail, Refusal> {
        self.ask(secret, "invoice").and(Err(Refusal::NotFound))
    }

    async fn invoice_pdf(&self, secret: &SessionSecret, _: InvoiceId) -> Result<Document, Refusal> {
        self.ask(secret, "invoice_pdf").map(|_| document("INV-1.pdf", "application/pdf"))
    }

    async fn invoices_zip(
        &self,
        secret: &SessionSecret,
        ids: Vec<InvoiceId>,
    ) -> Result<Document, Refusal> {
        self.ask(secret, "invoices_zip")?;
        self.state.lock().unwrap().archived = ids;
        Ok(document("invoices.zip", "application/zip"))
    }

    async fn export_invoices(
        &self,
        secret: &SessionSecret,
        query: InvoiceQuery,
        _: TableFormat,
    ) -> Result<Export, Refusal> {
        self.ask(secret, "export_invoices")?;
        self.state.lock().unwrap().invoice_query = Some(query);
        Ok(Export { document: document("invoices.csv", "text/csv"), truncated: true })
    }

    async fn credit_note(
        &self,
        secret: &SessionSecret,
        _: CreditNoteId,
    ) -> Result<CreditNoteView, Refusal> {
        self.ask(secret, "credit_note").and(Err(Refusal::NotFound))
    }

    async fn credit_note_pdf(
        &self,
        secret: &SessionSecret,
        _: CreditNoteId,
    ) -> Result<Document, Refusal> {
        self.ask(secret, "credit_note_pdf").and(Err(Refusal::NotFound))
    }

    async fn statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Statement, Refusal> {
        self.ask(secret, "statement")?;
        let nothing_moved = Money::zero(query.currency.unwrap_or(Currency::EUR));
        self.state.lock().unwrap().statement_query = Some(query);
        Ok(Statement {
            live: nothing_moved,
            limit: None,
            currencies: vec![nothing_moved.currency()],
            opening: None,
            closing: None,
            lines: nothing(),
        })
    }

    async fn export_statement(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
        _: TableFormat,
    ) -> Result<Export, Refusal> {
        self.ask(secret, "export_statement")?;
        self.state.lock().unwrap().statement_query = Some(query);
        Ok(Export { document: document("statement.csv", "text/csv"), truncated: false })
    }

    async fn redeem_voucher(
        &self,
        secret: &SessionSecret,
        code: &str,
        _: Origin,
    ) -> Result<RedeemedVoucher, Refusal> {
        self.change(secret, "redeem_voucher")?;
        Ok(voucher(code == WAITING_CODE))
    }

    async fn vouchers(&self, secret: &SessionSecret) -> Result<Vec<RedeemedVoucher>, Refusal> {
        self.ask(secret, "vouchers").map(|_| vec![voucher(true), voucher(false)])
    }

    async fn payments(
        &self,
        secret: &SessionSecret,
        query: PaymentQuery,
    ) -> Result<Page<PaymentRow>, Refusal> {
        self.ask(secret, "payments")?;
        self.state.lock().unwrap().payment_query = Some(query);
        Ok(nothing())
    }

    async fn payment(
        &self,
        secret: &SessionSecret,
        _: PaymentId,
    ) -> Result<PaymentDetail, Refusal> {
        self.ask(secret, "payment").and(Err(Refusal::NotFound))
    }

    async fn receipt_pdf(&self, secret: &SessionSecret, _: PaymentId) -> Result<Document, Refusal> {
        self.ask(secret, "receipt_pdf").and(Err(Refusal::NotFound))
    }

    async fn export_payments(
        &self,
        secret: &SessionSecret,
        _: PaymentQuery,
        _: TableFormat,
    ) -> Result<Export, Refusal> {
        self.ask(secret, "export_payments")?;
        Ok(Export { document: document("payments.csv", "text/csv"), truncated: false })
    }

    async fn entitlements(
        &self,
        secret: &SessionSecret,
        _: ListQuery,
    ) -> Result<Page<EntitlementView>, Refusal> {
        self.ask(secret, "entitlements").map(|_| nothing())
    }

    async fn entitlement(
        &self,
        secret: &SessionSecret,
        _: EntitlementId,
    ) -> Result<EntitlementView, Refusal> {
        self.ask(secret, "entitlement").and(Err(Refusal::NotFound))
    }

    async fn subscriptions(
        &self,
        secret: &SessionSecret,
        _: ListQuery,
    ) -> Result<Page<SubscriptionView>, Refusal> {
        self.ask(secret, "subscriptions").map(|_| nothing())
    }

    async fn subscription(
        &self,
        secret: &SessionSecret,
        _: SubscriptionId,
    ) -> Result<SubscriptionView, Refusal> {
        self.ask(secret, "subscription").and(Err(Refusal::NotFound))
    }

    async fn contracts(
        &self,
        secret: &SessionSecret,
        _: ListQuery,
    ) -> Result<Page<ContractView>, Refusal> {
        self.ask(secret, "contracts").map(|_| nothing())
    }

    async fn contract(
        &self,
        secret: &SessionSecret,
        _: ContractId,
    ) -> Result<(ContractView, Vec<ContractRevision>), Refusal> {
        self.ask(secret, "contract").and(Err(Refusal::NotFound))
    }

    async fn payment_methods(
        &self,
        secret: &SessionSecret,
        _: ListQuery,
    ) -> Result<Page<PaymentMethodView>, Refusal> {
        self.ask(secret, "payment_methods").map(|_| nothing())
    }

    async fn payment_method(
        &self,
        secret: &SessionSecret,
        _: PaymentMethodId,
    ) -> Result<PaymentMethodView, Refusal> {
        self.ask(secret, "payment_method").and(Err(Refusal::NotFound))
    }
}

#[async_trait]
impl StatementApi for Fake {
    async fn statement_pdf(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Document, Refusal> {
        self.ask(secret, "statement_pdf")?;
        if query.from.zip(query.until).is_some_and(|(from, until)| from > until) {
            let faults = vec![FieldFault::new("until", Fault::NotAChoice)];
            return Err(Refusal::Invalid { faults });
        }
        Ok(document("statement.pdf", "application/pdf"))
    }
}
