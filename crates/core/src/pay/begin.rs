//! Beginning to pay.

use portico_billing::attempt::{AttemptState, next_look};
use portico_billing::permission::Permissions;
use portico_billing::{AttemptId, CustomerId, GatewayId, PaymentMethodId};
use portico_core_api::{Begun, Fault, Origin, PayOrder, Refusal, SessionSecret};
use portico_store::Read;
use portico_store::hold::Held;
use portico_store::payment_attempt::PaymentAttempt;
use portico_store::payment_method::StoredAt;

use super::limits::{self, Trier};
use super::order::{self, Checked, at};
use super::{Payer, ask, learn, require_payer};
use crate::credit::{self, Alone};
use crate::{Caller, Core, Failure, gateways, visit};

/// Most characters of the key of a form.
const FORM_KEY_MAX: usize = 64;

/// Begins to pay what the order says, or finds what began by the same form (PAY-04).
pub(crate) async fn pay(
    core: &Core,
    secret: &SessionSecret,
    order: PayOrder,
    origin: Origin,
) -> Result<Begun, Refusal> {
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
) -> Result<Begun, Refusal> {
    if !(1..=FORM_KEY_MAX).contains(&order.form_key.len()) {
        return Err(at("form", Fault::Required));
    }
    let hash = order::hash(&order)?;
    let mut read = core.inner.store.read(payer.organisation_id).await.map_err(Failure::from)?;
    let form = (payer.customer_id, order.form_key.clone(), hash);
    if let Some(begun) = sent(&mut read, &form).await? {
        return Ok(begun);
    }
    // A payment that could not be booked must not be made.
    read.require_whole_ledger().await.map_err(Failure::from)?;
    let trier = Trier::new(payer.customer_id, origin, order.method.is_some());
    if let Err(refusal) = limits::refuse_too_many(core, &mut read, &trier).await {
        // What is one too many may be the same form, sent at the same moment.
        return sent(&mut read, &form).await?.ok_or(refusal);
    }
    let checked = order::check(&mut read, payer, &order).await?;
    let Some(record) = checked.record.clone() else {
        drop(read);
        return by_credit(core, payer, (&order, &form, &checked), origin).await;
    };
    let stored = match order.method {
        Some(id) => Some(stored_method(&mut read, payer, (id, record.id)).await?),
        None => None,
    };
    drop(read);
    let attempt = new_attempt(core, payer, order, (record.id, &checked));
    let attempt = PaymentAttempt { form_hash: form.2.clone(), ..attempt };
    let open = gateways::open_record(core, record)?;
    if !insert(core, &attempt, (payer, &trier)).await? {
        return begun(core, payer, &form).await;
    }
    let answer = ask::to_pay(core, &open, &attempt, (&checked.numbers, stored)).await?;
    learn::from_order(core, &open, attempt.id, answer).await?;
    Ok(Begun::Attempt(attempt.id))
}

/// A form: whose it is, its key, and the hash of what it says.
type Form = (CustomerId, String, Vec<u8>);

/// Settles by credit alone what is asked for.
async fn by_credit(
    core: &Core,
    payer: &Payer,
    (order, form, checked): (&PayOrder, &Form, &Checked),
    origin: &Origin,
) -> Result<Begun, Refusal> {
    let caller = Caller {
        who: payer.who,
        permissions: Permissions::NONE,
        ..Caller::system(payer.organisation_id)
    };
    let asked = credit::Asked {
        form: (form.1.as_str(), form.2.as_slice()),
        currency: order.currency,
        wanted: &checked.credit_parts,
    };
    match credit::alone(core, payer, &caller.calling_from(origin.address), &asked).await? {
        Alone::Settled(id) => Ok(Begun::Credit(id)),
        Alone::Before => begun(core, payer, form).await,
        Alone::Less => Err(at("amount", Fault::NotAChoice)),
    }
}

/// What the form began, which was sent a moment ago.
async fn begun(core: &Core, payer: &Payer, form: &Form) -> Result<Begun, Refusal> {
    let mut read = core.inner.store.read(payer.organisation_id).await.map_err(Failure::from)?;
    Ok(sent(&mut read, form).await?.ok_or(Failure::Missing("attempt of a form"))?)
}

/// What a form has begun already, if it said the same.
async fn sent(read: &mut Read, (customer, key, hash): &Form) -> Result<Option<Begun>, Refusal> {
    let attempt = read.payment_attempt_by_form(*customer, key).await.map_err(Failure::from)?;
    if let Some(it) = attempt {
        return same(Begun::Attempt(it.id), &it.form_hash == hash).map(Some);
    }
    let used = read.credit_use_by_form(*customer, key).await.map_err(Failure::from)?;
    let Some(it) = used else { return Ok(None) };
    let is_same = it.form.is_some_and(|(_, sent)| sent == *hash);
    same(Begun::Credit(it.id), is_same).map(Some)
}

fn same(begun: Begun, is_same: bool) -> Result<Begun, Refusal> {
    if is_same { Ok(begun) } else { Err(at("form", Fault::Unchanged)) }
}

async fn stored_method(
    read: &mut Read,
    payer: &Payer,
    (id, gateway): (PaymentMethodId, GatewayId),
) -> Result<StoredAt, Refusal> {
    let whose = (payer.customer_id, gateway);
    let found = read.payment_method_at_gateway(id, whose).await.map_err(Failure::from)?;
    found.ok_or_else(|| at("way", Fault::NotAChoice))
}

fn new_attempt(
    core: &Core,
    payer: &Payer,
    order: PayOrder,
    (gateway_id, checked): (GatewayId, &Checked),
) -> PaymentAttempt {
    let state = AttemptState::Sent;
    PaymentAttempt {
        id: AttemptId::new(payer.now, core.id_bytes()),
        customer_id: payer.customer_id,
        contact_id: payer.contact_id,
        gateway_id,
        purpose: order::purpose(&order),
        state,
        amount: checked.amount,
        surcharge_minor: checked.surcharge.minor(),
        parts: checked.parts.clone(),
        credit_parts: checked.credit_parts.clone(),
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
    let used = write.credit_use_by_form(it.customer_id, &it.form_key).await;
    let settled = used.map_err(Failure::from)?.is_some();
    if settled || !write.insert_payment_attempt(it).await.map_err(Failure::from)? {
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
