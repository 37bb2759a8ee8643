//! Who pays.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::{BrandId, ContactId, CustomerId, LanguageTag, OrganisationId, PayLinkId};

use crate::Who;
use crate::visit::Scope;

/// Who pays: what beginning to pay needs to know, and no more. Whether they may is decided before.
pub(crate) struct Payer {
    pub(crate) organisation_id: OrganisationId,
    pub(crate) brand_id: BrandId,
    /// The customer that it is credited to.
    pub(crate) customer_id: CustomerId,
    /// The person, where one is signed in.
    pub(crate) contact_id: Option<ContactId>,
    /// The link, where nobody is.
    pub(crate) link: Option<PayLinkId>,
    /// Who acts, for the audit log.
    pub(crate) who: Who,
    /// The language of the provider's pages.
    pub(crate) language: LanguageTag,
    pub(crate) now: Timestamp,
    /// The day it is for the organisation: what is due depends on it.
    pub(crate) today: Date,
}

impl From<&Scope> for Payer {
    fn from(scope: &Scope) -> Self {
        Self {
            organisation_id: scope.organisation_id,
            brand_id: scope.brand_id,
            customer_id: scope.customer_id,
            contact_id: scope.contact_id,
            link: None,
            who: match &scope.operator {
                Some(operator) => Who::Operator(operator.id),
                None => Who::Contact(scope.contact_id),
            },
            language: scope.language.clone(),
            now: scope.now,
            today: scope.today,
        }
    }
}
