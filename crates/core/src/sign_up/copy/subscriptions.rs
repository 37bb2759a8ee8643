//! Subscriptions, packages among them: they begin today.

use std::collections::HashMap;

use portico_billing::subscription::SubscriptionStatus;
use portico_billing::{Currency, CustomerId};

use super::{Heir, Inherited};
use crate::records::subscription::{
    SubscriptionFilter, SubscriptionInput, SubscriptionOutput, SubscriptionRecord,
};

impl Inherited for SubscriptionRecord {
    const HAS_VALUE: bool = true;

    fn of(customer: CustomerId) -> SubscriptionFilter {
        SubscriptionFilter { customer_id: Some(customer.to_string()), status: None }
    }

    fn currency(input: &SubscriptionInput) -> Option<Currency> {
        Some(input.currency)
    }

    fn inherit(
        output: SubscriptionOutput,
        heir: &Heir,
        _renamed: &HashMap<String, String>,
    ) -> Option<SubscriptionInput> {
        let input = SubscriptionInput::from(output);
        if input.status == SubscriptionStatus::Cancelled {
            return None;
        }
        let period = input.period_start.zip(input.period_end_exclusive);
        let period_end = period.and_then(|(start, end)| heir.moved(start, end));
        let trial_ends_on = input.trial_ends_on.and_then(|end| heir.moved(input.started_on, end));
        Some(SubscriptionInput {
            external_id: None,
            customer_id: heir.customer.to_string(),
            started_on: heir.today,
            period_start: period_end.map(|_| heir.today),
            period_end_exclusive: period_end,
            trial_ends_on,
            cancels_on: None,
            ended_on: None,
            payment_method_id: None,
            created_at: None,
            ..input
        })
    }
}
