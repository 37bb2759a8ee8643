//! How records are named and where lists go on.

use std::str::FromStr;

use jiff::Timestamp;
use portico_billing::ExternalId;
use portico_store::{Read, StoreError};
use uuid::Uuid;

use crate::Failure;

/// What names a record: its identifier in either form, or the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordKey {
    text: String,
}

impl RecordKey {
    /// Takes the text of a path or of a field.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The identifier, where the text has the form of one of type `T`.
    #[must_use]
    pub fn id<T: FromStr>(&self) -> Option<T> {
        self.text.parse().ok()
    }

    /// The external id, where the text can be one.
    #[must_use]
    pub fn external_id(&self) -> Option<ExternalId> {
        self.text.parse().ok()
    }

    /// The record that the key names. An organisation may use UUIDs of its own as external ids, so
    /// a text in the form of our identifier can be either.
    pub(crate) async fn find<Id: FromStr, T>(
        &self,
        read: &mut Read,
        by_id: impl AsyncFnOnce(&mut Read, Id) -> Result<Option<T>, StoreError>,
        by_external_id: impl AsyncFnOnce(&mut Read, &ExternalId) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, Failure> {
        if let Some(id) = self.id()
            && let Some(found) = by_id(read, id).await?
        {
            return Ok(Some(found));
        }
        match self.external_id() {
            Some(external_id) => Ok(by_external_id(read, &external_id).await?),
            None => Ok(None),
        }
    }
}

/// Where a list goes on: after the record that was made at `created_at` with this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// When that record was made.
    pub created_at: Timestamp,
    /// Its identifier.
    pub id: Uuid,
}

impl After {
    /// The same for the store.
    pub(crate) const fn position(self) -> portico_store::Position {
        portico_store::Position::behind(self.created_at, self.id)
    }

    /// The opaque text that goes out.
    #[must_use]
    pub fn encode(self) -> String {
        // Without a sign, which records from before 1970 would have.
        let micros = self.created_at.as_microsecond().cast_unsigned();
        format!("{micros:x}-{}", self.id.simple())
    }

    /// Reads the text back.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('-')?;
        let micros = u64::from_str_radix(micros, 16).ok()?.cast_signed();
        let created_at = Timestamp::from_microsecond(micros).ok()?;
        Some(Self { created_at, id: Uuid::try_parse(id).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_after_records_of_any_age() {
        for time in ["1965-03-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-20T12:00:00.000001Z"]
        {
            let created_at: Timestamp = time.parse().expect("a time");
            let after = After { created_at, id: Uuid::from_u128(7) };
            assert_eq!(After::decode(&after.encode()), Some(after), "{time}");
        }
        for bad in ["", "-", "x-7", "-1-00000000000000000000000000000007", "1-7"] {
            assert_eq!(After::decode(bad), None, "{bad:?} was read");
        }
    }
}
