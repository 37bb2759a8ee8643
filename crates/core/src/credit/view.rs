//! When credit was used, for the customer.

use std::collections::{BTreeMap, HashMap};

use portico_billing::section::Section;
use portico_billing::{CreditUseId, InvoiceId, Money};
use portico_core_api::{CreditUseView, Refusal, SessionSecret};
use portico_store::Read;
use portico_store::credit::CreditUse;

use crate::visit::{self, Scope};
use crate::{Core, Failure};

/// Uses that are listed.
const LISTED: u16 = 5;

/// One use of the customer's credit: also where the section was hidden since.
pub(crate) async fn find(
    core: &Core,
    secret: &SessionSecret,
    id: CreditUseId,
) -> Result<CreditUseView, Refusal> {
    let scope = visit::resolve(core, secret).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.credit_use(id).await.map_err(Failure::from)?;
    let it = found.filter(|it| it.customer_id == scope.customer_id).ok_or(Refusal::NotFound)?;
    let view = views(&mut read, &scope, vec![it]).await?.pop();
    Ok(view.ok_or(Failure::Missing("use of credit"))?)
}

/// The newest of them.
pub(crate) async fn list(
    core: &Core,
    secret: &SessionSecret,
) -> Result<Vec<CreditUseView>, Refusal> {
    let scope = visit::resolve_in(core, secret, Section::Payments).await?;
    let mut read = core.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
    let found = read.credit_uses_of_customer(scope.customer_id, LISTED).await;
    Ok(views(&mut read, &scope, found.map_err(Failure::from)?).await?)
}

/// What of each invoice was settled, with their numbers by one query for all of them.
async fn views(
    read: &mut Read,
    scope: &Scope,
    uses: Vec<CreditUse>,
) -> Result<Vec<CreditUseView>, Failure> {
    let tells_invoices = scope.shows(Section::Invoices);
    let mut ids: Vec<InvoiceId> = match tells_invoices {
        true => uses.iter().flat_map(|it| &it.parts).map(|part| part.invoice_id).collect(),
        false => Vec::new(),
    };
    ids.sort_unstable();
    ids.dedup();
    let numbers: HashMap<InvoiceId, Option<String>> =
        read.invoice_numbers(&ids).await?.into_iter().collect();
    let view = |it: CreditUse| {
        let mut settled: BTreeMap<InvoiceId, i64> = BTreeMap::new();
        for part in it.parts.iter().filter(|_| tells_invoices) {
            *settled.entry(part.invoice_id).or_default() += part.amount_minor;
        }
        let invoice = |(id, minor): (InvoiceId, i64)| {
            let number = numbers.get(&id).cloned().flatten();
            (id, number, Money::new(minor, it.amount.currency()))
        };
        CreditUseView {
            id: it.id,
            amount: it.amount,
            invoices: settled.into_iter().map(invoice).collect(),
            used_at: it.used_at,
        }
    };
    Ok(uses.into_iter().map(view).collect())
}
