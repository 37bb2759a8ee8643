//! From the form to the credit.

use super::*;
use portico_billing::Money;
use portico_billing::gateway::DeclineReason;
use portico_billing::ledger::Account;
use portico_testkit::both_engines;

both_engines! {
    async fn an_invoice_is_paid_through_the_sandbox(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 12_100).await;
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        assert_eq!((offer.due.minor(), offer.credit.minor(), offer.more), (12_100, 0, false));
        assert_eq!(offer.invoices.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
        let way = offer.ways.first().expect("a way");
        assert_eq!((way.gateway, way.name.as_str(), way.test), (at, "Card", true));

        let attempt = begin(&world, &secret, order("k", at, &[id])).await.expect("an attempt");
        let view = world.core.attempt(&secret, attempt).await.expect("a view");
        assert_eq!(view.state, AttemptState::NeedsAction);
        let leads_to = view.leads_to.expect("a page");
        let page = format!("https://pay.test/sandbox/{}", Reference::of(attempt));
        assert_eq!(leads_to.url.as_str(), page);
        assert_eq!(live(&world, &secret).await, -12_100, "nothing is credited before");
        let back = look(&world, &secret, attempt).await;
        assert!(!succeeded(&back), "{back:?}: nothing was chosen");

        choose(&world, &secret, attempt, "pay").await;
        let view = look(&world, &secret, attempt).await;
        assert!(succeeded(&view), "{view:?}");
        assert_eq!(view.invoices, [(id, Some("A-1".to_owned()))]);
        assert_eq!((live(&world, &secret).await, due(&world, &secret, id).await), (0, 0));
        let payment = view.payment.expect("a payment");
        let mut read = world.core.store().read(world.organisation.id).await.expect("a reader");
        let payment = read.payment(payment).await.expect("read").expect("the payment");
        drop(read);
        let charge = payment.charge.expect("a charge");
        assert_eq!((charge.gateway_id, charge.charged_minor, charge.fee_minor), (at, 12_100, 0));
        assert_eq!(account(&world, Account::Gateway(at)).await, -12_100);
        assert_eq!(look(&world, &secret, attempt).await, view, "once");
        assert_whole_ledger(&world).await;
    }

    async fn surcharges_are_paid_on_top_and_are_the_organisations(db: TestDatabase) {
        let world = World::on(db).await;
        let terms = json!({"surcharge_minor": 35, "surcharge_percent": "2.5"});
        let at = gateway(&world, "Card", terms).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 10_000).await;
        let view = pay(&world, &secret, order("k", at, &[id]), "pay").await;
        let [amount, surcharge, charged] = [view.amount, view.surcharge, view.charged];
        assert_eq!([amount, surcharge, charged].map(Money::minor), [10_000, 285, 10_285]);
        assert!(succeeded(&view));
        assert_eq!(live(&world, &secret).await, 0);
        assert_eq!(account(&world, Account::Surcharges).await, 285);
        assert_eq!(account(&world, Account::Gateway(at)).await, -10_285);
        assert_whole_ledger(&world).await;
    }

    async fn parts_go_to_what_is_named_first_and_refills_are_credit(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let first = invoice(&world, "c-1", "A-1", 5_000).await;
        let second = invoice(&world, "c-1", "A-2", 7_000).await;
        let part = PayOrder { amount_minor: Some(6_000), ..order("k-1", at, &[second, first]) };
        assert!(succeeded(&pay(&world, &secret, part, "pay").await));
        assert_eq!((due(&world, &secret, second).await, due(&world, &secret, first).await),
            (1_000, 5_000));
        let refill = PayOrder { amount_minor: Some(10_000), ..order("k-2", at, &[]) };
        assert!(succeeded(&pay(&world, &secret, refill, "pay").await));
        assert_eq!(live(&world, &secret).await, 4_000);
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        assert_eq!((offer.due.minor(), offer.credit.minor()), (6_000, 10_000));
        assert_whole_ledger(&world).await;
    }

    async fn pay_05_what_is_not_known_stays_so_until_the_gateway_tells(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let lost = invoice(&world, "c-1", "A-1", 1_000).await;
        let slow = invoice(&world, "c-1", "A-2", 2_000).await;
        let lost = pay(&world, &secret, order("k-1", at, &[lost]), "lose").await;
        let slow = pay(&world, &secret, order("k-2", at, &[slow]), "delay").await;
        for view in [&lost, &slow] {
            assert!(!view.state.is_over() && view.payment.is_none(), "{view:?}");
        }
        world.wait(20);
        world.core.look_at_attempts().await.expect("looked");
        assert!(!look(&world, &secret, lost.id).await.state.is_over());
        // Nobody comes back: the clock alone asks.
        for _ in 0..4 {
            world.wait(60);
            world.core.look_at_attempts().await.expect("looked");
        }
        for id in [lost.id, slow.id] {
            let view = world.core.attempt(&secret, id).await.expect("a view");
            assert!(succeeded(&view), "{view:?}");
        }
        assert_eq!(live(&world, &secret).await, 0);
        assert_eq!(world.core.look_at_attempts().await.expect("looked"), 0, "nothing is left");
        assert_whole_ledger(&world).await;
    }

    async fn pay_14_a_challenge_is_passed_or_fails_and_ends(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let asked = pay(&world, &secret, order("k-1", at, &[id]), "challenge").await;
        assert!(!asked.state.is_over(), "{asked:?}");
        choose(&world, &secret, asked.id, "decline").await;
        let view = look(&world, &secret, asked.id).await;
        let declined = Some(DeclineReason::Declined);
        assert_eq!((view.state, view.reason), (AttemptState::Failed, declined));
        choose(&world, &secret, asked.id, "pay").await;
        assert_eq!(look(&world, &secret, asked.id).await.state, AttemptState::Failed, "over");
        let left = pay(&world, &secret, order("k-2", at, &[id]), "cancel").await;
        assert_eq!(left.reason, Some(DeclineReason::Abandoned));
        assert_eq!(live(&world, &secret).await, -1_000);
    }

    async fn a_method_that_is_kept_pays_the_next_time_by_itself(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let other = gateway(&world, "Other", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let first = invoice(&world, "c-1", "A-1", 1_000).await;
        let keep = PayOrder { keep: true, ..order("k-1", at, &[first]) };
        assert!(succeeded(&pay(&world, &secret, keep, "pay").await));
        let offer = world.core.pay_offer(&secret, None).await.expect("an offer");
        let methods: Vec<usize> = offer.ways.iter().map(|way| way.methods.len()).collect();
        assert_eq!(methods, [1, 0]);
        let method = offer.ways[0].methods.first().expect("a method");
        assert!(method.is_default);

        let second = invoice(&world, "c-1", "A-2", 2_000).await;
        let by = |key, gateway| {
            let order = order(key, gateway, &[second]);
            PayOrder { method: Some(method.id), ..order }
        };
        let odd = begin(&world, &secret, by("k-2", other)).await;
        assert_eq!(odd, invalid("way", Fault::NotAChoice), "pay_15: of another gateway");
        let stranger = enter(&world, "c-2").await;
        let theirs = invoice(&world, "c-2", "B-1", 2_000).await;
        let odd = PayOrder { invoices: vec![theirs], ..by("k-2", at) };
        let odd = begin(&world, &stranger, odd).await;
        assert_eq!(odd, invalid("way", Fault::NotAChoice), "pay_15: of another customer");

        let id = begin(&world, &secret, by("k-3", at)).await.expect("an attempt");
        let view = world.core.attempt(&secret, id).await.expect("a view");
        assert!(succeeded(&view), "{view:?}: nobody has to go anywhere");
        assert_eq!(live(&world, &secret).await, 0);
        assert_whole_ledger(&world).await;
    }
}
