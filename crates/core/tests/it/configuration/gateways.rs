//! Gateways in the file: all but their secrets, which stay where they are.

use portico_billing::permission::{Permission, Permissions};
use portico_billing::{Currency, OperatorId};
use portico_core::configuration::{
    Applied, BrandEntry, Configuration, DifferenceKind, GatewayEntry, SecretSource,
};
use portico_core::gateways::{GatewayInput, GatewayView};
use portico_core::records::Rejection;
use portico_core::{Caller, Who};
use portico_core_api::{PayApi, PayOrder};
use portico_testkit::both_engines;
use serde_json::json;
use url::Url;

use super::{DRY, KEEP, REMOVE, Rules, entry, paths};
use crate::common::{World, enter, gateway, origin};

const CANARY: &str = "sk_test_canaryHunter2";

/// A gateway at Stripe of one brand, with a secret, and one at the sandbox.
async fn furnish(world: &World) {
    let input = json!({
        "provider": "stripe", "name": "Card", "test": true, "brand_id": world.brand.id,
        "currencies": [{"currency": "EUR", "minimum_minor": 500, "surcharge_percent": "2.5"}],
        "settings": {"secret_key": CANARY, "base_url": "http://127.0.0.1:9"},
    });
    let input: GatewayInput = serde_json::from_value(input).expect("an input");
    world.core.create_gateway(&world.system(), &input).await.expect("a gateway");
    gateway(world, "Play money", json!({})).await;
}

async fn views(world: &World) -> Vec<GatewayView> {
    world.core.gateways(&world.system()).await.expect("gateways")
}

fn gateways(configuration: &mut Configuration) -> &mut Vec<GatewayEntry> {
    configuration.gateways.as_mut().expect("gateways")
}

fn told(applied: &Applied) -> Vec<(&str, DifferenceKind)> {
    applied.differences.iter().map(|it| (it.path.as_str(), it.kind)).collect()
}

both_engines! {
    async fn prv_04_gateways_are_exported_without_secrets_and_keep_them(db: TestDatabase) {
        let world = World::on(db).await;
        furnish(&world).await;
        let mut wanted = world.export().await;
        assert!(!serde_json::to_string(&wanted).expect("JSON").contains("canary"));
        assert_eq!(world.apply(&wanted, KEEP).await.expect("applied"), Applied::default());
        let card = &mut gateways(&mut wanted)[0];
        assert_eq!((card.name.as_str(), card.brand.as_deref()), ("Card", Some("Acme")));
        assert_eq!(card.settings.get("base_url"), Some("http://127.0.0.1:9"));
        card.currencies[0].minimum_minor = 1_000;
        card.brand = None;
        let shown = world.apply(&wanted, DRY).await.expect("a dry run");
        let expected = [
            ("gateways.Card.currencies", DifferenceKind::Changed),
            ("gateways.Card.brand", DifferenceKind::Removed),
        ];
        assert_eq!(told(&shown), expected);
        let done = world.apply(&wanted, KEEP).await.expect("applied");
        assert_eq!((done.differences, done.applied), (shown.differences, true));
        assert_eq!(world.apply(&wanted, KEEP).await.expect("again"), Applied::default());
        let card = &views(&world).await[0];
        assert_eq!((&card.secrets_set[..], card.input.brand_id), (&["secret_key"][..], None));
        let log = format!("{:?}", world.log().await);
        assert!(log.contains("gateway.updated") && !log.contains("canary"), "{log}");
    }

    async fn they_are_brought_elsewhere_with_secrets_of_their_own(db: TestDatabase) {
        let world = World::new().await;
        furnish(&world).await;
        let mut wanted = world.export().await;
        let fresh = World::on(db).await;
        let missing = fresh.apply(&wanted, KEEP).await;
        assert_eq!(paths(missing), ["gateways.0.settings.secret_key"]);
        let source = SecretSource::Env("STRIPE".to_owned());
        gateways(&mut wanted)[0].settings_from.insert("secret_key".to_owned(), source);
        let unread = fresh.apply(&wanted, KEEP).await;
        assert_eq!(paths(unread), ["gateways.0.settings_from"], "by the command line alone");
        wanted.resolve_secrets(|_| Ok::<_, ()>(CANARY.to_owned())).expect("secrets");
        let done = fresh.apply(&wanted, KEEP).await.expect("applied");
        let key = ("gateways.Card.settings.secret_key", DifferenceKind::Changed);
        assert!(told(&done).contains(&key));
        assert!(!format!("{:?}", done.differences).contains("canary"));
        assert_eq!(fresh.export().await.gateways, world.export().await.gateways);
        assert_eq!(fresh.apply(&wanted, KEEP).await.expect("again"), Applied::default());
    }

    async fn one_that_is_not_named_goes_only_where_that_is_asked_for_and_never_with_payments(
        db: TestDatabase
    ) {
        let world = World::on(db).await;
        furnish(&world).await;
        let mut wanted = world.export().await;
        gateways(&mut wanted).remove(0);
        let refused = world.apply(&wanted, KEEP).await;
        let Err(Rejection::Conflict { field, .. }) = &refused else { panic!("{refused:?}") };
        assert_eq!(field, "remove");
        let removed = world.apply(&wanted, REMOVE).await.expect("applied");
        assert_eq!(removed.removals, ["gateway Card"]);
        assert_eq!(told(&removed), [("gateways.Card", DifferenceKind::Removed)]);

        // Somebody has begun to pay by the other one.
        let secret = enter(&world, "c-1").await;
        let at = views(&world).await[0].id;
        let order = PayOrder {
            form_key: "k".to_owned(),
            invoices: Vec::new(),
            currency: Currency::EUR,
            amount_minor: Some(1_000),
            whole: false,
            credit: false,
            gateway: Some(at),
            method: None,
            keep: false,
            site: Url::parse("https://pay.test").expect("an address"),
        };
        world.core.pay(&secret, order, origin()).await.expect("an attempt");
        gateways(&mut wanted).clear();
        let used = world.apply(&wanted, REMOVE).await;
        let Err(Rejection::Conflict { field, .. }) = &used else { panic!("{used:?}") };
        assert_eq!((field.as_str(), views(&world).await.len()), ("gateways", 1));
    }
}

#[tokio::test]
async fn several_of_one_name_are_told_apart_by_brand_and_mode() {
    let world = World::new().await;
    let mut wanted = world.export().await;
    let second = BrandEntry { default_language: "en".to_owned(), ..entry("Second") };
    wanted.brands.as_mut().expect("brands").push(second);
    let one = |brand: Option<&str>| -> GatewayEntry {
        let value = json!({"provider": "sandbox", "name": "Play", "brand": brand, "test": true});
        serde_json::from_value(value).expect("an entry")
    };
    wanted.gateways = Some(vec![one(Some("Second")), one(Some("Acme")), one(None)]);
    world.apply(&wanted, KEEP).await.expect("applied");
    let ids: Vec<_> = views(&world).await.into_iter().map(|it| it.id).collect();
    gateways(&mut wanted).reverse();
    assert_eq!(world.apply(&wanted, KEEP).await.expect("again"), Applied::default());
    assert_eq!(views(&world).await.into_iter().map(|it| it.id).collect::<Vec<_>>(), ids);
    gateways(&mut wanted)[0].test = false;
    gateways(&mut wanted)[1].brand = Some("Nobody".to_owned());
    assert_eq!(paths(world.apply(&wanted, KEEP).await), ["gateways.0.name", "gateways.1.name"]);
    wanted.gateways = Some(vec![one(Some("Nobody"))]);
    let fresh = World::new().await;
    wanted.brands = None;
    assert_eq!(paths(fresh.apply(&wanted, KEEP).await), ["gateways.0.brand"]);
}

#[tokio::test]
async fn a_change_takes_the_permission_and_a_trial_tells_nothing_of_a_secret() {
    let world = World::new().await;
    furnish(&world).await;
    let mut wanted = world.export().await;
    let others: Vec<Permission> =
        Permission::ALL.into_iter().filter(|it| *it != Permission::EditGateways).collect();
    let caller = Caller { permissions: Permissions::from(others), ..world.system() };
    let same = world.core.apply_configuration(&caller, &wanted, KEEP, &Rules).await;
    assert_eq!(same.expect("nothing differs"), Applied::default());
    gateways(&mut wanted)[1].deducts_fees = true;
    let refused = world.core.apply_configuration(&caller, &wanted, DRY, &Rules).await;
    assert!(matches!(refused, Err(Rejection::Forbidden(_))), "{refused:?}");

    let operator = OperatorId::new(jiff::Timestamp::UNIX_EPOCH, [7; 10]);
    let caller = Caller { who: Who::Operator(operator), ..world.system() };
    let mut wanted = world.export().await;
    for guess in ["sk_test_wrong", CANARY] {
        gateways(&mut wanted)[0].settings.set("secret_key".to_owned(), guess);
        let shown = world.core.apply_configuration(&caller, &wanted, DRY, &Rules).await;
        let shown = shown.expect("a dry run");
        assert_eq!(told(&shown), [("gateways.Card.settings.secret_key", DifferenceKind::Changed)]);
    }
    assert_eq!(world.apply(&wanted, DRY).await.expect("a dry run").differences, []);
}
