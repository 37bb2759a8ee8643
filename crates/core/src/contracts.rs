//! A customer's contracts: list, and detail with revisions. Drafts are not for customers.

use portico_billing::ContractId;
use portico_billing::contract::{Contract, ContractRevision, ContractStatus};
use portico_billing::page::Page;
use portico_billing::section::Section;
use portico_core_api::{ContractView, ListQuery, Refusal, SessionSecret};
use portico_store::Holding;

use crate::subscriptions::customer_list;
use crate::{Core, Failure, visit};

pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
    query: ListQuery,
) -> Result<Page<ContractView>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Contracts).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let page = read.contracts_of_customer(scope.customer_id, &customer_list(query), false).await;
    Ok(page.map_err(Failure::from)?.map(view))
}

pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: ContractId,
) -> Result<(ContractView, Vec<ContractRevision>), Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Contracts).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = Contract::find(&mut read, id).await.map_err(Failure::from)?;
    let shown =
        |it: &Contract| it.customer_id == scope.customer_id && it.status != ContractStatus::Draft;
    let contract = found.filter(shown).ok_or(Refusal::NotFound)?;
    let revisions = read.contract_revisions(id).await.map_err(Failure::from)?;
    Ok((view(contract), revisions))
}

fn view(mut contract: Contract) -> ContractView {
    // The organisation's own data is not for its customers.
    contract.metadata.clear();
    ContractView { contract }
}
