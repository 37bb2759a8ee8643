//! Ways in: links of the organisation's software, passwords, mailed links.

use crate::common::{self, EMAIL, PASSWORD, World, brand, foreign_brand, origin, token};
use jiff::SignedDuration;
use portico_core::records::contact::{ContactInput, ContactRecord};
use portico_core::records::customer::CustomerRecord;
use portico_core::records::{RecordKey, Target};
use portico_core::{Caller, Clock, CustomerRef, NewForward, NewPortalSession, PortalSessionError};
use portico_core_api::{
    CoreApi, EntryError, Fault, FieldFault, MailedLinkPurpose, PasswordChange, Refusal,
    SessionSecret,
};
use portico_store::{Store, StoreSettings};
use portico_testkit::both_engines;
use serde_json::json;

fn of(external_id: &str) -> CustomerRef {
    CustomerRef::Customer(RecordKey::new(external_id))
}

fn is_over<T>(result: Result<T, EntryError>) -> bool {
    matches!(result, Err(EntryError::LinkOver { .. }))
}

fn is_out<T>(result: Result<T, Refusal>) -> bool {
    matches!(result, Err(Refusal::SignedOut { .. }))
}

both_engines! {
    /// What was handed out before does not work again when the customer or the contact comes back.
    async fn ses_02_who_was_put_out_stays_out(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let (core, brand) = (&world.core, world.brand.id);
        let other = common::brand(core, world.organisation.id, "other.acme.test").await;
        let customer = |changes: serde_json::Value| {
            let mut input = json!({"external_id": "c-1", "name": "Acme"});
            json_patch::merge(&mut input, &changes);
            input
        };
        let contact = |disabled: bool| json!({
            "external_id": "k-1", "customer_id": "c-1", "name": "Ana", "email": EMAIL,
            "disabled": disabled,
        });
        let named = json!({"external_id": "k-1"});
        let key = RecordKey::new(ana.id.to_string());
        let caller = Caller::system(world.organisation.id);
        let patched = core.patch_record::<ContactRecord>(&caller, &key, &named).await;
        patched.expect("patched");
        for (out, back, ends_links_of_customer) in [
            (customer(json!({"status": "inactive"})), customer(json!({"status": "active"})), true),
            (
                customer(json!({"brand_id": other.id.to_string()})),
                customer(json!({"brand_id": brand.to_string()})),
                true,
            ),
            (contact(true), contact(false), false),
        ] {
            let visit = world.sign_in().await;
            let unused = world.link_for(of("c-1")).await.link;
            let as_such = world.enter(&world.link_for(of("c-1")).await.link).await.secret;
            let purpose = MailedLinkPurpose::SignIn;
            core.mail_link(brand, EMAIL, purpose, origin()).await.expect("asked");
            let mailed = token(&world.mails().await[0]);
            for input in [out, back] {
                if ends_links_of_customer {
                    world.save::<CustomerRecord>(input).await;
                } else {
                    world.save::<ContactRecord>(input).await;
                }
            }
            assert!(is_out(core.visit(brand, &visit, origin().address).await));
            assert!(is_over(core.sign_in_with_mailed_link(brand, &mailed, origin()).await));
            let entered = core.enter_by_session_link(brand, &unused, origin()).await;
            assert_eq!(is_over(entered), ends_links_of_customer);
            let seen = core.visit(brand, &as_such, origin().address).await;
            assert_eq!(is_out(seen), ends_links_of_customer);
            assert!(core.visit(brand, &world.sign_in().await, origin().address).await.is_ok());
            world.wait(3_600);
        }
    }

    async fn ses_01_of_32_who_follow_a_link_at_once_one_gets_in(db: TestDatabase) {
        let world = World::on(db).await;
        world.customer("c-1").await;
        let link = world.link_for(of("c-1")).await.link;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (core, brand, link) = (world.core.clone(), world.brand.id, link.clone());
            tries.spawn(async move { core.enter_by_session_link(brand, &link, origin()).await });
        }
        let results = tries.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(results.into_iter().filter(Result::is_err).all(is_over));
    }
}

#[tokio::test]
async fn ses_01_a_link_works_once_in_time_and_on_its_brand_alone() {
    let world = World::new().await;
    world.customer("c-1").await;
    let other = brand(&world.core, world.organisation.id, "other.acme.test").await;
    let created = world.link_for(of("c-1")).await;
    assert_eq!(created.url, format!("https://billing.acme.test/session/{}", created.link));
    for brand in [other.id, foreign_brand()] {
        let entered = world.core.enter_by_session_link(brand, &created.link, origin()).await;
        assert_eq!(entered, Err(EntryError::NO_LINK));
    }
    world.wait(5 * 60 - 1);
    world.enter(&created.link).await;
    let again = world.core.enter_by_session_link(world.brand.id, &created.link, origin()).await;
    let return_url = Some("https://acme.test/".to_owned());
    let back = EntryError::LinkOver { return_url, language: None };
    assert_eq!(again, Err(back.clone()));

    let late = world.link_for(of("c-1")).await;
    world.wait(5 * 60);
    let entered = world.core.enter_by_session_link(world.brand.id, &late.link, origin()).await;
    assert_eq!(entered, Err(back));
}

/// What is over is told of in the language that it had: what was asked for, else the contact's,
/// else the customer's; strangers are told nothing.
#[tokio::test]
async fn what_is_over_names_its_language() {
    let world = World::new().await;
    let customer = json!({"external_id": "c-1", "name": "Acme", "language": "es"});
    world.save::<CustomerRecord>(customer).await;
    let (core, brand) = (&world.core, world.brand.id);
    let new = |locale: Option<&str>| NewPortalSession {
        locale: locale.map(|tag| tag.parse().expect("a tag")),
        ..NewPortalSession::of(of("c-1"))
    };
    for (locale, expected) in [(Some("de"), "de"), (None, "es")] {
        let created = core.create_portal_session(&world.caller, new(locale)).await;
        let created = created.expect("a session");
        let signed_in = world.enter(&created.link).await;
        assert_eq!(signed_in.language, locale.map(|tag| tag.parse().expect("a tag")));
        core.revoke_portal_session(&world.caller, created.id).await.expect("revoked");
        let told = core.visit(brand, &signed_in.secret, origin().address).await;
        let Err(Refusal::SignedOut { language, .. }) = told else { panic!("{told:?}") };
        assert_eq!(language.map(|tag| tag.to_string()).as_deref(), Some(expected));
        let told = core.enter_by_session_link(brand, &created.link, origin()).await;
        let Err(EntryError::LinkOver { language, .. }) = told else { panic!("{told:?}") };
        assert_eq!(language.map(|tag| tag.to_string()).as_deref(), Some(expected));
        let told = core.enter_by_session_link(foreign_brand(), &created.link, origin()).await;
        assert_eq!(told, Err(EntryError::NO_LINK));
    }
    let nobody = SessionSecret::new("nobody's".to_owned());
    assert_eq!(core.visit(brand, &nobody, origin().address).await, Err(Refusal::NO_SESSION));
}

#[tokio::test]
async fn ses_02_links_and_visits_end_at_once() {
    let world = World::new().await;
    let ana = world.ana().await;
    let brand = world.brand.id;
    let created = world.link_for(CustomerRef::Contact(RecordKey::new(ana.id.to_string()))).await;
    let unused = world.link_for(of("c-1")).await;
    let visit = world.enter(&created.link).await.secret;
    assert!(world.core.visit(brand, &visit, origin().address).await.is_ok());

    world.core.revoke_portal_session(&world.caller, unused.id).await.expect("revoked");
    assert!(is_over(world.core.enter_by_session_link(brand, &unused.link, origin()).await));
    world.core.revoke_portal_session(&world.caller, created.id).await.expect("revoked");
    assert!(is_out(world.core.visit(brand, &visit, origin().address).await));

    let (one, two) = (world.sign_in().await, world.sign_in().await);
    let new = "another-lantern-mill".to_owned();
    let change = PasswordChange { current: Some(PASSWORD.to_owned()), new };
    world.core.change_password(&one, change).await.expect("changed");
    assert!(world.core.visit(brand, &one, origin().address).await.is_ok());
    assert!(is_out(world.core.visit(brand, &two, origin().address).await));

    let customer = json!({"external_id": "c-1", "name": "Acme", "status": "inactive"});
    world.save::<CustomerRecord>(customer).await;
    assert!(is_out(world.core.visit(brand, &one, origin().address).await));
}

#[tokio::test]
async fn ses_02_what_another_process_ends_is_over_here_within_a_second() {
    let world = World::new().await;
    world.ana().await;
    let visit = world.sign_in().await;
    let brand = world.brand.id;
    let id = world.core.visit(brand, &visit, origin().address).await.expect("a visit").session_id;

    // A store of its own, as another process has it: this core does not see what it commits.
    let settings = StoreSettings { address: world.db.address.clone(), connections: 1 };
    let elsewhere = Store::open(&settings).await.expect("the same database");
    let mut write = elsewhere.write(world.organisation.id).await.expect("a unit of work");
    assert!(write.end_portal_session(id, world.clock.now()).await.expect("ended"));
    write.commit().await.expect("committed");

    world.wait(1);
    assert!(is_out(world.core.visit(brand, &visit, origin().address).await));
}

#[tokio::test]
async fn ses_03_the_cookie_is_fresh_and_the_database_cannot_sign_in() {
    let world = World::new().await;
    world.ana().await;
    let created = world.link_for(of("c-1")).await;
    let visit = world.enter(&created.link).await.secret;
    assert_ne!(visit.expose(), created.link);
    assert_eq!(visit.expose().len(), 43);
    assert_ne!(visit.expose(), world.sign_in().await.expose());
    let purpose = MailedLinkPurpose::SignIn;
    world.core.mail_link(world.brand.id, EMAIL, purpose, origin()).await.expect("asked");
    let mails = world.core.claim_mails(10).await.expect("mails");
    let secrets =
        [visit.expose(), created.link.as_str(), &token(&mails[0]), PASSWORD, &world.key[37..]];
    let stored = everything_stored(&world).await;
    for secret in secrets {
        let found = stored.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "prv_04: {secret} is in the database in clear");
    }
    assert!(stored.windows(EMAIL.len()).any(|window| window == EMAIL.as_bytes()));
}

/// All bytes of the database's files.
async fn everything_stored(world: &World) -> Vec<u8> {
    let mut bytes = Vec::new();
    for suffix in ["", "-wal"] {
        bytes.extend(std::fs::read(format!("{}{suffix}", world.db.address)).unwrap_or_default());
    }
    bytes
}

#[tokio::test]
async fn ses_05_a_scanner_that_looks_neither_burns_a_link_nor_gets_in() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let link = world.link_for(of("c-1")).await.link;
    for _ in 0..5 {
        let preview = core.preview_session_link(brand, &link).await.expect("a preview");
        assert_eq!(preview.customer_name, "Customer c-1");
    }
    world.enter(&link).await;

    let purpose = MailedLinkPurpose::SignIn;
    core.mail_link(brand, EMAIL, purpose, origin()).await.expect("asked");
    let mails = world.mails().await;
    let token = token(&mails[0]);
    for _ in 0..5 {
        let preview =
            core.preview_mailed_link(brand, &token, purpose, origin()).await.expect("a preview");
        assert_eq!(preview.email.as_deref(), Some(EMAIL));
    }
    assert!(core.sign_in_with_mailed_link(brand, &token, origin()).await.is_ok());
    assert!(is_over(core.sign_in_with_mailed_link(brand, &token, origin()).await));
}

#[tokio::test]
async fn ses_08_a_session_ends_when_idle_and_at_the_absolute_limit() {
    let world = World::new().await;
    world.customer("c-1").await;
    let idle = |seconds| NewPortalSession {
        idle_timeout: Some(seconds),
        ..NewPortalSession::of(of("c-1"))
    };
    for bad in [0, 59, 86_401] {
        let refused = world.core.create_portal_session(&world.caller, idle(bad)).await;
        assert!(matches!(refused, Err(PortalSessionError::IdleTimeout { .. })), "{bad}");
    }
    let created = world.core.create_portal_session(&world.caller, idle(600)).await;
    let visit = world.enter(&created.expect("a session").link).await.secret;
    for _ in 0..10 {
        world.wait(599);
        assert!(world.core.visit(world.brand.id, &visit, origin().address).await.is_ok());
    }
    world.wait(600);
    let home = Some("https://acme.test/".to_owned());
    let over = Err(Refusal::SignedOut { return_url: home, language: None });
    assert_eq!(world.core.visit(world.brand.id, &visit, origin().address).await, over);

    let created = world.core.create_portal_session(&world.caller, idle(86_400)).await;
    let visit = world.enter(&created.expect("a session").link).await.secret;
    world.wait(12 * 3_600 - 1);
    assert!(world.core.visit(world.brand.id, &visit, origin().address).await.is_ok());
    world.wait(1);
    assert_eq!(world.core.visit(world.brand.id, &visit, origin().address).await, over);
}

#[tokio::test]
async fn ses_08_signing_out_ends_it_on_the_server_and_leads_back() {
    let world = World::new().await;
    world.customer("c-1").await;
    let new = NewPortalSession {
        return_url: Some("https://acme.test/account?tab=2".to_owned()),
        ..NewPortalSession::of(of("c-1"))
    };
    let created = world.core.create_portal_session(&world.caller, new).await.expect("a session");
    let visit = world.enter(&created.link).await.secret;
    let back = Some("https://acme.test/account?tab=2".to_owned());
    assert_eq!(world.core.sign_out(&visit).await, Ok(back.clone()));
    assert!(is_out(world.core.visit(world.brand.id, &visit, origin().address).await));
    assert_eq!(world.core.sign_out(&visit).await, Ok(back));
    let unknown = SessionSecret::new("nobody's".to_owned());
    assert_eq!(world.core.sign_out(&unknown).await, Ok(None));
}

#[tokio::test]
async fn ses_09_an_unknown_address_gets_the_answers_of_a_known_one() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let known = core.sign_in_with_password(brand, EMAIL, "wrong-password", origin()).await;
    let unknown = core.sign_in_with_password(brand, "x@acme.example", PASSWORD, origin()).await;
    assert_eq!(known, Err(EntryError::BadCredentials));
    assert_eq!(known, unknown);
    for purpose in [MailedLinkPurpose::SignIn, MailedLinkPurpose::ResetPassword] {
        for email in [EMAIL, "x@acme.example"] {
            assert_eq!(core.mail_link(brand, email, purpose, origin()).await, Ok(()));
        }
    }
    let mails = world.mails().await;
    let recipients: Vec<&str> = mails.iter().map(|mail| mail.message.to().as_str()).collect();
    assert_eq!(recipients, [EMAIL, EMAIL]);
    let keys = [world.key.replace("key_", "key_0"), format!("{}x", world.key), String::new()];
    for key in keys {
        assert_eq!(core.authenticate_api_key(&key).await.expect("an answer"), None);
    }
}

/// What was left empty is named, before anything is counted: it tells nothing of who there is.
#[tokio::test]
async fn what_is_left_empty_is_named() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let required = |fields: &[&str]| {
        let fault = |field: &&str| FieldFault::new(*field, Fault::Required);
        Err(EntryError::Invalid { faults: fields.iter().map(fault).collect() })
    };
    for (email, password, missing) in [
        ("", "", &["email", "password"][..]),
        ("  ", PASSWORD, &["email"]),
        (EMAIL, "", &["password"]),
        ("nobody@acme.example", "", &["password"]),
    ] {
        for _ in 0..100 {
            let answer = core.sign_in_with_password(brand, email, password, origin()).await;
            assert_eq!(answer.map(drop), required(missing), "{email:?} {password:?}");
            let answer = core.operator_sign_in(email, password, origin()).await;
            assert_eq!(answer.map(drop), required(missing), "{email:?} {password:?}");
        }
    }
    assert_eq!(core.passwords_hashed(), 1, "the one that was set");
    let purpose = MailedLinkPurpose::SignIn;
    assert_eq!(core.mail_link(brand, " ", purpose, origin()).await, required(&["email"]));
    assert_eq!(core.mail_operator_reset("", origin()).await, required(&["email"]));
    world.sign_in().await;
}

/// How many contacts share an address must not show in how much work a try is.
#[tokio::test]
async fn ses_09_of_several_contacts_with_one_address_one_password_is_checked() {
    let world = World::new().await;
    let first = world.ana().await;
    let (core, brand, organisation) = (&world.core, world.brand.id, world.organisation.id);
    let second = world.customer("c-2").await;
    let second = world.contact(&second, EMAIL).await;
    let visitor = async |password: &str| {
        let signed_in = core.sign_in_with_password(brand, EMAIL, password, origin()).await?;
        Ok(core
            .visit(brand, &signed_in.secret, origin().address)
            .await
            .expect("a visit")
            .contact
            .expect("Ana")
            .id)
    };
    assert_eq!(visitor(PASSWORD).await, Ok(first.id), "one without a password is passed over");
    world.wait(1);
    let other = "mill-lantern-tr4verse";
    core.set_contact_password(organisation, second.id, other).await.expect("a password");
    assert_eq!(visitor(other).await, Ok(second.id), "the last password counts");
    assert_eq!(visitor(PASSWORD).await, Err(EntryError::BadCredentials));
}

#[tokio::test]
async fn ten_07_a_contact_signs_in_on_its_own_brand_alone() {
    let world = World::new().await;
    world.ana().await;
    let other = brand(&world.core, world.organisation.id, "other.acme.test").await;
    let signed_in = world.core.sign_in_with_password(other.id, EMAIL, PASSWORD, origin()).await;
    assert_eq!(signed_in, Err(EntryError::BadCredentials));
    let secret = world.sign_in().await;
    assert!(is_out(world.core.visit(other.id, &secret, origin().address).await));
    let purpose = MailedLinkPurpose::ResetPassword;
    world.core.mail_link(other.id, EMAIL, purpose, origin()).await.expect("asked");
    assert_eq!(world.mails().await, []);
}

#[tokio::test]
async fn a_reset_sets_the_password_and_ends_every_session() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let before = world.sign_in().await;
    let purpose = MailedLinkPurpose::ResetPassword;
    core.mail_link(brand, EMAIL, purpose, origin()).await.expect("asked");
    let link = token(&world.mails().await[0]);
    assert!(is_over(core.sign_in_with_mailed_link(brand, &link, origin()).await));
    let weak = core.reset_password(brand, &link, "ana@acme.example", origin()).await;
    let Err(EntryError::Invalid { faults }) = weak else { panic!("a weak password was taken") };
    assert_eq!(
        (faults[0].field.as_str(), &faults[0].fault),
        ("new_password", &Fault::WeakPassword)
    );
    let new = "marmot-under-granite";
    let after = core.reset_password(brand, &link, new, origin()).await.expect("reset").secret;
    assert!(is_out(core.visit(brand, &before, origin().address).await));
    assert!(core.visit(brand, &after, origin().address).await.is_ok());
    assert!(is_over(core.reset_password(brand, &link, new, origin()).await));
    assert!(core.sign_in_with_password(brand, EMAIL, new, origin()).await.is_ok());
    assert_eq!(world.mails().await[0].message.content.kind(), "password-changed");
}

#[tokio::test]
async fn dos_09_an_account_gets_three_mails_of_a_kind_within_an_hour() {
    let world = World::new().await;
    world.ana().await;
    let ask = || async {
        let purpose = MailedLinkPurpose::SignIn;
        world.core.mail_link(world.brand.id, EMAIL, purpose, origin()).await.expect("asked");
    };
    for _ in 0..6 {
        ask().await;
    }
    assert_eq!(world.mails().await.len(), 3);
    world.wait(3_601);
    ask().await;
    assert_eq!(world.mails().await.len(), 1);
}

#[tokio::test]
async fn dos_03_long_passwords_and_floods_are_turned_away() {
    let world = World::new().await;
    world.ana().await;
    let (core, brand) = (&world.core, world.brand.id);
    let long = "x".repeat(1_000_000);
    let refused = core.sign_in_with_password(brand, EMAIL, &long, origin()).await;
    assert_eq!(refused, Err(EntryError::BadCredentials));
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let core = core.clone();
        tries.spawn(async move {
            core.sign_in_with_password(brand, EMAIL, "wrong-password", origin()).await
        });
    }
    let results = tries.join_all().await;
    let turned_away = |it: &&Result<_, _>| matches!(it, Err(EntryError::TooMany { .. }));
    assert!(results.iter().filter(turned_away).count() >= 90, "{results:?}");
    world.wait(60);
    world.sign_in().await;
}

#[tokio::test]
async fn az_07_an_address_that_two_customers_have_opens_nothing() {
    let world = World::new().await;
    let email = |text: &str| CustomerRef::Email(text.parse().expect("an address"));
    let create = async |customer| {
        world.core.create_portal_session(&world.caller, NewPortalSession::of(customer)).await
    };
    let one = world.customer("c-1").await;
    let ana = world.contact(&one, "Ana@acme.example").await;
    let created = create(email(EMAIL)).await.expect("a session");
    assert_eq!((created.customer.id, created.contact_id), (one.id, Some(ana.id)));
    let two = json!({"external_id": "c-2", "name": "Two", "email": EMAIL});
    world.save::<CustomerRecord>(two).await;
    let refused = create(email(EMAIL)).await;
    assert!(matches!(refused, Err(PortalSessionError::AmbiguousEmail)));
    let refused = create(email("nobody@acme.example")).await;
    assert!(matches!(refused, Err(PortalSessionError::UnknownCustomer)));
    let listed = world.core.portal_sessions(&world.caller, None, None, 10).await;
    assert_eq!(listed.expect("sessions").0.len(), 1);
}

#[tokio::test]
async fn what_the_organisation_asks_for_is_checked() {
    let world = World::new().await;
    world.customer("c-1").await;
    let create = async |change: fn(&mut NewPortalSession)| {
        let mut new = NewPortalSession::of(of("c-1"));
        change(&mut new);
        world.core.create_portal_session(&world.caller, new).await.map(|_| ())
    };
    let refused = create(|new| new.customer = of("c-9")).await;
    assert!(matches!(refused, Err(PortalSessionError::UnknownCustomer)));
    let refused = create(|new| new.return_url = Some("https://evil.test/".to_owned())).await;
    assert!(matches!(refused, Err(PortalSessionError::ReturnUrl(_))));
    let refused = create(|new| new.forward = NewForward::SubscriptionPaymentMethod(None)).await;
    assert!(matches!(refused, Err(PortalSessionError::SubscriptionMissing)));
    let refused = create(|new| {
        new.forward = NewForward::SubscriptionPaymentMethod(Some(RecordKey::new("12345")));
    });
    assert!(matches!(refused.await, Err(PortalSessionError::UnknownSubscription)));
    let input = json!({"external_id": "c-1", "name": "Acme", "status": "inactive"});
    world.save::<CustomerRecord>(input).await;
    assert!(matches!(create(|_| ()).await, Err(PortalSessionError::CustomerInactive)));
}

#[tokio::test]
async fn sessions_are_listed_to_the_organisation_page_by_page() {
    let world = World::new().await;
    world.customer("c-1").await;
    for _ in 0..5 {
        world.link_for(of("c-1")).await;
        world.wait(1);
    }
    let core = &world.core;
    let (first, next) = core.portal_sessions(&world.caller, None, None, 3).await.expect("a page");
    let (second, end) = core.portal_sessions(&world.caller, None, next, 3).await.expect("a page");
    assert_eq!((first.len(), second.len(), end), (3, 2, None));
    let newest = first[0].record.created_at;
    assert_eq!(world.clock.now().duration_since(newest), SignedDuration::from_secs(1));
}

#[tokio::test]
async fn a_disabled_contact_neither_stays_nor_comes_back() {
    let world = World::new().await;
    let ana = world.ana().await;
    let visit = world.sign_in().await;
    let input = ContactInput {
        external_id: None,
        customer_id: ana.customer_id.to_string(),
        name: ana.name,
        email: ana.email,
        phone: None,
        role: None,
        language: None,
        time_zone: None,
        kind: None,
        email_verified: None,
        phone_verified: None,
        allowed_addresses: None,
        public_note: None,
        private_note: None,
        disabled: Some(true),
        metadata: None,
        created_at: None,
    };
    let target = Target::Existing(RecordKey::new(ana.id.to_string()));
    let saved = world
        .core
        .save_record::<ContactRecord>(&Caller::system(world.organisation.id), target, input)
        .await;
    assert!(saved.expect("saved").output.disabled_at.is_some());
    assert!(is_out(world.core.visit(world.brand.id, &visit, origin().address).await));
    let (core, brand) = (&world.core, world.brand.id);
    let again = core.sign_in_with_password(brand, EMAIL, PASSWORD, origin()).await;
    assert_eq!(again, Err(EntryError::BadCredentials));
}
