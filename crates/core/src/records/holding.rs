//! Saving and finding what customers hold: what is the same of all nouns that are a [`Holding`] to
//! the store.

use portico_billing::CustomerId;
use portico_store::{Holding, Read};
use serde::Serialize;
use serde_json::Value;

use super::faults::Faults;
use super::refer::{self, Whose};
use super::{After, Outcome, Record, RecordKey, Rejection, Target, Unit};
use crate::Failure;

/// The record that `key` names.
pub(super) async fn load<T: Holding>(
    read: &mut Read,
    key: &RecordKey,
) -> Result<Option<T>, Failure> {
    key.find(read, T::find, T::find_by_external_id).await
}

/// The records of one customer, where a key names one, and with one word, where one is given.
pub(super) async fn list<T: Holding>(
    read: &mut Read,
    customer: Option<&str>,
    word: Option<T::Word>,
    after: Option<After>,
    limit: u16,
) -> Result<Vec<T>, Failure> {
    let customer = match Whose::named(read, customer).await? {
        Whose::Nobody => return Ok(Vec::new()),
        Whose::All => None,
        Whose::One(customer) => Some(customer),
    };
    Ok(T::list(read, customer, word, refer::position(after), limit).await?)
}

/// The record that an input is meant for, held until the unit of work ends: what the input leaves
/// as it is must not be written back as it was a moment ago.
pub(super) async fn before<R: Record, T: Holding>(
    unit: &mut Unit<'_>,
    target: &Target,
    external_id: Option<&str>,
) -> Result<Option<T>, Rejection> {
    let by_external_id = T::find_by_external_id;
    let found = refer::existing::<R, T>(unit, target, external_id, load, by_external_id).await?;
    match found {
        Some(found) => Ok(found.hold(&mut unit.write).await?),
        None => Ok(None),
    }
}

/// What saving `it` does to what was there before. A record stays with its customer.
pub(super) fn outcome<T: Holding>(before: Option<&T>, it: &T) -> Result<Outcome, Rejection> {
    match before {
        None => Ok(Outcome::Created),
        Some(before) if before.customer_id() != it.customer_id() => {
            let message = format!("the {} cannot be moved to another customer", noun::<T>());
            Err(Rejection::conflict("customer_id", message))
        }
        Some(before) if before == it => Ok(Outcome::Unchanged),
        Some(_) => Ok(Outcome::Updated),
    }
}

/// Writes a record that is new or changed, and notes that it happened, with `data`.
pub(super) async fn write<T: Holding + Serialize>(
    unit: &mut Unit<'_>,
    (before, it): (Option<&T>, &mut T),
    outcome: Outcome,
    data: Value,
) -> Result<(), Rejection> {
    store(unit, it, outcome).await?;
    if outcome != Outcome::Unchanged {
        note(unit, it, data, before.map(|before| (before, &*it)));
    }
    Ok(())
}

/// Writes a record that is new or changed.
pub(super) async fn store<T: Holding>(
    unit: &mut Unit<'_>,
    it: &mut T,
    outcome: Outcome,
) -> Result<(), Rejection> {
    match outcome {
        Outcome::Unchanged => {}
        Outcome::Created => it.insert(&mut unit.write).await?,
        Outcome::Updated => {
            it.touch(unit.now);
            it.update(&mut unit.write).await?;
        }
    }
    Ok(())
}

/// Notes that a record is new, or of one that was there what it was and became.
pub(super) fn note<T: Holding>(
    unit: &mut Unit<'_>,
    it: &T,
    data: Value,
    sides: Option<(&impl Serialize, &impl Serialize)>,
) {
    match sides {
        Some(sides) => unit.change(format!("{}.updated", T::TABLE), it.uuid(), data, sides),
        None => unit.event(format!("{}.created", T::TABLE), it.uuid(), data),
    }
}

/// The record that another one of `customer` names in its field `field`.
pub(super) async fn of_customer<T: Holding>(
    read: &mut Read,
    (field, key): (&str, Option<&str>),
    customer: CustomerId,
    faults: &mut Faults,
) -> Result<Option<T>, Failure> {
    let Some(key) = key.and_then(|key| faults.key(field, key)) else { return Ok(None) };
    let found: Option<T> = load(read, &key).await?;
    let noun = noun::<T>();
    match &found {
        None => {
            faults.add(field, format!("no {noun} has the id or external id `{}`", key.as_str()));
        }
        Some(it) if it.customer_id() != customer => {
            faults.add(field, format!("is a {noun} of another customer"));
        }
        Some(_) => {}
    }
    Ok(found)
}

/// What people call it.
fn noun<T: Holding>() -> String {
    T::TABLE.replace('_', " ")
}
