//! What all records have in common that a customer holds: subscriptions, contracts, entitlements,
//! payment methods. A noun's file brings what differs: its SQL texts, its `Row`, and `save`, which
//! binds its values to `INSERT` or `UPDATE`. From these [`holding!`] makes it a [`Holding`].

use std::str::FromStr;

use jiff::Timestamp;
use portico_billing::{CustomerId, ExternalId};
use uuid::Uuid;

use crate::{Position, Read, StoreError, Write};

/// A record that a customer holds, and that the organisation may call by an identifier of its own.
pub trait Holding: Clone + PartialEq + Send + Sync + 'static {
    /// Its identifier.
    type Id: FromStr + Send;
    /// What lists can be narrowed by: the state, or the kind.
    type Word: Send + Sync;
    /// Name of its table: `payment_method`.
    const TABLE: &'static str;

    /// Its identifier as stored.
    fn uuid(&self) -> Uuid;

    /// Whose it is.
    fn customer_id(&self) -> CustomerId;

    /// Notes that it changed.
    fn touch(&mut self, now: Timestamp);

    /// The record with this identifier, whoever's it is.
    ///
    /// # Errors
    /// Where the database fails.
    fn find(
        read: &mut Read,
        id: Self::Id,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// The record with the organisation's own identifier.
    ///
    /// # Errors
    /// Where the database fails.
    fn find_by_external_id(
        read: &mut Read,
        id: &ExternalId,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// The organisation's records behind `after`, newest first: of one customer or all, and with
    /// one word or any.
    ///
    /// # Errors
    /// Where the database fails.
    fn list(
        read: &mut Read,
        customer: Option<CustomerId>,
        word: Option<Self::Word>,
        after: Position,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;

    /// The record as it is by now; no other unit of work changes it until this one ends.
    ///
    /// # Errors
    /// Where the database fails.
    fn hold(
        &self,
        write: &mut Write,
    ) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// Adds the record.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    fn insert(&self, write: &mut Write) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Writes all fields of a record that is there already, on top of what [`Holding::hold`] gave.
    ///
    /// # Errors
    /// `Duplicate` where its external id is in use, or where the database fails.
    fn update(&self, write: &mut Write) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Makes a noun a [`Holding`]: `holding!(Subscription, SubscriptionId, SubscriptionStatus,
/// "subscription")`. What it uses of the noun's file are `Row`, `save`, and the texts `FIND`,
/// `FIND_BY_EXTERNAL_ID`, `ALL`, `ALL_OF_CUSTOMER`, `INSERT` and `UPDATE`.
macro_rules! holding {
    ($noun:ident, $id:ty, $word:ty, $table:literal) => {
        impl $crate::Holding for $noun {
            type Id = $id;
            type Word = $word;
            const TABLE: &'static str = $table;

            fn uuid(&self) -> uuid::Uuid {
                self.id.uuid()
            }

            fn customer_id(&self) -> CustomerId {
                self.customer_id
            }

            fn touch(&mut self, now: jiff::Timestamp) {
                self.updated_at = now;
            }

            async fn find(read: &mut Read, id: $id) -> Result<Option<Self>, StoreError> {
                let tenant = read.tenant();
                let row = fetch_optional!(read.conn, Row, FIND, tenant, id.uuid())?;
                row.map(Self::try_from).transpose()
            }

            async fn find_by_external_id(
                read: &mut Read,
                id: &ExternalId,
            ) -> Result<Option<Self>, StoreError> {
                let (tenant, id) = (read.tenant(), id.as_str());
                let row = fetch_optional!(read.conn, Row, FIND_BY_EXTERNAL_ID, tenant, id)?;
                row.map(Self::try_from).transpose()
            }

            async fn list(
                read: &mut Read,
                customer: Option<CustomerId>,
                word: Option<$word>,
                after: $crate::Position,
                limit: u16,
            ) -> Result<Vec<Self>, StoreError> {
                let (tenant, micros, id) = (read.tenant(), after.micros(), after.id());
                let (word, limit) = (word.as_ref().map(column::word), i64::from(limit));
                let rows = match customer.map(CustomerId::uuid) {
                    None => fetch_all!(read.conn, Row, ALL, tenant, micros, id, word, limit),
                    Some(it) => {
                        let sql = ALL_OF_CUSTOMER;
                        fetch_all!(read.conn, Row, sql, tenant, micros, id, word, limit, it)
                    }
                }?;
                rows.into_iter().map(Self::try_from).collect()
            }

            async fn hold(&self, write: &mut Write) -> Result<Option<Self>, StoreError> {
                write.hold($crate::hold::Held::$noun, self.id.uuid()).await?;
                Self::find(write, self.id).await
            }

            async fn insert(&self, write: &mut Write) -> Result<(), StoreError> {
                save(write, INSERT, self).await.map(drop)
            }

            async fn update(&self, write: &mut Write) -> Result<(), StoreError> {
                let met = save(write, UPDATE, self).await?;
                StoreError::expect_one(concat!("update of a ", $table), met)
            }
        }
    };
}
pub(crate) use holding;

/// The text of [`Holding::list`], `$word` being the column of its word, `$more` further conditions.
macro_rules! newest_first_sql {
    ($columns:expr, $table:literal, $word:literal $(, $more:literal)?) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE organisation_id = $1 AND (created_at, id) < ($2, $3) AND (",
            $word,
            " = $4 OR $4 IS NULL)",
            $($more,)?
            " ORDER BY created_at DESC, id DESC LIMIT $5"
        )
    };
}
pub(crate) use newest_first_sql;
