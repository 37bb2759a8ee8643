//! The sandbox's page: play money that does what it is told.

use portico_billing::AttemptId;
use portico_billing::attempt::AttemptState;
use portico_billing::gateway::Reference;
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
    let it = own(core, &scope, reference).await?;
    let open = it.handle.as_deref().and_then(|handle| sandbox::answer(handle, Choice::Pay));
    Ok(SandboxView {
        attempt: it.id,
        money: Some(it.charged()),
        open: it.state == AttemptState::NeedsAction && open.is_some(),
        choices: Choice::ALL.map(|choice| choice.word().to_owned()).to_vec(),
    })
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
    let choice: Choice = choice.parse().map_err(|_| Refusal::NotFound)?;
    note(core, &scope, it.id, choice).await?;
    Ok(it.id)
}

async fn note(core: &Core, scope: &Scope, id: AttemptId, choice: Choice) -> Result<(), Failure> {
    let mut write = core.inner.store.write(scope.organisation_id).await?;
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
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.payment_attempt_by_reference(reference.as_str()).await;
    let it = found.map_err(Failure::from)?.filter(|it| it.customer_id == scope.customer_id);
    let it = it.ok_or(Refusal::NotFound)?;
    let gateway = read.gateway(it.gateway_id).await.map_err(Failure::from)?;
    let is_sandbox = gateway.is_some_and(|it| it.provider == sandbox::PROVIDER.key);
    if is_sandbox { Ok(it) } else { Err(Refusal::NotFound) }
}
