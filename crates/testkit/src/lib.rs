//! For tests alone: databases of their own on both engines, a DNS server, a certificate authority.
//!
//! PostgreSQL is used where `PORTICO_TEST_POSTGRES` holds the URL of a server in which databases
//! may be created; `cargo xtask test` starts one and sets it.

#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod acme;

pub use acme::{AuthoritySettings, TestAuthority, TestDns};
use portico_gateways::{Http, Networks};
use portico_store::{Store, StoreSettings};
use sqlx::{Connection, Executor};

/// How payment providers are reached in tests: also on this machine.
///
/// # Panics
/// Where TLS cannot be set up.
#[must_use]
pub fn http() -> Http {
    let here = "127.0.0.0/8".parse().expect("a network");
    Http::new(Networks::new(&[here])).expect("a client")
}

/// An empty database with the present schema, for one test alone.
pub struct TestDatabase {
    /// The open database.
    pub store: Store,
    /// What it is opened by: for a second connection, or another process.
    pub address: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// On SQLite, in a file of its own, with the settings of production.
    ///
    /// # Panics
    /// Where no temporary folder is to be had.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = folder.path().join("test.sqlite").display().to_string();
        Self { store: open(&address).await, address, _folder: Some(folder) }
    }

    /// On PostgreSQL, in a database of its own; nothing where there is no server for tests.
    ///
    /// # Panics
    /// Where the server refuses.
    pub async fn postgres() -> Option<Self> {
        let server = postgres_server()?;
        let name = format!("portico_test_{}", unique());
        let mut admin = sqlx::PgConnection::connect(&server).await.expect("the test server");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        admin.execute(create).await.expect("a database of its own");
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        let address = format!("{base}/{name}");
        Some(Self { store: open(&address).await, address, _folder: None })
    }
}

impl TestDatabase {
    /// Has the engine parse and plan a statement, without running it.
    ///
    /// # Errors
    /// What the engine says against it.
    pub async fn prepare(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        if self.address.starts_with("postgres") {
            let mut conn = sqlx::PgConnection::connect(&self.address).await?;
            // What the store does before it runs a text with the marker.
            let sql = sql.replace("/*+skip_locked*/", "FOR UPDATE SKIP LOCKED");
            conn.prepare(sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql))).await.map(drop)
        } else {
            let mut conn = sqlx::SqliteConnection::connect(&self.address).await?;
            conn.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await.map(drop)
        }
    }

    /// Runs a statement on a connection of its own: for what the store itself never does.
    ///
    /// # Panics
    /// Where the engine refuses.
    pub async fn execute(&self, sql: &'static str) {
        self.try_execute(sql).await.expect("a statement");
    }

    /// The same of a statement that the engine may refuse.
    ///
    /// # Errors
    /// What the engine says against it.
    pub async fn try_execute(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        if self.address.starts_with("postgres") {
            sqlx::PgConnection::connect(&self.address).await?.execute(sql).await.map(drop)
        } else {
            sqlx::SqliteConnection::connect(&self.address).await?.execute(sql).await.map(drop)
        }
    }
}

async fn open(address: &str) -> Store {
    let settings = StoreSettings { address: address.to_owned(), connections: 8 };
    Store::open(&settings).await.expect("an open database")
}

#[expect(clippy::disallowed_methods, reason = "databases of many test processes share a server")]
fn unique() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

#[expect(clippy::disallowed_methods, reason = "the one switch of the tests")]
fn postgres_server() -> Option<String> {
    std::env::var("PORTICO_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Writes a test once and runs it on both engines:
/// `both_engines! { async fn a_name(db: TestDatabase) { … } }`.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$doc:meta])* async fn $name:ident($db:ident: TestDatabase) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports, reason = "not every test uses what surrounds it")]
            use super::*;

            async fn run($db: $crate::TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                run($crate::TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                match $crate::TestDatabase::postgres().await {
                    Some(database) => run(database).await,
                    None => eprintln!("skipped: PORTICO_TEST_POSTGRES is not set"),
                }
            }
        }
    )*};
}
