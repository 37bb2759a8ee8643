//! What can go wrong in the database.

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused a value that must be unique. `constraint` is what it names.
    #[error("a value that must be unique exists already ({constraint})")]
    Duplicate {
        /// Name of the index or its columns, as the engine gives it.
        constraint: String,
    },
    /// Another transaction was in the way; the whole unit of work may be tried again.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// A sum would become larger than any that is stored.
    #[error("{what} would become too large")]
    TooLarge {
        /// Which sum.
        what: &'static str,
    },
    /// The organisation's ledger is not what was written: nothing is added to it.
    #[error("the organisation's ledger is broken; `portico ledger check` tells where")]
    LedgerBroken,
    /// A stored value does not have the form it should have.
    #[error("stored value of {column} cannot be read: {reason}")]
    Corrupt {
        /// Column, as `table.column`.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An update met another number of rows than it must.
    #[error("{what}: expected {expected} row(s), met {met}")]
    Affected {
        /// Which statement.
        what: &'static str,
        /// Rows that must be met.
        expected: u64,
        /// Rows that were met.
        met: u64,
    },
    /// The schema could not be brought up to date.
    #[error("the database schema cannot be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The address of the database is not understood.
    #[error("`{0}` is neither a PostgreSQL URL nor a path of an SQLite file")]
    Address(String),
    /// A file beside the database cannot be used.
    #[error("cannot use {path}")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Anything else.
    #[error("database error")]
    Sql(#[source] sqlx::Error),
}

impl StoreError {
    /// An error unless the statement met exactly one row.
    pub(crate) fn expect_one(what: &'static str, met: u64) -> Result<(), Self> {
        if met == 1 { Ok(()) } else { Err(Self::Affected { what, expected: 1, met }) }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else { return Self::Sql(error) };
        if database.is_unique_violation() {
            let constraint = database.constraint().unwrap_or_else(|| database.message());
            return Self::Duplicate { constraint: constraint.to_owned() };
        }
        // SQLite: BUSY and LOCKED; PostgreSQL: serialization_failure, deadlock_detected.
        match database.code().as_deref() {
            Some("5" | "6" | "261" | "517" | "40001" | "40P01") => Self::Busy(error),
            _ => Self::Sql(error),
        }
    }
}
