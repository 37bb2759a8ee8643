//! Reading lists that are sorted by a number from a cursor on: the first page is read from beyond
//! the highest or lowest key, so that it needs no SQL text of its own.

use portico_billing::page::{Direction, Page, PageSize};
use uuid::Uuid;

use crate::StoreError;
use crate::paging::{self, Cursor, Key};

/// Added to the key of rows that are shown before all others: no time reaches it.
///
/// The SQL texts hold it as a literal, written by [`ahead_sql`].
pub(crate) const AHEAD: i64 = 4_000_000_000_000_000_000;

/// The key of rows that are sorted by the time when they were made, with those first that meet
/// `$condition`.
macro_rules! ahead_sql {
    ($condition:expr) => {
        concat!("(created_at + CASE WHEN ", $condition, " THEN 4000000000000000000 ELSE 0 END)")
    };
}
pub(crate) use ahead_sql;

/// The text of a page of what a customer holds, for [`page_of_customer!`]: `OF_CUSTOMER_DOWN` with
/// `"<", "DESC"`, `OF_CUSTOMER_UP` with `">", "ASC"`. `$more` are further conditions; values of
/// theirs, and of `$status`, are `$8` and up.
macro_rules! of_customer_sql {
    (
        $beyond:literal, $direction:literal,
        $select:expr, $status:expr, $key:expr $(, $more:literal)?
    ) => {
        concat!(
            $select,
            " WHERE organisation_id = $1 AND customer_id = $2 AND (",
            $status,
            " = $3 OR $3 IS NULL) AND search_text LIKE $4 ESCAPE '\\' AND (",
            $key,
            ", id) ",
            $beyond,
            " ($5, $6)",
            $($more,)?
            " ORDER BY ",
            $key,
            " ",
            $direction,
            ", id ",
            $direction,
            " LIMIT $7"
        )
    };
}
pub(crate) use of_customer_sql;

/// A page of what a customer holds, read by the file's `OF_CUSTOMER_DOWN` and `OF_CUSTOMER_UP`:
/// `page_of_customer!(read, Row, customer, list, key, more values, …)`.
macro_rules! page_of_customer {
    ($read:expr, $row:ty, $customer:expr, $list:expr, $key:expr $(, $value:expr)*) => {{
        let (tenant, list): (_, &$crate::CustomerList) = ($read.tenant(), $list);
        let seek = $crate::seek::Seek::new(
            list.cursor.as_deref(),
            portico_billing::page::Direction::Desc,
            list.size.get(),
        );
        let sql = match seek.reading {
            portico_billing::page::Direction::Desc => OF_CUSTOMER_DOWN,
            portico_billing::page::Direction::Asc => OF_CUSTOMER_UP,
        };
        let rows = fetch_all!(
            $read.conn,
            $row,
            sql,
            tenant,
            $customer.uuid(),
            &list.status,
            $crate::search::pattern(&list.search),
            seek.key,
            seek.id,
            seek.limit(),
            $($value,)*
        )?;
        seek.page(rows, $key)
    }};
}
pub(crate) use page_of_customer;

/// Which of a customer's subscriptions, contracts, entitlements or payment methods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerList {
    /// Words; empty finds all.
    pub search: String,
    /// Word of the state; an unknown one finds nothing.
    pub status: Option<String>,
    /// Where the page begins; one that cannot be read is left out of account.
    pub cursor: Option<String>,
    /// Rows.
    pub size: PageSize,
}

/// Where to read from, and which way.
pub(crate) struct Seek {
    cursor: Option<Cursor>,
    size: u16,
    /// The order to read in.
    pub(crate) reading: Direction,
    /// Rows beyond this key are read …
    pub(crate) key: i64,
    /// … and those of the same key that are beyond this identifier.
    pub(crate) id: Uuid,
}

impl Seek {
    /// A page of `size` rows of a list that is shown in `direction`. A cursor of another kind of
    /// list is left out of account.
    pub(crate) fn new(cursor: Option<&str>, direction: Direction, size: u16) -> Self {
        let cursor = cursor.and_then(Cursor::decode);
        let cursor = cursor.filter(|cursor| matches!(cursor.key, Key::Number(_)));
        let reading = Cursor::reading_order(cursor.as_ref(), direction);
        let (key, id) = match (&cursor, reading) {
            (Some(Cursor { key: Key::Number(key), id, .. }), _) => (*key, *id),
            (_, Direction::Desc) => (i64::MAX, Uuid::max()),
            (_, Direction::Asc) => (i64::MIN, Uuid::nil()),
        };
        Self { cursor, size, reading, key, id }
    }

    /// How many rows to read: one more shows whether there are more.
    pub(crate) fn limit(&self) -> i64 {
        i64::from(self.size) + 1
    }

    /// Makes the page of what was read.
    pub(crate) fn page<R, T>(
        &self,
        rows: Vec<R>,
        key: impl Fn(&T) -> (i64, Uuid),
    ) -> Result<Page<T>, StoreError>
    where
        T: TryFrom<R, Error = StoreError>,
    {
        let rows = rows.into_iter().map(T::try_from).collect::<Result<Vec<T>, _>>()?;
        let key = |row: &T| {
            let (key, id) = key(row);
            (Key::Number(key), id)
        };
        Ok(paging::page(rows, usize::from(self.size), self.cursor.as_ref(), key))
    }
}
