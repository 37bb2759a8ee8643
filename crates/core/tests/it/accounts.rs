//! One person with several accounts: which of them a proof opens, and switching between them.

use crate::common::{EMAIL, PASSWORD, World, brand, origin, token};
use portico_billing::ContactId;
use portico_core::Caller;
use portico_core::records::RecordKey;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core_api::{
    CoreApi, EntryError, Forward, MailedLinkPurpose, Origin, Refusal, SessionSecret, SignedIn,
};
use portico_testkit::both_engines;
use serde_json::json;

const OTHER_PASSWORD: &str = "an-umbrella-on-the-moon-7";
const FRESH: &str = "a longer walk by the sea 7";

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
        // The newest one is the one that is entered.
        world.wait(1);
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
        core.reset_password(brand, &token, FRESH, origin()).await.expect("reset");
        assert_eq!(world.mails().await.len(), 1, "told once");
        assert!(customer_of(&world, &before).await.is_err());
        for old in [PASSWORD, OTHER_PASSWORD] {
            assert_eq!(enter(&world, old).await, Err(EntryError::BadCredentials));
        }
        let signed_in = enter(&world, FRESH).await.expect("signed in");
        assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer a", "Customer b"]);
    }
}

/// The network of [`origin`], and that of [`elsewhere`].
const HERE: &str = "192.0.2.0/24";
const ELSEWHERE: &str = "203.0.113.0/24";

/// Lets a contact in from one network alone.
async fn keep_in(world: &World, contact: ContactId, network: &str) {
    let caller = Caller::system(world.organisation.id);
    let key = RecordKey::new(contact.to_string());
    let change = json!({"allowed_addresses": [network]});
    world.core.patch_record::<ContactRecord>(&caller, &key, &change).await.expect("changed");
}

fn elsewhere() -> Origin {
    Origin { address: "203.0.113.9".parse().expect("an address"), user_agent: None }
}

/// The token of a link that was asked for.
async fn link(world: &World, purpose: MailedLinkPurpose) -> String {
    world.core.mail_link(world.brand.id, EMAIL, purpose, origin()).await.expect("asked");
    token(&world.mails().await[0])
}

both_engines! {
    /// Of several accounts, a mailed link opens and changes those that may be entered from here.
    async fn a_mailed_link_keeps_to_the_networks_of_contacts(db: TestDatabase) {
        let world = World::on(db).await;
        let here = account(&world, "a", Some(OTHER_PASSWORD)).await;
        let there = account(&world, "b", Some(PASSWORD)).await;
        let (core, brand) = (&world.core, world.brand.id);
        let held = core.sign_in_with_password(brand, EMAIL, PASSWORD, elsewhere()).await;
        let held = held.expect("signed in").secret;
        keep_in(&world, here, HERE).await;
        keep_in(&world, there, ELSEWHERE).await;

        let token = link(&world, MailedLinkPurpose::SignIn).await;
        let purpose = MailedLinkPurpose::SignIn;
        let preview = core.preview_mailed_link(brand, &token, purpose, origin()).await;
        assert_eq!(preview.expect("usable").customer_name, "Customer a", "ses_06");
        let signed_in = core.sign_in_with_mailed_link(brand, &token, origin()).await;
        let signed_in = signed_in.expect("the other one lets in");
        assert_eq!(signed_in.forward, Forward::Overview, "nothing to choose from");
        assert_eq!(open_to(&world, &signed_in.secret).await, ["Customer a"]);
        let refused = core.switch_account(&signed_in.secret, there, origin()).await;
        assert_eq!(refused, Err(Refusal::NotFound));

        let token = link(&world, MailedLinkPurpose::ResetPassword).await;
        world.wait(1);
        let signed_in = core.reset_password(brand, &token, FRESH, origin()).await.expect("reset");
        assert_eq!(customer_of(&world, &signed_in.secret).await, Ok("Customer a".to_owned()));
        for old in [PASSWORD, OTHER_PASSWORD] {
            assert_eq!(enter(&world, old).await, Err(EntryError::BadCredentials));
        }
        let fresh = enter(&world, FRESH).await.expect("signed in").secret;
        assert_eq!(open_to(&world, &fresh).await, ["Customer a"]);

        assert!(core.visit(brand, &held, elsewhere().address).await.is_ok(), "it stays as it was");
        let refused = core.sign_in_with_password(brand, EMAIL, FRESH, elsewhere()).await;
        assert_eq!(refused, Err(EntryError::BadCredentials));
        let kept = core.sign_in_with_password(brand, EMAIL, PASSWORD, elsewhere()).await;
        let kept = kept.expect("signed in").secret;
        let seen = core.visit(brand, &kept, elsewhere().address).await.expect("a visit");
        assert_eq!(seen.customer_name, "Customer b");
    }

    /// Where no account may be entered, the page is that of a link that is over, and nothing is
    /// changed: it works from where the contact may be.
    async fn a_mailed_link_from_a_foreign_network_changes_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let there = account(&world, "a", Some(PASSWORD)).await;
        keep_in(&world, there, ELSEWHERE).await;
        let (core, brand) = (&world.core, world.brand.id);
        let held = core.sign_in_with_password(brand, EMAIL, PASSWORD, elsewhere()).await;
        let held = held.expect("signed in").secret;
        let over = EntryError::LinkOver { return_url: None, language: None };

        let sign_in = link(&world, MailedLinkPurpose::SignIn).await;
        let purpose = MailedLinkPurpose::SignIn;
        let hidden = core.preview_mailed_link(brand, &sign_in, purpose, origin()).await;
        assert_eq!(hidden.err(), Some(over.clone()));
        let refused = core.sign_in_with_mailed_link(brand, &sign_in, origin()).await;
        assert_eq!(refused, Err(over.clone()));
        let reset = link(&world, MailedLinkPurpose::ResetPassword).await;
        let caller = Caller::system(world.organisation.id);
        assert_eq!(core.mail_password_link(&caller, there).await.ok(), Some(true));
        let of_staff = token(&world.mails().await[0]);
        for token in [&reset, &of_staff] {
            let refused = core.reset_password(brand, token, FRESH, origin()).await;
            assert_eq!(refused, Err(over.clone()));
        }
        assert_eq!(world.mails().await, [], "nobody is told of a change");
        assert!(core.visit(brand, &held, elsewhere().address).await.is_ok());
        let same = core.sign_in_with_password(brand, EMAIL, PASSWORD, elsewhere()).await;
        assert!(same.is_ok(), "the password is the same");
        assert!(core.sign_in_with_mailed_link(brand, &sign_in, elsewhere()).await.is_ok());
        assert!(core.reset_password(brand, &of_staff, FRESH, elsewhere()).await.is_ok());
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
