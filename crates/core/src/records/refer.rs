//! What the records that belong to a customer have in common.

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::account::Customer;
use portico_billing::invoice::Period;
use portico_billing::{CustomerId, ExternalId};
use portico_store::{Position, Read, StoreError};

use super::faults::Faults;
use super::{After, Record, RecordKey, Rejection, Target, Unit};
use crate::Failure;

/// The customer that an input names in its field `customer_id`. Where nothing comes back, a fault
/// was noted.
pub(super) async fn customer(
    unit: &mut Unit<'_>,
    key: &str,
    faults: &mut Faults,
) -> Result<Option<Customer>, Rejection> {
    let field = "customer_id";
    let Some(key) = faults.key(field, key) else { return Ok(None) };
    faults.take(unit.customer(field, &key).await)
}

/// Whose records a list is narrowed to.
pub(super) enum Whose {
    /// All customers'.
    All,
    /// One customer's.
    One(CustomerId),
    /// Those of a customer that does not exist.
    Nobody,
}

impl Whose {
    /// Looks up what a filter names.
    pub(super) async fn named(read: &mut Read, key: Option<&str>) -> Result<Self, Failure> {
        let Some(key) = key else { return Ok(Self::All) };
        let found = super::customer::load(read, &RecordKey::new(key)).await?;
        Ok(found.map_or(Self::Nobody, |customer| Self::One(customer.id)))
    }
}

/// Where a list goes on.
pub(super) fn position(after: Option<After>) -> Position {
    after.map_or(Position::START, After::position)
}

/// The record that an input is meant for, where there is one: what the address names, else what the
/// input's own external id names. What is wrong with that is said together with all other faults.
pub(super) async fn existing<R: Record, T>(
    unit: &mut Unit<'_>,
    target: &Target,
    external_id: Option<&str>,
    load: impl AsyncFnOnce(&mut Read, &RecordKey) -> Result<Option<T>, Failure>,
    by_external_id: impl AsyncFnOnce(&mut Read, &ExternalId) -> Result<Option<T>, StoreError>,
) -> Result<Option<T>, Rejection> {
    match target {
        Target::Existing(key) => {
            let found = load(&mut unit.write, key).await?;
            found.map(Some).ok_or_else(|| not_found::<R>(key))
        }
        Target::New => match external_id.and_then(|text| text.parse().ok()) {
            Some(id) => Ok(by_external_id(&mut unit.write, &id).await?),
            None => Ok(None),
        },
    }
}

/// What names a record that was not found.
pub(super) fn not_found<R: Record>(key: &RecordKey) -> Rejection {
    Rejection::NotFound(format!("{} `{}`", R::SINGULAR, key.as_str()))
}

/// What is stored of a moment: no parts of a microsecond.
pub(super) fn to_micros(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// When a record was made: as given, else as before, else now.
pub(super) fn made_at(
    given: Option<Timestamp>,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    given.or(before).map_or(now, to_micros)
}

/// The days from `period_start` up to, but without, `period_end_exclusive`.
pub(super) fn period(
    start: Option<Date>,
    end_exclusive: Option<Date>,
    faults: &mut Faults,
) -> Option<Period> {
    match (start, end_exclusive) {
        (None, None) => None,
        (Some(_), None) => {
            faults.add("period_end_exclusive", "must be given where `period_start` is");
            None
        }
        (None, Some(_)) => {
            faults.add("period_start", "must be given where `period_end_exclusive` is");
            None
        }
        (Some(start), Some(end)) => {
            let period = Period::new(start, end).ok();
            if period.is_none() {
                faults.add("period_end_exclusive", "must be after `period_start`");
            }
            period
        }
    }
}
