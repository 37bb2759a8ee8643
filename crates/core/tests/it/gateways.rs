//! Gateways as the staff sets them up: what is secret stays secret, and nothing is enabled that is
//! not whole.

use crate::common::{World, audit_log, core_with_key, worlds};
use portico_billing::permission::Permissions;
use portico_billing::{GatewayId, OrganisationId};
use portico_core::Caller;
use portico_core::gateways::{AccountError, GatewayInput, ProbeOutcome};
use portico_core::records::parse_object;
use portico_testkit::TestDatabase;
use serde_json::{Value, json};

const CANARY: &str = "sk_test_canaryHunter2";
const WEBHOOK: &str = "whsec_canaryLantern";

fn stripe(more: Value) -> GatewayInput {
    let base = json!({
        "provider": "stripe", "name": "Card", "test": true, "currencies": [{"currency": "EUR"}],
        "settings": {"secret_key": CANARY, "base_url": "http://127.0.0.1:9"},
    });
    parse_object::<GatewayInput>(base).expect("an input").merged(&more).expect("an input")
}

fn faults(error: AccountError) -> Vec<String> {
    match error {
        AccountError::Invalid(faults) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("{other}"),
    }
}

async fn edit(world: &World, id: GatewayId, patch: Value) -> Result<GatewayInput, AccountError> {
    let edited = world.core.edit_gateway(&world.caller, id, |it| it.merged(&patch)).await;
    edited.map(|it| it.input)
}

#[tokio::test]
async fn prv_04_secrets_are_sealed_kept_and_told_to_nobody() {
    for world in worlds().await {
        let (core, caller) = (&world.core, &world.caller);
        let made = core.create_gateway(caller, &stripe(json!({}))).await.expect("made");
        assert_eq!(made.secrets_set, ["secret_key"]);
        assert!(made.stores_methods && made.refunds && made.notices && !made.is_lost);
        assert!(made.notice_url.starts_with("http://localhost:9090/gateways/"));
        // 256 random bits.
        assert_eq!(made.notice_url.rsplit('/').next().map(str::len), Some(43));
        // What is left out, and what is empty, stays.
        let renamed = json!({"name": "Karte", "settings": {"secret_key": ""}});
        edit(&world, made.id, renamed).await.expect("renamed");
        let replaced = json!({"settings": {"webhook_secret": WEBHOOK}});
        edit(&world, made.id, replaced).await.expect("replaced");
        let it = core.gateway(caller, made.id).await.expect("a gateway");
        assert_eq!((it.input.name.as_str(), it.input.position), ("Karte", Some(1)));
        assert_eq!(it.secrets_set, ["secret_key", "webhook_secret"]);
        assert_eq!(it.notice_url, made.notice_url);
        let shown = format!("{it:?} {}", json!(it.input));
        let log = audit_log(&world).await;
        assert!(log.contains("gateway.created") && log.contains("secrets_replaced"), "{log}");
        let mut read = world.db.store.read(world.organisation.id).await.expect("a reader");
        let row = read.gateway(made.id).await.expect("an answer").expect("a row");
        let stored = String::from_utf8_lossy(&row.settings).into_owned();
        assert!(stored.len() > 24);
        for told in [shown, log, stored, format!("{row:?}")] {
            assert!(!told.contains("canary"), "{told}");
        }
        drop(read);
        assert_file_is_clean(&world.db);
        // The address of the provider is not changed under a secret that was meant for another.
        let elsewhere = json!({"settings": {"base_url": "http://127.0.0.1:10"}});
        let refused = edit(&world, made.id, elsewhere).await.expect_err("refused");
        assert_eq!(faults(refused), ["settings.secret_key", "settings.webhook_secret"]);
    }
}

/// No page of the database, and none of its log, has a secret.
fn assert_file_is_clean(db: &TestDatabase) {
    for end in ["", "-wal"] {
        let Ok(bytes) = std::fs::read(format!("{}{end}", db.address)) else { continue };
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "{end}");
    }
}

#[tokio::test]
async fn whk_01_a_gateway_is_enabled_once_it_can_prove_its_notices() {
    for world in worlds().await {
        let enabled = stripe(json!({"enabled": true}));
        let refused =
            world.core.create_gateway(&world.caller, &enabled).await.expect_err("refused");
        assert_eq!(faults(refused), ["settings.webhook_secret"]);
        let made = world.core.create_gateway(&world.caller, &stripe(json!({}))).await;
        let id = made.expect("made").id;
        let refused = edit(&world, id, json!({"enabled": true})).await.expect_err("refused");
        assert_eq!(faults(refused), ["settings.webhook_secret"]);
        let whole = json!({"enabled": true, "settings": {"webhook_secret": WEBHOOK}});
        assert!(edit(&world, id, whole).await.expect("enabled").enabled);
        let none = edit(&world, id, json!({"currencies": []})).await.expect_err("refused");
        assert_eq!(faults(none), ["currencies"]);
        // Live, the key is of the other mode, and the address no https.
        let live = edit(&world, id, json!({"test": false})).await.expect_err("refused");
        assert_eq!(faults(live), ["settings.secret_key", "settings.base_url"]);
        let other = edit(&world, id, json!({"provider": "paypal"})).await.expect_err("refused");
        assert_eq!(faults(other), ["provider"]);
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_field() {
    let world = World::new().await;
    let foreign = GatewayId::from(uuid_of(world.organisation.id));
    for (more, field) in [
        (json!({"provider": "acme"}), "provider"),
        (json!({"name": ""}), "name"),
        (json!({"brand_id": crate::common::foreign_brand()}), "brand_id"),
        (json!({"settings": {"secret_key": "nonsense"}}), "settings.secret_key"),
        (json!({"settings": {"secret_key": null}}), "settings.secret_key"),
        (json!({"settings": {"colour": "red"}}), "settings"),
        (json!({"settings": {"base_url": "ftp://x"}}), "settings.base_url"),
        (
            json!({"currencies": [{"currency": "EUR", "surcharge_minor": -1}]}),
            "currencies.0.surcharge_minor",
        ),
        (json!({"provider": "sandbox", "test": false, "settings": null}), "test"),
    ] {
        let refused = world.core.create_gateway(&world.caller, &stripe(more)).await;
        assert_eq!(faults(refused.expect_err("refused")), [field]);
    }
    let missing = world.core.gateway(&world.caller, foreign).await;
    assert!(matches!(missing, Err(AccountError::NotFound)));
    let nobody = Caller { permissions: Permissions::NONE, ..world.caller };
    let refused = world.core.create_gateway(&nobody, &stripe(json!({}))).await;
    assert!(matches!(refused, Err(AccountError::Forbidden(_))));
}

fn uuid_of(organisation: OrganisationId) -> uuid::Uuid {
    organisation.uuid()
}

#[tokio::test]
async fn a_gateway_goes_unless_something_was_paid_by_it() {
    for world in worlds().await {
        let (core, caller) = (&world.core, &world.caller);
        let made = core.create_gateway(caller, &stripe(json!({}))).await.expect("made");
        core.delete_gateway(caller, made.id).await.expect("deleted");
        let gone = core.delete_gateway(caller, made.id).await;
        assert!(matches!(gone, Err(AccountError::NotFound)));
        let made = core.create_gateway(caller, &stripe(json!({}))).await.expect("made");
        world.customer("c-1").await;
        world
            .db
            .execute(
                "INSERT INTO payment_attempt (organisation_id, id, reference, customer_id, \
                 gateway_id, purpose, state, currency, amount_minor, surcharge_minor, parts, \
                 keeps_method, form_key, form_hash, locale, site, decline_reason, begun_at, \
                 updated_at) SELECT g.organisation_id, g.id, 'R', c.id, g.id, 'pay', 'failed', \
                 'EUR', 100, 0, '[]', false, 'k', g.settings, 'en', 'https://x', 'declined', 0, 0 \
                 FROM gateway g JOIN customer c ON c.organisation_id = g.organisation_id",
            )
            .await;
        let used = core.delete_gateway(caller, made.id).await;
        assert!(matches!(used, Err(AccountError::InUse)), "{used:?}");
        assert!(audit_log(&world).await.contains("gateway.deleted"));
    }
}

#[tokio::test]
async fn a_brand_with_gateways_of_its_own_stays() {
    let world = World::new().await;
    let other = crate::common::brand(&world.core, world.organisation.id, "two.acme.test").await;
    let own = stripe(json!({"brand_id": other.id}));
    let made = world.core.create_gateway(&world.caller, &own).await.expect("made");
    let kept = world.core.remove_brand(&world.caller, other.id).await;
    assert!(matches!(kept, Err(portico_core::brands::BrandError::HasGateways)), "{kept:?}");
    world.core.delete_gateway(&world.caller, made.id).await.expect("deleted");
    world.core.remove_brand(&world.caller, other.id).await.expect("removed");
}

#[tokio::test]
async fn settings_are_tried_within_the_networks_that_are_allowed() {
    let world = World::new().await;
    let probe = async |more: Value| {
        let made = world.core.create_gateway(&world.caller, &stripe(more)).await.expect("made");
        world.core.probe_gateway(&world.caller, made.id).await.expect("an outcome")
    };
    let sandbox = json!({"provider": "sandbox", "settings": null});
    assert_eq!(probe(sandbox).await, ProbeOutcome::Good);
    // Nobody listens there.
    let closed = probe(json!({})).await;
    assert!(matches!(closed, ProbeOutcome::NotReached(_)), "{closed:?}");
    for private in
        ["http://10.0.0.1", "http://169.254.169.254", "http://[::1]:9", "http://[fd00::1]"]
    {
        let refused = probe(json!({"settings": {"base_url": private}})).await;
        let ProbeOutcome::NotReached(why) = refused else { panic!("{private}: {refused:?}") };
        assert!(why.contains("may not be connected to"), "{private}: {why}");
    }
    assert!(audit_log(&world).await.contains("not_reached"));
    let all = world.core.gateways(&world.caller).await.expect("gateways");
    for _ in 0..4 {
        world.core.probe_gateway(&world.caller, all[0].id).await.expect("an outcome");
    }
    let refused = world.core.probe_gateway(&world.caller, all[0].id).await;
    assert!(matches!(refused, Err(AccountError::TooMany { .. })), "{refused:?}");
}

#[tokio::test]
async fn settings_that_were_sealed_with_another_key_are_given_again() {
    let world = World::new().await;
    let made = world.core.create_gateway(&world.caller, &stripe(json!({}))).await.expect("made");
    let other = core_with_key(&world.db, &world.clock, 77);
    let lost = other.gateway(&world.caller, made.id).await.expect("a gateway");
    assert!(lost.is_lost && lost.secrets_set.is_empty());
    let outcome = other.probe_gateway(&world.caller, made.id).await.expect("an outcome");
    assert_eq!(outcome, ProbeOutcome::Lost);
    let again = json!({"settings": {"secret_key": CANARY}});
    let edited = other.edit_gateway(&world.caller, made.id, |it| it.merged(&again)).await;
    assert!(!edited.expect("edited").is_lost);
}
