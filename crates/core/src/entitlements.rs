//! A customer's entitlements: list and detail.

use portico_billing::EntitlementId;
use portico_billing::page::Page;
use portico_billing::payment::public_description;
use portico_billing::section::Section;
use portico_core_api::{EntitlementView, ListQuery, Refusal, SessionSecret};
use portico_store::entitlement::PlannedEntitlement;

use crate::subscriptions::customer_list;
use crate::visit::Scope;
use crate::{Core, Failure, visit};

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: ListQuery,
) -> Result<Page<EntitlementView>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Entitlements).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let (customer, list) = (scope.customer_id, customer_list(query));
    let page = read.entitlements_of_customer(customer, &list, scope.today).await;
    Ok(page.map_err(Failure::from)?.map(|it| view(it, &scope)))
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: EntitlementId,
) -> Result<EntitlementView, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Entitlements).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.entitlement_of_customer(scope.customer_id, id).await;
    let found = found.map_err(Failure::from)?.ok_or(Refusal::NotFound)?;
    Ok(view(found, &scope))
}

/// As it is today, without what is for the staff, and without the plan where plans are hidden.
fn view(it: PlannedEntitlement, scope: &Scope) -> EntitlementView {
    let PlannedEntitlement { mut entitlement, plan } = it;
    let plan = plan.filter(|_| scope.shows(Section::Subscriptions));
    entitlement.status = entitlement.shown_status(scope.today);
    entitlement.metadata.clear();
    let description = entitlement.description.as_deref().map(public_description);
    entitlement.description = description.filter(|text| !text.is_empty()).map(str::to_owned);
    EntitlementView { entitlement, plan }
}
