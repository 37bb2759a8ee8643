//! Payments as they stand at Stripe: read by what is known of them.

use jiff::SignedDuration;

use super::client::{Form, path_part};
use super::list::{self, Found};
use super::wire::{Intent, Page, Session, reference};
use super::{Stripe, judge};
use crate::{GatewayError, Progress, Sight, Sought};

/// What is unfolded in a PaymentIntent: the method, and what the charge did to the balance.
const INTENT_PARTS: &[&str] = &["payment_method", "latest_charge.balance_transaction"];

/// The same, in a Checkout Session.
const PAGE_PARTS: &[&str] =
    &["payment_intent.payment_method", "payment_intent.latest_charge.balance_transaction"];

/// How long a customer may take who was sent to their bank: as long as a Checkout page is open.
const BANK_PATIENCE: SignedDuration = SignedDuration::from_hours(24);

impl Stripe {
    /// How a payment stands.
    ///
    /// # Errors
    /// See [`GatewayError`].
    pub(super) async fn see_payment(&self, sought: &Sought<'_>) -> Result<Sight, GatewayError> {
        let found;
        let handle = match sought.handle {
            Some(handle) => handle,
            None => match self.find_payment(sought).await? {
                Some(handle) => {
                    found = handle;
                    found.as_str()
                }
                None => return Ok(Sight::Absent),
            },
        };
        let progress = if handle.starts_with("cs_") {
            judge::payment_page(&self.page(handle, PAGE_PARTS).await?)?
        } else {
            self.see_intent(handle, sought).await?
        };
        Ok(Sight::There(progress))
    }

    /// A Checkout page with these parts unfolded.
    ///
    /// # Errors
    /// See [`GatewayError`].
    pub(super) async fn page(&self, id: &str, parts: &[&str]) -> Result<Session, GatewayError> {
        let path = format!("checkout/sessions/{}", path_part(id)?);
        Ok(self.client.get(&path, &Form::default().expand(parts)).await?)
    }

    /// The Checkout page of an attempt, by its reference; nothing where it surely has none.
    ///
    /// # Errors
    /// `Unknown` where that is not sure, and see [`GatewayError`].
    pub(super) async fn find_page(
        &self,
        sought: &Sought<'_>,
        mode: &str,
    ) -> Result<Option<Session>, GatewayError> {
        let is_it = |session: &Session| {
            session.mode == mode
                && session.client_reference_id.as_deref() == Some(sought.reference.as_str())
        };
        let query = list::made_since(sought.since);
        match list::first(&self.client, "checkout/sessions", &query, is_it).await? {
            Found::One(session) => Ok(Some(session)),
            Found::None => Ok(None),
            Found::TooLong => Err(list::too_long()),
        }
    }

    /// The handle of a payment of which only the reference is known: of a page, or of the charge of
    /// a stored method.
    async fn find_payment(&self, sought: &Sought<'_>) -> Result<Option<String>, GatewayError> {
        if let Some(session) = self.find_page(sought, "payment").await? {
            return Ok(Some(session.id));
        }
        let is_it = |intent: &Intent| {
            reference(intent.metadata.as_ref()) == Some(sought.reference.as_str())
        };
        let query = list::made_since(sought.since);
        match list::first(&self.client, "payment_intents", &query, is_it).await? {
            Found::One(intent) => Ok(Some(intent.id)),
            Found::None => {
                list::surely_absent(sought.since, sought.now)?;
                Ok(None)
            }
            Found::TooLong => Err(list::too_long()),
        }
    }

    async fn see_intent(&self, id: &str, sought: &Sought<'_>) -> Result<Progress, GatewayError> {
        let path = format!("payment_intents/{}", path_part(id)?);
        let intent: Intent = self.client.get(&path, &Form::default().expand(INTENT_PARTS)).await?;
        if !intent.status.starts_with("requires_") {
            return judge::intent(&intent, id);
        }
        // On a page that is open, the customer may try again.
        if let Some(page) = self.page_of(&intent).await? {
            return judge::payment_page(&page);
        }
        match judge::intent(&intent, id)? {
            Progress::Away { .. } if sought.now.duration_since(sought.since) >= BANK_PATIENCE => {
                self.abandon(&intent).await
            }
            progress => Ok(progress),
        }
    }

    /// The page that a payment is made on.
    async fn page_of(&self, intent: &Intent) -> Result<Option<Session>, GatewayError> {
        let query = Form::default().with("payment_intent", &intent.id).with("limit", "1");
        let page: Page<Session> = self.client.get("checkout/sessions", &query).await?;
        match page.data.first() {
            Some(session) => self.page(&session.id, PAGE_PARTS).await.map(Some),
            None => Ok(None),
        }
    }

    /// Sees to it that a payment which nobody finishes is never made.
    async fn abandon(&self, intent: &Intent) -> Result<Progress, GatewayError> {
        let form = Form::default().with("cancellation_reason", "abandoned").expand(INTENT_PARTS);
        let path = format!("payment_intents/{}/cancel", path_part(&intent.id)?);
        let canceled: Intent = self.client.post(&path, &form, None).await?;
        judge::intent(&canceled, &intent.id)
    }
}

/// What is unfolded where a stored method is charged.
pub fn intent_form() -> Form {
    Form::default().expand(INTENT_PARTS)
}
