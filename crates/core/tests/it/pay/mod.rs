//! Paying through a gateway: the sandbox, which does what it is told.

mod by_hand;
mod credit;
mod instalments;
mod limits;
mod links;
mod notices;
mod paying;
mod peer;
mod receipts;
mod refunds;
mod silent;
mod staff;
mod taken;
mod tries;

use portico_billing::attempt::AttemptState;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, Currency, GatewayId, InvoiceId};
use portico_core::records::RecordKey;
use portico_core::records::invoice::InvoiceRecord;
use portico_core::{Caller, CustomerRef};
use portico_core_api::{
    AttemptView, CoreApi, Fault, FieldFault, PayApi, PayOrder, Refusal, SessionSecret,
};
use serde_json::{Value, json};
use url::Url;

use crate::common::{World, assert_whole_ledger, enter, gateway, live, origin};

/// An open invoice over so many cents.
async fn invoice(world: &World, customer: &str, number: &str, minor: i64) -> InvoiceId {
    let price = format!("{}.{:02}", minor / 100, minor % 100);
    let input = json!({
        "external_id": number, "number": number, "customer_id": customer, "status": "open",
        "currency": "EUR", "issued_on": "2026-01-05", "due_on": "2026-01-20",
        "lines": [{"description": "Plan", "quantity": "1", "unit_price": price}],
    });
    world.save::<InvoiceRecord>(input).await.id
}

/// What a form sends that pays what is to be paid next of these invoices.
fn order(key: &str, gateway: GatewayId, invoices: &[InvoiceId]) -> PayOrder {
    PayOrder {
        form_key: key.to_owned(),
        invoices: invoices.to_vec(),
        currency: Currency::EUR,
        amount_minor: None,
        whole: false,
        credit: false,
        gateway: Some(gateway),
        method: None,
        keep: false,
        site: Url::parse("https://pay.test").expect("an address"),
    }
}

async fn begin(
    world: &World,
    secret: &SessionSecret,
    order: PayOrder,
) -> Result<AttemptId, Refusal> {
    let begun = world.core.pay(secret, order, origin()).await?;
    Ok(begun.attempt().expect("an attempt"))
}

/// What is chosen on the sandbox's page.
async fn choose(world: &World, secret: &SessionSecret, id: AttemptId, choice: &str) {
    let reference = Reference::of(id);
    let chosen = world.core.choose_in_sandbox(secret, &reference, choice).await;
    assert_eq!(chosen, Ok(id));
}

/// The customer comes back.
async fn look(world: &World, secret: &SessionSecret, id: AttemptId) -> AttemptView {
    world.core.look_at_attempt(secret, id).await.expect("an attempt")
}

/// A whole payment, from the form to the customer's return.
async fn pay(world: &World, secret: &SessionSecret, order: PayOrder, choice: &str) -> AttemptView {
    let id = begin(world, secret, order).await.expect("an attempt");
    choose(world, secret, id, choice).await;
    look(world, secret, id).await
}

async fn due(world: &World, secret: &SessionSecret, id: InvoiceId) -> i64 {
    world.core.invoice(secret, id).await.expect("an invoice").row.due.minor()
}

fn invalid<T>(field: &str, fault: Fault) -> Result<T, Refusal> {
    Err(Refusal::Invalid { faults: vec![FieldFault::new(field, fault)] })
}

/// An account of the organisation, minor units; credits are above zero.
async fn account(world: &World, account: portico_billing::ledger::Account) -> i64 {
    let caller = Caller::system(world.organisation.id);
    let sums = world.core.trial_balance(&caller).await.expect("accounts");
    let found = sums.into_iter().find(|it| it.account == account);
    found.map_or(0, |it| it.above_zero + it.below_zero)
}

fn succeeded(it: &AttemptView) -> bool {
    it.state == AttemptState::Succeeded && it.payment.is_some() && it.leads_to.is_none()
}
