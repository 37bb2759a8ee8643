//! The portal as a customer sees it, opened by one of the organisation's people.

use portico_billing::account::CustomerStatus;
use portico_billing::permission::Permission;
use portico_billing::session::{OPERATOR_LIMIT, OPERATOR_LINK_LIFE, SessionOrigin};
use portico_billing::{CustomerId, SessionId};
use portico_core_api::Forward;
use portico_store::portal_session::NewPortalSession;
use serde_json::json;

use crate::audit::Change;
use crate::records::Rejection;
use crate::secret::{hash_secret, new_secret};
use crate::{Caller, Core, Failure, Forbidden, Who};

/// A link that opens a customer's portal once, for one of the organisation's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorVisitLink {
    /// The session.
    pub id: SessionId,
    /// The whole link, on the brand's own host.
    pub url: String,
}

impl Core {
    /// Opens the portal as a customer: for half an hour at most, and to look alone unless
    /// `may_act`. It is written into the audit log, and the customer sees it. `return_url` is where
    /// the logo and ending the visit lead.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` where the customer may not use the portal; where the caller may not,
    /// or the machinery fails.
    pub async fn open_as_operator(
        &self,
        caller: &Caller,
        id: CustomerId,
        (may_act, return_url): (bool, Option<String>),
    ) -> Result<OperatorVisitLink, Rejection> {
        caller.require(Permission::OpenPortal)?;
        if may_act {
            caller.require(Permission::ActInPortal)?;
        }
        let Who::Operator(operator) = caller.who else {
            return Err(Forbidden(Permission::OpenPortal).into());
        };
        let mut write = self.inner.store.write(caller.organisation_id).await?;
        let customer = write.customer(id).await?;
        let customer = customer.ok_or_else(|| Rejection::NotFound("customer".to_owned()))?;
        if customer.status != CustomerStatus::Active {
            return Err(Rejection::conflict("status", "the customer is not active"));
        }
        let brand = write.brand(customer.brand_id).await?.ok_or(Failure::Missing("brand"))?;
        let (now, link) = (self.now(), new_secret(&self.inner.entropy));
        let session = NewPortalSession {
            id: SessionId::new(now, self.id_bytes()),
            brand_id: brand.id,
            customer_id: id,
            contact_id: None,
            origin: SessionOrigin::Operator,
            operator: Some((operator, may_act)),
            link: Some((hash_secret(&link), now + OPERATOR_LINK_LIFE)),
            entry: None,
            return_url,
            forward: serde_json::to_value(Forward::Overview).map_err(Failure::from)?,
            language: None,
            idle: OPERATOR_LIMIT,
            created_at: now,
        };
        write.insert_portal_session(&session).await?;
        let change = Change::new("portal.opened").on(id.uuid()).of_customer(id.uuid());
        let change = change.to(&json!({ "may_act": may_act, "session_id": session.id }));
        change.write(self, &mut write, caller).await?;
        write.commit().await?;
        let url = self.portal_url(&brand, &format!("/session/{link}"));
        Ok(OperatorVisitLink { id: session.id, url })
    }
}
