//! Opening a database and bringing its schema up to date.

use std::future::ready;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use portico_billing::OrganisationId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqlitePool};

use crate::exec::Conn;
use crate::{Directory, Read, StoreError, Write};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// How long a statement waits for a lock or a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `postgres://…`, or the path of an SQLite file (with or without `sqlite:` before it).
    pub address: String,
    /// Connections at most: readers on SQLite, all on PostgreSQL.
    pub connections: u32,
}

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    commits: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
enum Pools {
    /// SQLite has one writer: a pool of a single connection queues them in order.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database and brings its schema up to date under a lock.
    ///
    /// # Errors
    /// Where it cannot be reached, or was written by a newer release.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        let address = settings.address.as_str();
        let pools = if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            open_postgres(address, settings.connections).await?
        } else {
            open_sqlite(address, settings.connections).await?
        };
        let store = Self { pools, commits: Arc::default() };
        store.fill_name_keys().await?;
        Ok(store)
    }

    /// Looks up what has to be found before the tenant is known.
    ///
    /// # Errors
    /// Where no connection is to be had.
    pub async fn directory(&self) -> Result<Directory, StoreError> {
        Ok(Directory { conn: self.reader().await? })
    }

    /// Reads the data of one tenant.
    ///
    /// # Errors
    /// Where no connection is to be had.
    pub async fn read(&self, organisation: OrganisationId) -> Result<Read, StoreError> {
        Ok(Read { conn: self.reader().await?, organisation })
    }

    /// Begins a unit of work on the data of one tenant. Nothing lasts until [`Write::commit`].
    ///
    /// # Errors
    /// Where no connection is to be had.
    pub async fn write(&self, organisation: OrganisationId) -> Result<Write, StoreError> {
        let conn = match &self.pools {
            Pools::Sqlite { writer, .. } => {
                Conn::SqliteTransaction(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres(pool) => Conn::PostgresTransaction(pool.begin().await?),
        };
        Ok(Write::new(Read { conn, organisation }, Arc::clone(&self.commits)))
    }

    /// How often this process has committed: what was read at the same count is still so, as far as
    /// this process goes. Other processes are not counted.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// The engine with its version, for the log and for readiness: `SQLite 3.51.3`.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn engine(&self) -> Result<String, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let version: String =
                    sqlx::query_scalar("SELECT sqlite_version()").fetch_one(readers).await?;
                Ok(format!("SQLite {version}"))
            }
            Pools::Postgres(pool) => {
                let version: String =
                    sqlx::query_scalar("SHOW server_version").fetch_one(pool).await?;
                Ok(format!("PostgreSQL {version}"))
            }
        }
    }

    /// Brings what SQLite has logged into its file and empties the log, which a start after a kill
    /// would read again. Waits for readers and holds up writers meanwhile; PostgreSQL does this by
    /// itself.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn empty_log(&self) -> Result<(), StoreError> {
        if let Pools::Sqlite { writer, .. } = &self.pools {
            sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await?;
        }
        Ok(())
    }

    /// Closes all connections, after what is under way is done.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    async fn reader(&self) -> Result<Conn, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Conn::Sqlite(readers.acquire().await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }
}

async fn open_postgres(address: &str, connections: u32) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(address)?
        .application_name("portico")
        .options([("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "60s")]);
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    MIGRATIONS.run(&pool).await?;
    sqlx::raw_sql(include_str!("../engine/postgres.sql")).execute(&pool).await?;
    Ok(Pools::Postgres(pool))
}

async fn open_sqlite(address: &str, connections: u32) -> Result<Pools, StoreError> {
    let path = address.strip_prefix("sqlite:").unwrap_or(address);
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains("://") {
        return Err(StoreError::Address(address.to_owned()));
    }
    let path = Path::new(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(400)
        // Rows that the engine's thread may be ahead: a whole page, so that it need not wait.
        .row_buffer_size(256)
        .pragma("mmap_size", "0")
        .pragma("temp_store", "memory")
        .optimize_on_close(true, None);
    let lock = MigrationLock::take(path).await?;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        // Where the disk is full, SQLite ends a transaction by itself. The connection still counts
        // it as open, and would begin no other one until the program is started anew (DUR-05).
        .before_acquire(|conn, _| Box::pin(ready(Ok(!conn.is_in_transaction()))))
        // What a batch touches stays there until it commits, else pages are written repeatedly.
        .connect_with(options.clone().pragma("cache_size", "-32000"))
        .await?;
    MIGRATIONS.run(&writer).await?;
    sqlx::raw_sql(include_str!("../engine/sqlite.sql")).execute(&writer).await?;
    drop(lock);
    let readers = SqlitePoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options.pragma("cache_size", "-8000").pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { readers, writer })
}

/// Two processes that start at once on one SQLite file bring its schema up to date one by one.
/// PostgreSQL has an advisory lock for that.
struct MigrationLock(std::fs::File);

impl MigrationLock {
    /// Waits off the async threads: whoever holds the lock may need them to finish.
    async fn take(database: &Path) -> Result<Self, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let locking = path.clone();
        let locked = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::create(locking)?;
            file.lock()?;
            Ok(Self(file))
        });
        let failed = |source| StoreError::File { path, source };
        locked.await.map_err(std::io::Error::other).and_then(|file| file).map_err(failed)
    }
}

impl Drop for MigrationLock {
    fn drop(&mut self) {
        // The lock goes with the file handle in any case.
        let _released = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dur_05_a_full_disk_is_over_when_there_is_room_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = folder.path().join("full.sqlite").display().to_string();
        let settings = StoreSettings { address, connections: 1 };
        let store = Store::open(&settings).await.expect("a store");
        let Pools::Sqlite { writer, .. } = &store.pools else { panic!("SQLite") };
        let limit = sqlx::raw_sql("CREATE TABLE filler (content BLOB); PRAGMA max_page_count = 1");
        limit.execute(writer).await.expect("a limit");
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.expect("begun");
        let fill = sqlx::raw_sql("INSERT INTO filler VALUES (zeroblob(10000000))");
        let full = fill.execute(&mut *transaction).await.expect_err("there is no room");
        let code = full.as_database_error().and_then(|error| error.code());
        assert_eq!(code.as_deref(), Some("13"), "{full}");
        drop(transaction);
        let organisation = OrganisationId::new(jiff::Timestamp::UNIX_EPOCH, [1; 10]);
        let write = store.write(organisation).await.expect("another one begins");
        write.commit().await.expect("and lasts");
    }
}
