//! No statement walks all that a tenant has of something for the few rows that it wants. SQLite
//! keeps no statistics here: it takes each index that begins with the tenant for one of a few rows,
//! and readily chooses the one that gives the order.

use std::collections::{HashMap, HashSet};

use portico_testkit::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

/// Tables of which a tenant, or the program, has a few rows.
const FEW: [&str; 14] = [
    "acme_challenge",
    "api_key",
    "asset",
    "brand",
    "brand_host",
    "brand_looks",
    "certificate",
    "gateway",
    "ledger_break",
    "operator",
    "operator_link",
    "operator_session",
    "organisation",
    "voucher_guard",
];

/// Statements that may, and why.
const MAY: [(&str, &str); 12] = [
    ("acme::CHALLENGES", "there are a few"),
    ("captured_mail::FIND", "of the demonstration"),
    ("captured_mail::NEWEST", "in the order of an index, to a limit"),
    ("contact_link::DELETE_OLD", "once an hour, and nobody waits"),
    ("gateway::DELETE", "where a gateway is removed"),
    ("gateway::IS_USED", "where a gateway is removed"),
    ("home::NEWEST_PAYMENTS", "in the order of an index, to a limit"),
    ("idempotency::DELETE_OLD", "once an hour, and nobody waits"),
    ("ledger::TRIAL_BALANCE", "all accounts are what is asked for"),
    ("ledger::backlog::NEXT", "what waits, while an old release's documents are posted"),
    ("outbox::DELETE_OLD", "once an hour, and nobody waits"),
    ("sign_up::DELETE_OLD", "once an hour, and nobody waits"),
];

/// The table of each index, and whether the index holds all of its rows.
async fn indexes(conn: &mut SqliteConnection) -> HashMap<String, (String, bool)> {
    let sql = "SELECT name, tbl_name, coalesce(sql, '') LIKE '%WHERE %' AS is_partial \
               FROM sqlite_master WHERE type = 'index'";
    let rows = sqlx::query(sql).fetch_all(conn).await.expect("indexes");
    let index = |row: &sqlx::sqlite::SqliteRow| -> (String, (String, bool)) {
        let is_partial: i64 = row.get("is_partial");
        (row.get("name"), (row.get("tbl_name"), is_partial == 0))
    };
    rows.iter().map(index).collect()
}

/// The name of a statement as it stands in the lists above.
fn bare(name: &str) -> &str {
    name.trim_start_matches("portico_store::")
}

#[tokio::test]
async fn sqlite_walks_no_tenant_for_a_few_rows() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    let indexes = indexes(&mut conn).await;
    let is_large = |line: &str| {
        let Some((_, index)) = line.split_once(" INDEX ") else { return true };
        let (table, is_whole) = &indexes[index.split(' ').next().unwrap_or_default()];
        *is_whole && !FEW.contains(&table.as_str())
    };
    let all = portico_store::statements();
    for (may, why) in MAY {
        assert!(all.iter().any(|(it, _)| bare(it) == may), "{may}, {why}, is no more");
    }
    for (full, sql) in all {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        // What a statement found by itself may be read whole.
        let kinds = ["CO-ROUTINE ", "MATERIALIZE "];
        let made: HashSet<&str> = plan
            .iter()
            .filter_map(|line| kinds.iter().find_map(|kind| line.strip_prefix(kind)))
            .collect();
        let walks = plan.iter().any(|line| match line.strip_prefix("SCAN ") {
            Some(what) => what != "CONSTANT ROW" && !made.contains(what) && is_large(line),
            None => line.ends_with("(organisation_id=?)") && is_large(line),
        });
        let may = MAY.iter().any(|(may, _)| bare(full) == *may);
        assert!(!walks || may, "{full}: {}", plan.join("\n"));
    }
}
