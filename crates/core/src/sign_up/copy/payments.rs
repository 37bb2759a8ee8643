//! Payments: starting credit. What of one was given back is not given away.

use std::collections::HashMap;

use portico_billing::payment::{PaymentKind, PaymentStatus};
use portico_billing::{Currency, CustomerId};

use super::{Heir, Inherited};
use crate::records::payment::{PaymentFilter, PaymentInput, PaymentOutput, PaymentRecord};

impl Inherited for PaymentRecord {
    const HAS_VALUE: bool = true;

    fn of(customer: CustomerId) -> PaymentFilter {
        PaymentFilter {
            customer_id: Some(customer.to_string()),
            kind: Some(PaymentKind::Payment),
            status: Some(PaymentStatus::Succeeded),
        }
    }

    fn currency(input: &PaymentInput) -> Option<Currency> {
        Some(input.currency)
    }

    fn inherit(
        output: PaymentOutput,
        heir: &Heir,
        _renamed: &HashMap<String, String>,
    ) -> Option<PaymentInput> {
        let amount_minor = output.amount_minor.saturating_sub(output.refunded_minor);
        (amount_minor > 0).then(|| PaymentInput {
            amount_minor,
            external_id: None,
            customer_id: heir.customer.to_string(),
            payment_id: None,
            payment_method_id: None,
            paid_at: heir.now,
            allocations: None,
            unallocate: None,
            created_at: None,
            ..PaymentInput::from(output)
        })
    }
}
