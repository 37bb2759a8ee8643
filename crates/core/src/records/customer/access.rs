//! A customer's exceptions from what its brand shows.

use portico_billing::section::{PortalAccess, Section};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::faults::Faults;

/// Sections of the portal that a customer sees or does not see, whatever its brand says. What is
/// on neither list is as the brand says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PortalAccessInput {
    /// Shown, even where the brand hides it.
    #[schema(value_type = Vec<String>, example = json!(["contracts"]))]
    pub show: Vec<Section>,
    /// Hidden, even where the brand shows it.
    #[schema(value_type = Vec<String>, example = json!(["payment_methods", "exports"]))]
    pub hide: Vec<Section>,
}

impl PortalAccessInput {
    /// The lists as they are.
    #[must_use]
    pub fn of(access: &PortalAccess) -> Self {
        let list =
            |sections: &std::collections::BTreeSet<Section>| sections.iter().copied().collect();
        Self { show: list(&access.show), hide: list(&access.hide) }
    }

    /// The exceptions, where the lists do not contradict each other.
    pub(super) fn check(&self, faults: &mut Faults) -> PortalAccess {
        let set = |sections: &[Section]| sections.iter().copied().collect();
        let access = PortalAccess { show: set(&self.show), hide: set(&self.hide) };
        if let Err(both) = access.check() {
            faults.add("portal_access", both.to_string());
        }
        access
    }
}
