//! One person with several accounts: which of them a proof opens, and switching between them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod common;

use common::{EMAIL, PASSWORD, World, brand, origin, token};
use portico_billing::ContactId;
use portico_core::Caller;
use portico_core::records::RecordKey;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core_api::{
    CoreApi, EntryError, Forward, MailedLinkPurpose, Refusal, SessionSecret, SignedIn,
};
use portico_testkit::both_engines;
use serde_json::json;

const OTHER_PASSWORD: &str = "an-umbrella-on-the-moon-7";

/// A customer with a contact of that address; with a password where one is given.
async fn account(world: &World, name: &str, password: Option<&str>) -> ContactId {
    let customer = world.customer(name).await;
    let contact = world.contact(&customer, EMAIL).await.id;
    if let Some(password) = password {
        let set = world.core.set_contact_password(world.organisation.id, contact, password).await;
        set.expect("a password");
        world.wait(1);
    }
    contact
}

async fn enter(world: &World, password: &str) -> Result<SignedIn, EntryError> {
    world.core.sign_in_with_password(world.brand.id, EMAIL, password, origin()).await
}

async fn enter_by_mail(world: &World) -> SignedIn {
    let (core, brand) = (&world.core, world.brand.id);
    core.mail_link(brand, EMAIL, MailedLinkPurpose::SignIn, origin()).await.expect("asked");
    let token = token(&world.mails().await[0]);
    core.sign_in_with_mailed_link(brand, &token, origin()).await.expect("signed in")
}

async fn open_to(world: &World, secret: &SessionSecret) -> Vec<String> {
    let accounts = world.core.accounts(secret).await.expect("accounts");
    accounts.into_iter().map(|it| it.customer_name).collect()
}

async fn customer_of(world: &World, secret: &SessionSecret) -> Result<String, Refusal> {
    let visit = world.core.visit(world.brand.id, secret, origin().address).await?;
    Ok(visit.customer_name)
}

both_engines! {
    async fn a_password_opens_the_accounts_that_have_it(db: TestDatabase) {
        let world = World::on(db).await;
        let foreign = account(&world, "a", Some(OTHER_PASSWORD)).await;
        let second = account(&world, "b", Some(PASSWORD)).await;
        account(&world, "c", None).await;
        account(&world, "d", Some(PASSWORD)).await;
        let signed_in = enter(&world, PASSWORD).await.expect("signed in");
        assert_eq!(signed_in.forward, Forward::Accounts);
        assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer b", "Customer d"]);
        assert_eq!(customer_of(&world, &signed_in.secret).await, Ok("Customer d".to_owned()));

        let refused = world.core.switch_account(&signed_in.secret, foreign, origin()).await;
        assert_eq!(refused, Err(Refusal::NotFound));
        let switched = world.core.switch_account(&signed_in.secret, second, origin()).await;
        let switched = switched.expect("switched");
        assert_ne!(switched.secret, signed_in.secret);
        assert_eq!(switched.expires_at, signed_in.expires_at, "ses_08: it lives no longer");
        assert_eq!(customer_of(&world, &switched.secret).await, Ok("Customer b".to_owned()));
        let old = customer_of(&world, &signed_in.secret).await;
        assert!(matches!(old, Err(Refusal::SignedOut { .. })), "ses_03: {old:?}");
        assert_eq!(open_to(&world, &switched.secret).await, ["Customer b", "Customer d"]);
    }

    async fn a_mailed_link_opens_all_and_what_happens_since_closes_them(db: TestDatabase) {
        let world = World::on(db).await;
        let a = account(&world, "a", Some(OTHER_PASSWORD)).await;
        let b = account(&world, "b", Some(PASSWORD)).await;
        let c = account(&world, "c", None).await;
        account(&world, "d", None).await;
        let signed_in = enter_by_mail(&world).await;
        assert_eq!(signed_in.forward, Forward::Accounts);
        let names = ["Customer a", "Customer b", "Customer c", "Customer d"];
        assert_eq!(open_to(&world, &signed_in.secret).await, names);

        world.wait(1);
        let caller = Caller::system(world.organisation.id);
        let organisation = world.organisation.id;
        world.core.set_contact_password(organisation, a, PASSWORD).await.expect("set");
        let key = |id: ContactId| RecordKey::new(id.to_string());
        let change = json!({"disabled": true});
        world.core.patch_record::<ContactRecord>(&caller, &key(b), &change).await.expect("done");
        let change = json!({"email": "other@acme.example"});
        world.core.patch_record::<ContactRecord>(&caller, &key(c), &change).await.expect("done");
        assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer d"]);
        for gone in [a, b, c] {
            let refused = world.core.switch_account(&signed_in.secret, gone, origin()).await;
            assert_eq!(refused, Err(Refusal::NotFound));
        }
    }

    async fn ten_07_other_brands_and_organisations_are_no_accounts(db: TestDatabase) {
        let world = World::on(db).await;
        let here = account(&world, "a", Some(PASSWORD)).await;
        let elsewhere = brand(&world.core, world.organisation.id, "other.acme.test").await;
        let there = account(&world, "b", Some(PASSWORD)).await;
        let caller = Caller::system(world.organisation.id);
        let change = json!({"brand_id": elsewhere.id});
        let key = RecordKey::new("b");
        world.core.patch_record::<CustomerRecord>(&caller, &key, &change).await.expect("moved");
        for signed_in in [enter(&world, PASSWORD).await.expect("in"), enter_by_mail(&world).await] {
            assert_eq!(signed_in.forward, Forward::Overview, "nothing to choose from");
            assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer a"]);
            let refused = world.core.switch_account(&signed_in.secret, there, origin()).await;
            assert_eq!(refused, Err(Refusal::NotFound));
            let visit = world.core.visit(elsewhere.id, &signed_in.secret, origin().address).await;
            assert!(visit.is_err());
        }
        let elsewhere = elsewhere.id;
        let there = world.core.sign_in_with_password(elsewhere, EMAIL, PASSWORD, origin()).await;
        let there = there.expect("signed in").secret;
        let refused = world.core.switch_account(&there, here, origin()).await;
        assert_eq!(refused, Err(Refusal::NotFound));
    }

    async fn a_reset_gives_all_accounts_of_the_address_one_password(db: TestDatabase) {
        let world = World::on(db).await;
        account(&world, "a", Some(OTHER_PASSWORD)).await;
        account(&world, "b", Some(PASSWORD)).await;
        let before = enter(&world, PASSWORD).await.expect("signed in").secret;
        let (core, brand) = (&world.core, world.brand.id);
        let purpose = MailedLinkPurpose::ResetPassword;
        core.mail_link(brand, EMAIL, purpose, origin()).await.expect("asked");
        let token = token(&world.mails().await[0]);
        world.wait(1);
        let fresh = "a longer walk by the sea 7";
        core.reset_password(brand, &token, fresh, origin()).await.expect("reset");
        assert_eq!(world.mails().await.len(), 1, "told once");
        assert!(customer_of(&world, &before).await.is_err());
        for old in [PASSWORD, OTHER_PASSWORD] {
            assert_eq!(enter(&world, old).await, Err(EntryError::BadCredentials));
        }
        let signed_in = enter(&world, fresh).await.expect("signed in");
        assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer a", "Customer b"]);
    }
}

#[tokio::test]
async fn a_link_of_the_organisation_opens_its_customer_alone() {
    let world = World::new().await;
    let a = account(&world, "a", Some(PASSWORD)).await;
    let b = account(&world, "b", Some(PASSWORD)).await;
    let reference = portico_core::CustomerRef::Contact(RecordKey::new(a.to_string()));
    let link = world.link_for(reference).await.link;
    let secret = world.enter(&link).await.secret;
    assert_eq!(open_to(&world, &secret).await, ["Customer a"]);
    let refused = world.core.switch_account(&secret, b, origin()).await;
    assert_eq!(refused, Err(Refusal::NotFound));
}
