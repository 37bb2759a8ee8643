//! Seller, buyer and payment instructions, as they stand on a document.

use portico_billing::account::TaxId;
use portico_billing::invoice::{Party, PaymentInstructions};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::{AddressInput, TaxIdInput};
use super::faults::Faults;

/// Most tax identifiers of a party.
const MAX_TAX_IDS: usize = 20;

/// Seller or buyer as they stand on the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyInput {
    /// Name.
    pub name: String,
    /// Address.
    #[serde(default)]
    pub address: AddressInput,
    /// Tax identifiers.
    #[serde(default)]
    pub tax_ids: Vec<TaxIdInput>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// How to pay, as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentInstructionsInput {
    /// Name of the means ("Credit transfer"), or its UNTDID 4461 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<String>,
    /// International bank account number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Bank identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// Holder of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<String>,
    /// What to quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Terms as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

impl PartyInput {
    /// The party, checked.
    pub(super) fn check(&self, field: &str, faults: &mut Faults) -> Party {
        if self.tax_ids.len() > MAX_TAX_IDS {
            let message = format!("must not be more than {MAX_TAX_IDS}");
            faults.add(format!("{field}.tax_ids"), message);
        }
        let tax_ids = self.tax_ids.iter().enumerate().map(|(index, tax_id)| TaxId {
            kind: faults.name(&format!("{field}.tax_ids.{index}.kind"), &tax_id.kind),
            value: faults.name(&format!("{field}.tax_ids.{index}.value"), &tax_id.value),
        });
        Party {
            tax_ids: tax_ids.collect(),
            name: faults.name(&format!("{field}.name"), &self.name),
            address: self.address.check(&format!("{field}.address"), faults),
            email: faults.line(&format!("{field}.email"), self.email.as_deref()),
        }
    }
}

impl PaymentInstructionsInput {
    /// The instructions, checked.
    pub(super) fn check(&self, faults: &mut Faults) -> PaymentInstructions {
        PaymentInstructions {
            means: faults.line("payment.means", self.means.as_deref()),
            iban: faults.line("payment.iban", self.iban.as_deref()),
            bic: faults.line("payment.bic", self.bic.as_deref()),
            account_name: faults.line("payment.account_name", self.account_name.as_deref()),
            reference: faults.line("payment.reference", self.reference.as_deref()),
            terms: faults.text("payment.terms", self.terms.as_deref()),
        }
    }
}

impl From<Party> for PartyInput {
    fn from(party: Party) -> Self {
        Self {
            address: AddressInput::of(&party.address),
            tax_ids: TaxIdInput::all_of(&party.tax_ids),
            name: party.name,
            email: party.email,
        }
    }
}

impl From<PaymentInstructions> for PaymentInstructionsInput {
    fn from(it: PaymentInstructions) -> Self {
        let PaymentInstructions { means, iban, bic, account_name, reference, terms } = it;
        Self { means, iban, bic, account_name, reference, terms }
    }
}
