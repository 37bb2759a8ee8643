//! A customer's payment methods: list and detail.

use portico_billing::PaymentMethodId;
use portico_billing::page::Page;
use portico_billing::payment_method::PaymentMethod;
use portico_billing::section::Section;
use portico_core_api::{ListQuery, PaymentMethodView, Refusal, SessionSecret};
use portico_store::{Holding, Read};

use crate::subscriptions::customer_list;
use crate::visit::Scope;
use crate::{Core, Failure, visit};

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: ListQuery,
) -> Result<Page<PaymentMethodView>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::PaymentMethods).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let (customer, list) = (scope.customer_id, customer_list(query));
    let page = read.payment_methods_of_customer(customer, &list, scope.today).await;
    let Page { rows, next, previous } = page.map_err(Failure::from)?;
    let rows = views(&mut read, &scope, rows).await?;
    Ok(Page { rows, next, previous })
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: PaymentMethodId,
) -> Result<PaymentMethodView, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::PaymentMethods).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let method = PaymentMethod::find(&mut read, id).await.map_err(Failure::from)?;
    let method = method.filter(|method| method.customer_id == scope.customer_id);
    let methods = method.into_iter().collect();
    let view = views(&mut read, &scope, methods).await?.pop();
    view.ok_or(Refusal::NotFound)
}

/// Methods with the plans that are charged to them, by one query for all of them; without them
/// where subscriptions are hidden.
async fn views(
    read: &mut Read,
    scope: &Scope,
    methods: Vec<PaymentMethod>,
) -> Result<Vec<PaymentMethodView>, Failure> {
    let plans = match !methods.is_empty() && scope.shows(Section::Subscriptions) {
        true => read.charged_plans(scope.customer_id).await?,
        false => Vec::new(),
    };
    let view = |method: PaymentMethod| {
        let charged = |by: &Option<PaymentMethodId>| match by {
            Some(id) => *id == method.id,
            None => method.is_default,
        };
        let mut used_by: Vec<String> =
            plans.iter().filter(|(by, _)| charged(by)).map(|(_, plan)| plan.clone()).collect();
        used_by.dedup();
        PaymentMethodView { expired: method.is_expired(scope.today), used_by, method }
    };
    Ok(methods.into_iter().map(view).collect())
}
