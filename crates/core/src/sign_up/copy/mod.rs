//! What a new customer gets of its template. Each kind of record has a file that says what becomes
//! of one; a later kind joins in with its file and a line in [`records`].
//!
//! Records go the way of all records: they are checked, counted and written into the audit log as
//! if the staff had made them. Invoices are never copied.

mod contracts;
mod customer;
mod entitlements;
mod payments;
mod subscriptions;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::{Currency, CustomerId};
use serde::Serialize;
use uuid::Uuid;

pub(super) use customer::{address_in, customer};

use crate::records::contract::ContractRecord;
use crate::records::entitlement::EntitlementRecord;
use crate::records::payment::PaymentRecord;
use crate::records::subscription::SubscriptionRecord;
use crate::records::{After, Record, RecordKey, Rejection, Target, Unit};
use crate::{Failure, visit};

/// Records that are read of a template at a time, and at most of each kind.
const AT_A_TIME: u16 = 100;
const MAX_OF_KIND: usize = 500;

/// Who gets what, and in which terms.
pub(super) struct Heir {
    pub(super) customer: CustomerId,
    pub(super) template: Option<CustomerId>,
    pub(super) with_value: bool,
    currency: Currency,
    now: Timestamp,
    /// The day in the organisation's time zone: what was copied begins today.
    today: Date,
}

/// A record of the template that the customer did not get, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct LeftOut {
    kind: &'static str,
    id: Uuid,
    because: Because,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Because {
    /// It is in a currency that is not the customer's.
    Currency(Currency),
    /// It has value, and of that enough was given away.
    Value,
    /// It cannot be made as it is.
    Refused(String),
}

/// A kind of record that templates hand on.
trait Inherited: Record {
    /// Whether it is worth something: bounded, and given to a person once.
    const HAS_VALUE: bool;

    /// Those of one customer.
    fn of(customer: CustomerId) -> Self::Filter;

    /// The currency of its amounts, where it has any.
    fn currency(_input: &Self::Input) -> Option<Currency> {
        None
    }

    /// What becomes of one for the heir; nothing where it is not handed on. `renamed` has the new
    /// identifiers of what was copied before.
    fn inherit(
        output: Self::Output,
        heir: &Heir,
        renamed: &HashMap<String, String>,
    ) -> Option<Self::Input>;
}

impl Heir {
    pub(super) async fn new(
        unit: &mut Unit<'_>,
        customer: CustomerId,
        template: Option<CustomerId>,
        (currency, with_value): (Currency, bool),
    ) -> Result<Self, Rejection> {
        let organisation = unit.write.organisation().await?;
        let organisation = organisation.ok_or(Failure::Missing("organisation"))?;
        let today = visit::date_in(&organisation.time_zone, unit.now);
        Ok(Self { customer, template, with_value, currency, now: unit.now, today })
    }

    /// Why it does not get a record, if it does not.
    fn refuses<R: Inherited>(&self, input: &R::Input) -> Option<Because> {
        match R::currency(input).filter(|currency| *currency != self.currency) {
            Some(currency) => Some(Because::Currency(currency)),
            None => (R::HAS_VALUE && !self.with_value).then_some(Because::Value),
        }
    }

    /// A day as far from today as `day` is from `start`.
    fn moved(&self, start: Date, day: Date) -> Option<Date> {
        self.today.checked_add(start.until(day).ok()?).ok()
    }
}

/// Copies all kinds; the answer is what was left out.
pub(super) async fn records(unit: &mut Unit<'_>, heir: &Heir) -> Result<Vec<LeftOut>, Rejection> {
    let Some(template) = heir.template else { return Ok(Vec::new()) };
    let mut copying = Copying::new(heir, template);
    copying.kind::<PaymentRecord>(unit).await?;
    copying.kind::<SubscriptionRecord>(unit).await?;
    copying.kind::<EntitlementRecord>(unit).await?;
    copying.kind::<ContractRecord>(unit).await?;
    Ok(copying.left_out)
}

/// The work as it goes on.
struct Copying<'a> {
    heir: &'a Heir,
    template: CustomerId,
    renamed: HashMap<String, String>,
    left_out: Vec<LeftOut>,
}

impl<'a> Copying<'a> {
    fn new(heir: &'a Heir, template: CustomerId) -> Self {
        Self { heir, template, renamed: HashMap::new(), left_out: Vec::new() }
    }

    async fn kind<R: Inherited>(&mut self, unit: &mut Unit<'_>) -> Result<(), Rejection> {
        for (_, id) in self.all::<R>(unit).await? {
            let key = RecordKey::new(id.to_string());
            let Some(output) = R::find(&mut unit.write, &key).await? else { continue };
            let Some(input) = R::inherit(output, self.heir, &self.renamed) else { continue };
            if let Some(because) = self.heir.refuses::<R>(&input) {
                self.left_out.push(LeftOut { kind: R::SINGULAR, id, because });
                continue;
            }
            self.save::<R>(unit, id, input).await?;
        }
        Ok(())
    }

    /// The template's records of a kind, the oldest first, so that the copies keep their order.
    async fn all<R: Inherited>(
        &self,
        unit: &mut Unit<'_>,
    ) -> Result<Vec<(Timestamp, Uuid)>, Rejection> {
        let (filter, mut all) = (R::of(self.template), Vec::new());
        while all.len() < MAX_OF_KIND {
            let after =
                all.last().map(|(created_at, id)| After { created_at: *created_at, id: *id });
            let page = R::list(&mut unit.write, &filter, after, AT_A_TIME).await?;
            let is_last = page.len() < usize::from(AT_A_TIME);
            all.extend(page.iter().map(R::position));
            if is_last {
                break;
            }
        }
        all.reverse();
        Ok(all)
    }

    async fn save<R: Inherited>(
        &mut self,
        unit: &mut Unit<'_>,
        id: Uuid,
        input: R::Input,
    ) -> Result<(), Rejection> {
        match R::save(unit, Target::New, input).await {
            Ok(saved) => {
                let (_, new) = R::position(&saved.output);
                self.renamed.insert(id.to_string(), new.to_string());
                Ok(())
            }
            // Nothing was written yet: a template that could not be made today, made long ago.
            Err(refused @ Rejection::Invalid(_)) => {
                let because = Because::Refused(refused.to_string());
                self.left_out.push(LeftOut { kind: R::SINGULAR, id, because });
                Ok(())
            }
            Err(other) => Err(other),
        }
    }
}
