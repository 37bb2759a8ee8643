//! Gateways: kept as they were given, in their order, each where it is offered.

use crate::common::{self, NOW, tenant};
use portico_billing::gateway::CurrencyTerms;
use portico_billing::{BrandId, Currency, GatewayId, OrganisationId};
use portico_store::Store;
use portico_store::gateway::GatewayRecord;
use portico_testkit::both_engines;

fn gateway(organisation_id: OrganisationId, number: u32) -> GatewayRecord {
    let usd = CurrencyTerms {
        minimum_minor: 500,
        maximum_minor: Some(100_000),
        surcharge_minor: 35,
        surcharge_percent: "2.9".parse().expect("a number"),
        ..CurrencyTerms::free(Currency::USD)
    };
    GatewayRecord {
        organisation_id,
        id: GatewayId::from(common::id(100 + number)),
        provider: "stripe".to_owned(),
        name: format!("Card {number}"),
        brand_id: None,
        is_enabled: true,
        is_test: number == 2,
        currencies: vec![CurrencyTerms::free(Currency::EUR), usd],
        settings: vec![1, 2, 3],
        deducts_fees: number == 1,
        position: 10 - number,
        notice_key: format!("key-{organisation_id}-{number}"),
        created_at: NOW,
        updated_at: NOW,
    }
}

async fn add(store: &Store, it: &GatewayRecord) {
    let mut write = store.write(it.organisation_id).await.expect("a unit of work");
    write.insert_gateway(it).await.expect("a gateway");
    write.commit().await.expect("a commit");
}

both_engines! {
    async fn they_are_kept_as_they_were_given_and_in_their_order(db: TestDatabase) {
        let (ours, _) = tenant(&db.store, 1).await;
        let (theirs, _) = tenant(&db.store, 2).await;
        let brand = BrandId::from(common::id(1));
        let (first, second) = (gateway(ours, 1), gateway(ours, 2));
        let own = GatewayRecord { brand_id: Some(brand), ..gateway(ours, 3) };
        let off = GatewayRecord { is_enabled: false, ..gateway(ours, 4) };
        for it in [&first, &second, &own, &off, &gateway(theirs, 5)] {
            add(&db.store, it).await;
        }
        let mut read = db.store.read(ours).await.expect("a reader");
        let all = read.gateways().await.expect("gateways");
        assert_eq!(all, [off.clone(), own.clone(), second.clone(), first.clone()]);
        assert_eq!(read.gateway(first.id).await.expect("an answer"), Some(first.clone()));
        let enabled = read.enabled_gateways(brand).await.expect("gateways");
        assert_eq!(enabled, [own, second.clone(), first.clone()]);
        let other = BrandId::from(common::id(9));
        assert_eq!(read.enabled_gateways(other).await.expect("gateways"), [second, first.clone()]);
        assert!(read.has_gateways_of_brand(brand).await.expect("an answer"));
        assert!(!read.has_gateways_of_brand(other).await.expect("an answer"));
        let mut read = db.store.read(theirs).await.expect("a reader");
        assert_eq!(read.gateway(first.id).await.expect("an answer"), None);
        let mut directory = db.store.directory().await.expect("a directory");
        let found = directory.gateway_by_notice_key(&first.notice_key).await.expect("an answer");
        assert_eq!(found, Some(first));
        assert_eq!(directory.gateway_by_notice_key("x").await.expect("an answer"), None);
    }

    async fn they_change_and_go(db: TestDatabase) {
        let (ours, _) = tenant(&db.store, 1).await;
        let it = gateway(ours, 1);
        add(&db.store, &it).await;
        let mut write = db.store.write(ours).await.expect("a unit of work");
        let held = write.gateway_for_update(it.id).await.expect("an answer");
        assert_eq!(held, Some(it.clone()));
        let after = GatewayRecord {
            name: "Karte".to_owned(),
            currencies: Vec::new(),
            settings: vec![9],
            is_enabled: false,
            ..it.clone()
        };
        write.update_gateway(&after).await.expect("changed");
        let unknown = GatewayRecord { id: GatewayId::from(common::id(7)), ..it.clone() };
        assert!(write.update_gateway(&unknown).await.is_err());
        write.commit().await.expect("a commit");
        let mut write = db.store.write(ours).await.expect("a unit of work");
        assert_eq!(write.gateway(it.id).await.expect("an answer"), Some(after));
        assert!(!write.is_gateway_used(it.id).await.expect("an answer"));
        assert!(write.delete_gateway(it.id).await.expect("deleted"));
        assert!(!write.delete_gateway(it.id).await.expect("deleted"));
        write.commit().await.expect("a commit");
    }

    async fn whk_02_notice_keys_are_everybodys_own(db: TestDatabase) {
        let (ours, _) = tenant(&db.store, 1).await;
        add(&db.store, &gateway(ours, 1)).await;
        let mut write = db.store.write(ours).await.expect("a unit of work");
        let same = GatewayRecord { id: GatewayId::from(common::id(8)), ..gateway(ours, 1) };
        assert!(write.insert_gateway(&same).await.is_err());
    }
}
