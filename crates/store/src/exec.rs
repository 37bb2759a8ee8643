//! The one place that knows that there are two engines.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

/// A connection of either engine, within a transaction or not.
pub(crate) enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTransaction(Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// The same, as what statements run on.
pub(crate) enum Engine<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    pub(crate) fn engine(&mut self) -> Engine<'_> {
        match self {
            Self::Sqlite(conn) => Engine::Sqlite(conn),
            Self::SqliteTransaction(transaction) => Engine::Sqlite(transaction),
            Self::Postgres(conn) => Engine::Postgres(conn),
            Self::PostgresTransaction(transaction) => Engine::Postgres(transaction),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::SqliteTransaction(transaction) => transaction.commit().await,
            Self::PostgresTransaction(transaction) => transaction.commit().await,
            Self::Sqlite(_) | Self::Postgres(_) => Ok(()),
        }
    }
}

/// Names the SQL texts of a file, and lists them for the test that prepares each on both engines.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*
        /// Every SQL text of this file with its name.
        pub(crate) const STATEMENTS: &[(&str, &str)] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $name)),*];
    };
}

/// All rows of a query: `fetch_all!(conn, Row, SQL, arg, …)`.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(conn).await
            }
            $crate::exec::Engine::Postgres(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(conn).await
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// The text for PostgreSQL of a statement that says where to pass over rows that others hold.
/// SQLite has one writer at a time and takes the marker for the comment that it is.
pub(crate) fn skipping_locked(sql: &'static str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql.replace("/*+skip_locked*/", "FOR UPDATE SKIP LOCKED"))
}

/// All rows of a statement with the marker `/*+skip_locked*/`; else as `fetch_all!`.
macro_rules! fetch_all_skipping_locked {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(conn).await
            }
            $crate::exec::Engine::Postgres(conn) => {
                let sql = $crate::exec::skipping_locked($sql);
                sqlx::query_as::<_, $row>(sql)$(.bind($arg))*.fetch_all(conn).await
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// The text of a statement that ends in a list of values: `IN ($2/*+list*/)` stands for
/// `IN ($2, $3, …)` with as many as there are. What is bound besides has the lower numbers.
pub(crate) fn with_list(sql: &'static str, count: usize) -> sqlx::AssertSqlSafe<String> {
    let (before, after) = sql.split_once("/*+list*/").unwrap_or((sql, ""));
    let first: usize =
        before.rsplit_once('$').and_then(|(_, number)| number.parse().ok()).unwrap_or_default();
    let more: String = (first + 1..first + count).map(|number| format!(", ${number}")).collect();
    sqlx::AssertSqlSafe(format!("{before}{more}{after}"))
}

/// All rows of a statement with the marker `/*+list*/`, for a list that is not empty:
/// `fetch_listed!(conn, Row, SQL, [arg, …], list)`.
macro_rules! fetch_listed {
    ($conn:expr, $row:ty, $sql:expr, [$($arg:expr),* $(,)?], $list:expr) => {{
        let list = $list;
        let sql = $crate::exec::with_list($sql, list.len());
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                let mut query = sqlx::query_as::<sqlx::Sqlite, $row>(sql)$(.bind($arg))*;
                for value in list {
                    query = query.bind(value);
                }
                query.persistent(false).fetch_all(conn).await
            }
            $crate::exec::Engine::Postgres(conn) => {
                let mut query = sqlx::query_as::<sqlx::Postgres, $row>(sql)$(.bind($arg))*;
                for value in list {
                    query = query.bind(value);
                }
                query.persistent(false).fetch_all(conn).await
            }
        }
        .map_err($crate::StoreError::from)
    }};
}

/// The row of a query, if there is one: `fetch_optional!(conn, Row, SQL, arg, …)`.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(conn).await
            }
            $crate::exec::Engine::Postgres(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(conn).await
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// Runs a statement; the answer is the number of rows it met: `execute!(conn, SQL, arg, …)`.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => sqlx::query($sql)$(.bind($arg))*
                .execute(conn).await.map(|done| done.rows_affected()),
            $crate::exec::Engine::Postgres(conn) => sqlx::query($sql)$(.bind($arg))*
                .execute(conn).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::StoreError::from)
    };
}

/// Whether the text of a statement that was built is that of one row or a few: it comes again and
/// again, and is worth being kept prepared. Texts of many rows are as different as their numbers.
pub(crate) fn is_short(sql: &sqlx::SqlStr) -> bool {
    sql.as_str().len() <= 512
}

/// Inserts many rows by one statement: `insert_rows!(conn, "INSERT INTO t (a, b) ", rows, |tuple,
/// row| { tuple.push_bind(row.a).push_bind(row.b); })`. `rows` is iterated once; at most 1,000 rows
/// of at most 32 columns fit. What follows the rows (`ON CONFLICT …`) may be told at the end.
macro_rules! insert_rows {
    (
        $conn:expr, $sql:expr, $rows:expr, |$tuple:ident, $row:pat_param| $body:block
        $(, $tail:expr)?
    ) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($sql);
                builder.push_values($rows, |mut $tuple, $row| $body);
                $(builder.push($tail);)?
                let short = $crate::exec::is_short(&builder.sql());
                builder
                    .build()
                    .persistent(short)
                    .execute(conn)
                    .await
                    .map(|done| done.rows_affected())
            }
            $crate::exec::Engine::Postgres(conn) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($sql);
                builder.push_values($rows, |mut $tuple, $row| $body);
                $(builder.push($tail);)?
                let short = $crate::exec::is_short(&builder.sql());
                builder
                    .build()
                    .persistent(short)
                    .execute(conn)
                    .await
                    .map(|done| done.rows_affected())
            }
        }
        .map_err($crate::StoreError::from)
    };
}

/// All rows of a query that is built, because a list of values belongs to it:
/// `fetch_built!(conn, Row, |query| { query.push("SELECT …").push_bind(tenant); })`.
macro_rules! fetch_built {
    ($conn:expr, $row:ty, |$query:ident| $body:block) => {
        match $conn.engine() {
            $crate::exec::Engine::Sqlite(conn) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new("");
                let $query = &mut builder;
                $body
                let short = $crate::exec::is_short(&builder.sql());
                builder.build_query_as::<$row>().persistent(short).fetch_all(conn).await
            }
            $crate::exec::Engine::Postgres(conn) => {
                let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new("");
                let $query = &mut builder;
                $body
                let short = $crate::exec::is_short(&builder.sql());
                builder.build_query_as::<$row>().persistent(short).fetch_all(conn).await
            }
        }
        .map_err($crate::StoreError::from)
    };
}
