//! What is done once, and what is not done at all.

use super::*;
use portico_billing::account::ContactRole;
use portico_billing::section::Section;
use portico_core::LedgerWatch;
use portico_testkit::both_engines;

both_engines! {
    async fn pay_04_a_form_that_is_sent_twice_pays_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let mut tasks = Vec::new();
        for _ in 0..64 {
            let (core, secret) = (world.core.clone(), secret.clone());
            let order = order("k", at, &[id]);
            tasks.push(tokio::spawn(async move { core.pay(&secret, order, origin()).await }));
        }
        let mut attempts = Vec::new();
        for task in tasks {
            let begun = task.await.expect("an answer").expect("an order");
            attempts.push(begun.attempt().expect("an attempt"));
        }
        attempts.dedup();
        assert_eq!(attempts.len(), 1);
        let altered = PayOrder { amount_minor: Some(500), ..order("k", at, &[id]) };
        assert_eq!(begin(&world, &secret, altered).await, invalid("form", Fault::Unchanged));
        let stranger = enter(&world, "c-2").await;
        let theirs = invoice(&world, "c-2", "B-1", 1_000).await;
        let other = begin(&world, &stranger, order("k", at, &[theirs])).await;
        assert!(other.is_ok_and(|it| it != attempts[0]), "keys are each customer's own");
        choose(&world, &secret, attempts[0], "pay").await;
        assert!(succeeded(&look(&world, &secret, attempts[0]).await));
        let after = begin(&world, &secret, order("k", at, &[id])).await;
        assert_eq!(after, Ok(attempts[0]));
    }

    async fn pay_06_32_who_look_at_once_credit_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        for round in 0..5 {
            let key = format!("k-{round}");
            let refill = PayOrder { amount_minor: Some(700), ..order(&key, at, &[]) };
            let attempt = begin(&world, &secret, refill).await.expect("an attempt");
            choose(&world, &secret, attempt, "pay").await;
            let mut tasks = Vec::new();
            for _ in 0..32 {
                let (core, secret) = (world.core.clone(), secret.clone());
                tasks.push(tokio::spawn(async move {
                    core.look_at_attempt(&secret, attempt).await
                }));
            }
            for task in tasks {
                assert!(succeeded(&task.await.expect("an answer").expect("a view")));
            }
        }
        assert_eq!(live(&world, &secret).await, 5 * 700 - 1_000);
        assert_eq!(due(&world, &secret, id).await, 1_000, "refills settle nothing by themselves");
        assert_whole_ledger(&world).await;
    }

    async fn pay_06_an_invoice_that_is_paid_twice_is_settled_once(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let mut attempts = Vec::new();
        for key in ["k-1", "k-2", "k-3"] {
            let attempt = begin(&world, &secret, order(key, at, &[id])).await.expect("an attempt");
            choose(&world, &secret, attempt, "pay").await;
            attempts.push(attempt);
        }
        let looks = attempts.iter().map(|attempt| {
            let (core, secret, attempt) = (world.core.clone(), secret.clone(), *attempt);
            tokio::spawn(async move { core.look_at_attempt(&secret, attempt).await })
        });
        for look in looks.collect::<Vec<_>>() {
            assert!(succeeded(&look.await.expect("an answer").expect("a view")));
        }
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        assert_eq!((due(&world, &secret, id).await, offer.credit.minor()), (0, 2_000));
        let again = begin(&world, &secret, order("k-4", at, &[id])).await;
        assert_eq!(again, invalid("invoices", Fault::NotAChoice), "nothing is due of it");
        assert_whole_ledger(&world).await;
    }

    async fn pay_07_amounts_are_the_organisations(db: TestDatabase) {
        let world = World::on(db).await;
        let terms = json!({"minimum_minor": 500, "maximum_minor": 5_000});
        let at = gateway(&world, "Card", terms).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 3_000).await;
        let range = |max: &str| Fault::OutOfRange { min: "5.00".to_owned(), max: max.to_owned() };
        for minor in [i64::MIN, -1, 0, 1, 499, 3_001, i64::MAX] {
            let order = PayOrder { amount_minor: Some(minor), ..order("k", at, &[id]) };
            assert_eq!(begin(&world, &secret, order).await, invalid("amount", range("30.00")));
        }
        for minor in [0, 499, 5_001, i64::MAX] {
            let order = PayOrder { amount_minor: Some(minor), ..order("k", at, &[]) };
            assert_eq!(begin(&world, &secret, order).await, invalid("amount", range("50.00")));
        }
        let none = begin(&world, &secret, order("k", at, &[])).await;
        assert_eq!(none, invalid("amount", Fault::Required));
        let twice = begin(&world, &secret, order("k", at, &[id, id])).await;
        assert_eq!(twice, invalid("invoices", Fault::NotAChoice));
        let yen = PayOrder { currency: Currency::JPY, ..order("k", at, &[id]) };
        assert_eq!(begin(&world, &secret, yen).await, invalid("way", Fault::NotAChoice));
        let nowhere = order("k", uuid::Uuid::nil().into(), &[id]);
        assert_eq!(begin(&world, &secret, nowhere).await, invalid("way", Fault::NotAChoice));
        let empty = begin(&world, &secret, order("", at, &[id])).await;
        assert_eq!(empty, invalid("form", Fault::Required));
    }

    async fn az_01_nobody_pays_or_sees_what_is_anothers(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let (ana, eve) = (enter(&world, "c-1").await, enter(&world, "c-2").await);
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let theirs = begin(&world, &eve, order("k", at, &[id])).await;
        assert_eq!(theirs, invalid("invoices", Fault::NotAChoice));
        let attempt = begin(&world, &ana, order("k", at, &[id])).await.expect("an attempt");
        let reference = Reference::of(attempt);
        let core = &world.core;
        assert_eq!(core.attempt(&eve, attempt).await, Err(Refusal::NotFound));
        assert_eq!(core.look_at_attempt(&eve, attempt).await, Err(Refusal::NotFound));
        assert_eq!(core.sandbox(&eve, &reference).await, Err(Refusal::NotFound));
        let chosen = core.choose_in_sandbox(&eve, &reference, "pay").await;
        assert_eq!(chosen, Err(Refusal::NotFound));
        let chosen = core.choose_in_sandbox(&ana, &reference, "gold").await;
        assert_eq!(chosen, Err(Refusal::NotFound));
    }

    async fn viewers_and_hidden_sections_pay_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let ana = world.ana().await;
        let viewer = json!({
            "external_id": "viewer", "customer_id": ana.customer_id, "name": "V",
            "email": "v@example.com", "role": ContactRole::Viewer,
        });
        world.save::<portico_core::records::contact::ContactRecord>(viewer).await;
        let link = world.link_for(CustomerRef::Contact(RecordKey::new("viewer"))).await.link;
        let viewer = world.enter(&link).await.secret;
        let refill = PayOrder { amount_minor: Some(100), ..order("k", at, &[]) };
        assert_eq!(begin(&world, &viewer, refill.clone()).await, Err(Refusal::NotPermitted));

        let access = json!({
            "external_id": "c-1", "name": "c-1",
            "portal_access": {"hide": [Section::RefillBalance]},
        });
        world.save::<portico_core::records::customer::CustomerRecord>(access).await;
        assert_eq!(begin(&world, &secret, refill).await, Err(Refusal::NotFound));
        assert!(begin(&world, &secret, order("k", at, &[id])).await.is_ok());
    }

    async fn dos_08_cards_cannot_be_tried_out(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        for try_ in 0..5 {
            let order = order(&format!("k-{try_}"), at, &[id]);
            assert_eq!(pay(&world, &secret, order, "decline").await.state, AttemptState::Failed);
        }
        let more = begin(&world, &secret, order("k-5", at, &[id])).await;
        assert!(matches!(more, Err(Refusal::TooMany { .. })), "{more:?}");
        world.wait(3_601);
        let secret = enter(&world, "c-1").await;
        assert!(begin(&world, &secret, order("k-6", at, &[id])).await.is_ok());
    }

    async fn pay_13_nothing_is_begun_that_could_not_be_booked(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        world.db.execute("UPDATE ledger_month SET balance_minor = balance_minor + 1").await;
        world.core.check_ledgers(&mut LedgerWatch::default()).await.expect("checked");
        let refused = begin(&world, &secret, order("k", at, &[id])).await;
        assert!(matches!(refused, Err(Refusal::Unavailable { .. })), "{refused:?}");
    }
}
