//! Beginning to pay.

use portico_billing::attempt::{AttemptState, next_look};
use portico_billing::{AttemptId, CustomerId, PaymentMethodId};
use portico_core_api::{Fault, Origin, PayOrder, Refusal, SessionSecret};
use portico_store::Read;
use portico_store::hold::Held;
use portico_store::payment_attempt::PaymentAttempt;
use portico_store::payment_method::StoredAt;

use super::limits::{self, Trier};
use super::order::{self, Checked, at};
use super::{Payer, ask, learn, require_payer};
use crate::{Core, Failure, gateways, visit};

/// Most characters of the key of a form.
const FORM_KEY_MAX: usize = 64;

/// Begins to pay what the order says, or finds what began by the same form (PAY-04).
pub(crate) async fn pay(
    core: &Core,
    secret: &SessionSecret,
    order: PayOrder,
    origin: Origin,
) -> Result<AttemptId, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    for section in order::sections(order::purpose(&order)) {
        scope.require(*section)?;
    }
    require_payer(&scope)?;
    begin(core, &Payer::from(&scope), order, &origin).await
}

/// The same for whoever was found to be allowed to.
pub(crate) async fn begin(
    core: &Core,
    payer: &Payer,
    order: PayOrder,
    origin: &Origin,
) -> Result<AttemptId, Refusal> {
    if !(1..=FORM_KEY_MAX).contains(&order.form_key.len()) {
        return Err(at("form", Fault::Required));
    }
    let hash = order::hash(&order)?;
    let mut read = core.inner.store.read(payer.organisation_id).await.map_err(Failure::from)?;
    let form = (payer.customer_id, order.form_key.clone(), hash);
    if let Some(id) = sent(&mut read, &form).await? {
        return Ok(id);
    }
    // A payment that could not be booked must not be made.
    read.require_whole_ledger().await.map_err(Failure::from)?;
    let trier = Trier::new(payer.customer_id, origin, order.method.is_some());
    if let Err(refusal) = limits::refuse_too_many(core, &mut read, &trier).await {
        // What is one too many may be the same form, sent at the same moment.
        return sent(&mut read, &form).await?.ok_or(refusal);
    }
    let checked = order::check(&mut read, payer, &order).await?;
    let stored = match order.method {
        Some(id) => Some(stored_method(&mut read, payer, (id, &checked)).await?),
        None => None,
    };
    drop(read);
    let open = gateways::open_record(core, checked.record.clone())?;
    let attempt = new_attempt(core, payer, order, &checked);
    let attempt = PaymentAttempt { form_hash: form.2.clone(), ..attempt };
    if !insert(core, &attempt, (payer, &trier)).await? {
        let mut read = core.inner.store.read(payer.organisation_id).await.map_err(Failure::from)?;
        return Ok(sent(&mut read, &form).await?.ok_or(Failure::Missing("attempt of a form"))?);
    }
    let answer = ask::to_pay(core, &open, &attempt, (&checked.numbers, stored)).await?;
    learn::from_order(core, &open, attempt.id, answer).await?;
    Ok(attempt.id)
}

/// What a form has begun already: whose it is, its key, and the hash of what it says.
async fn sent(
    read: &mut Read,
    (customer, key, hash): &(CustomerId, String, Vec<u8>),
) -> Result<Option<AttemptId>, Refusal> {
    let found = read.payment_attempt_by_form(*customer, key).await.map_err(Failure::from)?;
    found.map(|found| same(&found, hash)).transpose()
}

/// The attempt that began by the same form, if the form said the same.
fn same(sent: &PaymentAttempt, hash: &[u8]) -> Result<AttemptId, Refusal> {
    if sent.form_hash == hash { Ok(sent.id) } else { Err(at("form", Fault::Unchanged)) }
}

async fn stored_method(
    read: &mut Read,
    payer: &Payer,
    (id, checked): (PaymentMethodId, &Checked),
) -> Result<StoredAt, Refusal> {
    let whose = (payer.customer_id, checked.record.id);
    let found = read.payment_method_at_gateway(id, whose).await.map_err(Failure::from)?;
    found.ok_or_else(|| at("way", Fault::NotAChoice))
}

fn new_attempt(core: &Core, payer: &Payer, order: PayOrder, checked: &Checked) -> PaymentAttempt {
    let state = AttemptState::Sent;
    PaymentAttempt {
        id: AttemptId::new(payer.now, core.id_bytes()),
        customer_id: payer.customer_id,
        contact_id: payer.contact_id,
        gateway_id: checked.record.id,
        purpose: order::purpose(&order),
        state,
        amount: checked.amount,
        surcharge_minor: checked.surcharge.minor(),
        parts: checked.parts.clone(),
        payment_method_id: order.method,
        keeps_method: order.keep && order.method.is_none(),
        form_key: order.form_key,
        form_hash: Vec::new(),
        locale: payer.language.to_string(),
        site: order.site.as_str().trim_end_matches('/').to_owned(),
        handle: None,
        way: None,
        decline: None,
        mismatch: None,
        payment_id: None,
        begun_at: payer.now,
        next_look_at: next_look(state, payer.now, payer.now),
        updated_at: payer.now,
    }
}

/// Stores it before the gateway is asked. The answer is whether it is the first of its form. Forms
/// that a customer sends at once are counted one after the other (DOS-08). By a link that was
/// switched off meanwhile nothing begins.
async fn insert(
    core: &Core,
    it: &PaymentAttempt,
    (payer, trier): (&Payer, &Trier),
) -> Result<bool, Refusal> {
    let mut write = core.inner.store.write(payer.organisation_id).await.map_err(Failure::from)?;
    let held = write.hold(Held::Customer, it.customer_id.uuid()).await;
    held.map_err(Failure::from)?;
    let allowed = limits::refuse_too_many(core, &mut write, trier).await;
    if !write.insert_payment_attempt(it).await.map_err(Failure::from)? {
        return Ok(false);
    }
    allowed?;
    if let Some(link) = payer.link {
        let held = write.pay_link_for_update(link).await.map_err(Failure::from)?;
        held.filter(|held| held.is_live(payer.now)).ok_or(Refusal::NotFound)?;
        write.insert_pay_link_attempt(link, it.id).await.map_err(Failure::from)?;
    }
    let placed = write.place_payment_attempt(it.id, trier.network()).await;
    placed.map_err(Failure::from)?;
    write.commit().await.map_err(Failure::from)?;
    Ok(true)
}
