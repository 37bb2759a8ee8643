//! Records as the organisation's software sends and reads them: by the Management API, in batches,
//! from files. One file per noun; each implements [`Record`]. What nouns share that customers hold
//! (contracts, entitlements, …) is in `holding`, what all share that name a customer in `refer`.
//!
//! `save` is the one way in: it creates, or updates what the identifier or the organisation's own
//! `external_id` names, and answers `Unchanged` where nothing would differ, so that sending a file
//! twice changes nothing. All that can be wrong is found before the first statement that writes.

pub mod address;
mod amount;
mod batch;
pub mod contact;
pub mod contract;
pub mod credit_note;
pub mod customer;
pub mod entitlement;
mod fault;
mod faults;
mod form;
mod holding;
pub mod invoice;
mod key;
mod lines;
mod parse;
mod parties;
pub mod payment;
pub mod payment_method;
mod refer;
pub mod subscription;
mod typed;
mod unit;

use jiff::Timestamp;
use jiff::civil::Date;
use portico_billing::permission::Permission;
use portico_store::Read;
use portico_store::hold::Held;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

pub use amount::DecimalInput;
pub(crate) use batch::tried;
pub use batch::{BatchItem, BatchOutcome, MAX_BATCH};
pub use fault::{InputFault, Rejection};
pub(crate) use faults::line;
pub use form::{Sent, SentForm};
pub use key::{After, RecordKey};
pub use lines::{AdjustmentInput, LineInput, TaxInput};
pub use parse::{parse_input, parse_json, parse_object, parse_value};
pub use parties::{PartyInput, PaymentInstructionsInput};
pub use unit::Unit;

use crate::Failure;

/// A kind of record that the organisation's software sends and reads. Implementations write
/// `async fn`; the signatures here promise that the futures can move between threads, so that
/// handlers generic over the record can serve requests.
pub trait Record: Sized + Send + Sync + 'static {
    /// Name in URLs, plural: `credit-notes`.
    const PLURAL: &'static str;
    /// Name in texts, singular: `credit note`.
    const SINGULAR: &'static str;
    /// What it takes to change one.
    const EDITED_WITH: Permission;
    /// How one is held while it changes.
    const HELD: Held;
    /// Whether what is answered may be another thing on another day.
    const CHANGES_BY_DAY: bool = false;
    /// What is sent. Unknown fields are refused. Serialises to what would be sent to get the
    /// record as it is, so that a merge patch (RFC 7396) can be applied to it.
    type Input: Clone + DeserializeOwned + Serialize + ToSchema + Send + Sync;
    /// What is answered.
    type Output: Serialize + ToSchema + Send;
    /// What lists can be narrowed by, as query parameters.
    type Filter: DeserializeOwned + utoipa::IntoParams + Default + Send + Sync;

    /// Creates or updates; see the module's text.
    fn save(
        unit: &mut Unit<'_>,
        target: Target,
        input: Self::Input,
    ) -> impl Future<Output = Result<Saved<Self::Output>, Rejection>> + Send;

    /// Looks up at once what saving each of these inputs as a new record would look up one by one.
    fn expect(
        _unit: &mut Unit<'_>,
        _inputs: &[Value],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        std::future::ready(Ok(()))
    }

    /// The record with that identifier or external id.
    fn find(
        read: &mut Read,
        key: &RecordKey,
    ) -> impl Future<Output = Result<Option<Self::Output>, Failure>> + Send;

    /// The input that would make the record as it is.
    fn as_input(
        read: &mut Read,
        key: &RecordKey,
    ) -> impl Future<Output = Result<Option<Self::Input>, Failure>> + Send;

    /// At most `limit` records after `after`, newest first (by `created_at`, then id).
    fn list(
        read: &mut Read,
        filter: &Self::Filter,
        after: Option<After>,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<Self::Output>, Rejection>> + Send;

    /// What was read, as it is on the day `today`.
    fn on(output: Self::Output, _today: Date) -> Self::Output {
        output
    }

    /// Where a list goes on after this record.
    fn position(output: &Self::Output) -> (Timestamp, uuid::Uuid);
}

/// What a saved input is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// What its own `external_id` names, else a new record.
    New,
    /// The record with this key, which must exist.
    Existing(RecordKey),
}

/// What saving did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new record was made.
    Created,
    /// An existing record changed.
    Updated,
    /// The record was so already.
    Unchanged,
}

/// A saved record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved<O> {
    /// The record as it is now.
    pub output: O,
    /// What was done.
    pub outcome: Outcome,
}
