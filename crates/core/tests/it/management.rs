//! Customers, contacts and idempotency keys as the organisation's software uses them.

use std::sync::Arc;

use crate::common::{self, World, core_on};
use jiff::SignedDuration;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::{CustomerFilter, CustomerRecord};
use portico_core::records::{Outcome, Record, RecordKey, Rejection, Target, parse_input};
use portico_core::{
    ApiKeySecret, Caller, CustomerRef, FixedClock, Idempotency, NewBrand, NewOrganisation,
    SetupError,
};
use portico_core_api::{BillingDetailsChange, CompanyChange, CoreApi};
use portico_store::idempotency::IdempotencyClaim;
use portico_testkit::both_engines;
use serde_json::{Value, json};

async fn save<R: Record>(world: &World, input: Value) -> Result<Outcome, Rejection> {
    let input = parse_input::<R>(input)?;
    let organisation = world.organisation.id;
    let saved =
        world.core.save_record::<R>(&Caller::system(organisation), Target::New, input).await;
    saved.map(|saved| saved.outcome)
}

fn fields(result: Result<Outcome, Rejection>) -> Vec<String> {
    let Err(Rejection::Invalid(faults)) = result else { panic!("no faults: {result:?}") };
    faults.into_iter().map(|fault| fault.field).collect()
}

fn conflict(result: Result<Outcome, Rejection>) -> String {
    let Err(Rejection::Conflict { field, .. }) = result else { panic!("no conflict: {result:?}") };
    field
}

fn full() -> Value {
    json!({
        "external_id": "c-1", "name": "Acme Robotics", "legal_name": "Acme Robotics, S.L.",
        "registration_number": "M-1", "email": "billing@acme.example", "phone": "+34 600",
        "language": "es", "time_zone": "Europe/Madrid", "currency": "EUR",
        "debit_limit_minor": 5000,
        "billing_address": {"line1": "Gran Vía 1", "city": "Madrid", "country": "ES"},
        "shipping_address": {"line1": "Calle 2", "country": "ES"},
        "tax_ids": [{"kind": "eu_vat", "value": "ESB58378431"}, {"kind": "es_cif", "value": "x"}],
        "metadata": {"tier": "gold"}, "created_at": "2024-01-02T03:04:05Z"
    })
}

#[tokio::test]
async fn names_hold_what_can_be_seen_and_turn_nothing_around() {
    let world = World::new().await;
    for bad in
        [" \u{a0}", "\u{200b}\u{feff}", "\u{2060}", "\u{202e}", "Acme \u{202e}001", "\u{2066}A"]
    {
        let customer = json!({"external_id": "c-1", "name": bad});
        assert_eq!(fields(save::<CustomerRecord>(&world, customer).await), ["name"], "{bad:?}");
        let contact = json!({"customer_id": "c-1", "name": bad, "email": "a@acme.example"});
        let told = fields(save::<ContactRecord>(&world, contact).await);
        assert!(told.contains(&"name".to_owned()), "{bad:?}");
        if !bad.trim().is_empty() {
            let company = json!({"name": "Acme", "legal_name": bad});
            let told = fields(save::<CustomerRecord>(&world, company).await);
            assert_eq!(told, ["legal_name"], "{bad:?}");
        }
    }
    for good in ["می\u{200c}خواهم", "👩\u{200d}👧", "شركة \u{200f}(A-1)"] {
        let saved = save::<CustomerRecord>(&world, json!({"name": good})).await;
        assert_eq!(saved.expect("saved"), Outcome::Created, "{good}");
    }
}

#[tokio::test]
async fn a_tax_id_in_two_spellings_is_one_and_an_odd_one_stays() {
    let world = World::new().await;
    let customer = json!({"external_id": "c-1", "name": "Acme", "tax_ids": [
        {"kind": "us_ein", "value": "91-1144442"}, {"kind": "us_ein", "value": "911144442"},
        {"kind": "eu_vat", "value": "de 136 695 976"}, {"kind": "mars_vat", "value": "a-1 b"},
    ]});
    save::<CustomerRecord>(&world, customer).await.expect("saved");
    let key = RecordKey::new("c-1");
    let found = world
        .core
        .find_record::<CustomerRecord>(&Caller::system(world.organisation.id), &key)
        .await;
    let found = found.expect("a customer").tax_ids;
    let kept: Vec<_> = found.iter().map(|it| (it.kind.as_str(), it.value.as_str())).collect();
    assert_eq!(kept, [("us_ein", "911144442"), ("eu_vat", "DE136695976"), ("mars_vat", "a-1 b")]);
}

both_engines! {
    async fn two_first_starts_make_one_organisation(db: TestDatabase) {
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z".parse().expect("a time")));
        let core = core_on(&db, &clock);
        let (one, two) = tokio::join!(core.set_up_links(), core.set_up_links());
        assert_eq!((one.expect("links").len(), two.expect("links").len()), (1, 1));
        let organisations = core.organisations().await.expect("organisations");
        assert_eq!(organisations.len(), 1, "{organisations:?}");
        let brands = core.brands(organisations[0].id).await.expect("brands");
        assert_eq!(brands.iter().map(|it| it.hosts.as_slice()).collect::<Vec<_>>(), [
            ["localhost".to_owned()]
        ]);
    }

    async fn an_organisation_without_a_portal_is_not_left_behind(db: TestDatabase) {
        let world = World::on(db).await;
        let new = || NewOrganisation {
            name: "Late".to_owned(),
            legal_name: None,
            email: None,
            phone: None,
            address: Default::default(),
            tax_ids: Vec::new(),
            time_zone: "UTC".to_owned(),
            currency: portico_billing::Currency::EUR,
            created_at: None,
        };
        let brand = |host: &str| {
            NewBrand::new("Late", vec![host.to_owned()], "en".parse().expect("a language"))
        };
        let core = &world.core;
        let taken = core.create_organisation_with_brand(new(), brand("billing.acme.test")).await;
        assert!(matches!(taken, Err(SetupError::InUse(_))), "{taken:?}");
        let none = core.create_organisation_with_brand(new(), brand("a/b")).await;
        assert!(matches!(none, Err(SetupError::Host(_))), "{none:?}");
        assert_eq!(core.organisations().await.expect("organisations").len(), 1);
        let made = core.create_organisation_with_brand(new(), brand("pay.late.test")).await;
        assert_eq!(made.expect("both").1.hosts, ["pay.late.test"]);
    }

    async fn saving_twice_changes_nothing_and_a_patch_changes_what_it_names(db: TestDatabase) {
        let world = World::on(db).await;
        let organisation = world.organisation.id;
        assert_eq!(save::<CustomerRecord>(&world, full()).await.expect("saved"), Outcome::Created);
        let again = save::<CustomerRecord>(&world, full()).await;
        assert_eq!(again.expect("saved"), Outcome::Unchanged);
        let (key, patch) = (RecordKey::new("c-1"), json!({"legal_name": null, "phone": "1"}));
        let caller = Caller::system(organisation);
        let patched = world.core.patch_record::<CustomerRecord>(&caller, &key, &patch).await;
        let patched = patched.expect("patched");
        assert_eq!(patched.outcome, Outcome::Updated);
        assert_eq!((patched.output.legal_name, patched.output.phone), (None, Some("1".to_owned())));
        let found = world.core.find_record::<CustomerRecord>(&caller, &key).await;
        let found = found.expect("a customer");
        assert_eq!(found.tax_ids.len(), 2);
        assert_eq!(found.billing_address.city.as_deref(), Some("Madrid"));
        assert_eq!(found.created_at.to_string(), "2024-01-02T03:04:05Z");
    }

    async fn who_sends_the_same_record_at_once_gets_it_saved_once(db: TestDatabase) {
        let world = World::on(db).await;
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..16 {
            let (core, organisation) = (world.core.clone(), world.organisation.id);
            tries.spawn(async move {
                let input = json!({"external_id": "c-1", "name": format!("Name {number}")});
                let input = parse_input::<CustomerRecord>(input)?;
                let caller = Caller::system(organisation);
                core.save_record::<CustomerRecord>(&caller, Target::New, input).await
            });
        }
        let saved = tries.join_all().await;
        let outcomes: Vec<Outcome> =
            saved.into_iter().map(|it| it.expect("a saved customer").outcome).collect();
        let created = outcomes.iter().filter(|it| **it == Outcome::Created).count();
        assert_eq!((created, outcomes.len()), (1, 16), "{outcomes:?}");
    }

    /// Two who change different parts of one record at once both get what they asked for.
    async fn no_change_writes_over_another_one(db: TestDatabase) {
        let world = World::on(db).await;
        world.ana().await;
        let organisation = world.organisation.id;
        for round in 0..20 {
            let link = world.link_for(CustomerRef::Customer(RecordKey::new("c-1"))).await.link;
            let secret = world.enter(&link).await.secret;
            let (key, name) = (RecordKey::new("c-1"), format!("Round {round}"));
            let patch = json!({"name": name, "debit_limit_minor": round});
            let change = BillingDetailsChange {
                company: Some(CompanyChange {
                    legal_name: format!("Round {round}, S.L."),
                    registration_number: String::new(),
                    email: String::new(),
                }),
                ..BillingDetailsChange::default()
            };
            let caller = Caller::system(organisation);
            let by_api = world.core.patch_record::<CustomerRecord>(&caller, &key, &patch);
            let more = json!({"phone": round.to_string()});
            let by_other = world.core.patch_record::<CustomerRecord>(&caller, &key, &more);
            let by_portal = world.core.change_billing_details(&secret, change);
            let (by_api, by_other, by_portal) = tokio::join!(by_api, by_other, by_portal);
            by_api.and(by_other).expect("patched");
            by_portal.expect("changed");
            let found = world.core.find_record::<CustomerRecord>(&caller, &key).await;
            let found = found.expect("a customer");
            assert_eq!(found.name, name);
            assert_eq!(found.debit_limit_minor, round);
            assert_eq!(found.phone, Some(round.to_string()));
            assert_eq!(found.legal_name, Some(format!("Round {round}, S.L.")));
        }
    }

    async fn lists_go_on_where_they_ended(db: TestDatabase) {
        let world = World::on(db).await;
        for number in 0..7 {
            world.customer(&format!("c-{number}")).await;
        }
        let (organisation, filter) = (world.organisation.id, CustomerFilter::default());
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let caller = Caller::system(organisation);
            let page = world.core.list_records::<CustomerRecord>(&caller, &filter, after, 3);
            let (rows, next) = page.await.expect("a page");
            assert!(rows.len() <= 3);
            names.extend(rows.into_iter().map(|row| row.name));
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 7);
    }

    async fn a_key_is_done_once(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, &world.caller);
        let begin = async |key: &str, print: u8| {
            core.begin_idempotent(caller, key, [print; 32]).await.expect("an answer")
        };
        let Idempotency::Begun(ticket) = begin("k", 1).await else { panic!("not begun") };
        assert_eq!(begin("k", 1).await, Idempotency::InFlight);
        assert_eq!(begin("k", 2).await, Idempotency::Different);
        core.finish_idempotent(ticket, 201, "{}").await.expect("finished");
        let done = Idempotency::Done { status: 201, body: "{}".to_owned() };
        assert_eq!(begin("k", 1).await, done);
        assert_eq!(begin("k", 2).await, Idempotency::Different);

        let Idempotency::Begun(refused) = begin("r", 1).await else { panic!("not begun") };
        core.finish_idempotent(refused, 422, "{}").await.expect("finished");
        let Idempotency::Begun(_died) = begin("r", 2).await else { panic!("not begun") };
        assert_eq!(begin("r", 2).await, Idempotency::InFlight);
        world.wait(300);
        assert!(matches!(begin("r", 2).await, Idempotency::Begun(_)));
        world.wait(7 * 86_400 + 1);
        core.tidy_up().await.expect("tidied");
        assert!(matches!(begin("k", 2).await, Idempotency::Begun(_)));
    }

    /// Requests were hashed without a key before: who was cut off by the upgrade tries again.
    async fn dur_09_a_key_of_an_earlier_release_still_counts(db: TestDatabase) {
        let world = World::on(db).await;
        let (core, caller) = (&world.core, &world.caller);
        let (now, print) = (core.now(), [1; 32]);
        let mut write = core.store().write(caller.organisation_id).await.expect("a unit of work");
        let earlier = IdempotencyClaim {
            scope: &caller.who.to_string(),
            key: "k",
            fingerprint: &print,
            earlier_fingerprint: &print,
            now,
            locked_until: now + SignedDuration::from_mins(5),
        };
        write.claim_idempotency_key(earlier).await.expect("claimed");
        write.commit().await.expect("a commit");
        let begin =
            async |print| core.begin_idempotent(caller, "k", print).await.expect("an answer");
        assert_eq!(begin(print).await, Idempotency::InFlight);
        assert_eq!(begin([2; 32]).await, Idempotency::Different);
        world.wait(300);
        assert_eq!(begin([2; 32]).await, Idempotency::Different);
        assert!(matches!(begin(print).await, Idempotency::Begun(_)));
    }

    async fn mails_are_tried_again_and_given_up(db: TestDatabase) {
        let world = World::on(db).await;
        world.ana().await;
        let purpose = portico_core_api::MailedLinkPurpose::SignIn;
        let asked = CoreApi::mail_link(
            &world.core, world.brand.id, common::EMAIL, purpose, common::origin());
        asked.await.expect("asked");
        for attempt in 1..=12 {
            let mails = world.core.claim_mails(10).await.expect("mails");
            assert_eq!(mails.len(), 1, "attempt {attempt}");
            assert_eq!(world.core.claim_mails(10).await.expect("mails"), []);
            world.core.mail_failed(&mails[0], "no route").await.expect("noted");
            assert_eq!(world.core.claim_mails(10).await.expect("mails"), []);
            world.wait(6 * 3_600 + 1);
        }
        assert_eq!(world.core.claim_mails(10).await.expect("mails"), []);
    }

    async fn two_workers_never_get_the_same_mail(db: TestDatabase) {
        let world = World::on(db).await;
        let customer = world.customer("c-1").await;
        for number in 0..20 {
            let email = format!("person{number}@acme.example");
            world.contact(&customer, &email).await;
            let purpose = portico_core_api::MailedLinkPurpose::SignIn;
            let origin = common::origin();
            let asked = CoreApi::mail_link(
                &world.core, world.brand.id, &email, purpose, origin);
            asked.await.expect("asked");
        }
        let other = core_on(&world.db, &world.clock);
        let (one, two) = tokio::join!(world.core.claim_mails(50), other.claim_mails(50));
        let mut ids: Vec<_> =
            [one.expect("mails"), two.expect("mails")].concat().iter().map(|it| it.id).collect();
        let rest = world.core.claim_mails(50).await.expect("mails");
        ids.extend(rest.iter().map(|mail| mail.id));
        assert_eq!(ids.len(), 20);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 20);
    }
}

#[tokio::test]
async fn every_fault_of_an_input_is_named() {
    let world = World::new().await;
    let bad = json!({
        "external_id": "", "name": " ", "brand_id": "brd_1", "email": "x", "language": "?",
        "time_zone": "Mars", "currency": "EURO", "billing_address": {"country": "XX"},
        "tax_ids": [{"kind": "", "value": "1"}]
    });
    let mut told = fields(save::<CustomerRecord>(&world, bad).await);
    told.sort_unstable();
    let expected = [
        "billing_address.country",
        "brand_id",
        "currency",
        "email",
        "external_id",
        "language",
        "name",
        "tax_ids.0.kind",
        "time_zone",
    ];
    assert_eq!(told, expected);
    let unknown = json!({"name": "x", "organisation_id": "y"});
    assert_eq!(fields(save::<CustomerRecord>(&world, unknown).await), ["organisation_id"]);
    let contact = json!({"customer_id": "c-9", "name": "Ana", "email": "ana@acme.example"});
    assert_eq!(fields(save::<ContactRecord>(&world, contact).await), ["customer_id"]);
}

#[tokio::test]
async fn contacts_neither_move_nor_share_an_address_within_a_customer() {
    let world = World::new().await;
    world.customer("c-1").await;
    world.customer("c-2").await;
    let contact = |external_id: &str, customer: &str, email: &str| {
        json!({
            "external_id": external_id, "customer_id": customer, "name": "A", "email": email,
        })
    };
    let save = async |input| save::<ContactRecord>(&world, input).await;
    assert_eq!(save(contact("p-1", "c-1", "a@x.test")).await.expect("saved"), Outcome::Created);
    assert_eq!(save(contact("p-1", "c-1", "a@x.test")).await.expect("saved"), Outcome::Unchanged);
    assert_eq!(conflict(save(contact("p-1", "c-2", "a@x.test")).await), "customer_id");
    assert_eq!(conflict(save(contact("p-2", "c-1", "A@x.test")).await), "email");
    assert_eq!(save(contact("p-2", "c-2", "a@x.test")).await.expect("saved"), Outcome::Created);
}

#[tokio::test]
async fn an_organisation_may_have_uuids_of_its_own() {
    let world = World::new().await;
    let own = "063f8b97-f795-4f0b-89b4-88b114c83f44";
    let customer = world.customer(own).await;
    for key in [own.to_owned(), customer.id.to_string(), customer.id.uuid().to_string()] {
        let (organisation, key) = (world.organisation.id, RecordKey::new(key));
        let found =
            world.core.find_record::<CustomerRecord>(&Caller::system(organisation), &key).await;
        assert_eq!(found.expect("a customer").id, customer.id);
    }
}

#[tokio::test]
async fn az_09_a_key_works_until_it_is_revoked_or_ends() {
    let world = World::new().await;
    let (core, organisation) = (&world.core, world.organisation.id);
    let key = ApiKeySecret::parse(&world.key).expect("a key");
    let basic = core.authenticate_basic(&key.id.to_string(), &key.secret).await;
    assert_eq!(basic.expect("an answer"), Some(world.caller));
    let whole = core.authenticate_basic(&world.key, "").await;
    assert_eq!(whole.expect("an answer"), Some(world.caller));
    let plain = format!("key_{}.{}", key.id.uuid(), key.secret);
    assert_eq!(core.authenticate_api_key(&plain).await.expect("an answer"), Some(world.caller));
    core.withdraw_api_key(&Caller::system(organisation), key.id).await.expect("revoked");
    assert_eq!(core.authenticate_api_key(&world.key).await.expect("an answer"), None);

    let end = core.now() + SignedDuration::from_secs(60);
    let short =
        core.create_api_key(organisation, "short", Some(end)).await.expect("a key").expose();
    assert!(core.authenticate_api_key(&short).await.expect("an answer").is_some());
    world.wait(60);
    assert_eq!(core.authenticate_api_key(&short).await.expect("an answer"), None);
}
