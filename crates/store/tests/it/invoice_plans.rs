//! A page of invoices is read along an index and never sorted, however many there are.

use crate::common::{self, invoice, tenant};
use portico_testkit::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

fn lists() -> Vec<(&'static str, &'static str)> {
    let all = portico_store::statements();
    let lists: Vec<_> =
        all.into_iter().filter(|(name, _)| name.starts_with("invoice::page::")).collect();
    assert_eq!(lists.len(), 48, "six columns, two directions, first and next, with filters or not");
    lists
}

#[tokio::test]
async fn sqlite_walks_an_index_and_sorts_nothing() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    for (name, sql) in lists() {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = plan.join("\n");
        assert!(plan.contains("USING INDEX invoice_of_customer_by_"), "{name}: {plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{name}: {plan}");
        let after = sql.contains(", id) ");
        assert_eq!(plan.contains(">(") || plan.contains("<("), after, "{name}: {plan}");
    }
}

#[tokio::test]
async fn sqlite_finds_what_is_payable_by_an_index_of_payable_invoices_alone() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    let all = portico_store::statements();
    let sums = all.into_iter().filter(|(name, _)| name.contains("invoice::sums::"));
    for (name, sql) in sums {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = plan.join("\n");
        assert!(!plan.contains("FOR ORDER BY"), "{name}: {plan}");
        assert!(plan.contains("INDEX invoice_payable (organisation_id=?"), "{name}: {plan}");
    }
}

#[tokio::test]
async fn postgres_walks_an_index_and_sorts_nothing() {
    let Some(db) = TestDatabase::postgres().await else { return };
    let (organisation, [customer, other]) = tenant(&db.store, 1).await;
    let mut write = db.store.write(organisation).await.expect("a unit of work");
    for n in 0..3_000 {
        let whose = if n % 10 == 0 { other } else { customer };
        let mut it = invoice(whose, n, i64::from(n));
        it.created_at += jiff::SignedDuration::from_secs(i64::from(n % 977));
        write.insert_invoices(std::slice::from_ref(&it)).await.expect("an invoice");
    }
    write.commit().await.expect("a commit");
    let mut conn = PgConnection::connect(&db.address).await.expect("a connection");
    let run = ["ANALYZE invoice", "SET plan_cache_mode = force_generic_plan"];
    for sql in run {
        sqlx::raw_sql(sql).execute(&mut conn).await.expect("done");
    }
    for (place, (name, sql)) in lists().into_iter().enumerate() {
        if sql.contains("LIKE") {
            continue;
        }
        let after = if sql.contains(", id) ") {
            let key = if sql.contains("(number, id)") { "'INV-00100'" } else { "0" };
            format!(", {key}, '{}'", common::id(7))
        } else {
            String::new()
        };
        let (tenant, customer) = (organisation.uuid(), customer.uuid());
        let prepare = format!("PREPARE list_{place} AS {sql}");
        sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut conn).await.expect("prepared");
        let explain = format!("EXPLAIN EXECUTE list_{place} ('{tenant}', '{customer}', 51{after})");
        let rows =
            sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(plan.contains("Index Scan"), "{name}: {plan}");
        assert!(!plan.contains("Sort") && !plan.contains("Seq Scan"), "{name}: {plan}");
    }
}
