//! A core with one organisation, to be asked like the portal and the organisation's software ask.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use portico_billing::account::{Address, Organisation};
use portico_billing::brand::Brand;
use portico_billing::{BrandId, Currency, GatewayId, OrganisationId};
use portico_core::gateways::GatewayInput;
use portico_core::mail::{ClaimedMail, MailBudget, MailContent};
use portico_core::records::contact::{ContactOutput, ContactRecord};
use portico_core::records::customer::{CustomerOutput, CustomerRecord};
use portico_core::records::{Record, RecordKey, Target, parse_input};
use portico_core::{
    Caller, Clock, Core, CoreParts, CreatedPortalSession, CustomerRef, Entropy, FixedClock,
    NewBrand, NewOrganisation, NewPortalSession, PlainStyles, PublicAddress, SealKey,
};
use portico_core_api::{CoreApi, Origin, SessionSecret, SignedIn, StatementQuery};
use portico_store::Position;
use portico_store::audit::AuditFilter;
use portico_testkit::TestDatabase;
use serde_json::{Value, json};

pub const EMAIL: &str = "ana@acme.example";
pub const PASSWORD: &str = "tr4verse-mill-lantern";

pub struct World {
    pub db: TestDatabase,
    pub core: Core,
    pub clock: Arc<FixedClock>,
    pub organisation: Organisation,
    pub brand: Brand,
    pub caller: Caller,
    pub key: String,
}

/// A core on an empty database.
pub fn core_on(db: &TestDatabase, clock: &Arc<FixedClock>) -> Core {
    core_with_key(db, clock, 9)
}

/// The same that seals with another key.
pub fn core_with_key(db: &TestDatabase, clock: &Arc<FixedClock>, key: u8) -> Core {
    Core::new(parts(db, clock, key))
}

/// What such a core is made of.
pub fn parts(db: &TestDatabase, clock: &Arc<FixedClock>, key: u8) -> CoreParts {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    CoreParts {
        store: db.store.clone(),
        clock,
        entropy: Entropy::from_seed([key; 32]),
        seal_key: SealKey::new([key; 32]),
        public_address: PublicAddress { local_port: 9080, scheme: "https".to_owned(), port: None },
        panel_url: "http://localhost:9090".to_owned(),
        styles: Arc::new(PlainStyles),
        typesetter: portico_typesetter::typeset,
        domains: None,
        mail_probe: None,
        mail_budget: MailBudget::default(),
        http: portico_testkit::http(),
    }
}

impl World {
    pub async fn new() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub async fn on(db: TestDatabase) -> Self {
        let start: Timestamp = "2026-03-02T10:00:00Z".parse().expect("a time");
        let clock = Arc::new(FixedClock::at(start));
        let core = core_on(&db, &clock);
        let organisation = organisation(&core, "Acme").await;
        let brand = brand(&core, organisation.id, "billing.acme.test").await;
        let secret = core.create_api_key(organisation.id, "test", None).await.expect("a key");
        let key = secret.expose();
        let caller = core.authenticate_api_key(&key).await.expect("an answer").expect("a caller");
        Self { db, core, clock, organisation, brand, caller, key }
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.set(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    pub async fn save<R: Record>(&self, input: Value) -> R::Output {
        let input = parse_input::<R>(input).expect("an input");
        let saved = self
            .core
            .save_record::<R>(&Caller::system(self.organisation.id), Target::New, input)
            .await;
        saved.expect("a saved record").output
    }

    pub async fn customer(&self, external_id: &str) -> CustomerOutput {
        let input = json!({"external_id": external_id, "name": format!("Customer {external_id}")});
        self.save::<CustomerRecord>(input).await
    }

    pub async fn contact(&self, customer: &CustomerOutput, email: &str) -> ContactOutput {
        let customer_id = customer.id.to_string();
        let input = json!({"customer_id": customer_id, "name": "Ana Gómez", "email": email});
        self.save::<ContactRecord>(input).await
    }

    /// A contact of a new customer, with [`EMAIL`] and [`PASSWORD`].
    pub async fn ana(&self) -> ContactOutput {
        let customer = self.customer("c-1").await;
        let ana = self.contact(&customer, EMAIL).await;
        let set = self.core.set_contact_password(self.organisation.id, ana.id, PASSWORD).await;
        set.expect("a password");
        ana
    }

    pub async fn link_for(&self, customer: CustomerRef) -> CreatedPortalSession {
        let new = NewPortalSession::of(customer);
        self.core.create_portal_session(&self.caller, new).await.expect("a session")
    }

    pub async fn enter(&self, link: &str) -> SignedIn {
        self.core.enter_by_session_link(self.brand.id, link, origin()).await.expect("a visit")
    }

    pub async fn sign_in(&self) -> SessionSecret {
        let (brand, core) = (self.brand.id, &self.core);
        let signed_in = core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await;
        signed_in.expect("signed in").secret
    }

    pub async fn mails(&self) -> Vec<ClaimedMail> {
        let mails = self.core.claim_mails(100).await.expect("mails");
        for mail in &mails {
            self.core.mail_done(mail).await.expect("done");
        }
        mails
    }
}

/// A world on each engine that is at hand.
pub async fn worlds() -> Vec<World> {
    let mut worlds = vec![World::new().await];
    if let Some(database) = TestDatabase::postgres().await {
        worlds.push(World::on(database).await);
    }
    worlds
}

/// A new customer who is there.
pub async fn enter(world: &World, customer: &str) -> SessionSecret {
    world.customer(customer).await;
    let link = world.link_for(CustomerRef::Customer(RecordKey::new(customer))).await.link;
    world.enter(&link).await.secret
}

/// A gateway at the sandbox that takes euros.
pub async fn gateway(world: &World, name: &str, terms: Value) -> GatewayId {
    let mut currency = json!({"currency": "EUR"});
    for (key, value) in terms.as_object().expect("an object") {
        currency[key] = value.clone();
    }
    let input = json!({
        "provider": "sandbox", "name": name, "enabled": true, "test": true,
        "currencies": [currency],
    });
    let input: GatewayInput = serde_json::from_value(input).expect("an input");
    let caller = Caller::system(world.organisation.id);
    world.core.create_gateway(&caller, &input).await.expect("a gateway").id
}

/// What the customer has, as their statement says.
pub async fn live(world: &World, secret: &SessionSecret) -> i64 {
    let statement = world.core.statement(secret, StatementQuery::default()).await;
    statement.expect("a statement").live.minor()
}

pub async fn assert_whole_ledger(world: &World) {
    let report = world.core.check_ledger(world.organisation.id).await.expect("a check");
    assert_eq!(report.faults, []);
}

/// The audit log as far as it is there, to look for what must not be in it.
pub async fn audit_log(world: &World) -> String {
    let mut read = world.db.store.read(world.organisation.id).await.expect("the database");
    let lines =
        read.audit_entries(AuditFilter::default(), Position::START, 200).await.expect("lines");
    format!("{lines:?}")
}

/// The token in the link of a mail.
pub fn token(mail: &ClaimedMail) -> String {
    let (MailContent::SignInLink { url, .. }
    | MailContent::PasswordReset { url, .. }
    | MailContent::ConfirmEmail { url, .. }
    | MailContent::SignUpConfirm { url, .. }) = &mail.message.content
    else {
        panic!("a mail without a link: {mail:?}")
    };
    url.split_once("token=").expect("a token").1.to_owned()
}

pub fn origin() -> Origin {
    Origin {
        address: "192.0.2.1".parse().expect("an address"),
        user_agent: Some("Test/1.0".to_owned()),
    }
}

pub async fn organisation(core: &Core, name: &str) -> Organisation {
    let new = NewOrganisation {
        name: name.to_owned(),
        legal_name: None,
        email: None,
        phone: None,
        address: Address::default(),
        tax_ids: Vec::new(),
        time_zone: "Europe/Madrid".to_owned(),
        currency: "EUR".parse::<Currency>().expect("a currency"),
        created_at: None,
    };
    core.create_organisation(new).await.expect("an organisation")
}

pub async fn brand(core: &Core, organisation: OrganisationId, host: &str) -> Brand {
    let language = "en".parse().expect("a language");
    let new = NewBrand {
        return_origins: vec!["https://acme.test".to_owned().try_into().expect("an origin")],
        home_url: Some("https://acme.test/".to_owned()),
        ..NewBrand::new("Acme", vec![host.to_owned()], language)
    };
    core.create_brand(organisation, new).await.expect("a brand")
}

pub fn foreign_brand() -> BrandId {
    BrandId::new(Timestamp::UNIX_EPOCH, [1; 10])
}
