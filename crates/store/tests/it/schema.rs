//! Every statement is valid on both engines, and the schema can be brought up to date twice.

use portico_testkit::both_engines;

both_engines! {
    async fn every_statement_prepares(db: TestDatabase) {
        for (name, sql) in portico_store::statements() {
            let prepared = db.prepare(sql).await;
            assert!(prepared.is_ok(), "{name}: {:?}\n{sql}", prepared.err());
        }
    }

    async fn a_second_start_changes_nothing(db: TestDatabase) {
        let settings = portico_store::StoreSettings { address: db.address.clone(), connections: 2 };
        let (one, two) = tokio::join!(
            portico_store::Store::open(&settings),
            portico_store::Store::open(&settings),
        );
        assert!(one.is_ok() && two.is_ok());
    }
}
