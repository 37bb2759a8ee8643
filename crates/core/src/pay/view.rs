//! How an attempt stands, for the customer.

use std::collections::HashMap;

use portico_billing::attempt::AttemptState;
use portico_billing::section::Section;
use portico_billing::{AttemptId, InvoiceId, Money, OrganisationId};
use portico_core_api::{AttemptView, Refusal, SessionSecret};
use portico_gateways::provider;
use portico_store::payment_attempt::PaymentAttempt;

use super::learn;
use crate::visit::{self, Scope};
use crate::{Core, Failure};

/// How an attempt stands, as far as it is known.
pub(crate) async fn attempt(
    core: &Core,
    secret: &SessionSecret,
    id: AttemptId,
) -> Result<AttemptView, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let it = own(core, &scope, id).await?;
    Ok(view(core, scope.organisation_id, it, scope.shows(Section::Invoices)).await?)
}

/// The same, after the gateway was asked where it is not certain.
pub(crate) async fn look_at_attempt(
    core: &Core,
    secret: &SessionSecret,
    id: AttemptId,
) -> Result<AttemptView, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let it = own(core, &scope, id).await?;
    let it = looked_at(core, scope.organisation_id, it).await?;
    Ok(view(core, scope.organisation_id, it, scope.shows(Section::Invoices)).await?)
}

/// The customer's own attempt: also where the section was hidden since it began.
async fn own(core: &Core, scope: &Scope, id: AttemptId) -> Result<PaymentAttempt, Refusal> {
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.payment_attempt(id).await.map_err(Failure::from)?;
    found.filter(|it| it.customer_id == scope.customer_id).ok_or(Refusal::NotFound)
}

/// The attempt, after the gateway was asked where it is not certain.
pub(crate) async fn looked_at(
    core: &Core,
    organisation: OrganisationId,
    it: PaymentAttempt,
) -> Result<PaymentAttempt, Failure> {
    if it.state.is_over() {
        return Ok(it);
    }
    learn::by_looking_at(core, organisation, it.id).await
}

/// What is told of an attempt to whoever may see it.
pub(crate) async fn view(
    core: &Core,
    organisation: OrganisationId,
    it: PaymentAttempt,
    tells_invoices: bool,
) -> Result<AttemptView, Failure> {
    let mut read = core.inner.store.read(organisation).await?;
    let gateway = read.gateway(it.gateway_id).await?.ok_or(Failure::Missing("gateway"))?;
    let ids: Vec<InvoiceId> = match tells_invoices {
        true => invoices_of(&it),
        false => Vec::new(),
    };
    let numbers: HashMap<InvoiceId, Option<String>> =
        read.invoice_numbers(&ids).await?.into_iter().collect();
    let leads_to = match it.state {
        AttemptState::NeedsAction => learn::open_way(core, &it)?,
        _ => None,
    };
    let number = |id: InvoiceId| (id, numbers.get(&id).cloned().flatten());
    Ok(AttemptView {
        id: it.id,
        purpose: it.purpose,
        state: it.state,
        reason: it.decline.as_ref().map(|(reason, _)| *reason),
        amount: it.amount,
        surcharge: Money::new(it.surcharge_minor, it.amount.currency()),
        charged: it.charged(),
        credit: it.credit(),
        invoices: ids.into_iter().map(number).collect(),
        way: gateway.name,
        provider: provider(&gateway.provider).map_or(gateway.provider, |it| it.name.to_owned()),
        test: gateway.is_test,
        payment: it.payment_id,
        leads_to,
        begun_at: it.begun_at,
    })
}

/// The invoices that it settles, by what is paid or by credit.
fn invoices_of(it: &PaymentAttempt) -> Vec<InvoiceId> {
    let mut ids: Vec<InvoiceId> = it.parts.iter().map(|(id, _)| *id).collect();
    for (id, _) in &it.credit_parts {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    ids
}
