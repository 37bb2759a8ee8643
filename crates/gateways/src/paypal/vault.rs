//! The vault: wallets that are stored, charged and forgotten.
//! <https://developer.paypal.com/docs/api/payment-tokens/v3/>

use async_trait::async_trait;
use portico_billing::gateway::DeclineReason;
use reqwest::StatusCode;

use super::api::part;
use super::fault::Trouble;
use super::order::declined;
use super::wire::{PaymentToken, SetupToken, way};
use super::{PayPal, amount, request};
use crate::answer::Way;
use crate::{Charge, GatewayError, Kept, Progress, SetUp, Sight, Sought, StoredMethods};

#[async_trait]
impl StoredMethods for PayPal {
    async fn begin_set_up(&self, order: &SetUp<'_>) -> Result<Progress, GatewayError> {
        amount::supported(order.currency)?;
        let body = request::set_up(order);
        let key = order.reference.as_str();
        let token = self.api.post("/v3/vault/setup-tokens", Some(key), &body).await?;
        Ok(self.set_up_standing(token, key).await?)
    }

    /// A set-up token without a handle was never shown to the customer: nothing can come of it.
    async fn resume_set_up(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        let Some(handle) = sought.handle else { return Ok(Sight::Absent) };
        let path = format!("/v3/vault/setup-tokens/{}", part(handle)?);
        let token = match self.api.get(&path).await {
            // They live for three days.
            Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => {
                return Ok(Sight::There(declined(DeclineReason::Abandoned, &fault.code)));
            }
            token => token?,
        };
        Ok(Sight::There(self.set_up_standing(token, sought.reference.as_str()).await?))
    }

    /// Sent again for the same reference within six hours, it is the same charge; after that it
    /// would be another one, unless the account refuses an `invoice_id` that it has had.
    async fn charge(&self, order: &Charge<'_>) -> Result<Progress, GatewayError> {
        Ok(self.charge_wallet(order).await?)
    }

    async fn forget(&self, token: &str, _profile: Option<&str>) -> Result<(), GatewayError> {
        let path = format!("/v3/vault/payment-tokens/{}", part(token)?);
        match self.api.delete(&path).await {
            Err(Trouble::Fault(fault)) if fault.status == StatusCode::NOT_FOUND => Ok(()),
            done => Ok(done?),
        }
    }
}

impl PayPal {
    async fn set_up_standing(
        &self,
        token: SetupToken,
        reference: &str,
    ) -> Result<Progress, Trouble> {
        let SetupToken { id: handle, status, links } = token;
        match status.as_deref() {
            None | Some("CREATED" | "PAYER_ACTION_REQUIRED") => Ok(match way(&links) {
                Some(url) => Progress::Away { handle, way: Way::Go(url) },
                None => Progress::Pending { handle: Some(handle) },
            }),
            // The last two: exchanged before. The same key brings the same token, for three hours.
            Some("APPROVED" | "VAULTED" | "TOKENIZED") => self.exchange(&handle, reference).await,
            Some(other) => {
                Err(GatewayError::Unknown(format!("a set-up token that is {other}")).into())
            }
        }
    }

    /// Makes a token of the set-up that the customer agreed to. One that is not there any more was
    /// exchanged too long ago, and the customer has to agree anew.
    async fn exchange(&self, handle: &str, reference: &str) -> Result<Progress, Trouble> {
        let body = request::exchange(handle);
        let key = format!("{reference}-token");
        let token = self.api.post("/v3/vault/payment-tokens", Some(&key), &body).await;
        let PaymentToken { id, customer, payment_source } = match token {
            Err(Trouble::Fault(fault))
                if matches!(
                    fault.status,
                    StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
                ) =>
            {
                return Ok(declined(DeclineReason::Abandoned, &fault.code));
            }
            token => token?,
        };
        let wallet = payment_source.and_then(|source| source.paypal).unwrap_or_default();
        Ok(Progress::Stored(Box::new(Kept {
            token: Some(id),
            profile: customer.and_then(|customer| customer.id),
            ..wallet.kept()
        })))
    }
}
