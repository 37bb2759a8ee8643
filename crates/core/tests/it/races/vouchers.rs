//! A voucher, and those who have its code.

use super::*;
use std::net::{IpAddr, Ipv4Addr};

use portico_billing::{Currency, Money};
use portico_core::records::RecordKey;
use portico_core::{Caller, CustomerRef, NewVoucherBatch};
use portico_core_api::{CoreApi, Fault, FieldFault, Origin, Refusal, SessionSecret};
use portico_testkit::both_engines;

/// Rounds after which what was counted as guessing is forgotten: who loses a race is counted, and
/// five misses an hour are what a customer has.
const ROUNDS_UNTIL_FORGIVEN: usize = 4;

/// Customers who are there, each at an address of its own.
async fn redeemers(world: &World) -> Vec<(SessionSecret, Origin)> {
    let mut all = Vec::with_capacity(TRIERS);
    for number in 0..TRIERS {
        let name = format!("c-{number}");
        world.customer(&name).await;
        let link = world.link_for(CustomerRef::Customer(RecordKey::new(name))).await.link;
        let secret = world.enter(&link).await.secret;
        let last = u8::try_from(number).expect("a small number");
        let address = IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
        all.push((secret, Origin { address, user_agent: None }));
    }
    all
}

fn refusal() -> Refusal {
    Refusal::Invalid { faults: vec![FieldFault::new("code", Fault::CodeNotAccepted)] }
}

both_engines! {
    async fn vch_02_of_32_redeemers_one_gets_each_voucher(db: TestDatabase) {
        let world = World::on(db).await;
        let redeemers = redeemers(&world).await;
        let caller = Caller::system(world.organisation.id);
        let new = NewVoucherBatch {
            series: "RACE".to_owned(),
            count: u32::try_from(ROUNDS).expect("a count"),
            currency: Currency::EUR,
            minimum_minor: 0,
            multiplier: None,
            addition_minor: 500,
            ceiling_minor: None,
            expires_at: None,
            wait_days: None,
            note: String::new(),
        };
        let batch = world.core.make_voucher_batch(&caller, new).await.expect("a batch");
        let codes = world.core.export_voucher_codes(&caller, batch.id).await.expect("codes");
        for (round, code) in codes.iter().enumerate() {
            if round % ROUNDS_UNTIL_FORGIVEN == 0 {
                world.db.execute("DELETE FROM voucher_miss").await;
            }
            let answers = at_once(|number| {
                let (secret, from) = redeemers[number].clone();
                let (core, code) = (world.core.clone(), code.code.clone());
                async move { core.redeem_voucher(&secret, &code, from).await }
            });
            let mut winners = 0;
            for answer in answers.await {
                match answer {
                    Ok(it) => {
                        assert_eq!(it.credited, Some(Money::new(500, Currency::EUR)));
                        winners += 1;
                    }
                    Err(why) => assert_eq!(why, refusal(), "round {round}"),
                }
            }
            assert_eq!(winners, 1, "round {round}");
        }
        let report = world.core.voucher_batch(&caller, batch.id).await.expect("a batch").report;
        let rounds = i64::try_from(ROUNDS).expect("a count");
        assert_eq!(report.credited, Money::new(500 * rounds, Currency::EUR));
        assert_eq!((report.live, report.redeemed), (0, u32::try_from(ROUNDS).expect("a count")));
        assert_whole_ledger(&world).await;
    }
}
