//! The sandbox's page: play money that does what it is told.

use portico_billing::attempt::AttemptState;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, OrganisationId};
use portico_core_api::{Refusal, SandboxView, SessionSecret};
use portico_gateways::sandbox::{self, Choice};
use portico_store::payment_attempt::PaymentAttempt;

use super::require_payer;
use crate::visit::{self, Scope};
use crate::{Core, Failure};

/// What the page shows.
pub(crate) async fn page(
    core: &Core,
    secret: &SessionSecret,
    reference: &Reference,
) -> Result<SandboxView, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    Ok(page_of(&own(core, &scope, reference).await?))
}

/// The page of an attempt at a sandbox.
pub(crate) fn page_of(it: &PaymentAttempt) -> SandboxView {
    let open = it.handle.as_deref().and_then(|handle| sandbox::answer(handle, Choice::Pay));
    SandboxView {
        attempt: it.id,
        money: Some(it.charged()),
        open: it.state == AttemptState::NeedsAction && open.is_some(),
        choices: Choice::ALL.map(|choice| choice.word().to_owned()).to_vec(),
    }
}

/// Notes what was chosen: the sandbox tells it when it is asked.
pub(crate) async fn choose(
    core: &Core,
    secret: &SessionSecret,
    reference: &Reference,
    choice: &str,
) -> Result<AttemptId, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let it = own(core, &scope, reference).await?;
    require_payer(&scope)?;
    note(core, scope.organisation_id, it.id, choice).await?;
    Ok(it.id)
}

/// Notes what was chosen for an attempt at a sandbox.
pub(crate) async fn note(
    core: &Core,
    organisation: OrganisationId,
    id: AttemptId,
    choice: &str,
) -> Result<(), Refusal> {
    let choice: Choice = choice.parse().map_err(|_| Refusal::NotFound)?;
    Ok(store(core, organisation, id, choice).await?)
}

async fn store(
    core: &Core,
    organisation: OrganisationId,
    id: AttemptId,
    choice: Choice,
) -> Result<(), Failure> {
    let mut write = core.inner.store.write(organisation).await?;
    let mut it = write.payment_attempt_for_update(id).await?;
    let handle = it.handle.as_deref().and_then(|handle| sandbox::answer(handle, choice));
    let Some(handle) = handle.filter(|_| !it.state.is_over()) else { return Ok(()) };
    it.handle = Some(handle);
    it.updated_at = core.now();
    write.update_payment_attempt(&it).await?;
    Ok(write.commit().await?)
}

/// The customer's own attempt at a sandbox.
async fn own(core: &Core, scope: &Scope, reference: &Reference) -> Result<PaymentAttempt, Refusal> {
    let found = at_sandbox(core, scope.organisation_id, reference).await?;
    found.filter(|it| it.customer_id == scope.customer_id).ok_or(Refusal::NotFound)
}

/// The attempt with this reference, where it is at a sandbox.
pub(crate) async fn at_sandbox(
    core: &Core,
    organisation: OrganisationId,
    reference: &Reference,
) -> Result<Option<PaymentAttempt>, Failure> {
    let mut read = core.inner.store.read(organisation).await?;
    let found = read.payment_attempt_by_reference(reference.as_str()).await?;
    let Some(it) = found else { return Ok(None) };
    let gateway = read.gateway(it.gateway_id).await?;
    let is_sandbox = gateway.is_some_and(|it| it.provider == sandbox::PROVIDER.key);
    Ok(Some(it).filter(|_| is_sandbox))
}
