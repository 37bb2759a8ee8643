//! Saving one record, or many in one go.

use jiff::civil::Date;
use portico_billing::permission::Permission;
use portico_store::Read;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::refer::not_found;
use super::{After, Outcome, Record, RecordKey, Rejection, Saved, Target, Unit, parse_input};
use crate::{Caller, Core, Failure};

/// Most records of one batch.
pub const MAX_BATCH: usize = 1_000;

/// How often a record is tried where another unit of work is in the way. A conflict that is none of
/// that kind is found again each time.
const TRIES: u32 = 3;

/// What happened to one record of a batch.
#[derive(Debug)]
pub struct BatchItem<O> {
    /// The record as it is now, or why it was refused.
    pub result: Result<Saved<O>, Rejection>,
}

/// How many records of a batch met which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BatchOutcome {
    /// New.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// The same as before.
    pub unchanged: usize,
    /// Refused.
    pub rejected: usize,
}

impl BatchOutcome {
    /// Counts one more.
    pub fn count<O>(&mut self, item: &BatchItem<O>) {
        match &item.result {
            Ok(saved) => match saved.outcome {
                Outcome::Created => self.created += 1,
                Outcome::Updated => self.updated += 1,
                Outcome::Unchanged => self.unchanged += 1,
            },
            Err(_) => self.rejected += 1,
        }
    }
}

impl Core {
    /// Saves one record in a unit of work of its own.
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then.
    pub async fn save_record<R: Record>(
        &self,
        caller: &Caller,
        target: Target,
        input: R::Input,
    ) -> Result<Saved<R::Output>, Rejection> {
        caller.require(R::EDITED_WITH)?;
        tried(|| self.try_to_save::<R>(caller, target.clone(), input.clone())).await
    }

    async fn try_to_save<R: Record>(
        &self,
        caller: &Caller,
        target: Target,
        input: R::Input,
    ) -> Result<Saved<R::Output>, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        let saved = R::save(&mut unit, target, input).await?;
        unit.commit().await?;
        Ok(saved)
    }

    /// Changes the parts of a record that `patch` names (RFC 7396).
    ///
    /// # Errors
    /// Why it was refused; nothing was changed then.
    pub async fn patch_record<R: Record>(
        &self,
        caller: &Caller,
        key: &RecordKey,
        patch: &Value,
    ) -> Result<Saved<R::Output>, Rejection> {
        caller.require(R::EDITED_WITH)?;
        tried(|| self.try_to_patch::<R>(caller, key, patch)).await
    }

    async fn try_to_patch<R: Record>(
        &self,
        caller: &Caller,
        key: &RecordKey,
        patch: &Value,
    ) -> Result<Saved<R::Output>, Rejection> {
        let mut unit = Unit::begin(self, caller).await?;
        // What the patch does not name must not be written back as it was a moment ago.
        if let Some(found) = R::find(&mut unit.write, key).await? {
            unit.write.hold(R::HELD, R::position(&found).1).await?;
        }
        let present = R::as_input(&mut unit.write, key).await?;
        let present = present.ok_or_else(|| not_found::<R>(key))?;
        let mut value = serde_json::to_value(present).map_err(Failure::from)?;
        json_patch::merge(&mut value, patch);
        let input = parse_input::<R>(value)?;
        let saved = R::save(&mut unit, Target::Existing(key.clone()), input).await?;
        unit.commit().await?;
        Ok(saved)
    }

    /// The record that `key` names.
    ///
    /// # Errors
    /// `NotFound`, or where the machinery fails.
    pub async fn find_record<R: Record>(
        &self,
        caller: &Caller,
        key: &RecordKey,
    ) -> Result<R::Output, Rejection> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let found = R::find(&mut read, key).await?.ok_or_else(|| not_found::<R>(key))?;
        let today = self.day_for::<R>(&mut read).await?;
        Ok(match today {
            Some(today) => R::on(found, today),
            None => found,
        })
    }

    /// The day it is for the organisation, where what is answered depends on it.
    async fn day_for<R: Record>(&self, read: &mut Read) -> Result<Option<Date>, Failure> {
        match R::CHANGES_BY_DAY {
            true => self.today_of(read).await.map(Some),
            false => Ok(None),
        }
    }

    /// A page of records, newest first, and where the next one begins.
    ///
    /// # Errors
    /// Where the filter names what cannot be, or the machinery fails.
    pub async fn list_records<R: Record>(
        &self,
        caller: &Caller,
        filter: &R::Filter,
        after: Option<After>,
        limit: u16,
    ) -> Result<(Vec<R::Output>, Option<After>), Rejection> {
        caller.require(Permission::Read)?;
        let mut read = self.inner.store.read(caller.organisation_id).await?;
        let mut rows = R::list(&mut read, filter, after, limit + 1).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows.last().filter(|_| more).map(|last| {
            let (created_at, id) = R::position(last);
            After { created_at, id }
        });
        if let Some(today) = self.day_for::<R>(&mut read).await? {
            rows = rows.into_iter().map(|it| R::on(it, today)).collect();
        }
        Ok((rows, next))
    }

    /// Saves up to [`MAX_BATCH`] records: the good ones go in, each bad one says why not.
    ///
    /// All go in by one transaction. Where the database itself refuses one, that transaction is
    /// given up and each record gets one of its own, so that one record cannot undo another.
    ///
    /// # Errors
    /// Where the caller may not, or the machinery fails; nothing was changed then.
    pub async fn save_batch<R: Record>(
        &self,
        caller: &Caller,
        inputs: Vec<Value>,
    ) -> Result<Vec<BatchItem<R::Output>>, Rejection> {
        caller.require(R::EDITED_WITH)?;
        let mut unit = Unit::begin(self, caller).await?;
        R::expect(&mut unit, &inputs).await?;
        let mut items = Vec::with_capacity(inputs.len());
        for input in &inputs {
            let result = save_value::<R>(&mut unit, input).await;
            let broken = matches!(&result, Err(Rejection::Failure(_) | Rejection::Conflict { .. }));
            if broken {
                drop(unit);
                return Ok(self.save_one_by_one::<R>(caller, inputs).await);
            }
            items.push(BatchItem { result });
        }
        match unit.commit().await {
            Ok(()) => Ok(items),
            Err(Rejection::Failure(failure)) if !failure.may_pass() => Err(failure.into()),
            // One record of them, or another unit of work, was in the way.
            Err(_) => Ok(self.save_one_by_one::<R>(caller, inputs).await),
        }
    }

    async fn save_one_by_one<R: Record>(
        &self,
        caller: &Caller,
        inputs: Vec<Value>,
    ) -> Vec<BatchItem<R::Output>> {
        let mut items = Vec::with_capacity(inputs.len());
        for input in inputs {
            let result = match parse_input::<R>(input) {
                Ok(input) => self.save_record::<R>(caller, Target::New, input).await,
                Err(rejection) => Err(rejection),
            };
            items.push(BatchItem { result });
        }
        items
    }
}

/// The outcome of a unit of work, begun anew where another one was in the way.
pub(crate) async fn tried<T, F>(attempt: impl Fn() -> F + Send + Sync) -> Result<T, Rejection>
where
    F: Future<Output = Result<T, Rejection>> + Send,
{
    for _ in 1..TRIES {
        match attempt().await {
            Err(rejection) if rejection.may_pass() => {}
            done => return done,
        }
    }
    attempt().await
}

async fn save_value<R: Record>(
    unit: &mut Unit<'_>,
    value: &Value,
) -> Result<Saved<R::Output>, Rejection> {
    R::save(unit, Target::New, parse_input::<R>(value)?).await
}
