//! A provider that does not answer: nobody waits for it, the others go on, and it comes back by
//! itself.

use super::peer::Peer;
use super::*;
use portico_billing::gateway::DeclineReason;
use portico_testkit::both_engines;
use tokio::task::JoinSet;

/// Which of the ways can be paid by just now.
async fn answering(world: &World, secret: &SessionSecret) -> Vec<bool> {
    let offer = world.core.pay_offer(secret, None).await.expect("an offer");
    offer.ways.iter().map(|way| way.answers).collect()
}

/// What the clock has to do, to its end.
async fn work(world: &World) {
    let mut work = JoinSet::new();
    world.core.begin_work_on_payments(&mut work, 10).await;
    work.join_all().await;
}

both_engines! {
    async fn pay_17_a_gateway_that_does_not_answer_is_not_offered_until_it_does(db: TestDatabase) {
        let world = World::on(db).await;
        let mut peer = Peer::new().await;
        let (at, _) = peer.gateway(&world, "Card").await;
        let other = gateway(&world, "Other", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        assert_eq!(answering(&world, &secret).await, [true, true]);

        peer.go_away().await;
        for key in ["k-1", "k-2", "k-3", "k-4"] {
            let attempt = begin(&world, &secret, order(key, at, &[id])).await.expect("an attempt");
            let view = world.core.attempt(&secret, attempt).await.expect("a view");
            let why = Some(DeclineReason::Unavailable);
            assert_eq!((view.state, view.reason), (AttemptState::Failed, why), "{key}");
        }
        assert_eq!(answering(&world, &secret).await, [false, true]);
        assert!(succeeded(&pay(&world, &secret, order("k-5", other, &[id]), "pay").await));

        peer.come_back().await;
        work(&world).await;
        assert_eq!(answering(&world, &secret).await, [true, true]);
        assert_whole_ledger(&world).await;
    }

    async fn the_clock_works_on_what_is_due_bit_by_bit(db: TestDatabase) {
        let world = World::on(db).await;
        let at = gateway(&world, "Card", json!({})).await;
        let secret = enter(&world, "c-1").await;
        let id = invoice(&world, "c-1", "A-1", 1_000).await;
        let attempt = begin(&world, &secret, order("k", at, &[id])).await.expect("an attempt");
        choose(&world, &secret, attempt, "pay").await;
        world.wait(60);
        work(&world).await;
        let view = world.core.attempt(&secret, attempt).await.expect("a view");
        assert!(succeeded(&view), "{view:?}");
        let mut idle = JoinSet::new();
        assert_eq!(world.core.begin_work_on_payments(&mut idle, 10).await, 0);
        assert!(idle.is_empty(), "nothing is left");
    }
}
