//! Credit of one customer, and those who use it at the same moment.

use super::paying::{invoice, order, pay_there};
use super::*;
use portico_billing::attempt::AttemptState;
use portico_billing::{GatewayId, InvoiceId};
use portico_core::records::credit_note::CreditNoteRecord;
use portico_core::records::payment::PaymentRecord;
use portico_core::records::{RecordKey, Rejection, SentForm};
use portico_core::{Caller, CreditInput};
use portico_core_api::{Begun, CoreApi, PayApi, PayOrder, Refusal, SessionSecret};
use portico_testkit::both_engines;
use serde_json::json;

use crate::common::{enter, gateway, origin};

/// Rounds of one customer with two attempts each: nobody may begin more than 30 within an hour.
const ROUNDS_OF_CUSTOMER: usize = 15;

/// Gives a customer credit: by a payment, or by a credit note for no invoice.
async fn give(world: &World, customer: &str, round: usize, minor: i64) {
    if round.is_multiple_of(2) {
        world
            .save::<PaymentRecord>(json!({
                "external_id": format!("p-{round}"), "customer_id": customer, "method": "card",
                "status": "succeeded", "currency": "EUR", "amount_minor": minor,
                "paid_at": "2026-03-01T12:00:00Z",
            }))
            .await;
    } else {
        world
            .save::<CreditNoteRecord>(json!({
                "external_id": format!("n-{round}"), "customer_id": customer,
                "number": format!("N-{round}"), "currency": "EUR", "issued_on": "2026-03-01",
                "lines": [{"description": "Goodwill", "amount_minor": minor}],
            }))
            .await;
    }
}

/// What a form sends that settles by credit alone.
fn by_credit(key: &str, invoice: InvoiceId, minor: i64) -> PayOrder {
    let nowhere = GatewayId::from(invoice.uuid());
    let order = order(key, nowhere, &[invoice]);
    PayOrder { amount_minor: Some(minor), credit: true, gateway: None, ..order }
}

/// Whether it was settled; whoever comes late is told what is wrong, and of no failure of ours.
async fn use_it(
    world: (portico_core::Core, Caller, SessionSecret),
    number: usize,
    (round, invoice): (usize, InvoiceId),
) -> bool {
    let (core, caller, secret) = world;
    if number.is_multiple_of(2) {
        let order = by_credit(&format!("{round}-{number}"), invoice, 700);
        return match core.pay(&secret, order, origin()).await {
            Ok(begun) => matches!(begun, Begun::Credit(_)),
            Err(Refusal::Invalid { .. }) => false,
            Err(other) => panic!("{other:?}"),
        };
    }
    let (key, form) =
        (RecordKey::new(invoice.to_string()), SentForm::new(core.form_key(), [].into_iter()));
    let asked = (&key, CreditInput { amount_minor: Some(700) });
    match core.settle_by_credit(&caller, &form, asked).await {
        Ok(_) => true,
        Err(Rejection::Conflict { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

async fn remaining(world: &World, secret: &SessionSecret, id: InvoiceId) -> i64 {
    world.core.invoice(secret, id).await.expect("an invoice").remaining.minor()
}

async fn credit(world: &World, secret: &SessionSecret) -> i64 {
    world.core.pay_offer(secret, None).await.expect("an offer").credit.minor()
}

both_engines! {
    /// Sixteen windows of the portal and sixteen of the staff use the same credit: one of them
    /// settles by it.
    async fn pay_06_of_32_who_use_credit_one_settles_by_it(db: TestDatabase) {
        let world = World::on(db).await;
        let caller = Caller::system(world.organisation.id);
        let secret = enter(&world, "c-1").await;
        for round in 0..ROUNDS {
            let id = invoice(&world, "c-1", &format!("A-{round}")).await;
            give(&world, "c-1", round, 800).await;
            let settled = at_once(|number| {
                let mine = (world.core.clone(), caller, secret.clone());
                use_it(mine, number, (round, id))
            });
            let winners = settled.await.into_iter().filter(|won| *won).count();
            assert_eq!(winners, 1, "round {round}");
            let left = remaining(&world, &secret, id).await;
            assert_eq!((left, credit(&world, &secret).await), (300, 100), "round {round}");
            // The rest goes before the next round, to the same invoice.
            let rest = by_credit(&format!("rest-{round}"), id, 100);
            let begun = world.core.pay(&secret, rest, origin()).await.expect("an order");
            assert!(matches!(begun, Begun::Credit(_)), "round {round}: {begun:?}");
            let left = remaining(&world, &secret, id).await;
            assert_eq!((left, credit(&world, &secret).await), (200, 0), "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    /// PAY-04: a form that is sent 32 times at once uses credit once, and all are told the same.
    async fn pay_06_a_form_uses_credit_once(db: TestDatabase) {
        let world = World::on(db).await;
        let secret = enter(&world, "c-1").await;
        for round in 0..ROUNDS {
            let id = invoice(&world, "c-1", &format!("A-{round}")).await;
            give(&world, "c-1", round, 500).await;
            let key = format!("form-{round}");
            let begun = at_once(|_| {
                let (core, secret) = (world.core.clone(), secret.clone());
                let order = by_credit(&key, id, 250);
                async move { core.pay(&secret, order, origin()).await }
            });
            let mut begun = begun.await;
            begun.dedup();
            assert!(matches!(begun.as_slice(), [Ok(Begun::Credit(_))]), "round {round}: {begun:?}");
            assert_eq!(remaining(&world, &secret, id).await, 750, "round {round}");
            let rest = by_credit(&format!("rest-{round}"), id, 250);
            world.core.pay(&secret, rest, origin()).await.expect("an order");
            assert_eq!(credit(&world, &secret).await, 0, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    /// Two tabs in which the same credit is to settle a part beside a payment, and of which the
    /// customer hears in 32 windows: the credit settles once, and no payment is lost.
    async fn pay_06_credit_beside_two_payments_settles_once(db: TestDatabase) {
        let world = World::on(db).await;
        let way = gateway(&world, "Card", json!({})).await;
        let mut secret = None;
        for round in 0..ROUNDS {
            let (turn, own) = (round / ROUNDS_OF_CUSTOMER, round % ROUNDS_OF_CUSTOMER);
            let customer = format!("c-{turn}");
            if own == 0 {
                secret = Some(enter(&world, &customer).await);
            }
            let secret = secret.as_ref().expect("a customer");
            give(&world, &customer, round, 400).await;
            let mut tabs = Vec::new();
            for tab in 0..2 {
                let id = invoice(&world, &customer, &format!("A-{round}-{tab}")).await;
                let order = order(&format!("{round}-{tab}"), way, &[id]);
                let order = PayOrder { credit: true, ..order };
                tabs.push((id, pay_there(&world, secret, order).await));
            }
            let views = at_once(|number| {
                let (core, secret) = (world.core.clone(), secret.clone());
                let attempt = tabs[number % tabs.len()].1;
                async move { core.look_at_attempt(&secret, attempt).await }
            });
            for view in views.await {
                let view = view.expect("an attempt");
                assert_eq!(view.state, AttemptState::Succeeded, "round {round}");
                assert_eq!(view.amount.minor(), 600, "credit is used first");
            }
            let mut left = Vec::new();
            for (id, _) in &tabs {
                left.push(remaining(&world, secret, *id).await);
            }
            left.sort_unstable();
            assert_eq!(left, [0, 400], "round {round}");
            assert_eq!(credit(&world, secret).await, 0, "round {round}");
            // What is left open is paid, so that the next round begins alike.
            let (id, _) = tabs[usize::from(remaining(&world, secret, tabs[0].0).await == 0)];
            world
                .save::<PaymentRecord>(json!({
                    "external_id": format!("rest-{round}"), "customer_id": customer,
                    "method": "cash", "status": "succeeded", "currency": "EUR",
                    "amount_minor": 400, "paid_at": "2026-03-01T12:00:00Z",
                    "allocations": [{"invoice_id": id.to_string(), "amount_minor": 400}],
                }))
                .await;
        }
        assert_whole_ledger(&world).await;
    }
}
