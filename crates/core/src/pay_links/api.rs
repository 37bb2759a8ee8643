//! Paying by a link, as the Core API asks for it. Each method is one verb of this module.

use async_trait::async_trait;
use portico_billing::AttemptId;
use portico_billing::gateway::Reference;
use portico_core_api::{
    Document, FollowedLink, LinkHolder, LinkedAttempt, LinkedInvoice, LinkedOrder, Origin,
    PayLinkApi, Refusal, SandboxView,
};

use super::paying;
use crate::Core;

#[async_trait]
impl PayLinkApi for Core {
    async fn follow_pay_link(
        &self,
        holder: &LinkHolder,
        origin: Origin,
    ) -> Result<FollowedLink, Refusal> {
        paying::follow(self, holder, &origin).await
    }

    async fn linked_invoice(&self, holder: &LinkHolder) -> Result<LinkedInvoice, Refusal> {
        paying::invoice(self, holder).await
    }

    async fn linked_invoice_pdf(&self, holder: &LinkHolder) -> Result<Document, Refusal> {
        paying::invoice_pdf(self, holder).await
    }

    async fn pay_linked(
        &self,
        holder: &LinkHolder,
        order: LinkedOrder,
        origin: Origin,
    ) -> Result<AttemptId, Refusal> {
        paying::pay(self, holder, order, &origin).await
    }

    async fn linked_attempt(
        &self,
        holder: &LinkHolder,
        id: AttemptId,
    ) -> Result<LinkedAttempt, Refusal> {
        paying::attempt(self, holder, id, false).await
    }

    async fn look_at_linked_attempt(
        &self,
        holder: &LinkHolder,
        id: AttemptId,
    ) -> Result<LinkedAttempt, Refusal> {
        paying::attempt(self, holder, id, true).await
    }

    async fn linked_sandbox(
        &self,
        holder: &LinkHolder,
        reference: &Reference,
    ) -> Result<SandboxView, Refusal> {
        paying::sandbox(self, holder, reference).await
    }

    async fn choose_in_linked_sandbox(
        &self,
        holder: &LinkHolder,
        reference: &Reference,
        choice: &str,
    ) -> Result<AttemptId, Refusal> {
        paying::choose(self, holder, reference, choice).await
    }
}
