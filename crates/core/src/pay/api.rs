//! Paying, as the Core API asks for it. Each method is one verb of a module of the same noun.

use async_trait::async_trait;
use portico_billing::gateway::Reference;
use portico_billing::{AttemptId, CreditUseId, Currency};
use portico_core_api::{
    AttemptView, Begun, CreditUseView, Origin, PayApi, PayOffer, PayOrder, Refusal, SandboxView,
    SessionSecret,
};

use super::{begin, offer, sandbox, view};
use crate::{Core, credit};

#[async_trait]
impl PayApi for Core {
    async fn pay_offer(
        &self,
        secret: &SessionSecret,
        currency: Option<Currency>,
    ) -> Result<PayOffer, Refusal> {
        offer::offer(self, secret, currency).await
    }

    async fn pay(
        &self,
        secret: &SessionSecret,
        order: PayOrder,
        origin: Origin,
    ) -> Result<Begun, Refusal> {
        begin::pay(self, secret, order, origin).await
    }

    async fn credit_use(
        &self,
        secret: &SessionSecret,
        id: CreditUseId,
    ) -> Result<CreditUseView, Refusal> {
        credit::find(self, secret, id).await
    }

    async fn credit_uses(&self, secret: &SessionSecret) -> Result<Vec<CreditUseView>, Refusal> {
        credit::list(self, secret).await
    }

    async fn attempt(&self, secret: &SessionSecret, id: AttemptId) -> Result<AttemptView, Refusal> {
        view::attempt(self, secret, id).await
    }

    async fn look_at_attempt(
        &self,
        secret: &SessionSecret,
        id: AttemptId,
    ) -> Result<AttemptView, Refusal> {
        view::look_at_attempt(self, secret, id).await
    }

    async fn sandbox(
        &self,
        secret: &SessionSecret,
        reference: &Reference,
    ) -> Result<SandboxView, Refusal> {
        sandbox::page(self, secret, reference).await
    }

    async fn choose_in_sandbox(
        &self,
        secret: &SessionSecret,
        reference: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal> {
        sandbox::choose(self, secret, reference, choice).await
    }
}
