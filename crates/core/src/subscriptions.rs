//! A customer's subscriptions: list and detail.

use portico_billing::SubscriptionId;
use portico_billing::page::Page;
use portico_billing::section::Section;
use portico_billing::subscription::Subscription;
use portico_core_api::{ListQuery, Refusal, SessionSecret, SubscriptionView};
use portico_store::{CustomerList, Holding, Read};

use crate::visit::Scope;
use crate::{Core, Failure, visit};

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: ListQuery,
) -> Result<Page<SubscriptionView>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Subscriptions).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let page = read.subscriptions_of_customer(scope.customer_id, &customer_list(query)).await;
    let Page { rows, next, previous } = page.map_err(Failure::from)?;
    Ok(Page { rows: views(&mut read, &scope, rows).await?, next, previous })
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: SubscriptionId,
) -> Result<SubscriptionView, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Subscriptions).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = Subscription::find(&mut read, id).await.map_err(Failure::from)?;
    let found = found.filter(|subscription| subscription.customer_id == scope.customer_id);
    let view = views(&mut read, &scope, found.into_iter().collect()).await?.pop();
    view.ok_or(Refusal::NotFound)
}

/// Subscriptions with the methods that they are charged to (the default one where they have none
/// of their own), by one query for all of them; without them where payment methods are hidden.
pub(crate) async fn views(
    read: &mut Read,
    scope: &Scope,
    subscriptions: Vec<Subscription>,
) -> Result<Vec<SubscriptionView>, Failure> {
    if subscriptions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = subscriptions.iter().filter_map(|it| it.payment_method_id).collect();
    let methods = match scope.shows(Section::PaymentMethods) {
        true => read.payment_methods_for(scope.customer_id, &ids).await?,
        false => Vec::new(),
    };
    let view = |mut subscription: Subscription| {
        // The organisation's own data is not for its customers.
        subscription.metadata.clear();
        let charged = methods.iter().find(|method| match subscription.payment_method_id {
            Some(id) => method.id == id,
            None => method.is_default,
        });
        SubscriptionView { payment_method: charged.cloned(), subscription }
    };
    Ok(subscriptions.into_iter().map(view).collect())
}

/// What the store is asked for.
pub(crate) fn customer_list(query: ListQuery) -> CustomerList {
    CustomerList {
        search: query.search,
        status: query.status,
        cursor: query.cursor,
        size: query.size,
    }
}
