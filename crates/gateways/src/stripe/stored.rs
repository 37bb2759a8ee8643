//! Methods that Stripe stores (<https://docs.stripe.com/payments/save-and-reuse>).

use async_trait::async_trait;

use portico_billing::gateway::DeclineReason;

use super::client::{Fault, Form, path_part};
use super::payments::intent_form;
use super::wire::{Intent, Method, Setup};
use super::{Stripe, amount, judge, list, pages};
use crate::{Charge, Declined, GatewayError, Progress, SetUp, Sight, Sought, StoredMethods};

/// What is unfolded in a SetupIntent: the method, and what the try left behind.
const SET_UP_PARTS: &[&str] = &["payment_method", "latest_attempt"];

/// The same, in a Checkout Session.
const PAGE_PARTS: &[&str] = &["setup_intent.payment_method", "setup_intent.latest_attempt"];

#[async_trait]
impl StoredMethods for Stripe {
    async fn begin_set_up(&self, order: &SetUp<'_>) -> Result<Progress, GatewayError> {
        self.open_set_up_page(order).await
    }

    async fn resume_set_up(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        let found;
        let handle = match sought.handle {
            Some(handle) => handle,
            None => match self.find_page(sought, "setup").await? {
                Some(page) => {
                    found = page.id;
                    found.as_str()
                }
                None => {
                    list::surely_absent(sought.since, sought.now)?;
                    return Ok(Sight::Absent);
                }
            },
        };
        if handle.starts_with("cs_") {
            return judge::set_up_page(&self.page(handle, PAGE_PARTS).await?).map(Sight::There);
        }
        let path = format!("setup_intents/{}", path_part(handle)?);
        let set_up: Setup = self.client.get(&path, &Form::default().expand(SET_UP_PARTS)).await?;
        judge::set_up_alone(&set_up, handle).map(Sight::There)
    }

    /// Sent again within 24 hours, the same order is answered as it was the first time.
    async fn charge(&self, order: &Charge<'_>) -> Result<Progress, GatewayError> {
        let amount = amount::to_stripe(order.money)?;
        let method = match self.method(order.token).await {
            Ok(method) => method,
            Err(Fault::Said(refusal)) if refusal.is_absent() => return Ok(gone()),
            Err(fault) => return Err(fault.into()),
        };
        let form = self.charge_form(order, amount, &method)?;
        let key = format!("{}-charge", order.reference);
        match self.client.post::<Intent>("payment_intents", &form, Some(&key)).await {
            Ok(intent) => judge::intent(&intent, &intent.id),
            // Only now: had it been charged before it was dropped, Stripe would have told.
            Err(Fault::Said(refusal)) if !refusal.by_card && method.customer.is_none() => {
                Ok(gone())
            }
            Err(fault) => pages::declined(fault),
        }
    }

    async fn forget(&self, token: &str, _profile: Option<&str>) -> Result<(), GatewayError> {
        let path = format!("payment_methods/{}/detach", path_part(token)?);
        let refusal = match self.client.post::<Method>(&path, &Form::default(), None).await {
            Ok(_) => return Ok(()),
            Err(Fault::Said(refusal)) => refusal,
            Err(fault) => return Err(fault.into()),
        };
        if refusal.is_absent() {
            return Ok(());
        }
        // Stripe has no code of its own for a method that is stored with nobody.
        match self.method(token).await {
            Ok(method) if method.customer.is_none() => Ok(()),
            _ => Err(Fault::Said(refusal).into()),
        }
    }
}

impl Stripe {
    async fn method(&self, token: &str) -> Result<Method, Fault> {
        let path = format!("payment_methods/{}", path_part(token)?);
        self.client.get(&path, &Form::default()).await
    }

    /// The type of the method is named: without it, Stripe would want an address to return to even
    /// where nobody is there, for the account's other types.
    fn charge_form(
        &self,
        order: &Charge<'_>,
        amount: i64,
        method: &Method,
    ) -> Result<Form, GatewayError> {
        let customer = order.payer.profile.or(method.customer.as_deref());
        if method.customer.is_some() && method.customer.as_deref() != customer {
            return Err(GatewayError::Refused {
                code: "method_of_another_customer".to_owned(),
                message: "the method is stored with another customer".to_owned(),
            });
        }
        let form = intent_form()
            .with("amount", amount.to_string())
            .with("currency", order.money.currency().code().to_lowercase())
            .with("confirm", "true")
            .with("payment_method", order.token)
            .with("payment_method_types[]", &method.details.kind)
            .with_some("customer", customer)
            .with("description", order.description)
            .with("metadata[portico_reference]", order.reference.as_str())
            .with_some("statement_descriptor_suffix", self.statement_descriptor.as_deref());
        Ok(match order.return_url {
            Some(url) => form.with("return_url", url.as_str()),
            None => form.with("off_session", "true"),
        })
    }
}

fn gone() -> Progress {
    let code = "payment_method_gone".to_owned();
    Progress::Declined(Declined { reason: DeclineReason::MethodGone, code })
}
