//! Contracts with the text in force. Who signs up has not signed them yet.

use std::collections::HashMap;

use portico_billing::CustomerId;
use portico_billing::contract::ContractStatus;

use super::{Heir, Inherited};
use crate::records::contract::{ContractFilter, ContractInput, ContractOutput, ContractRecord};

impl Inherited for ContractRecord {
    const HAS_VALUE: bool = false;

    fn of(customer: CustomerId) -> ContractFilter {
        ContractFilter { customer_id: Some(customer.to_string()), status: None }
    }

    fn inherit(
        output: ContractOutput,
        heir: &Heir,
        _renamed: &HashMap<String, String>,
    ) -> Option<ContractInput> {
        let input = ContractInput::from(output);
        if matches!(input.status, ContractStatus::Expired | ContractStatus::Disputed) {
            return None;
        }
        let ends_on =
            input.starts_on.zip(input.ends_on).and_then(|(start, end)| heir.moved(start, end));
        Some(ContractInput {
            external_id: None,
            customer_id: heir.customer.to_string(),
            starts_on: input.starts_on.map(|_| heir.today),
            ends_on,
            signed_at: None,
            signed_by: None,
            created_at: None,
            ..input
        })
    }
}
