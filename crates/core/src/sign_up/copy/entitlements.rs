//! Entitlements, credits among them: nothing of them is used yet.

use std::collections::HashMap;

use portico_billing::CustomerId;
use portico_billing::SubscriptionId;
use portico_billing::entitlement::EntitlementStatus;

use super::{Heir, Inherited};
use crate::records::entitlement::{
    EntitlementFilter, EntitlementInput, EntitlementOutput, EntitlementRecord,
};

impl Inherited for EntitlementRecord {
    const HAS_VALUE: bool = true;

    fn of(customer: CustomerId) -> EntitlementFilter {
        let status = Some(EntitlementStatus::Active);
        EntitlementFilter { customer_id: Some(customer.to_string()), status }
    }

    fn inherit(
        output: EntitlementOutput,
        heir: &Heir,
        renamed: &HashMap<String, String>,
    ) -> Option<EntitlementInput> {
        let input = EntitlementInput::from(output);
        let period = input.period_start.zip(input.period_end_exclusive);
        let period_end = period.and_then(|(start, end)| heir.moved(start, end));
        let granted_by = input.subscription_id.as_deref().and_then(|id| id.parse().ok());
        let granted_by = granted_by.map(|id: SubscriptionId| id.uuid().to_string());
        Some(EntitlementInput {
            external_id: None,
            customer_id: heir.customer.to_string(),
            subscription_id: granted_by.and_then(|id| renamed.get(&id).cloned()),
            used: None,
            period_start: period_end.map(|_| heir.today),
            period_end_exclusive: period_end,
            created_at: None,
            ..input
        })
    }
}
