//! A core for tests: one brand, two customers, and a record of what was asked for.

mod api;
pub mod linked;
pub mod paying;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use jiff::Timestamp;
use portico_billing::account::ContactRole;
use portico_billing::brand::{Brand, Custom, Paying, ProfileField, ReportColumns, SignUp, Theme};
use portico_billing::section::Sections;
use portico_billing::{Currency, InvoiceId, LanguageTag};
use portico_core_api::{
    AttemptView, EntryError, FieldFault, Forward, InvoiceQuery, LinkPreview, LinkedOrder,
    NewSignUp, PayOffer, PayOrder, PaymentQuery, Refusal, SessionSecret, SignedIn, StatementQuery,
};
use uuid::Uuid;

/// What customers read as the brand's name.
pub const BRAND: &str = "Acme Cloud";
/// Where those who come by link came from.
pub const RETURN_URL: &str = "https://acme.example/account";
/// The code of a voucher that waits for a payment.
pub const WAITING_CODE: &str = "7K3M-X9QD-41PZ-8RT0-A";
/// The password that is right for everybody.
pub const PASSWORD: &str = "correct horse battery staple";

/// The fake. Secrets are `secret-<n>`; links are put in by tests.
#[derive(Default)]
pub struct Fake {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Live sessions: secret → person.
    sessions: BTreeMap<String, Person>,
    /// Unused links: link → person.
    links: BTreeMap<String, Person>,
    /// Used links: link → person.
    used: BTreeMap<String, Person>,
    /// Names of the methods that were called with a live session.
    calls: Vec<String>,
    /// Why every call on behalf of a visitor is refused.
    refusal: Option<Refusal>,
    faults: Vec<FieldFault>,
    invoice_query: Option<InvoiceQuery>,
    payment_query: Option<PaymentQuery>,
    statement_query: Option<StatementQuery>,
    archived: Vec<InvoiceId>,
    sign_ups: Vec<NewSignUp>,
    made: u32,
    orders: Vec<PayOrder>,
    linked_orders: Vec<LinkedOrder>,
    /// How every attempt stands.
    attempt: Option<AttemptView>,
    offer: Option<PayOffer>,
    chosen: Vec<String>,
    /// Brands that tests put in: host → brand.
    brands: BTreeMap<String, Brand>,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// What its identifiers are made of; names may be alike.
    pub number: u128,
    pub customer: String,
    pub contact: Option<String>,
    pub language: Option<String>,
    /// The language that its session was asked to be in.
    pub locale: Option<String>,
    pub return_url: Option<String>,
    /// What it is shown; everything where nothing is said.
    pub sections: Option<Sections>,
    /// Its role; owner where nothing is said.
    pub role: Option<ContactRole>,
    /// Whether its brand has no gateway that customers can pay by.
    pub has_no_gateway: bool,
}

impl Person {
    pub fn ana() -> Self {
        let contact = Some("Ana Núñez".to_owned());
        Self { number: 5, customer: "Northwind".to_owned(), contact, ..Self::default() }
    }

    pub fn globex() -> Self {
        let return_url = Some(RETURN_URL.to_owned());
        Self { number: 6, customer: "Globex".to_owned(), return_url, ..Self::default() }
    }
}

impl Person {
    fn language(&self) -> Option<LanguageTag> {
        self.locale.as_ref().or(self.language.as_ref()).and_then(|tag| tag.parse().ok())
    }
}

impl Fake {
    /// A link that has not been used.
    pub fn add_link(&self, link: &str, person: Person) {
        self.state.lock().unwrap().links.insert(link.to_owned(), person);
    }

    pub fn has_link(&self, link: &str) -> bool {
        self.state.lock().unwrap().links.contains_key(link)
    }

    /// Answers on `host` with a brand.
    pub fn set_brand(&self, host: &str, brand: Brand) {
        self.state.lock().unwrap().brands.insert(host.to_owned(), brand);
    }

    fn brand_of(&self, host: &str) -> Option<Brand> {
        self.state.lock().unwrap().brands.get(host).cloned()
    }

    /// A live session; the answer is its secret.
    pub fn add_session(&self, person: Person) -> String {
        let mut state = self.state.lock().unwrap();
        state.made += 1;
        let secret = format!("secret-{}", state.made);
        state.sessions.insert(secret.clone(), person);
        secret
    }

    pub fn is_live(&self, secret: &str) -> bool {
        self.state.lock().unwrap().sessions.contains_key(secret)
    }

    /// The calls since the last time that was asked.
    pub fn take_calls(&self) -> BTreeSet<String> {
        self.state.lock().unwrap().calls.drain(..).collect()
    }

    pub fn refuse(&self, refusal: Refusal) {
        self.state.lock().unwrap().refusal = Some(refusal);
    }

    pub fn find_faults(&self, faults: Vec<FieldFault>) {
        self.state.lock().unwrap().faults = faults;
    }

    pub fn invoice_query(&self) -> InvoiceQuery {
        self.state.lock().unwrap().invoice_query.clone().unwrap()
    }

    pub fn payment_query(&self) -> PaymentQuery {
        self.state.lock().unwrap().payment_query.clone().unwrap()
    }

    pub fn statement_query(&self) -> StatementQuery {
        self.state.lock().unwrap().statement_query.clone().unwrap()
    }

    fn note_sign_up(&self, new: NewSignUp) {
        self.state.lock().unwrap().sign_ups.push(new);
    }

    /// The forms that were sent.
    pub fn sign_ups(&self) -> Vec<NewSignUp> {
        self.state.lock().unwrap().sign_ups.clone()
    }

    /// The orders to pay that came.
    pub fn orders(&self) -> Vec<PayOrder> {
        self.state.lock().unwrap().orders.clone()
    }

    /// The orders that came by the link.
    pub fn linked_orders(&self) -> Vec<LinkedOrder> {
        self.state.lock().unwrap().linked_orders.clone()
    }

    /// What was chosen in the sandbox.
    pub fn chosen(&self) -> Vec<String> {
        self.state.lock().unwrap().chosen.clone()
    }

    pub fn set_attempt(&self, view: AttemptView) {
        self.state.lock().unwrap().attempt = Some(view);
    }

    pub fn set_offer(&self, offer: PayOffer) {
        self.state.lock().unwrap().offer = Some(offer);
    }

    pub fn archived(&self) -> Vec<InvoiceId> {
        self.state.lock().unwrap().archived.clone()
    }

    fn enter(&self, person: Person) -> SignedIn {
        SignedIn {
            language: person.locale.as_ref().and_then(|tag| tag.parse().ok()),
            secret: SessionSecret::new(self.add_session(person)),
            expires_at: Timestamp::MAX,
            forward: Forward::Invoices,
        }
    }

    fn take_link(&self, link: &str) -> Result<Person, EntryError> {
        let mut state = self.state.lock().unwrap();
        let Some(person) = state.links.remove(link) else {
            let language = state.used.get(link).and_then(Person::language);
            return Err(EntryError::LinkOver { return_url: Some(RETURN_URL.to_owned()), language });
        };
        state.used.insert(link.to_owned(), person.clone());
        Ok(person)
    }

    fn preview(&self, link: &str) -> Result<LinkPreview, EntryError> {
        let state = self.state.lock().unwrap();
        let person = state.links.get(link).cloned().ok_or(EntryError::NO_LINK)?;
        Ok(LinkPreview {
            customer_id: id(person.number),
            contact_id: person.contact.as_ref().map(|_| id(100 + person.number)),
            language: person.language(),
            customer_name: person.customer,
            email: person.contact.as_ref().map(|_| "ana@northwind.example".to_owned()),
            contact_name: person.contact,
        })
    }

    /// The session of a call that shows or changes something.
    fn ask(&self, secret: &SessionSecret, call: &str) -> Result<Person, Refusal> {
        let mut state = self.state.lock().unwrap();
        let person = state.sessions.get(secret.expose()).cloned().ok_or_else(over)?;
        state.calls.push(call.to_owned());
        match &state.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(person),
        }
    }

    /// A call that shows what is on offer, also where changes are refused for a while.
    fn read(&self, secret: &SessionSecret, call: &str) -> Result<(), Refusal> {
        match self.ask(secret, call) {
            Err(Refusal::TooMany { .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    fn change(&self, secret: &SessionSecret, call: &str) -> Result<(), Refusal> {
        self.ask(secret, call)?;
        let faults = self.state.lock().unwrap().faults.clone();
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Invalid { faults }) }
    }
}

/// What is said of a session that is none any more.
fn over() -> Refusal {
    Refusal::SignedOut { return_url: Some(RETURN_URL.to_owned()), language: None }
}

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn brand() -> Brand {
    Brand {
        id: id(1),
        organisation_id: id(2),
        name: BRAND.to_owned(),
        hosts: vec!["localhost".to_owned(), "pay.acme.example".to_owned()],
        theme: Theme::default(),
        default_language: "en".parse().unwrap(),
        return_origins: Vec::new(),
        home_url: None,
        editable_fields: ProfileField::ALL.to_vec(),
        support_url: None,
        support_email: None,
        footer: None,
        custom: Custom::default(),
        looks_version: 0,
        embed_origins: Vec::new(),
        sign_up: SignUp { customers: true, currencies: vec![Currency::EUR], ..SignUp::default() },
        hidden_sections: Vec::new(),
        report_columns: ReportColumns::default(),
        paying: Paying::default(),
        texts_version: 0,
        created_at: Timestamp::UNIX_EPOCH,
    }
}
