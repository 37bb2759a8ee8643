//! Attempts, to look through.

use jiff::Timestamp;
use portico_billing::attempt::{AttemptPurpose, AttemptState};
use portico_billing::gateway::Reference;
use portico_billing::page::{Direction, Page, PageSize};
use portico_billing::permission::Permission;
use portico_billing::{AttemptId, Currency, CustomerId, GatewayId, PaymentId};
use portico_gateways::{PROVIDERS, provider};
use portico_store::Read;
use portico_store::attempt_list::{AttemptListFilter, AttemptSummary};
use portico_store::customer_list::{CustomerListFilter, CustomerOrder};
use portico_store::gateway::GatewayRecord;

use crate::operators::StaffError;
use crate::records::After;
use crate::{Caller, Core, Failure};

/// Customers whose attempts a search finds, at most.
const CUSTOMERS: u16 = 50;

/// Which attempts: those that meet all that is named, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptQuery {
    /// What names attempts: an identifier, Portico's reference at the provider, the provider's
    /// handle or charge; else what names customers, or how their names begin.
    pub search: String,
    /// Those of this customer.
    pub customer: Option<CustomerId>,
    /// Those that stand so.
    pub state: Option<AttemptState>,
    /// Those at this gateway.
    pub gateway: Option<GatewayId>,
    /// Those for this.
    pub purpose: Option<AttemptPurpose>,
    /// Those in this currency.
    pub currency: Option<Currency>,
    /// Those that began then or later.
    pub from: Option<Timestamp>,
    /// Those that began before.
    pub before: Option<Timestamp>,
    /// Those alone that somebody has to look at.
    pub to_look_at: bool,
    /// Those behind this place; else where the cursor says.
    pub after: Option<After>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// What lists show of a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayName {
    /// Identifier.
    pub id: GatewayId,
    /// What customers read.
    pub name: String,
    /// The provider's own name: "Stripe".
    pub provider: String,
    /// Whether it moves play money.
    pub test: bool,
}

impl From<GatewayRecord> for GatewayName {
    fn from(it: GatewayRecord) -> Self {
        let provider = provider(&it.provider).map_or(it.provider, |found| found.name.to_owned());
        Self { id: it.id, name: it.name, provider, test: it.is_test }
    }
}

impl Core {
    /// A page of attempts.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn payment_attempts(
        &self,
        caller: &Caller,
        query: AttemptQuery,
    ) -> Result<Page<AttemptSummary>, StaffError> {
        caller.require(Permission::Read)?;
        let now = self.now();
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let filter = filter(&mut read, query, now).await?;
        Ok(read.attempt_page(&filter).await?)
    }

    /// The names of the organisation's gateways, in their order.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn gateway_names(&self, caller: &Caller) -> Result<Vec<GatewayName>, StaffError> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        Ok(read.gateways().await?.into_iter().map(GatewayName::from).collect())
    }

    /// The attempt that became a payment; nothing where the payment went through no gateway.
    ///
    /// # Errors
    /// `Forbidden`, or where the machinery fails.
    pub async fn attempt_of_payment(
        &self,
        caller: &Caller,
        (payment, reference): (PaymentId, Option<&str>),
    ) -> Result<Option<AttemptId>, StaffError> {
        caller.require(Permission::Read)?;
        let Some(reference) = reference else { return Ok(None) };
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = read.payment_attempt_by_reference(reference).await?;
        Ok(found.filter(|it| it.payment_id == Some(payment)).map(|it| it.id))
    }
}

/// The query with what its words name.
pub(super) async fn filter(
    read: &mut Read,
    query: AttemptQuery,
    now: Timestamp,
) -> Result<AttemptListFilter, Failure> {
    let words = query.search.trim();
    let (mut found, mut customers) = (None, query.customer.map(|id| vec![id]));
    if !words.is_empty() {
        match named(read, words).await? {
            ids if ids.is_empty() => {
                let mut ids = customers_named(read, words).await?;
                ids.retain(|id| query.customer.is_none_or(|own| own == *id));
                customers = Some(ids);
            }
            ids => found = Some(ids),
        }
    }
    Ok(AttemptListFilter {
        found,
        customers,
        state: query.state,
        gateway: query.gateway,
        purpose: query.purpose,
        currency: query.currency,
        from: query.from,
        before: query.before,
        to_look_at: query.to_look_at.then_some(now),
        after: query.after.map(After::position),
        cursor: query.cursor,
        size: query.size,
    })
}

/// The attempts that `words` name, each by an index.
async fn named(read: &mut Read, words: &str) -> Result<Vec<AttemptId>, Failure> {
    let mut ids = Vec::new();
    if let Ok(id) = words.parse::<AttemptId>() {
        ids.extend(read.payment_attempt(id).await?.map(|it| it.id));
    }
    if let Ok(reference) = words.to_uppercase().parse::<Reference>() {
        let found = read.payment_attempt_by_reference(reference.as_str()).await?;
        ids.extend(found.map(|it| it.id));
    }
    ids.extend(read.attempts_with_handle(words).await?);
    for provider in PROVIDERS {
        let payment = read.payment_by_charge(provider.key, words).await?;
        let Some((id, reference)) = payment.and_then(|it| Some((it.id, it.reference?))) else {
            continue;
        };
        let attempt = read.payment_attempt_by_reference(&reference).await?;
        ids.extend(attempt.filter(|it| it.payment_id == Some(id)).map(|it| it.id));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The customers that `words` name exactly, and those whose names begin so.
async fn customers_named(read: &mut Read, words: &str) -> Result<Vec<CustomerId>, Failure> {
    let filter = CustomerListFilter {
        name: words.to_owned(),
        order: CustomerOrder::Name,
        direction: Direction::Asc,
        size: PageSize::try_from(CUSTOMERS).unwrap_or_default(),
        ..CustomerListFilter::default()
    };
    let rows = crate::customers::page(read, &filter).await?.rows;
    Ok(rows.into_iter().map(|it| it.id).collect())
}
