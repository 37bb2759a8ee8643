//! Links to pay invoices with: kept by their hash, each of its tenant, read along an index.

use crate::common::{self, NOW, invoice, tenant};
use jiff::SignedDuration;
use portico_billing::{InvoiceId, OrganisationId, PayLinkId};
use portico_store::pay_link::PayLink;
use portico_testkit::{TestDatabase, both_engines};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn link(organisation_id: OrganisationId, invoice_id: InvoiceId, n: u32) -> PayLink {
    let created_at = NOW + SignedDuration::from_secs(i64::from(n));
    PayLink {
        organisation_id,
        id: PayLinkId::from(common::id(100 + n)),
        invoice_id,
        created_at,
        expires_at: created_at + DAY,
        revoked_at: None,
    }
}

both_engines! {
    async fn links_are_found_by_their_hash_listed_and_switched_off(db: TestDatabase) {
        let (ours, [customer, _]) = tenant(&db.store, 1).await;
        let (theirs, _) = tenant(&db.store, 2).await;
        let bill = invoice(customer, 1, 1_000);
        let (one, two) = (link(ours, bill.id, 1), link(ours, bill.id, 2));
        let mut write = db.store.write(ours).await.expect("a unit of work");
        write.insert_invoices(std::slice::from_ref(&bill)).await.expect("an invoice");
        write.insert_pay_link(&one, b"hash one").await.expect("a link");
        write.insert_pay_link(&two, b"hash two").await.expect("a link");
        write.commit().await.expect("a commit");
        let mut write = db.store.write(ours).await.expect("a unit of work");
        let again = PayLink { id: PayLinkId::from(common::id(9)), ..one.clone() };
        assert!(write.insert_pay_link(&again, b"hash one").await.is_err(), "each hash once");
        drop(write);
        let mut directory = db.store.directory().await.expect("a directory");
        assert_eq!(directory.pay_link(b"hash two").await.expect("an answer"), Some(two.clone()));
        assert_eq!(directory.pay_link(b"hash").await.expect("an answer"), None);
        drop(directory);
        let mut read = db.store.read(ours).await.expect("a reader");
        let listed = read.pay_links_of_invoice(bill.id, 50).await.expect("links");
        assert_eq!(listed, [two.clone(), one.clone()], "newest first");
        assert_eq!(read.pay_links_of_invoice(bill.id, 1).await.expect("links").len(), 1);
        let live = [(NOW, 2), (one.expires_at, 1), (two.expires_at, 0)];
        for (now, count) in live {
            assert_eq!(read.count_live_pay_links(bill.id, now).await.expect("a number"), count);
        }
        drop(read);
        let mut read = db.store.read(theirs).await.expect("a reader");
        assert_eq!(read.pay_link(one.id).await.expect("an answer"), None);
        assert_eq!(read.pay_links_of_invoice(bill.id, 50).await.expect("links"), []);
        drop(read);
        let mut write = db.store.write(theirs).await.expect("a unit of work");
        assert!(!write.revoke_pay_link(one.id, NOW).await.expect("an answer"), "not theirs");
        drop(write);
        let mut write = db.store.write(ours).await.expect("a unit of work");
        assert!(write.revoke_pay_link(one.id, NOW).await.expect("an answer"));
        assert!(!write.revoke_pay_link(one.id, NOW + DAY).await.expect("an answer"), "once");
        let off = write.pay_link_for_update(one.id).await.expect("an answer").expect("a link");
        assert_eq!(off, PayLink { revoked_at: Some(NOW), ..one.clone() });
        assert!(!off.is_live(NOW) && one.is_live(NOW) && !one.is_live(one.expires_at));
        assert_eq!(write.count_live_pay_links(bill.id, NOW).await.expect("a number"), 1);
    }
}

#[tokio::test]
async fn sqlite_finds_links_by_an_index_and_sorts_nothing() {
    let db = TestDatabase::sqlite().await;
    let mut conn = SqliteConnection::connect(&db.address).await.expect("a connection");
    let all = portico_store::statements();
    let own: Vec<_> = all.into_iter().filter(|(name, _)| name.contains("pay_link::")).collect();
    assert_eq!(own.len(), 9);
    for (name, sql) in own {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut conn).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let plan = plan.join("\n");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{name}: {plan}");
        assert!(sql.starts_with("INSERT") || plan.contains("INDEX"), "{name}: {plan}");
    }
}
