//! Signing up: the form, the mail, the customer that is made of the template, and the staff.

use crate::common::{self, EMAIL, PASSWORD, World, foreign_brand, origin, token};
use portico_billing::account::{Customer, CustomerKind, CustomerStatus};
use portico_billing::brand::SignUp;
use portico_billing::payment::PaymentStatus;
use portico_billing::permission::{OperatorRole, Permission, Permissions};
use portico_billing::sign_up::VALUE_PER_ADDRESS_AND_DAY;
use portico_billing::{Currency, CustomerId};
use portico_core::mail::MailContent;
use portico_core::records::contract::{ContractFilter, ContractRecord};
use portico_core::records::customer::CustomerRecord;
use portico_core::records::entitlement::{EntitlementFilter, EntitlementRecord};
use portico_core::records::payment::{PaymentFilter, PaymentOutput, PaymentRecord};
use portico_core::records::subscription::{SubscriptionFilter, SubscriptionRecord};
use portico_core::records::{Record, RecordKey, Rejection};
use portico_core::{Caller, GuestError, NewGuestSession, StaffError};
use portico_core_api::{CoreApi, EntryError, Fault, NewSignUp, Origin, SignUpOutcome, SignedIn};
use portico_store::Position;
use portico_store::customer::CustomerFilter;
use portico_testkit::{TestDatabase, both_engines};
use serde_json::json;

/// A world whose brand lets customers sign up, with this template and these wishes.
async fn open(db: TestDatabase, change: impl FnOnce(&mut SignUp)) -> World {
    let mut world = World::on(db).await;
    let template = template(&world).await;
    let mut write = world.core.store().write(world.organisation.id).await.expect("a unit");
    world.brand.sign_up =
        SignUp { customers: true, template_id: Some(template), ..SignUp::default() };
    change(&mut world.brand.sign_up);
    write.update_brand(&world.brand).await.expect("updated");
    write.commit().await.expect("committed");
    world
}

/// A customer with one of everything.
async fn template(world: &World) -> CustomerId {
    let customer = world
        .save::<CustomerRecord>(json!({
            "external_id": "template", "name": "Template", "debit_limit_minor": 2_500,
            "language": "es", "time_zone": "Europe/Madrid", "metadata": {"plan": "starter"},
            "tax_ids": [{"kind": "eu_vat", "value": "ESB12345678"}], "phone": "+34 600 000 000",
        }))
        .await;
    let id = &customer.id.to_string();
    let payment = |minor: i64, currency: &str, status: &str| {
        json!({
            "external_id": format!("p-{minor}-{currency}-{status}"), "customer_id": id,
            "status": status, "amount_minor": minor, "currency": currency, "method": "other",
            "method_label": "Starting credit", "description": "Welcome",
            "paid_at": "2020-01-01T00:00:00Z",
        })
    };
    world.save::<PaymentRecord>(payment(500, "EUR", "succeeded")).await;
    world.save::<PaymentRecord>(payment(700, "USD", "succeeded")).await;
    world.save::<PaymentRecord>(payment(900, "EUR", "failed")).await;
    world
        .save::<SubscriptionRecord>(json!({
            "external_id": "s-1", "customer_id": id, "plan": "Starter", "status": "active",
            "currency": "EUR", "amount_minor": 900, "interval_unit": "month",
            "started_on": "2020-01-01", "period_start": "2020-01-01",
            "period_end_exclusive": "2020-02-01",
        }))
        .await;
    world
        .save::<EntitlementRecord>(json!({
            "external_id": "e-1", "customer_id": id, "subscription_id": "s-1", "name": "Minutes",
            "kind": "quantity", "status": "active", "unit": "min", "used": "17", "limit": "100",
        }))
        .await;
    world
        .save::<ContractRecord>(json!({
            "external_id": "k-1", "customer_id": id, "name": "Terms", "status": "active",
            "starts_on": "2020-01-01", "signed_by": "Somebody", "body": "First.\n\nSecond.",
        }))
        .await;
    customer.id
}

fn form(email: &str) -> NewSignUp {
    NewSignUp {
        kind: CustomerKind::Customer,
        company: "Northwind".to_owned(),
        name: "Ana Gómez".to_owned(),
        email: email.to_owned(),
        country: "ES".to_owned(),
        currency: String::new(),
        language: "en".parse().expect("a language"),
        guest: None,
    }
}

fn from(address: &str) -> Origin {
    Origin { address: address.parse().expect("an address"), user_agent: None }
}

/// Sends the form and takes the token out of the mail.
async fn mailed(world: &World, new: NewSignUp, origin: Origin) -> String {
    let email = new.email.clone();
    world.core.sign_up(world.brand.id, new, origin).await.expect("taken");
    let mails = world.mails().await;
    let mail = mails.iter().find(|mail| mail.message.to.as_str() == email).expect("a mail");
    assert_eq!(mail.message.content.kind(), "sign-up-confirm");
    token(mail)
}

async fn confirmed(world: &World, token: &str) -> SignUpOutcome {
    world.core.confirm_sign_up(world.brand.id, token, PASSWORD, origin()).await.expect("an outcome")
}

async fn signed_up(world: &World, email: &str, origin: Origin) -> SignedIn {
    let token = mailed(world, form(email), origin).await;
    match confirmed(world, &token).await {
        SignUpOutcome::SignedIn(signed_in) => signed_in,
        other => panic!("nobody is signed in: {other:?}"),
    }
}

/// All customers but the template, newest first.
async fn customers(world: &World) -> Vec<Customer> {
    let mut read = world.core.store().read(world.organisation.id).await.expect("a read");
    let all = read.customers(&CustomerFilter::default(), Position::START, 1_000).await;
    let mut all = all.expect("customers");
    all.retain(|it| it.external_id.is_none());
    all
}

async fn all<R: Record>(world: &World, filter: R::Filter) -> Vec<R::Output> {
    let caller = Caller::system(world.organisation.id);
    world.core.list_records::<R>(&caller, &filter, None, 50).await.expect("a list").0
}

async fn payments(world: &World, customer: CustomerId) -> Vec<PaymentOutput> {
    let customer_id = Some(customer.to_string());
    all::<PaymentRecord>(world, PaymentFilter { customer_id, ..PaymentFilter::default() }).await
}

both_engines! {
    async fn a_new_customer_has_what_the_template_has(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        let signed_in = signed_up(&world, EMAIL, origin()).await;
        let address = origin().address;
        let visit = world.core.visit(world.brand.id, &signed_in.secret, address).await;
        let visit = visit.expect("a visit");
        assert_eq!(visit.customer_name, "Northwind");

        let made = customers(&world).await;
        assert_eq!(made.len(), 1);
        let customer = &made[0];
        assert_eq!(customer.id, visit.customer_id);
        assert_eq!(customer.status, CustomerStatus::Active);
        assert_eq!(customer.debit_limit_minor, 2_500);
        assert_eq!(customer.time_zone.as_deref(), Some("Europe/Madrid"));
        assert_eq!(customer.metadata.get("plan").map(String::as_str), Some("starter"));
        assert_eq!((&customer.phone, customer.tax_ids.len()), (&None, 0));
        let country = customer.billing_address.country.as_ref().map(|it| it.as_str());
        assert_eq!(country, Some("ES"));

        let paid = payments(&world, customer.id).await;
        assert_eq!(paid.len(), 1, "{paid:?}");
        let payment = &paid[0];
        assert_eq!((payment.amount_minor, payment.currency), (500, Currency::EUR));
        assert_eq!(payment.status, PaymentStatus::Succeeded);
        assert_eq!(payment.external_id, None);
        assert_eq!(payment.paid_at, world.core.now());
        assert_eq!(payment.method_label.as_deref(), Some("Starting credit"));
        let overview = world.core.overview(&signed_in.secret).await.expect("an overview");
        assert_eq!(overview.totals[0].sums.balance(), 500);

        let of = || Some(customer.id.to_string());
        let filter = SubscriptionFilter { customer_id: of(), status: None };
        let subscriptions = all::<SubscriptionRecord>(&world, filter).await;
        assert_eq!(subscriptions.len(), 1);
        assert_eq!(subscriptions[0].started_on.to_string(), "2026-03-02");
        let filter = EntitlementFilter { customer_id: of(), status: None };
        let entitlements = all::<EntitlementRecord>(&world, filter).await;
        assert_eq!(entitlements.len(), 1);
        assert_eq!(entitlements[0].subscription_id, Some(subscriptions[0].id));
        assert_eq!(json!(entitlements[0].used), json!("0"));
        let filter = ContractFilter { customer_id: of(), status: None };
        let contracts = all::<ContractRecord>(&world, filter).await;
        assert_eq!((contracts.len(), &contracts[0].signed_by), (1, &None));
        let caller = Caller::system(world.organisation.id);
        let key = RecordKey::new(contracts[0].id.to_string());
        let contract = world.core.find_record::<ContractRecord>(&caller, &key).await;
        let contract = contract.expect("a contract");
        assert_eq!(contract.body.as_deref(), Some("First.\n\nSecond."));
    }

    async fn of_32_who_confirm_at_once_one_makes_a_customer(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        let token = mailed(&world, form(EMAIL), origin()).await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (core, brand, token) = (world.core.clone(), world.brand.id, token.clone());
            tries.spawn(async move {
                core.confirm_sign_up(brand, &token, PASSWORD, origin()).await
            });
        }
        let results = tries.join_all().await;
        let won = results.iter().filter(|it| matches!(it, Ok(SignUpOutcome::SignedIn(_))));
        assert_eq!(won.count(), 1);
        let over = |it: &&Result<_, _>| matches!(it, Err(EntryError::LinkOver { .. }));
        assert_eq!(results.iter().filter(over).count(), 31, "{results:?}");
        let made = customers(&world).await;
        assert_eq!(made.len(), 1);
        assert_eq!(payments(&world, made[0].id).await.len(), 1);
    }

    /// Two forms with one address: whichever link is used first makes the account.
    async fn an_address_gets_one_account(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        let one = mailed(&world, form(EMAIL), origin()).await;
        let two = mailed(&world, form("ANA@acme.example"), origin()).await;
        let mut tries = tokio::task::JoinSet::new();
        for token in [one, two] {
            let (core, brand) = (world.core.clone(), world.brand.id);
            tries.spawn(async move {
                core.confirm_sign_up(brand, &token, PASSWORD, origin()).await
            });
        }
        let results = tries.join_all().await;
        let known = results.iter().filter(|it| matches!(it, Ok(SignUpOutcome::Known)));
        assert_eq!(known.count(), 1, "{results:?}");
        assert_eq!(customers(&world).await.len(), 1);
    }

    /// Whoever fills in the form with somebody else's address knows nothing that opens the account.
    async fn ses_10_the_password_is_chosen_by_whose_address_it_is(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        let (core, brand) = (&world.core, world.brand.id);
        let token = mailed(&world, form(EMAIL), origin()).await;
        for weak in ["", "sh0rt!x", EMAIL, "northwind1"] {
            let refused = core.confirm_sign_up(brand, &token, weak, origin()).await;
            let Err(EntryError::Invalid { faults }) = refused else {
                panic!("{weak}: {refused:?}")
            };
            let fields: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
            assert_eq!(fields, ["password"], "{weak}");
        }
        assert_eq!(customers(&world).await.len(), 0, "nothing is made without a password");
        assert!(matches!(confirmed(&world, &token).await, SignUpOutcome::SignedIn(_)));
        assert!(core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await.is_ok());
    }

    /// Neither two who approve at once nor who lets a customer wait again give anything twice.
    async fn what_is_approved_twice_is_copied_once(db: TestDatabase) {
        let world = open(db, |sign_up| sign_up.needs_approval = true).await;
        let token = mailed(&world, form(EMAIL), origin()).await;
        assert_eq!(confirmed(&world, &token).await, SignUpOutcome::PendingApproval);
        let id = customers(&world).await[0].id;
        let caller = Caller::system(world.organisation.id);
        let wait_again = async || {
            let key = RecordKey::new(id.to_string());
            let change = json!({"status": "pending_approval"});
            let core = &world.core;
            core.patch_record::<CustomerRecord>(&caller, &key, &change).await.expect("changed");
        };
        for round in 0..2 {
            let mut tries = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let core = world.core.clone();
                tries.spawn(async move { core.approve_sign_up(&caller, id).await });
            }
            let results = tries.join_all().await;
            let won = results.iter().filter(|it| it.is_ok()).count();
            assert_eq!(won, 1, "round {round}: {results:?}");
            let lost = |it: &&Result<_, _>| matches!(it, Err(StaffError::NotFound));
            assert_eq!(results.iter().filter(lost).count(), 7, "round {round}: {results:?}");
            assert_eq!(payments(&world, id).await.len(), 1, "round {round}");
            let customer_id = Some(id.to_string());
            let filter = SubscriptionFilter { customer_id, status: None };
            assert_eq!(all::<SubscriptionRecord>(&world, filter).await.len(), 1, "round {round}");
            wait_again().await;
        }
    }

    /// A customer that came in without the staff has what the template has already.
    async fn who_waits_later_gets_nothing_again(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        signed_up(&world, EMAIL, origin()).await;
        let id = customers(&world).await[0].id;
        let caller = Caller::system(world.organisation.id);
        let (key, change) = (RecordKey::new(id.to_string()), json!({"status": "pending_approval"}));
        let core = &world.core;
        core.patch_record::<CustomerRecord>(&caller, &key, &change).await.expect("changed");
        core.approve_sign_up(&caller, id).await.expect("approved");
        assert_eq!(payments(&world, id).await.len(), 1);
    }

    async fn dos_09_value_is_given_once_per_person_and_capped_per_network(db: TestDatabase) {
        let world = open(db, |_| {}).await;
        let mut addresses = vec!["one@gmail.com".to_owned(), "o.n.e+2@googlemail.com".to_owned()];
        addresses.extend((0..=VALUE_PER_ADDRESS_AND_DAY).map(|n| format!("farm{n}@acme.example")));
        for (number, email) in addresses.iter().enumerate() {
            // The first two come from elsewhere.
            let host = if number < 2 { 10 + number } else { 1 };
            signed_up(&world, email, from(&format!("192.0.2.{host}"))).await;
        }
        let made = customers(&world).await;
        assert_eq!(made.len(), addresses.len(), "all of them have an account");
        let mut given = Vec::new();
        for email in &addresses {
            let own = |it: &&Customer| it.email.as_ref().is_some_and(|own| own.as_str() == email);
            let customer = made.iter().find(own).expect("a customer");
            let paid = payments(&world, customer.id).await.len();
            assert_eq!(paid == 0, customer.debit_limit_minor == 0, "{email}");
            given.push(paid);
        }
        assert_eq!(given, [1, 0, 1, 1, 1, 0], "{addresses:?}");
        world.wait(25 * 3_600);
        signed_up(&world, "later@acme.example", from("192.0.2.1")).await;
        let newest = &customers(&world).await[0];
        assert_eq!(payments(&world, newest.id).await.len(), 1, "a day later there is room again");
    }

    async fn the_staff_decides_where_the_brand_asks_for_it(db: TestDatabase) {
        let world = open(db, |sign_up| sign_up.needs_approval = true).await;
        let owner = portico_core::NewOperator {
            email: "olga@acme.test".parse().expect("an address"),
            name: "Olga".to_owned(),
            role: OperatorRole::Owner,
            password: Some(PASSWORD.to_owned()),
        };
        world.core.create_operator(world.organisation.id, owner).await.expect("an operator");
        let (core, brand) = (&world.core, world.brand.id);
        let caller = Caller::system(world.organisation.id);
        let mut ids = Vec::new();
        for email in [EMAIL, "bob@acme.example"] {
            let token = mailed(&world, form(email), origin()).await;
            assert_eq!(confirmed(&world, &token).await, SignUpOutcome::PendingApproval);
            let told = world.mails().await;
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].message.to.as_str(), "olga@acme.test");
            let entered = core.sign_in_with_password(brand, email, PASSWORD, origin()).await;
            assert_eq!(entered, Err(EntryError::PendingApproval));
            let entered = core.sign_in_with_password(brand, email, "not-it-at-all", origin()).await;
            assert_eq!(entered, Err(EntryError::BadCredentials));
            ids.push(customers(&world).await[0].id);
        }
        let (waiting, _) = core.waiting_sign_ups(&caller, None, 10).await.expect("a list");
        assert_eq!(waiting.len(), 2);
        assert!(waiting.iter().all(|it| it.with_value && it.contact.is_some()));
        assert!(payments(&world, ids[0]).await.is_empty(), "nothing of value yet");

        let weak = Caller { permissions: OperatorRole::Support.permissions(), ..caller };
        assert!(!weak.permissions.has(Permission::ApproveSignUps));
        assert!(core.approve_sign_up(&weak, ids[0]).await.is_err());
        let clerk = Permissions::of(&[Permission::Read, Permission::EditCustomers]);
        let clerk = Caller { permissions: clerk, ..caller };
        for status in ["active", "inactive"] {
            let (key, patch) = (RecordKey::new(ids[0].to_string()), json!({ "status": status }));
            let done = core.patch_record::<CustomerRecord>(&clerk, &key, &patch).await;
            assert!(matches!(done, Err(Rejection::Forbidden(_))), "{status}: {done:?}");
            let rename = json!({"name": format!("Still waiting for {status}")});
            core.patch_record::<CustomerRecord>(&clerk, &key, &rename).await.expect("renamed");
        }
        core.approve_sign_up(&caller, ids[0]).await.expect("approved");
        assert!(core.approve_sign_up(&caller, ids[0]).await.is_err(), "once is enough");
        assert_eq!(payments(&world, ids[0]).await.len(), 1);
        assert!(core.refuse_sign_up(&caller, ids[1], " \n ").await.is_err(), "a reason is needed");
        core.refuse_sign_up(&caller, ids[1], "Not in your country yet.").await.expect("refused");
        assert!(payments(&world, ids[1]).await.is_empty());

        let mails = world.mails().await;
        let kinds: Vec<_> = mails.iter().map(|mail| mail.message.content.kind()).collect();
        assert_eq!(kinds, ["approval-granted", "approval-refused"]);
        let MailContent::ApprovalRefused { reason, .. } = &mails[1].message.content else {
            panic!("another mail: {:?}", mails[1]);
        };
        assert_eq!(reason, "Not in your country yet.");
        assert!(core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await.is_ok());
        let refused =
            core.sign_in_with_password(brand, "bob@acme.example", PASSWORD, origin()).await;
        assert_eq!(refused, Err(EntryError::BadCredentials));
    }
}

#[tokio::test]
async fn ses_09_known_and_unknown_addresses_cost_and_answer_the_same() {
    let world = open(TestDatabase::sqlite().await, |_| {}).await;
    world.ana().await;
    let figures = || (world.core.passwords_hashed(), world.core.store().commits());
    for email in [EMAIL, "bob@acme.example"] {
        let before = figures();
        let answer = world.core.sign_up(world.brand.id, form(email), origin()).await;
        let after = figures();
        assert_eq!((answer, after.0 - before.0, after.1 - before.1), (Ok(()), 0, 1), "{email}");
    }
    let mails = world.mails().await;
    let kind = |email: &str| {
        let mail = mails.iter().find(|mail| mail.message.to.as_str() == email);
        mail.map(|mail| mail.message.content.kind())
    };
    assert_eq!(kind(EMAIL), Some("sign-up-known"));
    assert_eq!(kind("bob@acme.example"), Some("sign-up-confirm"));
    for mail in &mails {
        assert_eq!(mail.message.name, mail.message.to.as_str(), "nothing that was typed is mailed");
    }
    assert_eq!(customers(&world).await.len(), 0, "nothing is made before the address is proven");
}

#[tokio::test]
async fn dos_09_mails_and_forms_are_bounded() {
    let world = open(TestDatabase::sqlite().await, |_| {}).await;
    let mut refused = 0;
    for number in 0..10_u8 {
        let from = from(&format!("198.51.100.{number}"));
        match world.core.sign_up(world.brand.id, form(EMAIL), from).await {
            Ok(()) => {}
            Err(EntryError::TooMany { retry_after }) => {
                assert!(!retry_after.is_zero());
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(refused, 5, "one e-mail address from everywhere");
    assert_eq!(world.mails().await.len(), 3);
    let here = |number: u32| form(&format!("n{number}@acme.example"));
    let mut taken = 0;
    for number in 0..30 {
        taken +=
            u32::from(world.core.sign_up(world.brand.id, here(number), origin()).await.is_ok());
    }
    assert_eq!(taken, 20, "many e-mail addresses from one place");
}

#[tokio::test]
async fn a_link_works_once_in_time_and_on_its_brand_alone() {
    let world = open(TestDatabase::sqlite().await, |_| {}).await;
    let other = common::brand(&world.core, world.organisation.id, "other.acme.test").await;
    let token = mailed(&world, form(EMAIL), origin()).await;
    let (core, brand) = (&world.core, world.brand.id);
    for foreign in [other.id, foreign_brand()] {
        let confirmed = core.confirm_sign_up(foreign, &token, PASSWORD, origin()).await;
        assert_eq!(confirmed, Err(EntryError::NO_LINK));
    }
    for _ in 0..3 {
        let preview = core.preview_sign_up(brand, &token).await.expect("a preview");
        assert_eq!((preview.company.as_str(), preview.email.as_str()), ("Northwind", EMAIL));
    }
    world.wait(24 * 3_600);
    assert!(core.confirm_sign_up(brand, &token, PASSWORD, origin()).await.is_err());
    world.wait(1);
    assert_eq!(core.tidy_up().await.map(|deleted| deleted > 0).ok(), Some(true));
    assert!(core.preview_sign_up(brand, &token).await.is_err());
}

#[tokio::test]
async fn where_it_is_switched_off_nobody_signs_up() {
    let world = open(TestDatabase::sqlite().await, |sign_up| {
        sign_up.customers = false;
        sign_up.carriers = true;
        sign_up.currencies = vec![Currency::EUR, Currency::USD];
    })
    .await;
    let (core, brand) = (&world.core, world.brand.id);
    let off = core.sign_up(brand, form(EMAIL), origin()).await;
    assert_eq!(off, Err(EntryError::NotOffered));
    let carrier = NewSignUp { kind: CustomerKind::Carrier, ..form(EMAIL) };
    let Err(EntryError::Invalid { faults }) = core.sign_up(brand, carrier.clone(), origin()).await
    else {
        panic!("a currency has to be chosen");
    };
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].field.as_str(), &faults[0].fault), ("currency", &Fault::NotAChoice));
    let carrier = NewSignUp { currency: "USD".to_owned(), ..carrier };
    let token = mailed(&world, carrier, origin()).await;
    assert!(matches!(confirmed(&world, &token).await, SignUpOutcome::SignedIn(_)));
    let made = &customers(&world).await[0];
    assert_eq!((made.kind, made.currency), (CustomerKind::Carrier, Currency::USD));
    assert_eq!(made.debit_limit_minor, 0, "the template's limit is in another currency");
    let paid = payments(&world, made.id).await;
    assert_eq!(paid.iter().map(|it| it.amount_minor).collect::<Vec<_>>(), [700]);
}

#[tokio::test]
async fn all_faults_of_a_form_are_told_at_once() {
    let world = open(TestDatabase::sqlite().await, |_| {}).await;
    let empty = NewSignUp {
        company: String::new(),
        name: " ".to_owned(),
        country: "XX".to_owned(),
        ..form("ana@")
    };
    let Err(EntryError::Invalid { faults }) =
        world.core.sign_up(world.brand.id, empty, origin()).await
    else {
        panic!("it was taken");
    };
    let fields: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["company", "name", "email", "country"]);
}

#[tokio::test]
async fn a_guest_is_led_back_to_where_it_came_from() {
    let world = open(TestDatabase::sqlite().await, |_| {}).await;
    let (core, caller) = (&world.core, &world.caller);
    let wanted = |url: &str| NewGuestSession { return_url: Some(url.to_owned()) };
    let foreign = core.create_guest_session(caller, wanted("https://evil.test/")).await;
    assert!(matches!(foreign, Err(GuestError::ReturnUrl(_))));
    let guest = core.create_guest_session(caller, wanted("https://acme.test/pay")).await;
    let guest = guest.expect("a guest");
    assert_eq!(guest.url, format!("https://billing.acme.test/sign-up?guest={}", guest.token));
    let new = NewSignUp { guest: Some(guest.token), ..form(EMAIL) };
    let token = mailed(&world, new, origin()).await;
    let SignUpOutcome::SignedIn(signed_in) = confirmed(&world, &token).await else {
        panic!("nobody is signed in");
    };
    let back = core.sign_out(&signed_in.secret).await.expect("signed out");
    assert_eq!(back.as_deref(), Some("https://acme.test/pay"));
    let made_up = NewSignUp { guest: Some("AAAA".to_owned()), ..form("bob@acme.example") };
    mailed(&world, made_up, origin()).await;
}
