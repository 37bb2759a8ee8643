//! A voucher gives its credit once.

use super::*;
use jiff::SignedDuration;
use portico_billing::account::ContactRole;
use portico_billing::section::Section;
use portico_billing::voucher::VoucherState;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{Target, parse_input};
use portico_testkit::both_engines;
use serde_json::{Value, json};

fn payment(number: u32, minor: i64) -> Value {
    json!({
        "external_id": format!("p-{number}"), "customer_id": "c-1", "status": "succeeded",
        "amount_minor": minor, "currency": "EUR", "method": "card",
        "paid_at": "2026-03-02T10:00:00Z",
    })
}

async fn pay(world: &World, number: u32, minor: i64) {
    world.save::<PaymentRecord>(payment(number, minor)).await;
}

/// Half as much again as is paid from ten euros on, but at most 20.
fn half_again(series: &str, count: u32) -> NewVoucherBatch {
    NewVoucherBatch {
        minimum_minor: 1_000,
        multiplier: "0.5".parse().ok(),
        addition_minor: 0,
        ceiling_minor: Some(2_000),
        wait_days: Some(30),
        ..new(series, count)
    }
}

both_engines! {
    async fn vch_02_64_redeemers_get_each_voucher_once(db: TestDatabase) {
        const REDEEMERS: u32 = 64;
        let world = World::on(db).await;
        let mut secrets = Vec::new();
        for customer in 0..REDEEMERS {
            secrets.push(enter(&world, &format!("c-{customer}")).await);
        }
        let (batch, codes) = make(&world, new("RACE", 5)).await;
        for code in &codes[..4] {
            let mut tasks = Vec::new();
            for (from, secret) in (0..).zip(&secrets) {
                let (core, secret, code) = (world.core.clone(), secret.clone(), code.clone());
                let redeem = async move { core.redeem_voucher(&secret, &code, origin(from)).await };
                tasks.push(tokio::spawn(redeem));
            }
            let mut winners = 0;
            for task in tasks {
                let answer = task.await.expect("an answer");
                match answer {
                    Ok(it) => {
                        let expected = (VoucherState::Redeemed, Some(eur(500)));
                        assert_eq!((it.state, it.credited), expected);
                        winners += 1;
                    }
                    other => assert_eq!(other, refused()),
                }
            }
            assert_eq!(winners, 1, "of {REDEEMERS}");
        }
        // One customer with 64 windows.
        let own = enter(&world, "c-own").await;
        let mut tasks = Vec::new();
        for from in 0..REDEEMERS {
            let (core, own, code) = (world.core.clone(), own.clone(), codes[4].clone());
            let from = origin(1_000 + from);
            tasks.push(tokio::spawn(async move { core.redeem_voucher(&own, &code, from).await }));
        }
        let mut winners = 0;
        for task in tasks {
            match task.await.expect("an answer") {
                Ok(_) => winners += 1,
                Err(Refusal::TooMany { .. }) => {}
                other => assert_eq!(other, at_code(Fault::CodeAlreadyYours)),
            }
        }
        assert_eq!((winners, live(&world, &own).await), (1, 500));
        let mut all = 500;
        for secret in &secrets {
            all += live(&world, secret).await;
        }
        let report = report(&world, batch.id).await.report;
        assert_eq!((report.redeemed, report.live, report.credited), (5, 0, eur(2_500)));
        assert_eq!(all, 2_500);
        assert_whole_ledger(&world).await;
    }

    async fn vch_02_each_kind_gives_what_it_says(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let (_, free) = make(&world, new("FREE", 1)).await;
        let it = redeem(&world, &secret, &free[0].to_lowercase(), 1).await.expect("redeemed");
        assert_eq!((it.serial.as_str(), it.credited), ("FREE-00001", Some(eur(500))));
        assert_eq!(live(&world, &secret).await, 500);

        let more = NewVoucherBatch { minimum_minor: 1_000, ..new("MORE", 1) };
        let (_, more) = make(&world, more).await;
        let (batch, half) = make(&world, half_again("HALF", 3)).await;
        for code in more.iter().chain(&half[..2]) {
            let it = redeem(&world, &secret, code, 1).await.expect("redeemed");
            assert_eq!((it.state, it.credited), (VoucherState::Waiting, None));
        }
        pay(&world, 1, 999).await;
        assert_eq!(live(&world, &secret).await, 500 + 999, "too small a payment");
        let mut processing = payment(2, 1_001);
        processing["status"] = json!("processing");
        world.save::<PaymentRecord>(processing).await;
        let mut dollars = payment(3, 5_000);
        dollars["currency"] = json!("USD");
        world.save::<PaymentRecord>(dollars).await;
        assert_eq!(live(&world, &secret).await, 500 + 999, "none that counts");
        pay(&world, 2, 1_001).await;
        let after = 500 + 999 + 1_001 + 500 + 2 * 500;
        assert_eq!(live(&world, &secret).await, after, "rounded down, of each that waited");
        pay(&world, 2, 1_001).await;
        pay(&world, 4, 10_000).await;
        assert_eq!(live(&world, &secret).await, after + 10_000, "once");
        redeem(&world, &secret, &half[2], 1).await.expect("redeemed");
        pay(&world, 5, 10_000).await;
        assert_eq!(live(&world, &secret).await, after + 20_000 + 2_000, "up to the ceiling");

        let own = world.core.vouchers(&secret).await.expect("vouchers");
        assert_eq!(own.len(), 5);
        assert!(own.iter().all(|it| it.state == VoucherState::Redeemed), "{own:?}");
        let report = report(&world, batch.id).await.report;
        assert_eq!((report.redeemed, report.credited), (3, eur(2 * 500 + 2_000)));
        let statement = world.core.statement(&secret, StatementQuery::default()).await;
        let lines = statement.expect("a statement").lines.rows;
        let of_vouchers = lines.iter().filter(|it| it.text_key() == "statement-voucher");
        let numbers: Vec<_> = of_vouchers.filter_map(|it| it.number.as_deref()).collect();
        assert_eq!((numbers.len(), numbers[0]), (5, "HALF-00003"));
        assert_whole_ledger(&world).await;
    }

    async fn vch_02_a_waiting_credit_comes_once_whatever_comes_at_once(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let (batch, codes) = make(&world, half_again("ONCE", 6)).await;
        let caller = Caller::system(world.organisation.id);
        let (mut paid, mut credits) = (0, 0);
        for (round, code) in (0..).zip(&codes) {
            redeem(&world, &secret, code, 1).await.expect("redeemed");
            let mut tasks = Vec::new();
            for number in 0..12 {
                let input = parse_input::<PaymentRecord>(payment(round * 100 + number, 1_000));
                let (core, input) = (world.core.clone(), input.expect("an input"));
                tasks.push(tokio::spawn(async move {
                    core.save_record::<PaymentRecord>(&caller, Target::New, input).await.map(drop)
                }));
            }
            // In every other round somebody voids it meanwhile.
            let serial = format!("ONCE-{:05}", round + 1);
            if round % 2 == 1 {
                let _lost_or_won = world.core.void_voucher(&caller, &serial).await;
            }
            for task in tasks {
                task.await.expect("an answer").expect("saved");
            }
            paid += 12_000;
            let it = world.core.voucher(&caller, &serial).await.expect("a voucher");
            let expected = match it.state {
                VoucherState::Redeemed => Some(eur(500)),
                state => {
                    assert_eq!((state, round % 2), (VoucherState::Void, 1));
                    None
                }
            };
            assert_eq!((it.credited, it.payment_id.is_some()), (expected, expected.is_some()));
            credits += expected.map_or(0, Money::minor);
            assert_eq!(live(&world, &secret).await, paid + credits, "round {round}");
        }
        assert_eq!(report(&world, batch.id).await.report.credited, eur(credits));
        assert_whole_ledger(&world).await;
    }

    async fn vch_02_what_waited_too_long_gives_nothing(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        let (_, codes) = make(&world, half_again("LATE", 1)).await;
        let it = redeem(&world, &secret, &codes[0], 1).await.expect("redeemed");
        let until = it.redeemed_at + SignedDuration::from_hours(30 * 24);
        assert_eq!(it.waits_until, Some(until));
        world.wait(30 * 24 * 3_600);
        pay(&world, 1, 1_000).await;
        let caller = Caller::system(world.organisation.id);
        let late = world.core.voucher(&caller, "late-1").await.expect("a voucher");
        assert_eq!((late.state, late.credited), (VoucherState::Expired, None));
        assert_whole_ledger(&world).await;
    }

    async fn a_redemption_is_written_down_with_who_did_it(db: TestDatabase) {
        let world = World::on(db).await;
        let ana = world.ana().await;
        let secret = world.sign_in().await;
        let (_, codes) = make(&world, new("NOTED", 1)).await;
        let it = redeem(&world, &secret, &codes[0], 7).await.expect("redeemed");
        let query = portico_core::AuditQuery { subject: Some(it.id.uuid()), ..Default::default() };
        let caller = Caller::system(world.organisation.id);
        let (lines, _) = world.core.audit_log(&caller, query, (None, 10)).await.expect("the log");
        let line = lines.first().expect("a line");
        assert_eq!(line.action, "voucher.redeemed");
        assert_eq!((line.actor_kind.as_str(), line.actor_id), ("contact", Some(ana.id.uuid())));
        assert_eq!(line.address.as_deref(), Some("10.0.0.7"));
        assert_eq!(line.after.as_ref().map(|it| &it["credited_minor"]), Some(&json!(500)));
        assert_eq!(lines.len(), 1);
    }
}

#[tokio::test]
async fn who_may_not_redeem_does_not() {
    let world = World::new().await;
    let ana = world.ana().await;
    let secret = world.sign_in().await;
    let (_, codes) = make(&world, new("NOT", 1)).await;
    let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
    let mut contact = write.contact(ana.id).await.expect("an answer").expect("a contact");
    contact.role = ContactRole::Viewer;
    write.update_contact(&contact).await.expect("updated");
    write.commit().await.expect("committed");
    assert_eq!(redeem(&world, &secret, &codes[0], 1).await, Err(Refusal::NotPermitted));

    let mut write = world.db.store.write(world.organisation.id).await.expect("a transaction");
    let mut brand = write.brand(world.brand.id).await.expect("an answer").expect("a brand");
    brand.hidden_sections = vec![Section::Vouchers];
    write.update_brand(&brand).await.expect("updated");
    write.commit().await.expect("committed");
    assert_eq!(redeem(&world, &secret, &codes[0], 1).await, Err(Refusal::NotFound));
    assert_eq!(world.core.vouchers(&secret).await, Err(Refusal::NotFound));
}
