//! Guessing codes leads nowhere, and locks nobody out who does not guess.

use super::*;
use jiff::SignedDuration;
use portico_billing::voucher::{MISSES_OF_CUSTOMER, MISSES_OF_NETWORK, MISSES_OF_ORGANISATION};
use portico_billing::{CustomerId, uuid_v7};
use portico_store::voucher::VoucherMiss;
use portico_testkit::both_engines;

use crate::common::organisation;

const HOUR_S: i64 = 3_600;

fn too_many<T>(seconds: i64) -> Result<T, Refusal> {
    let retry_after = std::time::Duration::from_secs(u64::try_from(seconds).expect("a wait"));
    Err(Refusal::TooMany { retry_after })
}

both_engines! {
    async fn vch_03_a_customer_has_five_misses_an_hour(db: TestDatabase) {
        let world = World::on(db).await;
        let (_, codes) = make(&world, new("FIVE", 3)).await;
        let (guesser, owner) = (enter(&world, "c-1").await, enter(&world, "c-2").await);
        let mut tasks = Vec::new();
        for number in 0..40 {
            let (core, guesser, code) = (world.core.clone(), guesser.clone(), wrong_code(number));
            let from = origin(u32::from(number));
            tasks.push(tokio::spawn(
                async move { core.redeem_voucher(&guesser, &code, from).await },
            ));
        }
        let (mut looked_up, mut waits) = (0, 0);
        for task in tasks {
            match task.await.expect("an answer") {
                Err(Refusal::TooMany { .. }) => waits += 1,
                other => {
                    assert_eq!(other, refused());
                    looked_up += 1;
                }
            }
        }
        assert_eq!((looked_up, waits), (MISSES_OF_CUSTOMER, 40 - MISSES_OF_CUSTOMER));
        world.wait(600);
        assert_eq!(redeem(&world, &guesser, &codes[0], 99).await, too_many(HOUR_S - 600 + 1));
        redeem(&world, &owner, &codes[0], 99).await.expect("another customer");
        world.wait(HOUR_S - 600);
        let link = world.link_for(CustomerRef::Customer(RecordKey::new("c-1"))).await.link;
        let guesser = world.enter(&link).await.secret;
        redeem(&world, &guesser, &codes[1], 99).await.expect("an hour later");
        assert_eq!(world.core.tidy_up().await.map(|deleted| deleted > 0).ok(), Some(true));
        assert_whole_ledger(&world).await;
    }

    async fn vch_03_a_network_has_twenty_misses_an_hour(db: TestDatabase) {
        let world = World::on(db).await;
        let (_, codes) = make(&world, new("TWENTY", 1)).await;
        let mut last = None;
        for number in 0..22 {
            let secret = enter(&world, &format!("c-{number}")).await;
            let answer = redeem(&world, &secret, &wrong_code(1), 7).await;
            let expected =
                if number < MISSES_OF_NETWORK { refused() } else { too_many(HOUR_S + 1) };
            assert_eq!(answer, expected, "{number}");
            last = Some(secret);
        }
        let last = last.expect("a session");
        assert_eq!(redeem(&world, &last, &codes[0], 7).await, too_many(HOUR_S + 1));
        redeem(&world, &last, &codes[0], 8).await.expect("from elsewhere");
    }

    async fn vch_03_an_attack_from_everywhere_locks_out_nobody_else(db: TestDatabase) {
        let world = World::on(db).await;
        let (_, codes) = make(&world, new("MANY", 2)).await;
        let now = portico_core::Clock::now(&*world.clock);
        let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
        for number in 1..u32::try_from(MISSES_OF_ORGANISATION).expect("a number") {
            let mut random = [0; 10];
            random[6..].copy_from_slice(&number.to_be_bytes());
            let it = VoucherMiss {
                id: uuid_v7(now, random),
                customer_id: CustomerId::new(now, random),
                network: origin(number + 10_000).address,
                at: now,
            };
            write.insert_voucher_miss(&it).await.expect("written");
        }
        assert_eq!(write.hold_voucher_guard().await.expect("held"), None);
        write.commit().await.expect("committed");

        let (first, second) = (enter(&world, "c-1").await, enter(&world, "c-2").await);
        assert_eq!(redeem(&world, &first, &wrong_code(1), 1).await, refused(), "the thousandth");
        let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
        assert_eq!(write.hold_voucher_guard().await.expect("held"), Some(now), "the alarm");
        drop(write);
        assert_eq!(redeem(&world, &first, &codes[0], 2).await, too_many(HOUR_S + 1));
        assert_eq!(redeem(&world, &second, &codes[0], 1).await, too_many(HOUR_S + 1));
        redeem(&world, &second, &codes[0], 2).await.expect("who did not guess");
        redeem(&world, &second, &codes[1], 2).await.expect("and again");
        assert_eq!(redeem(&world, &second, &wrong_code(2), 2).await, refused());
        assert_eq!(redeem(&world, &second, &wrong_code(2), 2).await, too_many(HOUR_S + 1));
    }

    async fn vch_04_all_that_is_refused_is_refused_alike(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = Caller::system(world.organisation.id);
        let end = portico_core::Clock::now(&*world.clock) + SignedDuration::from_secs(60);
        let (_, used) = make(&world, new("USED", 1)).await;
        let expiring = NewVoucherBatch { expires_at: Some(end), ..new("OVER", 1) };
        let (_, expired) = make(&world, expiring).await;
        let (_, void) = make(&world, new("VOID", 1)).await;
        let dollars = NewVoucherBatch { currency: Currency::USD, ..new("USD", 1) };
        let (_, dollars) = make(&world, dollars).await;
        let other = organisation(&world.core, "Other").await;
        let (_, foreign) = make_at(&world, other.id, new("USED", 1)).await;
        let waits = NewVoucherBatch { minimum_minor: 1, ..new("WAITS", 1) };
        let (_, waits) = make(&world, waits).await;
        let owner = enter(&world, "owner").await;
        for code in [&used[0], &waits[0]] {
            redeem(&world, &owner, code, 1).await.expect("redeemed");
        }
        world.core.void_voucher(&caller, "VOID-1").await.expect("voided");
        world.wait(60);
        let wrong = wrong_code(9);
        let codes =
            [&wrong, &used[0], &expired[0], &void[0], &dollars[0], &foreign[0], &waits[0]];
        let mut told = Vec::new();
        for (from, code) in (100..).zip(codes) {
            let secret = enter(&world, &format!("c-{from}")).await;
            let own = world.core.vouchers(&secret).await;
            assert_eq!(own, Ok(Vec::new()));
            let before = world.core.store().commits();
            let answer = redeem(&world, &secret, code, from).await;
            told.push((answer, world.core.store().commits() - before));
        }
        assert!(told.iter().all(|it| *it == (refused(), 1)), "{told:?}");
        for code in [&used[0], &waits[0]] {
            let own = at_code(Fault::CodeAlreadyYours);
            for _ in 0..=MISSES_OF_CUSTOMER {
                assert_eq!(redeem(&world, &owner, code, 1).await, own, "their own, no guess");
            }
        }
        assert_whole_ledger(&world).await;
    }

    async fn vch_03_what_is_mistyped_costs_no_try(db: TestDatabase) {
        let world = World::on(db).await;
        let (_, codes) = make(&world, new("TYPED", 1)).await;
        let secret = enter(&world, "c-1").await;
        let last = if codes[0].ends_with('0') { "1" } else { "0" };
        let mistyped = format!("{}{last}", &codes[0][..codes[0].len() - 1]);
        for _ in 0..10 {
            let answer = redeem(&world, &secret, &mistyped, 1).await;
            assert_eq!(answer, at_code(Fault::MistypedCode));
        }
        assert_eq!(redeem(&world, &secret, "  ", 1).await, at_code(Fault::Required));
        redeem(&world, &secret, &codes[0], 1).await.expect("typed right");
    }
}
