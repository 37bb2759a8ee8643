//! Whoever tries out cards is stopped: with many accounts of one network, with many forms at once,
//! with many accounts of many networks.

use std::ops::Range;

use super::*;
use portico_billing::CustomerId;
use portico_billing::account::Customer;
use portico_billing::attempt_tries::{
    BEGUN_OF_CUSTOMER, DECLINED_CUSTOMERS, DECLINED_OF_CUSTOMER, DECLINED_OF_NETWORK,
    TRY_AGAIN_AFTER, Tries,
};
use portico_core_api::Origin;
use portico_store::payment_attempt::PaymentAttempt;
use portico_testkit::both_engines;

/// Begins a refill from an address.
async fn refill(
    world: &World,
    (who, at): (&SessionSecret, GatewayId),
    (key, address): (&str, &str),
) -> Result<AttemptId, Refusal> {
    let order = PayOrder { amount_minor: Some(700), ..order(key, at, &[]) };
    let address = address.parse().expect("an address");
    let begun = world.core.pay(who, order, Origin { address, user_agent: None }).await?;
    Ok(begun.attempt().expect("an attempt"))
}

/// The same with a card that is declined.
async fn decline(world: &World, from: (&SessionSecret, GatewayId), what: (&str, &str)) {
    let id = refill(world, from, what).await.expect("an attempt");
    choose(world, from.0, id, "decline").await;
    assert_eq!(look(world, from.0, id).await.state, AttemptState::Failed);
}

#[track_caller]
fn assert_too_many<T: std::fmt::Debug>(answer: Result<T, Refusal>) {
    let Err(Refusal::TooMany { retry_after }) = answer else { panic!("let in: {answer:?}") };
    assert_eq!(retry_after, TRY_AGAIN_AFTER.unsigned_abs());
}

/// Adds customers, each with an attempt like this one.
async fn attack(world: &World, like: AttemptId, numbers: Range<u32>) {
    let now = world.core.now();
    let store = world.core.store();
    let mut write = store.write(world.organisation.id).await.expect("a unit of work");
    let attempt = write.payment_attempt(like).await.expect("read").expect("the attempt");
    let customer = write.customer(attempt.customer_id).await.expect("read").expect("a customer");
    for number in numbers {
        let mut random = [7; 10];
        random[6..].copy_from_slice(&number.to_be_bytes());
        let id = CustomerId::new(now, random);
        let customer = Customer { id, external_id: None, ..customer.clone() };
        write.insert_customer(&customer).await.expect("a customer");
        let attempt = PaymentAttempt {
            id: AttemptId::new(now, random),
            customer_id: id,
            contact_id: None,
            ..attempt.clone()
        };
        assert!(write.insert_payment_attempt(&attempt).await.expect("an attempt"));
        write.update_payment_attempt(&attempt).await.expect("as it stands");
    }
    write.commit().await.expect("a commit");
}

both_engines! {
    async fn dos_08_a_network_is_stopped_with_however_many_accounts(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let mut secrets = Vec::new();
        for customer in ["c-1", "c-2", "c-3", "c-4"] {
            secrets.push(enter(&world, customer).await);
        }
        for number in 0..DECLINED_OF_NETWORK {
            // Nobody reaches the bound on customers, and each comes from an address of its own.
            let who = &secrets[number as usize % 3];
            let address = format!("2001:db8:0:7::{number:x}");
            decline(&world, (who, at), (&format!("k-{number}"), &address)).await;
        }
        for (number, who) in secrets.iter().enumerate() {
            let key = format!("more-{number}");
            let here = "2001:db8:0:7:ffff:ffff:ffff:ffff";
            assert_too_many(refill(&world, (who, at), (&key, here)).await);
            for elsewhere in ["2001:db8:0:8::1", "192.0.2.1"] {
                let key = format!("{key}-{elsewhere}");
                assert!(refill(&world, (who, at), (&key, elsewhere)).await.is_ok(), "{key}");
            }
        }
        // What is begun there is sent again as it was.
        let sent = refill(&world, (&secrets[0], at), ("k-0", "2001:db8:0:7::1")).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.wait(3_601);
        let secret = enter(&world, "c-1").await;
        assert!(refill(&world, (&secret, at), ("later", "2001:db8:0:7::1")).await.is_ok());
    }

    async fn dos_08_another_organisation_has_tries_of_its_own(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let (ana, bob) = (enter(&world, "c-1").await, enter(&world, "c-2").await);
        for number in 0..DECLINED_OF_CUSTOMER {
            for (who, name) in [(&ana, "a"), (&bob, "b")] {
                decline(&world, (who, at), (&format!("{name}-{number}"), "192.0.2.7")).await;
            }
        }
        let counted = async |organisation| {
            let mut read = world.core.store().read(organisation).await.expect("a reader");
            let who = (CustomerId::from(uuid::Uuid::nil()), "192.0.2.7".parse().expect("it"));
            let since = world.core.now() - jiff::SignedDuration::from_hours(1);
            read.payment_tries(who, since, true).await.expect("tries")
        };
        let ours = counted(world.organisation.id).await;
        assert_eq!((ours.declined_of_network, ours.declined_customers), (DECLINED_OF_NETWORK, 2));
        let other = crate::common::organisation(&world.core, "Other").await;
        assert_eq!(counted(other.id).await, Tries::default());
    }

    async fn dos_08_what_is_being_asked_counts_until_it_is_known(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        for number in 0..DECLINED_OF_CUSTOMER {
            let begun = refill(&world, (&secret, at), (&format!("k-{number}"), "192.0.2.1")).await;
            assert!(begun.is_ok(), "{number}: {begun:?}");
        }
        world.db.execute("UPDATE payment_attempt SET state = 'sent'").await;
        assert_too_many(refill(&world, (&secret, at), ("more", "192.0.2.1")).await);
        world.db.execute("UPDATE payment_attempt SET state = 'needs_action'").await;
        assert!(refill(&world, (&secret, at), ("more", "192.0.2.1")).await.is_ok());
    }

    async fn dos_08_forms_that_are_sent_at_once_are_counted_one_by_one(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        for number in 1..BEGUN_OF_CUSTOMER {
            let begun = refill(&world, (&secret, at), (&format!("k-{number}"), "192.0.2.1")).await;
            assert!(begun.is_ok(), "{number}: {begun:?}");
        }
        let mut tasks = Vec::new();
        for number in 0..16 {
            let (core, secret) = (world.core.clone(), secret.clone());
            let order = order(&format!("more-{number}"), at, &[]);
            let order = PayOrder { amount_minor: Some(700), ..order };
            tasks.push(tokio::spawn(async move { core.pay(&secret, order, origin()).await }));
        }
        let mut let_in = 0;
        for task in tasks {
            match task.await.expect("an answer") {
                Ok(_) => let_in += 1,
                refused => assert_too_many(refused),
            }
        }
        assert_eq!(let_in, 1);
    }

    async fn dos_08_an_attack_from_everywhere_stops_new_methods_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let keep = PayOrder { amount_minor: Some(700), keep: true, ..order("k", at, &[]) };
        assert!(succeeded(&pay(&world, &secret, keep, "pay").await));
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        let method = offer.ways[0].methods.first().expect("a method").id;

        let first = enter(&world, "c-2").await;
        decline(&world, (&first, at), ("k", "192.0.2.1")).await;
        // What was sent already leads to what it made.
        let like = refill(&world, (&first, at), ("k", "192.0.2.1")).await.expect("the attempt");
        let last = DECLINED_CUSTOMERS - 1;
        attack(&world, like, 1..last).await;
        let begun = refill(&world, (&secret, at), ("new-1", "192.0.2.2")).await;
        assert!(begun.is_ok(), "one below the bound: {begun:?}");
        attack(&world, like, last..DECLINED_CUSTOMERS).await;
        assert_too_many(refill(&world, (&secret, at), ("new-2", "192.0.2.2")).await);
        assert_too_many(refill(&world, (&first, at), ("new-3", "192.0.2.2")).await);
        let stored = PayOrder { method: Some(method), ..order("k-2", at, &[]) };
        let stored = PayOrder { amount_minor: Some(700), ..stored };
        let paid = begin(&world, &secret, stored).await.expect("an attempt");
        assert!(succeeded(&look(&world, &secret, paid).await), "who has paid before goes on");
        world.wait(3_601);
        let secret = enter(&world, "c-1").await;
        assert!(refill(&world, (&secret, at), ("new-4", "192.0.2.2")).await.is_ok());
    }
}
