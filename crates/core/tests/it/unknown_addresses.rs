//! Whether an e-mail address is known shows neither in an answer nor in the work behind it. Time is
//! not measured: what takes time is counted.

use crate::common::{EMAIL, PASSWORD, World, brand, origin};
use portico_billing::BrandId;
use portico_core::Caller;
use portico_core::records::RecordKey;
use portico_core::records::contact::ContactRecord;
use portico_core::records::customer::CustomerRecord;
use portico_core_api::{CoreApi, EntryError, MailedLinkPurpose};
use serde_json::{Value, json};

/// What an attempt costs: passwords that are hashed, transactions that are committed.
async fn work<T>(world: &World, attempt: impl Future<Output = T>) -> (T, u64, u64) {
    let figures = || (world.core.passwords_hashed(), world.core.store().commits());
    let before = figures();
    let answer = attempt.await;
    let after = figures();
    (answer, after.0 - before.0, after.1 - before.1)
}

/// A contact of a customer of its own, whose address is known and does not open anything.
async fn contact(world: &World, name: &str, password: bool, change: Option<(&str, Value)>) {
    let customer = world.customer(name).await;
    let contact = world.contact(&customer, &format!("{name}@acme.example")).await;
    let organisation = world.organisation.id;
    if password {
        let set = world.core.set_contact_password(organisation, contact.id, PASSWORD).await;
        set.expect("a password");
    }
    let key = |id: &dyn ToString| RecordKey::new(id.to_string());
    match change {
        Some(("contact", change)) => {
            let id = key(&contact.id);
            let done = world
                .core
                .patch_record::<ContactRecord>(&Caller::system(organisation), &id, &change)
                .await;
            done.expect("changed");
        }
        Some((_, change)) => {
            let id = key(&customer.id);
            let done = world
                .core
                .patch_record::<CustomerRecord>(&Caller::system(organisation), &id, &change)
                .await;
            done.expect("changed");
        }
        None => {}
    }
}

/// Addresses, of the same length as [`EMAIL`]: known in every way, and unknown.
async fn addresses(world: &World) -> Vec<&'static str> {
    world.ana().await;
    contact(world, "eve", false, None).await;
    contact(world, "dan", true, Some(("contact", json!({"disabled": true})))).await;
    contact(world, "leo", true, Some(("customer", json!({"status": "inactive"})))).await;
    let addresses =
        [EMAIL, "eve@acme.example", "dan@acme.example", "leo@acme.example", "bob@acme.example"];
    assert!(addresses.iter().all(|address| address.len() == EMAIL.len()));
    addresses.to_vec()
}

#[tokio::test]
async fn ses_09_one_password_is_hashed_whoever_signs_in() {
    let world = World::new().await;
    let addresses = addresses(&world).await;
    let elsewhere = brand(&world.core, world.organisation.id, "other.acme.test").await;
    let sign_in = |brand: BrandId, email: &'static str, password: &'static str| {
        let core = world.core.clone();
        work(
            &world,
            async move { core.sign_in_with_password(brand, email, password, origin()).await },
        )
    };
    let refused = (Err(EntryError::BadCredentials), 1, 0);
    for email in addresses {
        assert_eq!(sign_in(world.brand.id, email, "not-the-password").await, refused, "{email}");
        assert_eq!(sign_in(elsewhere.id, email, PASSWORD).await, refused, "{email} elsewhere");
        if email != EMAIL {
            assert_eq!(sign_in(world.brand.id, email, PASSWORD).await, refused, "{email}");
        }
    }
    let (answer, hashed, _) = sign_in(world.brand.id, EMAIL, PASSWORD).await;
    assert!(answer.is_ok());
    assert_eq!(hashed, 1, "a right password costs no more");
}

#[tokio::test]
async fn ses_09_a_wish_for_a_link_is_written_down_whoever_asks() {
    let world = World::new().await;
    let addresses = addresses(&world).await;
    let brand = world.brand.id;
    for purpose in [MailedLinkPurpose::SignIn, MailedLinkPurpose::ResetPassword] {
        for email in &addresses {
            let asked = work(&world, world.core.mail_link(brand, email, purpose, origin())).await;
            assert_eq!(asked, (Ok(()), 0, 1), "{email}");
        }
    }
    let mails = world.mails().await;
    let mut written: Vec<_> = mails.iter().map(|mail| mail.message.to.as_str()).collect();
    written.sort_unstable();
    let those_who_may = [EMAIL, EMAIL, "eve@acme.example", "eve@acme.example"];
    assert_eq!(written, those_who_may, "afterwards, by the worker");
}
