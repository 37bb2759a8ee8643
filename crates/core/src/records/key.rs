//! How records are named and where lists go on.

use jiff::Timestamp;
use portico_billing::ExternalId;
use uuid::Uuid;

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
    pub fn id<T: std::str::FromStr>(&self) -> Option<T> {
        self.text.parse().ok()
    }

    /// The external id, where the text can be one.
    #[must_use]
    pub fn external_id(&self) -> Option<ExternalId> {
        self.text.parse().ok()
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
        format!("{:x}-{}", self.created_at.as_microsecond(), self.id.simple())
    }

    /// Reads the text back.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('-')?;
        let created_at = Timestamp::from_microsecond(i64::from_str_radix(micros, 16).ok()?).ok()?;
        Some(Self { created_at, id: Uuid::try_parse(id).ok()? })
    }
}
