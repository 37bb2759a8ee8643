//! Paying through a gateway, from many windows at once.

use super::*;
use portico_billing::attempt::AttemptState;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Currency, GatewayId, InvoiceId, PaymentMethodId};
use portico_core::records::invoice::InvoiceRecord;
use portico_core_api::{CoreApi, PayApi, PayOrder, SessionSecret};
use portico_testkit::both_engines;
use serde_json::json;
use url::Url;

use crate::common::{enter, gateway, live, origin};

/// Rounds of one customer with two attempts each: nobody may begin more than 30 within an hour.
const ROUNDS_OF_CUSTOMER: usize = 15;
/// How often a form is sent by all at once: what follows the form is the same in each round.
const FORMS: usize = 50;
/// Forms of one customer.
const FORMS_OF_CUSTOMER: usize = 25;

/// An open invoice over 1,000.
pub(super) async fn invoice(world: &World, customer: &str, number: &str) -> InvoiceId {
    let input = json!({
        "external_id": number, "number": number, "customer_id": customer, "status": "open",
        "currency": "EUR", "issued_on": "2026-01-05",
        "lines": [{"description": "Plan", "amount_minor": 1_000}],
    });
    world.save::<InvoiceRecord>(input).await.id
}

/// A refill of 1,000, unless invoices are named.
pub(super) fn order(key: &str, gateway: GatewayId, invoices: &[InvoiceId]) -> PayOrder {
    PayOrder {
        form_key: key.to_owned(),
        invoices: invoices.to_vec(),
        currency: Currency::EUR,
        amount_minor: Some(1_000),
        whole: false,
        credit: false,
        gateway: Some(gateway),
        method: None,
        keep: false,
        site: Url::parse("https://pay.test").expect("an address"),
    }
}

/// Begins to pay and chooses on the sandbox's page; the customer does not come back yet.
pub(super) async fn pay_there(world: &World, secret: &SessionSecret, order: PayOrder) -> AttemptId {
    let begun = world.core.pay(secret, order, origin()).await.expect("an order");
    let id = begun.attempt().expect("an attempt");
    let chosen = world.core.choose_in_sandbox(secret, &Reference::of(id), "pay").await;
    assert_eq!(chosen, Ok(id));
    id
}

/// A method that pays by itself, and what was paid to store it.
async fn stored(world: &World, secret: &SessionSecret, gateway: GatewayId) -> PaymentMethodId {
    let keep = PayOrder { keep: true, ..order("keep", gateway, &[]) };
    let id = pay_there(world, secret, keep).await;
    world.core.look_at_attempt(secret, id).await.expect("an attempt");
    let offer = world.core.pay_offer(secret, None).await.expect("an offer");
    let methods = offer.ways.iter().flat_map(|way| &way.methods);
    methods.map(|method| method.id).next().expect("a method")
}

both_engines! {
    /// An invoice that is paid by two gateways, of which the customer hears in 32 windows: each
    /// charge is credited once, the invoice is settled once, and what is too much is credit.
    async fn pay_06_an_invoice_paid_by_two_ways_is_settled_once(db: TestDatabase) {
        let world = World::on(db).await;
        let card = gateway(&world, "Card", json!({})).await;
        let ways = [card, gateway(&world, "Wallet", json!({})).await];
        let mut secret = None;
        for round in 0..ROUNDS {
            let (turn, own) = (round / ROUNDS_OF_CUSTOMER, round % ROUNDS_OF_CUSTOMER);
            let customer = format!("c-{turn}");
            if own == 0 {
                secret = Some(enter(&world, &customer).await);
            }
            let secret = secret.as_ref().expect("a customer");
            let id = invoice(&world, &customer, &format!("A-{round}")).await;
            let mut attempts = Vec::with_capacity(ways.len());
            for way in ways {
                let order = order(&format!("{round}-{way}"), way, &[id]);
                attempts.push(pay_there(&world, secret, order).await);
            }
            let views = at_once(|number| {
                let (core, secret) = (world.core.clone(), secret.clone());
                let attempt = attempts[number % attempts.len()];
                async move { core.look_at_attempt(&secret, attempt).await }
            });
            for view in views.await {
                let view = view.expect("an attempt");
                assert_eq!(view.state, AttemptState::Succeeded, "round {round}");
            }
            let row = world.core.invoice(secret, id).await.expect("an invoice").row;
            assert_eq!(row.due.minor(), 0, "round {round}");
            let credit = i64::try_from(1_000 * (own + 1)).expect("an amount");
            assert_eq!(live(&world, secret).await, credit, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }

    /// PAY-04: a form that is sent 32 times at once charges a stored method once.
    async fn pay_06_a_form_charges_a_stored_method_once(db: TestDatabase) {
        let world = World::on(db).await;
        let way = gateway(&world, "Card", json!({})).await;
        let mut visit = None;
        for round in 0..FORMS {
            let (turn, own) = (round / FORMS_OF_CUSTOMER, round % FORMS_OF_CUSTOMER);
            if own == 0 {
                let secret = enter(&world, &format!("c-{turn}")).await;
                let method = stored(&world, &secret, way).await;
                visit = Some((secret, method));
            }
            let (secret, method) = visit.as_ref().expect("a customer");
            let key = format!("form-{round}");
            let order = PayOrder { method: Some(*method), ..order(&key, way, &[]) };
            let begun = at_once(|_| {
                let (core, secret, order) = (world.core.clone(), secret.clone(), order.clone());
                async move { core.pay(&secret, order, origin()).await }
            });
            let mut begun = begun.await;
            begun.dedup();
            assert!(matches!(begun.as_slice(), [Ok(_)]), "round {round}: {begun:?}");
            let paid = i64::try_from(1_000 * (own + 2)).expect("an amount");
            assert_eq!(live(&world, secret).await, paid, "round {round}");
        }
        assert_whole_ledger(&world).await;
    }
}
