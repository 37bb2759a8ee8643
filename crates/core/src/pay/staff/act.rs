//! What the staff can do with an attempt: have the provider asked, and close one whose payment does
//! not match.

use portico_billing::AttemptId;
use portico_billing::attempt::{AttemptEvent, next_look};
use portico_billing::card_number::looks_like_card_number;
use portico_billing::gateway::DeclineReason;
use portico_billing::permission::Permission;
use portico_billing::text::check_line;
use portico_core_api::Fault;
use serde_json::json;

use super::show::{AttemptDetail, detail};
use crate::audit::Change;
use crate::operators::StaffError;
use crate::pay::learn;
use crate::{Caller, Core, StaffRule};

/// Most characters of the reason for closing one.
const REASON_MAX: u32 = 500;

impl Core {
    /// Asks the provider how an attempt stands, and learns from it. What was paid is credited then,
    /// as if the customer had come back.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooMany`, or where the machinery fails.
    pub async fn look_at_payment_attempt(
        &self,
        caller: &Caller,
        id: AttemptId,
    ) -> Result<AttemptDetail, StaffError> {
        caller.require(Permission::EditBilling)?;
        let organisation = caller.organisation_id;
        let found = self.inner.store.read(organisation).await?.payment_attempt(id).await?;
        found.ok_or(StaffError::NotFound)?;
        self.inner.limits.attempt_look(organisation)?;
        // No transaction is open: this may take seconds.
        let it = learn::by_looking_at(self, organisation, id).await?;
        let mut write = self.inner.store.write(organisation).await?;
        let change = Change::new("payment_attempt.looked_up").on(id.uuid());
        let change = change.of_customer(it.customer_id.uuid());
        let told = json!({"state": it.state, "reference": it.reference()});
        change.to(&told).write(self, &mut write, caller).await?;
        let detail = detail(&mut write, it).await?;
        write.commit().await?;
        Ok(detail)
    }

    /// Closes an attempt for which the provider has money that does not match what was asked for:
    /// after it was given back there. It fails, and is credited to nobody, whatever the provider
    /// says from then on.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid` where there is no reason, `Rule` where the provider says
    /// nothing that does not match, or where the machinery fails.
    pub async fn dismiss_payment_attempt(
        &self,
        caller: &Caller,
        id: AttemptId,
        reason: &str,
    ) -> Result<AttemptDetail, StaffError> {
        caller.require(Permission::EditBilling)?;
        let reason = checked_reason(reason)?;
        let organisation = caller.organisation_id;
        let found = self.inner.store.read(organisation).await?.payment_attempt(id).await?;
        found.ok_or(StaffError::NotFound)?;
        let now = self.now();
        let mut write = self.inner.store.write(organisation).await?;
        let mut it = write.payment_attempt_for_update(id).await?;
        if !it.standing().may_be_dismissed() {
            return Err(StaffRule::AttemptMatches.into());
        }
        let before = json!({"state": it.state, "reason": it.decline.as_ref().map(|(it, _)| it)});
        let event = AttemptEvent::Declined(DeclineReason::Dismissed);
        it.state = it.state.after(event).unwrap_or(it.state);
        it.decline = Some((DeclineReason::Dismissed, reason.clone()));
        it.way = None;
        it.next_look_at = next_look(it.state, it.begun_at, now);
        it.updated_at = now;
        write.update_payment_attempt(&it).await?;
        let after = json!({
            "state": it.state, "reason": DeclineReason::Dismissed, "note": reason,
            "mismatch": it.mismatch, "amount_minor": it.charged().minor(),
            "currency": it.amount.currency(), "reference": it.reference(),
        });
        let change = Change::new("payment_attempt.dismissed").on(id.uuid());
        let change = change.of_customer(it.customer_id.uuid()).changed(&before, &after);
        change.write(self, &mut write, caller).await?;
        let detail = detail(&mut write, it).await?;
        write.commit().await?;
        Ok(detail)
    }
}

/// One line that says why; nobody's card number is kept in it (PRV-01).
fn checked_reason(text: &str) -> Result<String, StaffError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fault = if text.is_empty() {
        Fault::Required
    } else if text.chars().count() > usize::try_from(REASON_MAX).unwrap_or(usize::MAX) {
        Fault::TooLong { max: REASON_MAX }
    } else if check_line(&text).is_err() || looks_like_card_number(&text) {
        Fault::BadCharacters
    } else {
        return Ok(text);
    };
    Err(StaffError::field("reason", fault))
}
